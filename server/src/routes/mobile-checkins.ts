import { mobileBarcodeCheckin, mobileQrCheckin } from '@regulars/contract/wire/mobile-checkins'
import { claimReceipt } from '../actions/claim-receipt.ts'
import { claimReply } from '../replies/claim-reply.ts'
import { ok, type Route, route } from './call.ts'

export const mobileCheckinRoutes: readonly Route[] = [
  route(mobileBarcodeCheckin, async (deps, { caller, request }) => {
    const locationId = request.location_id ?? null
    const scanned = request.bar_code
    const claim = await claimReceipt(deps, { ...caller, kind: 'barcode', scanned, locationId })
    return claim.kind === 'refused' ? claim : ok(claimReply(claim))
  }),

  route(mobileQrCheckin, async (deps, { caller, request }) => {
    const locationId = request.location_id ?? null
    const scanned = request.qr_decoded
    const claim = await claimReceipt(deps, { ...caller, kind: 'qrcode', scanned, locationId })
    return claim.kind === 'refused' ? claim : ok(claimReply(claim))
  }),
]
