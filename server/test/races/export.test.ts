import type { ProgramFile } from '@regulars/contract/program-file'
import { adminDeleteGuest } from '@regulars/contract/wire/admin-guests'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Statement } from '../../src/store/db.ts'
import { exportable, openFollower, streamNames } from '../follow-export.ts'
import { type HarborCounter, openHarborCounter } from '../harbor-counter.ts'
import { checkOf, openTill } from '../till.ts'
import { racers, rewardOf } from './racers.ts'

const sales = 24
const slowGuests = 8
const slowWrites = 30

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter((program: ProgramFile) => ({
    ...program,
    multiple_redemptions: { ...program.multiple_redemptions, enable_discount_locking: false },
    guests: [...racers('till', sales), ...racers('slow', slowGuests)],
  }))
})
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

test('readers who follow every stream while others write end with what the tables hold', async () => {
  const followers = streamNames.map((stream, at) =>
    openFollower(counter, stream, { limit: 1 + at * 3 }),
  )
  let writes = true
  const reading = followers.map(async (follower) => {
    while (writes) await follower.readPage()
  })
  await Promise.all([...tills(), ...slowWriters()])
  writes = false
  await Promise.all(reading)
  await exportable(counter)
  for (const follower of followers) await follower.readToEnd()

  for (const [at, stream] of streamNames.entries()) {
    const whole = openFollower(counter, stream, { limit: 5_000 })
    await whole.readToEnd()
    expect(sorted(followers[at]?.rows), stream).toEqual(sorted(whole.rows))
  }
  const held = Object.fromEntries(streamNames.map((stream, at) => [stream, followers[at]?.rows]))
  expect(
    [...(held.guests?.values() ?? [])]
      .map((row) => [row.guest_id, row.status, row.last_name])
      .sort(),
  ).toEqual(
    (await counter.rows('select guest_id, status, last_name from guests'))
      .map((row) => [row.guest_id, row.status, row.last_name])
      .sort(),
  )
  const [stored] = await counter.rows(`
    select (select count(*) from guests) as guests,
           (select count(*) from checkins) as checkins,
           (select count(distinct (location_id, punchh_key, business_date)) from receipts) as receipts,
           (select count(*) from commits) as redemptions,
           (select count(*) from ledger_entries) as "ledger-entries"`)
  const counted = Object.keys(stored ?? {}).map((stream) => [stream, held[stream]?.size])
  expect(Object.fromEntries(counted)).toEqual(stored)
  const voided = await counter.rows(`
    select redemption_ref from commits where state = 'voided' order by redemption_ref`)
  expect(
    [...(held.redemptions?.values() ?? [])]
      .filter(({ state }) => state === 'voided')
      .map(({ redemption_ref }) => ({ redemption_ref }))
      .sort((one, other) => (String(one.redemption_ref) < String(other.redemption_ref) ? -1 : 1)),
  ).toEqual(voided)
  expect(voided.length).toBeGreaterThanOrEqual(sales / 2)
})

function sorted(rows: ReadonlyMap<string, unknown> | undefined) {
  return [...(rows ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
}

/** Whole sales at once, so that the counter groups their writes; half are voided, some guests erased. */
function tills(): Promise<unknown>[] {
  const till = openTill(counter)
  return Array.from({ length: sales }, async (_, number) => {
    const guest = counter.guest(`till-${number}`)
    const check = checkOf(counter.program, ['113', '401'], {
      transaction_no: String(9_100 + number),
      punchh_key: String(420_000_000_000 + number),
    })
    const uid = `sale-${number}`
    await till.select(guest, [['reward', rewardOf(guest)]], uid)
    const { body } = await till.commit(guest, check, uid)
    await till.checkIn(`till-${number}@example.com`, check, uid)
    await till.storeReceipt(check)
    if (number % 2 === 0) await till.voidCommit(guest, body.redemption_ref)
    if (number % 3 === 0) await till.storeReceipt(check, { status: 'void' })
    if (number % 4 === 0) await counter.call(adminDeleteGuest, { user_id: guest.guestId })
  })
}

const rename: Statement = {
  name: 'test_rename',
  text: `
update guests set last_name = $2, changed_in = pg_current_xact_id() where guest_id = $1`,
}

/** Transactions that write early and end late, each in its own time; every fifth is undone. */
function slowWriters(): Promise<unknown>[] {
  return Array.from({ length: slowGuests }, async (_, writer) => {
    const { guestId } = counter.guest(`slow-${writer}`)
    for (let write = 0; write < slowWrites; write += 1) {
      const work = counter.deps.db.transaction(async (queries) => {
        await queries.query(rename, [guestId, `Slow-${write}`])
        await new Promise((resolve) => setTimeout(resolve, (writer * 7 + write * 13) % 23))
        if (write % 5 === 4) throw new Error('undone')
      })
      await work.catch(() => {})
    }
  })
}
