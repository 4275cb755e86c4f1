import { type Refusal, refuse } from '@regulars/contract/refusals'
import { secondMs } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { amendCheckin, correctCheckin, type Receipt } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'
import type { GuestState, ReceiptVersion } from '../store/guest-state.ts'
import { findReceiptLinks, insertReceipt, type ReceiptLinks } from '../store/receipts.ts'
import { changeGuest, type Decision, type Effect, type Facts } from './change-guest.ts'
import {
  businessDateOf,
  checkinOfReceipt,
  checkinsSince,
  eligibleCents,
  type StandingCheckin,
} from './check-in.ts'
import { settledClaim } from './claim-receipt.ts'
import { unusedRewards, voidReceipt, withdraw } from './reverse-checkin.ts'
import { issueRewards } from './rewards.ts'

export type ReceiptRequest = {
  businessId: number
  location: Location
  punchhKey: string
  receipt: Receipt
  externalUid: string | null
  vendorTransactionNo: string | null
  isVoid: boolean
  isTest: boolean
}

export type Stored = { kind: 'stored' }

/** Posts of one receipt this close to each other are one version: the later replaces the earlier. */
const sameVersionMs = secondMs

/**
 * Stores a check as its next version, and lets what it changes reach the guest it earned for: a
 * correction earns anew, a void takes back what it earned and gives back what the same order
 * redeemed. A claim that waits for it is settled. A test check is only stored. Never refused for
 * differing from an earlier version.
 *
 * Refused: try_again.
 */
export async function storeReceipt(deps: Deps, request: ReceiptRequest): Promise<Stored | Refusal> {
  const { businessId, location, punchhKey, receipt } = request
  const businessDate = businessDateOf(receipt, location)
  const key = { businessId, locationId: location.locationId, punchhKey, businessDate }
  await deps.ids.ready()
  const findLinks = () => findReceiptLinks(deps.db, { ...key, externalUid: request.externalUid })
  let links = await findLinks()
  const version = nextVersion(deps, request, links)
  let isStored = false
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const guestId = concernedGuest(request, links)
    if (guestId === null) {
      if (isStored) return { kind: 'stored' }
      await insertReceipt(deps.db, businessId, version)
      isStored = true
      // Somebody may have earned for it meanwhile, not knowing this version.
      links = await findLinks()
      continue
    }
    const externalUid = request.externalUid ?? links.credited?.externalUid ?? null
    const wanted = {
      receiptKey: key,
      commitUid: externalUid,
      checkinsSince: checkinsSince(receipt),
      allLots: true,
    }
    const stored = await changeGuest(deps, { businessId, guestId }, wanted, (facts) =>
      effectOf(deps, facts, { request: { ...request, externalUid }, version }),
    )
    // A claim that was to be settled came too late: somebody else has just earned for the receipt.
    if (stored.kind !== 'refused' || stored.code !== 'receipt_used') return stored
    links = await findLinks()
  }
  return refuse('try_again')
}

/** Attempts before a receipt that guests keep taking from each other is given up with `try_again`. */
const attemptsMax = 12

function concernedGuest({ isTest, isVoid }: ReceiptRequest, links: ReceiptLinks): number | null {
  if (isTest) return null
  const { credited, claimedBy, redeemedBy } = links
  return credited?.guestId ?? (isVoid ? redeemedBy : null) ?? claimedBy
}

function nextVersion(
  deps: Deps,
  { location, punchhKey, receipt, ...request }: ReceiptRequest,
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
    vendorTransactionNo: request.vendorTransactionNo,
    receiptAt: receipt.receiptAt.at,
    void: request.isVoid,
    test: request.isTest,
    subtotalCents: receipt.subtotalCents,
    payableCents: receipt.payableCents,
    body: receipt,
    postedAt: now,
  }
}

type Posted = { request: ReceiptRequest; version: ReceiptVersion }

function effectOf(deps: Deps, facts: Facts, posted: Posted): Decision<Stored> {
  const { after, entries, codeUses } = guestAfter(deps, facts, posted)
  return {
    kind: 'changed',
    result: { kind: 'stored' },
    change: { after, entries, codeUses, receipts: [posted.version] },
  }
}

function guestAfter(deps: Deps, facts: Facts, { request, version }: Posted): Effect {
  const { location, receipt } = request
  const found = checkinOfReceipt(facts.state, version)
  if (request.isVoid) {
    const { externalUid } = request
    const checkinId = found?.checkin.checkinId ?? null
    return voidReceipt(facts, { externalUid, locationId: version.locationId, checkinId })
  }
  if (found !== null) return corrected(deps, facts, { found, receipt })
  return settledClaim(deps, facts, { version, location })
}

/** A receipt that went up after its points were approved changes nothing any more. */
function corrected(
  deps: Deps,
  { state, catalog, now }: Facts,
  { found, receipt }: { found: StandingCheckin; receipt: Receipt },
): Effect {
  const { checkinId } = found.checkin
  const { program } = catalog
  const { subtotalCents } = receipt
  const amended = amendCheckin(state.account, program, {
    checkinId,
    receiptAt: receipt.receiptAt.at,
    eligibleCents: eligibleCents(receipt, catalog),
    subtotalCents,
    now,
  })
  if (amended.kind === 'amended') {
    const issued = issueRewards(deps, amended.issues, catalog)
    const after = { ...state, account: amended.account, rewards: [...state.rewards, ...issued] }
    return { after: withReceipt(after, checkinId, receipt), entries: amended.entries, codeUses: [] }
  }
  const earnsNothing = subtotalCents < program.minimumVisitCents
  const lowered = correctCheckin(state.account, program, {
    checkinId,
    eligibleCents: earnsNothing ? cents(0) : eligibleCents(receipt, catalog),
    unusedRewards: unusedRewards(state),
    at: now,
  })
  if (lowered.kind !== 'corrected') return { after: state, entries: [], codeUses: [] }
  const after = {
    ...state,
    account: lowered.account,
    rewards: withdraw(state.rewards, lowered.withdrawnRewardIds, now),
  }
  return { after: withReceipt(after, checkinId, receipt), entries: lowered.entries, codeUses: [] }
}

function withReceipt(state: GuestState, checkinId: number, receipt: Receipt): GuestState {
  return {
    ...state,
    checkinRecords: state.checkinRecords.map((record) =>
      record.checkinId === checkinId ? { ...record, subtotalCents: receipt.subtotalCents } : record,
    ),
  }
}
