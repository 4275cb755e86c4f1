import { adminSupportGift } from '@regulars/contract/wire/admin-gifting'
import { adminLedger } from '@regulars/contract/wire/ledger'
import type { ReplyOf } from '@regulars/contract/wire/operation'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyLedger } from '../../src/maintenance/verify.ts'
import { expectReply } from '../expect-reply.ts'
import { type HarborCounter, openHarborCounter } from '../harbor-counter.ts'

/** More than two pages of guests. */
const guestCount = 450

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter((program) => ({
    ...program,
    guests: Array.from({ length: guestCount }, (_, number) => ({
      id: `guest-${number}`,
      first_name: 'Guest',
      last_name: String(number),
      email: `guest-${number}@example.com`,
      // Some have nothing in their ledger, first and last ones among them.
      points: number % 3 === 0 ? [] : [{ amount: 100 + number, earned_days_ago: 3 }],
    })),
  }))
})
afterAll(() => counter.close())

const gift = (id: string, points: number) =>
  counter.call(adminSupportGift, { user_id: counter.guest(id).guestId, gift_count: points })

describe('a verification', () => {
  test('reads every guest and every entry, page by page', async () => {
    const [row] = await counter.rows('select count(*) as entries from ledger_entries')
    const pages: number[] = []
    const verified = await verifyLedger(counter.deps.db, ({ guests, guestsTotal }) => {
      expect(guestsTotal).toBe(guestCount)
      pages.push(guests)
    })
    expect(verified).toEqual({ guests: guestCount, entries: row?.entries, differences: [] })
    expect(pages).toEqual([200, 400, 450])
  })

  test('is not misled by what is written while it reads', async () => {
    const written: Promise<unknown>[] = []
    const verified = await verifyLedger(counter.deps.db, () => {
      written.push(gift('guest-0', 5), gift('guest-300', 5), gift('guest-449', 5))
    })
    await Promise.all(written)
    expect(verified.differences).toEqual([])
    await counter.expectSound()
  })
})

test('a snapshot sees the database as it was, and writes nothing', async () => {
  const { db } = counter.deps
  const count = { name: 'count_entries', text: 'select count(*) as entries from ledger_entries' }
  const seen = await db.snapshot(async (queries) => {
    const [before] = await queries.query(count, [])
    await gift('guest-3', 7)
    const [after] = await queries.query(count, [])
    return { before, after }
  })
  expect(seen.after).toEqual(seen.before)
  const [now] = await db.query(count, [])
  expect(Number(now?.entries)).toBe(Number(seen.before?.entries) + 1)

  const write = { name: 'delete_codes', text: 'delete from codes' }
  await expect(db.snapshot((queries) => queries.query(write, []))).rejects.toThrow('read-only')
})

describe("a guest's ledger", () => {
  const read = (guestId: number, members: object = {}) =>
    counter.call(adminLedger, members, { params: { guest_id: guestId }, inQuery: true })

  test('comes in pages that join, with the balances of all', async () => {
    const { guestId } = counter.guest('guest-6')
    for (const points of [10, 20, 30, 40, 50]) await gift('guest-6', points)
    await counter.call(adminSupportGift, { user_id: guestId, reward_amount: 2.5 })

    const amounts: string[] = []
    const seqs: number[] = []
    let after: number | null = 0
    while (after !== null) {
      const answer = await read(guestId, { after, limit: 2 })
      const page: ReplyOf<typeof adminLedger> = expectReply(adminLedger, answer)
      expect(page.entries.length).toBeLessThanOrEqual(2)
      expect(page.balances.points).toEqual({ available: 150, pending: 0, owed: 0 })
      expect(page.balances.currency).toEqual({ available: 2.5, pending: 0, owed: 0 })
      seqs.push(...page.entries.map(({ seq }) => seq))
      amounts.push(...page.entries.map(({ amount, unit }) => `${amount} ${unit}`))
      after = page.next_after
    }
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6])
    expect(amounts).toEqual([
      '10 points',
      '20 points',
      '30 points',
      '40 points',
      '50 points',
      '2.5 currency',
    ])
  })

  test('without entries, or past its end, is an empty page', async () => {
    const { guestId } = counter.guest('guest-9')
    const empty = expectReply(adminLedger, await read(guestId))
    expect(empty).toMatchObject({ user_id: guestId, entries: [], next_after: null })
    const past = expectReply(adminLedger, await read(guestId, { after: 9_007_199_254_740_991 }))
    expect(past).toEqual(empty)
  })

  test('of nobody is refused', async () => {
    expect(await read(1)).toMatchObject({ status: 404, code: 'user_not_found' })
  })
})
