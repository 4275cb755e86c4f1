import { Temporal } from 'temporal-polyfill'
import { assert } from './assert.ts'

/** A moment in UTC, as whole milliseconds since 1970. */
export type Instant = number & { readonly unit: 'instant' }

/** A store's own calendar day, `2026-11-20`. Never a timestamp. */
export type BusinessDate = string & { readonly unit: 'business-date' }

/** A moment with the offset it was written in, so that its local hour and day can be read. */
export type LocalInstant = { at: Instant; offsetMinutes: number }

export const secondMs = 1_000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export function instant(value: number): Instant {
  assert(Number.isSafeInteger(value), 'an instant is whole milliseconds', { value })
  return value as Instant
}

export function plusMs(at: Instant, ms: number): Instant {
  return instant(at + ms)
}

const isoWithOffset =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d{2}:?[0-5]\d)?$/

/**
 * Reads ISO-8601 with an offset. Text without an offset is read in `zone` when one is given.
 * Null when it is not a date-time, or has no offset and no zone was given.
 */
export function parseLocalInstant(text: string, zone?: string): LocalInstant | null {
  const match = isoWithOffset.exec(text.trim())
  if (match === null) return null
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00'] = match
  const [fraction = '', offset] = match.slice(7)
  const wall = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second)
  const back = new Date(wall)
  const sameDay = back.getUTCDate() === +day && back.getUTCMonth() === +month - 1
  if (!sameDay || +hour > 23 || +minute > 59 || +second > 59) return null
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  if (offset === undefined) {
    if (zone === undefined) return null
    const at = atWallTime(
      `${year}-${month}-${day}` as BusinessDate,
      `${hour}:${minute}:${second}`,
      zone,
    )
    return { at: plusMs(at, ms), offsetMinutes: offsetMinutesAt(at, zone) }
  }
  const offsetMinutes = offsetFromText(offset)
  if (Math.abs(offsetMinutes) > 18 * 60) return null
  return { at: instant(wall + ms - offsetMinutes * minuteMs), offsetMinutes }
}

function offsetFromText(text: string): number {
  if (text === 'Z' || text === 'z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return text.startsWith('-') ? -minutes : minutes
}

/** UTC without fractional seconds, as the wire writes moments: `2026-11-20T18:00:00Z`. */
export function toWireInstant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** The calendar day that `at` falls on in the store's zone (an IANA name). */
export function businessDateAt(at: Instant, zone: string): BusinessDate {
  let calendar = calendars.get(zone)
  if (calendar === undefined) {
    calendar = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    calendars.set(zone, calendar)
  }
  const {
    year = '',
    month,
    day,
  } = Object.fromEntries(calendar.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${year.padStart(4, '0')}-${month}-${day}` as BusinessDate
}

// One per zone, because making one takes longer than a thousand uses of it.
const calendars = new Map<string, Intl.DateTimeFormat>()

/**
 * The moment a wall clock in `zone` shows `time` (`HH:MM:SS`) on `date`. A time that the spring
 * change skips is read with the offset before it; one that happens twice is the earlier of the two.
 */
export function atWallTime(date: BusinessDate, time: string, zone: string): Instant {
  const wall = `${date}T${time}`
  const key = `${wall} ${zone}`
  const known = wallTimes.get(key)
  if (known !== undefined) return known
  const zoned = Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, {
    disambiguation: 'compatible',
  })
  if (wallTimes.size === wallTimesMax) wallTimes.clear()
  const at = instant(zoned.epochMilliseconds)
  wallTimes.set(key, at)
  return at
}

// Days end at the same few moments for every guest, and asking the polyfill takes 50 µs or more.
const wallTimes = new Map<string, Instant>()
const wallTimesMax = 4096

/** The last second of `date` in `zone`. */
export function endOfDay(date: BusinessDate, zone: string): Instant {
  return atWallTime(date, '23:59:59', zone)
}

export function plusDays(date: BusinessDate, days: number): BusinessDate {
  return Temporal.PlainDate.from(date).add({ days }).toString() as BusinessDate
}

export function offsetMinutesAt(at: Instant, zone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return zoned.offsetNanoseconds / 60_000_000_000
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
