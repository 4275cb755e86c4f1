import { posCheckin } from '@regulars/contract/wire/checkins'
import { receiptDetails } from '@regulars/contract/wire/receipt-details'
import { checkIn } from '../actions/check-in.ts'
import { identifyGuest } from '../actions/identify-guest.ts'
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
      externalUid: request.external_uid ?? null,
      punchhKey: request.punchh_key ?? null,
      hold: 'program',
      language,
    })
    if (result.kind === 'refused') return result
    const { storedReply, record } = result
    return { ...ok(record.reply), stored: storedReply !== null }
  }),

  route(receiptDetails, async (deps, { caller, request }) => {
    const result = await storeReceipt(deps, {
      businessId: caller.businessId,
      location: caller.location,
      punchhKey: request.punchh_key,
      receipt: checkFrom(request, 'pos'),
      isVoid: request.status?.toLowerCase() === 'void',
      isTest: request.is_test ?? false,
    })
    return result.kind === 'refused' ? result : ok({})
  }),
]
