import { Type } from 'typebox'
import { subtotalAmount } from './check-members.ts'
import { onlineGuestCallMembers } from './client.ts'
import { amount, choice, identifier, instantWithOffset, receiptAmount, text } from './fields.ts'
import {
  nothingSelectedMembers,
  posBalance,
  posFullGuestMembers,
  posGuestMembers,
  posReward,
} from './guests.ts'
import { menuItems } from './line-items.ts'
import { emptyBody, type Operation, wireMoment } from './operation.ts'

const optionalId = Type.Optional(identifier())
const optionalText = Type.Optional(text())

const identityMembers = {
  email: optionalText,
  phone: optionalText,
  card_number: optionalId,
  user_as_qrcode: optionalText,
  redemption_code: optionalId,
  single_scan_code: Type.Optional(identifier({ aliases: ['single_scan_token'] })),
}

const saleMembers = {
  subtotal_amount: subtotalAmount,
  payable: Type.Optional(amount({ description: 'What was paid, with service and tax.' })),
  receipt_datetime: instantWithOffset(),
  cc_last4: optionalId,
  employee_id: optionalId,
  employee_name: optionalText,
  revenue_id: optionalId,
  revenue_code: optionalId,
  channel: optionalText,
}

/** Earns for a paid check. */
export const posCheckin = {
  name: 'pos-checkins',
  method: 'POST',
  path: '/api/pos/checkins',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Let a guest earn for a closed check',
  request: Type.Object({
    ...identityMembers,
    receipt_amount: receiptAmount(),
    ...saleMembers,
    transaction_no: optionalId,
    sequence_no: optionalId,
    punchh_key: optionalId,
    pos_version: optionalText,
    pos_type: optionalText,
    menu_items: menuItems(),
    external_uid: Type.Optional(
      identifier({ description: 'Makes the call safe to repeat; links it to its redemption.' }),
    ),
  }),
  replies: {
    200: Type.Object({
      ...posFullGuestMembers,
      ...nothingSelectedMembers,
      points_earned: Type.Integer(),
      checkin_id: Type.Optional(Type.Integer({ description: 'Ours.' })),
    }),
  },
  refusals: [
    'missing_parameter',
    'invalid_receipt_amount',
    'invalid_single_scan_code',
    'user_not_found',
    'guest_banned',
    'feature_disabled',
    'key_reused',
    'receipt_void',
    'receipt_used',
  ],
} as const satisfies Operation

/** Records a visit that earns nothing. */
export const posTransaction = {
  name: 'pos-transactions',
  method: 'POST',
  path: '/api/pos/transactions',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Record a visit without earning',
  request: Type.Object({
    ...identityMembers,
    receipt_amount: receiptAmount(),
    amount: Type.Optional(receiptAmount()),
    ...saleMembers,
    transaction_no: optionalId,
    sequence_no: optionalId,
    punchh_key: optionalId,
    menu_items: menuItems(),
    external_uid: optionalId,
  }),
  replies: {
    200: Type.Object({ ...posGuestMembers, balance: posBalance, rewards: Type.Array(posReward) }),
  },
  refusals: [
    'missing_parameter',
    'invalid_receipt_amount',
    'invalid_single_scan_code',
    'user_not_found',
    'guest_banned',
    'feature_disabled',
    'key_reused',
  ],
} as const satisfies Operation

const checkinUid = identifier({ description: 'Makes the call safe to repeat; names the check-in.' })

const onlineCheckinReply = Type.Object({
  first_name: Type.String(),
  last_name: Type.String(),
  checkins: Type.Integer({ description: 'Of all time.' }),
  points: Type.Integer({ description: 'Of all time.' }),
  checkin: Type.Object({
    checkin_id: Type.Integer(),
    external_uid: Type.String(),
    created_at: wireMoment,
    points_earned: Type.Integer(),
    pending_points: Type.Integer(),
    pending_refresh: Type.Boolean(),
    bar_code: Type.String(),
  }),
})

/** Earns for an online order. */
export const onlineCheckin = {
  name: 'online-checkins',
  method: 'POST',
  path: '/api/auth/checkins/online_order',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Let the signed-in guest earn for an online order',
  request: Type.Object({
    ...onlineGuestCallMembers,
    store_number: identifier(),
    external_uid: checkinUid,
    transaction_no: optionalId,
    receipt_amount: receiptAmount(),
    ...saleMembers,
    menu_items: Type.Optional(menuItems()),
    state: Type.Optional(choice(['committed', 'pending', 'void'])),
  }),
  replies: { 200: onlineCheckinReply },
  refusals: [
    'missing_parameter',
    'location_not_found',
    'guest_banned',
    'feature_disabled',
    'invalid_receipt_amount',
    'key_reused',
    'receipt_used',
    'checkin_not_found',
    'checkin_not_pending',
  ],
} as const satisfies Operation

/** Replaces a pending check-in by what is sent now, whole. */
export const onlineUpdateCheckin = {
  name: 'online-checkins-update',
  method: 'PUT',
  path: '/api/auth/checkins/online_order',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Amend a pending check-in of an online order',
  request: Type.Object({
    ...onlineGuestCallMembers,
    external_uid: checkinUid,
    transaction_no: optionalId,
    receipt_amount: receiptAmount(),
    ...saleMembers,
    menu_items: Type.Optional(menuItems()),
    state: Type.Optional(choice(['committed', 'pending', 'void'])),
  }),
  replies: { 200: onlineCheckinReply },
  refusals: [
    'missing_parameter',
    'guest_banned',
    'checkin_not_found',
    'checkin_not_pending',
    'invalid_receipt_amount',
  ],
} as const satisfies Operation

/** Takes a pending check-in back. */
export const onlineVoidCheckin = {
  name: 'online-checkins-void',
  method: 'DELETE',
  path: '/api/auth/checkins',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Void a pending check-in of an online order',
  request: Type.Object({ ...onlineGuestCallMembers, external_uid: checkinUid }),
  replies: { 202: emptyBody },
  refusals: ['missing_parameter', 'checkin_not_found', 'checkin_not_pending'],
} as const satisfies Operation
