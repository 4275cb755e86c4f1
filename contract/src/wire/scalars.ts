import { type Micros, microsFrom, microsPerUnit } from '../values/exact.ts'
import {
  type BusinessDate,
  instant,
  type LocalInstant,
  parseLocalInstant,
} from '../values/instants.ts'
import { type Cents, centsFrom } from '../values/money.ts'
import type { ScalarName } from './fields.ts'

// Bounds that keep every sum the counter makes inside what a double holds exactly: 500 lines of
// the largest amount are 5 * 10^12 cents.
export const amountMaxCents = 10_000_000_000
export const quantityMaxMicros = 1_000_000 * microsPerUnit
export const identifierMaxLength = 255
export const textMaxLength = 4_096

/** A value that could be read, or null. No scalar decodes to null. */
export type ScalarReader = (value: unknown, zone: string | undefined) => unknown

/** One reader per kind, and the sentence a refusal gives when it fails. */
export const scalars: Record<
  Exclude<ScalarName, 'choice'>,
  { read: ScalarReader; problem: string }
> = {
  amount: { read: amountFrom, problem: 'it must be a decimal amount' },
  amount_above_zero: {
    read: amountAboveZeroFrom,
    problem: 'it must be a decimal amount of 0 or more',
  },
  quantity: { read: quantityFrom, problem: 'it must be a decimal number' },
  integer: { read: integerFrom, problem: 'it must be a whole number from 0 to 2^53 - 1' },
  identifier: {
    read: identifierFrom,
    problem: `it must be text of at most ${identifierMaxLength} characters, or a number below 2^53`,
  },
  text: { read: textFrom, problem: `it must be text of at most ${textMaxLength} characters` },
  flag: { read: flagFrom, problem: 'it must be true or false' },
  instant: { read: instantFrom, problem: 'it must be an ISO-8601 date-time with an offset' },
  date: { read: dateFrom, problem: 'it must be a day written YYYY-MM-DD' },
  serial: { read: serialFrom, problem: 'it must be n.0 for an item or n.k for a modifier' },
  entries: { read: entriesFrom, problem: 'it must be a list' },
}

/** Whether a member counts as not sent: absent, null, or nothing but spaces. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'string' && value.trim() === ''
}

function amountFrom(value: unknown): Cents | null {
  const amount = centsFrom(value)
  return amount !== null && Math.abs(amount) <= amountMaxCents ? amount : null
}

function amountAboveZeroFrom(value: unknown): Cents | null {
  const amount = amountFrom(value)
  return amount !== null && amount >= 0 ? amount : null
}

function quantityFrom(value: unknown): Micros | null {
  const quantity = microsFrom(value)
  return quantity !== null && Math.abs(quantity) <= quantityMaxMicros ? quantity : null
}

function integerFrom(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value + 0 : null
  if (typeof value !== 'string' || !/^\s*\d{1,16}(?:\.0+)?\s*$/.test(value)) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}

function identifierFrom(value: unknown): string | null {
  if (typeof value === 'number') return digitsFrom(value)
  return typeof value === 'string' ? storable(value.trim(), identifierMaxLength) : null
}

function textFrom(value: unknown): string | null {
  if (typeof value === 'number') return digitsFrom(value)
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? storable(value.trim(), textMaxLength) : null
}

// A longer number, such as a 20-digit Punchh key, has lost digits before it gets here: it must be
// sent as text.
function digitsFrom(value: number): string | null {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value + 0) : null
}

// A database takes neither NUL nor half a surrogate pair in text.
function storable(text: string, lengthMax: number): string | null {
  return text.length <= lengthMax && !text.includes('\0') && text.isWellFormed() ? text : null
}

const flagWords: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'y', 'yes', 'on', 't'].map((word) => [word, true] as const),
  ...['false', '0', 'n', 'no', 'off', 'f'].map((word) => [word, false] as const),
])

function flagFrom(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === null || value === '') return false
  if (typeof value !== 'string' && typeof value !== 'number') return null
  return flagWords.get(String(value).trim().toLowerCase()) ?? null
}

// A till with a dead clock battery must not date entries where nobody will look for them.
const earliest = instant(Date.UTC(2000, 0, 1))
const latest = instant(Date.UTC(2100, 0, 1))

function instantFrom(value: unknown, zone: string | undefined): LocalInstant | null {
  if (typeof value !== 'string' || value.length > 64) return null
  const moment = parseLocalInstant(value, zone)
  return moment !== null && moment.at >= earliest && moment.at < latest ? moment : null
}

function dateFrom(value: unknown): BusinessDate | null {
  if (typeof value !== 'string') return null
  const match = /^\s*((?:19|20)\d{2})-(\d{2})-(\d{2})\s*$/.exec(value)
  if (match === null) return null
  const [, year, month, day] = match
  const written = `${year}-${month}-${day}`
  const moment = new Date(`${written}T00:00:00Z`)
  const exists = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(written)
  return exists ? (written as BusinessDate) : null
}

function entriesFrom(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null
}

/**
 * `1`, `"1"` and `"1.0"` are the base `1.0`. Text keeps `1.10` apart from `1.1`, a number cannot.
 * Null when it is neither `n` nor `n.k`.
 */
function serialFrom(value: unknown): string | null {
  const written = typeof value === 'number' ? String(value) : value
  if (typeof written !== 'string') return null
  const match = /^\s*(\d{1,6})(?:\.(\d{1,6}))?\s*$/.exec(written)
  if (match === null) return null
  const [, base, modifier = '0'] = match
  return `${Number(base)}.${/^0+$/.test(modifier) ? '0' : modifier}`
}
