import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Batch, Unit } from '../src/destination.ts'
import type { Row, Table } from '../src/table.ts'
import { DestinationModel } from './destination-model.ts'
import {
  type Asked,
  kinds,
  makePlace,
  newSchema,
  type Place,
  readRows,
  readTables,
  type Stored,
  storedRows,
  wholeTable,
} from './destination-under-test.ts'

const orders: Table = {
  name: 'orders',
  columns: {
    restaurant_id: 'text',
    id: 'text',
    date: 'date',
    number: 'integer',
    paid_at: 'timestamp',
  },
  key: ['restaurant_id', 'id'],
  root: null,
}
// Its key does not name the order, so that a check can move from one to another.
const checks: Table = {
  name: 'check',
  columns: { restaurant_id: 'text', ordinal: 'integer', note: 'text' },
  key: ['restaurant_id', 'ordinal'],
  root: 'orders',
}
const breaks: Table = {
  name: 'break',
  columns: { restaurant_id: 'text', orders_id: 'text', ordinal: 'integer', note: 'text' },
  key: ['restaurant_id', 'orders_id', 'ordinal'],
  root: 'orders',
}
const restaurant: Table = {
  name: 'restaurant',
  columns: { id: 'text', note: 'text' },
  key: ['id'],
  root: null,
}
const tables = [orders, checks, breaks, restaurant]

const none: Batch = { units: [], removals: [], states: [], quarantined: [] }
const at = (second: number): string => new Date(Date.UTC(2026, 10, 1, 0, 0, second)).toISOString()

type Order = {
  location?: string
  id?: string
  version: number
  note?: string
  checks?: number[]
  breaks?: number[]
  deletedAt?: string | null
}

function orderUnit(order: Order): Unit {
  const { location = 'north', id = 'a', version, note = '', deletedAt = null } = order
  const rows = new Map<string, Row[]>([
    ['orders', [{ restaurant_id: location, id, number: note.length, date: '2026-11-01' }]],
    ['check', (order.checks ?? []).map((ordinal) => ({ restaurant_id: location, ordinal, note }))],
    [
      'break',
      (order.breaks ?? []).map((ordinal) => ({
        restaurant_id: location,
        orders_id: id,
        ordinal,
        note,
      })),
    ],
  ])
  const hash = JSON.stringify([...rows])
  return { table: 'orders', location, id, version: at(version), hash, deletedAt, rows }
}

const sequence = fc.array(batches(), { minLength: 1, maxLength: 6 })
const sequencesToTry = Number(process.env.REGULARS_DESTINATION_RUNS ?? 18)

describe.each(kinds)('%s', (kind) => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace[kind]()
  })
  afterAll(() => place.remove())

  /** Writes batches one after the other and gives back what the destination said. */
  async function written(schema: string, given: readonly Batch[], source = 'toast') {
    const destination = await place.open(source, schema)
    try {
      await destination.prepare(tables)
      const said = []
      for (const batch of given) said.push(await destination.write(batch))
      return { said, states: await destination.states() }
    } finally {
      await destination.close()
    }
  }

  test('any sequence of batches leaves what the rules say', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(sequence, async (given) => {
        const schema = newSchema()
        const model = new DestinationModel(tables)
        const expected = given.map((batch) => model.write(batch))
        const { said, states } = await written(schema, given)
        expect(said).toEqual(expected)
        expect(
          new Map(states.map(({ location, stream, state }) => [`${location} ${stream}`, state])),
        ).toEqual(model.states)
        const asked = tables.map((table) => wholeTable(table, schema))
        const stored = await readTables(place, [...asked, quarantineIn(schema)])
        expect(stored.slice(0, -1)).toEqual(tables.map((table) => modelRows(model, table)))
        expect(stored.at(-1)!.map(recordName).sort()).toEqual(
          [...model.quarantined.values()].map(recordName).sort(),
        )
      }),
      { numRuns: sequencesToTry },
    )
  })

  test('a newer version replaces a unit and marks the parts it lost', async () => {
    const schema = newSchema()
    const { said } = await written(schema, [
      { ...none, units: [orderUnit({ version: 1, checks: [1, 2], breaks: [1] })] },
      { ...none, units: [orderUnit({ version: 2, checks: [2, 3] })] },
    ])
    expect(said).toEqual([
      { rows: 4, removed: 0, unitsWritten: 1, unitsUnchanged: 0, unitsOlder: 0 },
      { rows: 3, removed: 2, unitsWritten: 1, unitsUnchanged: 0, unitsOlder: 0 },
    ])
    const kept = await storedRows(place, checks, schema)
    expect(kept.map((row) => [row.ordinal, row._deleted_at, row._fivetran_deleted])).toEqual([
      [1, at(2), true],
      [2, null, false],
      [3, null, false],
    ])
  })

  test('a unit that was removed and comes back unchanged is no longer deleted', async () => {
    const schema = newSchema()
    const unit = orderUnit({ version: 1, checks: [1] })
    const removal = { table: 'orders', location: 'north', within: [], keep: [], readAt: at(9) }
    const { said } = await written(schema, [
      { ...none, units: [unit] },
      { ...none, removals: [removal] },
      { ...none, units: [unit] },
    ])
    expect(said.map(({ rows, removed }) => [rows, removed])).toEqual([
      [2, 0],
      [0, 2],
      [2, 0],
    ])
    const kept = [
      ...(await storedRows(place, orders, schema)),
      ...(await storedRows(place, checks, schema)),
    ]
    expect(kept.map((row) => row._deleted_at)).toEqual([null, null])
  })

  test('what one source stored of its streams is not the other source’s', async () => {
    const schema = newSchema()
    const state = (text: string) => ({ location: 'north', stream: 'orders', state: text })
    await written(schema, [{ ...none, states: [state('{ "b":1, "a":[] }')] }])
    const { states } = await written(schema, [{ ...none, states: [state('{}')] }], 'punchh')
    expect(states).toEqual([state('{}')])
    expect((await written(schema, [])).states).toEqual([state('{ "b":1, "a":[] }')])
  })

  test('a batch that fails half way leaves nothing of itself', async () => {
    const schema = newSchema()
    const broken: Unit = {
      ...orderUnit({ id: 'b', version: 1 }),
      rows: new Map<string, Row[]>([
        ['orders', [{ restaurant_id: 'north', id: 'b' }]],
        ['break', [{ restaurant_id: 'north', orders_id: 'b', ordinal: 'first' }]],
      ]),
    }
    const good = { ...none, units: [orderUnit({ version: 1, checks: [1] })] }
    const destination = await place.open('toast', schema)
    await destination.prepare(tables)
    await expect(
      destination.write({
        units: [orderUnit({ version: 1 }), broken],
        removals: [],
        states: [{ location: 'north', stream: 'orders', state: '{}' }],
        quarantined: [],
      }),
    ).rejects.toThrow('break.ordinal is integer and was given another string')
    expect(await destination.states()).toEqual([])
    expect(await destination.write(good)).toMatchObject({ rows: 2 })
    await destination.close()
    expect((await storedRows(place, orders, schema)).map(({ id }) => id)).toEqual(['a'])
  })

  test('rows that nobody can have meant are refused before anything is written', async () => {
    const destination = await place.open('toast', newSchema())
    await destination.prepare(tables)
    const unit = orderUnit({ version: 1 })
    const withRow = (row: Row): Unit => ({ ...unit, rows: new Map([['orders', [row]]]) })
    const cases: [Unit, string][] = [
      [{ ...unit, table: 'menus' }, 'the destination was not prepared for menus'],
      [{ ...unit, table: 'check' }, 'check holds parts of orders, not units'],
      [{ ...unit, rows: new Map() }, 'a unit of orders has one row of it, and this has 0'],
      [withRow({ restaurant_id: 'north', id: null }), 'orders.id is part of the key and was null'],
      [withRow({ restaurant_id: 'south', id: 'a' }), 'names another location than its row'],
      [withRow({ restaurant_id: 'north', id: 'a', tip: '1' }), 'orders has no column tip'],
      [withRow({ restaurant_id: 'north', id: 'a', _version: at(1) }), 'has no column _version'],
      [{ ...unit, version: '1 November 2026' }, 'a version is an instant in UTC'],
      [{ ...unit, rows: new Map([...unit.rows, ['restaurant', []]]) }, 'restaurant is no part of'],
    ]
    for (const [wrong, sentence] of cases) {
      await expect(destination.write({ ...none, units: [wrong] })).rejects.toThrow(sentence)
    }
    await destination.close()
  })

  test('a run is recorded once, as it was last told', async () => {
    const schema = newSchema()
    const destination = await place.open('toast', schema)
    const record = {
      id: 'run-1',
      startedAt: at(1),
      endedAt: null,
      outcome: 'running',
      startedBy: 'root',
      configuration: '{"domain":"x"}',
      figures: '{}',
    }
    await destination.recordRun(record)
    await destination.recordRun({ ...record, endedAt: at(2), outcome: 'complete' })
    await destination.close()
    const columns = { id: 'text', ended_at: 'timestamp', outcome: 'text', source: 'text' } as const
    expect(await readRows(place, { schema, name: 'sync_run', columns, order: ['id'] })).toEqual([
      { id: 'run-1', ended_at: at(2), outcome: 'complete', source: 'toast' },
    ])
  })

  test('a quarantined record names the run that saw it first', async () => {
    const schema = newSchema()
    const destination = await place.open('toast', schema)
    const run = {
      startedAt: at(1),
      endedAt: null,
      outcome: 'running',
      startedBy: 'root',
      configuration: '{}',
      figures: '{}',
    }
    const record = {
      location: 'north',
      stream: 'orders',
      table: 'orders',
      id: 'a',
      reason: 'orders.date is no date',
      payload: '{"b": 1.0, "a": "\\u0000"}',
    }
    for (const id of ['run-1', 'run-2']) {
      await destination.recordRun({ ...run, id })
      await destination.write({ ...none, quarantined: [record, record] })
    }
    await destination.close()
    const columns = { run: 'text', payload: 'text', resolved_at: 'timestamp' } as const
    expect(await readRows(place, { schema, name: 'quarantine', columns, order: ['run'] })).toEqual([
      { run: 'run-1', payload: record.payload, resolved_at: null },
    ])
  })

  test('calls that come at once are done one after the other', async () => {
    const schema = newSchema()
    const destination = await place.open('toast', schema)
    await destination.prepare(tables)
    const versions = Array.from({ length: 10 }, (_, index) => index + 1)
    const said = await Promise.all(
      versions.map((version) =>
        destination.write({ ...none, units: [orderUnit({ version, checks: [version] })] }),
      ),
    )
    await destination.close()
    expect(said.map(({ removed }) => removed)).toEqual(
      versions.map((version) => Math.min(1, version - 1)),
    )
  })
})

function modelRows(model: DestinationModel, table: Table): Stored[] {
  const rows = [...(model.rows.get(table.name)?.values() ?? [])]
  return rows
    .map((row) => ({ ...row, _fivetran_deleted: row._deleted_at !== null }))
    .sort((a, b) => (sortKey(table, a) < sortKey(table, b) ? -1 : 1))
}

const sortKey = (table: Table, row: Stored): string =>
  table.key.map((name) => String(row[name])).join(' ')

function quarantineIn(schema: string): Asked {
  const columns = {
    location: 'text',
    table_name: 'text',
    id: 'text',
    payload: 'text',
    resolved_at: 'timestamp',
  } as const
  return { schema, name: 'quarantine', columns, order: ['location'] }
}

function recordName({ location, table_name, id, payload, resolved_at }: Stored): string {
  return JSON.stringify([location, table_name, id, payload, Boolean(resolved_at)])
}

/** Batches over few names and instants, so that nearly everything meets something stored. */
function batches(): fc.Arbitrary<Batch> {
  const location = fc.constantFrom('north', 'south')
  const id = fc.constantFrom('a', 'b', 'c')
  const version = fc.integer({ min: 1, max: 6 })
  const deletedAt = fc.option(fc.integer({ min: 1, max: 6 }).map(at), { freq: 4 })
  const day = fc.integer({ min: 1, max: 4 }).map((number) => `2026-11-0${number}`)
  const partRow = fc.record({
    ordinal: fc.integer({ min: 1, max: 4 }),
    note: fc.constantFrom('x', 'y'),
    _deleted_at: fc.option(fc.constant(at(3)), { freq: 8 }),
  })
  const parts = fc.uniqueArray(partRow, { selector: (row) => row.ordinal, maxLength: 3 })
  const order = fc
    .record({
      location,
      id,
      version,
      deletedAt,
      day,
      number: fc.integer({ min: 1, max: 3 }),
      checks: parts,
      breaks: parts,
    })
    .map((given): Unit => {
      const restaurant_id = given.location
      const own = { restaurant_id, id: given.id, date: given.day, number: given.number }
      const rows = new Map<string, Row[]>([
        ['orders', [{ ...own, paid_at: null }]],
        ['check', given.checks.map((row) => ({ restaurant_id, ...row }))],
        ['break', given.breaks.map((row) => ({ restaurant_id, orders_id: given.id, ...row }))],
      ])
      const hash = JSON.stringify([...rows])
      return { ...given, table: 'orders', version: at(given.version), hash, rows }
    })
  const place = fc
    .record({ location, version, deletedAt, note: fc.constantFrom('x', 'y') })
    .map((given): Unit => {
      const rows = new Map([['restaurant', [{ id: given.location, note: given.note }]]])
      const { note: hash, location } = given
      return {
        table: 'restaurant',
        location,
        id: location,
        version: at(given.version),
        deletedAt: given.deletedAt,
        hash,
        rows,
      }
    })
  const within = fc.oneof(
    fc.integer({ min: 1, max: 3 }).map((equals) => ({ column: 'number', equals })),
    fc.tuple(day, day).map(([from, before]) => ({ column: 'date', from, before })),
  )
  const removal = fc.record({
    table: fc.constant('orders'),
    location,
    within: fc.array(within, { maxLength: 2 }),
    keep: fc.uniqueArray(id, { maxLength: 2 }),
    readAt: version.map(at),
  })
  const state = fc.record({
    location,
    stream: fc.constantFrom('orders', 'menus'),
    state: fc.constantFrom('{"n":1}', '{"n":2}'),
  })
  const quarantined = fc.record({
    location,
    stream: fc.constantFrom('orders', 'older orders'),
    table: fc.constantFrom('orders', 'restaurant'),
    id: fc.option(id),
    reason: fc.constantFrom('no date', 'no key'),
    payload: fc.constantFrom('{}', '[1]'),
  })
  return fc.record({
    units: fc.array(fc.oneof({ weight: 5, arbitrary: order }, { weight: 1, arbitrary: place }), {
      maxLength: 6,
    }),
    removals: fc.array(removal, { maxLength: 1 }),
    states: fc.array(state, { maxLength: 2 }),
    quarantined: fc.array(quarantined, { maxLength: 3 }),
  })
}
