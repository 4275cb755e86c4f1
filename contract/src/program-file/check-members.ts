import { scaledFrom } from '../values/exact.ts'
import { isZone, parseLocalInstant } from '../values/instants.ts'
import { allowedBy, type MemberSchema } from './allowed.ts'
import { nearestTo, nearestValue, type Problem, shown } from './problem.ts'

/**
 * Every member that the schema does not allow, each at its own path.
 *
 * A validator of our own because of what its problems say: which member, what was found, what is
 * allowed, the nearest spelling, and no keys. That it agrees with the schema library is tested.
 */
export function memberProblems(
  value: unknown,
  schema: MemberSchema,
  path: string,
): readonly Problem[] {
  if (schema.anyOf !== undefined) return anyOfProblems(value, schema.anyOf, path)
  if (schema.type === 'object') return objectProblems(value, schema, path)
  if (schema.type === 'array') return arrayProblems(value, schema, path)
  return scalarIsAllowed(value, schema) ? [] : [notAllowed(value, schema, path)]
}

/** Problems of the alternative that fits the value's kind best; of all of them when none does. */
function anyOfProblems(
  value: unknown,
  alternatives: readonly MemberSchema[],
  path: string,
): readonly Problem[] {
  const results = alternatives.map((schema) => memberProblems(value, schema, path))
  if (results.some((problems) => problems.length === 0)) return []
  const inside = alternatives.findIndex(
    ({ type }) =>
      (type === 'object' && isObject(value)) || (type === 'array' && Array.isArray(value)),
  )
  return results[inside] ?? [notAllowed(value, { anyOf: alternatives }, path)]
}

function objectProblems(value: unknown, schema: MemberSchema, path: string): readonly Problem[] {
  if (!isObject(value)) return [notAllowed(value, schema, path)]
  const properties = schema.properties ?? {}
  const missing = (schema.required ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => missingMember(properties[name] ?? {}, memberPath(path, name)))
  const inside = Object.entries(value).flatMap(([name, member]) => {
    const memberSchema = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (memberSchema !== undefined)
      return memberProblems(member, memberSchema, memberPath(path, name))
    return [unknownMember(name, { known: Object.keys(properties), path })]
  })
  return [...missing, ...inside]
}

function arrayProblems(value: unknown, schema: MemberSchema, path: string): readonly Problem[] {
  if (!Array.isArray(value)) return [notAllowed(value, schema, path)]
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = schema
  const size = value.length < minItems || value.length > maxItems
  const inside = value.flatMap((entry, index) => memberProblems(entry, items, `${path}[${index}]`))
  return size ? [notAllowed(value, schema, path), ...inside] : inside
}

function scalarIsAllowed(value: unknown, schema: MemberSchema): boolean {
  if (schema.const !== undefined) return value === schema.const
  if (schema.enum !== undefined) return schema.enum.includes(value)
  switch (schema.type) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isSafeInteger(value) && isInRange(Number(value), schema)
    case 'number':
      return typeof value === 'number' && isInRange(value, schema) && hasFewDecimals(value, schema)
    default:
      return typeof value === 'string' && textIsAllowed(value, schema)
  }
}

function isInRange(value: number, { minimum, exclusiveMinimum, maximum }: MemberSchema): boolean {
  return (
    Number.isFinite(value) &&
    value >= (minimum ?? Number.NEGATIVE_INFINITY) &&
    value > (exclusiveMinimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (maximum ?? Number.POSITIVE_INFINITY)
  )
}

/** Twelve decimals are as many as a double of this size can hold. */
function hasFewDecimals(value: number, { decimals }: MemberSchema): boolean {
  if (decimals === undefined) return true
  const scaled = scaledFrom(value, decimals)
  const exact = scaledFrom(value, decimals + 1)
  return scaled !== null && exact !== null && scaled * 10 === exact
}

function textIsAllowed(text: string, schema: MemberSchema): boolean {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema
  const length = [...text].length
  if (length < minLength || length > maxLength || !isStorable(text)) return false
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) return false
  return format === undefined || (formatChecks[format]?.(text) ?? true)
}

// A database takes neither NUL nor half a surrogate pair in text.
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

const formatChecks: Readonly<Record<string, (text: string) => boolean>> = {
  moment: (text) => parseLocalInstant(text, 'UTC') !== null,
  date: isDate,
  // A leap year, so that the 29th of February is a day of the year.
  'month-day': (text) => isDate(`2024-${text}`),
  'time-of-day': (text) => parseLocalInstant(`2024-01-01T${text}`, 'UTC') !== null,
  'time-zone': isZone,
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseLocalInstant(`${text}T00:00:00`, 'UTC') !== null
}

function notAllowed(value: unknown, schema: MemberSchema, path: string): Problem {
  const words = wordsOf(schema)
  const isWord = typeof value === 'string' && schema.secret !== true
  return {
    path,
    found: schema.secret === true ? withheld(value) : shown(value),
    allowed: allowedBy(schema),
    nearest: isWord && words.length > 0 ? nearestValue(value, words) : null,
  }
}

function withheld(value: unknown): string {
  return typeof value === 'string' ? `text of ${value.length} characters` : shown(value)
}

/** The words a schema allows, when it is a choice of words. */
function wordsOf(schema: MemberSchema): readonly string[] {
  const choices = schema.anyOf?.flatMap(({ enum: words }) => words ?? []) ?? schema.enum ?? []
  return choices.filter((word): word is string => typeof word === 'string')
}

function missingMember(schema: MemberSchema, path: string): Problem {
  return { path, found: 'nothing', allowed: allowedBy(schema), nearest: null }
}

function unknownMember(
  name: string,
  { known, path }: { known: readonly string[]; path: string },
): Problem {
  return {
    path: memberPath(path, name),
    found: 'a member nobody knows',
    allowed: `any of ${known.join(', ')}`,
    nearest: nearestTo(name, known),
  }
}

function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
