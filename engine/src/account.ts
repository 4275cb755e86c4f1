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

/** Why an entry was made, and the id of what made it. */
export type Cause = {
  kind:
    | 'checkin'
    | 'redemption'
    | 'void'
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
  state: 'pending' | 'open' | 'expired' | 'reversed'
  earnedAt: Instant
  /** Null never expires. */
  expiresAt: Instant | null
  source: Cause
}

/** What one spending took from one lot, kept so that a void can put it back. */
export type Consumption = { lotNo: number; unit: Unit; amount: number }

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
  eligibleCents: Cents
  points: Points
  visits: number
  /** The tier held when it was made: conversion uses it even if these points lift the guest. */
  tierId: number | null
}

/** Running totals that only grow, and what tiers look at. */
export type Counters = {
  totalPointCredits: number
  totalPointDebits: number
  totalVisits: number
  initialVisits: number
  totalCurrencyCredits: number
  totalCurrencyDebits: number
  /** Toward the tier: lifetime, or since the last re-evaluation. */
  qualificationPoints: number
  redeemedCards: number
}

/** Everything of one guest that the rules of earning and spending read or change. */
export type Account = {
  /** Lots that are pending or have something left, and any that the action named. */
  lots: readonly Lot[]
  nextLotNo: number
  /** Pending ones, those inside the visit window, and any that the action named. */
  checkins: readonly Checkin[]
  counters: Counters
  /** What earlier reversals could not take back, by unit; later earning pays it first. */
  debt: Readonly<Record<Unit, number>>
  tierId: number | null
  tierSince: Instant | null
  lastActivityAt: Instant
  joinedAt: Instant
}

/** A reward that a conversion earned. The caller gives it its id. */
export type RewardIssue = { redeemableId: number; at: Instant; cause: Cause }

/** What a rule did to an account: the account after it, and the entries that say so. */
export type Moves = {
  account: Account
  entries: readonly Entry[]
  issues: readonly RewardIssue[]
}

/** What can be spent now, what is pending, and what is owed. */
export type Balances = Readonly<Record<Unit, { available: number; pending: number; debt: number }>>
