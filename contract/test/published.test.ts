import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { operations } from '../src/wire/operations.ts'
import { read } from '../src/wire/read.ts'

// The published descriptions are not ours to keep here: the check runs where a folder of them is.
const folder = process.env.REGULARS_PUBLISHED_OPENAPI

type Document = { paths: Json; components: Json }
type Json = Record<string, unknown>
type Published = { requests: [string, unknown][]; replies: Map<number, Json> }

describe.skipIf(folder === undefined || folder === '')('the published descriptions', () => {
  const published = folder ? publishedOperations(folder) : new Map<string, Published>()
  const covered = operations.filter(({ method, path }) => published.has(`${method} ${path}`))

  test(`cover ${covered.length} of our ${operations.length} operations`, () => {
    process.stdout.write(
      `Published descriptions cover ${covered.length} of our ${operations.length} operations; ` +
        `we have ${covered.length} of the ${published.size} they describe.\n`,
    )
    expect(covered.length).toBeGreaterThanOrEqual(34)
  })

  for (const operation of covered) {
    const { requests } = published.get(`${operation.method} ${operation.path}`) as Published
    for (const [name, sent] of requests) {
      const reason = notARequest.get(`${operation.name} ${name}`)
      test.skipIf(reason !== undefined)(
        `${operation.name} accepts the published request "${name}"${reason ? `: ${reason}` : ''}`,
        () => {
          const request = Array.isArray(sent) ? {} : sent
          expect(read(operation.request, request)).toMatchObject({ kind: 'read' })
        },
      )
    }
  }

  const used = new Set<Mistake>()
  const examples = new URL('../examples/', import.meta.url)
  for (const operation of covered) {
    const { replies } = published.get(`${operation.method} ${operation.path}`) as Published
    const [status] = Object.keys(operation.replies).map(Number)
    test(`${operation.name} publishes the status ${status}`, () => {
      expect([...replies.keys()]).toContain(status)
    })
    const schema = replies.get(status as number)
    if (schema === undefined) continue
    for (const file of readdirSync(examples).filter((each) =>
      each.startsWith(`${operation.name}.reply`),
    )) {
      test(`${file} satisfies the published shape`, () => {
        const sent = JSON.parse(readFileSync(new URL(file, examples), 'utf8'))
        const problems = problemsOf(schema, sent).filter((problem) => {
          const mistake = mistakes.find((each) => each.covers(operation.name, problem))
          if (mistake !== undefined) used.add(mistake)
          return mistake === undefined
        })
        expect(problems.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual(
          [],
        )
      })
    }
  }

  test('every mistake we allow for is still there', () => {
    expect(mistakes.filter((mistake) => !used.has(mistake)).map(({ reason }) => reason)).toEqual([])
  })
})

/** Published examples that are not what a till would send, and why. */
const notARequest = new Map([
  ['pos-users-find Example', 'its members list placeholders instead of choosing one'],
  ['pos-transactions By Email', 'it is not JSON: a stray quote follows the object'],
  ['online-checkins Request', 'it is not JSON: commas and quotes are missing'],
])

/** What a published schema says that its own examples contradict. */
type Mistake = { reason: string; covers: (operation: string, error: ErrorObject) => boolean }

const mistakes: readonly Mistake[] = [
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

function problemsOf(schema: Json, value: unknown): ErrorObject[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, verbose: true })
  const check = ajv.compile(schema)
  check(value)
  return check.errors ?? []
}

function publishedOperations(from: string): Map<string, Published> {
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
