import { Type } from 'typebox'
import { clientMember } from './client.ts'
import { flag, identifier, integer, quantity, text } from './fields.ts'
import { wireDate } from './guests.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

// Latitude and longitude are read as six decimals, a tenth of a metre.
const whereMembers = {
  location_id: Type.Optional(integer()),
  latitude: Type.Optional(quantity()),
  longitude: Type.Optional(quantity()),
  gps_accuracy: Type.Optional(text()),
  manual: Type.Optional(flag()),
}

const claimed = Type.Object({
  checkin_id: Type.Integer(),
  created_at: wireMoment,
  external_uid: nullable(Type.String()),
  points_earned: Type.Integer(),
  pending_points: Type.Integer(),
  pending_refresh: Type.Boolean(),
  bar_code: Type.String(),
  current_membership_level: nullable(Type.String()),
  first_checkin: Type.Boolean(),
  location_id: Type.Integer(),
  store_number: Type.String(),
  expiring_on: nullable(wireDate),
})

/** Earns for a check by the barcode printed on it; before the check arrived, the claim waits. */
export const mobileBarcodeCheckin = {
  name: 'mobile-checkins-barcode',
  method: 'POST',
  path: '/api2/mobile/checkins/barcode',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Claim a check by its printed barcode',
  request: Type.Object({ ...clientMember, bar_code: identifier(), ...whereMembers }),
  replies: { 200: claimed },
  refusals: [
    'missing_parameter',
    'bar_code_invalid',
    'location_not_found',
    'guest_banned',
    'receipt_used',
    'receipt_awaited',
    'feature_disabled',
    'minimum_checkin',
    'receipt_too_old',
    'multiple_receipts',
  ],
} as const satisfies Operation

/** Earns for a check by the QR code printed on it. */
export const mobileQrCheckin = {
  name: 'mobile-checkins-qrcode',
  method: 'POST',
  path: '/api2/mobile/checkins/qrcode',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Claim a check by its printed QR code',
  request: Type.Object({ ...clientMember, qr_decoded: text(), ...whereMembers }),
  replies: { 200: claimed },
  refusals: [
    'missing_parameter',
    'unknown_client',
    'invalid_access_token',
    'qr_code_invalid',
    'location_not_found',
    'guest_banned',
    'receipt_used',
    'receipt_awaited',
    'feature_disabled',
    'minimum_checkin',
    'receipt_too_old',
    'multiple_receipts',
  ],
} as const satisfies Operation
