/** The part of JSON Schema that the program file uses, with four words of ours. */
export type MemberSchema = {
  type?: string
  description?: string
  default?: unknown
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly MemberSchema[]
  properties?: Readonly<Record<string, MemberSchema>>
  required?: readonly string[] | undefined
  items?: MemberSchema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  /** Ours: at most so many decimals. */
  decimals?: number
  /** Ours: the value is the key of an entry in this list. */
  refersTo?: string
  /** Ours: what a pattern asks for, in words. */
  looksLike?: string
  /** Ours: never repeated in a message. */
  secret?: boolean
}

/** What a schema allows, in words: "a whole number from 0 to 100". */
export function allowedBy(schema: MemberSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(allowedBy).join(' or ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return oneOf(schema.enum)
  switch (schema.type) {
    case 'null':
      return 'null'
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number${range(schema)}`
    case 'number':
      return `a number${range(schema)}${decimals(schema)}`
    case 'array':
      return `a list${itemRange(schema)}${itemsAllowed(schema)}`
    case 'object':
      return 'an object'
    default:
      return textAllowed(schema)
  }
}

/** Formats of text: what they look like, in words. */
const formatWords: Readonly<Record<string, string>> = {
  moment: 'a moment such as 2026-06-14T12:30:00-07:00',
  date: 'a date such as 2026-06-14',
  'month-day': 'a day of the year such as 12-31',
  'time-of-day': 'a time such as 23:59:59',
  'time-zone': 'an IANA time zone such as America/Los_Angeles',
}

function textAllowed(schema: MemberSchema): string {
  if (schema.refersTo !== undefined) return `the id of an entry in ${schema.refersTo}`
  if (schema.looksLike !== undefined) return schema.looksLike
  if (schema.format !== undefined) return formatWords[schema.format] ?? 'text'
  if (schema.pattern !== undefined) return `text that matches ${schema.pattern}`
  if (schema.minLength === 1)
    return `text of 1 to ${schema.maxLength ?? 'any number of'} characters`
  if (schema.minLength !== undefined) {
    return `text of ${schema.minLength} to ${schema.maxLength ?? 'any number of'} characters`
  }
  return schema.maxLength === undefined ? 'text' : `text of at most ${schema.maxLength} characters`
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value))
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`
}

function range({ minimum, exclusiveMinimum, maximum }: MemberSchema): string {
  const from =
    exclusiveMinimum === undefined
      ? minimum === undefined
        ? ''
        : ` from ${minimum}`
      : ` above ${exclusiveMinimum}`
  return maximum === undefined ? from : `${from} to ${maximum}`
}

function decimals({ decimals: most }: MemberSchema): string {
  return most === undefined ? '' : ` with at most ${most} decimals`
}

function itemsAllowed({ items }: MemberSchema): string {
  return items === undefined || items.type === 'object' ? '' : `, each ${allowedBy(items)}`
}

function itemRange({ minItems, maxItems }: MemberSchema): string {
  if (minItems !== undefined && maxItems !== undefined) return ` of ${minItems} to ${maxItems}`
  if (minItems !== undefined) return ` of at least ${minItems}`
  return maxItems === undefined ? '' : ` of at most ${maxItems}`
}
