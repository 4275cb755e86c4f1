import { type Judged, ReadingFailed, type Verdict } from '../outcome.ts'
import type { Session } from '../session.ts'
import type { Call } from '../source.ts'
import { errorText, failedLoginsMax, headersFor } from './client.ts'
import type { Place } from './places.ts'

export type PunchhSession = Session & {
  /** Speaks as a place outside the run's own readings; its key, once refused, is not shown again. */
  of(place: Place): Session
}

/**
 * Speaks to Punchh as each store, and to a Regulars server with its admin key. A place whose key is
 * refused is never asked again, and the run ends before so many refusals block the address.
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
  const refused = new Set<string>()
  let failedLogins = 0

  async function addressAs(place: Place, { path, query }: Call) {
    if (place.locationKey !== null && refused.has(place.locationKey)) {
      throw new ReadingFailed('location-gone', refusedBefore(place))
    }
    const url = new URL(baseUrl + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return { url, headers: headersFor(path, place) }
  }

  function verdict(reply: Judged): Verdict {
    const judged = punchhVerdict(reply)
    if (judged.do !== 'location-gone') return judged
    failedLogins += 1
    return failedLogins >= failedLoginsMax ? { do: 'stop' } : judged
  }

  const session: Session = {
    async address(call, location) {
      const place = placeOf(location ?? '')
      if (place === undefined) throw new Error(`there is no place ${location}`)
      return await addressAs(place, call)
    },
    renew() {},
    verdict,
    reason: ({ text }) => withoutSecrets(errorText(text), secrets),
    told: () => null,
  }
  return {
    ...session,
    of: (place) => ({
      ...session,
      address: (call) => addressAs(place, call),
      verdict(reply) {
        const judged = verdict(reply)
        if (judged.do === 'location-gone' && place.locationKey !== null) {
          refused.add(place.locationKey)
        }
        return judged
      },
    }),
  }
}

function refusedBefore({ member }: Place): string {
  return `the key of ${member} was refused earlier in this run`
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '****'), text)
}

/** What is done about each status, by what Punchh publishes and by what a Regulars server says. */
function punchhVerdict({ status }: Judged): Verdict {
  if (status === 200) return { do: 'use' }
  if (status === 401 || status === 403) return { do: 'location-gone' }
  if (status === 410) return { do: 'restart' }
  if (status === 408 || status === 429 || status >= 500) return { do: 'again', waitMs: null }
  return { do: 'set-aside' }
}
