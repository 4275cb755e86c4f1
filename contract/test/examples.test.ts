import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../src/wire/operation.ts'
import { operations as published, sandboxOperations } from '../src/wire/operations.ts'
import { read } from '../src/wire/read.ts'

const operations = [...published, ...sandboxOperations]

const folder = new URL('../examples/', import.meta.url)

type Example = { file: string; operation: Operation; direction: 'request' | 'reply'; sent: unknown }

const files = readdirSync(folder)
const examples: Example[] = files.map((file) => {
  const [, name, direction] = /^(.+)\.(request|reply)(?:-[a-z-]+)?\.json$/.exec(file) ?? []
  const operation = operations.find((each) => each.name === name)
  if (operation === undefined || direction === undefined) throw new Error(`whose is ${file}?`)
  const sent = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  return { file, operation, direction: direction as Example['direction'], sent }
})

describe('requests', () => {
  for (const { file, operation, sent } of examples.filter((each) => each.direction === 'request')) {
    test(`${file} is read`, () => {
      expect(read(operation.request, sent)).toMatchObject({ kind: 'read' })
    })
    if (file.includes('-tolerated')) continue
    test(`${file} is what the published shape says, nothing more`, () => {
      expect(problemsOf(operation.request, sent)).toEqual([])
    })
  }
  for (const [tolerated, plain] of [
    ['pos-discounts-select.request-tolerated', 'pos-discounts-select.request'],
    ['online-checkins.request-tolerated', 'online-checkins.request'],
  ] as const) {
    test(`${tolerated} has the members of ${plain} in the same types`, () => {
      const types = (file: string) => {
        const example = examples.find((each) => each.file === `${file}.json`)
        if (example === undefined) throw new Error(`no ${file}`)
        const result = read(example.operation.request, example.sent)
        if (result.kind === 'refused') throw new Error(result.code)
        const members = Object.entries(result.value as Record<string, unknown>)
        return new Map(members.map(([name, value]) => [name, typeof value]))
      }
      const expected = types(plain)
      for (const [name, type] of types(tolerated)) {
        expect({ name, type }).toEqual({ name, type: expected.get(name) })
      }
    })
  }
})

describe('replies', () => {
  for (const { file, operation, sent } of examples.filter((each) => each.direction === 'reply')) {
    test(`${file} is exactly what the operation replies`, () => {
      const [schema] = Object.values(operation.replies)
      expect(problemsOf(schema, sent)).toEqual([])
    })
  }
})

describe('every operation', () => {
  const named = (operation: Operation, direction: string) =>
    examples.filter((each) => each.operation === operation && each.direction === direction).length
  for (const operation of operations) {
    test(`${operation.name} has its examples`, () => {
      const { properties = {} } = operation.request as { properties?: object }
      const members = Object.keys(properties).length
      const hasBody = Object.values(operation.replies).some(
        (reply) => !('type' in reply && reply.type === 'null'),
      )
      expect(named(operation, 'request') > 0).toBe(members > 0)
      expect(named(operation, 'reply') > 0).toBe(hasBody)
    })
  }
  test('has a name and a method with a path of its own', () => {
    const names = operations.map(({ name }) => name)
    const places = operations.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(places).size).toBe(places.length)
  })
})

function problemsOf(schema: unknown, value: unknown): string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  const check = ajv.compile(closed(schema) as object)
  check(value)
  return (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

/** The schema with every object closed, so that a member nobody described is a problem. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inside = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  )
  return 'properties' in inside ? { ...inside, additionalProperties: false } : inside
}
