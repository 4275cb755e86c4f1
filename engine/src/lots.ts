import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import type { Account, Cause, Consumption, LedgerAccount, Lot, Unit } from './account.ts'
import { addLot, type Draft, lotOf, post, putLot } from './draft.ts'

/** Why and when: what every movement of one step has in common. */
export type Occasion = { cause: Cause; at: Instant }

/** Lots that can be spent, in the order they are: soonest expiring first, never last, older first. */
export function spendableLots(account: Account, unit: Unit): Lot[] {
  return account.lots
    .filter((lot) => lot.unit === unit && lot.state === 'open' && lot.remaining > 0)
    .sort((a, b) => soonness(a) - soonness(b) || a.lotNo - b.lotNo)
}

function soonness(lot: Lot): number {
  return lot.expiresAt ?? Number.MAX_SAFE_INTEGER
}

/** The lots a check-in brought in, whatever became of them. */
export function lotsOfCheckin(account: Account, checkinId: number): Lot[] {
  return account.lots.filter(({ source }) => source.kind === 'checkin' && source.id === checkinId)
}

/** What can be spent now of one unit. Nothing pending is in it. */
export function available(account: Account, unit: Unit): number {
  return spendableLots(account, unit).reduce((sum, lot) => sum + lot.remaining, 0)
}

/** Whether its last moment has passed. A lot can still be spent at `expiresAt` itself. */
export function isPast(lot: Lot, at: Instant): boolean {
  return lot.expiresAt !== null && lot.expiresAt < at
}

type Incoming = Occasion & {
  unit: Unit
  amount: number
  from: 'earned' | 'gifted' | 'converted'
  expiresAt: Instant | null
  source: Cause
  convertedFrom?: Lot['convertedFrom']
}

/** Value that can be spent at once, in a lot of its own. What the guest owes is paid out of it. */
export function receive(draft: Draft, incoming: Incoming): void {
  const lot = addIncoming(draft, incoming, 'open')
  const { unit, amount, from, cause, at } = incoming
  post(draft, { unit, from, to: 'guest', amount, lotNo: lot.lotNo, cause, at })
  payDebt(draft, lot.lotNo, incoming)
}

/** Value that waits for approval, in a lot of its own. */
export function receivePending(draft: Draft, incoming: Incoming): void {
  const lot = addIncoming(draft, incoming, 'pending')
  const { unit, amount, from, cause, at } = incoming
  post(draft, { unit, from, to: 'guest_pending', amount, lotNo: lot.lotNo, cause, at })
}

function addIncoming(draft: Draft, incoming: Incoming, state: 'open' | 'pending'): Lot {
  const { unit, amount, at, expiresAt, source, convertedFrom = null } = incoming
  return addLot(draft, {
    unit,
    amount,
    remaining: amount,
    expired: 0,
    state,
    earnedAt: at,
    expiresAt,
    source,
    convertedFrom,
  })
}

/** A pending lot becomes spendable; its expiry counts from then. */
export function openLot(draft: Draft, lot: Lot, opening: Occasion & { expiresAt: Instant | null }) {
  assert(lot.state === 'pending', 'only a pending lot opens', { lot })
  const { cause, at, expiresAt } = opening
  putLot(draft, { ...lot, state: 'open', expiresAt })
  const { unit, lotNo, remaining: amount } = lot
  post(draft, { unit, from: 'guest_pending', to: 'guest', amount, lotNo, cause, at })
  payDebt(draft, lotNo, opening)
}

/** A pending lot is taken away whole. */
export function dropPendingLot(draft: Draft, lot: Lot, { cause, at }: Occasion): void {
  assert(lot.state === 'pending', 'only a pending lot is dropped', { lot })
  const { unit, lotNo, remaining: amount } = lot
  putLot(draft, { ...lot, remaining: 0, state: 'reversed' })
  post(draft, { unit, from: 'guest_pending', to: 'reversed', amount, lotNo, cause, at })
}

/** What is left of a lot runs out. */
export function expireLot(draft: Draft, lot: Lot, { cause, at }: Occasion): void {
  const { unit, lotNo, remaining: amount } = lot
  putLot(draft, { ...lot, remaining: 0, expired: lot.expired + amount, state: 'expired' })
  post(draft, { unit, from: 'guest', to: 'expired', amount, lotNo, cause, at })
}

type Outgoing = Occasion & {
  unit: Unit
  amount: number
  to: Extract<LedgerAccount, 'redeemed' | 'converted' | 'reversed'>
}

/** Takes from the spendable lots in their order. Throws when they hold less. */
export function takeOut(draft: Draft, { unit, amount, to, cause, at }: Outgoing): Consumption[] {
  let missing = amount
  const consumed: Consumption[] = []
  for (const lot of spendableLots(draft.account, unit)) {
    if (missing === 0) break
    assert(!isPast(lot, at), 'an account is settled before it is spent from', { lot, at })
    const taken = Math.min(missing, lot.remaining)
    putLot(draft, { ...lot, remaining: lot.remaining - taken })
    post(draft, { unit, from: 'guest', to, amount: taken, lotNo: lot.lotNo, cause, at })
    consumed.push({ lotNo: lot.lotNo, unit, amount: taken })
    missing -= taken
  }
  assert(missing === 0, 'no more is taken than there is', { unit, amount, missing })
  return consumed
}

/**
 * Puts back what a spending or a conversion took, into the same lots. What the guest owes is paid
 * out of it; what belongs in a lot already past its end runs out at once and is returned. It counts
 * as the guest's activity, so under inactivity what comes back has its full time again.
 */
export function putBack(
  draft: Draft,
  {
    consumed,
    from,
    cause,
    at,
  }: Occasion & {
    consumed: readonly Consumption[]
    from: 'redeemed' | 'converted'
  },
): Consumption[] {
  const expired: Consumption[] = []
  for (const { lotNo, unit, amount } of consumed) {
    const lot = lotOf(draft.account, lotNo)
    putLot(draft, { ...lot, remaining: lot.remaining + amount, state: 'open' })
    post(draft, { unit, from, to: 'guest', amount, lotNo, cause, at })
    payDebt(draft, lotNo, { cause, at })
    const left = lotOf(draft.account, lotNo)
    if (!isPast(left, at)) continue
    if (left.remaining > 0) expired.push({ lotNo, unit, amount: left.remaining })
    expireLot(draft, left, { cause, at })
  }
  draft.account = { ...draft.account, lastActivityAt: at }
  return expired
}

/**
 * Takes back `amount` of what came in with one lot: what is left in it; nothing for what ran out of
 * it; then from the other spendable lots; the rest is owed.
 */
export function takeBack(
  draft: Draft,
  { lotNo, amount, cause, at }: Occasion & { lotNo: number; amount: number },
): void {
  const lot = lotOf(draft.account, lotNo)
  const { unit } = lot
  const to = 'reversed'
  const left = Math.min(amount, lot.remaining)
  const ranOut = Math.min(amount - left, lot.expired)
  if (left + ranOut > 0) {
    putLot(draft, { ...lot, remaining: lot.remaining - left, expired: lot.expired - ranOut })
  }
  post(draft, { unit, from: 'guest', to, amount: left, lotNo, cause, at })
  post(draft, { unit, from: 'expired', to, amount: ranOut, lotNo, cause, at })

  const missing = amount - left - ranOut
  const elsewhere = Math.min(missing, available(draft.account, unit))
  takeOut(draft, { unit, amount: elsewhere, to, cause, at })

  const owed = missing - elsewhere
  changeDebt(draft, unit, owed)
  post(draft, { unit, from: 'guest_debt', to, amount: owed, lotNo, cause, at })
}

/** The lot's part in what the guest owes of its unit. */
function payDebt(draft: Draft, lotNo: number, { cause, at }: Occasion): void {
  const lot = lotOf(draft.account, lotNo)
  const { unit } = lot
  const paid = Math.min(lot.remaining, draft.account.debt[unit])
  if (paid === 0) return
  putLot(draft, { ...lot, remaining: lot.remaining - paid })
  changeDebt(draft, unit, -paid)
  post(draft, { unit, from: 'guest', to: 'guest_debt', amount: paid, lotNo, cause, at })
}

function changeDebt(draft: Draft, unit: Unit, change: number): void {
  const { account } = draft
  draft.account = { ...account, debt: { ...account.debt, [unit]: account.debt[unit] + change } }
}
