import { type StandIn, startStandIn } from '@regulars/sandbox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDestination } from '../../src/destinations/open-destination.ts'
import { clientThatHears } from './client-that-hears.ts'
import { endOf, restaurantsOf, tablesOf } from './place.ts'
import { type Synced, syncOnce } from './sync-toast.ts'
import { differences } from './truth.ts'
import { duckdbFile, postgresDatabase, type Warehouse } from './warehouse.ts'

const streams = new Set(['job'])
const there = async (warehouse: Warehouse) => {
  const [row] = await warehouse.read(
    'select count(*) as n from restaurant where _deleted_at is null',
  )
  return Number(row?.n)
}

async function synced(open: () => Promise<Warehouse> = async () => duckdbFile()) {
  const standIn = await startStandIn({ seed: 3, days: 1, ordersPerDay: 1, limits: 'off' })
  onTestFinished(() => standIn.close())
  const warehouse = await open()
  expect(await syncOnce(standIn, warehouse, { streams })).toMatchObject({ outcome: 'complete' })
  const count = await there(warehouse)
  expect(count).toBeGreaterThan(0)
  return { standIn, warehouse, count }
}

test('a clock that was put back marks no restaurant as gone', async () => {
  const { standIn, warehouse, count } = await synced()
  const destination = await openDestination(warehouse.target, { source: 'toast' })
  const states = (await destination.states()).map((one) => ({
    ...one,
    state: one.state.replace(/"wholeAt":"[^"]+"/, '"wholeAt":"2099-01-01T00:00:00.000Z"'),
  }))
  await destination.write({ units: [], removals: [], quarantined: [], states })
  await destination.close()

  expect(await syncOnce(standIn, warehouse, { streams })).toMatchObject({
    outcome: 'complete',
    written: { removed: 0 },
  })
  expect(await there(warehouse)).toBe(count)
})

const details = '/restaurants/v1/restaurants/'
const tables = new Set(['restaurant', ...tablesOf('restaurant_details'), 'job'])

function told({ events }: Synced) {
  return events.flatMap((one) =>
    one.event === 'locations' ? [{ count: one.count, gone: one.gone }] : [],
  )
}

const kinds = [
  { kind: 'a DuckDB file', open: () => Promise.resolve(duckdbFile()) },
  { kind: 'Postgres', open: postgresDatabase },
]

describe.each(kinds)('in $kind a restaurant that is listed and archived', ({ open }) => {
  test('is marked with its details, no problem, and there again when it comes back', async () => {
    const { standIn, warehouse, count } = await synced(open)
    const [first = '', second = ''] = await restaurantsOf(standIn)
    const jobs = `select id from job where restaurant_id = '${second}' and _deleted_at is null`
    const own = await warehouse.read(jobs)
    standIn.archive([second])
    standIn.advance({ hours: 0.1 })
    // Whatever else were asked about it would be a problem.
    const archived = await syncOnce(standIn, warehouse, { streams })
    expect(endOf(archived)).toEqual({ outcome: 'complete', problems: [] })
    expect(told(archived)).toEqual([{ count: count - 1, gone: [second] }])
    expect(archived.events.filter(({ event }) => event === 'problem')).toEqual([])
    expect(await differences(warehouse, standIn, { tables })).toEqual([])
    for (const table of tablesOf('restaurant_details')) {
      const live = `from ${table} where restaurant_id = '${second}' and _deleted_at is null`
      expect(await warehouse.read(`select count(*) as n ${live}`)).toEqual([{ n: '0' }])
    }
    expect(own).not.toEqual([])
    expect(await warehouse.read(jobs)).toEqual(own)

    const again = await syncOnce(standIn, warehouse, { streams })
    expect(again).toMatchObject({ outcome: 'complete', written: { rows: 0, removed: 0 } })
    expect(told(again)).toEqual([{ count: count - 1, gone: [second] }])

    // Nobody asks about it, and the list still names it.
    const others = { streams, restaurants: new Set([first]) }
    expect(await syncOnce(standIn, warehouse, others)).toMatchObject({ written: { rows: 0 } })
    expect(await differences(warehouse, standIn, { tables })).toEqual([])

    standIn.archive([])
    standIn.advance({ hours: 0.1 })
    const back = await syncOnce(standIn, warehouse, { streams })
    expect(endOf(back)).toEqual({ outcome: 'complete', problems: [] })
    expect(told(back)).toEqual([{ count, gone: [] }])
    expect(await differences(warehouse, standIn, { tables })).toEqual([])
  })

  test('from the first sync on has no rows', async () => {
    const standIn = await startStandIn({ seed: 3, days: 1, ordersPerDay: 1, limits: 'off' })
    onTestFinished(() => standIn.close())
    const warehouse = await open()
    const [, second = ''] = await restaurantsOf(standIn)
    standIn.archive([second])
    const report = await syncOnce(standIn, warehouse, { streams })
    expect(endOf(report)).toEqual({ outcome: 'complete', problems: [] })
    expect(await warehouse.read(`select id from restaurant where id = '${second}'`)).toEqual([])
  })
})

const goneIn = async (warehouse: Warehouse, table: string, column = 'id') => {
  const rows = await warehouse.read(
    `select distinct ${column} as id from ${table} where _deleted_at is not null`,
  )
  return rows.map(({ id }) => id)
}

describe.each(kinds)('in $kind a restaurant', ({ open }) => {
  test('that was never read is gone when it is listed no more', async () => {
    const standIn = await startStandIn({ seed: 3, days: 1, ordersPerDay: 1, limits: 'off' })
    onTestFinished(() => standIn.close())
    const warehouse = await open()
    const [, second = ''] = await restaurantsOf(standIn)
    standIn.orderFault({ kind: '403', path: `${details}${second}` })
    expect(endOf(await syncOnce(standIn, warehouse, { streams }))).toEqual({
      outcome: 'partial',
      problems: [[second, 'restaurant_details', 'blocked']],
    })
    const client = clientThatHears(standIn, ({ path, body }) =>
      path === '/partners/v1/restaurants'
        ? {
            body: (body as { restaurantGuid: string }[]).filter(
              (one) => one.restaurantGuid !== second,
            ),
          }
        : {},
    )
    standIn.advance({ hours: 1 })
    const report = await syncOnce(standIn, warehouse, { streams, client })
    expect(endOf(report)).toEqual({ outcome: 'complete', problems: [] })
    expect(told(report)).toEqual([{ count: 2, gone: [second] }])
    expect(await goneIn(warehouse, 'restaurant')).toEqual([second])
  })

  /** Its details are there all the while. */
  const toldGone = (standIn: StandIn, id: string) =>
    clientThatHears(standIn, ({ path, restaurant }) =>
      restaurant === id && !path.startsWith(details)
        ? { status: 404, body: { message: `Restaurant(${id}) has been deleted` } }
        : {},
    )

  test('that calls are told is gone is marked, and tried again a day later', async () => {
    const { standIn, warehouse } = await synced(open)
    const [first = '', second = ''] = await restaurantsOf(standIn)
    const some = { streams: new Set(['job', 'employee', 'shift']) }
    const gone = { outcome: 'partial', problems: [[second, expect.any(String), 'location-gone']] }
    const complete = { outcome: 'complete', problems: [] }
    const rounds = [
      { hours: 1, isGone: true, end: gone, marked: [second] },
      { hours: 1, isGone: true, end: complete, marked: [second] },
      { hours: 1, isGone: true, restaurants: new Set([first]), end: complete, marked: [second] },
      { hours: 23, isGone: true, end: gone, marked: [second] },
      { hours: 1, isGone: false, end: complete, marked: [second] },
      { hours: 24, isGone: false, end: complete, marked: [] },
    ]
    for (const [round, { hours, isGone, end, marked, ...only }] of rounds.entries()) {
      standIn.advance({ hours })
      const client = isGone ? { client: toldGone(standIn, second) } : {}
      const report = await syncOnce(standIn, warehouse, { ...some, ...only, ...client })
      const inDetails = await goneIn(warehouse, 'restaurant_details', 'restaurant_id')
      const found = [endOf(report), await goneIn(warehouse, 'restaurant'), inDetails]
      expect({ round, found }).toEqual({ round, found: [end, marked, marked] })
    }
    expect(await differences(warehouse, standIn, { tables })).toEqual([])
  })

  test('that calls are told is gone is there when its details were absent and are back', async () => {
    const { standIn, warehouse } = await synced(open)
    const [, second = ''] = await restaurantsOf(standIn)
    standIn.advance({ hours: 1 })
    await syncOnce(standIn, warehouse, { streams, client: toldGone(standIn, second) })
    standIn.archive([second])
    expect(endOf(await syncOnce(standIn, warehouse, { streams }))).toMatchObject({ problems: [] })
    standIn.archive([])
    standIn.advance({ hours: 1 })
    const back = await syncOnce(standIn, warehouse, { streams })
    expect(endOf(back)).toEqual({ outcome: 'complete', problems: [] })
    expect(await differences(warehouse, standIn, { tables })).toEqual([])
  })
})

const unbelieved = [
  { what: 'the details of all are absent', others: '404' },
  { what: 'the details of the others cannot be had', others: '500' },
] as const
test.each(unbelieved)('when $what, no restaurant is gone and that is a problem', async (given) => {
  const { standIn, warehouse, count } = await synced()
  standIn.advance({ hours: 0.1 })
  const [first = '', ...rest] = await restaurantsOf(standIn)
  standIn.orderFault({ kind: '404', path: `${details}${first}` })
  standIn.orderFault({ kind: given.others, path: details })
  const report = await syncOnce(standIn, warehouse, { streams })
  const verdict = given.others === '404' ? 'absent' : 'set-aside'
  expect(endOf(report)).toEqual({
    outcome: 'partial',
    problems: [
      [first, 'restaurant_details', 'absent'],
      ...rest.map((id) => [id, 'restaurant_details', verdict]),
    ].sort(),
  })
  expect(report.events.filter(({ event }) => event === 'problem')).toHaveLength(count)
  expect(report.written.removed).toBe(0)
  expect(await there(warehouse)).toBe(count)
})
