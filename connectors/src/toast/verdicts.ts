import type { Judged, Verdict } from '../outcome.ts'

/**
 * What a client does about each status, as Toast publishes it.
 *
 * 400 is a fault of the request, 403 a location or scope that is not ours to read now, 409 on a
 * paged reading a publish in the middle of it.
 */
export function toastVerdict({ status, headers, text }: Judged, now: number): Verdict {
  if (status === 200) return { do: 'use' }
  if (status === 204) return { do: 'use' }
  if (status >= 400 && status < 500 && deletedRestaurant.test(text)) return { do: 'location-gone' }
  if (status === 401) return { do: 'log-in' }
  if (status === 409) return { do: 'restart' }
  if (status === 400) return { do: 'narrow' }
  if (status === 404) return { do: 'absent' }
  if (status === 403) return { do: 'blocked' }
  if (status === 429) return { do: 'again', waitMs: toldToWait(headers, now) }
  if (status === 408 || status === 499 || status >= 500) {
    return {
      do: 'again',
      waitMs: headers['retry-after'] === undefined ? null : toldToWait(headers, now),
    }
  }
  return { do: 'set-aside' }
}

const deletedRestaurant = /Restaurant\(.*\) has been deleted/

/** A wait of nothing means the next slice, and the shortest slice is a second. */
const shortestSliceMs = 1_000

function toldToWait(headers: Judged['headers'], now: number): number {
  const seconds = Number(headers['retry-after'])
  if (seconds > 0) return seconds * 1_000
  const resetsAtMs = Number(headers['x-toast-ratelimit-reset']) * 1_000
  return resetsAtMs > now ? resetsAtMs - now : shortestSliceMs
}
