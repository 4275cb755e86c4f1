import { isDeepStrictEqual } from 'node:util'
import { micros } from '@regulars/contract/values/exact'
import {
  businessDateAt,
  dayMs,
  endOfDay,
  hourMs,
  type Instant,
} from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Account,
  amendCheckin,
  approveCheckin,
  balances,
  balancesFromEntries,
  type Consumption,
  correctCheckin,
  type Entry,
  earn,
  earnedPoints,
  gift,
  type Moves,
  nextDueAt,
  type Program,
  restore,
  settle,
  spend,
  tierHeld,
  type Unit,
  type UnusedReward,
  voidCheckin,
} from '../src/engine.ts'
import { later, newcomer, opening, program, visit, zone } from './account-facts.ts'

// A soak asks for many; the bound only stops a walk that never ends.
const timeout = 600_000
const walks = Math.ceil(Number(process.env.REGULARS_PROPERTY_RUNS ?? 5000) / 5)
const units: readonly Unit[] = ['points', 'visits', 'currency', 'fuel']

// --- programs -----------------------------------------------------------------------------------

const expiry = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('rolling' as const), days: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ kind: fc.constant('fixed' as const), monthDay: fc.constantFrom('01-31', '02-29') }),
  fc.record({ kind: fc.constant('inactivity' as const), days: fc.integer({ min: 1, max: 15 }) }),
)

const kindOfProgram = fc.constantFrom(
  { programType: 'visits', conversionType: 'none', into: null },
  { programType: 'points_unlock_redeemables', conversionType: 'staged', into: null },
  {
    programType: 'points',
    conversionType: 'currency',
    into: { kind: 'currency', cents: cents(500) },
  },
  { programType: 'points', conversionType: 'rewards', into: { kind: 'reward', redeemableId: 3 } },
) satisfies fc.Arbitrary<unknown>

const programs = fc
  .record({
    kind: kindOfProgram,
    rounding: fc.record({
      rule: fc.constantFrom('floor' as const, 'ceil' as const, 'round' as const),
      stage: fc.constantFrom('before' as const, 'after' as const),
    }),
    earningRate: fc.constantFrom(micros(1_000_000), micros(2_500_000)),
    pending: fc.constantFrom(
      null,
      { delayMinutes: 120, endOfDay: '23:59:59' },
      { delayMinutes: 2000, endOfDay: '23:59:59' },
    ),
    expiry: fc.record({ points: expiry, visits: expiry, currency: expiry }),
    reserved: fc.constantFrom(0, 0, 30),
    minimumVisitCents: fc.constantFrom(0, 300),
    visitLimit: fc.constantFrom(null, { receipts: 2, hours: 3 }),
    tiered: fc.boolean(),
    tierReset: fc.constantFrom<Program['tierReset']>(
      { kind: 'never' },
      { kind: 'annual', monthDay: '01-20' },
      { kind: 'anniversary' },
    ),
  })
  .map(({ kind, reserved, tiered, ...given }): Program => {
    const { into } = kind
    const conversionAt = (threshold: number) =>
      into === null ? null : { thresholdPoints: points(threshold), into }
    return program({
      ...given,
      programType: kind.programType as Program['programType'],
      conversionType: kind.conversionType as Program['conversionType'],
      conversion: conversionAt(25) as Program['conversion'],
      reservedPoints: points(reserved),
      minimumVisitCents: cents(given.minimumVisitCents),
      tiers: tiered
        ? [
            {
              tierId: 1,
              name: 'one',
              minimumPoints: 0,
              maximumPoints: 60,
              earningMultiplier: micros(1_000_000),
              conversion: null,
            },
            {
              tierId: 2,
              name: 'two',
              minimumPoints: 60,
              maximumPoints: null,
              earningMultiplier: micros(1_500_000),
              conversion: conversionAt(40) as Program['conversion'],
            },
          ]
        : [],
    })
  })

// --- walks --------------------------------------------------------------------------------------

const step = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 24 * 12 }) }),
  fc.record({
    do: fc.constant('earn' as const),
    spentCents: fc.integer({ min: 0, max: 6000 }),
    hoursAgo: fc.integer({ min: 0, max: 6 }),
    hold: fc.constantFrom('program' as const, 'at_once' as const, 'until_committed' as const),
  }),
  fc.record({
    do: fc.constant('spend' as const),
    part: fc.double({ min: 0.01, max: 1, noNaN: true }),
    unit: fc.nat(3),
  }),
  fc.record({ do: fc.constant('restore' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('approve' as const), which: fc.nat(20) }),
  fc.record({
    do: fc.constant('amend' as const),
    which: fc.nat(20),
    spentCents: fc.integer({ min: 0, max: 6000 }),
  }),
  fc.record({ do: fc.constant('void' as const), which: fc.nat(20) }),
  fc.record({
    do: fc.constant('correct' as const),
    which: fc.nat(20),
    spentCents: fc.integer({ min: 0, max: 6000 }),
  }),
  fc.record({
    do: fc.constant('gift' as const),
    unit: fc.constantFrom(...units),
    amount: fc.integer({ min: 1, max: 70 }),
    days: fc.option(fc.integer({ min: 1, max: 30 })),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type Walk = {
  rules: Program
  account: Account
  entries: readonly Entry[]
  now: Instant
  spendings: readonly { id: number; consumed: readonly Consumption[] }[]
  rewards: readonly UnusedReward[]
  nextId: number
}

function begin(rules: Program): Walk {
  return {
    rules,
    account: newcomer(),
    entries: [],
    now: opening,
    spendings: [],
    rewards: [],
    nextId: 1,
  }
}

/** Takes the moves in and holds them to what is true after every move. */
function moved(walk: Walk, moves: Moves): Walk {
  const rewards = moves.issues.map((issue, index) => ({
    rewardId: walk.nextId + index,
    consumed: issue.consumed,
    at: issue.at,
  }))
  const after: Walk = {
    ...walk,
    account: deepFreeze(moves.account),
    entries: [...walk.entries, ...moves.entries],
    rewards: [...walk.rewards, ...rewards],
    nextId: walk.nextId + rewards.length,
  }
  expectSound(after)
  expectUnchangedKept(walk.account, moves)
  return after
}

function take(walk: Walk, step: Step): Walk {
  const id = walk.nextId
  const named = { ...walk, nextId: id + 1 }
  const { account, rules, now } = walk
  switch (step.do) {
    case 'wait':
      return waited(walk, later(now, step.hours * hourMs))
    case 'earn':
      return earned(named, step, id)
    case 'spend':
      return spent(named, step, id)
    case 'restore': {
      const spending = walk.spendings[step.which]
      if (spending === undefined) return walk
      const cause = { kind: 'redemption_void', id: spending.id } as const
      const moves = restore(account, { consumed: spending.consumed, cause, at: now })
      const spendings = walk.spendings.filter((other) => other !== spending)
      return moved({ ...walk, spendings }, moves)
    }
    case 'approve': {
      const checkin = account.checkins[step.which]
      if (checkin === undefined) return walk
      const result = approveCheckin(account, rules, { checkinId: checkin.checkinId, now })
      expect(result.kind).toBe(checkin.state === 'pending' ? 'approved' : 'wrong_state')
      return result.kind === 'approved' ? moved(walk, result) : walk
    }
    case 'amend': {
      const checkin = account.checkins[step.which]
      if (checkin === undefined) return walk
      const { checkinId, receiptAt } = checkin
      const amount = cents(step.spentCents)
      const facts = { checkinId, receiptAt, eligibleCents: amount, subtotalCents: amount, now }
      const result = amendCheckin(account, rules, facts)
      return result.kind === 'amended' ? moved(walk, result) : walk
    }
    case 'void':
      return voided(walk, step.which)
    case 'correct': {
      const checkin = account.checkins[step.which]
      if (checkin === undefined) return walk
      const { checkinId } = checkin
      const eligibleCents = cents(step.spentCents)
      const facts = { checkinId, eligibleCents, unusedRewards: walk.rewards, at: now }
      const result = correctCheckin(account, rules, facts)
      if (result.kind !== 'corrected') return walk
      expect(result.checkin.points).toBeLessThanOrEqual(checkin.points)
      return withdrawn(moved(walk, result), result.withdrawnRewardIds)
    }
    case 'gift': {
      const expiresAt = step.days === null ? null : later(now, step.days * dayMs)
      const { unit, amount } = step
      const cause = { kind: 'gift', id } as const
      return moved(named, gift(account, rules, { unit, amount, expiresAt, cause, at: now }))
    }
  }
}

function withdrawn(walk: Walk, ids: readonly number[]): Walk {
  return { ...walk, rewards: walk.rewards.filter(({ rewardId }) => !ids.includes(rewardId)) }
}

/** 38, 45 and time: waiting in steps is waiting once, and nothing happens before it is due. */
function waited(walk: Walk, until: Instant): Walk {
  const { account, rules } = walk
  const whole = settle(account, rules, until)
  const half = settle(account, rules, later(walk.now, Math.floor((until - walk.now) / 2)))
  const rest = settle(half.account, rules, until)
  expect([...half.entries, ...rest.entries]).toEqual(whole.entries)
  expect(rest.account).toEqual(whole.account)
  expect([...half.issues, ...rest.issues]).toEqual(whole.issues)

  const again = settle(whole.account, rules, until)
  expect(again).toEqual({ account: whole.account, entries: [], issues: [] })
  const dueAt = nextDueAt(account, rules)
  if (dueAt !== null) {
    expect(settle(account, rules, later(dueAt, -1)).account).toBe(account)
    expect(settle(account, rules, dueAt).account).not.toBe(account)
  }
  const moments = whole.entries.map((entry) => entry.at)
  expect(moments).toEqual([...moments].sort((a, b) => a - b))
  return moved({ ...walk, now: until }, whole)
}

/** 42, 43 and 45 at each check-in. */
function earned(walk: Walk, step: Extract<Step, { do: 'earn' }>, id: number): Walk {
  const { account, rules, now } = walk
  const at = later(now, -step.hoursAgo * hourMs)
  const facts = { ...visit(id, { ...step, at, scannedAt: now }), hold: step.hold }
  const moves = earn(account, rules, facts)
  const after = moved(walk, moves)
  const { approvesAt } = moves.checkin
  if (approvesAt !== null) {
    expect(approvesAt).toBeLessThanOrEqual(endOfDay(businessDateAt(at, zone), zone))
  }
  if (moves.checkin.state === 'approved' && converts(rules)) {
    expect(unconverted(after, moves.checkin.tierId)).toBeLessThan(0)
  }
  if (isConverted(walk) && account.debt.points === 0) expectUndone(walk, after, id)
  return after
}

function expectUndone(before: Walk, after: Walk, checkinId: number): void {
  const unusedRewards = after.rewards
  const facts = { checkinId, unusedRewards, at: after.now }
  const undone = voidCheckin(after.account, after.rules, facts)
  const then = withdrawn(moved(after, undone), undone.withdrawnRewardIds)
  expect(holdings(then)).toEqual(holdings(before))
}

function holdings({ account, rules, now, rewards }: Walk) {
  const { counters } = account
  return {
    balances: balances(account, now),
    counters,
    tier: tierHeld(account, rules),
    rewards: rewards.length,
  }
}

/** 36, 37 and 38 at each spending. */
function spent(walk: Walk, step: Extract<Step, { do: 'spend' }>, id: number): Walk {
  const { account, now, rules } = walk
  const unit = spendableUnits(rules)[step.unit % spendableUnits(rules).length] ?? 'points'
  const before = balances(account, now)[unit].available
  const amount = unit === 'visits' ? rules.visitsPerCard : Math.ceil(before * step.part)
  const cause = { kind: 'redemption', id } as const
  const tooMuch = spend(account, { unit, amount: before + 1, cause, at: now })
  expect(tooMuch).toEqual({ kind: 'insufficient', unit, available: before })

  const result = spend(account, { unit, amount, cause, at: now })
  if (result.kind === 'insufficient' || amount === 0) return walk
  const after = moved(walk, result)
  const { consumed } = result
  expect(balances(after.account, now)[unit].available).toBe(before - amount)
  expect(consumed.reduce((sum, part) => sum + part.amount, 0)).toBe(amount)
  const ends = consumed.map(({ lotNo }) => endOf(account, lotNo))
  expect(ends).toEqual([...ends].sort((a, b) => a - b))

  const back = restore(after.account, {
    consumed,
    cause: { kind: 'redemption_void', id },
    at: now,
  })
  moved(after, back)
  expect({ ...back.account, lastActivityAt: account.lastActivityAt }).toEqual(account)
  return { ...after, spendings: [...after.spendings, { id, consumed }] }
}

function endOf(account: Account, lotNo: number): number {
  const lot = account.lots.find((other) => other.lotNo === lotNo)
  return lot?.expiresAt ?? Number.MAX_SAFE_INTEGER
}

/** 39: a second void changes nothing. */
function voided(walk: Walk, which: number): Walk {
  const { account, rules, now } = walk
  const checkin = account.checkins[which]
  if (checkin === undefined) return walk
  const { checkinId } = checkin
  const facts = { checkinId, unusedRewards: walk.rewards, at: now }
  const result = voidCheckin(account, rules, facts)
  const after = withdrawn(moved(walk, result), result.withdrawnRewardIds)
  expect(result.checkin.state).toBe('void')
  const again = voidCheckin(after.account, rules, { ...facts, unusedRewards: after.rewards })
  expect({ account: again.account, entries: again.entries }).toEqual({
    account: after.account,
    entries: [],
  })
  return after
}

// --- what is true after every move ----------------------------------------------------------------

/** 36, 38, 40: the ledger is the lots, nothing is below zero, nobody owes while they can spend. */
function expectSound({ account, entries, now }: Walk): void {
  const ledger = balancesFromEntries(entries)
  const held = balances(account, now)
  for (const unit of units) {
    const { available, pending, debt } = held[unit]
    expect({
      guest: available,
      guest_pending: pending,
      guest_debt: debt === 0 ? 0 : -debt,
    }).toEqual({
      guest: ledger[unit].guest,
      guest_pending: ledger[unit].guest_pending,
      guest_debt: ledger[unit].guest_debt,
    })
    expect(Object.values(ledger[unit]).reduce((sum, amount) => sum + amount, 0)).toBe(0)
    expect(Math.min(available, pending, debt)).toBeGreaterThanOrEqual(0)
    expect(debt > 0 && available > 0).toBe(false)
  }
  for (const entry of entries) expect(entry.amount).toBeGreaterThan(0)
  for (const lot of account.lots) {
    expect(lot.remaining).toBeGreaterThanOrEqual(0)
    expect(lot.remaining + lot.expired).toBeLessThanOrEqual(lot.amount)
    if (lot.state === 'expired' || lot.state === 'reversed') expect(lot.remaining).toBe(0)
  }
  expect(Math.min(...Object.values(account.counters))).toBeGreaterThanOrEqual(0)
}

/** What did not change is the same object, so that the server writes only what changed. */
function expectUnchangedKept(before: Account, { account, entries }: Moves): void {
  const touched = new Set(entries.map((entry) => entry.lotNo))
  for (const lot of before.lots) {
    const now = account.lots.find((other) => other.lotNo === lot.lotNo)
    if (now !== lot && !touched.has(lot.lotNo)) expect(now).not.toEqual(lot)
  }
  // The one check-in that a step names may be replaced by its equal: the same receipt sent again.
  const copies = before.checkins.filter((checkin, index) => {
    const now = account.checkins[index]
    return now !== checkin && isDeepStrictEqual(now, checkin)
  })
  expect(copies.length).toBeLessThanOrEqual(1)
}

function converts(rules: Program): boolean {
  return rules.conversion !== null
}

/** How far the points that could convert are from one more batch; below zero is too few. */
function unconverted({ account, rules, now }: Walk, tierId: number | null): number {
  const tier = rules.tiers.find((other) => other.tierId === tierId)
  const threshold =
    (tier?.conversion ?? rules.conversion)?.thresholdPoints ?? Number.MAX_SAFE_INTEGER
  return balances(account, now).points.available - rules.reservedPoints - threshold
}

/** Whether all that can convert by today's tier has. */
function isConverted(walk: Walk): boolean {
  return unconverted(walk, tierHeld(walk.account, walk.rules)?.tierId ?? null) < 0
}

function spendableUnits(rules: Program): readonly Unit[] {
  if (rules.programType === 'visits') return ['visits', 'fuel']
  return converts(rules) ? ['currency', 'fuel'] : ['points', 'currency', 'fuel']
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

describe('an account', () => {
  test('keeps its invariants on every walk through every kind of program', { timeout }, () => {
    fc.assert(
      fc.property(programs, fc.array(step, { minLength: 4, maxLength: 24 }), (rules, steps) => {
        deepFreeze(rules)
        steps.reduce(take, begin(rules))
      }),
      { numRuns: walks },
    )
  })
})

describe('points of a receipt', () => {
  const amount = fc.integer({ min: 0, max: 10_000_000 }).map(cents)
  const rate = fc.integer({ min: 0, max: 20_000_000 }).map(micros)
  const plain = { tier: null }

  test('never fall when more of it is eligible, and are never below zero', { timeout }, () => {
    fc.assert(
      fc.property(programs, amount, amount, (rules, a, b) => {
        const less = earnedPoints(rules, { ...plain, eligibleCents: cents(Math.min(a, b)) })
        const more = earnedPoints(rules, { ...plain, eligibleCents: cents(Math.max(a, b)) })
        expect(less).toBeGreaterThanOrEqual(0)
        expect(more).toBeGreaterThanOrEqual(less)
      }),
      { numRuns: walks },
    )
  })

  test('floored once, are never more for two receipts than for both in one', { timeout }, () => {
    fc.assert(
      fc.property(rate, amount, amount, (earningRate, a, b) => {
        const rules = program({ earningRate })
        const of = (eligibleCents: number) =>
          earnedPoints(rules, { ...plain, eligibleCents: cents(eligibleCents) })
        expect(of(a) + of(b)).toBeLessThanOrEqual(of(a + b))
      }),
      { numRuns: walks },
    )
  })
})
