import { type Judged, ReadingFailed, type Verdict } from '../outcome.ts'
import { parsedJson } from '../parsed-json.ts'
import type { Address, Session } from '../session.ts'
import type { Call } from '../source.ts'
import { errorText, failedLoginsMinutes, headersFor, paths, refusedKeyHours } from './client.ts'
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

  const letIn = new Set<string>()
  // Whose program was asked for with a key.
  const programs = new Map<string, Place>()

  async function addressAs(place: Place, { path, query }: Call): Promise<Address> {
    const caller = path === paths.program ? programCaller(place) : place
    const headers = headersFor(path, caller)
    if (path === paths.program) programs.set(keyIn(headers), place)
    const refusedAt = refusedKeys.refusedAt(keyIn(headers))
    if (refusedAt !== null) {
      throw new ReadingFailed(refusalOf(headers), refusedBefore(caller, refusedAt))
    }
    const waitMs = refusedKeys.waitMs()
    if (waitMs > 0) throw new ReadingFailed('stop', tooManyRefused(waitMs))
    const url = new URL(baseUrl + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return { url, headers }
  }

  /**
   * The first store that was let in, or else the first that was not refused: its own call may still
   * be under way, and its key is then shown twice.
   */
  function programCaller(place: Place): Place {
    const callers = programCallers(place)
    const known = callers.find((one) => letIn.has(keyIn(headersFor(paths.program, one))))
    const caller = known ?? callers[0]
    if (caller !== undefined) return caller
    const said = `the program of ${place.label} was not read: Punchh refused the key of each of its stores`
    throw new ReadingFailed('blocked', said)
  }

  function programCallers(place: Place): Place[] {
    const callers = place.programStores.map((store) => ({ ...place, ...store }))
    return callers.filter((one) => {
      return refusedKeys.refusedAt(keyIn(headersFor(paths.program, one))) === null
    })
  }

  function verdict(reply: Judged, _nowMs: number, { url, headers }: Address): Verdict {
    const key = keyIn(headers)
    if (!isRefusal(reply.status)) {
      const judged = punchhVerdict(reply)
      if (judged.do === 'use') letIn.add(key)
      return judged
    }
    refusedKeys.refused(key)
    if (refusedKeys.waitMs() > 0) return { do: 'stop' }
    const place = url.pathname.endsWith(paths.program) ? programs.get(key) : undefined
    const mayAnother = place !== undefined && programCallers(place).length > 0
    return mayAnother ? { do: 'again', waitMs: 0 } : { do: refusalOf(headers) }
  }

  const session: Session = {
    async address(call, location) {
      const place = placeOf(location ?? '')
      if (place === undefined) throw new Error(`there is no place ${location}`)
      return await addressAs(place, call)
    },
    renew() {},
    verdict,
    reason(reply, { url }) {
      const said = withoutSecrets(errorText(reply.text), secrets)
      const remedy = remedyFor(reply, url)
      return remedy === null ? said : `${said} (${remedy})`.trim()
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

/**
 * An admin key is that of a whole server's exports. The key of a store is asked with for the program
 * too, for which another store's may do.
 */
function refusalOf({ authorization = '' }: Address['headers']): 'location-gone' | 'blocked' {
  return authorization.startsWith('Bearer ') ? 'location-gone' : 'blocked'
}

function refusedBefore({ adminKey }: Place, at: number): string {
  const key = adminKey === null ? 'location_key or business_key' : 'admin_key'
  const again = new Date(at + refusedKeyHours * 3_600_000)
  return (
    `Punchh refused this key at ${textOf(new Date(at))}; mend the key (${key}). ` +
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

/** What is done about every status but a refusal, by what Punchh publishes and by what a Regulars server says. */
function punchhVerdict({ status, headers }: Judged): Verdict {
  if (status === 200) return isPage(headers) ? { do: 'set-aside' } : { do: 'use' }
  if (status === 410) return { do: 'restart' }
  if (status === 408 || status === 429 || status >= 500) return { do: 'again', waitMs: null }
  return { do: 'set-aside' }
}

/** What helps against a reply, where that is known. */
function remedyFor({ status, headers }: Judged, { pathname }: URL): string | null {
  if (isRefusal(status)) return 'mend the key'
  const isExport = pathname.includes(paths.exports)
  if (status === 404 && isExport) return 'admin_key is for a Regulars server only'
  if (status === 200 && isPage(headers)) return 'a page for people; check base_url'
  return status === 404 || (status >= 300 && status < 400) ? 'check base_url' : null
}

function isPage(headers: Judged['headers']): boolean {
  return headers['content-type']?.includes('html') ?? false
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403
}
