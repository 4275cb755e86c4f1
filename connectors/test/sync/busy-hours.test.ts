import { expect, test } from 'vitest'
import { aPlace, differencesOf, endOf, syncFew } from './place.ts'

/** Around the clock: whenever a test runs, it is within them. */
const allDay = { busyHours: ['00:00-12:00', '12:00-00:00'] }

test('a first sync in busy hours delivers the last day of orders, and the past when they are over', async () => {
  const place = await aPlace({ restaurants: 2, days: 4 })
  const { warehouse } = place
  const days = async () => {
    const found = await warehouse.read(
      `select restaurant_id as id, count(distinct business_date) as days from orders
        where _deleted_at is null group by 1`,
    )
    return found.map((row) => Number(row.days))
  }
  const busy = await syncFew(place, { more: allDay })
  expect(endOf(busy)).toEqual({ outcome: 'partial', problems: [] })
  const newest = await days()
  expect(newest).toHaveLength(2)
  const waiting = busy.events.filter(({ event }) => event === 'postponed')
  expect(waiting).toHaveLength(busy.postponed)
  expect(busy.postponed).toBeGreaterThan(0)

  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect((await days()).every((count, at) => count > (newest[at] ?? 0))).toBe(true)
  expect(await differencesOf(place)).toEqual([])
})
