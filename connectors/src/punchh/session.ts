import { type Judged, ReadingFailed, type Verdict } from '../outcome.ts'
import { parsedJson } from '../parsed-json.ts'
import type { Address, Session } from '../session.ts'
import type { Call } from '../source.ts'
import { errorText, failedLoginsMinutes, headersFor, refusedKeyHours } from './client.ts'
import { type Names, openNames } from './names.ts'
import { fingerprint, type Place } from './places.ts'
import { openRefusedKeys } from './refused-keys.ts'

export type PunchhSession = Session & {
  names: Names
  /** Speaks as a place outside the run's own readings. */
  of(place: Place): Session
}

/**
 * Speaks to Punchh as each store, and to a Regulars server with its admin key. A key that was
 * refused, in this sync or an earlier one, is not shown again for hours unless the configuration
 * has another; and nothing more is sent before so many refusals block the address.
 *
 * `secrets` are taken out of what replies say, before anybody is told.
 */
export function openPunchhSession(
  baseUrl: string,
  {
    placeOf,
    secrets,
  }: { placeOf(location: string): Place | undefined; secrets: readonly string[] },
): PunchhSession {
  const refusedKeys = openRefusedKeys()
  const names = openNames()
  // Keys that one server refuses another may take.
  const keyIn = (headers: Address['headers']) => fingerprint(`${baseUrl} ${headers.authorization}`)

  async function addressAs(place: Place, { path, query }: Call): Promise<Address> {
    const headers = headersFor(path, place)
    const refusedAt = refusedKeys.refusedAt(keyIn(headers))
    if (refusedAt !== null)
      throw new ReadingFailed('location-gone', refusedBefore(place, refusedAt))
    const waitMs = refusedKeys.waitMs()
    if (waitMs > 0) throw new ReadingFailed('stop', tooManyRefused(waitMs))
    const url = new URL(baseUrl + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return { url, headers }
  }

  function verdict(reply: Judged, _nowMs: number, { headers }: Address): Verdict {
    const judged = punchhVerdict(reply)
    if (judged.do !== 'location-gone') return judged
    refusedKeys.refused(keyIn(headers))
    return refusedKeys.waitMs() > 0 ? { do: 'stop' } : judged
  }

  const session: Session = {
    async address(call, location) {
      const place = placeOf(location ?? '')
      if (place === undefined) throw new Error(`there is no place ${location}`)
      return await addressAs(place, call)
    },
    renew() {},
    verdict,
    reason({ status, text }) {
      const said = withoutSecrets(errorText(text), secrets)
      return isRefusal(status) ? `${said}; mend the key`.replace(/^; /, '') : said
    },
    told: () => null,
    saved: () => JSON.stringify({ ...refusedKeys.saved(), ...names.saved() }),
    restore(saved) {
      const parsed = parsedJson(saved)
      refusedKeys.restore(parsed)
      names.restore(parsed)
    },
  }
  return {
    ...session,
    names,
    of: (place) => ({ ...session, address: (call) => addressAs(place, call) }),
  }
}

function refusedBefore({ member, adminKey }: Place, at: number): string {
  const key = adminKey === null ? 'location_key or business_key' : 'admin_key'
  const again = new Date(at + refusedKeyHours * 3_600_000)
  return (
    `${member}: Punchh refused this key at ${textOf(new Date(at))}; mend the key (${key}). ` +
    `The same key is not shown again before ${textOf(again)}`
  )
}

function tooManyRefused(waitMs: number): string {
  return (
    `Punchh refused too many keys in the last ${failedLoginsMinutes} minutes, and a few more would ` +
    `block this address for an hour; mend them, and start again in ${Math.ceil(waitMs / 60_000)} minutes`
  )
}

/** To the minute, in UTC. */
function textOf(at: Date): string {
  return `${at.toISOString().slice(0, 16)}Z`
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '****'), text)
}

/** What is done about each status, by what Punchh publishes and by what a Regulars server says. */
function punchhVerdict({ status }: Judged): Verdict {
  if (status === 200) return { do: 'use' }
  if (isRefusal(status)) return { do: 'location-gone' }
  if (status === 410) return { do: 'restart' }
  if (status === 408 || status === 429 || status >= 500) return { do: 'again', waitMs: null }
  return { do: 'set-aside' }
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403
}
