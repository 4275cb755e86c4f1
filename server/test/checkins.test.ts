import type { RefusalCode } from '@regulars/contract/refusals'
import { dayMs, minuteMs } from '@regulars/contract/values/instants'
import { posCheckin, posTransaction } from '@regulars/contract/wire/checkins'
import { posCreateUser, posSearchUsers } from '@regulars/contract/wire/pos-users'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter, type TestGuest } from './harbor-counter.ts'
import { type Check, checkOf, inMenuItems } from './till.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

let serial = 0

/** A check of 12.00 that nobody sent yet, under a uid of its own. */
function order(more: Partial<Check> & { external_uid?: string | null } = {}) {
  serial += 1
  const { external_uid = `order-${serial}`, ...check } = more
  return {
    ...inMenuItems(
      checkOf(counter.program, [], {
        line_items: [line(12)],
        receipt_amount: 12,
        subtotal_amount: 12,
        transaction_no: String(1000 + serial),
        punchh_key: String(100000000000 + serial),
        ...check,
      }),
    ),
    ...(external_uid === null ? {} : { external_uid }),
  }
}

function line(amount: number, more: object = {}) {
  return {
    item_name: 'Latte',
    item_qty: 1,
    amount,
    item_type: 'M',
    item_id: '9001',
    item_family: 'Espresso',
    item_group: 'Drinks',
    serial_number: '1.0',
    ...more,
  }
}

const pending = (points: number) => [`${points} points earned > guest_pending (checkin)`]

describe('a check-in', () => {
  test('answers the whole guest with what the check earned, which waits', async () => {
    const nova = await counter.newGuest()
    const answer = await counter.call(posCheckin, { email: nova.email, ...order() })
    const { checkin_id, ...body } = expectReply(posCheckin, answer)
    expect(body).toEqual({
      id: nova.guestId,
      first_name: 'Nova',
      last_name: 'Reyes',
      email: nova.email,
      phone: null,
      gender: '',
      birthday: null,
      anniversary: null,
      address_line1: null,
      zip_code: null,
      city: null,
      state: null,
      avatar_remote_url: null,
      fb_uid: null,
      age_verified: false,
      privacy_policy: false,
      email_verified: false,
      user_digest: `${counter.businessId}-${nova.guestId}`,
      discount_type: null,
      created_at: '2026-11-20T18:00:00Z',
      updated_at: '2026-11-20T18:00:00Z',
      balance: {
        banked_rewards: '0.00',
        membership_level: 'Deckhand',
        membership_level_id: String(counter.entryId('tier', 'deckhand')),
        expired_membership_level: null,
        net_balance: 0,
        net_debits: 0,
        pending_points: 120,
        points_balance: 0,
        signup_anniversary_day: '11/20',
        total_credits: 120,
        total_debits: '0.0',
        total_point_credits: 0,
        total_redeemable_visits: 0,
        total_visits: 0,
        initial_visits: 0,
        unredeemed_cards: 0,
      },
      rewards: [],
      selected_card_number: null,
      selected_discount_amount: null,
      selected_rewards: [],
      selected_redeemables: [],
      selected_redeemable_cards: [],
      selected_coupons: [],
      selected_subscriptions: [],
      points_earned: 120,
    })
    expect(answer.replayed).toBe(false)
    expect(await counter.newEntries(nova.guestId)).toEqual(pending(120))
    const [row] = await counter.rows('select * from checkins where checkin_id = $1', [checkin_id])
    expect(row).toMatchObject({ kind: 'pos', state: 'pending', location_id: 4101, points: 120 })
  })

  test('sent again answers the same, says so, and earns once', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order() }
    const first = await counter.call(posCheckin, members)
    const asText = { ...members, receipt_amount: '12', subtotal_amount: '12.00' }
    for (const repeat of [members, asText]) {
      const again = await counter.call(posCheckin, repeat)
      expect(again).toMatchObject({ status: 200, replayed: true, body: first.body })
    }
    expect(await counter.newEntries(nova.guestId)).toEqual(pending(120))
  })

  test('sent eight times at once earns once', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order() }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => counter.call(posCheckin, members)),
    )
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await counter.newEntries(nova.guestId)).toEqual(pending(120))
  })

  test('under a uid of another check is refused', async () => {
    const nova = await counter.newGuest()
    const members = order()
    await counter.call(posCheckin, { email: nova.email, ...members })
    const other = { email: nova.email, ...members, receipt_amount: 13, subtotal_amount: 13 }
    expectRefusal(posCheckin, await counter.call(posCheckin, other), {
      code: 'key_reused',
      status: 422,
      body: {
        error: `external_uid ${members.external_uid} was used for a different request. Use a new one for a new transaction.`,
      },
    })
  })

  test('without a uid is known by its receipt and day', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order({ external_uid: null }) }
    await counter.call(posCheckin, members)
    expect((await counter.call(posCheckin, members)).replayed).toBe(true)
    const dayBefore = { ...members, receipt_datetime: '2026-11-19T10:00:00-08:00' }
    expect(expectReply(posCheckin, await counter.call(posCheckin, dayBefore)).points_earned).toBe(
      120,
    )
    expect(await counter.newEntries(nova.guestId)).toHaveLength(2)
  })

  test('without a uid and a receipt key has nothing to be known by', async () => {
    const nova = await counter.newGuest()
    const { punchh_key, ...members } = order({ external_uid: null })
    await counter.call(posCheckin, { email: nova.email, ...members })
    await counter.call(posCheckin, { email: nova.email, ...members })
    expect(await counter.newEntries(nova.guestId)).toEqual([...pending(120), ...pending(120)])
  })

  const receiptUsed = {
    code: 'receipt_used',
    status: 422,
    body: { error: 'You cannot use the same receipt more than once.' },
  } as const

  test('of a receipt that earned already is refused, for whomever it is', async () => {
    const [nova, other] = [await counter.newGuest(), await counter.newGuest()]
    const members = order()
    await counter.call(posCheckin, { email: nova.email, ...members })
    const asOther = { email: other.email, ...members }
    expectRefusal(posCheckin, await counter.call(posCheckin, asOther), receiptUsed)
    const anew = { email: nova.email, ...members, external_uid: 'another uid' }
    expectRefusal(posCheckin, await counter.call(posCheckin, anew), receiptUsed)
    // A key of eleven digits, or a number that lost its zero, is the same key.
    const short = { email: other.email, ...order({ punchh_key: '012345678901' }) }
    await counter.call(posCheckin, short)
    const asNumber = { email: nova.email, ...order({ punchh_key: '12345678901' }) }
    expectRefusal(posCheckin, await counter.call(posCheckin, asNumber), receiptUsed)
    expect(await counter.newEntries(other.guestId)).toEqual(pending(120))
  })

  test('under the key of another store is another receipt', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order({ external_uid: null }) }
    await counter.call(posCheckin, members)
    const elsewhere = await counter.call(posCheckin, members, { at: 'larimer' })
    expect(elsewhere.replayed).toBe(false)
    expect(expectReply(posCheckin, elsewhere).points_earned).toBe(120)
  })

  const identities: { name: string; of: (ana: TestGuest) => object }[] = [
    { name: 'email', of: () => ({ email: 'ANA@example.com' }) },
    { name: 'phone', of: () => ({ phone: '415-555-0101' }) },
    { name: 'card', of: () => ({ card_number: '6000000000000101' }) },
    { name: 'user code', of: ({ guestId }) => ({ user_as_qrcode: `P${guestId}` }) },
    { name: 'redemption code', of: () => ({ redemption_code: '7340021' }) },
    { name: 'single scan code', of: () => ({ single_scan_code: '4E43DB' }) },
    { name: 'single scan code under its other name', of: () => ({ single_scan_token: '4e43db' }) },
  ]
  for (const { name, of } of identities) {
    test(`names the guest by ${name}`, async () => {
      const ana = counter.guest('ana')
      await counter.rows(
        `insert into scan_codes (business_id, guest_id, kind, code, created_at, expires_at)
         values ($1, $2, 'single_scan', '4E43DB', '2026-11-20T18:00:00Z', '2026-11-20T18:10:00Z')
         on conflict do nothing`,
        [counter.businessId, ana.guestId],
      )
      const answer = await counter.call(posCheckin, { ...of(ana), ...order() })
      expect(expectReply(posCheckin, answer).id).toBe(ana.guestId)
    })
  }

  test('names a guest without an address by the stand-in that a look-up showed', async () => {
    const made = expectReply(
      posCreateUser,
      await counter.call(posCreateUser, { phone: '4155558000' }),
    )
    const answer = await counter.call(posCheckin, { email: made.email, ...order() })
    expect(expectReply(posCheckin, answer).id).toBe(made.id)
  })

  test('gives way to the rest of the day: pending points count a quarter of an hour later', async () => {
    const nova = await counter.newGuest()
    await counter.call(posCheckin, { email: nova.email, ...order() })
    counter.clock.turn(15 * minuteMs)
    const search = await counter.call(posSearchUsers, { email: nova.email })
    expect(expectReply(posSearchUsers, search).balance).toMatchObject({
      net_balance: 120,
      pending_points: 0,
      total_visits: 1,
    })
  })

  test('that waited thirty days in a queue counts at once, and only once', async () => {
    const nova = await counter.newGuest()
    const members = {
      email: nova.email,
      ...order({ receipt_datetime: '2026-10-21T10:00:00-07:00' }),
    }
    const first = await counter.call(posCheckin, members)
    expect(expectReply(posCheckin, first).balance).toMatchObject({
      net_balance: 120,
      pending_points: 0,
    })
    counter.clock.turn(10 * dayMs)
    const again = await counter.call(posCheckin, members)
    expect(again).toMatchObject({ replayed: true, body: first.body })
    expect(await counter.newEntries(nova.guestId)).toEqual(['120 points earned > guest (checkin)'])
  })

  const worthless: { name: string; check: () => Partial<Check>; notCounted: string | null }[] = [
    {
      name: 'under the minimum of a visit',
      check: () => ({ line_items: [line(0.99)], receipt_amount: 0.99, subtotal_amount: 0.99 }),
      notCounted: 'below_minimum',
    },
    {
      name: 'of a gift card',
      check: () => ({
        line_items: [line(12, { item_family: 'gift-card' })],
      }),
      notCounted: null,
    },
  ]
  for (const { name, check, notCounted } of worthless) {
    test(`${name} is kept and earns nothing`, async () => {
      const nova = await counter.newGuest()
      const answer = await counter.call(posCheckin, { email: nova.email, ...order(check()) })
      const { points_earned, checkin_id } = expectReply(posCheckin, answer)
      const rows = await counter.rows('select not_counted from checkins where checkin_id = $1', [
        checkin_id,
      ])
      expect({ points_earned, rows }).toEqual({
        points_earned: 0,
        rows: [{ not_counted: notCounted }],
      })
      expect(await counter.newEntries(nova.guestId)).toEqual([])
    })
  }

  test('of the fourth receipt within an hour is kept and earns nothing', async () => {
    const nova = await counter.newGuest()
    const earned: number[] = []
    for (const time of ['10:00', '10:20', '10:59', '10:30', '11:20']) {
      const members = order({ receipt_datetime: `2026-11-20T${time}:00-08:00` })
      const answer = await counter.call(posCheckin, { email: nova.email, ...members })
      earned.push(expectReply(posCheckin, answer).points_earned)
    }
    expect(earned).toEqual([120, 120, 120, 0, 120])
  })

  const refused: {
    name: string
    members: object
    code: RefusalCode
    status: number
    error: string
  }[] = [
    {
      name: 'of nobody',
      members: {},
      code: 'missing_parameter',
      status: 400,
      error: 'Required parameter missing or the value is empty: email',
    },
    {
      name: 'without an amount',
      members: { email: 'ana@example.com', receipt_amount: '' },
      code: 'missing_parameter',
      status: 400,
      error: 'Required parameter missing or the value is empty: receipt_amount',
    },
    {
      name: 'with a line that has no name',
      members: { email: 'ana@example.com', menu_items: [{ item_qty: 1 }] },
      code: 'missing_parameter',
      status: 400,
      error: 'Required parameter missing or the value is empty: item_name_0',
    },
    {
      name: 'of a negative amount',
      members: { email: 'ana@example.com', receipt_amount: -1 },
      code: 'invalid_receipt_amount',
      status: 422,
      error: 'Invalid Receipt Amount',
    },
    {
      name: 'by a single scan code that ran out',
      members: { single_scan_code: '4E43DB' },
      code: 'invalid_single_scan_code',
      status: 404,
      error: 'Invalid or Expired Single Scan Code',
    },
    {
      name: 'of a stranger',
      members: { email: 'stranger@example.com' },
      code: 'user_not_found',
      status: 404,
      error: 'User not found',
    },
    {
      name: 'of a banned guest',
      members: { email: 'mallory@example.com' },
      code: 'guest_banned',
      status: 422,
      error:
        'Guest is not allowed to earn/redeem as he/she is banned or deactivated from the Loyalty program',
    },
  ]
  for (const operation of [posCheckin, posTransaction]) {
    for (const { name, members, code, status, error } of refused) {
      test(`${operation.name} ${name} is refused with ${code}`, async () => {
        const answer = await counter.call(operation, { ...order(), ...members })
        expectRefusal(operation, answer, { code, status, body: { error } })
      })
    }
  }
})

describe('a visit that earns nothing', () => {
  test('is kept, answers the guest, and may earn as a check-in besides', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order() }
    const answer = await counter.call(posTransaction, members)
    const body = expectReply(posTransaction, answer)
    expect(body).toMatchObject({ id: nova.guestId, balance: { net_balance: 0, total_visits: 0 } })
    expect(await counter.newEntries(nova.guestId)).toEqual([])
    const visits = await counter.rows(
      'select kind, points, visits, external_uid from checkins where guest_id = $1',
      [nova.guestId],
    )
    expect(visits).toEqual([
      { kind: 'visit', points: 0, visits: 0, external_uid: members.external_uid },
    ])
    expectReply(posCheckin, await counter.call(posCheckin, members))
    expect(await counter.newEntries(nova.guestId)).not.toEqual([])
  })

  test('sent again answers the same; under its uid another is refused', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order() }
    const first = await counter.call(posTransaction, members)
    const again = await counter.call(posTransaction, members)
    expect(again).toMatchObject({ replayed: true, body: first.body })
    const other = { ...members, receipt_amount: 13, subtotal_amount: 13 }
    expect((await counter.call(posTransaction, other)).code).toBe('key_reused')
    const rows = await counter.rows('select kind from checkins where guest_id = $1', [nova.guestId])
    expect(rows).toEqual([{ kind: 'visit' }])
  })

  test('without a uid is known by its receipt and day', async () => {
    const nova = await counter.newGuest()
    const members = { email: nova.email, ...order({ external_uid: null }) }
    await counter.call(posTransaction, members)
    expect((await counter.call(posTransaction, members)).replayed).toBe(true)
    expect((await counter.call(posTransaction, members, { at: 'larimer' })).replayed).toBe(false)
  })
})

test('the first refusal that applies is reported: guest, then location, then uid', async () => {
  const closed = await openHarborCounter((file) => ({
    ...file,
    locations: file.locations.map((one) => ({ ...one, checkins_allowed: one.id !== 'pier' })),
  }))
  try {
    for (const operation of [posCheckin, posTransaction]) {
      const members = order()
      const nova = await closed.newGuest()
      const codeOf = async (more: object, at: string) =>
        (await closed.call(operation, { ...members, ...more }, { at })).code
      expect(await codeOf({ email: 'mallory@example.com' }, 'pier')).toBe('guest_banned')
      expect(await codeOf({ email: nova.email }, 'larimer')).toBe(null)
      expect(await codeOf({ email: nova.email, subtotal_amount: 1 }, 'larimer')).toBe('key_reused')
      const answer = await closed.call(
        operation,
        { ...members, email: nova.email, subtotal_amount: 1 },
        { at: 'pier' },
      )
      expectRefusal(operation, answer, {
        code: 'feature_disabled',
        status: 422,
        body: {
          error:
            'Your current loyalty program configuration does not support this feature. Please connect with your Customer Success representative for resolution of the issue.',
        },
      })
    }
  } finally {
    await closed.close()
  }
})
