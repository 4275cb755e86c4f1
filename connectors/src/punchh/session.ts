import { type Judged, ReadingFailed, type Verdict } from '../outcome.ts'
import type { Session } from '../session.ts'
import { errorText, failedLoginsMax, headersFor } from './client.ts'
import type { Place } from './places.ts'

export type PunchhSession = Session & {
  /** Its keys were refused outside the run's own readings; they are not shown again. */
  refuse(place: Place): void
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
  return {
    refuse({ locationKey }) {
      if (locationKey !== null) refused.add(locationKey)
    },
    address({ path, query }, location) {
      const place = placeOf(location ?? '')
      if (place === undefined) throw new Error(`there is no place ${location}`)
      if (place.locationKey !== null && refused.has(place.locationKey)) {
        return Promise.reject(new ReadingFailed('location-gone', refusedBefore(place)))
      }
      const url = new URL(baseUrl + path)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return Promise.resolve({ url, headers: headersFor(path, place) })
    },
    renew() {},
    verdict(reply) {
      const verdict = punchhVerdict(reply)
      if (verdict.do !== 'location-gone') return verdict
      failedLogins += 1
      return failedLogins >= failedLoginsMax ? { do: 'stop' } : verdict
    },
    reason: ({ text }) => withoutSecrets(errorText(text), secrets),
    told: () => null,
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
