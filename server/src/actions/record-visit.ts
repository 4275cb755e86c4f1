import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Receipt } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import { posVisitReply } from '../replies/checkin-reply.ts'
import type { Location } from '../store/callers.ts'
import type { Visit } from '../store/guest-state.ts'
import { isStoredReply, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Decision, type Facts, type GuestId } from './change-guest.ts'
import { businessDateOf } from './check-in.ts'
import { fingerprintOf } from './fingerprint.ts'

export type VisitRequest = GuestId & {
  location: Location
  receipt: Receipt
  externalUid: string | null
  punchhKey: string | null
  language: string | null
}

export type VisitRecorded = { kind: 'recorded'; reply: unknown; replayed: boolean }

/**
 * Keeps a visit that earns nothing. Known like a check-in, by its uid or else by the receipt's key and
 * day at its location, but apart from check-ins: the same receipt may earn as well.
 *
 * Refused, in this order: guest_banned, feature_disabled (the location takes no check-ins),
 * key_reused.
 */
export async function recordVisit(
  deps: Deps,
  request: VisitRequest,
): Promise<VisitRecorded | Refusal> {
  const { location, receipt, externalUid, punchhKey } = request
  const { locationId } = location
  const businessDate = businessDateOf(receipt, location)
  const wanted = {
    checkinUid: externalUid,
    ...(punchhKey === null ? {} : { receiptKey: { locationId, punchhKey, businessDate } }),
  }
  return changeGuest(deps, request, wanted, (facts): Decision<VisitRecorded> => {
    const visit: Visit = {
      checkinId: deps.ids.next(),
      locationId,
      externalUid,
      punchhKey,
      businessDate,
      receiptAt: receipt.receiptAt.at,
      transactionNo: receipt.transactionNo,
      channel: receipt.channel,
      subtotalCents: receipt.subtotalCents,
      fingerprint: fingerprintOf(receipt),
      reply: posVisitReply(facts, request.language),
      createdAt: facts.now,
    }
    const earlier = facts.state.visits.find((one) => sameVisit(one, visit))
    const repeat = earlier === undefined ? null : repeated(earlier, visit)
    if (isStoredReply(repeat, facts)) return repeat
    const gate =
      standingRefusal(facts, 'guest_banned') ?? (location.earns ? null : refuse('feature_disabled'))
    return gate ?? repeat ?? recorded(facts, visit)
  })
}

function sameVisit(one: Visit, other: Visit): boolean {
  if (other.externalUid !== null) return one.externalUid === other.externalUid
  return (
    other.punchhKey !== null &&
    one.punchhKey === other.punchhKey &&
    one.locationId === other.locationId &&
    one.businessDate === other.businessDate
  )
}

function recorded({ state }: Facts, visit: Visit): Decision<VisitRecorded> {
  return {
    kind: 'changed',
    result: { kind: 'recorded', reply: visit.reply, replayed: false },
    change: { after: { ...state, visits: [...state.visits, visit] }, entries: [] },
  }
}

function repeated(earlier: Visit, visit: Visit): Decision<VisitRecorded> {
  if (earlier.fingerprint !== visit.fingerprint) {
    return refuse('key_reused', { externalUid: visit.externalUid ?? visit.punchhKey ?? '' })
  }
  return {
    kind: 'unchanged',
    result: { kind: 'recorded', reply: earlier.reply, replayed: true },
  }
}
