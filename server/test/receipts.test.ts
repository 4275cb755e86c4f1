import type { RefusalCode } from '@regulars/contract/refusals'
import { dayMs, minuteMs, secondMs } from '@regulars/contract/values/instants'
import { receiptDetails } from '@regulars/contract/wire/receipt-details'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { gift } from './gift.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { type Check, checkOf, openTill, type Till } from './till.ts'

let counter: HarborCounter
let till: Till
beforeAll(async () => {
  counter = await openHarborCounter()
  till = openTill(counter)
})
beforeEach(() => counter.clock.set('2026-11-20T18:00:00Z'))
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

let serial = 0

/** A check of its own over so much. */
function checkOver(amount: number, more: Partial<Check> = {}): Check {
  serial += 1
  const [line] = checkOf(counter.program, ['101']).line_items
  if (line === undefined) throw new Error('the menu has the item')
  return checkOf(counter.program, [], {
    transaction_no: String(5000 + serial),
    punchh_key: String(200000000000 + serial),
    receipt_amount: amount,
    subtotal_amount: amount,
    line_items: [{ ...line, amount }],
    ...more,
  })
}

/** The same check, corrected to so much. */
function corrected(check: Check, amount: number): Check {
  const line_items = check.line_items.map((line) => ({ ...line, amount }))
  return { ...check, line_items, receipt_amount: amount, subtotal_amount: amount }
}

async function store(check: Check, more: object = {}): Promise<void> {
  counter.clock.turn(secondMs)
  expect(expectReply(receiptDetails, await till.storeReceipt(check, more))).toEqual({})
}

function versionsOf({ punchh_key }: Check) {
  return counter.rows(
    `select version_no, subtotal_cents, void, test, transaction_no from receipts
      where punchh_key = $1 order by business_date, version_no`,
    [punchh_key],
  )
}

/** A guest who has earned for a check, with the quarter of an hour that points wait over or not. */
async function earned(amount: number, state: 'pending' | 'approved') {
  const nova = await counter.newGuest()
  const check = checkOver(amount)
  const uid = `uid-${check.transaction_no}`
  await till.checkIn(nova.email, check, uid)
  await store(check)
  if (state === 'approved') counter.clock.turn(16 * minuteMs)
  await counter.newEntries(nova.guestId)
  return { nova, check, uid }
}

const balanceOf = async (guestId: number) => {
  const [row] = await counter.rows(
    'select points_available, points_pending from guests where guest_id = $1',
    [guestId],
  )
  return row
}

describe('a receipt', () => {
  test('is stored whole for a check of nobody', async () => {
    const check = checkOver(7.5)
    await store(check)
    expect(await versionsOf(check)).toEqual([
      {
        version_no: 1,
        subtotal_cents: 750,
        void: false,
        test: false,
        transaction_no: check.transaction_no,
      },
    ])
  })

  const gaps = [
    { gapMs: 0, versions: [[1, 900]] },
    { gapMs: 999, versions: [[1, 900]] },
    {
      gapMs: 1_000,
      versions: [
        [1, 1_000],
        [2, 900],
      ],
    },
  ]
  for (const { gapMs, versions } of gaps) {
    test(`posted again after ${gapMs} ms leaves ${versions.length} versions`, async () => {
      const check = checkOver(10)
      await till.storeReceipt(check)
      counter.clock.turn(gapMs)
      await till.storeReceipt(corrected(check, 9))
      const stored = await versionsOf(check)
      expect(stored.map((row) => [row.version_no, row.subtotal_cents])).toEqual(versions)
    })
  }

  test('of the next business day, or of another store, is another receipt', async () => {
    const check = checkOver(10)
    await store(check)
    await store({ ...check, receipt_datetime: '2026-11-21T00:00:01-08:00' })
    expectReply(receiptDetails, await openTill(counter, 'larimer').storeReceipt(check))
    expect((await versionsOf(check)).map((row) => row.version_no)).toEqual([1, 1, 1])
  })

  test('of a night before midnight in its store keeps its day', async () => {
    const check = checkOver(10, { receipt_datetime: '2026-11-20T23:59:00-08:00' })
    await store(check)
    const [row] = await counter.rows('select business_date from receipts where punchh_key = $1', [
      check.punchh_key,
    ])
    expect(row).toEqual({ business_date: '2026-11-20' })
  })

  test('with a key of eleven digits is the receipt of the twelve', async () => {
    const check = checkOver(10, { punchh_key: '012345678999' })
    await store(check)
    await store({ ...check, punchh_key: '12345678999' })
    expect((await versionsOf(check)).map((row) => row.version_no)).toEqual([1, 2])
  })

  const refused: { name: string; more: object; code: RefusalCode; status: number; body: object }[] =
    [
      {
        name: 'a transaction number',
        more: { transaction_no: null },
        code: 'missing_parameter',
        status: 400,
        body: { error: 'Required parameter missing or the value is empty: transaction_no' },
      },
      {
        name: 'a receipt key',
        more: { punchh_key: '' },
        code: 'missing_parameter',
        status: 400,
        body: { error: 'Required parameter missing or the value is empty: punchh_key' },
      },
      {
        name: 'a readable amount',
        more: { receipt_amount: 'ten' },
        code: 'invalid_receipt_amount',
        status: 422,
        body: { error: 'Invalid Receipt Amount' },
      },
    ]
  for (const { name, more, ...expected } of refused) {
    test(`without ${name} is refused with ${expected.code}`, async () => {
      expectRefusal(receiptDetails, await till.storeReceipt(checkOver(10), more), expected)
    })
  }

  test('under keys that are not there is refused in a list', async () => {
    const headers = { authorization: 'Token token=nobody, btoken=nobody' }
    expectRefusal(receiptDetails, await counter.call(receiptDetails, {}, { headers }), {
      code: 'invalid_location_key',
      status: 401,
      body: ['Invalid LocationKey'],
    })
  })
})

describe('a price correction', () => {
  const corrections = [
    {
      name: 'down while pending',
      state: 'pending',
      to: 8,
      entries: [
        '100 points guest_pending > reversed (correction)',
        '80 points earned > guest_pending (correction)',
      ],
      balance: { points_available: 0, points_pending: 80 },
    },
    {
      name: 'up while pending',
      state: 'pending',
      to: 15,
      entries: [
        '100 points guest_pending > reversed (correction)',
        '150 points earned > guest_pending (correction)',
      ],
      balance: { points_available: 0, points_pending: 150 },
    },
    {
      name: 'below the minimum while pending',
      state: 'pending',
      to: 0.99,
      entries: ['100 points guest_pending > reversed (correction)'],
      balance: { points_available: 0, points_pending: 0 },
    },
    {
      name: 'to the same amount',
      state: 'pending',
      to: 10,
      entries: [],
      balance: { points_available: 0, points_pending: 100 },
    },
    {
      name: 'down after approval',
      state: 'approved',
      to: 8,
      entries: [
        '100 points guest_pending > guest (approval)',
        '20 points guest > reversed (correction)',
      ],
      balance: { points_available: 80, points_pending: 0 },
    },
    {
      name: 'below the minimum after approval',
      state: 'approved',
      to: 0.99,
      entries: [
        '100 points guest_pending > guest (approval)',
        '100 points guest > reversed (correction)',
      ],
      balance: { points_available: 0, points_pending: 0 },
    },
    {
      name: 'up after approval, which is too late',
      state: 'approved',
      to: 15,
      entries: ['100 points guest_pending > guest (approval)'],
      balance: { points_available: 100, points_pending: 0 },
    },
  ] as const
  for (const { name, state, to, entries, balance } of corrections) {
    test(name, async () => {
      const { nova, check } = await earned(10, state)
      await store(corrected(check, to))
      expect(await counter.newEntries(nova.guestId)).toEqual(entries)
      expect(await balanceOf(nova.guestId)).toEqual(balance)
      // Posted once more, it changes nothing.
      await store(corrected(check, to))
      expect(await counter.newEntries(nova.guestId)).toEqual([])
    })
  }

  test('leaves the check-in known by what the till sent', async () => {
    const { nova, check, uid } = await earned(10, 'pending')
    await store(corrected(check, 8))
    expect((await till.checkIn(nova.email, check, uid)).replayed).toBe(true)
    expect(await counter.newEntries(nova.guestId)).toHaveLength(2)
  })

  test('does not make a visit count that came too soon after three others', async () => {
    const nova = await counter.newGuest()
    const checks = ['10:00', '10:05', '10:10', '10:15'].map((time) =>
      checkOver(10, { receipt_datetime: `2026-11-20T${time}:00-08:00` }),
    )
    for (const check of checks) await till.checkIn(nova.email, check)
    counter.clock.turn(dayMs)
    const last = checks.at(-1)
    if (last === undefined) throw new Error('there is a last check')
    await store(corrected(last, 8))
    expect(await balanceOf(nova.guestId)).toMatchObject({ points_pending: 0 })
    expect((await counter.newEntries(nova.guestId)).at(-1)).toContain('approval')
  })

  test('of a receipt that waited thirty days in a queue reaches what earned then', async () => {
    const nova = await counter.newGuest()
    const check = checkOver(10, { receipt_datetime: '2026-10-21T10:00:00-07:00' })
    await till.checkIn(nova.email, check)
    for (const amount of [10, 8, 8]) await store(corrected(check, amount))
    expect(await counter.newEntries(nova.guestId)).toEqual([
      '100 points earned > guest (checkin)',
      '20 points guest > reversed (correction)',
    ])
  })
})

describe('a void', () => {
  const voids = [
    { state: 'pending', entries: ['100 points guest_pending > reversed (checkin_void)'] },
    {
      state: 'approved',
      entries: [
        '100 points guest_pending > guest (approval)',
        '100 points guest > reversed (checkin_void)',
      ],
    },
  ] as const
  for (const { state, entries } of voids) {
    test(`takes back what a check earned that is ${state}, once`, async () => {
      const { nova, check } = await earned(10, state)
      for (const spelled of ['void', 'VOID']) await store(check, { status: spelled })
      expect(await counter.newEntries(nova.guestId)).toEqual(entries)
      expect(await balanceOf(nova.guestId)).toEqual({ points_available: 0, points_pending: 0 })
    })
  }

  test('stands: a check-in that is retried after it earns nothing', async () => {
    const { nova, check, uid } = await earned(10, 'pending')
    await store(check, { status: 'void' })
    await counter.newEntries(nova.guestId)
    expect(await till.checkIn(nova.email, check, uid)).toMatchObject({
      status: 422,
      code: 'receipt_void',
      body: { error: 'This check was voided and earns nothing.' },
    })
    // Reopened, it is a check again.
    await store(check)
    expect((await till.checkIn(nova.email, check, uid)).status).toBe(200)
    expect(await counter.newEntries(nova.guestId)).toEqual([
      '100 points earned > guest_pending (checkin)',
    ])
  })

  for (const named of ['by its check-in', 'by the uid of the receipt'] as const) {
    test(`gives back what the order redeemed, known ${named}`, async () => {
      const nova = await counter.newGuest()
      const rewardId = await gift(counter, nova, 'five-off')
      const check = checkOver(10)
      const uid = `order-${check.transaction_no}`
      await till.select(nova, [['reward', rewardId]], uid)
      const commit = await till.commit(nova, check, uid)
      expect(commit.body.success).toHaveLength(1)
      if (named === 'by its check-in') await till.checkIn(nova.email, check, uid)
      await store(check, {
        status: 'void',
        ...(named === 'by its check-in' ? {} : { external_uid: uid }),
      })
      const rewards = await counter.rows('select status from rewards where reward_id = $1', [
        rewardId,
      ])
      const commits = await counter.rows('select state from commits where guest_id = $1', [
        nova.guestId,
      ])
      expect({ rewards, commits }).toEqual({
        rewards: [{ status: 'unredeemed' }],
        commits: [{ state: 'voided' }],
      })
      expect((await till.select(nova, [['reward', rewardId]], 'next order')).status).toBe(200)
    })
  }

  test('leaves alone what another store redeemed under the same uid', async () => {
    const nova = await counter.newGuest()
    const rewardId = await gift(counter, nova, 'five-off')
    const check = checkOver(10)
    const larimer = openTill(counter, 'larimer')
    await larimer.select(nova, [['reward', rewardId]], '1001')
    expect((await larimer.commit(nova, check, '1001')).body.success).toHaveLength(1)
    await till.checkIn(nova.email, check, '1001')
    await store(check, { status: 'void', external_uid: '1001' })
    const commits = await counter.rows('select state from commits where guest_id = $1', [
      nova.guestId,
    ])
    expect(commits).toEqual([{ state: 'committed' }])
    expect(await balanceOf(nova.guestId)).toEqual({ points_available: 0, points_pending: 0 })
  })

  test('of a check of nobody is only stored', async () => {
    const check = checkOver(10)
    await store(check)
    await store(check, { status: 'void' })
    expect((await versionsOf(check)).map((row) => row.void)).toEqual([false, true])
  })
})

test('a test receipt is stored and changes nothing for anybody', async () => {
  const { nova, check } = await earned(10, 'pending')
  await store(corrected(check, 5), { is_test: 1 })
  await store(check, { is_test: true, status: 'void' })
  expect(await counter.newEntries(nova.guestId)).toEqual([])
  expect((await versionsOf(check)).map((row) => [row.test, row.void])).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ])
})
