import { type Refusal, refuse } from '@regulars/contract/refusals'
import {
  type BusinessDate,
  businessDateAt,
  dayMs,
  type Instant,
  plusMs,
} from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import { type Checkin, criterionValueCents, earn, type Hold, type Receipt } from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { Deps } from '../deps.ts'
import { onlineCheckinReply, posCheckinReply } from '../replies/checkin-reply.ts'
import type { Location } from '../store/callers.ts'
import type { CheckinKind, CheckinRecord, GuestState } from '../store/guest-state.ts'
import { findReceiptLinks } from '../store/receipts.ts'
import { isStoredReply, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Decision, type Facts, type GuestId } from './change-guest.ts'
import { fingerprintOf } from './fingerprint.ts'
import { voidReceipt } from './reverse-checkin.ts'
import { issueRewards } from './rewards.ts'

export type CheckinRequest = GuestId & {
  kind: CheckinKind
  location: Location
  receipt: Receipt
  externalUid: string | null
  punchhKey: string | null
  hold: Hold
  language: string | null
}

export type CheckedIn = {
  kind: 'checked_in'
  checkin: Checkin
  record: CheckinRecord
  /** What the first call was answered, when this is a repeat. */
  storedReply: unknown
  facts: Facts
}

/** The longest window in which visits are counted (`minimum_visit_hours` is at most 720). */
const visitWindowMs = 30 * dayMs

/**
 * Lets a guest earn for a closed check. Known by its `external_uid`, or else by the receipt's key and
 * business date at its location: asked again with the same check it answers what it answered. A
 * receipt that the same guest claimed in the app is answered by what the claim earned.
 *
 * Refused, in this order: guest_banned, feature_disabled (the location does not earn), key_reused,
 * receipt_void (the newest stored version of the check), receipt_used (it earned already, for this
 * guest under another uid or for somebody else).
 */
export async function checkIn(deps: Deps, request: CheckinRequest): Promise<CheckedIn | Refusal> {
  const businessDate = businessDateOf(request.receipt, request.location)
  const wanted = checkinWanted(request, businessDate)
  const result = await changeGuest(deps, request, wanted, (facts): Decision<CheckedIn> => {
    const earlier = earlierCheckin(facts, { request, businessDate })
    if (isStoredReply(earlier, facts)) return earlier
    const gate =
      standingRefusal(facts, 'guest_banned') ??
      (request.location.earns ? null : refuse('feature_disabled'))
    if (gate !== null) return gate
    if (earlier !== null) return earlier
    if (facts.state.receipt?.void === true) return refuse('receipt_void')

    const credited = creditReceipt(deps, facts, { ...request, businessDate })
    return {
      kind: 'changed',
      result: { kind: 'checked_in', ...credited, storedReply: null },
      change: { after: credited.facts.state, entries: credited.entries },
    }
  })
  if (result.kind === 'checked_in') {
    // Of a repeat too: the server may have died before it came to this.
    await takeBackIfVoided(deps, request, { ...request, ...request.location, businessDate })
  }
  return result
}

/**
 * Takes back what was earned for a receipt whose void was stored while it was: each looked for the
 * other before it was there. Whoever comes second sees both, the void after its own look.
 */
export async function takeBackIfVoided(
  deps: Deps,
  { businessId, guestId }: GuestId,
  receipt: {
    locationId: number
    punchhKey: string | null
    businessDate: BusinessDate
    externalUid: string | null
  },
): Promise<void> {
  const { locationId, punchhKey, businessDate, externalUid } = receipt
  if (punchhKey === null) return
  const receiptKey = { locationId, punchhKey, businessDate }
  const { newest } = await findReceiptLinks(deps.db, { businessId, ...receiptKey, externalUid })
  if (newest === null || !newest.void || newest.test) return
  const wanted = { receiptKey, commitUid: externalUid, allLots: true }
  await changeGuest(deps, { businessId, guestId }, wanted, (facts): Decision<{ kind: 'done' }> => {
    const found = checkinOfReceipt(facts.state, receiptKey)
    if (found === null) return { kind: 'unchanged', result: { kind: 'done' } }
    const { checkinId } = found.checkin
    const change = voidReceipt(facts, { externalUid, locationId, checkinId })
    return { kind: 'changed', result: { kind: 'done' }, change }
  })
}

/** What a check-in of this receipt is decided on. */
export function checkinWanted(
  request: Pick<CheckinRequest, 'externalUid' | 'punchhKey' | 'location' | 'receipt'>,
  businessDate: BusinessDate,
) {
  const { externalUid, punchhKey, location, receipt } = request
  return {
    checkinUid: externalUid,
    checkinsSince: checkinsSince(receipt),
    ...(punchhKey === null
      ? {}
      : { receiptKey: { locationId: location.locationId, punchhKey, businessDate } }),
  }
}

/** Check-ins before this have no say in whether a visit with this receipt counts. */
export function checkinsSince(receipt: Receipt): Instant {
  return plusMs(receipt.receiptAt.at, -visitWindowMs)
}

/** The calendar day of the store that a receipt belongs to. */
export function businessDateOf(receipt: Receipt, location: Location): BusinessDate {
  return businessDateAt(receipt.receiptAt.at, location.zone)
}

/**
 * What of a receipt earns: the earning criterion's value, or its subtotal. A check sent without any
 * line has nothing a criterion could look at, so its subtotal earns (ours).
 */
export function eligibleCents(receipt: Receipt, catalog: Catalog): Cents {
  const criterion = catalog.program.earningCriterion
  if (criterion === null || receipt.lines.length === 0) return receipt.subtotalCents
  return criterionValueCents(criterion, receipt)
}

export type StandingCheckin = { checkin: Checkin; record: CheckinRecord }

/** The guest's check-in of a receipt, one that was voided aside; null when there is none. */
export function checkinOfReceipt(
  state: GuestState,
  {
    punchhKey,
    locationId,
    businessDate,
  }: { punchhKey: string | null; locationId: number; businessDate: BusinessDate },
): StandingCheckin | null {
  return standingCheckin(
    state,
    ({ checkin, record }) =>
      punchhKey !== null &&
      record.punchhKey === punchhKey &&
      checkin.locationId === locationId &&
      record.businessDate === businessDate,
  )
}

function standingCheckin(
  state: GuestState,
  isIt: (one: StandingCheckin) => boolean,
): StandingCheckin | null {
  for (const checkin of state.account.checkins) {
    const record = state.checkinRecords.find((one) => one.checkinId === checkin.checkinId)
    if (checkin.state !== 'void' && record !== undefined && isIt({ checkin, record })) {
      return { checkin, record }
    }
  }
  return null
}

function earlierCheckin(
  facts: Facts,
  { request, businessDate }: { request: CheckinRequest; businessDate: BusinessDate },
): Decision<CheckedIn> | null {
  const { externalUid, punchhKey, location, receipt } = request
  const { state } = facts
  const underUid =
    externalUid === null
      ? null
      : standingCheckin(state, ({ checkin }) => checkin.externalUid === externalUid)
  const key = { punchhKey, locationId: location.locationId, businessDate }
  const found = underUid ?? checkinOfReceipt(state, key)
  if (found === null) return null
  const isClaim = found.record.kind === 'barcode' || found.record.kind === 'qrcode'
  const isKnown = underUid !== null || externalUid === null
  if (!isClaim && !isKnown) return refuse('receipt_used')
  if (!isClaim && found.record.fingerprint !== fingerprintOf(receipt)) {
    return refuse('key_reused', { externalUid: externalUid ?? punchhKey ?? '' })
  }
  const result = { kind: 'checked_in', ...found, storedReply: found.record.reply, facts } as const
  return { kind: 'unchanged', result }
}

/** Earns for one receipt: the guest after it, and the reply that is stored with it. */
export function creditReceipt(
  deps: Deps,
  facts: Facts,
  request: Omit<CheckinRequest, keyof GuestId> & { businessDate: BusinessDate },
) {
  const { catalog, now, state } = facts
  const { receipt, location } = request
  const earned = earn(state.account, catalog.program, {
    checkinId: deps.ids.next(),
    externalUid: request.externalUid,
    locationId: location.locationId,
    receiptAt: receipt.receiptAt.at,
    eligibleCents: eligibleCents(receipt, catalog),
    subtotalCents: receipt.subtotalCents,
    hold: request.hold,
    now,
  })
  const issued = issueRewards(deps, earned.issues, catalog)
  const claims = state.claims.map((claim) =>
    claim.state === 'waiting' &&
    claim.punchhKey === request.punchhKey &&
    (claim.locationId === null || claim.locationId === location.locationId)
      ? {
          ...claim,
          state: 'settled' as const,
          settledAt: now,
          checkinId: earned.checkin.checkinId,
        }
      : claim,
  )
  const after: GuestState = {
    ...state,
    account: earned.account,
    rewards: [...state.rewards, ...issued],
    claims,
  }
  const credited: Facts = { ...facts, state: after }
  const record: CheckinRecord = {
    checkinId: earned.checkin.checkinId,
    kind: request.kind,
    punchhKey: request.punchhKey,
    businessDate: request.businessDate,
    transactionNo: receipt.transactionNo,
    channel: receipt.channel,
    subtotalCents: receipt.subtotalCents,
    fingerprint: fingerprintOf(receipt),
    reply:
      request.kind === 'online_order'
        ? onlineCheckinReply(credited, { checkin: earned.checkin, createdAt: now })
        : posCheckinReply(credited, earned.checkin, request.language),
    createdAt: now,
  }
  return {
    checkin: earned.checkin,
    record,
    entries: earned.entries,
    facts: {
      ...credited,
      state: { ...after, checkinRecords: [...after.checkinRecords, record] },
    },
  }
}
