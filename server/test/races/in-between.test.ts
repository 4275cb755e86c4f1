import { adminBanGuest, adminUnbanGuest } from '@regulars/contract/wire/admin-guests'
import {
  onlineCheckin,
  onlineUpdateCheckin,
  posCheckin,
  posTransaction,
} from '@regulars/contract/wire/checkins'
import { mobileBarcodeCheckin } from '@regulars/contract/wire/mobile-checkins'
import type { Operation } from '@regulars/contract/wire/operation'
import { receiptDetails } from '@regulars/contract/wire/receipt-details'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimReceipt } from '../../src/actions/claim-receipt.ts'
import { barcodeOf } from '../../src/actions/punchh-key.ts'
import { buildApp } from '../../src/app.ts'
import type { Deps } from '../../src/deps.ts'
import type { Db } from '../../src/store/db.ts'
import { openRecorder } from '../../src/store/recorder.ts'
import { sweepToEnd } from '../../src/sweeper.ts'
import { type HarborCounter, openHarborCounter, type TestGuest } from '../harbor-counter.ts'
import { type Check, checkOf, inMenuItems, openTill, type Till } from '../till.ts'
import { outcome, racers, rewardOf, withRacers } from './racers.ts'

let counter: HarborCounter
let till: Till
beforeAll(async () => {
  counter = await openHarborCounter(withRacers(racers('ban', 1), { locking: false }))
  till = openTill(counter)
})
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

let serial = 0
function newCheck(): Check {
  serial += 1
  return checkOf(counter.program, ['113', '401'], {
    transaction_no: String(8_000 + serial),
    punchh_key: String(400_000_000_000 + serial),
  })
}

/** A server for which something happens once, right before or after a statement. */
function serverWhere(
  moment: { before?: string; after?: string },
  happens: () => Promise<unknown>,
): Deps {
  const { deps } = counter
  let isDue = true
  const once = async (name: string, awaited: string | undefined) => {
    if (!isDue || name !== awaited) return
    isDue = false
    await happens()
  }
  const db: Db = {
    ...deps.db,
    async query(statement, values) {
      await once(statement.name, moment.before)
      const rows = await deps.db.query(statement, values)
      await once(statement.name, moment.after)
      return rows
    },
  }
  return { ...deps, db, recorder: openRecorder(db, deps.now) }
}

/** One call of a till to such a server. */
async function callTo(server: Deps, { path }: Operation, members: object) {
  const app = buildApp(server)
  const { business, locations } = counter.program
  const response = await app.inject({
    method: 'POST',
    url: path,
    payload: JSON.stringify(members),
    headers: {
      'user-agent': 'RegularsTest/POS/1.0',
      authorization: `Token token=${locations[0]?.location_key}, btoken=${business.business_key}`,
    },
  })
  await app.close()
  return { status: response.statusCode, code: response.headers['regulars-code'] ?? null }
}

const answered = { status: 200, code: null }

async function lineOf({ guestId }: TestGuest): Promise<unknown> {
  const [row] = await counter.rows(
    'select points_available, points_pending from guests where guest_id = $1',
    [guestId],
  )
  return row
}

const nothing = { points_available: 0, points_pending: 0 }
const all = { points_available: 0, points_pending: 126 }

describe('a receipt', () => {
  test('that would settle a claim is stored although somebody else earns for it in between', async () => {
    const [nova, other] = [await counter.newGuest(), await counter.newGuest()]
    const check = newCheck()
    const scan = { bar_code: barcodeOf(check.punchh_key) }
    await counter.call(mobileBarcodeCheckin, scan, { as: nova })
    const server = serverWhere({ before: 'record' }, () =>
      till.checkIn(other.email, check, `other-${serial}`),
    )
    expect(await callTo(server, receiptDetails, inMenuItems(check))).toEqual(answered)
    const versions = await counter.rows('select version_no from receipts where punchh_key = $1', [
      check.punchh_key,
    ])
    expect(versions).toEqual([{ version_no: 1 }])
    await sweepToEnd(counter.deps)
    expect([await lineOf(nova), await lineOf(other)]).toEqual([nothing, all])
  })

  test('that is a void takes back a check-in that came in before it was written', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    const server = serverWhere({ before: 'insert_receipt' }, () =>
      till.checkIn(nova.email, check, `void-${serial}`),
    )
    const voided = { ...inMenuItems(check), status: 'void' }
    expect(await callTo(server, receiptDetails, voided)).toEqual(answered)
    expect(await lineOf(nova)).toEqual(nothing)
  })

  test('that is a void takes back a check-in that was decided before it and written after', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    const server = serverWhere({ after: 'gather' }, () =>
      till.storeReceipt(check, { status: 'void' }),
    )
    const late = { email: nova.email, ...inMenuItems(check), external_uid: `late-${serial}` }
    expect(await callTo(server, posCheckin, late)).toEqual(answered)
    expect(await lineOf(nova)).toEqual(nothing)
  })
})

test('a claim whose receipt is voided while it earns is taken back', async () => {
  const nova = await counter.newGuest()
  const check = newCheck()
  await till.storeReceipt(check)
  counter.clock.turn(2_000)
  const server = serverWhere({ after: 'gather' }, () =>
    till.storeReceipt(check, { status: 'void' }),
  )
  const scanned = barcodeOf(check.punchh_key)
  const id = { businessId: counter.businessId, guestId: nova.guestId }
  await claimReceipt(server, { ...id, kind: 'barcode', scanned, locationId: null })
  expect(await lineOf(nova)).toEqual(nothing)
})

describe('a till that lost the reply and asks again after the guest was banned', () => {
  const ban = (guest: TestGuest) =>
    counter.call(adminBanGuest, { user_id: guest.guestId, reason: 'test' })
  const unban = (guest: TestGuest) => counter.call(adminUnbanGuest, { user_id: guest.guestId })

  test('hears what its commit redeemed', async () => {
    const guest = counter.guest('ban-0')
    const check = newCheck()
    await till.select(guest, [['reward', rewardOf(guest)]])
    const first = await till.commit(guest, check, 'before the ban')
    await ban(guest)
    const again = await till.commit(guest, check, 'before the ban')
    const another = await till.commit(guest, check, 'after the ban')
    await unban(guest)
    expect([outcome(again), outcome(another)]).toEqual(['200 stored', '422 guest_banned'])
    expect(again.body).toEqual(first.body)
  })

  test('hears what its check-in, its visit and its online order earned', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    const visit = { email: nova.email, ...inMenuItems(check), external_uid: 'before the ban' }
    const order = {
      ...inMenuItems(newCheck()),
      external_uid: 'online before the ban',
      store_number: counter.program.locations[0]?.store_number,
      channel: 'online_order',
    }
    const calls = [
      () => till.checkIn(nova.email, check, 'before the ban'),
      () => counter.call(posTransaction, visit),
      () => counter.call(onlineCheckin, { ...order, state: 'pending' }, { as: nova }),
      () => counter.call(onlineUpdateCheckin, { ...order, state: 'committed' }, { as: nova }),
    ]
    const first = []
    for (const call of calls) first.push(await call())
    await ban(nova)
    const again = []
    for (const call of calls) again.push(await call())
    expect(first.map(outcome)).toEqual(['200', '200', '200', '200'])
    expect(again.map(outcome)).toEqual(['200 stored', '200 stored', '200 stored', '200 stored'])
  })
})
