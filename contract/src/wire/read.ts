import type { Static, TSchema } from 'typebox'
import { type Refusal, type RefusalCode, refuse } from '../refusals.ts'
import { assert } from '../values/assert.ts'
import { type Reading, readingKey } from './fields.ts'
import { linesFrom } from './line-items.ts'
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
  const attempt: Attempt = { zone: context.zone, refusal: null }
  const result = readerOf(schema)(isBlank(value) ? {} : value, attempt, 'body')
  if (attempt.refusal !== null) return attempt.refusal
  return { kind: 'read', value: result as Static<Schema> }
}

/** One reading under way; a reader that fails leaves its refusal here. */
type Attempt = { zone: string | undefined; refusal: Refusal | null }

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
  if (as === 'line_items' || as === 'menu_items') {
    return (value, attempt, name) => {
      const lines = linesFrom(value, as, name)
      return 'kind' in lines ? stop(attempt, lines) : lines
    }
  }
  if (as === 'choice') return choiceReader(schema.enum ?? [], unreadable)
  const { read: readScalar, problem } = scalars[as]
  return (value, attempt, name) => {
    const scalar = readScalar(value, attempt.zone)
    return scalar === null ? stop(attempt, unreadableValue(name, problem, unreadable)) : scalar
  }
}

function choiceReader(words: readonly string[], unreadable: RefusalCode | undefined): Reader {
  const byLowerCase = new Map(words.map((word) => [word.toLowerCase(), word]))
  const problem = `it must be one of ${words.join(', ')}`
  return (value, attempt, name) => {
    const word = typeof value === 'string' ? byLowerCase.get(value.trim().toLowerCase()) : undefined
    return word ?? stop(attempt, unreadableValue(name, problem, unreadable))
  }
}

function objectReader(schema: JsonSchema, properties: Record<string, JsonSchema>): Reader {
  const required = new Set(schema.required)
  const members = Object.entries(properties).map(([key, property]) =>
    compileMember(key, property, required.has(key)),
  )
  return (value, attempt, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return stop(attempt, notAnObject(name))
    }
    const sent = value as Record<string, unknown>
    const result: Record<string, unknown> = {}
    for (const member of members) {
      const given = sentUnder(sent, member)
      if (isBlank(given) || (member.neverEmpty && isEmptyList(given))) {
        if (member.required) return stop(attempt, missing(member))
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
      return stop(attempt, unreadableValue(name, problem, undefined))
    }
    const result: unknown[] = []
    for (const item of list) {
      result.push(readItem(item, attempt, name))
      if (attempt.refusal !== null) return undefined
    }
    return result
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

function missing(member: Member): Refusal {
  return refuse(member.missing ?? 'missing_parameter', { name: member.reportedAs })
}

function notAnObject(name: string): Refusal {
  if (name === 'body')
    return refuse('malformed_request', { problem: 'The body must be an object.' })
  return refuse('invalid_parameter', { name, problem: 'it must be an object' })
}

function unreadableValue(name: string, problem: string, code: RefusalCode | undefined): Refusal {
  return refuse(code ?? 'invalid_parameter', { name, problem })
}
