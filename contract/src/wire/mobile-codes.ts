import { Type } from 'typebox'
import { clientMember } from './client.ts'
import { amount, flag, identifier, integer, text } from './fields.ts'
import { type Operation, wireMoment } from './operation.ts'

const shortCode = Type.Object({
  short_code: Type.String({ description: 'Four characters.' }),
  location_id: Type.Optional(Type.Integer()),
  expiring_at: wireMoment,
  new_short_code_generated: Type.Boolean({
    description: 'False when the active short code was bound to a new single scan code.',
  }),
})

/**
 * Makes the code a guest shows at the till: a single scan code, or with `short_code` a drive-thru
 * code bound to one. Offers cannot be chosen here: they are in the basket.
 */
export const mobileSingleScanTokens = {
  name: 'mobile-single-scan-tokens',
  method: 'POST',
  path: '/api2/mobile/single_scan_tokens',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Make the code a guest shows at the till',
  request: Type.Object({
    ...clientMember,
    payment_type: Type.Optional(text()),
    gift_card_uuid: Type.Optional(identifier()),
    transaction_token: Type.Optional(identifier()),
    tip: Type.Optional(amount({ description: 'Published as text.' })),
    short_code: Type.Optional(flag()),
    location_id: Type.Optional(integer()),
  }),
  replies: {
    200: Type.Union([
      Type.Object({
        single_scan_code: Type.String(),
        expires_in: Type.String({ format: 'date-time', description: 'A moment, not a duration.' }),
        created_at: wireMoment,
      }),
      shortCode,
    ]),
  },
  refusals: [
    'missing_parameter',
    'unknown_client',
    'invalid_access_token',
    'invalid_payment_type',
    'short_code_location',
    'location_not_found',
    'location_feature_disabled',
    'guest_banned_code',
  ],
} as const satisfies Operation

/** Makes a four-character code that identifies a guest at a drive-through, without payment. */
export const mobileDriveThruCode = {
  name: 'mobile-drivethru-code',
  method: 'POST',
  path: '/api2/mobile/drivethru_code',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Make a four-character code for the drive-through',
  request: Type.Object({ ...clientMember, location_id: integer() }),
  replies: { 200: shortCode },
  refusals: ['missing_parameter', 'location_not_found', 'drive_thru_disabled', 'guest_banned_code'],
} as const satisfies Operation
