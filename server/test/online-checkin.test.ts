import { minuteMs } from '@regulars/contract/values/instants'
import {
  onlineCheckin,
  onlineUpdateCheckin,
  onlineVoidCheckin,
} from '@regulars/contract/wire/checkins'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type Answer, type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter

beforeAll(async () => {
  counter = await openHarborCounter()
})

afterAll(() => counter.close())

let serial = 0
const nextUid = () => `web-${++serial}`

/** An order of drip coffee for so many dollars, just paid for. */
function order(externalUid: string, dollars: number, members: object = {}) {
  return {
    store_number: '0007',
    external_uid: externalUid,
    transaction_no: 8812,
    receipt_amount: dollars,
    subtotal_amount: dollars,
    payable: '11.85',
    receipt_datetime: new Date(counter.clock.now()).toISOString(),
    menu_items: [
      {
        item_name: 'Drip',
        item_qty: 1,
        item_amount: dollars,
        menu_item_type: 'M',
        menu_item_id: '1001',
        serial_number: '1',
      },
    ],
    ...members,
  }
}

const send = (members: object, id = 'ben') =>
  counter.call(onlineCheckin, members, { as: counter.guest(id) })
const amend = (members: object, id = 'ben') =>
  counter.call(onlineUpdateCheckin, members, { as: counter.guest(id) })
const withdraw = (externalUid: string, id = 'ben') =>
  counter.call(onlineVoidCheckin, { external_uid: externalUid }, { as: counter.guest(id) })

function checkinOf(answer: Answer) {
  const { checkin } = expectReply(onlineCheckin, answer)
  const { points_earned, pending_points, pending_refresh } = checkin
  return { points_earned, pending_points, pending_refresh }
}

const pending = (points: number) => ({
  points_earned: 0,
  pending_points: points,
  pending_refresh: true,
})
const earned = (points: number) => ({
  points_earned: points,
  pending_points: 0,
  pending_refresh: false,
})

// Visits are counted three to an hour: each test has an hour of its own.
function nextHour() {
  counter.clock.turn(61 * minuteMs)
}

describe('an online order', () => {
  test('without any line earns on its subtotal, though the program earns by a criterion', async () => {
    nextHour()
    const answer = await send(order(nextUid(), 8, { menu_items: undefined, state: 'committed' }))
    expect(checkinOf(answer)).toEqual(earned(80))
  })

  test('waits as long as the program says, then counts by itself', async () => {
    nextHour()
    const { guestId } = counter.guest('chloe')
    await counter.newEntries(guestId)
    const uid = nextUid()
    const answer = await send(order(uid, 10), 'chloe')
    // Chloé is a captain: half as much again.
    expect(checkinOf(answer)).toEqual(pending(150))
    expect(answer.body).toMatchObject({ first_name: 'Chloé', checkin: { external_uid: uid } })
    expect(await counter.newEntries(guestId)).toEqual([
      '150 points earned > guest_pending (checkin)',
    ])

    counter.clock.turn(16 * minuteMs)
    expectRefusal(onlineVoidCheckin, await withdraw(uid, 'chloe'), {
      code: 'checkin_not_pending',
      status: 417,
      body: {
        error: {
          message: `Checkin associated with external_uid ${uid} has been committed.`,
          code: 'commited',
        },
      },
    })
    await counter.expectSound()
  })

  test('sent twice is answered the same, and earns once', async () => {
    nextHour()
    const members = order(nextUid(), 7, { state: 'committed' })
    const [one, other] = await Promise.all([send(members), send(members)])
    expect(one.body).toEqual(other.body)
    expect([one.replayed, other.replayed].sort()).toEqual([false, true])
    const asText = await send({ ...members, receipt_amount: '7.00', subtotal_amount: '7' })
    expect([asText.body, asText.replayed]).toEqual([one.body, true])
  })

  test('under a uid of another order is refused', async () => {
    nextHour()
    const uid = nextUid()
    await send(order(uid, 7))
    expectRefusal(onlineCheckin, await send(order(uid, 8)), {
      code: 'key_reused',
      status: 422,
      body: {
        error: `external_uid ${uid} was used for a different request. Use a new one for a new transaction.`,
      },
    })
  })

  test('for a store that is not there is refused', async () => {
    expectRefusal(onlineCheckin, await send(order(nextUid(), 7, { store_number: 604 })), {
      code: 'location_not_found',
      status: 422,
      body: { error: 'There is no store 604 in this business.' },
    })
  })

  test('with an amount that cannot be read is refused', async () => {
    const members = order(nextUid(), 7, { receipt_amount: 'seven' })
    expectRefusal(onlineCheckin, await send(members), {
      code: 'invalid_receipt_amount',
      status: 422,
      body: { error: 'Invalid Receipt Amount' },
    })
  })

  test('of a banned guest is refused', async () => {
    const [banned] = (counter.program.guests ?? []).filter((guest) => guest.banned === true)
    expect(banned).toBeDefined()
    expectRefusal(onlineCheckin, await send(order(nextUid(), 7), banned?.id), {
      code: 'guest_banned',
      status: 422,
      body: {
        error:
          'Guest is not allowed to earn/redeem as he/she is banned or deactivated from the Loyalty program',
      },
    })
  })

  for (const missing of ['store_number', 'external_uid', 'receipt_amount', 'receipt_datetime']) {
    test(`without ${missing} is refused`, async () => {
      const members = order(nextUid(), 7, { [missing]: '' })
      expectRefusal(onlineCheckin, await send(members), {
        code: 'missing_parameter',
        status: 400,
        body: { error: `Required parameter missing or the value is empty: ${missing}` },
      })
    })
  }
})

describe('a pending order', () => {
  test('counts for nothing however long it waits, until it is committed', async () => {
    nextHour()
    const { guestId } = counter.guest('ben')
    const uid = nextUid()
    expect(checkinOf(await send(order(uid, 10, { state: 'pending' })))).toEqual(pending(100))
    await counter.newEntries(guestId)
    counter.clock.turn(3 * 60 * minuteMs)
    const [checkin] = await counter.rows('select state from checkins where external_uid = $1', [
      uid,
    ])
    expect(checkin).toEqual({ state: 'pending' })

    expect(checkinOf(await amend(order(uid, 12, { state: 'committed' })))).toEqual(earned(120))
    expect(await counter.newEntries(guestId)).toEqual([
      '100 points guest_pending > reversed (correction)',
      '120 points earned > guest_pending (correction)',
      '120 points guest_pending > guest (approval)',
    ])
    await counter.expectSound()
  })

  test('is replaced whole by each amendment', async () => {
    nextHour()
    const uid = nextUid()
    const first = await send(order(uid, 10, { state: 'pending' }))
    expect(checkinOf(await amend(order(uid, 25)))).toEqual(pending(250))
    const last = await amend(order(uid, 4, { state: 'pending' }))
    expect(checkinOf(last)).toEqual(pending(40))
    expect(last.body.checkin).toMatchObject({
      checkin_id: first.body.checkin.checkin_id,
      created_at: first.body.checkin.created_at,
    })
    await counter.expectSound()
  })

  test('is committed by sending it again as committed', async () => {
    nextHour()
    const uid = nextUid()
    const members = order(uid, 10, { state: 'pending' })
    await send(members)
    const committed = await send({ ...members, state: 'committed' })
    expect(checkinOf(committed)).toEqual(earned(100))
    const again = await send({ ...members, state: 'committed' })
    expect([again.body, again.replayed]).toEqual([committed.body, true])
  })

  test('answers a repeated commit as the first one, and refuses any other change after it', async () => {
    nextHour()
    const uid = nextUid()
    await send(order(uid, 10, { state: 'pending' }))
    const committing = order(uid, 11, { state: 'committed' })
    const committed = await amend(committing)
    const again = await amend(committing)
    expect([again.body, again.replayed]).toEqual([committed.body, true])

    const refused = {
      code: 'checkin_not_pending',
      status: 417,
      body: {
        error: {
          message: `Checkin associated with external_uid ${uid} has been committed.`,
          code: 'commited',
        },
      },
    } as const
    for (const change of [
      order(uid, 12),
      { ...committing, state: 'pending' },
      { ...committing, state: 'void' },
    ]) {
      expectRefusal(onlineUpdateCheckin, await amend(change), refused)
    }
    expectRefusal(onlineVoidCheckin, await withdraw(uid), refused)
  })

  for (const way of ['DELETE', 'PUT with state void', 'POST with state void']) {
    test(`is taken back by ${way}, twice as well as once, and its uid is free again`, async () => {
      nextHour()
      const { guestId } = counter.guest('ben')
      const uid = nextUid()
      const members = order(uid, 10, { state: 'pending' })
      await send(members)
      await counter.newEntries(guestId)
      const take = () => {
        if (way === 'DELETE') return withdraw(uid)
        return way.startsWith('PUT')
          ? amend({ ...members, state: 'void' })
          : send({ ...members, state: 'void' })
      }
      const [first, second] = [await take(), await take()]
      expect([first.status, second.status]).toEqual(way === 'DELETE' ? [202, 202] : [200, 200])
      expect(first.body).toEqual(second.body)
      expect(await counter.newEntries(guestId)).toEqual([
        '100 points guest_pending > reversed (checkin_void)',
      ])
      expect(checkinOf(await send(members))).toEqual(pending(100))
      await counter.expectSound()
    })
  }

  test('that nobody sent cannot be amended or taken back', async () => {
    const uid = nextUid()
    const refused = {
      code: 'checkin_not_found',
      status: 417,
      body: {
        error: {
          message: `Checkin associated with external_uid ${uid} not found`,
          code: 'not_found',
        },
      },
    } as const
    expectRefusal(onlineUpdateCheckin, await amend(order(uid, 5)), refused)
    expectRefusal(onlineVoidCheckin, await withdraw(uid), refused)
    expectRefusal(onlineCheckin, await send(order(uid, 5, { state: 'void' })), refused)
  })

  test('of one guest is not there for another', async () => {
    nextHour()
    const uid = nextUid()
    await send(order(uid, 10, { state: 'pending' }))
    expect((await withdraw(uid, 'chloe')).code).toBe('checkin_not_found')
  })
})
