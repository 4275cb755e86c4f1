import { toWireInstant } from '@regulars/contract/values/instants'
import { mobileDriveThruCode, mobileSingleScanTokens } from '@regulars/contract/wire/mobile-codes'
import { makeDriveThruCode, makeScanCode, type ShortCode } from '../actions/make-code.ts'
import { ok, type Route, route } from './call.ts'

export const mobileCodeRoutes: readonly Route[] = [
  route(mobileSingleScanTokens, async (deps, { caller, request }) => {
    const made = await makeScanCode(deps, {
      businessId: caller.businessId,
      guestId: caller.guestId,
      paymentType: request.payment_type ?? null,
      giftCardUuid: request.gift_card_uuid ?? null,
      transactionToken: request.transaction_token ?? null,
      tipCents: request.tip ?? null,
      wantsShortCode: request.short_code ?? false,
      locationId: request.location_id ?? null,
    })
    switch (made.kind) {
      case 'refused':
        return made
      case 'short_code':
        return ok({ ...shortCodeReply(made), location_id: made.locationId })
      case 'single_scan_code':
        return ok({
          single_scan_code: made.code,
          expires_in: toWireInstant(made.expiresAt),
          created_at: toWireInstant(made.createdAt),
        })
    }
  }),

  route(mobileDriveThruCode, async (deps, { caller, request }) => {
    const { businessId, guestId } = caller
    const locationId = request.location_id
    const made = await makeDriveThruCode(deps, { businessId, guestId, locationId })
    return made.kind === 'refused' ? made : ok(shortCodeReply(made))
  }),
]

function shortCodeReply({ code, expiresAt, isNew }: ShortCode) {
  return {
    short_code: code,
    expiring_at: toWireInstant(expiresAt),
    new_short_code_generated: isNew,
  }
}
