import { type Refusal, refuse } from '@regulars/contract/refusals'
import { assert, unreachable } from '@regulars/contract/values/assert'
import { dayMs, hourMs, type Instant, plusMs } from '@regulars/contract/values/instants'
import { cents, toDecimalText } from '@regulars/contract/values/money'
import type { Checkin } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import { findLocation, type Location } from '../store/callers.ts'
import type { ReceiptClaim, ReceiptVersion } from '../store/guest-state.ts'
import {
  type Claimable,
  findClaimable,
  findRipeClaims,
  type WaitingClaim,
} from '../store/receipts.ts'
import { standingRefusal } from './basket-gates.ts'
import {
  changeGuest,
  type Decision,
  type Effect,
  type Facts,
  type GuestId,
} from './change-guest.ts'
import { checkinsSince, creditReceipt, takeBackIfVoided } from './check-in.ts'
import { keyOfBarcode, keyOfQrCode } from './punchh-key.ts'

export type ClaimRequest = GuestId & {
  kind: ReceiptClaim['kind']
  /** What the app read off the receipt. */
  scanned: string
  /** Where the guest says it was printed; null looks in the whole business. */
  locationId: number | null
}

export type Claimed = {
  kind: 'claimed'
  checkin: Checkin
  punchhKey: string
  location: Location
  /** The guest before it and after it. */
  before: Facts
  facts: Facts
}

/**
 * Lets a guest earn for a check by the code printed on it. One that has not arrived yet is waited
 * for: the refusal says so, and the claim is kept.
 *
 * Refused, in this order: bar_code_invalid or qr_code_invalid, location_not_found, guest_banned,
 * receipt_used, receipt_awaited, feature_disabled (the location does not earn), the invalid code
 * again (the check was voided), minimum_checkin, receipt_too_old, multiple_receipts.
 */
export async function claimReceipt(deps: Deps, request: ClaimRequest): Promise<Claimed | Refusal> {
  const { businessId, kind, scanned, locationId } = request
  const punchhKey = kind === 'barcode' ? keyOfBarcode(scanned) : keyOfQrCode(scanned)
  if (punchhKey === null) return invalidCode(kind)
  if (locationId !== null && (await findLocation(deps.db, businessId, { locationId })) === null) {
    return refuse('location_not_found', { storeNumber: locationId })
  }
  const target = await findTarget(deps, { businessId, punchhKey, locationId })
  const wanted = wantedFor(target)
  const result = await changeGuest(deps, request, wanted, (facts): Decision<Claimed | Refusal> => {
    const banned = standingRefusal(facts, 'guest_banned')
    if (banned !== null) return banned
    switch (target.kind) {
      case 'earned':
        return refuse('receipt_used')
      case 'nothing':
        return awaiting(facts, { kind, punchhKey, locationId })
      case 'receipt': {
        if (target.used) return refuse('receipt_used')
        const { receipt: version, location } = target
        const claim = { kind, claimedAt: facts.now }
        const credited = credit(deps, facts, { claim, version, location })
        if (credited.kind === 'refused') return credited
        const { checkin, entries } = credited
        return {
          kind: 'changed',
          result: {
            kind: 'claimed',
            checkin,
            punchhKey,
            location,
            before: facts,
            facts: credited.facts,
          },
          change: { after: credited.facts.state, entries },
        }
      }
      default:
        return unreachable(target)
    }
  })
  if (result.kind === 'claimed') await takeBackTarget(deps, request, target)
  return result
}

async function takeBackTarget(deps: Deps, guest: GuestId, target: Target): Promise<void> {
  if (target.kind !== 'receipt') return
  await takeBackIfVoided(deps, guest, { ...target.receipt, externalUid: null })
}

type Target = Exclude<Claimable, { kind: 'receipt' }> | FoundReceipt
type FoundReceipt = {
  kind: 'receipt'
  receipt: ReceiptVersion
  used: boolean
  location: Location
}

async function findTarget(
  deps: Deps,
  key: { businessId: number; punchhKey: string; locationId: number | null },
): Promise<Target> {
  const found = await findClaimable(deps.db, key)
  if (found.kind !== 'receipt') return found
  const { locationId } = found.receipt
  const location = await findLocation(deps.db, key.businessId, { locationId })
  assert(location !== null, 'a stored receipt has its location', { locationId })
  return { ...found, location }
}

function wantedFor(target: Target) {
  if (target.kind !== 'receipt') return {}
  return { checkinsSince: checkinsSince(target.receipt.body) }
}

function invalidCode(kind: ReceiptClaim['kind']): Refusal {
  return refuse(kind === 'barcode' ? 'bar_code_invalid' : 'qr_code_invalid')
}

/** Keeps the claim until its receipt lands. Scanned again, it goes on waiting as before. */
function awaiting(
  { state, catalog, now }: Facts,
  claim: Pick<ReceiptClaim, 'kind' | 'punchhKey' | 'locationId'>,
): Decision<Refusal> {
  const awaited = refuse('receipt_awaited')
  const waits = state.claims.some(
    (one) => one.punchhKey === claim.punchhKey && one.locationId === claim.locationId,
  )
  if (waits) return { kind: 'unchanged', result: awaited }
  const waiting: ReceiptClaim = {
    ...claim,
    state: 'waiting',
    claimedAt: now,
    waitsUntil: plusMs(now, catalog.counter.claims.waitHours * hourMs),
    settledAt: null,
    checkinId: null,
  }
  const after = { ...state, claims: [...state.claims, waiting] }
  return { kind: 'changed', result: awaited, change: { after, entries: [] } }
}

type Credited = { kind: 'credited' } & ReturnType<typeof creditReceipt>

/** Earns for the receipt as a claim of that moment; a refusal says why it cannot. */
function credit(
  deps: Deps,
  facts: Facts,
  {
    claim,
    version,
    location,
  }: {
    claim: Pick<ReceiptClaim, 'kind' | 'claimedAt'>
    version: ReceiptVersion
    location: Location
  },
): Credited | Refusal {
  const { claims } = facts.catalog.counter
  const { minimumVisitCents } = facts.catalog.program
  const minimumCents = cents(Math.max(claims.minimumCents, minimumVisitCents))
  if (!location.earns) return refuse('feature_disabled')
  if (version.void) return invalidCode(claim.kind)
  if (version.subtotalCents < minimumCents) {
    return refuse('minimum_checkin', { amount: toDecimalText(minimumCents) })
  }
  if (claim.claimedAt - version.receiptAt > claims.receiptAgeDays * dayMs) {
    return refuse('receipt_too_old')
  }
  const credited = creditReceipt(deps, facts, {
    kind: claim.kind,
    location,
    receipt: version.body,
    externalUid: null,
    punchhKey: version.punchhKey,
    hold: 'program',
    language: null,
    businessDate: version.businessDate,
  })
  // Being under the minimum was refused above: too many receipts is all that is left.
  if (credited.checkin.notCounted !== null) return refuse('multiple_receipts')
  return { kind: 'credited', ...credited }
}

/** What a receipt that lands does to a guest whose claim waited for it; nothing when none did. */
export function settledClaim(
  deps: Deps,
  facts: Facts,
  { version, location }: { version: ReceiptVersion; location: Location },
): Effect {
  const { state } = facts
  const claim = state.claims.find(
    (one) =>
      one.punchhKey === version.punchhKey &&
      (one.locationId === null || one.locationId === version.locationId),
  )
  return claim === undefined
    ? { after: state, entries: [], codeUses: [] }
    : settleOne(deps, facts, { claim, version, location })
}

function settleOne(
  deps: Deps,
  facts: Facts,
  found: { claim: ReceiptClaim; version: ReceiptVersion; location: Location },
): Effect {
  const credited = standingRefusal(facts, 'guest_banned') ?? credit(deps, facts, found)
  return credited.kind === 'refused'
    ? closed(facts, found.claim, 'refused')
    : { after: credited.facts.state, entries: credited.entries, codeUses: [] }
}

function closed({ state, now }: Facts, claim: ReceiptClaim, outcome: 'refused' | 'lapsed'): Effect {
  const claims = state.claims.map((one) =>
    one === claim ? { ...one, state: outcome, settledAt: now } : one,
  )
  return { after: { ...state, claims }, entries: [], codeUses: [] }
}

const pageSize = 100

/**
 * Settles claims whose receipt arrived at the same moment as they did, and ends those that waited long
 * enough: all that are ripe by now, or until `signal` says stop.
 */
export async function settleRipeClaims(deps: Deps, signal: AbortSignal): Promise<void> {
  const now = deps.now()
  let after: Instant | null = null
  while (!signal.aborted) {
    const page = await findRipeClaims(deps.db, { now, after, limit: pageSize })
    for (const claim of page) {
      if (signal.aborted) return
      try {
        await settleRipeClaim(deps, claim)
      } catch (error) {
        // One claim's fault must not keep the others waiting.
        const { businessId, guestId } = claim
        deps.log.error({ err: error, businessId, guestId }, 'a ripe claim could not be settled')
      }
    }
    // One that could not be settled is left for the next round.
    after = page.at(-1)?.claimedAt ?? null
    if (page.length < pageSize) return
  }
}

async function settleRipeClaim(deps: Deps, waiting: WaitingClaim): Promise<void> {
  const { punchhKey, locationId } = waiting
  const target = await findTarget(deps, waiting)
  await changeGuest(deps, waiting, wantedFor(target), (facts): Decision<{ kind: 'dealt_with' }> => {
    const result = { kind: 'dealt_with' } as const
    const claim = facts.state.claims.find(
      (one) => one.punchhKey === punchhKey && one.locationId === locationId,
    )
    const change = claim === undefined ? null : ripened(deps, facts, { claim, target })
    return change === null ? { kind: 'unchanged', result } : { kind: 'changed', result, change }
  })
  await takeBackTarget(deps, waiting, target)
}

/** Null while the claim has to go on waiting. */
function ripened(
  deps: Deps,
  facts: Facts,
  { claim, target }: { claim: ReceiptClaim; target: Target },
): Effect | null {
  if (target.kind === 'nothing') {
    return claim.waitsUntil <= facts.now ? closed(facts, claim, 'lapsed') : null
  }
  if (target.kind === 'earned' || target.used) return closed(facts, claim, 'refused')
  return settleOne(deps, facts, { claim, version: target.receipt, location: target.location })
}
