import { readingKey } from './fields.ts'

/** Words of ours inside a schema, which steer reading and its messages. */
const ourWords: readonly string[] = ['decimals', 'refersTo', 'looksLike', 'secret']

/** The schema as documents show it: plain JSON Schema, without words of ours. */
export function publishedSchema<Schema>(schema: Schema): Schema {
  return withoutOurWords(schema) as Schema
}

function withoutOurWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOurWords)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !isOurs(name, member))
      .map(([name, member]) => [name, withoutOurWords(member)]),
  )
}

// A member of a message may be called like one of our words: then a schema stands there.
function isOurs(name: string, member: unknown): boolean {
  return name === readingKey || (ourWords.includes(name) && !isObject(member))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
