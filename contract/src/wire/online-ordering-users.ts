import { Type } from 'typebox'
import type { RefusalCode } from '../refusals.ts'
import { clientMember, onlineGuestCallMembers } from './client.ts'
import { date, flag, identifier, text } from './fields.ts'
import { accountBalance, accountPageMembers, onlineGuest, wireDate } from './guests.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

const optionalText = Type.Optional(text())
const optionalFlag = Type.Optional(flag())

/** What a guest may say about themselves when signing up, on every surface but the till. */
export const signUpProfileMembers = {
  phone: optionalText,
  birthday: Type.Optional(date()),
  anniversary: Type.Optional(date()),
  gender: optionalText,
  city: optionalText,
  state: optionalText,
  zip_code: optionalText,
  secondary_email: optionalText,
  invite_code: optionalText,
  card_number: Type.Optional(identifier()),
  terms_and_conditions: optionalFlag,
  marketing_email_subscription: optionalFlag,
  marketing_pn_subscription: optionalFlag,
  send_compliance_sms: optionalFlag,
  signup_channel: optionalText,
  external_source: optionalText,
  external_source_id: Type.Optional(identifier()),
  preferred_locale: optionalText,
  age_verified_status: optionalFlag,
}

/** What a sign-up is refused for on every surface but the till, in this order. */
export const signUpRefusals = [
  'password_too_short',
  'password_confirmation',
  'device_already_shared',
  'too_young',
  'guest_banned_code',
  'identifier_taken',
  'busy',
] as const satisfies readonly RefusalCode[]

/** Makes a guest online, or completes the one a till made with the same phone. */
export const onlineSignUp = {
  name: 'online-customers-create',
  method: 'POST',
  path: '/api/auth/customers.json',
  surface: 'online_ordering',
  auth: 'signed_client',
  summary: 'Sign a guest up online',
  request: Type.Object({
    ...clientMember,
    user: Type.Object({
      email: text(),
      password: text({ description: 'At least eight characters.' }),
      password_confirmation: optionalText,
      first_name: optionalText,
      last_name: optionalText,
      ...signUpProfileMembers,
      address_line1: optionalText,
      fav_location_id: optionalText,
      app_device_id: Type.Optional(identifier()),
    }),
  }),
  replies: { 201: onlineGuest },
  refusals: ['missing_parameter', 'invalid_signature', ...signUpRefusals],
} as const satisfies Operation

/** Signs a guest in with e-mail and password. */
export const onlineSignIn = {
  name: 'online-customers-sign-in',
  method: 'POST',
  path: '/api/auth/customers/sign_in',
  surface: 'online_ordering',
  auth: 'signed_client',
  summary: 'Sign a guest in online',
  request: Type.Object({
    ...clientMember,
    user: Type.Object({ email: text(), password: text(), age_verified_status: optionalFlag }),
  }),
  replies: { 200: onlineGuest },
  refusals: ['missing_parameter', 'incorrect_information', 'guest_banned_code', 'busy'],
} as const satisfies Operation

const onlineReward = Type.Object({
  id: Type.Integer(),
  redeemable_id: Type.Integer(),
  business_id: Type.Integer(),
  type: Type.Union([Type.Literal('reward'), Type.Literal('redeemable')]),
  name: Type.String(),
  description: Type.String(),
  start_date: wireDate,
  end_date: nullable(wireDate),
  start_date_tz: wireMoment,
  end_date_tz: nullable(wireMoment),
  location_ids: Type.Array(Type.Integer()),
  external_store_numbers: Type.Array(Type.String()),
  gifted_for_type: nullable(Type.String()),
  gift_reason: nullable(Type.String()),
  gaming_level_id: Type.Null(),
  read_at: nullable(wireMoment),
  reward_properties: nullable(Type.String()),
})

/** The account page of the signed-in guest. */
export const onlineBalance = {
  name: 'online-users-balance',
  method: 'GET',
  path: '/api/auth/users/balance',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Read the account of the signed-in guest',
  request: Type.Object({ ...onlineGuestCallMembers }),
  replies: {
    200: Type.Object({
      account_balance: accountBalance,
      rewards: Type.Array(onlineReward),
      active_redemptions: Type.Array(Type.Unknown(), { maxItems: 0 }),
      ...accountPageMembers,
    }),
  },
  refusals: ['missing_parameter'],
} as const satisfies Operation
