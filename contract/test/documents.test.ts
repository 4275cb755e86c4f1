import { readdirSync, readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { openApiDocument } from '../src/documents/openapi.ts'
import { postmanCollection } from '../src/documents/postman.ts'
import { operations as published, sandboxOperations } from '../src/wire/operations.ts'

const operations = [...published, ...sandboxOperations]
const folder = new URL('../examples/', import.meta.url)
const examples = new Map<string, unknown>(
  readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ''),
    JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
  ]),
)
// As a client gets it: through JSON.
const document = asJson(openApiDocument({ operations, examples, version: '0.1.0' }))
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ key: `${method} ${path}`, ...one })),
)

test('the OpenAPI document is one of version 3.1', async () => {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(document)
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
  expect(validator.version).toBe('3.1')
})

test('every operation is described once, under its own name', () => {
  expect(described.map(({ key, operationId }) => `${operationId}: ${key}`).sort()).toEqual(
    operations.map(({ name, method, path }) => `${name}: ${method.toLowerCase()} ${path}`).sort(),
  )
})

test('every member of a path is described as a parameter', () => {
  for (const { key, parameters } of described) {
    const inPath = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const named = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
    expect({ key, named }).toEqual({ key, named: inPath })
  }
})

test('every schema that is described can be compiled, and takes the example beside it', () => {
  const ajv = new Ajv2020({ strict: false, formats: formats() })
  const problems = described.flatMap(({ key, requestBody, responses }) => {
    const contents = [requestBody, ...Object.values(responses)].flatMap((part) => {
      const content = part?.content?.['application/json']
      return content === undefined ? [] : [content]
    })
    return contents.flatMap(({ schema, example }) => {
      const accepts = ajv.compile(schema)
      if (example === undefined || accepts(example)) return []
      return [`${key}: ${ajv.errorsText(accepts.errors)}`]
    })
  })
  expect(problems).toEqual([])
})

test('every operation with a body has an example of it', () => {
  const without = described.filter(
    ({ requestBody }) =>
      requestBody !== undefined && requestBody.content['application/json']?.example === undefined,
  )
  expect(without.map(({ operationId }) => operationId)).toEqual([])
})

test('the Postman collection has every operation once, with the keys as variables', () => {
  const collection = asJson(postmanCollection({ operations, examples }))
  const requests = collection.item.flatMap(({ item }) => item)
  expect(requests.map(({ name }) => name).sort()).toEqual(
    operations.map(({ method, path }) => `${method} ${path}`).sort(),
  )
  const used = [...JSON.stringify(requests).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name)
  const known = collection.variable.map(({ key }) => key)
  expect([...new Set(used)].filter((name) => !known.includes(name ?? ''))).toEqual([])
})

type Content = Record<string, { schema: object; example?: unknown }>
type Described = {
  operationId: string
  parameters: { name: string; in: string }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}
type Document = { paths: Record<string, Record<string, Described>> }
type Collection = {
  variable: { key: string }[]
  item: { item: { name: string; request: object }[] }[]
}

function asJson(value: ReturnType<typeof openApiDocument>): Document
function asJson(value: ReturnType<typeof postmanCollection>): Collection
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** The formats our schemas name; what stands in them is checked where messages are read. */
function formats(): Record<string, true> {
  const named = JSON.stringify(document).matchAll(/"format":"([\w-]+)"/g)
  return Object.fromEntries([...named].map(([, name]) => [name ?? '', true]))
}
