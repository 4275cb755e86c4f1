import { dayMs } from '@regulars/contract/values/instants'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sweepToEnd } from '../src/sweeper.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter

beforeEach(async () => {
  counter = await openHarborCounter()
})

afterEach(() => counter.close())

const dueNow = async () =>
  (
    await counter.rows('select external_id from guests where next_due_at <= $1 order by 1', [
      new Date(counter.clock.now()).toISOString(),
    ])
  ).map((row) => row.external_id)

const points = async () =>
  Object.fromEntries(
    (await counter.rows('select external_id, points_available as points from guests')).map(
      (row) => [row.external_id, row.points],
    ),
  )

test('the sweeper records for every guest what fell due, dated when it did', async () => {
  expect(await points()).toEqual({ ana: 850, ben: 190, chloe: 6200, diego: 50, mallory: 1000 })
  // Points end with the day 365 days after they were earned: Ana's 200 days ago, Mallory's 100.
  counter.clock.turn(300 * dayMs)
  expect(await dueNow()).toEqual(['ana', 'ben', 'chloe', 'diego', 'mallory'])

  await sweepToEnd(counter.deps)

  expect(await dueNow()).toEqual([])
  expect(await points()).toEqual({ ana: 550, ben: 190, chloe: 6200, diego: 50, mallory: 0 })
  const expired = await counter.rows(
    `select g.external_id as guest, e.amount, e.due_at, e.recorded_at
       from ledger_entries e join guests g using (business_id, guest_id)
      where e.to_account = 'expired' and e.unit = 'points' order by e.due_at`,
  )
  expect(expired.map(({ guest, amount }) => `${guest} ${amount}`)).toEqual([
    'ana 300',
    'mallory 1000',
  ])
  for (const { due_at, recorded_at } of expired) {
    expect(recorded_at).toBe(counter.clock.now())
    expect(due_at).toBeLessThan(recorded_at as number)
  }
  await counter.expectSound()
})

test('a second sweep at the same moment, or two at once, change nothing more', async () => {
  counter.clock.turn(400 * dayMs)
  await Promise.all([sweepToEnd(counter.deps), sweepToEnd(counter.deps)])
  const entries = 'select count(*) as entries from ledger_entries'
  const before = await counter.rows(entries)

  await sweepToEnd(counter.deps)
  expect(await counter.rows(entries)).toEqual(before)
  expect(await dueNow()).toEqual([])
  await counter.expectSound()
})

test('a guest that cannot be settled keeps no other waiting', async () => {
  const spoilt = counter.guest('ana').guestId
  await counter.rows(`update guests set counters = '{}' where guest_id = $1`, [spoilt])
  await counter.rows(`update guests set debt = 'null' where guest_id = $1`, [spoilt])
  counter.clock.turn(400 * dayMs)

  await sweepToEnd(counter.deps)
  expect(await dueNow()).toEqual(['ana'])
})

test('more guests than one page holds are all settled', async () => {
  await counter.rows(`
    insert into guests (business_id, guest_id, version, status, joined_at, last_activity_at,
                        qualifying_since, counters, debt, next_lot_no, entry_hash, next_due_at)
    select business_id, 5000000 + n, 1, 'active', joined_at, last_activity_at, qualifying_since,
           counters, debt, 1, decode(repeat('0', 64), 'hex'), next_due_at
      from guests, generate_series(1, 450) n where external_id = 'diego'`)
  counter.clock.turn(400 * dayMs)
  expect(await dueNow()).toHaveLength(455)

  await sweepToEnd(counter.deps)
  expect(await dueNow()).toEqual([])
})
