import { createHash } from 'node:crypto'
import type { ColumnType, Row, Value } from '../table.ts'

/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** A member of a payload that no column takes: nobody declared it, or it is not of its type. */
export type Notice = { table: string; member: string }

/** Each once, by its name. */
export type Notices = Map<string, Notice>

/**
 * Reads the members of `source` that `columns` names, each as its column's type. A member that is
 * absent or null is null. What nobody declared and what cannot be read as its type are kept whole
 * in `_extra`, and noted.
 */
export function readRow(
  table: string,
  columns: Readonly<Record<string, ColumnType>>,
  { source, notices }: { source: Members; notices: Notices },
): Row {
  const row: Record<string, Value> = {}
  const extra: [string, unknown][] = []
  for (const [name, value] of Object.entries(source)) {
    const type = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (type === undefined) {
      extra.push([name, value])
      notices.set(`${table}.${name}`, { table, member: name })
      continue
    }
    const read = value === null || value === undefined ? null : readers[type](value)
    row[name] = read ?? null
    if (read !== undefined) continue
    extra.push([name, value])
    notices.set(`${table}.${name}`, { table, member: name })
  }
  if (extra.length === 0) return row
  return { ...row, _extra: jsonText(Object.fromEntries(extra)) }
}

/** Undefined for a value that cannot be read as the type, null for text that says nothing. */
type Reader = (value: unknown) => Value | undefined

const readers: Record<ColumnType, Reader> = {
  text: readText,
  boolean: readFlag,
  integer: readInteger,
  money: (value) => readDecimal(value, 4),
  number: (value) => readDecimal(value, 12),
  double: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  timestamp: readInstant,
  date: readDate,
  json: jsonText,
}

// Lists are joined by commas, as the example connector has them: an empty list is empty text, a
// missing one is null.
function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return storable(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return undefined
  const parts = value.map((part) => (Array.isArray(part) ? undefined : readText(part)))
  return parts.includes(undefined) ? undefined : parts.join(',')
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'y', 'yes', 'on', 't'].map((word) => [word, true] as const),
  ...['false', '0', 'n', 'no', 'off', 'f'].map((word) => [word, false] as const),
])

// The samples of Punchh send flags as "1" and "0", others as booleans.
function readFlag(value: unknown): boolean | null | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const word = String(value).trim().toLowerCase()
  return word === '' ? null : flags.get(word)
}

function readInteger(value: unknown): number | null | undefined {
  if (typeof value === 'string' && value.trim() === '') return null
  if (typeof value === 'string' && !/^\s*[+-]?\d{1,16}(?:\.0+)?\s*$/.test(value)) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const number = Number(value)
  // Adding zero turns -0 into 0.
  return Number.isSafeInteger(number) ? number + 0 : undefined
}

const decimalText = /^([+-]?)(\d{1,16})(?:\.(\d{1,400}))?$/

/** Decimal text rounded half up, away from zero; a number's shortest text is what was sent. */
function readDecimal(value: unknown, decimals: number): string | null | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const text = typeof value === 'number' ? plainText(value) : value.trim()
  if (text === '') return null
  const [, sign = '', whole = '', fraction = ''] = decimalText.exec(text) ?? []
  // What DECIMAL(18,4) takes before the point is the narrower of the two.
  if (whole === '' || whole.replace(/^0+/, '').length > 14) return undefined
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  const rounded = Number(fraction[decimals] ?? '0') >= 5 ? kept + 1n : kept
  const digits = rounded.toString().padStart(decimals + 1, '0')
  const places = digits.slice(-decimals).replace(/0+$/, '')
  const size = digits.slice(0, -decimals) + (places === '' ? '' : `.${places}`)
  return sign === '-' && rounded !== 0n ? `-${size}` : size
}

// Below a millionth and from 10^21 on a number's own text has an exponent.
function plainText(value: number): string {
  const text = String(value)
  return text.includes('e') && Math.abs(value) < 1 ? value.toFixed(30) : text
}

function readInstant(value: unknown): string | null | undefined {
  if (typeof value !== 'string') return undefined
  if (value.trim() === '') return null
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/.test(value)) {
    return undefined
  }
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

function readDate(value: unknown): string | null | undefined {
  if (typeof value !== 'string') return undefined
  if (value.trim() === '') return null
  const at = new Date(`${value}T00:00:00Z`)
  const exists = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${value}T`)
  return exists ? value : undefined
}

// No database takes NUL or half a surrogate pair in text.
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

/** JSON with the members in order, so that a payload is the same text however it was written. */
export function jsonText(value: unknown): string {
  return JSON.stringify(inOrder(value)) ?? 'null'
}

function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isMembers(value)) return value
  const members = Object.entries(value).map(([name, part]) => [storable(name), inOrder(part)])
  return Object.fromEntries(
    members.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  )
}

/** True for a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What content comes to, for two payloads to be compared by. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(jsonText(value)).digest('hex').slice(0, 32)
}
