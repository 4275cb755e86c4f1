import {
  atWallTime,
  type BusinessDate,
  businessDateAt,
  type Instant,
  plusDays,
} from '@regulars/contract/values/instants'

/** The first moment at or after `from` when clocks in `zone` show `time`, `HH:MM:SS`. */
export function nextDaily(from: Instant, { time, zone }: { time: string; zone: string }): Instant {
  const today = businessDateAt(from, zone)
  const at = atWallTime(today, time, zone)
  return at >= from ? at : atWallTime(plusDays(today, 1), time, zone)
}

/**
 * The first moment at or after `from` when clocks in `zone` show `time` on that day of a year.
 * `monthDay` is `MM-DD`; 29 February is the 28th in a year without one.
 */
export function nextYearly(
  from: Instant,
  { monthDay, time, zone }: { monthDay: string; time: string; zone: string },
): Instant {
  const year = Number(businessDateAt(from, zone).slice(0, 4))
  const at = atWallTime(dateIn(year, monthDay), time, zone)
  return at >= from ? at : atWallTime(dateIn(year + 1, monthDay), time, zone)
}

function dateIn(year: number, monthDay: string): BusinessDate {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const day = monthDay === '02-29' && !isLeap ? '02-28' : monthDay
  return `${year}-${day}` as BusinessDate
}
