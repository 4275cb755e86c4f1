import { startStandIn } from '@regulars/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import { withStreams } from './few-streams.ts'
import { tablesOf } from './place.ts'
import { configurationFor, stillSource, syncOnce } from './sync-toast.ts'
import { differences } from './truth.ts'
import { postgresDatabase } from './warehouse.ts'

const streams = ['cash_entry', 'cash_deposit', 'shift', 'time_entry']
const tables = new Set(streams.flatMap(tablesOf))

/** From the evening before to the morning after, in the zones from New York to Los Angeles. */
const hours = 32
/** Around the moments at which the four zones' clocks change, and at which their days end. */
const lookedAt = [8, 11, 14, 24, hours]

test.each([
  { change: 'forward', now: '2026-03-08T01:30:00Z' },
  { change: 'back', now: '2026-11-01T01:30:00Z' },
])(
  'hourly syncs lose no cash entry and no shift when clocks go $change',
  async ({ now }) => {
    const standIn = await startStandIn({
      now,
      restaurants: 4,
      days: 2,
      ordersPerDay: 3,
      limits: 'off',
      membershipMoves: false,
    })
    onTestFinished(() => standIn.close())
    const warehouse = await postgresDatabase()
    const source = withStreams(stillSource(configurationFor(standIn)), streams)
    const zones = new Set<unknown>()
    for (let hour = 0; hour <= hours; hour += 1) {
      const { outcome, problems } = await syncOnce(standIn, warehouse, { source })
      expect({ hour, outcome, problems }).toEqual({ hour, outcome: 'complete', problems: [] })
      if (lookedAt.includes(hour)) {
        expect({ hour, found: await differences(warehouse, standIn, { tables }) }).toEqual({
          hour,
          found: [],
        })
      }
      standIn.advance({ hours: 1 })
    }
    for (const { time_zone } of await warehouse.read('select time_zone from restaurant_details')) {
      zones.add(time_zone)
    }
    expect(zones.size).toBe(4)
  },
  60_000,
)
