import {
  atWallTime,
  type BusinessDate,
  businessDateAt,
  type Instant,
  plusDays,
} from '@regulars/contract/values/instants'
import type { Location } from '../source.ts'

/**
 * The business date that is open at `at`: it lasts from the closeout hour of its own day to that of
 * the next, on the location's wall clock, and so is 23 or 25 hours long twice a year.
 */
export function businessDateOf(at: Instant, { timeZone, closeoutHour }: Location): BusinessDate {
  const day = businessDateAt(at, timeZone)
  return at < closeoutOf(day, { timeZone, closeoutHour }) ? plusDays(day, -1) : day
}

/** When a business date begins. */
export function startOfBusinessDate(date: BusinessDate, location: Location): Instant {
  return closeoutOf(date, location)
}

function closeoutOf(
  day: BusinessDate,
  { timeZone, closeoutHour }: Pick<Location, 'timeZone' | 'closeoutHour'>,
): Instant {
  return atWallTime(day, `${String(closeoutHour).padStart(2, '0')}:00:00`, timeZone)
}

/** yyyymmdd, as queries and columns have it. */
export function asNumber(date: BusinessDate): number {
  return Number(date.replaceAll('-', ''))
}
