import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

// The published descriptions are not ours to keep here: checks run where a folder of them is.

export type Json = Record<string, unknown>

/** One published operation: its example requests by name, its replies' schemas by status. */
export type Published = { requests: [string, unknown][]; replies: Map<number, Json> }

type Document = { paths: Json; components: Json }

/** Published examples that are not what a till would send, and why. */
export const notARequest = new Map([
  ['pos-users-find Example', 'its members list placeholders instead of choosing one'],
  ['pos-transactions By Email', 'it is not JSON: a stray quote follows the object'],
  ['online-checkins Request', 'it is not JSON: commas and quotes are missing'],
])

/** What a published schema says that its own examples contradict. */
export type Mistake = { reason: string; covers: (operation: string, error: ErrorObject) => boolean }

/** Everything the published schemas get wrong about their own examples. */
export const mistakes: readonly Mistake[] = [
  {
    reason: 'no schema declares null, though the examples send it for what a guest does not have',
    covers: (_, { keyword, data }) => data === null && ['type', 'enum', 'format'].includes(keyword),
  },
  {
    reason: 'a date, moment or time has a list of allowed values that describes its format',
    covers: (_, { keyword, instancePath }) =>
      keyword === 'enum' && /(_at|_tz|_on|_date|_eod|birthday|anniversary)$/.test(instancePath),
  },
  {
    reason: 'configuration flags and numbers are text in the example',
    covers: (operation, { keyword, data }) =>
      operation === 'pos-configuration' && keyword === 'type' && typeof data === 'string',
  },
  {
    reason: 'rewards is a list in every example and an object in some schemas',
    covers: (_, { keyword, instancePath }) => keyword === 'type' && instancePath === '/rewards',
  },
  {
    reason: 'discount_details is an object in every example and a list in the till schemas',
    covers: (_, { keyword, instancePath }) =>
      keyword === 'type' && instancePath.endsWith('/discount_details'),
  },
  {
    reason: 'message is a list in every example and text in the schemas of app and online ordering',
    covers: (_, { keyword, instancePath }) =>
      keyword === 'type' && instancePath.endsWith('/message'),
  },
  {
    reason: 'unredeemed_cards is a number in the examples and text in two schemas',
    covers: (_, { keyword, instancePath }) =>
      keyword === 'type' && instancePath.endsWith('/unredeemed_cards'),
  },
  {
    reason: 'banked_rewards and total_debits of users/balance are text in the examples',
    covers: (operation, { keyword, instancePath }) =>
      operation === 'pos-users-balance' &&
      keyword === 'type' &&
      /(banked_rewards|total_debits)$/.test(instancePath),
  },
  {
    reason: 'nobody without a subscription has selected one',
    covers: (_, { keyword, instancePath }) =>
      keyword === 'minItems' && instancePath === '/selected_subscriptions',
  },
  {
    reason: 'user_as_barcode and email_unsubscribe are text and boolean in the examples',
    covers: (_, { keyword, instancePath }) =>
      keyword === 'type' && /^\/(user_as_barcode|email_unsubscribe)$/.test(instancePath),
  },
  {
    reason: 'messages is an empty list in the example and an object in the schema',
    covers: (_, { keyword, instancePath }) => keyword === 'type' && instancePath === '/messages',
  },
]

/** What a value is not, by a published schema. */
export function problemsOf(schema: Json, value: unknown): ErrorObject[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, verbose: true })
  const check = ajv.compile(schema)
  check(value)
  return check.errors ?? []
}

/** The operations of every description in a folder, by `POST /path`. */
export function publishedOperations(from: string): Map<string, Published> {
  const found = new Map<string, Published>()
  for (const file of readdirSync(from).filter((each) => each.endsWith('.yml'))) {
    const document = parse(readFileSync(join(from, file), 'utf8')) as Document
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods as Json)) {
        if (!['get', 'post', 'put', 'patch', 'delete'].includes(method)) continue
        found.set(`${method.toUpperCase()} ${path}`, {
          requests: requestExamples(operation as Json),
          replies: replySchemas(operation as Json, document.components),
        })
      }
    }
  }
  return found
}

function requestExamples(operation: Json): [string, unknown][] {
  const content = jsonContent(operation.requestBody)
  return Object.entries((content?.examples ?? {}) as Record<string, Json>).map(
    ([name, { value }]) => [name, typeof value === 'string' ? fromText(value) : value],
  )
}

function replySchemas(operation: Json, components: Json): Map<number, Json> {
  const replies = new Map<number, Json>()
  for (const [status, reply] of Object.entries(operation.responses as Json)) {
    replies.set(Number(status), { ...(jsonContent(reply)?.schema as Json), components })
  }
  return replies
}

function jsonContent(holder: unknown): Json | undefined {
  const content = (holder as { content?: Record<string, Json> } | undefined)?.content
  return content?.['application/json']
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
