import { startStandIn } from '@regulars/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import { openDestination } from '../../src/destinations/open-destination.ts'
import { syncOnce } from './sync-toast.ts'
import { duckdbFile, type Warehouse } from './warehouse.ts'

const streams = new Set(['job'])
const there = async (warehouse: Warehouse) => {
  const [row] = await warehouse.read(
    'select count(*) as n from restaurant where _deleted_at is null',
  )
  return Number(row?.n)
}

async function synced() {
  const standIn = await startStandIn({ seed: 3, days: 1, ordersPerDay: 1, limits: 'off' })
  onTestFinished(() => standIn.close())
  const warehouse = duckdbFile()
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
