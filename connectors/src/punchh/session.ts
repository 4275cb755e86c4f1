import type { Judged, Verdict } from '../outcome.ts'
import type { Session } from '../session.ts'
import { errorText, failedLogins, headersFor } from './client.ts'
import type { Place } from './places.ts'

/**
 * Speaks to Punchh as each store, and to a Regulars server with its admin key. A place whose key is
 * refused is never asked again, and the run ends before so many refusals block the address.
 */
export function openPunchhSession(
  baseUrl: string,
  placeOf: (location: string) => Place | undefined,
): Session {
  let refused = 0
  return {
    address({ path, query }, location) {
      const place = placeOf(location ?? '')
      if (place === undefined) throw new Error(`there is no place ${location}`)
      const url = new URL(baseUrl + path)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return Promise.resolve({ url, headers: headersFor(path, place) })
    },
    renew() {},
    verdict(reply) {
      const verdict = punchhVerdict(reply)
      if (verdict.do !== 'location-gone') return verdict
      refused += 1
      return refused >= failedLogins.max ? { do: 'stop' } : verdict
    },
    reason: ({ text }) => errorText(text),
    told: () => null,
  }
}

/** What is done about each status, by what Punchh publishes and by what a Regulars server says. */
export function punchhVerdict({ status }: Judged): Verdict {
  if (status === 200) return { do: 'use' }
  if (status === 401 || status === 403) return { do: 'location-gone' }
  if (status === 410) return { do: 'restart' }
  if (status === 408 || status === 429 || status >= 500) return { do: 'again', waitMs: null }
  return { do: 'set-aside' }
}
