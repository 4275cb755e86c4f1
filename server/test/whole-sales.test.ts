import type { GuestEntry, ProgramFile } from '@regulars/contract/program-file'
import { minuteMs } from '@regulars/contract/values/instants'
import { adminDeleteGuest } from '@regulars/contract/wire/admin-guests'
import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { posCheckin } from '@regulars/contract/wire/checkins'
import { posActive, posLookup, posSelect } from '@regulars/contract/wire/discounts'
import { posMeta } from '@regulars/contract/wire/pos-meta'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sweepToEnd } from '../src/sweeper.ts'
import { exampleProgram } from './catalog/example-catalogs.ts'
import { expectReply } from './expect-reply.ts'
import { type Answer, type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { checkOf, type Ordered, openTill, type Wish } from './till.ts'

const zoe = {
  id: 'zoe',
  first_name: 'Zoe',
  last_name: 'Quinn',
  email: 'zoe@example.com',
  qualification_points: 0,
  visits: [{ amount: 6 }],
  points: [
    { amount: 100, earned_days_ago: 200 },
    { amount: 100, earned_days_ago: 10 },
  ],
  currency: [
    { amount: 4, expires_in_days: 20 },
    { amount: 8.5, expires_in_days: 90 },
  ],
  fuel_rate: 0.12,
  rewards: [
    { id: 'five-off', redeemable: 'five-off' },
    { id: 'welcome', redeemable: 'welcome-ten-percent', expires_in_days: 1 },
  ],
  subscriptions: [{ id: 'cup', plan: 'daily-cup', bought_days_ago: 3 }],
} satisfies GuestEntry

type MultipleRedemptions = NonNullable<ProgramFile['multiple_redemptions']>

/** A counter with Zoe alone, her till and what she owns. */
async function openForZoe(
  change: { program?: object; redemptions?: Partial<MultipleRedemptions> } = {},
) {
  const counter = await openHarborCounter((program) => ({
    ...program,
    program: { ...program.program, ...change.program } as ProgramFile['program'],
    multiple_redemptions: { ...program.multiple_redemptions, ...change.redemptions },
    guests: [zoe],
  }))
  onTestFinished(() => counter.close())
  const guest = counter.guest('zoe')
  const wishes = {
    fiveOff: ['reward', guest.rewardIds.get('five-off') ?? 0],
    tenPercent: ['reward', guest.rewardIds.get('welcome') ?? 0],
    milk: ['redeemable', counter.entryId('redeemable', 'milk-on-us')],
    cup: ['subscription', guest.subscriptionIds.get('cup') ?? 0],
    rain: ['redemption_code', 'rainyday'],
  } as const satisfies Record<string, Wish>
  return {
    counter,
    guest,
    wishes,
    till: openTill(counter),
    check: checkOf(counter.program, ['102', ['113', '501'], '401', '301', '404']),
  }
}

/** What a batch granted and refused, in its order: `reward 5`, `redeemable not_qualified`. */
function batchOf(answer: Answer): string[] {
  const { success, failures } = expectReply(posBatchRedemptions, answer)
  return [...success, ...failures].map(
    (one: { discount_type: string; discount_amount: number | null; code?: string }) =>
      `${one.discount_type} ${one.code ?? one.discount_amount}`,
  )
}

async function lotsOf({ rows }: HarborCounter, guestId: number) {
  return rows(
    `select lot_no, unit, remaining, state, expires_at from lots where guest_id = $1 order by lot_no`,
    [guestId],
  )
}

test('seven kinds of discount in one basket, to the cent, and back again', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe({
    program: { visits_per_card: 5, card_redemption_value: 6 },
    redemptions: { max_redemptions_in_transaction: 7 },
  })
  await counter.newEntries(guest.guestId)
  const before = await lotsOf(counter, guest.guestId)
  const seven: Wish[] = [
    wishes.cup,
    wishes.fiveOff,
    wishes.milk,
    ['card_completion'],
    ['discount_amount', 5],
    ['fuel_reward'],
    wishes.rain,
  ]
  const selected = await till.select(guest, seven, 'one')
  expect(expectReply(posSelect, selected).discount_basket_items).toHaveLength(7)
  expectReply(posLookup, await till.lookUp(guest, check, 'one'))
  const queried = await till.query(guest, check, 'one')
  const committed = await till.commit(guest, check, 'one')

  // 3.45 of coffee and a tenth of 3.65; 5.00 of the 25.93 left; of the milk what is left of it; the
  // fuel rate on each of the four lines that still cost something.
  expect(batchOf(committed).toSorted()).toEqual([
    'card_completion 6',
    'discount_amount 5',
    'fuel_reward 0.48',
    'redeemable 0.64',
    'redemption_code 2',
    'reward 5',
    'subscription 3.82',
  ])
  expect(batchOf(queried)).toEqual(batchOf(committed))
  const lines = (committed.body.success as { qualified_items: { amount: number }[] }[]).flatMap(
    (one) => one.qualified_items,
  )
  expect(lines.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)).toBe(2_294)
  expect((await counter.newEntries(guest.guestId)).toSorted()).toEqual([
    '100 currency guest > redeemed (redemption)',
    '120000 fuel guest > redeemed (redemption)',
    '400 currency guest > redeemed (redemption)',
    '5 visits guest > redeemed (redemption)',
    '60 points guest > redeemed (redemption)',
  ])
  await counter.expectSound()

  const voided = await till.voidCommit(guest, committed.body.redemption_ref)
  expect(voided.status).toBe(202)
  expect(await lotsOf(counter, guest.guestId)).toEqual(before)
  // All of it can be redeemed again: the code's use and the plan's benefits came back too.
  expect((await till.select(guest, seven, 'two')).status).toBe(200)
  expect(batchOf(await till.commit(guest, check, 'two'))).toEqual(batchOf(committed))
  await counter.expectSound()
})

type Sale = {
  program: string
  ordered: readonly Ordered[]
  wishes: (reward: number) => readonly Wish[]
  batch: readonly string[]
  earned: number
  entries: readonly string[]
}

const sales: readonly Sale[] = [
  {
    program: 'pier-burgers',
    ordered: ['101', '201', '301'],
    wishes: () => [['discount_amount', 12]],
    batch: ['discount_amount 12'],
    earned: 22,
    entries: [
      '1000 currency guest > redeemed (redemption)',
      '200 currency guest > redeemed (redemption)',
      '22 points earned > guest (checkin)',
      '45 points guest > converted (conversion)',
      '5 points guest > converted (conversion)',
      '500 currency converted > guest (conversion)',
    ],
  },
  {
    program: 'lantern-noodles',
    ordered: [['1', '51'], '9'],
    wishes: (reward) => [['reward', reward]],
    batch: ['reward 18.5'],
    earned: 22,
    entries: [
      '22 points earned > guest (checkin)',
      '88 points guest > converted (conversion)',
      '12 points guest > converted (conversion)',
    ],
  },
  {
    program: 'corner-bakery',
    ordered: ['11', '21', '31'],
    wishes: () => [['card_completion'], ['card_completion']],
    batch: ['card_completion 6', 'card_completion 4.75'],
    earned: 0,
    entries: [
      '5 visits guest > redeemed (redemption)',
      '5 visits guest > redeemed (redemption)',
      '1 visits earned > guest (checkin)',
    ],
  },
]

describe('a whole sale in each other kind of program', () => {
  test.each(sales)('$program', async ({ program: name, ordered, ...sale }) => {
    const program = await exampleProgram(name)
    const counter = await openHarborCounter(() => program)
    onTestFinished(() => counter.close())
    const [entry] = program.guests ?? []
    const guest = counter.guest(entry?.id ?? '')
    await counter.newEntries(guest.guestId)
    const till = openTill(counter)
    const check = checkOf(program, ordered)
    const wishes = sale.wishes([...guest.rewardIds.values()][0] ?? 0)
    expectReply(posSelect, await till.select(guest, wishes, 'sale'))
    expect(batchOf(await till.commit(guest, check, 'sale'))).toEqual(sale.batch)
    const checkedIn = await till.checkIn(entry?.email ?? '', check, 'sale')
    expect(expectReply(posCheckin, checkedIn).points_earned).toBe(sale.earned)
    expect(await counter.newEntries(guest.guestId)).toEqual(sale.entries)
    await counter.expectSound()
  })
})

test('banked currency pays down to the minimum visit amount, never below', async () => {
  const example = await exampleProgram('pier-burgers')
  const counter = await openHarborCounter(() => ({
    ...example,
    program: { ...example.program, minimum_visit_amount: 5 } as ProgramFile['program'],
  }))
  onTestFinished(() => counter.close())
  const sam = counter.guest('sam')
  const till = openTill(counter)
  await till.select(sam, [['discount_amount', 12]])
  const committed = await till.commit(sam, checkOf(example, ['101']), 'clamped')
  expect(batchOf(committed)).toEqual(['discount_amount 6.5'])
  expect(committed.body.success[0].remaining_balance).toBe(8.5)
  await counter.expectSound()
})

test('a till that queries holds the basket; another is let in when the lock lapses', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe()
  const other = openTill(counter, 'larimer')
  await till.select(guest, [wishes.fiveOff])
  expect((await till.query(guest, check, 'first')).status).toBe(200)
  for (const refused of [
    await other.active(guest, 'second'),
    await other.select(guest, [wishes.milk], 'second'),
    await other.query(guest, check, 'second'),
    await other.commit(guest, check, 'second'),
    await other.lookUp(guest, check, 'second'),
  ]) {
    expect([refused.status, refused.code]).toEqual([422, 'basket_locked'])
  }
  expect((await till.unlock(guest, 'second')).code).toBe('no_valid_basket')
  counter.clock.turn(31 * minuteMs)
  expect(expectReply(posActive, await other.active(guest, 'second')).locked).toBe(false)
  expect(batchOf(await other.commit(guest, check, 'second'))).toEqual(['reward 5'])
  await counter.expectSound()
})

test('limits: of a basket, of a class, between classes, one subscription, one of each', async () => {
  const { guest, till, wishes } = await openForZoe({
    redemptions: {
      max_redemptions_in_transaction: 2,
      exclude_interoperability_strategy_between: ['offer|promo_coupon'],
      processing_priority_by_acquisition_type: [
        { code: 'loyalty', priority: 1, multiplication_factor: 1 },
      ] as never,
    },
  })
  const refusal = async (...chosen: Wish[]) => (await till.select(guest, chosen, 'uid')).code
  expect(await refusal(wishes.fiveOff, wishes.tenPercent, wishes.milk)).toBe('redemption_limit')
  expect(await refusal(wishes.milk, ['discount_amount', 1])).toBe('category_limit')
  expect(await refusal(wishes.fiveOff, wishes.rain)).toBe('interoperability')
  expect(await refusal(wishes.fiveOff, wishes.fiveOff)).toBe('same_parameters')
  expect(await refusal(wishes.fiveOff)).toBeNull()
  expect(await refusal(wishes.fiveOff)).toBe('already_taken')
})

test('the balance at commit counts for an order of the future', async () => {
  const { counter, guest, till, check } = await openForZoe()
  const later = { ...check, receipt_datetime: '2027-01-10T10:00:00-08:00' }
  await till.select(guest, [['discount_amount', 12]], 'later')
  // By then 4.00 of it will have expired; today it has not.
  expect(batchOf(await till.commit(guest, later, 'later'))).toEqual(['discount_amount 12'])
  await counter.expectSound()
})

test('an item that expired in the basket is shown once, with its message, and gone', async () => {
  const { counter, guest, till, wishes } = await openForZoe()
  await till.select(guest, [wishes.tenPercent, wishes.fiveOff])
  counter.clock.set('2026-11-22T12:00:00-08:00')
  const first = expectReply(posActive, await till.active(guest)).discount_basket_items
  expect(first[0]).toMatchObject({
    message: ['Invalid Reward ID.'],
    code: 'discount_expired',
    discount_details: null,
  })
  expect(first).toHaveLength(2)
  const second = expectReply(posActive, await till.active(guest)).discount_basket_items
  expect(second.map((one: { discount_id: string }) => one.discount_id)).toEqual([
    String(wishes.fiveOff[1]),
  ])
  await counter.expectSound()
})

test('an item that failed stays in the basket for the next check, under a new reference', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe()
  const noMilk = checkOf(counter.program, ['401'])
  await till.select(guest, [wishes.fiveOff, wishes.milk])
  const first = await till.commit(guest, noMilk, 'first')
  expect(batchOf(first)).toEqual(['reward 5', 'redeemable not_qualified'])
  const waiting = expectReply(posActive, await till.active(guest))
  expect(waiting.discount_basket_items).toHaveLength(1)
  expect(waiting.redemption_ref).not.toBe(first.body.redemption_ref)
  // Under the uid of the first commit too, because it redeemed something else.
  expect(batchOf(await till.commit(guest, check, 'first'))).toEqual(['redeemable 0.8'])
  await counter.expectSound()
})

test('a commit asked again answers as before; after its void its key is free', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe()
  await till.select(guest, [wishes.fiveOff])
  const first = await till.commit(guest, check, 'uid')
  const again = await till.commit(guest, check, 'uid')
  expect(again).toMatchObject({ status: 200, replayed: true, body: first.body })
  const numbersAsText = { ...check, receipt_amount: '29.75', subtotal_amount: '29.750' } as never
  expect(await till.commit(guest, numbersAsText, 'uid')).toMatchObject({ replayed: true })
  const other = checkOf(counter.program, ['401'])
  expect((await till.commit(guest, other, 'uid')).code).toBe('key_reused')
  await till.voidCommit(guest, first.body.redemption_ref)
  await till.select(guest, [wishes.fiveOff])
  const second = await till.commit(guest, other, 'uid')
  expect(second.replayed).toBe(false)
  expect(batchOf(second)).toEqual(['reward 5'])
  await counter.expectSound()
})

test('a receipt corrected and voided while its points are pending', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe()
  await till.select(guest, [wishes.fiveOff])
  await till.commit(guest, check, 'pending')
  await till.checkIn('zoe@example.com', check, 'pending')
  expect((await till.storeReceipt(check)).status).toBe(200)
  await counter.newEntries(guest.guestId)
  const smaller = { ...check, ...checkOf(counter.program, ['401']) }
  counter.clock.turn(minuteMs)
  expect((await till.storeReceipt(smaller)).status).toBe(200)
  await counter.expectSound()
  expect(await pendingOf(counter, guest.guestId)).toBe(79)
  counter.clock.turn(minuteMs)
  expect((await till.storeReceipt(smaller, { status: 'void' })).status).toBe(200)
  expect(await pendingOf(counter, guest.guestId)).toBe(0)
  // What the check redeemed came back with it.
  expect((await till.select(guest, [wishes.fiveOff])).status).toBe(200)
  await counter.expectSound()
})

async function pendingOf({ rows }: HarborCounter, guestId: number): Promise<number> {
  const [found] = await rows(`select points_pending as points from guests where guest_id = $1`, [
    guestId,
  ])
  return Number(found?.points)
}

test('what guests read comes in their language, from look-up to commit and in the meta data', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe()
  const spanish = { headers: { 'accept-language': 'es-MX, en;q=0.5' } }
  const named = 'Bienvenido a bordo: diez por ciento menos'
  const selected = await till.select(guest, [wishes.tenPercent, wishes.rain], 'es', spanish)
  const looked = await till.lookUp(guest, check, 'es', spanish)
  const queried = await till.query(guest, check, 'es', spanish)
  const committed = await till.commit(guest, check, 'es', spanish)
  const details = (one: { discount_details: { name: string } }) => one.discount_details.name
  expect(details(selected.body.discount_basket_items[0])).toBe(named)
  expect(details(looked.body.selected_discounts[0])).toBe(named)
  for (const { body } of [queried, committed]) {
    expect(details(body.success[0])).toBe(named)
    expect(body.success[1].meta_data).toBe('dia-de-lluvia')
  }
  const meta = await counter.call(posMeta, {}, spanish)
  expect(JSON.stringify(expectReply(posMeta, meta))).toContain(named)
  const german = { headers: { 'accept-language': 'de' } }
  const english = await counter.call(posMeta, {}, german)
  expect(JSON.stringify(english.body)).toContain('Welcome aboard: ten percent off')
})

test('a deleted guest leaves sales that can still be voided and points that still come due', async () => {
  const { counter, guest, till, wishes, check } = await openForZoe()
  await till.select(guest, [wishes.fiveOff, ['discount_amount', 3]])
  const committed = await till.commit(guest, check, 'before')
  await till.checkIn('zoe@example.com', check, 'before')
  expect((await counter.call(adminDeleteGuest, { user_id: guest.guestId })).status).toBe(200)
  expect((await till.voidCommit(guest, committed.body.redemption_ref)).status).toBeLessThan(500)
  expect((await till.storeReceipt(check, { status: 'void' })).status).toBe(200)
  counter.clock.turn(60 * minuteMs)
  await sweepToEnd(counter.deps)
  expect(await pendingOf(counter, guest.guestId)).toBe(0)
  await counter.expectSound()
})
