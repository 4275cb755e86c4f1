import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Unit } from '../src/destination.ts'
import { Unstorable } from '../src/mapping/unstorable.ts'
import { type ToastRecord, toastTables, unitOf } from '../src/toast/records.ts'
import {
  at,
  check,
  deliveredOrder,
  modifier,
  order,
  payloads,
  selection,
} from './toast-payloads.ts'

type Path = readonly (string | number)[]

const records = Object.keys(payloads) as ToastRecord[]
const asked = { ...at, businessDate: 20261119 }
const tables = new Map(toastTables.map((table) => [table.name, table]))
const patterns: Readonly<Record<string, RegExp>> = {
  money: /^-?\d{1,14}(\.\d{1,4})?$/,
  number: /^-?\d{1,16}(\.\d{1,12})?$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
}

const payloadOf = (record: ToastRecord, isDelivered: boolean): object =>
  record === 'orders' && isDelivered ? deliveredOrder() : (payloads[record]?.() ?? {})

/** A kind of record, one of its places, and another value to stand there; `remove` takes it away. */
const change = fc.record({
  record: fc.constantFrom(...records, 'orders' as const, 'orders' as const),
  isDelivered: fc.boolean(),
  places: fc.array(
    fc.record({
      place: fc.nat(),
      value: fc.oneof(
        fc.constantFrom(null, undefined, '', 'abc', ' ', 0, -1, 1.5, 1e300, true, '1', '1e400'),
        fc.constantFrom(
          [],
          {},
          [[]],
          [null],
          ['a'],
          [{}],
          { guid: null },
          { guid: 'g' },
          '20260230',
        ),
        fc.jsonValue({ maxDepth: 3 }),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

test('whatever stands anywhere in a payload, it becomes rows that can be stored or is unstorable', () => {
  fc.assert(
    fc.property(change, ({ record, isDelivered, places }) => {
      const payload = structuredClone(payloadOf(record, isDelivered))
      for (const { place, value } of places) {
        const paths = pathsOf(payload)
        const path = paths[place % paths.length]
        if (path !== undefined) put(payload, path, structuredClone(value))
      }
      const unit = mappedOrNull(record, JSON.parse(JSON.stringify(payload)))
      if (unit !== null) expectStorable(unit)
    }),
    { numRuns: 3000 },
  )
})

test('a member nobody knows is kept in _extra and reported, wherever it stands', () => {
  const place = fc.tuple(fc.constantFrom(...records), fc.boolean(), fc.nat())
  fc.assert(
    fc.property(place, ([record, isDelivered, nth]) => {
      const payload = structuredClone(payloadOf(record, isDelivered))
      const objects = [[], ...pathsOf(payload)].filter((path) => isObject(valueAt(payload, path)))
      // In a map by reference number another name is another entry, no unknown member.
      const open = objects.filter((path) => !String(path.at(-1)).endsWith('References'))
      const path = open[nth % open.length] ?? []
      put(payload, [...path, 'brandNew'], { a: nth })
      const heard: string[] = []
      const { rows } = unitOf(record, payload, asked, (_, member) => heard.push(member))
      const text = JSON.stringify(Object.fromEntries(rows))
      // Inside of what is stored as JSON it is kept there.
      expect(text).toContain(`{\\"a\\":${nth}}`)
      if (!heard.some((member) => member.endsWith('brandNew'))) {
        const kept = [...rows.values()].flat().filter(({ _extra }) => _extra !== undefined)
        expect(kept.every(({ _extra }) => !String(_extra).includes('brandNew'))).toBe(true)
        expect(jsonColumnsOf(rows)).toContain('brandNew')
      }
    }),
    { numRuns: 500 },
  )
})

test('a value that is not of its type takes nothing else with it, wherever it stands', () => {
  const place = fc.tuple(fc.constantFrom(...records), fc.boolean(), fc.nat())
  fc.assert(
    fc.property(place, ([record, isDelivered, nth]) => {
      const payload = structuredClone(payloadOf(record, isDelivered))
      const scalars = pathsOf(payload).filter((path) => isPlain(path, valueAt(payload, path)))
      const path = scalars[nth % scalars.length]
      if (path === undefined) return
      const before = unitOf(record, payload, asked, () => undefined)
      put(payload, path, [{ odd: nth }])
      const after = unitOf(record, payload, asked, () => undefined)
      expectStorable(after)
      expect(sizes(after)).toEqual(sizes(before))
      // Where two columns and JSON hold it, that is more than once.
      expect(JSON.stringify(Object.fromEntries(after.rows))).toContain(`\\"odd\\":${nth}`)
    }),
    { numRuns: 1000 },
  )
})

/** What a record can do without: no id, no version, no list of values, and nothing that is dropped. */
function isPlain(path: Path, value: unknown): boolean {
  const name = String(path.at(-1))
  const isScalar = typeof value !== 'object' && value !== undefined
  const tells =
    /guid$|^modifiedDate$|^deleted$|^entityType$|^referenceId$|^weekSchedule$|^pricingFeatures$/i
  return isScalar && !path.some((part) => tells.test(String(part))) && Number.isNaN(Number(name))
}

function sizes({ rows }: Unit): Record<string, number> {
  return Object.fromEntries([...rows].map(([table, list]) => [table, list.length]))
}

const tree = fc.letrec<{ modifiers: object[] }>((tie) => ({
  modifiers: fc.array(
    fc.record({
      guid: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null }),
      modifiers: fc.oneof({ depthSize: 'medium' }, fc.constant([]), tie('modifiers')),
    }),
    { maxLength: 4 },
  ),
})).modifiers

test('modifiers of any tree all arrive, once each, below the parent they were sent under', () => {
  fc.assert(
    fc.property(tree, (modifiers) => {
      const line = selection('line', { modifiers: modifiers.map(asModifier) })
      const unit = unitOf(
        'orders',
        order({ checks: [check('c', { selections: [line] })] }),
        at,
        never,
      )
      const rows = unit.rows.get('orders_check_selection_modifier') ?? []
      expectStorable(unit)
      expect(shapeOf(rows, 'line')).toEqual(sent(modifiers))
      expect(rows).toHaveLength(count(modifiers))
    }),
  )
})

type Sent = { guid?: string | null; modifiers?: Sent[] }

function asModifier({ guid = null, modifiers = [] }: Sent): object {
  return modifier(guid, { modifiers: modifiers.map(asModifier) })
}

function count(modifiers: readonly Sent[]): number {
  return modifiers.reduce((sum, one) => sum + 1 + count(one.modifiers ?? []), 0)
}

/** A tree without its ids. */
type Branches = readonly Branches[]

function sent(modifiers: readonly Sent[]): Branches {
  return modifiers.map((one) => sent(one.modifiers ?? []))
}

function shapeOf(rows: readonly Record<string, unknown>[], parent: string): Branches {
  // A modifier may have the guid of its line, never that of another modifier: depths tell them apart.
  return rows
    .filter((row) => row.parent_selection_id === parent)
    .map((row) => shapeOf(rows, String(row.id)))
}

function mappedOrNull(record: ToastRecord, payload: unknown): Unit | null {
  try {
    return unitOf(record, payload, asked, () => undefined)
  } catch (error) {
    if (!(error instanceof Unstorable)) throw error
    return null
  }
}

function never(table: string, member: string): never {
  throw new Error(`${table}.${member} is declared nowhere`)
}

/** Every column is declared and holds its type; keys are whole and unique. */
function expectStorable(unit: Unit): void {
  expect(unit.version).toMatch(patterns.timestamp ?? /^$/)
  expect(unit.rows.get(unit.table)).toHaveLength(1)
  for (const [name, rows] of unit.rows) {
    const table = tables.get(name)
    if (table === undefined) throw new Error(`${name} is no table`)
    const keys = rows.map((row) => JSON.stringify(table.key.map((column) => row[column] ?? null)))
    expect(keys.filter((key) => /[[,]null[\],]/.test(key))).toEqual([])
    expect(new Set(keys).size).toBe(rows.length)
    for (const row of rows) for (const entry of Object.entries(row)) expectTyped(name, entry)
  }
}

function expectTyped(table: string, [column, value]: [string, unknown]): void {
  const standard = column === '_extra' ? 'json' : column === '_deleted_at' ? 'timestamp' : undefined
  const type = standard ?? tables.get(table)?.columns[column]
  const where = `${table}.${column} is ${String(value)}, no ${type}`
  const isText = typeof value === 'string' && !value.includes('\0')
  const isFine =
    type === 'boolean'
      ? typeof value === 'boolean'
      : type === 'integer'
        ? Number.isSafeInteger(value)
        : type === 'double'
          ? Number.isFinite(value)
          : type === 'json'
            ? isText && JSON.parse(value) !== undefined
            : isText && type !== undefined && (patterns[type]?.test(value) ?? true)
  if (!isFine) throw new Error(where)
}

function jsonColumnsOf(rows: Unit['rows']): string {
  const values = [...rows].flatMap(([table, list]) =>
    list.flatMap((row) =>
      Object.entries(row).filter(([column]) => tables.get(table)?.columns[column] === 'json'),
    ),
  )
  return JSON.stringify(values)
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function pathsOf(value: unknown, above: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, below]) => {
    const path = [...above, Array.isArray(value) ? Number(name) : name]
    return [path, ...pathsOf(below, path)]
  })
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string | number, unknown>)[name], value)
}

function put(value: object, path: Path, member: unknown): void {
  const owner = valueAt(value, path.slice(0, -1)) as Record<string | number, unknown>
  const name = path.at(-1) ?? ''
  if (member === undefined && !Array.isArray(owner)) delete owner[name]
  else owner[name] = member
}
