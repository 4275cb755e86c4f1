import { type Refusal, refuse } from '@regulars/contract/refusals'
import {
  onlineBatchRedemptions,
  onlineVoidBatch,
  posBatchRedemptions,
  posVoidBatch,
} from '@regulars/contract/wire/batch-redemptions'
import { type RedeemResult, redeem } from '../actions/redeem.ts'
import { voidRedemption } from '../actions/void-redemption.ts'
import { findLocation } from '../store/callers.ts'
import { type Reply, type Route, route } from './call.ts'
import { checkFrom } from './check-from.ts'

export const batchRoutes: readonly Route[] = [
  route(posBatchRedemptions, async (deps, { caller, request, language, explains }) => {
    const result = await redeem(deps, {
      businessId: caller.businessId,
      guestId: request.user_id,
      location: caller.location,
      isQuery: request.query ?? false,
      receipt: checkFrom(request, 'pos'),
      externalUid: request.external_uid ?? null,
      transactionNo: request.transaction_no ?? null,
      language,
    })
    return batchReplyOf(result, explains)
  }),

  route(posVoidBatch, async (deps, { caller, request, params }) => {
    const result = await voidRedemption(deps, {
      businessId: caller.businessId,
      guestId: request.user_id,
      location: caller.location,
      redemptionRef: params.redemption_ref,
    })
    return result.kind === 'refused' ? result : accepted
  }),

  route(onlineBatchRedemptions, async (deps, { caller, request, language, explains }) => {
    const storeNumber = request.store_number
    const location = await findLocation(deps.db, caller.businessId, { storeNumber })
    if (location === null) return refuse('location_not_found', { storeNumber })
    const result = await redeem(deps, {
      businessId: caller.businessId,
      guestId: caller.guestId,
      location,
      isQuery: request.query ?? false,
      receipt: checkFrom(request, 'online_order'),
      externalUid: request.external_uid ?? null,
      transactionNo: request.transaction_no ?? null,
      language,
    })
    return batchReplyOf(result, explains)
  }),

  route(onlineVoidBatch, async (deps, { caller, params }) => {
    const result = await voidRedemption(deps, {
      businessId: caller.businessId,
      guestId: caller.guestId,
      location: null,
      redemptionRef: params.redemption_ref,
    })
    return result.kind === 'refused' ? result : accepted
  }),
]

const accepted: Reply = { kind: 'reply', status: 202, body: null }

function batchReplyOf(result: RedeemResult, explains: boolean): Reply | Refusal {
  if (result.kind === 'refused') return result
  const { reply, explanation, replayed } = result
  const body = explains ? { ...reply, explanation } : reply
  return { kind: 'reply', status: 200, body, stored: replayed }
}
