import { type Refusal, refuse } from '@regulars/contract/refusals'
import {
  onlineCheckin,
  onlineUpdateCheckin,
  onlineVoidCheckin,
} from '@regulars/contract/wire/checkins'
import {
  amendOnlineCheckin,
  checkInOnline,
  type OnlineCheckedIn,
  voidOnlineCheckin,
} from '../actions/online-checkin.ts'
import { findLocation } from '../store/callers.ts'
import { type Reply, type Route, route } from './call.ts'
import { checkFrom } from './check-from.ts'

export const onlineCheckinRoutes: readonly Route[] = [
  route(onlineCheckin, async (deps, { caller, request }) => {
    const { businessId, guestId } = caller
    const storeNumber = request.store_number
    const location = await findLocation(deps.db, businessId, { storeNumber })
    if (location === null) return refuse('location_not_found', { storeNumber })
    const result = await checkInOnline(deps, {
      businessId,
      guestId,
      location,
      externalUid: request.external_uid,
      receipt: checkFrom(request, 'online_order'),
      state: request.state ?? null,
    })
    return replyOf(result)
  }),

  route(onlineUpdateCheckin, async (deps, { caller, request }) => {
    const { businessId, guestId } = caller
    const result = await amendOnlineCheckin(deps, {
      businessId,
      guestId,
      externalUid: request.external_uid,
      receipt: checkFrom(request, 'online_order'),
      state: request.state ?? null,
    })
    return replyOf(result)
  }),

  route(onlineVoidCheckin, async (deps, { caller, request }) => {
    const { businessId, guestId } = caller
    const externalUid = request.external_uid
    const result = await voidOnlineCheckin(deps, { businessId, guestId, externalUid })
    return result.kind === 'refused' ? result : { kind: 'reply', status: 202, body: null }
  }),
]

function replyOf(result: OnlineCheckedIn | Refusal): Reply | Refusal {
  if (result.kind === 'refused') return result
  return { kind: 'reply', status: 200, body: result.reply, stored: result.replayed }
}
