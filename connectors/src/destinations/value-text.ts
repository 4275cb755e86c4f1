import type { ColumnType, Value } from '../table.ts'
import { isInstant } from './instant.ts'
import type { Column } from './stored-table.ts'

/**
 * A value as the text that both databases read back as exactly that value, or null.
 *
 * Throws for a value that is not of its column's type, rather than let a database round or guess.
 * The message holds no value, which may be a person's.
 */
export function valueText(table: string, column: Column, value: Value | undefined): string | null {
  if (value === null || value === undefined) return null
  const text = textOf[column.type](value)
  if (text !== null) return text
  throw new Error(`${table}.${column.name} is ${column.type} and was given another ${typeof value}`)
}

/** Types whose text may hold any character; that of the others needs no quoting anywhere. */
export const freeText: ReadonlySet<ColumnType> = new Set(['text', 'json'])

const money = /^-?\d{1,14}(?:\.\d{1,4})?$/
const number = /^-?\d{1,16}(?:\.\d{1,12})?$/
const date = /^\d{4}-\d\d-\d\d$/

const textOf: Record<ColumnType, (value: Exclude<Value, null>) => string | null> = {
  text: (value) => (typeof value === 'string' ? storableText(value) : null),
  json: (value) => (typeof value === 'string' ? storableJson(value) : null),
  boolean: (value) => (typeof value === 'boolean' ? String(value) : null),
  integer: (value) => (Number.isSafeInteger(value) ? String(value) : null),
  double: (value) => (Number.isFinite(value) ? String(value) : null),
  money: (value) => (typeof value === 'string' && money.test(value) ? value : null),
  number: (value) => (typeof value === 'string' && number.test(value) ? value : null),
  date: (value) => (typeof value === 'string' && date.test(value) ? value : null),
  timestamp: (value) => (typeof value === 'string' && isInstant(value) ? value : null),
}

const replacement = '\ufffd'

/** Postgres keeps no U+0000 and nothing encodes half a surrogate pair: U+FFFD stands for both. */
function storableText(text: string): string {
  const whole = text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', replacement) : whole
}

// Every escape of a JSON text, pairs of surrogates as one, so that `\\u0000` is not taken for one.
const escapes = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^u])/g
const unstorableEscape = /^\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2})$/

/** The same for what a JSON text says by escapes. */
function storableJson(json: string): string {
  const text = storableText(json)
  if (!text.includes('\\u')) return text
  return text.replace(escapes, (one) => (unstorableEscape.test(one) ? replacement : one))
}
