import { openDestination } from '../src/destinations/open-destination.ts'
import type { Row, Table } from '../src/table.ts'

/**
 * Writes batches until it is killed: `node writing-process.ts <target>`. Batch n writes its number
 * into every order and check it touches and, in the same batch, into the state.
 */
export const orders: Table = {
  name: 'orders',
  columns: { restaurant_id: 'text', id: 'integer', batch: 'integer' },
  key: ['restaurant_id', 'id'],
  root: null,
}
export const checks: Table = {
  name: 'orders_check',
  columns: { restaurant_id: 'text', id: 'text', batch: 'integer' },
  key: ['restaurant_id', 'id'],
  root: 'orders',
}
export const ordersPerBatch = 150
/** Each batch writes half of what the one before wrote again, with another number of checks. */
const newPerBatch = ordersPerBatch / 2
const firstVersion = Date.UTC(2026, 0, 1)

/** The ids that batch `batch` writes, and how many checks each has then. */
export function ordersOf(batch: number): { id: number; checkCount: number }[] {
  return Array.from({ length: ordersPerBatch }, (_, index) => {
    const id = batch * newPerBatch + index
    return { id, checkCount: 1 + ((id + batch) % 3) }
  })
}

export function batchOf(batch: number) {
  const restaurant_id = 'north'
  const version = new Date(firstVersion + batch * 1000).toISOString()
  const units = ordersOf(batch).map(({ id, checkCount }) => ({
    table: orders.name,
    location: restaurant_id,
    id: String(id),
    version,
    hash: `${batch} ${id}`,
    deletedAt: null,
    rows: new Map<string, Row[]>([
      [orders.name, [{ restaurant_id, id, batch }]],
      [
        checks.name,
        Array.from({ length: checkCount }, (_, index) => ({
          restaurant_id,
          id: `${id}-${index}`,
          batch,
        })),
      ],
    ]),
  }))
  const state = { location: restaurant_id, stream: 'orders', state: JSON.stringify({ batch }) }
  return { units, removals: [], states: [state], quarantined: [] }
}

if (process.argv[1] === import.meta.filename) {
  const [target = '', batchesMax = '10000'] = process.argv.slice(2)
  const destination = await openDestination(target, { source: 'toast', schema: 'main' })
  await destination.prepare([orders, checks])
  const [state] = await destination.states()
  let batch = state === undefined ? 0 : JSON.parse(state.state).batch + 1
  process.stdout.write('writing\n')
  for (let left = Number(batchesMax); left > 0; left -= 1) {
    await destination.write(batchOf(batch))
    batch += 1
  }
  await destination.close()
}
