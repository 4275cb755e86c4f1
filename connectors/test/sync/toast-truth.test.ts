import { startStandIn } from '@regulars/sandbox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { syncOnce } from './sync-toast.ts'
import { differences, salesDifferences } from './truth.ts'
import { duckdbFile, postgresDatabase } from './warehouse.ts'

const seeds = (process.env.REGULARS_SYNC_SEEDS ?? '1').split(',').map(Number)

describe.each(seeds)('the world of seed %i', (seed) => {
  test.each([
    // The most steps where they are the quickest; the twenty-second day has seen a restaurant leave.
    {
      kind: 'a DuckDB file',
      open: () => Promise.resolve(duckdbFile()),
      steps: [0, 9, 22 * 24],
    },
    { kind: 'Postgres', open: postgresDatabase, steps: [0, 1, 9, 24, 7 * 24, 14 * 24] },
  ])(
    'is in $kind as it is, after the first sync and as it moves',
    async ({ open, steps }) => {
      const standIn = await startStandIn({ seed, days: 6, ordersPerDay: 12, limits: 'off' })
      onTestFinished(() => standIn.close())
      const warehouse = await open()
      for (const hours of steps) {
        standIn.advance({ hours })
        // Whole lists are due once a day; what left one before is seen when they are asked for.
        const report = await syncOnce(standIn, warehouse, { full: hours < 24 })
        const moment = `after ${hours} hours more`
        expect({ moment, ...report }).toMatchObject({ outcome: 'complete', problems: [] })
        expect({ moment, found: await differences(warehouse, standIn) }).toEqual({
          moment,
          found: [],
        })
        expect({ moment, sales: await salesDifferences(warehouse, standIn) }).toEqual({
          moment,
          sales: [],
        })
      }
      // Jobs were deleted on the way; the list does not show them, asking for them by id does.
      const gone = `select distinct deleted, deleted_date is not null as is_dated
                      from job where _deleted_at is not null`
      expect(await warehouse.read(gone)).toEqual([{ deleted: 'true', is_dated: 'true' }])
    },
    300_000,
  )
})
