import { Type } from 'typebox'
import { clientMember } from './client.ts'
import { text } from './fields.ts'
import { accountBalance, accountPageMembers, mobileGuest } from './guests.ts'
import { signUpProfileMembers, signUpRefusals } from './online-ordering-users.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

const signedIn = Type.Object({
  access_token: Type.Object({
    token: Type.String(),
    seconds_to_expire: nullable(Type.Integer({ description: 'Null never expires.' })),
    revoked_at: nullable(wireMoment),
    refresh_token: Type.String(),
    scopes: Type.Array(Type.String()),
  }),
  user: mobileGuest,
})

const optionalText = Type.Optional(text())

/** Makes a guest in the app; replies 200 where online ordering replies 201. */
export const mobileSignUp = {
  name: 'mobile-users-create',
  method: 'POST',
  path: '/api2/mobile/users',
  surface: 'mobile',
  auth: 'signed_client',
  summary: 'Sign a guest up in the app',
  request: Type.Object({
    ...clientMember,
    user: Type.Object({
      email: text(),
      password: text({ description: 'At least eight characters.' }),
      password_confirmation: text(),
      first_name: text(),
      last_name: text(),
      ...signUpProfileMembers,
      title: optionalText,
      address: optionalText,
      favourite_location_ids: optionalText,
    }),
  }),
  replies: { 200: signedIn },
  refusals: ['missing_parameter', ...signUpRefusals],
} as const satisfies Operation

/** Signs a guest in with e-mail and password. */
export const mobileLogin = {
  name: 'mobile-users-login',
  method: 'POST',
  path: '/api2/mobile/users/login',
  surface: 'mobile',
  auth: 'signed_client',
  summary: 'Sign a guest in to the app',
  request: Type.Object({
    ...clientMember,
    user: Type.Object({ email: text(), password: text() }),
  }),
  replies: { 200: signedIn },
  refusals: ['missing_parameter', 'invalid_email_password', 'guest_banned_code', 'busy'],
} as const satisfies Operation

const mobileReward = Type.Object({
  reward_id: Type.Integer(),
  name: Type.String(),
  description: Type.String(),
  reward_image_url: Type.String(),
  discount_amount: Type.Number(),
  discount_channel: nullable(Type.String()),
  campaign_type: nullable(Type.String()),
  becomes_available_at: nullable(wireMoment),
  expiring_at: nullable(wireMoment),
  created_at: wireMoment,
  read_at: nullable(wireMoment),
  reward_properties: nullable(Type.String()),
  store_numbers: Type.Array(Type.String(), { description: 'Empty is everywhere.' }),
  franchisee_id: Type.Null(),
  meta_data: nullable(Type.String()),
  redeemable_created_at: wireMoment,
  redemption_details: nullable(Type.String()),
  auto_select: Type.Boolean(),
})

const activeRedemption = Type.Object({
  redemption_id: Type.Integer(),
  redemption_status: Type.String(),
  redemption_tracking_code: Type.String({ description: 'The code to show at the till.' }),
  expiring_at: nullable(wireMoment),
  redeemable_id: nullable(Type.Integer()),
  redeemable_name: nullable(Type.String()),
  redeemable_description: nullable(Type.String()),
  redeemed_value: nullable(Type.Number()),
  redemption_image_url: nullable(Type.String()),
  redemption_message: nullable(Type.String()),
  location_id: nullable(Type.Integer()),
  created_at: wireMoment,
  updated_at: wireMoment,
})

/** The account page of the app. */
export const mobileBalance = {
  name: 'mobile-users-balance',
  method: 'GET',
  path: '/api2/mobile/users/balance',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Read the account of the guest in the app',
  request: Type.Object({ ...clientMember }),
  replies: {
    200: Type.Object({
      account_balance: accountBalance,
      rewards: Type.Array(mobileReward),
      active_redemptions: Type.Array(activeRedemption),
      ...accountPageMembers,
    }),
  },
  refusals: ['missing_parameter'],
} as const satisfies Operation
