import type { Static, TSchema } from 'typebox'
import { type Refusal, type RefusalCode, refuse } from '../refusals.ts'
import { assert } from '../values/assert.ts'
import { type LinesName, type Reading, readingKey } from './fields.ts'
import { type Line, lineFrom, linesMax } from './line-items.ts'
import { isBlank, scalars } from './scalars.ts'

/** What a request does not say about itself. `zone` reads a date-time sent without an offset. */
export type ReadContext = { zone?: string }

/**
 * Reads what came from outside as `schema` describes it, tolerantly.
 *
 * The first problem in the schema's own order of members is the refusal. Members the schema does
 * not name are dropped; optional members that are null or blank count as not sent. No body counts
 * as an empty one. Never throws.
 */
export function read<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  context: ReadContext = {},
): { kind: 'read'; value: Static<Schema> } | Refusal {
  const attempt: Attempt = { zone: context.zone, suffix: '', refusal: null }
  const result = readerOf(schema)(isBlank(value) ? {} : value, attempt, 'body')
  if (attempt.refusal !== null) return attempt.refusal
  return { kind: 'read', value: result as Static<Schema> }
}

/**
 * One reading under way; a reader that fails leaves its refusal here. Inside a line, `suffix` is
 * its zero-based place, which refusals add to a member's name: `item_qty_0`.
 */
type Attempt = { zone: string | undefined; suffix: string; refusal: Refusal | null }

type Reader = (value: unknown, attempt: Attempt, name: string) => unknown

type JsonSchema = {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
  items?: JsonSchema
  enum?: readonly string[]
  minItems?: number
  maxItems?: number
  [readingKey]?: Reading
}

const compiled = new WeakMap<object, Reader>()

function readerOf(schema: TSchema): Reader {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const reader = compile(schema as JsonSchema)
  compiled.set(schema, reader)
  return reader
}

function compile(schema: JsonSchema): Reader {
  const reading = schema[readingKey]
  if (reading !== undefined) return readingReader(schema, reading)
  if (schema.properties !== undefined) return objectReader(schema, schema.properties)
  assert(schema.items !== undefined, 'a request is made of fields, objects and lists', { schema })
  return listReader(schema, schema.items)
}

function readingReader(schema: JsonSchema, { as, unreadable }: Reading): Reader {
  if (as === 'line_items' || as === 'menu_items') return linesReader(schema, as)
  if (as === 'choice') return choiceReader(schema.enum ?? [], unreadable)
  const { read: readScalar, problem } = scalars[as]
  return (value, attempt, name) => {
    const scalar = readScalar(value, attempt.zone)
    return scalar === null ? unreadableValue(attempt, { name, problem, unreadable }) : scalar
  }
}

function choiceReader(words: readonly string[], unreadable: RefusalCode | undefined): Reader {
  const byLowerCase = new Map(words.map((word) => [word.toLowerCase(), word]))
  const problem = `it must be one of ${words.join(', ')}`
  return (value, attempt, name) => {
    const word = typeof value === 'string' ? byLowerCase.get(value.trim().toLowerCase()) : undefined
    return word ?? unreadableValue(attempt, { name, problem, unreadable })
  }
}

function objectReader(schema: JsonSchema, properties: Record<string, JsonSchema>): Reader {
  const required = new Set(schema.required)
  const members = Object.entries(properties).map(([key, property]) =>
    compileMember(key, property, required.has(key)),
  )
  return (value, attempt, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return notAnObject(attempt, name)
    }
    const sent = value as Record<string, unknown>
    const result: Record<string, unknown> = {}
    for (const member of members) {
      const given = sentUnder(sent, member)
      if (isBlank(given) || (member.neverEmpty && isEmptyList(given))) {
        if (member.required) return missing(attempt, member)
        continue
      }
      const decoded = member.read(given, attempt, member.reportedAs)
      if (attempt.refusal !== null) return undefined
      result[member.key] = decoded
    }
    return result
  }
}

type Member = {
  key: string
  reportedAs: string
  aliases: readonly string[]
  required: boolean
  neverEmpty: boolean
  missing: RefusalCode | undefined
  read: Reader
}

function compileMember(key: string, schema: JsonSchema, required: boolean): Member {
  const reading = schema[readingKey]
  return {
    key,
    reportedAs: reading?.reportedAs ?? key,
    aliases: reading?.aliases ?? [],
    required,
    neverEmpty: (schema.minItems ?? 0) > 0,
    missing: reading?.missing,
    read: compile(schema),
  }
}

function sentUnder(sent: Record<string, unknown>, { key, aliases }: Member): unknown {
  const own = sent[key]
  if (aliases.length === 0 || !isBlank(own)) return own
  return aliases.map((alias) => sent[alias]).find((value) => !isBlank(value))
}

function listReader(schema: JsonSchema, items: JsonSchema): Reader {
  const readItem = compile(items)
  const limit = schema.maxItems ?? listMax
  return (value, attempt, name) => {
    const list = asList(value)
    if (list === null || list.length > limit) {
      const problem = `it must be a list of at most ${limit}`
      return unreadableValue(attempt, { name, problem })
    }
    const result: unknown[] = []
    for (const item of list) {
      result.push(readItem(item, attempt, name))
      if (attempt.refusal !== null) return undefined
    }
    return result
  }
}

function linesReader({ items }: JsonSchema, as: LinesName): Reader {
  assert(items !== undefined, 'lines are items', { as })
  const readItem = compile(items)
  return (value, attempt, name) => {
    if (!Array.isArray(value)) {
      return unreadableValue(attempt, { name, problem: 'it must be a list of items' })
    }
    if (value.length > linesMax) return stop(attempt, refuse('too_many_lines', { limit: linesMax }))
    const lines: Line[] = []
    for (let index = 0; index < value.length; index += 1) {
      attempt.suffix = `_${index}`
      const item = readItem(value[index], attempt, 'item')
      if (attempt.refusal !== null) return undefined
      // The item has just been read by the schema of its dialect.
      lines.push(lineFrom[as](item as never))
    }
    attempt.suffix = ''
    return lines
  }
}

/** The most members of a list that names no limit of its own. */
const listMax = 100

// A query string cannot carry a list: `ids=1,2` is one.
function asList(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value.split(',')
  return typeof value === 'number' ? [value] : null
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function stop(attempt: Attempt, refusal: Refusal): undefined {
  attempt.refusal = refusal
}

function missing(attempt: Attempt, member: Member): undefined {
  const name = `${member.reportedAs}${attempt.suffix}`
  return stop(attempt, refuse(member.missing ?? 'missing_parameter', { name }))
}

function notAnObject(attempt: Attempt, name: string): undefined {
  if (name !== 'body') return unreadableValue(attempt, { name, problem: 'it must be an object' })
  return stop(attempt, refuse('malformed_request', { problem: 'The body must be an object.' }))
}

function unreadableValue(
  attempt: Attempt,
  {
    name,
    problem,
    unreadable,
  }: { name: string; problem: string; unreadable?: RefusalCode | undefined },
): undefined {
  const facts = { name: `${name}${attempt.suffix}`, problem }
  return stop(attempt, refuse(unreadable ?? 'invalid_parameter', facts))
}
