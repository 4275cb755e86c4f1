import type { Instant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import type { Points } from '@regulars/contract/values/points'

/**
 * What a guest's account holds, counted in whole units: points, visits, cents of banked currency,
 * millionths of a currency unit per unit of fuel.
 */
export type Unit = 'points' | 'visits' | 'currency' | 'fuel'

/**
 * The two sides of every ledger entry. `guest*` accounts belong to the guest, the rest to the
 * business: where value comes from (earned, gifted, converted) and where it goes (redeemed,
 * expired, converted, reversed). A debt is what a reversal could not take back; it is paid by
 * later earning.
 */
export const ledgerAccounts = [
  'guest',
  'guest_pending',
  'guest_debt',
  'earned',
  'gifted',
  'converted',
  'redeemed',
  'expired',
  'reversed',
] as const
export type LedgerAccount = (typeof ledgerAccounts)[number]

/**
 * Why an entry was made, and the id of what made it: a conversion, an approval, a correction and a
 * `checkin_void` name the check-in, an expiry the lot, a redemption and its void the redemption.
 * Points that a gift made convert keep the gift as their cause.
 */
export type Cause = {
  kind:
    | 'checkin'
    | 'redemption'
    | 'redemption_void'
    | 'checkin_void'
    | 'gift'
    | 'conversion'
    | 'expiry'
    | 'approval'
    | 'correction'
  id: number
}

/** One movement of one unit between two accounts. `amount` is above zero. Never edited. */
export type Entry = {
  unit: Unit
  from: LedgerAccount
  to: LedgerAccount
  amount: number
  lotNo: number
  cause: Cause
  /** When it fell due, which may be before it was recorded. */
  at: Instant
}

/** Value that came in together and expires together. Numbered within the guest, from 1. */
export type Lot = {
  lotNo: number
  unit: Unit
  /** Never zero; what came in. */
  amount: number
  /** 0 to `amount`. */
  remaining: number
  /** What ran out of it: a reversal asks nothing back for that. With `remaining` at most `amount`. */
  expired: number
  state: 'pending' | 'open' | 'expired' | 'reversed'
  earnedAt: Instant
  /** The last moment it can be spent; null never expires by date. A pending lot has none yet. */
  expiresAt: Instant | null
  source: Cause
  /** The points that became this currency, so that a reversal can turn it back; null if none did. */
  convertedFrom: ConvertedFrom | null
}

/** Whole batches of points in a currency lot. `consumed` adds up to a multiple of `pointsPerBatch`. */
export type ConvertedFrom = {
  pointsPerBatch: number
  centsPerBatch: number
  consumed: readonly Consumption[]
}

/** What one spending took from one lot, kept so that a void can put it back. */
export type Consumption = { lotNo: number; unit: Unit; amount: number }

/** Why a check-in earned neither points nor a visit. */
export type NotCounted = 'below_minimum' | 'too_many_receipts'

export type CheckinState = 'pending' | 'approved' | 'void'

/** A receipt credited to the guest, as far as the rules need it. */
export type Checkin = {
  checkinId: number
  externalUid: string | null
  locationId: number
  receiptAt: Instant
  state: CheckinState
  /** When it is approved by itself; null when it was at once, or waits for an explicit commit. */
  approvesAt: Instant | null
  /** When its points counted; null while pending and when voided before that. */
  approvedAt: Instant | null
  eligibleCents: Cents
  /** What it earned, less what corrections took back; a void leaves it as it was. */
  points: Points
  /** 1, or 0 when it did not count. Only a visits program keeps visits in lots. */
  visits: number
  notCounted: NotCounted | null
  /** The tier held when it was made: conversion uses it even if these points lift the guest. */
  tierId: number | null
}

/** Lifetime totals, and what tiers look at. What a void undoes leaves them again. */
export type Counters = {
  /** Approved points that were earned or gifted. */
  totalPointCredits: number
  /** Points redeemed; neither expired nor converted ones. */
  totalPointDebits: number
  /** Approved check-ins that counted, and gifted visits. */
  totalVisits: number
  /** Visits brought along from an earlier system; in no lot. */
  initialVisits: number
  totalCurrencyCredits: number
  totalCurrencyDebits: number
  /** Earned toward the tier: lifetime, or since `qualifyingSince`. Gifts do not qualify. */
  qualificationPoints: number
  redeemedCards: number
}

/** Everything of one guest that the rules of earning and spending read or change. */
export type Account = {
  /**
   * Lots that are pending or have something left, and any that the action named. A void or a
   * correction of an approved check-in needs all of the guest's.
   */
  lots: readonly Lot[]
  nextLotNo: number
  /** Pending ones, those inside the visit window, and any that the action named. */
  checkins: readonly Checkin[]
  counters: Counters
  /**
   * What earlier reversals could not take back, by unit. Above zero only while nothing of that unit
   * can be spent; whatever comes in pays it first.
   */
  debt: Readonly<Record<Unit, number>>
  tierId: number | null
  tierSince: Instant | null
  /** The tier the last re-evaluation gave: held at least until the next. Null before the first. */
  tierFloorId: number | null
  /** Start of the period that qualification points count in: the last re-evaluation, or joining. */
  qualifyingSince: Instant
  /** The last check-in, spending or void; what `inactivity` expiry counts from. */
  lastActivityAt: Instant
  joinedAt: Instant
}

/**
 * A reward that a conversion earned. The caller gives it its id, and keeps `consumed` with it so
 * that a void of the check-in can turn an unused reward back into points.
 */
export type RewardIssue = {
  redeemableId: number
  consumed: readonly Consumption[]
  at: Instant
  cause: Cause
}

/** A reward of an earlier conversion that is neither used nor expired; `at` as it was issued. */
export type UnusedReward = { rewardId: number; consumed: readonly Consumption[]; at: Instant }

/** What a rule did to an account: the account after it, and the entries that say so. */
export type Moves = {
  account: Account
  entries: readonly Entry[]
  issues: readonly RewardIssue[]
}

/** What can be spent now, what is pending, and what is owed. */
export type Balances = Readonly<Record<Unit, { available: number; pending: number; debt: number }>>
