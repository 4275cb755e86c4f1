import { type TUnsafe, Type } from 'typebox'
import type { RefusalCode } from '../refusals.ts'
import type { Micros } from '../values/exact.ts'
import type { BusinessDate, LocalInstant } from '../values/instants.ts'
import type { Cents } from '../values/money.ts'

/**
 * How a member of a request is read. It stands in the schema beside the published type, so that one
 * description serves the reader, the static types and the OpenAPI document.
 */
export type Reading = {
  as: ScalarName | LinesName
  /** The name a refusal gives when it is not the member's own. */
  reportedAs?: string
  /** Other names under which the member is accepted; the member's own name wins. */
  aliases?: readonly string[]
  /** The refusal of a value that cannot be read; `invalid_parameter` without it. */
  unreadable?: RefusalCode
  /** The refusal of a member that is not there; `missing_parameter` without it. */
  missing?: RefusalCode
}

export type ScalarName =
  | 'amount'
  | 'amount_above_zero'
  | 'quantity'
  | 'integer'
  | 'identifier'
  | 'text'
  | 'flag'
  | 'instant'
  | 'date'
  | 'serial'
  | 'entries'
  | 'choice'

/** The two published dialects of a receipt line; both decode to one `Line`. */
export type LinesName = 'line_items' | 'menu_items'

/** Where a schema keeps its `Reading`: an OpenAPI extension, so the schema stays plain JSON Schema. */
export const readingKey = 'x-reading'

export type FieldOptions = Omit<Reading, 'as'> & { description?: string }

/** Money in decimal currency, sent as a number or as its text; any sign. */
export function amount(options: FieldOptions = {}): TUnsafe<Cents> {
  return field('amount', { type: 'number' }, noted(options, numericText))
}

/** A total of a receipt: never negative. */
export function receiptAmount(options: FieldOptions = {}): TUnsafe<Cents> {
  const published = { type: 'number', minimum: 0 }
  const refused = { unreadable: 'invalid_receipt_amount', ...options } as const
  return field('amount_above_zero', published, noted(refused, numericText))
}

/** A quantity or a rate, up to six decimals. */
export function quantity(options: FieldOptions = {}): TUnsafe<Micros> {
  return field('quantity', { type: 'number' }, noted(options, numericText))
}

/** A whole number from 0 to 2^53 - 1, such as a guest's id. */
export function integer(options: FieldOptions = {}): TUnsafe<number> {
  const published = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
  return field('integer', published, noted(options, 'Its text is accepted.'))
}

/**
 * A name of something, sent as a number or as text; compared as text, leading zeros kept.
 * `type` is the one that is published.
 */
export function identifier({
  type = 'string',
  ...options
}: FieldOptions & { type?: 'string' | 'integer' } = {}): TUnsafe<string> {
  const note = type === 'string' ? 'A number is accepted.' : 'Text is accepted.'
  return field('identifier', { type }, noted(options, note))
}

/** Text for people, at most 4,096 characters; a number or flag is taken as its text. */
export function text(options: FieldOptions = {}): TUnsafe<string> {
  return field('text', { type: 'string' }, options)
}

/** Yes or no in any of the published spellings. */
export function flag(options: FieldOptions = {}): TUnsafe<boolean> {
  const note = 'Also true/false, 1/0, Y/N and ON/OFF as text.'
  return field('flag', { type: 'boolean' }, noted(options, note))
}

/** ISO-8601 with an offset; without one it is the store's wall clock where the store is known. */
export function instantWithOffset(options: FieldOptions = {}): TUnsafe<LocalInstant> {
  const published = { type: 'string', format: 'date-time' }
  return field('instant', published, noted(options, 'ISO-8601 with an offset.'))
}

/** A calendar day, `YYYY-MM-DD`. */
export function date(options: FieldOptions = {}): TUnsafe<BusinessDate> {
  return field('date', { type: 'string', format: 'date' }, options)
}

/** The place of a line on its check, `n.0` or `n.k`; a number or text. */
export function serial(options: FieldOptions = {}): TUnsafe<string> {
  const note = 'n.0 for a base item, n.1, n.2 … for its modifiers. A number is accepted.'
  return field('serial', { type: 'string' }, noted(options, note))
}

/** A list whose entries are read one by one later, because each has an outcome of its own. */
export function entries(
  published: object,
  options: FieldOptions = {},
): TUnsafe<readonly unknown[]> {
  return field('entries', { type: 'array', minItems: 1, items: published }, options)
}

/** One of a closed list of words, in any case. */
export function choice<const Word extends string>(
  words: readonly Word[],
  options: FieldOptions = {},
): TUnsafe<Word> {
  return field('choice', { type: 'string', enum: [...words] }, options)
}

/** Joins the published shape of a member with how it is read. */
export function field<Value>(
  as: Reading['as'],
  published: Record<string, unknown>,
  { description, ...reading }: FieldOptions,
): TUnsafe<Value> {
  return Type.Unsafe<Value>({
    ...published,
    ...(description === undefined ? {} : { description }),
    [readingKey]: { as, ...reading } satisfies Reading,
  })
}

const numericText = 'Numeric text is accepted.'

/** Adds to a description what is accepted besides the published type. */
function noted(options: FieldOptions, note: string): FieldOptions {
  const { description } = options
  return { ...options, description: description === undefined ? note : `${description} ${note}` }
}
