import type { RefusalCode } from '@regulars/contract/refusals'
import { dayMs, hourMs, minuteMs, secondMs } from '@regulars/contract/values/instants'
import { onlineCheckin } from '@regulars/contract/wire/checkins'
import { mobileBarcodeCheckin, mobileQrCheckin } from '@regulars/contract/wire/mobile-checkins'
import { mobileDriveThruCode, mobileSingleScanTokens } from '@regulars/contract/wire/mobile-codes'
import { posSearchUsers } from '@regulars/contract/wire/pos-users'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { barcodeOf, keyOfBarcode, keyOfQrCode } from '../src/actions/punchh-key.ts'
import { sweepToEnd } from '../src/sweeper.ts'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter, type TestGuest } from './harbor-counter.ts'
import { type Check, checkOf, openTill, type Till } from './till.ts'

let counter: HarborCounter
let till: Till
beforeAll(async () => {
  counter = await openHarborCounter((file) => ({
    ...file,
    locations: file.locations.map((one) => ({
      ...one,
      checkins_allowed: one.id !== 'red-hook',
      single_scan_enabled: one.id !== 'red-hook',
    })),
    claims: { receipt_age_days: 7, minimum_amount: 2, wait_hours: 48 },
  }))
  till = openTill(counter)
})
beforeEach(() => counter.clock.set('2026-11-20T18:00:00Z'))
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

let serial = 0

/** A check of its own over 10.00 or so much. */
function newCheck(amount = 10, more: Partial<Check> = {}): Check {
  serial += 1
  return checkOf(counter.program, [], {
    ...checkOf(counter.program, ['101']),
    receipt_amount: amount,
    subtotal_amount: amount,
    line_items: checkOf(counter.program, ['101']).line_items.map((one) => ({ ...one, amount })),
    transaction_no: String(7000 + serial),
    punchh_key: String(300000000000 + serial),
    ...more,
  })
}

const scan = (guest: TestGuest, { punchh_key }: Check, more: object = {}) =>
  counter.call(mobileBarcodeCheckin, { bar_code: barcodeOf(punchh_key), ...more }, { as: guest })

const base = (text: string) => ({ errors: { base: [text] } })
const refusals = {
  used: {
    code: 'receipt_used',
    status: 422,
    body: base('You cannot use the same receipt more than once.'),
  },
  badBarcode: { code: 'bar_code_invalid', status: 422, body: base('This bar code is not valid.') },
  badQr: { code: 'qr_code_invalid', status: 422, body: base('Invalid QR Code.') },
  minimum: {
    code: 'minimum_checkin',
    status: 422,
    body: base('The minimum checkin amount is $2.00.'),
  },
  old: {
    code: 'receipt_too_old',
    status: 422,
    body: base('This receipt is too old to be accepted.'),
  },
  many: {
    code: 'multiple_receipts',
    status: 422,
    body: base(
      "You aren't allowed to scan multiple receipts in one visit, please try again later.",
    ),
  },
  awaited: {
    code: 'receipt_awaited',
    status: 422,
    body: base(
      "We are looking for your check, but it's taking longer than expected. Once we find it, we'll let you know and add it to your account.",
    ),
  },
} as const satisfies Record<string, { code: RefusalCode; status: number; body: unknown }>

const earned = ['100 points earned > guest_pending (checkin)']

function claimsOf({ guestId }: TestGuest) {
  return counter.rows('select state from receipt_claims where guest_id = $1 order by claimed_at', [
    guestId,
  ])
}

describe('a printed code', () => {
  const barcodes = [
    ['3157882326401', '315788232640'],
    ['3749510020609', '374951002060'],
    ['1234567890128', '123456789012'],
    [' 3157 8823 2640-1 ', '315788232640'],
    ['123456789012', '012345678901'],
    ['0123456789012', '012345678901'],
    ['3157882326402', null],
    ['315788232640', null],
    ['31578823264011', null],
    ['', null],
    ['P1000042', null],
  ] as const
  for (const [scanned, key] of barcodes) {
    test(`the barcode "${scanned}" holds ${key ?? 'no key'}`, () => {
      expect(keyOfBarcode(scanned)).toBe(key)
    })
  }

  const qrCodes = [
    ['315788232640', '315788232640'],
    ['3157882326401', '315788232640'],
    ['3157882326402', null],
    ['15788232640', '015788232640'],
    ['12345678901234567890', '12345678901234567890'],
    ['https://example.com/claim?punchh_key=315788232640', '315788232640'],
    ['https://example.com/claim?a=1&punchh_key=3157882326401&b=2', '315788232640'],
    ['https://example.com/claim?key=315788232640', null],
    ['1234567', null],
  ] as const
  for (const [scanned, key] of qrCodes) {
    test(`the QR code "${scanned}" holds ${key ?? 'no key'}`, () => {
      expect(keyOfQrCode(scanned)).toBe(key)
    })
  }
})

describe('a claim', () => {
  test('of a stored receipt earns, once for one guest', async () => {
    const [nova, other] = [await counter.newGuest(), await counter.newGuest()]
    const check = newCheck()
    await till.storeReceipt(check)
    const answer = await scan(nova, check)
    const { checkin_id, ...body } = expectReply(mobileBarcodeCheckin, answer)
    expect(checkin_id).toBeGreaterThan(0)
    expect(body).toEqual({
      created_at: '2026-11-20T18:00:00Z',
      external_uid: null,
      points_earned: 0,
      pending_points: 100,
      pending_refresh: true,
      bar_code: barcodeOf(check.punchh_key),
      current_membership_level: 'Deckhand',
      first_checkin: true,
      location_id: 4101,
      store_number: '0007',
      expiring_on: null,
    })
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check), refusals.used)
    expectRefusal(mobileBarcodeCheckin, await scan(other, check), refusals.used)
    expect(await counter.newEntries(nova.guestId)).toEqual(earned)
    expect(await counter.newEntries(other.guestId)).toEqual([])
  })

  test('of an older receipt counts at once, and says when its points run out', async () => {
    const nova = await counter.newGuest()
    const check = newCheck(10, { receipt_datetime: '2026-11-19T10:00:00-08:00' })
    await till.storeReceipt(check)
    const qr = { qr_decoded: check.punchh_key }
    const answer = await counter.call(mobileQrCheckin, qr, { as: nova })
    expect(expectReply(mobileQrCheckin, answer)).toMatchObject({
      points_earned: 100,
      pending_points: 0,
      pending_refresh: false,
      expiring_on: '2027-11-20',
    })
    const again = newCheck()
    await till.storeReceipt(again)
    expect(expectReply(mobileBarcodeCheckin, await scan(nova, again)).first_checkin).toBe(false)
  })

  test('by eight guests at once earns for one', async () => {
    const guests = await Promise.all(Array.from({ length: 8 }, () => counter.newGuest()))
    const check = newCheck()
    await till.storeReceipt(check)
    const answers = await Promise.all(guests.map((guest) => scan(guest, check)))
    expect(answers.map(({ code }) => code ?? 'earned').toSorted()).toEqual([
      'earned',
      ...Array.from({ length: 7 }, () => 'receipt_used'),
    ])
  })

  test('of a check the guest earned for at the till is refused, stored or not', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await till.checkIn(nova.email, check, 'at the till')
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check), refusals.used)
    await till.storeReceipt(check)
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check), refusals.used)
  })

  test('of a check that another channel earned for already is refused', async () => {
    const [nova, other] = [await counter.newGuest(), await counter.newGuest()]
    const ordered = newCheck()
    await till.checkIn(nova.email, ordered, 'web order')
    const check = newCheck()
    await till.storeReceipt(check, { vendor_transaction_no: ordered.transaction_no })
    expectRefusal(mobileBarcodeCheckin, await scan(other, check), refusals.used)
  })

  test('of an order that another channel took keeps that channel from earning for it again', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await till.storeReceipt(check, { vendor_transaction_no: 'web-771' })
    expectReply(mobileBarcodeCheckin, await scan(nova, check))
    const order = {
      store_number: '0007',
      external_uid: 'web-771',
      transaction_no: 'web-771',
      receipt_amount: 12,
      receipt_datetime: check.receipt_datetime,
    }
    expectRefusal(onlineCheckin, await counter.call(onlineCheckin, order, { as: nova }), {
      code: 'receipt_used',
      status: 422,
      body: { error: 'You cannot use the same receipt more than once.' },
    })
    const other = { ...order, external_uid: 'web-772', transaction_no: 'web-772' }
    expectReply(onlineCheckin, await counter.call(onlineCheckin, other, { as: nova }))
  })

  test('at a named store finds only what that store printed', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await openTill(counter, 'larimer').storeReceipt(check)
    const elsewhere = await scan(nova, check, { location_id: 4101 })
    expectRefusal(mobileBarcodeCheckin, elsewhere, refusals.awaited)
    const there = await scan(nova, check, { location_id: 4102 })
    expect(expectReply(mobileBarcodeCheckin, there)).toMatchObject({ location_id: 4102 })
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check, { location_id: 9 }), {
      code: 'location_not_found',
      status: 422,
      body: base('There is no store 9 in this business.'),
    })
  })

  test('a till that checks the guest in afterwards hears what the claim earned', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await till.storeReceipt(check)
    await scan(nova, check)
    const answer = await till.checkIn(nova.email, check, 'late')
    expect(answer).toMatchObject({ status: 200, replayed: true, body: { points_earned: 100 } })
    expect(await counter.newEntries(nova.guestId)).toEqual(earned)
  })

  const refused: {
    name: string
    check: () => Check
    more?: object
    at?: string
    expected: { code: RefusalCode; status: number; body: unknown }
  }[] = [
    { name: 'under the minimum', check: () => newCheck(1.99), expected: refusals.minimum },
    {
      name: 'older than a week',
      check: () => newCheck(10, { receipt_datetime: '2026-11-13T09:59:59-08:00' }),
      expected: refusals.old,
    },
    {
      name: 'under the minimum and too old',
      check: () => newCheck(1, { receipt_datetime: '2026-10-01T10:00:00-08:00' }),
      expected: refusals.minimum,
    },
    {
      name: 'that was voided',
      check: newCheck,
      more: { status: 'void' },
      expected: refusals.badBarcode,
    },
    {
      name: 'that was a test',
      check: newCheck,
      more: { is_test: 1 },
      expected: refusals.awaited,
    },
    {
      name: 'of a store where nothing earns',
      check: newCheck,
      at: 'red-hook',
      expected: {
        code: 'feature_disabled',
        status: 422,
        body: base(
          'Your current loyalty program configuration does not support this feature. Please connect with your Customer Success representative for resolution of the issue.',
        ),
      },
    },
  ]
  for (const { name, check: make, more = {}, at, expected } of refused) {
    test(`of a receipt ${name} is refused with ${expected.code}`, async () => {
      const nova = await counter.newGuest()
      const check = make()
      await openTill(counter, at).storeReceipt(check, more)
      expectRefusal(mobileBarcodeCheckin, await scan(nova, check), expected)
      expect(await counter.newEntries(nova.guestId)).toEqual([])
    })
  }

  test('of a receipt exactly a week old, at exactly the minimum, earns', async () => {
    const nova = await counter.newGuest()
    const check = newCheck(2, { receipt_datetime: '2026-11-13T10:00:00-08:00' })
    await till.storeReceipt(check)
    expect(expectReply(mobileBarcodeCheckin, await scan(nova, check)).points_earned).toBe(20)
  })

  test('of a fourth receipt within the hour is refused and can be repeated', async () => {
    const nova = await counter.newGuest()
    const checks = [newCheck(), newCheck(), newCheck(), newCheck()]
    const answers = []
    for (const check of checks) {
      await till.storeReceipt(check)
      answers.push(await scan(nova, check))
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 422])
    const [, , , last] = answers
    if (last !== undefined) expectRefusal(mobileBarcodeCheckin, last, refusals.many)
    expect(last?.headers).toMatchObject({ 'regulars-retry': 'yes' })
  })

  test('that cannot be read is refused before anything else', async () => {
    const mallory = counter.guest('mallory')
    const bar = await counter.call(
      mobileBarcodeCheckin,
      { bar_code: '3157882326402', location_id: 9 },
      { as: mallory },
    )
    expectRefusal(mobileBarcodeCheckin, bar, refusals.badBarcode)
    const qr = await counter.call(mobileQrCheckin, { qr_decoded: 'no key' }, { as: mallory })
    expectRefusal(mobileQrCheckin, qr, refusals.badQr)
    const banned = await scan(mallory, newCheck())
    expect(banned).toMatchObject({ status: 422, code: 'guest_banned' })
    const nothing = await counter.call(mobileBarcodeCheckin, {}, { as: mallory })
    expectRefusal(mobileBarcodeCheckin, nothing, {
      code: 'missing_parameter',
      status: 400,
      body: {
        errors: {
          missing_required_param: ['Required parameter missing or the value is empty: bar_code'],
        },
      },
    })
    const nobody = await counter.call(mobileQrCheckin, { qr_decoded: '315788232640' })
    expectRefusal(mobileQrCheckin, nobody, {
      code: 'invalid_access_token',
      status: 403,
      body: {
        errors: {
          invalid_access_token: [
            'Error: access_token not found or is incorrect! Valid access_token of the user required.',
          ],
        },
      },
    })
  })
})

describe('a claim that came before its receipt', () => {
  test('is kept once, and earns when the receipt lands', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check), refusals.awaited)
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check), refusals.awaited)
    expect(await claimsOf(nova)).toEqual([{ state: 'waiting' }])
    await till.storeReceipt(check)
    expect(await claimsOf(nova)).toEqual([{ state: 'settled' }])
    expect(await counter.newEntries(nova.guestId)).toEqual(earned)
    expectRefusal(mobileBarcodeCheckin, await scan(nova, check), refusals.used)
  })

  test('is settled by the check-in at the till, and the receipt adds nothing', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await scan(nova, check)
    await till.checkIn(nova.email, check, 'after the scan')
    expect(await claimsOf(nova)).toEqual([{ state: 'settled' }])
    await till.storeReceipt(check)
    expect(await counter.newEntries(nova.guestId)).toEqual(earned)
  })

  test('of two guests earns for who scanned first; the other is refused by the sweeper', async () => {
    const [nova, other] = [await counter.newGuest(), await counter.newGuest()]
    const check = newCheck()
    await scan(nova, check)
    counter.clock.turn(secondMs)
    await scan(other, check)
    await till.storeReceipt(check)
    await sweepToEnd(counter.deps)
    expect([await claimsOf(nova), await claimsOf(other)]).toEqual([
      [{ state: 'settled' }],
      [{ state: 'refused' }],
    ])
    expect(await counter.newEntries(other.guestId)).toEqual([])
  })

  test('at another store than the guest named goes on waiting', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await scan(nova, check, { location_id: 4101 })
    await openTill(counter, 'larimer').storeReceipt(check)
    await sweepToEnd(counter.deps)
    expect(await claimsOf(nova)).toEqual([{ state: 'waiting' }])
  })

  test('is refused when the receipt that lands may not be claimed', async () => {
    const nova = await counter.newGuest()
    const check = newCheck(1.99)
    await scan(nova, check)
    await till.storeReceipt(check)
    expect(await claimsOf(nova)).toEqual([{ state: 'refused' }])
    expect(await counter.newEntries(nova.guestId)).toEqual([])
  })

  test('is judged by the age the receipt had when it was scanned', async () => {
    const nova = await counter.newGuest()
    const check = newCheck(10, { receipt_datetime: '2026-11-13T10:00:00-08:00' })
    await scan(nova, check)
    counter.clock.turn(dayMs)
    await till.storeReceipt(check)
    expect(await claimsOf(nova)).toEqual([{ state: 'settled' }])
  })

  test('is settled by the sweeper when both came at the same moment', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await till.storeReceipt(check)
    // As it stands when the scan read before the receipt was written, and wrote after it was.
    await counter.rows(
      `insert into receipt_claims (business_id, guest_id, punchh_key, kind, state, claimed_at,
                                   waits_until)
       values ($1, $2, $3, 'barcode', 'waiting', '2026-11-20T18:00:00Z', '2026-11-22T18:00:00Z')`,
      [counter.businessId, nova.guestId, check.punchh_key],
    )
    await sweepToEnd(counter.deps)
    expect(await claimsOf(nova)).toEqual([{ state: 'settled' }])
    expect(await counter.newEntries(nova.guestId)).toEqual(earned)
  })

  test('lapses after the hours the program waits', async () => {
    const nova = await counter.newGuest()
    const check = newCheck()
    await scan(nova, check)
    counter.clock.turn(48 * hourMs - 1)
    await sweepToEnd(counter.deps)
    expect(await claimsOf(nova)).toEqual([{ state: 'waiting' }])
    counter.clock.turn(1)
    await sweepToEnd(counter.deps)
    expect(await claimsOf(nova)).toEqual([{ state: 'lapsed' }])
    await till.storeReceipt(check)
    expect(await counter.newEntries(nova.guestId)).toEqual([])
  })
})

describe('a code that a guest shows', () => {
  const make = (guest: TestGuest, members: object = {}) =>
    counter.call(mobileSingleScanTokens, members, { as: guest })
  const makeShort = (guest: TestGuest, members: object = { location_id: 4101 }) =>
    counter.call(mobileDriveThruCode, members, { as: guest })
  const search = (members: object) => counter.call(posSearchUsers, members)

  test('finds the guest until it runs out or the next one is made', async () => {
    const nova = await counter.newGuest()
    const first = expectReply(mobileSingleScanTokens, await make(nova))
    expect(first).toEqual({
      single_scan_code: expect.stringMatching(/^[0-9A-F]{6}$/),
      expires_in: '2026-11-20T18:10:00Z',
      created_at: '2026-11-20T18:00:00Z',
    })
    const found = await search({ single_scan_code: first.single_scan_code })
    expect(expectReply(posSearchUsers, found).id).toBe(nova.guestId)
    const second = expectReply(mobileSingleScanTokens, await make(nova))
    expect((await search({ single_scan_code: first.single_scan_code })).status).toBe(404)
    counter.clock.turn(10 * minuteMs - 1)
    expect((await search({ single_scan_code: second.single_scan_code })).status).toBe(200)
    counter.clock.turn(1)
    expect((await search({ single_scan_code: second.single_scan_code })).status).toBe(404)
  })

  test('as a short code brings payment and single scan code to the till', async () => {
    const nova = await counter.newGuest()
    const wanted = {
      payment_type: 'creditcard',
      transaction_token: 'card-1',
      tip: '1.5',
      short_code: 'true',
      location_id: '4101',
    }
    const made = expectReply(mobileSingleScanTokens, await make(nova, wanted))
    expect(made).toEqual({
      short_code: expect.stringMatching(/^[A-Z0-9]{4}$/),
      location_id: 4101,
      expiring_at: '2026-11-20T18:30:00Z',
      new_short_code_generated: true,
    })
    const found = expectReply(posSearchUsers, await search({ drive_thru_code: made.short_code }))
    expect(found).toMatchObject({
      id: nova.guestId,
      single_scan_code: expect.stringMatching(/^[0-9A-F]{6}$/),
      payment_mode: 'CreditCard',
      selected_tip_amount: '1.50',
    })
    counter.clock.turn(minuteMs)
    const again = expectReply(mobileSingleScanTokens, await make(nova, wanted))
    expect(again).toEqual({
      ...made,
      expiring_at: '2026-11-20T18:31:00Z',
      new_short_code_generated: false,
    })
  })

  test('at a drive-through identifies, is kept while it lives, and replaced when it ran out', async () => {
    const nova = await counter.newGuest()
    const made = expectReply(mobileDriveThruCode, await makeShort(nova))
    expect(made).toEqual({
      short_code: expect.stringMatching(/^[A-Z0-9]{4}$/),
      expiring_at: '2026-11-20T18:30:00Z',
      new_short_code_generated: true,
    })
    const found = expectReply(posSearchUsers, await search({ drive_thru_code: made.short_code }))
    expect(found).toMatchObject({ id: nova.guestId, payment_mode: null })
    expect(found).not.toHaveProperty('single_scan_code')
    const kept = expectReply(mobileDriveThruCode, await makeShort(nova))
    expect(kept).toMatchObject({ short_code: made.short_code, new_short_code_generated: false })
    counter.clock.turn(30 * minuteMs)
    expect((await search({ drive_thru_code: made.short_code })).code).toBe('short_code_expired')
    const next = expectReply(mobileDriveThruCode, await makeShort(nova))
    expect(next.new_short_code_generated).toBe(true)
  })

  const off =
    'This feature is currently turned off for this location. Please reach out to the Punchh Support team for more information.'
  const banned = 'This guest has been banned or deactivated from the loyalty program'
  const param = (name: string) => ({
    errors: {
      missing_required_param: `Required parameter missing or the value is empty: ${name}`,
    },
  })
  const refused: {
    name: string
    guest?: string
    members: object
    expected: { code: RefusalCode; status: number; body: unknown }
  }[] = [
    {
      name: 'an unknown payment type',
      members: { payment_type: 'Cash' },
      expected: {
        code: 'invalid_payment_type',
        status: 422,
        body: { errors: 'Invalid Payment Type' },
      },
    },
    {
      name: 'a gift card without its number',
      members: { payment_type: 'GiftCard' },
      expected: { code: 'missing_parameter', status: 400, body: param('gift_card_uuid') },
    },
    {
      name: 'a recurring card without its token',
      members: { payment_type: 'recurring' },
      expected: { code: 'missing_parameter', status: 400, body: param('transaction_token') },
    },
    {
      name: 'a short code for nowhere',
      members: { short_code: true },
      expected: {
        code: 'short_code_location',
        status: 422,
        body: { errors: 'While requesting for short code, Location Id is mandatory.' },
      },
    },
    {
      name: 'a store where it is off',
      members: { location_id: 4103 },
      expected: { code: 'location_feature_disabled', status: 422, body: { errors: off } },
    },
    {
      name: 'a banned guest, whatever is asked',
      guest: 'mallory',
      members: { payment_type: 'Cash' },
      expected: { code: 'guest_banned_code', status: 422, body: { errors: banned } },
    },
  ]
  for (const { name, guest = 'ben', members, expected } of refused) {
    test(`is refused for ${name}`, async () => {
      const answer = await make(counter.guest(guest), members)
      expectRefusal(mobileSingleScanTokens, answer, expected)
    })
  }

  test('is refused without a guest or to an unknown client, as this operation words it', async () => {
    expectRefusal(mobileSingleScanTokens, await counter.call(mobileSingleScanTokens), {
      code: 'invalid_access_token',
      status: 401,
      body: {
        errors: {
          unauthorized: [
            'An active access token must be used to query information about the current user.',
          ],
        },
      },
    })
    const stranger = await counter.call(mobileSingleScanTokens, { client: 'stranger' })
    expectRefusal(mobileSingleScanTokens, stranger, {
      code: 'unknown_client',
      status: 401,
      body: {
        errors: {
          unknown_client: ['Client ID is incorrect. Please check client param or contact us'],
        },
      },
    })
  })

  test('at a drive-through is refused without a store, to banned guests, and where it is off', async () => {
    expectRefusal(mobileDriveThruCode, await makeShort(counter.guest('ben'), {}), {
      code: 'missing_parameter',
      status: 400,
      body: { errors: { location_id: 'Required parameter missing or the value is empty.' } },
    })
    expectRefusal(mobileDriveThruCode, await makeShort(counter.guest('mallory')), {
      code: 'guest_banned_code',
      status: 422,
      body: { errors: banned },
    })
    const other = await openHarborCounter((file) => ({ ...file, drive_thru: { enabled: false } }))
    try {
      const as = other.guest('ben')
      const answer = await other.call(mobileDriveThruCode, { location_id: 4101 }, { as })
      expectRefusal(mobileDriveThruCode, answer, {
        code: 'drive_thru_disabled',
        status: 422,
        body: { errors: 'Drive-thru feature not enabled' },
      })
    } finally {
      await other.close()
    }
  })
})
