import { join } from 'node:path'
import { openTemporary } from '@regulars/server/embedded'
import { figure, line, megabytes } from './printing.ts'
import { startStandInProcess, syncOnce } from './processes.ts'

const restaurantCounts = [1, 10, 100]
const latenciesMs = [0, 50, 150]
const days = 20

/** Rows and requests a second of a first sync of everything, without limits. */
export async function rates({
  folder,
  orders,
  only,
}: {
  folder: string
  orders: number
  /** How many restaurants; null for all that are usually measured, and Postgres. */
  only: number | null
}): Promise<void> {
  console.log(`\nFirst syncs of all streams, ${days} days, about ${figure(orders)} orders in all`)
  line([
    'restaurants',
    'latency',
    'rows',
    'requests',
    's',
    'rows/s',
    'requests/s',
    'writing',
    'peak',
  ])
  for (const restaurants of only === null ? restaurantCounts : [only]) {
    for (const latencyMs of latenciesMs) {
      await rate({
        restaurants,
        latencyMs,
        orders,
        target: join(folder, `${restaurants}-${latencyMs}.duckdb`),
      })
    }
  }
  if (only !== null) return
  const postgres = await openTemporary({})
  try {
    console.log('the same into Postgres, the embedded one, which does not wait for the disk')
    await rate({ restaurants: 10, latencyMs: 50, orders, target: postgres.databaseUrl })
  } finally {
    await postgres.stop()
  }
}

async function rate(asked: {
  restaurants: number
  latencyMs: number
  orders: number
  target: string
}): Promise<void> {
  const { restaurants, latencyMs, orders, target } = asked
  const standIn = await startStandInProcess({
    restaurants,
    days,
    ordersPerDay: Math.max(1, Math.round(orders / days / restaurants)),
    membershipMoves: false,
    limits: 'off',
    latencyMs,
  })
  try {
    const done = await syncOnce({ standIn, target, streams: null, until: null, longSlice: null })
    if (done.outcome !== 'complete') throw new Error(`the sync was ${done.outcome}`)
    line([
      figure(restaurants),
      `${latencyMs} ms`,
      figure(done.rows),
      figure(done.calls),
      done.seconds.toFixed(1),
      figure(done.rows / done.seconds),
      figure(done.calls / done.seconds),
      `${done.writes} in ${done.writingSeconds.toFixed(1)} s`,
      megabytes(done.peakBytes),
    ])
  } finally {
    await standIn.stop()
  }
}
