import { Type } from 'typebox'
import { amount, date, flag, integer, text } from './fields.ts'
import { emptyBody, type Operation } from './operation.ts'

const giftMembers = {
  user_id: integer(),
  subject: Type.Optional(text()),
  message: Type.Optional(text()),
  gift_reason: Type.Optional(text({ description: '`Support Activity` when it is not sent.' })),
  gift_count: Type.Optional(integer({ description: 'Points, or visits where visits count.' })),
  reward_amount: Type.Optional(amount({ description: 'Banked currency.' })),
  redeemable_id: Type.Optional(integer({ description: 'The reward to issue.' })),
  end_date: Type.Optional(date({ description: "The earlier of this and the offer's own counts." })),
  location_id: Type.Optional(integer()),
  reset_guest_last_activity: Type.Optional(flag()),
}

const giftRefusals = [
  'missing_parameter',
  'user_not_found',
  'one_entity',
  'single_entity',
  'feature_disabled',
  'invalid_redeemable_id',
] as const

/** Gives a guest points, currency, fuel or a reward; exactly one of them. */
export const adminSupportGift = {
  name: 'admin-users-support',
  method: 'POST',
  path: '/api2/dashboard/users/support',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'Give a guest points, currency or a reward',
  request: Type.Object({ ...giftMembers, fuel_amount: Type.Optional(amount()) }),
  replies: { 201: Type.Object({}) },
  refusals: giftRefusals,
} as const satisfies Operation

/** The same, acknowledged before it is done. */
export const adminSupportGifting = {
  name: 'admin-users-support-gifting',
  method: 'POST',
  path: '/api2/dashboard/users/support_gifting',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'Give a guest points, currency or a reward, without waiting',
  request: Type.Object(giftMembers),
  replies: { 202: emptyBody },
  refusals: giftRefusals,
} as const satisfies Operation
