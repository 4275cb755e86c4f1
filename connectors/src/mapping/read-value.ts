import type { ColumnType, Value } from '../table.ts'
import { exactDecimal, moneyScale, numberScale, readDecimal, type Scale } from './read-decimal.ts'
import { readDay, readInstant } from './read-instant.ts'

/** A value as its column holds it. `isExact` is false where decimals had to be rounded off. */
type Read = { readonly value: Value; readonly isExact: boolean }

/**
 * The value as the column's type asks for it. Numbers as text and text as numbers are read; a text
 * of nothing but spaces is null where the column is not text. Undefined: it cannot be read as that
 * type, or its digits cannot be relied on. A `Read` is given only where something was rounded off.
 */
export type Reader = (value: unknown) => Value | undefined | Read

/** One reader per column type, as the table in table.ts says. */
export const readers: Readonly<Record<ColumnType, Reader>> = {
  text: readText,
  boolean: readBoolean,
  integer: readInteger,
  money: (value) => decimal(value, moneyScale),
  number: (value) => decimal(value, numberScale),
  double: readDouble,
  timestamp: (value) => (typeof value === 'string' ? nothingOr(value, readTimestamp) : undefined),
  date: (value) =>
    typeof value === 'string' || typeof value === 'number' ? nothingOr(value, readDay) : undefined,
  json: readJson,
}

/** Text no destination refuses: U+0000 and halves of surrogate pairs become U+FFFD. */
function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed
}

function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'number' && !isDoubtful(value) ? String(value) : undefined
}

/** Whole numbers from here on were rounded when the JSON was read, if they had a digit too many. */
function isDoubtful(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

function readBoolean(value: unknown): boolean | null | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return nothingOr(value, (given) => booleans.get(String(given).toLowerCase()))
}

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

function readInteger(value: unknown): number | null | undefined {
  // -0 would be another text than 0.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined
  if (typeof value !== 'string') return undefined
  return nothingOr(value, (text) => {
    const number = integerPattern.test(text) ? Number(text) : Number.NaN
    return Number.isSafeInteger(number) ? number + 0 : undefined
  })
}

const integerPattern = /^[+-]?\d{1,16}(?:\.0*)?$/

function readDouble(value: unknown): number | null | undefined | Read {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  return nothingOr(value, (text) => {
    const number = doublePattern.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(number)) return undefined
    return text.replace(/\D/g, '').length <= doubleDigits
      ? number
      : { value: number, isExact: false }
  })
}

/** Of decimal text with more digits a double may hold only a neighbour. */
const doubleDigits = 15

const doublePattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function readTimestamp(text: string): string | null | undefined | Read {
  const instant = readInstant(text)
  if (typeof instant !== 'string' || !finerThanMs.test(text)) return instant
  return { value: instant, isExact: false }
}

const finerThanMs = /\.\d{3}\d*[1-9]/

function decimal(value: unknown, scale: Scale): Value | undefined | Read {
  if (typeof value === 'number' && isDoubtful(value)) return undefined
  const exact = typeof value === 'number' ? exactDecimal(value, scale) : null
  if (exact !== null) return exact
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  return nothingOr(String(value), (text) => {
    const read = readDecimal(text, scale)
    if (read === null) return undefined
    return read.isExact ? read.text : { value: read.text, isExact: false }
  })
}

function nothingOr<Given extends string | number, Result>(
  value: Given,
  read: (given: Given) => Result,
): Result | null {
  const given = typeof value === 'string' ? (value.trim() as Given) : value
  return given === '' ? null : read(given)
}

function readJson(value: unknown): string {
  return jsonOf(value)
}

/**
 * JSON text that Postgres takes as jsonb too, which refuses the escapes of U+0000 and of halves of
 * surrogate pairs (seen with Postgres 18).
 */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value)
  return escapes.test(text) ? JSON.stringify(cleaned(value)) : text
}

/** Also matches an escaped backslash before `u0000`, which cleaning leaves as it is. */
const escapes = /\\u(?:0000|d[89a-f])/

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  // Without a prototype, so that a member named __proto__ is a member like any other.
  const members: Record<string, unknown> = Object.create(null)
  for (const [name, member] of Object.entries(value)) members[cleanText(name)] = cleaned(member)
  return members
}
