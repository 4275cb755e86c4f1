import { micros } from '@regulars/contract/values/exact'
import { dayMs, hourMs, minuteMs } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import { describe, expect, test } from 'vitest'
import {
  type Account,
  amendCheckin,
  approveCheckin,
  balances,
  correctCheckin,
  type Entry,
  earn,
  type Program,
  restore,
  settle,
  spend,
  voidCheckin,
} from '../src/engine.ts'
import {
  banking,
  later,
  local,
  newcomer,
  opening,
  program,
  remaining,
  visit,
} from './account-facts.ts'

const at = local('2026-02-10 12:00')
const paths = (entries: readonly Entry[]) =>
  entries.map(({ unit, from, to, amount, lotNo }) => `${unit} ${from}>${to} ${amount} lot ${lotNo}`)

function earnAll(rules: Program, spends: readonly number[]): Account {
  return spends.reduce(
    (account, spentCents, index) =>
      earn(account, rules, visit(index + 1, { spentCents, at: later(at, index * hourMs) })).account,
    newcomer(),
  )
}

function spendPoints(account: Account, amount: number) {
  const cause = { kind: 'redemption', id: 9 } as const
  const spent = spend(account, { unit: 'points', amount, cause, at })
  if (spent.kind !== 'spent') throw new Error('there was enough')
  return spent
}

describe('a void of an approved check-in', () => {
  const rules = program()
  const facts = { checkinId: 1, unusedRewards: [], at }

  test('takes what is left of it, then what other visits earned, and owes the rest', () => {
    const { account } = spendPoints(earnAll(rules, [1000, 300]), 8)
    const voided = voidCheckin(account, rules, facts)
    expect(paths(voided.entries)).toEqual([
      'points guest>reversed 2 lot 1',
      'points guest>reversed 3 lot 2',
      'points guest_debt>reversed 5 lot 1',
    ])
    expect(balances(voided.account, at).points).toEqual({ available: 0, pending: 0, debt: 5 })
  })

  test('asks nothing back for points that ran out', () => {
    const expiring = program({
      expiry: { points: { kind: 'rolling', days: 1 }, visits: null, currency: null },
    })
    const { account } = spendPoints(earnAll(expiring, [1000]), 4)
    const now = later(at, 5 * dayMs)
    const voided = voidCheckin(settle(account, expiring, now).account, expiring, {
      ...facts,
      at: now,
    })
    expect(paths(voided.entries)).toEqual([
      'points expired>reversed 6 lot 1',
      'points guest_debt>reversed 4 lot 1',
    ])
  })

  test('and then of the redemption that spent it leaves nothing owed', () => {
    const spent = spendPoints(earnAll(rules, [1000]), 10)
    const owing = voidCheckin(spent.account, rules, facts).account
    const back = restore(owing, {
      consumed: spent.consumed,
      cause: { kind: 'redemption_void', id: 9 },
      at,
    })
    expect(paths(back.entries)).toEqual([
      'points redeemed>guest 10 lot 1',
      'points guest>guest_debt 10 lot 1',
    ])
    expect(balances(back.account, at).points).toEqual({ available: 0, pending: 0, debt: 0 })
  })

  test('makes room for another receipt under the visit limit', () => {
    const limited = program({ visitLimit: { receipts: 1, hours: 4 } })
    const voided = voidCheckin(earnAll(limited, [1000]), limited, facts).account
    const next = earn(voided, limited, visit(2, { spentCents: 1000, at: later(at, hourMs) }))
    expect(next.checkin.notCounted).toBe(null)
  })

  test('from before the last re-evaluation leaves the new period alone', () => {
    const tier = { name: 'Regular', earningMultiplier: micros(1_000_000), conversion: null }
    const tiered = program({
      tiers: [{ ...tier, tierId: 1, minimumPoints: 0, maximumPoints: null }],
      tierReset: { kind: 'annual', monthDay: '03-01' },
    })
    const march = local('2026-03-01 12:00')
    const reviewed = settle(earnAll(tiered, [1000]), tiered, march).account
    const visited = earn(reviewed, tiered, visit(2, { spentCents: 700, at: march })).account
    const voided = voidCheckin(visited, tiered, { ...facts, at: march })
    expect(voided.account.counters.qualificationPoints).toBe(7)
  })
})

test('a refund that empties a check-in leaves it to be voided', () => {
  const rules = program()
  const { account } = spendPoints(earnAll(rules, [1000, 900]), 8)
  const facts = { checkinId: 1, unusedRewards: [], at }
  const refunded = correctCheckin(account, rules, { ...facts, eligibleCents: cents(600) })
  if (refunded.kind !== 'corrected') throw new Error('it was approved')
  expect(remaining(refunded.account)).toEqual({ 1: 0, 2: 7 })
  const voided = voidCheckin(refunded.account, rules, facts)
  expect(remaining(voided.account)).toEqual({ 1: 0, 2: 1 })
})

describe('a void of a check-in whose points were converted', () => {
  const rules = program(banking(25, 500))
  const facts = { checkinId: 2, unusedRewards: [], at: later(at, 2 * hourMs) }

  test('turns currency back into the lots it was made of', () => {
    const account = earnAll(rules, [2000, 3500])
    expect(remaining(account)).toEqual({ 1: 0, 2: 5, 3: 1000 })
    const voided = voidCheckin(account, rules, facts)
    expect(remaining(voided.account)).toEqual({ 1: 20, 2: 0, 3: 0 })
  })

  test('turns back only as much as is unspent, and owes the rest in points', () => {
    const account = earnAll(rules, [2000, 3500])
    const cause = { kind: 'redemption', id: 9 } as const
    const spent = spend(account, { unit: 'currency', amount: 700, cause, at: facts.at })
    if (spent.kind !== 'spent') throw new Error('there was enough')
    const voided = voidCheckin(spent.account, rules, facts)
    expect(balances(voided.account, facts.at)).toMatchObject({
      points: { available: 0, pending: 0, debt: 30 },
      currency: { available: 300, pending: 0, debt: 0 },
    })
  })

  test('a refund turns back no more batches than it must, the last points first', () => {
    const account = earnAll(rules, [2000, 3500])
    const refunded = correctCheckin(account, rules, { ...facts, eligibleCents: cents(1500) })
    if (refunded.kind !== 'corrected') throw new Error('it was approved')
    expect(remaining(refunded.account)).toEqual({ 1: 0, 2: 10, 3: 500 })
  })

  test('withdraws unused rewards, the latest first', () => {
    const rewarding = program({
      conversionType: 'rewards',
      conversion: { thresholdPoints: points(25), into: { kind: 'reward', redeemableId: 3 } },
    })
    const { account } = earn(newcomer(), rewarding, visit(2, { spentCents: 6000, at }))
    const consumed = [{ lotNo: 1, unit: 'points' as const, amount: 25 }]
    const unusedRewards = [
      { rewardId: 71, consumed, at },
      { rewardId: 72, consumed, at },
    ]
    const refund = { ...facts, eligibleCents: cents(4000), unusedRewards }
    const refunded = correctCheckin(account, rewarding, refund)
    expect(refunded).toMatchObject({ kind: 'corrected', withdrawnRewardIds: [72] })
    const voided = voidCheckin(account, rewarding, { ...facts, unusedRewards })
    expect(voided.withdrawnRewardIds).toEqual([72, 71])
    expect(balances(voided.account, facts.at).points.available).toBe(0)
  })

  test('a reward earned before does not go to fill the reserve', () => {
    const reserving = { ...rules, reservedPoints: points(30) }
    const account = earnAll(reserving, [5500, 100])
    expect(remaining(account)).toEqual({ 1: 30, 2: 500, 3: 1 })
    const drained = {
      ...account,
      lots: account.lots.map((lot) => (lot.lotNo === 1 ? { ...lot, remaining: 0 } : lot)),
    }
    expect(remaining(voidCheckin(drained, reserving, facts).account)).toEqual({
      1: 0,
      2: 500,
      3: 0,
    })
  })
})

describe('a void of a redemption', () => {
  const expiring = program({
    expiry: { points: { kind: 'rolling', days: 1 }, visits: null, currency: null },
  })

  test('puts points into a lot past its end, from which they run out at once', () => {
    const spent = spendPoints(earnAll(expiring, [1000]), 4)
    const now = later(at, 5 * dayMs)
    const settled = settle(spent.account, expiring, now).account
    const cause = { kind: 'redemption_void', id: 9 } as const
    const back = restore(settled, { consumed: spent.consumed, cause, at: now })
    expect(back.expired).toEqual([{ lotNo: 1, unit: 'points', amount: 4 }])
    expect(paths(back.entries)).toEqual([
      'points redeemed>guest 4 lot 1',
      'points guest>expired 4 lot 1',
    ])
  })

  test('long after the last visit gives the points a new time of inactivity', () => {
    const idle = program({
      expiry: { points: { kind: 'inactivity', days: 10 }, visits: null, currency: null },
    })
    const spent = spendPoints(earnAll(idle, [1000]), 10)
    const now = later(at, 40 * dayMs)
    const settled = settle(spent.account, idle, now).account
    const cause = { kind: 'redemption_void', id: 9 } as const
    const back = restore(settled, { consumed: spent.consumed, cause, at: now })
    expect(settle(back.account, idle, later(now, dayMs)).entries).toEqual([])
    expect(balances(back.account, now).points.available).toBe(10)
  })
})

describe('a pending check-in', () => {
  const rules = program({
    pending: { delayMinutes: 120, endOfDay: '23:59:59' },
    minimumVisitCents: cents(500),
    visitLimit: { receipts: 1, hours: 4 },
  })
  const pending = earn(newcomer(), rules, visit(1, { spentCents: 1000, at })).account
  const resent = (spentCents: number, receiptAt = at) => ({
    checkinId: 1,
    receiptAt,
    eligibleCents: cents(spentCents),
    subtotalCents: cents(spentCents),
    now: later(at, 30 * minuteMs),
  })

  test('that falls due at the moment of the scan is approved at once', () => {
    const facts = visit(1, { spentCents: 1000, at, scannedAt: later(at, 120 * minuteMs) })
    const { checkin, entries } = earn(newcomer(), rules, facts)
    expect(checkin).toMatchObject({ state: 'approved', approvesAt: null })
    expect(paths(entries)).toEqual(['points earned>guest 10 lot 1'])
  })

  test('is voided exactly', () => {
    const voided = voidCheckin(pending, rules, { checkinId: 1, unusedRewards: [], at })
    expect(paths(voided.entries)).toEqual(['points guest_pending>reversed 10 lot 1'])
    expect(voided.account.counters).toEqual(newcomer().counters)
  })

  test('earns anew from a resent receipt, which does not limit itself', () => {
    const amended = amendCheckin(pending, rules, resent(1700))
    expect(amended).toMatchObject({ kind: 'amended', checkin: { points: 17, notCounted: null } })
    if (amended.kind !== 'amended') return
    expect(paths(amended.entries)).toEqual([
      'points guest_pending>reversed 10 lot 1',
      'points earned>guest_pending 17 lot 2',
    ])
  })

  test('resent below the minimum earns nothing, and again above it earns', () => {
    const below = amendCheckin(pending, rules, resent(400))
    expect(below).toMatchObject({ checkin: { points: 0, visits: 0, notCounted: 'below_minimum' } })
    if (below.kind !== 'amended') return
    const again = amendCheckin(below.account, rules, resent(600))
    expect(again).toMatchObject({ checkin: { points: 6, visits: 1, notCounted: null } })
  })

  test('resent unchanged moves nothing', () => {
    expect(amendCheckin(pending, rules, resent(1000))).toMatchObject({ entries: [] })
  })

  test('resent with an older receipt time whose delay has passed is approved', () => {
    const amended = amendCheckin(pending, rules, resent(1000, later(at, -2 * hourMs)))
    expect(amended).toMatchObject({ checkin: { state: 'approved' } })
  })

  test('held until committed waits for that alone', () => {
    const facts = { ...visit(1, { spentCents: 1000, at }), hold: 'until_committed' as const }
    const held = earn(newcomer(), rules, facts).account
    const now = later(at, 5 * dayMs)
    expect(settle(held, rules, now).account).toBe(held)
    const approved = approveCheckin(held, rules, { checkinId: 1, now })
    expect(approved).toMatchObject({ kind: 'approved', checkin: { approvedAt: now } })
  })

  test('once approved can be neither amended nor approved again', () => {
    const { account } = settle(pending, rules, later(at, dayMs))
    const wrong = { kind: 'wrong_state', state: 'approved' }
    expect(amendCheckin(account, rules, resent(1700))).toEqual(wrong)
    expect(approveCheckin(account, rules, { checkinId: 1, now: opening })).toEqual(wrong)
  })
})
