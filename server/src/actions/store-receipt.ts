import type { Refusal } from '@regulars/contract/refusals'
import { secondMs } from '@regulars/contract/values/instants'
import { amendCheckin, correctCheckin, type Entry, type Receipt } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'
import type { CodeUse, GuestState, ReceiptVersion } from '../store/guest-state.ts'
import { findReceiptLinks, insertReceipt, type ReceiptLinks } from '../store/receipts.ts'
import { changeGuest, type Decision, type Facts } from './change-guest.ts'
import { businessDateOf, creditReceipt, eligibleCents, standingCheckin } from './check-in.ts'
import { reverseCheckin, unusedRewards, withdraw } from './reverse-checkin.ts'
import { issueRewards } from './rewards.ts'

export type ReceiptRequest = {
  businessId: number
  location: Location
  punchhKey: string
  receipt: Receipt
  isVoid: boolean
  isTest: boolean
}

export type Stored = { kind: 'stored' }

/** Posts of one receipt this close to each other are one version: the later replaces the earlier. */
const sameVersionMs = secondMs

/**
 * Stores a check as its next version, and lets what it changes reach the guest it earned for: a
 * correction earns anew, a void takes back what it earned and gives back what it redeemed. A claim
 * that waits for it is settled. Never refused for differing from an earlier version.
 *
 * Refused: try_again.
 */
export async function storeReceipt(deps: Deps, request: ReceiptRequest): Promise<Stored | Refusal> {
  const { businessId, location, punchhKey, receipt } = request
  const businessDate = businessDateOf(receipt, location)
  const key = { businessId, locationId: location.locationId, punchhKey, businessDate }
  await deps.ids.ready()
  const links = await findReceiptLinks(deps.db, key)
  const version = nextVersion(deps, request, links)
  const guestId = links.credited?.guestId ?? (request.isVoid ? null : links.claimedBy)
  if (guestId === null) {
    await insertReceipt(deps.db, businessId, version)
    return { kind: 'stored' }
  }
  const uid = links.credited?.externalUid ?? null
  const wanted = { receiptKey: key, checkinUid: uid, commitUid: uid, allLots: true }
  return changeGuest(deps, { businessId, guestId }, wanted, (facts) =>
    effectOf(deps, facts, { request, version }),
  )
}

function nextVersion(
  deps: Deps,
  { location, punchhKey, receipt, isVoid, isTest }: ReceiptRequest,
  { newest }: ReceiptLinks,
): ReceiptVersion {
  const now = deps.now()
  const replaces = newest !== null && now - newest.postedAt < sameVersionMs
  return {
    locationId: location.locationId,
    punchhKey,
    businessDate: businessDateOf(receipt, location),
    versionNo: newest === null ? 1 : newest.versionNo + (replaces ? 0 : 1),
    receiptId: newest?.receiptId ?? deps.ids.next(),
    transactionNo: receipt.transactionNo,
    receiptAt: receipt.receiptAt.at,
    void: isVoid,
    test: isTest,
    subtotalCents: receipt.subtotalCents,
    payableCents: receipt.payableCents,
    body: receipt,
    postedAt: now,
  }
}

function effectOf(
  deps: Deps,
  facts: Facts,
  { request, version }: { request: ReceiptRequest; version: ReceiptVersion },
): Decision<Stored> {
  const { after, entries, codeUses } = guestAfter(deps, facts, { request, version })
  return {
    kind: 'changed',
    result: { kind: 'stored' },
    change: { after, entries, codeUses, receipts: [version] },
  }
}

type Effect = {
  after: GuestState
  entries: readonly Entry[]
  codeUses: readonly CodeUse[]
}

function guestAfter(
  deps: Deps,
  facts: Facts,
  { request, version }: { request: ReceiptRequest; version: ReceiptVersion },
): Effect {
  const { state, catalog, now } = facts
  const unchanged: Effect = { after: state, entries: [], codeUses: [] }
  const { location, punchhKey, receipt } = request
  const found = standingCheckin(state, {
    externalUid: null,
    punchhKey,
    locationId: location.locationId,
    businessDate: version.businessDate,
  })
  if (found === null) return settleClaim(deps, facts, { request, version }) ?? unchanged
  const { checkinId } = found.checkin
  if (request.isVoid)
    return reverseCheckin(state, { checkinId, catalog, at: now, redemptions: true })
  if (found.checkin.eligibleCents === eligibleCents(receipt, catalog)) return unchanged
  return corrected(deps, facts, { checkinId, receipt }) ?? unchanged
}

/** Null for a receipt that went up after its points were approved: that is final. */
function corrected(
  deps: Deps,
  { state, catalog, now }: Facts,
  { checkinId, receipt }: { checkinId: number; receipt: Receipt },
): Effect | null {
  const eligible = eligibleCents(receipt, catalog)
  const amended = amendCheckin(state.account, catalog.program, {
    checkinId,
    receiptAt: receipt.receiptAt.at,
    eligibleCents: eligible,
    subtotalCents: receipt.subtotalCents,
    now,
  })
  if (amended.kind === 'amended') {
    const issued = issueRewards(deps, amended.issues, catalog)
    const after = { ...state, account: amended.account, rewards: [...state.rewards, ...issued] }
    return { after: withReceipt(after, checkinId, receipt), entries: amended.entries, codeUses: [] }
  }
  const lower = correctCheckin(state.account, catalog.program, {
    checkinId,
    eligibleCents: eligible,
    unusedRewards: unusedRewards(state),
    at: now,
  })
  if (lower.kind !== 'corrected') return null
  const after = {
    ...state,
    account: lower.account,
    rewards: withdraw(state.rewards, lower.withdrawnRewardIds, now),
  }
  return { after: withReceipt(after, checkinId, receipt), entries: lower.entries, codeUses: [] }
}

function withReceipt(state: GuestState, checkinId: number, receipt: Receipt): GuestState {
  return {
    ...state,
    checkinRecords: state.checkinRecords.map((record) =>
      record.checkinId === checkinId ? { ...record, subtotalCents: receipt.subtotalCents } : record,
    ),
  }
}

/** Credits the receipt to a guest who scanned it before it was here; null when none did. */
function settleClaim(
  deps: Deps,
  facts: Facts,
  { request, version }: { request: ReceiptRequest; version: ReceiptVersion },
): Effect | null {
  const { punchhKey, location, receipt } = request
  const claim = facts.state.claims.find(
    (one) => one.punchhKey === punchhKey && one.state === 'waiting',
  )
  if (claim === undefined || version.void || version.test) return null
  const credited = creditReceipt(deps, facts, {
    kind: claim.kind,
    location,
    receipt,
    externalUid: null,
    punchhKey,
    hold: 'program',
    language: null,
    businessDate: version.businessDate,
  })
  return { after: credited.facts.state, entries: credited.entries, codeUses: [] }
}
