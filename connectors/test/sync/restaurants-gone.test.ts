import { startStandIn } from '@regulars/sandbox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDestination } from '../../src/destinations/open-destination.ts'
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

test('a list of no restaurants is not believed', async () => {
  const { standIn, warehouse, count } = await synced()
  standIn.orderFault({ kind: 'null-lists', path: '/partners/v1/restaurants' })
  const report = await syncOnce(standIn, warehouse, { streams })
  expect(report.written.removed).toBe(0)
  expect(await there(warehouse)).toBe(count)
})

const details = '/restaurants/v1/restaurants/'
const tables = new Set(['restaurant', ...tablesOf('restaurant_details'), 'job'])

function told({ events }: Synced) {
  return events.flatMap((one) =>
    one.event === 'locations' ? [{ count: one.count, gone: one.gone }] : [],
  )
}

describe.each([
  { kind: 'a DuckDB file', open: () => Promise.resolve(duckdbFile()) },
  { kind: 'Postgres', open: postgresDatabase },
])('in $kind a restaurant that is listed and archived', ({ open }) => {
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
