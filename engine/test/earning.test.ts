import { micros } from '@regulars/contract/values/exact'
import { hourMs, minuteMs } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import { describe, expect, test } from 'vitest'
import {
  type Account,
  balances,
  correctCheckin,
  earn,
  earnedPoints,
  figures,
  type Program,
  restore,
  rewardEndsAt,
  settle,
  spend,
  type Tier,
} from '../src/engine.ts'
import {
  banking,
  checkinIn,
  holding,
  later,
  local,
  newcomer,
  opening,
  program,
  remaining,
  visit,
  zone,
} from './account-facts.ts'

const half = micros(1_500_000)
const tier = (given: Partial<Tier> = {}): Tier => ({
  tierId: 1,
  name: 'Regular',
  minimumPoints: 0,
  maximumPoints: null,
  earningMultiplier: micros(1_000_000),
  conversion: null,
  ...given,
})

describe('points of a receipt', () => {
  const cases: {
    name: string
    eligibleCents: number
    given: Partial<Program>
    tier?: Tier
    expected: number
  }[] = [
    { name: 'E01: 4.99 at 1, floored', eligibleCents: 499, given: {}, expected: 4 },
    {
      name: 'E02: 9.50 at 10, the amount rounded first',
      eligibleCents: 950,
      given: { earningRate: micros(10_000_000), rounding: { rule: 'round', stage: 'before' } },
      expected: 100,
    },
    {
      name: 'E02: 9.50 at 10, the points floored after',
      eligibleCents: 950,
      given: { earningRate: micros(10_000_000) },
      expected: 95,
    },
    {
      name: 'E03: 23.40 at 1 in a tier of 1.5, floored after',
      eligibleCents: 2340,
      given: {},
      tier: tier({ earningMultiplier: half }),
      expected: 35,
    },
    {
      name: 'E03: 23.40 at 1 in a tier of 1.5, the amount rounded first',
      eligibleCents: 2340,
      given: { rounding: { rule: 'round', stage: 'before' } },
      tier: tier({ earningMultiplier: half }),
      expected: 34,
    },
    { name: 'E04: 18.60 left by an exclusion', eligibleCents: 1860, given: {}, expected: 18 },
    { name: 'E05: 15.00 left after a discount', eligibleCents: 1500, given: {}, expected: 15 },
    {
      name: 'a cent over a whole unit, rounded up',
      eligibleCents: 401,
      given: { rounding: { rule: 'ceil', stage: 'after' } },
      expected: 5,
    },
    {
      name: 'half a point, rounded',
      eligibleCents: 450,
      given: { rounding: { rule: 'round', stage: 'after' } },
      expected: 5,
    },
    {
      name: 'a cent short of half a point, rounded',
      eligibleCents: 449,
      given: { rounding: { rule: 'round', stage: 'after' } },
      expected: 4,
    },
    { name: 'an amount below zero', eligibleCents: -500, given: {}, expected: 0 },
    {
      name: 'a visits program',
      eligibleCents: 5000,
      given: { programType: 'visits' },
      expected: 0,
    },
    {
      name: 'an amount and a rate whose product no double holds exactly',
      eligibleCents: 99_999_999_999,
      given: { earningRate: micros(1_234_567) },
      tier: tier({ earningMultiplier: micros(1_000_001) }),
      expected: 1_234_568_234,
    },
  ]
  for (const { name, eligibleCents, given, tier: held = null, expected } of cases) {
    test(`${name} earns ${expected}`, () => {
      const earned = earnedPoints(program(given), {
        tier: held,
        eligibleCents: cents(eligibleCents),
      })
      expect(earned).toBe(expected)
    })
  }
})

describe('conversion when points are approved', () => {
  const cases = [
    {
      name: 'E06',
      had: 95,
      earns: 23,
      threshold: 50,
      worth: 500,
      reserved: 0,
      bank: 1000,
      left: 18,
    },
    {
      name: 'E07',
      had: 40,
      earns: 60,
      threshold: 100,
      worth: 1000,
      reserved: 0,
      bank: 1000,
      left: 0,
    },
    {
      name: 'E08',
      had: 600,
      earns: 100,
      threshold: 100,
      worth: 1000,
      reserved: 500,
      bank: 2000,
      left: 500,
    },
    {
      name: 'one short',
      had: 0,
      earns: 49,
      threshold: 50,
      worth: 500,
      reserved: 0,
      bank: 0,
      left: 49,
    },
    {
      name: 'exactly the reserve and one short of a batch',
      had: 500,
      earns: 99,
      threshold: 100,
      worth: 1000,
      reserved: 500,
      bank: 0,
      left: 599,
    },
  ]
  for (const { name, had, earns, threshold, worth, reserved, bank, left } of cases) {
    test(`${name}: ${had} and ${earns} at ${threshold} bank ${bank} cents and leave ${left}`, () => {
      const rules = program({ ...banking(threshold, worth), reservedPoints: points(reserved) })
      const account = had === 0 ? newcomer() : holding([{ unit: 'points', amount: had }])
      const moves = earn(account, rules, visit(1, { spentCents: earns * 100, at: opening }))
      const held = balances(moves.account, opening)
      expect([held.currency.available, held.points.available]).toEqual([bank, left])
    })
  }

  test('E14: the tier held at the check-in converts, though its points lift the guest', () => {
    const converts = (worth: number) => ({
      thresholdPoints: points(1000),
      into: { kind: 'currency' as const, cents: cents(worth) },
    })
    const rules = program({
      ...banking(1000, 1),
      tiers: [
        tier({ tierId: 1, maximumPoints: 1000, conversion: converts(1000) }),
        tier({ tierId: 2, minimumPoints: 1000, conversion: converts(1200) }),
      ],
    })
    const { counters } = newcomer()
    const account = holding([{ unit: 'points', amount: 990 }], {
      tierId: 1,
      counters: { ...counters, qualificationPoints: 990 },
    })
    const moves = earn(account, rules, visit(1, { spentCents: 3000, at: opening }))
    const held = balances(moves.account, opening)
    expect({
      tierId: moves.account.tierId,
      bankedCents: held.currency.available,
      unbanked: held.points.available,
    }).toEqual({ tierId: 2, bankedCents: 1000, unbanked: 20 })
  })

  test('each batch becomes one reward, made of the points that expire soonest', () => {
    const rules = program({
      conversionType: 'rewards',
      conversion: { thresholdPoints: points(50), into: { kind: 'reward', redeemableId: 31 } },
    })
    const account = holding([{ unit: 'points', amount: 95 }])
    const { issues } = earn(account, rules, visit(9, { spentCents: 2300, at: opening }))
    const common = { redeemableId: 31, at: opening, cause: { kind: 'conversion', id: 9 } }
    expect(issues).toEqual([
      { ...common, consumed: [{ lotNo: 1, unit: 'points', amount: 50 }] },
      {
        ...common,
        consumed: [
          { lotNo: 1, unit: 'points', amount: 45 },
          { lotNo: 2, unit: 'points', amount: 5 },
        ],
      },
    ])
  })
})

test('E09: twelve visits at five a card are two cards and two visits on the next', () => {
  const rules = program({ programType: 'visits' })
  const { cards, visitsOnCard } = figures(holding([{ unit: 'visits', amount: 12 }]), rules, opening)
  expect({ cards, visitsOnCard }).toEqual({ cards: 2, visitsOnCard: 2 })
})

describe('which receipts count', () => {
  const limited = program({ visitLimit: { receipts: 3, hours: 4 } })
  const scannedAt = local('2026-03-11 13:10')
  const scan = (rules: Program, times: readonly string[]) => {
    let account: Account = newcomer()
    return times.map((time, index) => {
      const at = local(`2026-03-11 ${time}`)
      const moves = earn(account, rules, visit(index + 1, { spentCents: 1000, at, scannedAt }))
      account = moves.account
      return moves.checkin.notCounted ?? 'counts'
    })
  }
  const cases = [
    {
      name: 'E10: a fourth within four hours',
      times: ['09:00', '10:00', '11:30', '12:40'],
      last: 'too_many_receipts',
    },
    {
      name: 'E11: a fourth after the first left the window',
      times: ['09:00', '10:00', '11:30', '13:05'],
      last: 'counts',
    },
    {
      name: 'exactly four hours after the first',
      times: ['09:00', '10:00', '11:30', '13:00'],
      last: 'counts',
    },
    {
      name: 'a second short of four hours',
      times: ['09:00', '10:00', '11:30', '12:59:59'],
      last: 'too_many_receipts',
    },
    {
      name: 'an older one scanned last, between three',
      times: ['09:00', '10:00', '11:30', '09:30'],
      last: 'too_many_receipts',
    },
    {
      name: 'an older one scanned last, before three',
      times: ['09:00', '10:00', '11:30', '07:00'],
      last: 'counts',
    },
  ]
  for (const { name, times, last } of cases) {
    test(`${name}: ${last}`, () => {
      expect(scan(limited, times)).toEqual(['counts', 'counts', 'counts', last])
    })
  }

  test('a receipt that did not count does not use up the limit', () => {
    const rules = program({
      visitLimit: { receipts: 1, hours: 4 },
      minimumVisitCents: cents(500),
    })
    const small = earn(newcomer(), rules, visit(1, { spentCents: 499, at: opening }))
    const next = earn(small.account, rules, visit(2, { spentCents: 500, at: opening }))
    expect([small.checkin.notCounted, next.checkin.notCounted]).toEqual(['below_minimum', null])
  })

  test('E12: a cent below the minimum is no visit and no points', () => {
    const rules = program({ minimumVisitCents: cents(500) })
    const { account, entries, checkin } = earn(
      newcomer(),
      rules,
      visit(1, { spentCents: 499, at: opening }),
    )
    expect({ entries, lots: account.lots, visits: account.counters.totalVisits, checkin }).toEqual({
      entries: [],
      lots: [],
      visits: 0,
      checkin: {
        checkinId: 1,
        externalUid: 'order-1',
        locationId: 7,
        receiptAt: opening,
        state: 'approved',
        approvesAt: null,
        approvedAt: opening,
        eligibleCents: 499,
        points: 0,
        visits: 0,
        notCounted: 'below_minimum',
        tierId: null,
      },
    })
  })
})

describe('E13: when pending points are approved', () => {
  const rules = program({ pending: { delayMinutes: 120, endOfDay: '23:59:59' } })
  const cases = [
    { receipt: '18:00', scan: '19:00', approved: '20:00' },
    { receipt: '18:00', scan: '19:59:59', approved: '20:00' },
    { receipt: '18:00', scan: '20:00', approved: '20:00' },
    { receipt: '18:00', scan: '20:30', approved: '20:30' },
    { receipt: '23:30', scan: '23:40', approved: '23:59:59' },
  ]
  for (const { receipt, scan, approved } of cases) {
    test(`receipt ${receipt}, scanned ${scan}: ${approved}`, () => {
      const at = local(`2026-03-11 ${receipt}`)
      const scannedAt = local(`2026-03-11 ${scan}`)
      const earned = earn(newcomer(), rules, visit(1, { spentCents: 1000, at, scannedAt }))
      const { account } = settle(earned.account, rules, later(at, 24 * hourMs))
      expect(checkinIn(account, 1)?.approvedAt).toBe(local(`2026-03-11 ${approved}`))
    })
  }

  test('an end of day after midnight ends the evening before it', () => {
    const lateNight = program({ pending: { delayMinutes: 600, endOfDay: '04:00:00' } })
    const at = local('2026-03-11 22:00')
    const { checkin } = earn(newcomer(), lateNight, visit(1, { spentCents: 1000, at }))
    expect(checkin.approvesAt).toBe(local('2026-03-12 04:00'))
  })

  test('what is pending shows as pending and cannot be spent', () => {
    const at = local('2026-03-11 18:00')
    const { account } = earn(newcomer(), rules, visit(1, { spentCents: 1000, at }))
    const now = later(at, minuteMs)
    expect(balances(account, now).points).toEqual({ available: 0, pending: 10, debt: 0 })
    const cause = { kind: 'redemption', id: 1 } as const
    expect(spend(account, { unit: 'points', amount: 1, cause, at: now })).toEqual({
      kind: 'insufficient',
      unit: 'points',
      available: 0,
    })
  })
})

test('E16: currency that ends sooner is spent first, and a void fills the same lots again', () => {
  const account = holding([
    { unit: 'currency', amount: 500, expiresAt: local('2026-08-31 23:59:59') },
    { unit: 'currency', amount: 1000, expiresAt: local('2026-07-31 23:59:59') },
  ])
  const at = local('2026-07-01 12:00')
  const cause = { kind: 'redemption', id: 5 } as const
  const spent = spend(account, { unit: 'currency', amount: 1200, cause, at })
  if (spent.kind !== 'spent') throw new Error('there was enough')
  expect(remaining(spent.account)).toEqual({ 1: 300, 2: 0 })

  const back = restore(spent.account, {
    consumed: spent.consumed,
    cause: { kind: 'redemption_void', id: 5 },
    at,
  })
  expect(back.account.lots).toEqual(account.lots)
  expect(back.expired).toEqual([])
})

describe('E18: how long a gifted reward lasts', () => {
  const giftedAt = local('2026-03-11 15:00')
  const cases = [
    {
      name: 'fourteen days, the first being that of the gift',
      expiryDays: 14,
      own: null,
      redeemable: null,
      ends: '2026-03-24 23:59:59',
    },
    { name: 'one day', expiryDays: 1, own: null, redeemable: null, ends: '2026-03-11 23:59:59' },
    {
      name: 'its own end is sooner',
      expiryDays: 14,
      own: '2026-03-20 10:00',
      redeemable: '2026-03-22 10:00',
      ends: '2026-03-20 10:00',
    },
    {
      name: "its redeemable's end is sooner",
      expiryDays: 14,
      own: '2026-03-23 10:00',
      redeemable: '2026-03-22 10:00',
      ends: '2026-03-22 10:00',
    },
    { name: 'nothing ends it', expiryDays: null, own: null, redeemable: null, ends: null },
  ]
  for (const { name, expiryDays, own, redeemable, ends } of cases) {
    test(`${name}: ${ends ?? 'forever'}`, () => {
      const at = (text: string | null) => (text === null ? null : local(text))
      const facts = { giftedAt, expiryDays, ownEndsAt: at(own), redeemableEndsAt: at(redeemable) }
      expect(rewardEndsAt({ ...facts, zone })).toBe(at(ends))
    })
  }
})

describe('a refund after the points were approved', () => {
  const rules = program()
  const at = local('2026-03-11 12:00')
  const earned = earn(newcomer(), rules, visit(1, { spentCents: 2340, at })).account
  const refund = (account: Account) => {
    const corrected = correctCheckin(account, rules, {
      checkinId: 1,
      eligibleCents: cents(1540),
      unusedRewards: [],
      at,
    })
    if (corrected.kind !== 'corrected') throw new Error('it was approved')
    return corrected
  }

  test('E19: 8.00 off 23.40 takes 8 of 23 points back', () => {
    const { account, entries, checkin } = refund(earned)
    expect(balances(account, at).points).toEqual({ available: 15, pending: 0, debt: 0 })
    expect(checkin.points).toBe(15)
    expect(entries).toEqual([
      {
        unit: 'points',
        from: 'guest',
        to: 'reversed',
        amount: 8,
        lotNo: 1,
        cause: { kind: 'correction', id: 1 },
        at,
      },
    ])
  })

  test('E20: with 3 points left the other 5 are owed, and the next 20 show as 15', () => {
    const cause = { kind: 'redemption', id: 1 } as const
    const spent = spend(earned, { unit: 'points', amount: 20, cause, at })
    if (spent.kind !== 'spent') throw new Error('there was enough')
    const owing = refund(spent.account).account
    expect(balances(owing, at).points).toEqual({ available: 0, pending: 0, debt: 5 })

    const next = earn(owing, rules, visit(2, { spentCents: 2000, at }))
    expect(balances(next.account, at).points).toEqual({ available: 15, pending: 0, debt: 0 })
  })

  test('a receipt that grew earns nothing more', () => {
    const corrected = correctCheckin(earned, rules, {
      checkinId: 1,
      eligibleCents: cents(9000),
      unusedRewards: [],
      at,
    })
    expect(corrected).toMatchObject({ kind: 'corrected', entries: [], checkin: { points: 23 } })
  })
})
