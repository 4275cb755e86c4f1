import { sandboxOperations } from '@regulars/contract/wire/operations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveDocuments } from '../src/routes/documents.ts'
import { routes } from '../src/routes/routes.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

const operations = routes.map(({ operation }) => operation)

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
  await serveDocuments(counter.app, { operations, version: '1.2.3' })
})
afterAll(() => counter.close())

test('the document that is served describes what is served, and nothing else', async () => {
  const response = await counter.app.inject({ url: '/openapi.json' })
  expect(response.headers['content-type']).toMatch(/^application\/json/)
  const { info, paths } = response.json()
  expect(info.version).toBe('1.2.3')
  const described = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(described.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort())
  for (const { path } of sandboxOperations) expect(Object.keys(paths)).not.toContain(path)
})

test('the collection that is served has a request for each operation', async () => {
  const { item } = (await counter.app.inject({ url: '/postman.json' })).json()
  expect(item.flatMap((folder: { item: object[] }) => folder.item)).toHaveLength(operations.length)
})

test('the page to read comes with all it needs, from here alone', async () => {
  const page = await counter.app.inject({ url: '/docs' })
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  const needed = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
  expect(needed.length).toBeGreaterThan(3)
  for (const path of needed) {
    expect(path).toMatch(/^\.?\//)
    const url = new URL(path, 'http://counter/docs').pathname
    const { statusCode } = await counter.app.inject({ url })
    expect({ url, statusCode }).toEqual({ url, statusCode: 200 })
  }
})
