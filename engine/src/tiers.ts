import { businessDateAt, type Instant, plusMs } from '@regulars/contract/values/instants'
import type { Account } from './account.ts'
import type { Draft } from './draft.ts'
import { nextYearly } from './next-moment.ts'
import type { Program, Tier } from './program.ts'

/** The tier whose half-open range holds so many points; null when none does. */
export function tierFor(program: Program, qualificationPoints: number): Tier | null {
  const tier = program.tiers.find(
    ({ minimumPoints, maximumPoints }) =>
      qualificationPoints >= minimumPoints &&
      (maximumPoints === null || qualificationPoints < maximumPoints),
  )
  return tier ?? null
}

/** The tier a guest is in; one the program no longer has is read from the points instead. */
export function tierHeld(account: Account, program: Program): Tier | null {
  return tierOf(program, account.tierId) ?? tierFor(program, account.counters.qualificationPoints)
}

/** Null for an id the program does not have. */
export function tierOf(program: Program, tierId: number | null): Tier | null {
  return program.tiers.find((tier) => tier.tierId === tierId) ?? null
}

/** Moves the guest to what the points say, never below what the last re-evaluation gave. */
export function moveTier(draft: Draft, program: Program, at: Instant): void {
  const { account } = draft
  const floor = tierOf(program, account.tierFloorId)
  const reached = tierFor(program, account.counters.qualificationPoints)
  enterTier(draft, higher(floor, reached), at)
}

/** When the guest's tier is next judged anew; null when the program never does. */
export function nextTierReviewAt(account: Account, program: Program): Instant | null {
  const { tierReset, tiers, zone } = program
  if (tierReset.kind === 'never' || tiers.length === 0) return null
  const monthDay =
    tierReset.kind === 'annual'
      ? tierReset.monthDay
      : businessDateAt(account.joinedAt, zone).slice(5)
  return nextYearly(plusMs(account.qualifyingSince, 1), { monthDay, time: '00:00:00', zone })
}

/** Judges the tier by the points of the period that ends, which may lower it, and begins a new one. */
export function reviewTier(draft: Draft, program: Program, at: Instant): void {
  const { account } = draft
  const earned = tierFor(program, account.counters.qualificationPoints)
  enterTier(draft, earned, at)
  draft.account = {
    ...draft.account,
    tierFloorId: earned?.tierId ?? null,
    qualifyingSince: at,
    counters: { ...account.counters, qualificationPoints: 0 },
  }
}

function enterTier(draft: Draft, tier: Tier | null, at: Instant): void {
  const tierId = tier?.tierId ?? null
  if (tierId === draft.account.tierId) return
  draft.account = { ...draft.account, tierId, tierSince: tierId === null ? null : at }
}

function higher(a: Tier | null, b: Tier | null): Tier | null {
  if (a === null || b === null) return a ?? b
  return a.minimumPoints > b.minimumPoints ? a : b
}
