import { micros } from '@regulars/contract/values/exact'
import {
  atWallTime,
  type BusinessDate,
  type Instant,
  instant,
} from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import type { Account, Cause, Checkin, Lot, Program, Unit } from '../src/engine.ts'

export const zone = 'America/New_York'

/** `2026-03-11 18:00` or `2026-03-11 18:00:30` as clocks in the tests' zone show it. */
export function local(text: string): Instant {
  const [date = '', time = ''] = text.split(' ')
  return atWallTime(date as BusinessDate, time.length === 5 ? `${time}:00` : time, zone)
}

export const opening = local('2026-01-01 08:00')
export const gifted: Cause = { kind: 'gift', id: 1 }

/** One point per currency unit, floored once, kept forever; nothing converts. */
export function program(given: Partial<Program> = {}): Program {
  return {
    programType: 'points',
    conversionType: 'none',
    zone,
    earningRate: micros(1_000_000),
    rounding: { rule: 'floor', stage: 'after' },
    earningCriterion: null,
    minimumVisitCents: cents(0),
    visitLimit: null,
    conversion: null,
    reservedPoints: points(0),
    visitsPerCard: 5,
    cardValueCents: cents(500),
    pending: null,
    expiry: { points: null, visits: null, currency: null },
    tiers: [],
    tierReset: { kind: 'never' },
    ...given,
  }
}

/** Whole thresholds of points become currency. */
export function banking(
  thresholdPoints: number,
  becomesCents: number,
): Pick<Program, 'programType' | 'conversionType' | 'conversion'> {
  return {
    programType: 'points',
    conversionType: 'currency',
    conversion: {
      thresholdPoints: points(thresholdPoints),
      into: { kind: 'currency', cents: cents(becomesCents) },
    },
  }
}

/** A guest who joined on New Year's morning and has done nothing since. */
export function newcomer(given: Partial<Account> = {}): Account {
  return {
    lots: [],
    nextLotNo: 1,
    checkins: [],
    counters: {
      totalPointCredits: 0,
      totalPointDebits: 0,
      totalVisits: 0,
      initialVisits: 0,
      totalCurrencyCredits: 0,
      totalCurrencyDebits: 0,
      qualificationPoints: 0,
      redeemedCards: 0,
    },
    debt: { points: 0, visits: 0, currency: 0, fuel: 0 },
    tierId: null,
    tierSince: null,
    tierFloorId: null,
    qualifyingSince: opening,
    lastActivityAt: opening,
    joinedAt: opening,
    ...given,
  }
}

/** A guest who holds these lots, gifted at the opening. */
export function holding(
  lots: readonly { unit: Unit; amount: number; expiresAt?: Instant | null }[],
  given: Partial<Account> = {},
): Account {
  return newcomer({
    lots: lots.map(
      ({ unit, amount, expiresAt = null }, index): Lot => ({
        lotNo: index + 1,
        unit,
        amount,
        remaining: amount,
        expired: 0,
        state: 'open',
        earnedAt: opening,
        expiresAt,
        source: gifted,
        convertedFrom: null,
      }),
    ),
    nextLotNo: lots.length + 1,
    ...given,
  })
}

/** The facts of a check-in whose receipt is all eligible and scanned as it was printed. */
export function visit(
  checkinId: number,
  { spentCents, at, scannedAt = at }: { spentCents: number; at: Instant; scannedAt?: Instant },
) {
  return {
    checkinId,
    externalUid: `order-${checkinId}`,
    locationId: 7,
    receiptAt: at,
    eligibleCents: cents(spentCents),
    subtotalCents: cents(spentCents),
    now: scannedAt,
    hold: 'program' as const,
  }
}

/** What is left in each lot, by number. */
export function remaining(account: Account): Record<number, number> {
  return Object.fromEntries(account.lots.map((lot) => [lot.lotNo, lot.remaining]))
}

export function checkinIn(account: Account, checkinId: number): Checkin | undefined {
  return account.checkins.find((checkin) => checkin.checkinId === checkinId)
}

export const later = (at: Instant, ms: number): Instant => instant(at + ms)
