import { micros } from '@regulars/contract/values/exact'
import { dayMs, hourMs, minuteMs } from '@regulars/contract/values/instants'
import { points } from '@regulars/contract/values/points'
import { describe, expect, test } from 'vitest'
import {
  type Account,
  balances,
  type Expiry,
  earn,
  gift,
  nextDueAt,
  type Program,
  settle,
  spend,
  type Tier,
  tierFor,
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
} from './account-facts.ts'

const expiring = (points: Expiry): Program =>
  program({ expiry: { points, visits: null, currency: null } })

describe('when earned points run out', () => {
  const at = local('2026-02-10 12:00')
  const cases: { name: string; expiry: Expiry; lastMoment: string }[] = [
    {
      name: 'thirty days after they were earned, at the end of that day',
      expiry: { kind: 'rolling', days: 30 },
      lastMoment: '2026-03-12 23:59:59',
    },
    {
      name: 'at the end of a fixed day this year',
      expiry: { kind: 'fixed', monthDay: '12-31' },
      lastMoment: '2026-12-31 23:59:59',
    },
    {
      name: 'at the end of a fixed day that has passed this year',
      expiry: { kind: 'fixed', monthDay: '02-09' },
      lastMoment: '2027-02-09 23:59:59',
    },
    {
      name: 'at the end of the fixed day they were earned on',
      expiry: { kind: 'fixed', monthDay: '02-10' },
      lastMoment: '2026-02-10 23:59:59',
    },
    {
      name: 'on 29 February in a year without one',
      expiry: { kind: 'fixed', monthDay: '02-29' },
      lastMoment: '2026-02-28 23:59:59',
    },
    {
      name: 'ten days after the last activity',
      expiry: { kind: 'inactivity', days: 10 },
      lastMoment: '2026-02-20 23:59:59',
    },
  ]
  for (const { name, expiry, lastMoment } of cases) {
    test(name, () => {
      const rules = expiring(expiry)
      const earned = earn(newcomer(), rules, visit(1, { spentCents: 1000, at })).account
      const last = local(lastMoment)
      const gone = later(last, 1)
      expect(settle(earned, rules, last).account).toBe(earned)
      expect(nextDueAt(earned, rules)).toBe(gone)
      expect(settle(earned, rules, later(last, 90 * dayMs)).entries).toEqual([
        {
          unit: 'points',
          from: 'guest',
          to: 'expired',
          amount: 10,
          lotNo: 1,
          cause: { kind: 'expiry', id: 1 },
          at: gone,
        },
      ])
    })
  }

  test('they can be spent in their last second', () => {
    const expiresAt = local('2026-03-12 23:59:59')
    const account = holding([{ unit: 'points', amount: 10, expiresAt }])
    const cause = { kind: 'redemption', id: 1 } as const
    const spent = spend(account, { unit: 'points', amount: 10, cause, at: expiresAt })
    expect(spent).toMatchObject({ kind: 'spent' })
  })

  test('reading what has run out but is not settled is a fault', () => {
    const expiresAt = local('2026-03-12 23:59:59')
    const account = holding([{ unit: 'points', amount: 10, expiresAt }])
    expect(() => balances(account, later(expiresAt, 1))).toThrow('settled before it is read')
  })

  test('a visit keeps older points alive under inactivity', () => {
    const rules = expiring({ kind: 'inactivity', days: 10 })
    const first = earn(newcomer(), rules, visit(1, { spentCents: 1000, at })).account
    const again = later(at, 9 * dayMs)
    const second = earn(first, rules, visit(2, { spentCents: 1000, at: again })).account
    expect(nextDueAt(second, rules)).toBe(later(local('2026-03-01 23:59:59'), 1))
  })

  test('a gift to a guest long away has its own full time and lengthens no other', () => {
    const rules = expiring({ kind: 'inactivity', days: 10 })
    const first = earn(newcomer(), rules, visit(1, { spentCents: 1000, at })).account
    const giftAt = later(at, 9 * dayMs)
    const cause = { kind: 'gift', id: 4 } as const
    const facts = { unit: 'points' as const, amount: 7, expiresAt: null, cause, at: giftAt }
    const given = gift(first, rules, facts).account
    const after = settle(given, rules, later(at, 12 * dayMs)).account
    expect(remaining(after)).toEqual({ 1: 0, 2: 7 })
    expect(nextDueAt(after, rules)).toBe(later(local('2026-03-01 23:59:59'), 1))
  })

  test('expiry of pending points counts from their approval', () => {
    const rules = {
      ...expiring({ kind: 'rolling', days: 1 }),
      pending: { delayMinutes: 600, endOfDay: '04:00:00' },
    }
    const late = local('2026-02-10 23:00')
    const earned = earn(newcomer(), rules, visit(1, { spentCents: 1000, at: late })).account
    const { account } = settle(earned, rules, local('2026-02-11 12:00'))
    expect(account.lots[0]?.expiresAt).toBe(local('2026-02-12 23:59:59'))
  })
})

test('what ran out at the moment of an approval is not converted with it', () => {
  const rules = program({
    ...banking(20, 500),
    pending: { delayMinutes: 60, endOfDay: '23:59:59' },
  })
  const at = local('2026-02-10 12:00')
  const approvedAt = later(at, 60 * minuteMs)
  const held = holding([{ unit: 'points', amount: 15, expiresAt: later(approvedAt, -1) }])
  const earned = earn(held, rules, visit(1, { spentCents: 1000, at })).account
  const { account, entries } = settle(earned, rules, approvedAt)
  expect(entries.map(({ from, to, amount, at }) => ({ from, to, amount, at }))).toEqual([
    { from: 'guest', to: 'expired', amount: 15, at: approvedAt },
    { from: 'guest_pending', to: 'guest', amount: 10, at: approvedAt },
  ])
  expect(balances(account, approvedAt).currency.available).toBe(0)
})

describe('tiers', () => {
  const tiers: Tier[] = [
    { tierId: 1, name: 'Regular', minimumPoints: 0, maximumPoints: 100 },
    { tierId: 2, name: 'Crew', minimumPoints: 100, maximumPoints: 300 },
    { tierId: 3, name: 'Captain', minimumPoints: 300, maximumPoints: null },
  ].map((tier) => ({ ...tier, earningMultiplier: micros(1_000_000), conversion: null }))

  for (const [qualifying, tierId] of [
    [0, 1],
    [99, 1],
    [100, 2],
    [299, 2],
    [300, 3],
  ] as const) {
    test(`${qualifying} qualification points are tier ${tierId}`, () => {
      expect(tierFor(program({ tiers }), qualifying)?.tierId).toBe(tierId)
    })
  }

  const annual = program({ tiers, tierReset: { kind: 'annual', monthDay: '03-01' } })
  const march = local('2026-03-01 00:00')
  const standing = ({ tierId, tierFloorId, qualifyingSince, counters }: Account) => ({
    tierId,
    tierFloorId,
    qualifyingSince,
    qualificationPoints: counters.qualificationPoints,
  })

  test('a re-evaluation keeps what the period earned and begins the next at nothing', () => {
    const at = local('2026-02-10 12:00')
    const earned = earn(newcomer(), annual, visit(1, { spentCents: 12_000, at })).account
    expect(nextDueAt(earned, annual)).toBe(march)
    const reviewed = settle(earned, annual, march).account
    const kept = { tierId: 2, tierFloorId: 2, qualifyingSince: march, qualificationPoints: 0 }
    expect(standing(reviewed)).toEqual(kept)

    const visited = earn(reviewed, annual, visit(2, { spentCents: 1000, at: march })).account
    expect(standing(visited)).toEqual({ ...kept, qualificationPoints: 10 })

    const nextMarch = local('2027-03-01 00:00')
    expect(standing(settle(visited, annual, nextMarch).account)).toEqual({
      tierId: 1,
      tierFloorId: 1,
      qualifyingSince: nextMarch,
      qualificationPoints: 0,
    })
  })

  test('an anniversary is the day of the year the guest joined on', () => {
    const rules = program({ tiers, tierReset: { kind: 'anniversary' } })
    expect(nextDueAt(newcomer(), rules)).toBe(local('2027-01-01 00:00'))
  })

  test('what is approved at the first moment of a period counts in it', () => {
    const rules = { ...annual, pending: { delayMinutes: 60, endOfDay: '23:59:59' } }
    const at = later(march, -hourMs)
    const pending = earn(
      newcomer(),
      { ...rules, pending: { delayMinutes: 60, endOfDay: '00:00:00' } },
      visit(1, { spentCents: 1000, at }),
    ).account
    const { account } = settle(pending, rules, march)
    expect(checkinIn(account, 1)?.approvedAt).toBe(march)
    expect(account.counters.qualificationPoints).toBe(10)
  })
})

describe('a gift', () => {
  const rules = program({
    ...banking(50, 500),
    expiry: { points: { kind: 'rolling', days: 5 }, visits: null, currency: null },
  })
  const cause = { kind: 'gift', id: 4 } as const

  test('of points converts like earned ones and does not qualify for a tier', () => {
    const facts = { unit: 'points' as const, amount: 60, expiresAt: null, cause, at: opening }
    const { account } = gift(newcomer(), rules, facts)
    const held = balances(account, opening)
    expect({
      points: held.points.available,
      cents: held.currency.available,
      qualification: account.counters.qualificationPoints,
      lifetime: account.counters.totalPointCredits,
    }).toEqual({ points: 10, cents: 500, qualification: 0, lifetime: 60 })
  })

  test("keeps its own end in place of the program's", () => {
    const expiresAt = local('2026-06-30 12:00')
    const facts = { unit: 'points' as const, amount: 6, expiresAt, cause, at: opening }
    expect(gift(newcomer(), rules, facts).account.lots[0]?.expiresAt).toBe(expiresAt)
  })

  test('pays what the guest owes first', () => {
    const owing = newcomer({ debt: { points: 4, visits: 0, currency: 0, fuel: 0 } })
    const facts = { unit: 'points' as const, amount: 6, expiresAt: null, cause, at: opening }
    const { account, entries } = gift(owing, rules, facts)
    expect(balances(account, opening).points).toEqual({ available: 2, pending: 0, debt: 0 })
    expect(entries.map(({ from, to, amount }) => [from, to, amount])).toEqual([
      ['gifted', 'guest', 6],
      ['guest', 'guest_debt', 4],
    ])
  })
})

test('points up to the reserve stay points', () => {
  const rules = program({ ...banking(10, 100), reservedPoints: points(5) })
  const { account } = earn(newcomer(), rules, visit(1, { spentCents: 1500, at: opening }))
  expect(balances(account, opening).points.available).toBe(5)
})
