import { type Refusal, refuse } from '@regulars/contract/refusals'
import { assert } from '@regulars/contract/values/assert'
import type { BusinessDate } from '@regulars/contract/values/instants'
import {
  amendCheckin,
  approveCheckin,
  type Checkin,
  type Entry,
  type Hold,
  type Receipt,
  type RewardIssue,
} from '@regulars/engine'
import type { Deps } from '../deps.ts'
import { onlineCheckinReply } from '../replies/checkin-reply.ts'
import type { Location } from '../store/callers.ts'
import type { CheckinRecord } from '../store/guest-state.ts'
import { isOrderUsed } from '../store/receipts.ts'
import { isStoredReply, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Decision, type Facts, type GuestId } from './change-guest.ts'
import {
  businessDateOf,
  checkinsSince,
  checkinWanted,
  creditReceipt,
  eligibleCents,
} from './check-in.ts'
import { fingerprintOf } from './fingerprint.ts'
import { reverseCheckin } from './reverse-checkin.ts'
import { issueRewards } from './rewards.ts'

/** What the caller wants the check-in to be; null leaves it to the program. */
type WantedState = 'committed' | 'pending' | 'void' | null

export type OnlineOrder = GuestId & {
  externalUid: string
  receipt: Receipt
  state: WantedState
}

/** `replayed`: an earlier call was answered this, and nothing changed now. */
export type OnlineCheckedIn = { kind: 'checked_in'; reply: unknown; replayed: boolean }

type Found = { checkin: Checkin; record: CheckinRecord }

/**
 * Lets the guest earn for an online order. Without a state points count when the program says; a
 * `pending` one waits until it is `committed`. Asked again with the same order it answers what it
 * answered, or moves the check-in on when the state is a later one.
 *
 * Refused, in this order: guest_banned, feature_disabled (the location does not earn), key_reused,
 * checkin_not_found and checkin_not_pending (a `void` of what is not there or has counted),
 * receipt_used (the store's own receipt of the order earned already).
 */
export async function checkInOnline(
  deps: Deps,
  request: OnlineOrder & { location: Location },
): Promise<OnlineCheckedIn | Refusal> {
  const { externalUid, receipt, location, state } = request
  const businessDate = businessDateOf(receipt, location)
  const wanted = {
    ...checkinWanted({ externalUid, punchhKey: null, location, receipt }, businessDate),
    allLots: state === 'void',
  }
  return changeGuest(deps, request, wanted, async (facts) => {
    const earlier = state === 'void' ? null : earlierOrder(deps, facts, request)
    if (isStoredReply(earlier, facts)) return earlier
    const gate =
      standingRefusal(facts, 'guest_banned') ?? (location.earns ? null : refuse('feature_disabled'))
    if (gate !== null) return gate
    if (state === 'void') return voided(facts, externalUid)
    if (earlier !== null) return earlier
    if (await isClaimed(deps, request, businessDate)) return refuse('receipt_used')
    const credited = creditReceipt(deps, facts, {
      kind: 'online_order',
      location,
      receipt,
      externalUid,
      punchhKey: null,
      hold: holds[state ?? 'none'],
      language: null,
      businessDate,
    })
    return {
      kind: 'changed',
      result: { kind: 'checked_in', reply: credited.record.reply, replayed: false },
      change: { after: credited.facts.state, entries: credited.entries },
    }
  })
}

async function isClaimed(
  deps: Deps,
  { businessId, location, receipt }: OnlineOrder & { location: Location },
  businessDate: BusinessDate,
): Promise<boolean> {
  const { transactionNo } = receipt
  if (transactionNo === null) return false
  const { locationId } = location
  return isOrderUsed(deps.db, { businessId, locationId, transactionNo, businessDate })
}

/** What comes of the order when its check-in stands already; null when none does. */
function earlierOrder(
  deps: Deps,
  facts: Facts,
  { externalUid, receipt, state }: OnlineOrder,
): Decision<OnlineCheckedIn> | null {
  const found = checkinUnder(facts, externalUid)
  if (found === null) return null
  if (found.record.fingerprint !== fingerprintOf(receipt)) {
    return refuse('key_reused', { externalUid })
  }
  const moves = state === 'committed' && found.checkin.state === 'pending'
  return moves ? movedOn(deps, facts, found, { to: state }) : asAnswered(found)
}

const holds: Record<'committed' | 'pending' | 'none', Hold> = {
  committed: 'at_once',
  pending: 'until_committed',
  none: 'program',
}

/**
 * Replaces a pending check-in by what is sent now, whole, and commits or voids it if asked to. A
 * repeat of what committed it answers the same.
 *
 * Refused, in this order: guest_banned, checkin_not_found, checkin_not_pending.
 */
export async function amendOnlineCheckin(
  deps: Deps,
  request: OnlineOrder,
): Promise<OnlineCheckedIn | Refusal> {
  const { externalUid, receipt, state } = request
  const wanted = {
    checkinUid: externalUid,
    checkinsSince: checkinsSince(receipt),
    allLots: state === 'void',
  }
  return changeGuest(deps, request, wanted, (facts) => {
    const amended = amendedOrder(deps, facts, request)
    if (isStoredReply(amended, facts)) return amended
    return standingRefusal(facts, 'guest_banned') ?? amended
  })
}

function amendedOrder(
  deps: Deps,
  facts: Facts,
  { externalUid, receipt, state }: OnlineOrder,
): Decision<OnlineCheckedIn> {
  if (state === 'void') return voided(facts, externalUid)
  const found = checkinUnder(facts, externalUid)
  if (found === null) return refuse('checkin_not_found', { externalUid })
  if (found.checkin.state === 'pending') return movedOn(deps, facts, found, { to: state, receipt })
  const repeats = state !== 'pending' && found.record.fingerprint === fingerprintOf(receipt)
  return repeats ? asAnswered(found) : refuse('checkin_not_pending', { externalUid })
}

/**
 * Takes a pending check-in back; what the order redeemed stays redeemed. A second void changes
 * nothing.
 *
 * Refused, in this order: checkin_not_found, checkin_not_pending.
 */
export async function voidOnlineCheckin(
  deps: Deps,
  request: GuestId & { externalUid: string },
): Promise<OnlineCheckedIn | Refusal> {
  const { externalUid } = request
  return changeGuest(deps, request, { checkinUid: externalUid, allLots: true }, (facts) =>
    voided(facts, externalUid),
  )
}

/** The newest check-in under the uid that stands; null when there is none. */
function checkinUnder(facts: Facts, externalUid: string): Found | null {
  return foundUnder(facts, externalUid).find(({ checkin }) => checkin.state !== 'void') ?? null
}

function foundUnder({ state }: Facts, externalUid: string): Found[] {
  return state.account.checkins.flatMap((checkin) => {
    const record = state.checkinRecords.find((one) => one.checkinId === checkin.checkinId)
    const isIt = checkin.externalUid === externalUid && record !== undefined
    return isIt ? [{ checkin, record }] : []
  })
}

function asAnswered({ record }: Found): Decision<OnlineCheckedIn> {
  return {
    kind: 'unchanged',
    result: { kind: 'checked_in', reply: record.reply, replayed: true },
  }
}

function voided(facts: Facts, externalUid: string): Decision<OnlineCheckedIn> {
  const found = checkinUnder(facts, externalUid)
  if (found === null) {
    const earlier = foundUnder(facts, externalUid).at(-1)
    return earlier === undefined
      ? refuse('checkin_not_found', { externalUid })
      : asAnswered(earlier)
  }
  if (found.checkin.state !== 'pending') return refuse('checkin_not_pending', { externalUid })
  const { after, entries } = reverseCheckin(facts.state, {
    checkinId: found.checkin.checkinId,
    catalog: facts.catalog,
    at: facts.now,
  })
  return answered({ ...facts, state: after }, found.record, entries)
}

function movedOn(
  deps: Deps,
  facts: Facts,
  { checkin, record }: Found,
  { to, receipt }: { to: WantedState; receipt?: Receipt },
): Decision<OnlineCheckedIn> {
  const { catalog, now, state } = facts
  const { checkinId } = checkin
  let account = state.account
  const entries: Entry[] = []
  const issues: RewardIssue[] = []
  let written = record
  if (receipt !== undefined) {
    const { subtotalCents, receiptAt, transactionNo } = receipt
    const eligible = eligibleCents(receipt, catalog)
    const amended = amendCheckin(account, catalog.program, {
      checkinId,
      receiptAt: receiptAt.at,
      eligibleCents: eligible,
      subtotalCents,
      now,
    })
    assert(amended.kind === 'amended', 'a pending check-in can be amended', { checkin })
    account = amended.account
    entries.push(...amended.entries)
    issues.push(...amended.issues)
    written = { ...record, subtotalCents, transactionNo, fingerprint: fingerprintOf(receipt) }
  }
  if (to === 'committed') {
    const approved = approveCheckin(account, catalog.program, { checkinId, now })
    if (approved.kind === 'approved') {
      account = approved.account
      entries.push(...approved.entries)
      issues.push(...approved.issues)
    }
  }
  const rewards = [...state.rewards, ...issueRewards(deps, issues, catalog)]
  return answered({ ...facts, state: { ...state, account, rewards } }, written, entries)
}

/** The check-in as `facts` have it, with the reply that says so stored beside it. */
function answered(
  facts: Facts,
  record: CheckinRecord,
  entries: readonly Entry[],
): Decision<OnlineCheckedIn> {
  const { state } = facts
  const checkin = state.account.checkins.find((one) => one.checkinId === record.checkinId)
  assert(checkin !== undefined, 'a check-in record has its check-in', { record })
  const reply = onlineCheckinReply(facts, { checkin, createdAt: record.createdAt })
  const checkinRecords = state.checkinRecords.map((one) =>
    one.checkinId === record.checkinId ? { ...record, reply } : one,
  )
  return {
    kind: 'changed',
    result: { kind: 'checked_in', reply, replayed: false },
    change: { after: { ...state, checkinRecords }, entries },
  }
}
