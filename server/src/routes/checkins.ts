import { posCheckin, posTransaction } from '@regulars/contract/wire/checkins'
import { receiptDetails } from '@regulars/contract/wire/receipt-details'
import { checkIn } from '../actions/check-in.ts'
import { identifyGuest } from '../actions/identify-guest.ts'
import { normalisePunchhKey } from '../actions/punchh-key.ts'
import { recordVisit } from '../actions/record-visit.ts'
import { storeReceipt } from '../actions/store-receipt.ts'
import { ok, type Route, route } from './call.ts'
import { checkFrom } from './check-from.ts'

export const checkinRoutes: readonly Route[] = [
  route(posCheckin, async (deps, { caller, request, language }) => {
    const { businessId, location } = caller
    const guest = await identifyGuest(deps, location, request)
    if (guest.kind === 'refused') return guest
    const result = await checkIn(deps, {
      businessId,
      guestId: guest.guestId,
      kind: 'pos',
      location,
      receipt: checkFrom(request, 'pos'),
      hold: 'program',
      language,
      ...keysOf(request),
    })
    if (result.kind === 'refused') return result
    const { storedReply, record } = result
    return { ...ok(record.reply), stored: storedReply !== null }
  }),

  route(posTransaction, async (deps, { caller, request, language }) => {
    const { businessId, location } = caller
    const guest = await identifyGuest(deps, location, request)
    if (guest.kind === 'refused') return guest
    const result = await recordVisit(deps, {
      businessId,
      guestId: guest.guestId,
      location,
      receipt: checkFrom(request, 'pos'),
      language,
      ...keysOf(request),
    })
    if (result.kind === 'refused') return result
    return { ...ok(result.reply), stored: result.replayed }
  }),

  route(receiptDetails, async (deps, { caller, request }) => {
    const result = await storeReceipt(deps, {
      businessId: caller.businessId,
      location: caller.location,
      punchhKey: normalisePunchhKey(request.punchh_key),
      receipt: checkFrom(request, 'pos'),
      externalUid: request.external_uid ?? null,
      vendorTransactionNo: request.vendor_transaction_no ?? null,
      isVoid: request.status?.toLowerCase() === 'void',
      isTest: request.is_test ?? false,
    })
    return result.kind === 'refused' ? result : ok({})
  }),
]

function keysOf({ external_uid, punchh_key }: { external_uid?: string; punchh_key?: string }): {
  externalUid: string | null
  punchhKey: string | null
} {
  return {
    externalUid: external_uid ?? null,
    punchhKey: punchh_key === undefined ? null : normalisePunchhKey(punchh_key),
  }
}
