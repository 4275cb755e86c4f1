import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import { type Cents, cents } from '@regulars/contract/values/money'
import { type Points, points } from '@regulars/contract/values/points'
import type { Account, Balances, Unit } from './account.ts'
import { available, isPast, spendableLots } from './lots.ts'
import type { Program } from './program.ts'

/** What can be spent, what waits and what is owed. Throws when the account is not settled. */
export function balances(account: Account, now: Instant): Balances {
  const unsettled = account.lots.find(
    (lot) => lot.state === 'open' && lot.remaining > 0 && isPast(lot, now),
  )
  assert(unsettled === undefined, 'an account is settled before it is read', { unsettled, now })
  return {
    points: balanceOf(account, 'points'),
    visits: balanceOf(account, 'visits'),
    currency: balanceOf(account, 'currency'),
    fuel: balanceOf(account, 'fuel'),
  }
}

function balanceOf(account: Account, unit: Unit): Balances[Unit] {
  const pending = account.lots
    .filter((lot) => lot.unit === unit && lot.state === 'pending')
    .reduce((sum, lot) => sum + lot.remaining, 0)
  return { available: available(account, unit), pending, debt: account.debt[unit] }
}

/** The figures a till, a site or an app shows of one guest. */
export type Figures = {
  /** What can be spent now in the program's own unit: visits in a visits program, else points. */
  spendable: number
  /** Points toward the next conversion; all that can be spent where nothing converts. */
  unbankedPoints: Points
  pendingPoints: Points
  /** Currency that can be spent now. */
  bankedCents: Cents
  /** The next currency to run out by date; null when none does. */
  nextCurrencyExpiry: { at: Instant; cents: Cents } | null
  fuelRate: number
  /** Full visit cards that can be redeemed. */
  cards: number
  /** Visits on the card that is not full yet. */
  visitsOnCard: number
  redeemedCards: number
  /** Visits that can still become or be part of a card. */
  redeemableVisits: number
  /** Check-ins that counted, and visits gifted or brought along. */
  lifetimeVisits: number
  initialVisits: number
  /** Redeemed of the program's own unit. */
  debits: number
  /** `spendable` + `debits` + what is pending: the three are one sum on the wire. */
  credits: number
  pointDebits: Points
  lifetimePoints: Points
  currencyDebitCents: Cents
  qualificationPoints: Points
}

/** Throws when the account is not settled. */
export function figures(account: Account, program: Program, now: Instant): Figures {
  const held = balances(account, now)
  const { counters } = account
  const countsVisits = program.programType === 'visits'
  const perCard = program.visitsPerCard
  const spendable = countsVisits ? held.visits.available : held.points.available
  const debits = countsVisits ? counters.redeemedCards * perCard : counters.totalPointDebits
  const pending = countsVisits ? held.visits.pending : held.points.pending
  return {
    spendable,
    unbankedPoints: points(held.points.available),
    pendingPoints: points(held.points.pending),
    bankedCents: cents(held.currency.available),
    nextCurrencyExpiry: nextCurrencyExpiry(account),
    fuelRate: held.fuel.available,
    cards: Math.floor(held.visits.available / perCard),
    visitsOnCard: held.visits.available % perCard,
    redeemedCards: counters.redeemedCards,
    redeemableVisits: held.visits.available,
    lifetimeVisits: counters.totalVisits + counters.initialVisits,
    initialVisits: counters.initialVisits,
    debits,
    credits: spendable + debits + pending,
    pointDebits: points(counters.totalPointDebits),
    lifetimePoints: points(counters.totalPointCredits),
    currencyDebitCents: cents(counters.totalCurrencyDebits),
    qualificationPoints: points(counters.qualificationPoints),
  }
}

function nextCurrencyExpiry(account: Account): Figures['nextCurrencyExpiry'] {
  const lots = spendableLots(account, 'currency')
  const at = lots[0]?.expiresAt ?? null
  if (at === null) return null
  const together = lots.filter((lot) => lot.expiresAt === at)
  return { at, cents: cents(together.reduce((sum, lot) => sum + lot.remaining, 0)) }
}
