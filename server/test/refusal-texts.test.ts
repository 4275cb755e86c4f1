import { readdirSync, readFileSync } from 'node:fs'
import { type RefusalCode, refusals } from '@regulars/contract/refusals'
import { hourMs } from '@regulars/contract/values/instants'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  type HarborCounter,
  openHarborCounter,
  type TestGuest,
} from './harbor-counter.ts'
import { checkOf, openTill, type Wish } from './till.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter((program) => ({
    ...program,
    multiple_redemptions: {
      ...program.multiple_redemptions,
      enable_discount_locking: false,
    },
    redeemables: [
      ...(program.redeemables ?? []),
      {
        external_id: 'not-yet',
        name: 'Next year',
        points: 10,
        start_time: '2027-01-01T00:00:00',
        receipt_rule: { qualifier_type: 'flat_discount', discount_amount: 1 },
      } as NonNullable<typeof program.redeemables>[number],
    ],
    guests: [...Object.keys(provoked), ...Object.keys(provokedItems)].flatMap((id) => [
      belongings(id, 0),
      belongings(id, 1),
    ]),
  }))
})
afterAll(() => counter.close())

function belongings(id: string, number: number) {
  return {
    id: `${id}-${number}`,
    first_name: 'Robin',
    last_name: 'Reed',
    email: `${id}-${number}@example.com`,
    qualification_points: 0,
    points: [{ amount: 100 }],
    currency: [{ amount: 10 }],
    rewards: [
      { id: 'five-off', redeemable: 'five-off', expires_in_days: 1 },
      { id: 'waterfront', redeemable: 'waterfront-fifteen-percent' },
    ],
    subscriptions: [
      { id: 'cup', plan: 'daily-cup' },
      { id: 'other-cup', plan: 'daily-cup' },
    ],
  }
}

type Table = ReturnType<typeof tableOf>
const tableOf = (counter: HarborCounter, id: string) => {
  const guest = counter.guest(`${id}-0`)
  const till = openTill(counter)
  const reward = (one: TestGuest, name: string) => ['reward', one.rewardIds.get(name) ?? 0] as const
  const subscription = (name: string) =>
    ['subscription', guest.subscriptionIds.get(name) ?? 0] as const
  return {
    guest,
    other: counter.guest(`${id}-1`),
    till,
    larimer: openTill(counter, 'larimer'),
    check: checkOf(counter.program, ['401']),
    reward,
    subscription,
    redeemable: (name: string) => ['redeemable', counter.entryId('redeemable', name)] as const,
    select: (...wishes: Wish[]) => till.select(guest, wishes),
  }
}

const raw = (headers: Record<string, string>, payload: string) => async (): Promise<Answer> => {
  const [location] = counter.program.locations
  const { business_key } = counter.program.business
  const {
    statusCode,
    headers: sent,
    body,
  } = await counter.app.inject({
    method: 'GET',
    url: '/api/pos/discounts/active',
    payload,
    headers: {
      'user-agent': 'RegularsTest/POS/1.0',
      authorization: `Token token=${location?.location_key}, btoken=${business_key}`,
      ...headers,
    },
  })
  const code = (sent['regulars-code'] as RefusalCode | undefined) ?? null
  return { status: statusCode, code, body: JSON.parse(body), replayed: false, headers: sent }
}

const json = { 'content-type': 'application/json' }

/** One request that provokes each code, where no other test does. */
const provoked: Partial<Record<RefusalCode, (table: Table) => Promise<Answer>>> = {
  malformed_request: raw(json, '{"user_id":'),
  request_too_large: raw(json, `{}${' '.repeat(1_100_000)}`),
  unsupported_media_type: raw({ 'content-type': ' ' }, '{}'),
  invalid_business_configuration: async ({ till, guest }) => {
    await till.select(guest, [['discount_amount', 1]])
    return till.unlock(guest, 'uid')
  },
  too_many_lines: ({ till, guest, check }) => {
    const line_items = Array.from({ length: 501 }, () => check.line_items[0]).flatMap((line) =>
      line === undefined ? [] : [line],
    )
    return till.query(guest, { ...check, line_items })
  },
  unknown_discount_type: ({ select }) => select(['free_lunch', 1]),
  invalid_discount_value: ({ select }) => select(['discount_amount', 0]),
  max_redemption_amount: ({ select }) => select(['discount_amount', 100_000]),
  single_subscription: ({ select, subscription }) =>
    select(subscription('cup'), subscription('other-cup')),
  invalid_code: ({ select }) => select(['redemption_code', 'NOSUCHCODE']),
  code_not_active: ({ select }) => select(['redemption_code', 'SUMMER25']),
  code_mobile_only: ({ select }) => select(['redemption_code', 'APPONLY']),
  code_exhausted: async ({ select, till, other, check }) => {
    await till.select(other, [['redemption_code', 'LASTONE']])
    await till.commit(other, check, 'last')
    return select(['redemption_code', 'LASTONE'])
  },
  code_daily_limit: async ({ select, till, guest, check }) => {
    await select(['redemption_code', 'RAINYDAY'])
    await till.commit(guest, check, 'rainy')
    return select(['redemption_code', 'RAINYDAY'])
  },
  invalid_subscription_id: ({ select }) => select(['subscription', 1]),
  insufficient_balance: ({ select }) => select(['discount_amount', 10.01]),
  insufficient_cards: ({ select }) => select(['card_completion']),
  insufficient_points: async ({ select, redeemable, till, guest, check }) => {
    await select(redeemable('sandwich-for-six'))
    return till.commit(guest, check, 'poor')
  },
  coupon_void_window: async ({ select, till, guest, check }) => {
    await select(['redemption_code', 'HC7QK2M9'])
    const { body } = await till.commit(guest, check, 'coupon')
    counter.clock.turn(25 * hourMs)
    return till.voidCommit(guest, body.redemption_ref)
  },
}

/** The same for the codes that stand beside an item of a batch. */
const provokedItems: Partial<Record<RefusalCode, (table: Table) => Promise<Answer>>> = {
  restricted_location: async ({ select, reward, guest, larimer, check }) => {
    await select(reward(guest, 'waterfront'))
    return larimer.commit(guest, check, 'inland')
  },
  not_qualified: async ({ select, redeemable, till, guest, check }) => {
    await select(redeemable('milk-on-us'))
    return till.commit(guest, check, 'no-milk')
  },
  discount_not_started: async ({ select, redeemable, till, guest, check }) => {
    await select(redeemable('not-yet'))
    return till.commit(guest, check, 'too-early')
  },
  zero_amount: async ({ select, reward, till, guest, check }) => {
    await select(reward(guest, 'five-off'), ['redemption_code', 'HC3XW8T5'])
    const [line] = check.line_items
    const cheap = { ...check, receipt_amount: 5, subtotal_amount: 5 }
    const line_items = line === undefined ? [] : [{ ...line, amount: 5 }]
    return till.commit(guest, { ...cheap, line_items }, 'nothing-left')
  },
  discount_expired: async ({ select, reward, till, guest, check }) => {
    await select(reward(guest, 'five-off'))
    counter.clock.turn(72 * hourMs)
    return till.commit(guest, check, 'too-late')
  },
}

/** Codes that no single request brings about. */
const unprovoked: Partial<Record<RefusalCode, string>> = {
  try_again: 'a guest must be changed by others twelve times between a reading and its writing',
  busy: 'more than a hundred passwords must wait at once; the limit is measured in benchmarks',
  code_busy: 'two apps must draw the same seven digits in the same moment',
  unknown_discount: 'nothing that can be selected is ever taken out of a program',
}

describe('a refusal and its text, provoked', () => {
  for (const [code, provoke] of Object.entries(provoked)) {
    test(code, async () => {
      const answer = await provoke(tableOf(counter, code))
      const { status, text } = refusals[code as RefusalCode]
      expect([answer.status, answer.code]).toEqual([status, code])
      expect(textOf(answer.body)).toMatch(worded(text))
    })
  }
  for (const [code, provoke] of Object.entries(provokedItems)) {
    test(`${code}, of an item`, async () => {
      const { status, body } = await provoke(tableOf(counter, code))
      expect(status).toBe(200)
      const failed = (body.failures as { code: string; message: string[] }[]).find(
        (one) => one.code === code,
      )
      expect(failed?.message[0], JSON.stringify(body)).toMatch(
        worded(refusals[code as RefusalCode].text),
      )
    })
  }
})

test('every code of the list is provoked by a test or has its reason, and none has both', () => {
  const here = new Set([...Object.keys(provoked), ...Object.keys(provokedItems)])
  const elsewhere = new Set(
    Object.keys(refusals).filter((code) => otherTests.some((text) => text.includes(`'${code}'`))),
  )
  const reasons = Object.keys(unprovoked)
  const missing = Object.keys(refusals).filter(
    (code) => !here.has(code) && !elsewhere.has(code) && !reasons.includes(code),
  )
  expect(missing).toEqual([])
  expect(reasons.filter((code) => here.has(code) || elsewhere.has(code))).toEqual([])
})

const folder = new URL('.', import.meta.url)
const otherTests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && file !== 'refusal-texts.test.ts')
  .map((file) => readFileSync(new URL(file.replaceAll('\\', '/'), folder), 'utf8'))

function textOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : ''
}

/** A text with its facts left open. */
function worded(text: string): RegExp {
  const parts = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.+')}$`)
}
