import { Type } from 'typebox'
import { choice, date, flag, identifier, integer, text } from './fields.ts'
import { nothingSelectedMembers, posFullGuestMembers } from './guests.ts'
import { nullable, type Operation } from './operation.ts'

const optionalText = Type.Optional(text())

/** Makes a guest from a phone, an e-mail address or a card. */
export const posCreateUser = {
  name: 'pos-users-create',
  method: 'POST',
  path: '/api/pos/users',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Make a guest at the till',
  request: Type.Object({
    phone: Type.Optional(text({ description: 'At least one of phone, email and card_number.' })),
    email: optionalText,
    card_number: Type.Optional(identifier()),
    first_name: optionalText,
    last_name: optionalText,
    birthday: Type.Optional(date()),
    address_line1: optionalText,
    city: optionalText,
    state: optionalText,
    zip_code: optionalText,
    gender: optionalText,
    terms_and_conditions: Type.Optional(flag()),
    send_compliance_sms: Type.Optional(flag()),
    marketing_email_subscription: Type.Optional(flag()),
    favourite_locations: optionalText,
    signup_channel: optionalText,
    age_verified_status: Type.Optional(flag()),
  }),
  replies: {
    200: Type.Object({
      ...posFullGuestMembers,
      selected_card_number: Type.Null(),
      selected_discount_amount: Type.Null(),
      selected_reward_id: Type.Null(),
      selected_redeemable_id: Type.Null(),
    }),
  },
  refusals: [
    'missing_parameter',
    'invalid_parameter',
    'feature_disabled',
    'too_young',
    'identifier_taken',
  ],
} as const satisfies Operation

/** The ways a till can name a guest in a look-up, in the order they are tried. */
export const searchIdentifiers = [
  'email',
  'phone',
  'card_number',
  'user_as_qrcode',
  'single_scan_code',
  'redemption_code',
  'reward_id',
  'apple_nfc_data',
  'nfc_token',
  'drive_thru_code',
] as const

/** Finds a guest by one identifier, with balance and rewards. */
export const posSearchUsers = {
  name: 'pos-users-search',
  method: 'GET',
  path: '/api/pos/users/search',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Find a guest by one identifier, with balance and rewards',
  request: Type.Object({
    email: optionalText,
    phone: optionalText,
    card_number: Type.Optional(identifier()),
    user_as_qrcode: optionalText,
    single_scan_code: Type.Optional(identifier()),
    redemption_code: Type.Optional(identifier()),
    reward_id: Type.Optional(identifier()),
    apple_nfc_data: optionalText,
    nfc_token: optionalText,
    drive_thru_code: Type.Optional(identifier()),
  }),
  replies: {
    200: Type.Object({
      ...posFullGuestMembers,
      ...nothingSelectedMembers,
      converted_category_balances: Type.Array(Type.Unknown(), { maxItems: 0 }),
      payment_mode: nullable(Type.String()),
      selected_tip_amount: nullable(Type.String()),
      single_scan_code: Type.Optional(Type.String()),
      subscriptions: Type.Array(
        Type.Object({
          subscription_id: Type.String(),
          plan_name: Type.String(),
          pos_meta: nullable(Type.String({ maxLength: 24 })),
        }),
      ),
    }),
  },
  refusals: [
    'short_code_invalid',
    'short_code_length',
    'user_not_found',
    'short_code_not_found',
    'short_code_expired',
    'invalid_single_scan_code',
  ],
} as const satisfies Operation

/** What `lookup_field` may say; `none` with the value `anonymous` makes a new guest. */
export const lookupFields = [
  'phone',
  'email',
  'otp',
  'none',
  'reward_id',
  'redemption_code',
  'user_as_qrcode',
  'user_token',
  'apple_nfc_data',
  'nfc_token',
] as const

/** Identifies a guest for Redemptions 2.0, with the state of the basket lock. */
export const posFindUser = {
  name: 'pos-users-find',
  method: 'GET',
  path: '/api/pos/users/find',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Identify a guest, or make an anonymous one',
  request: Type.Object({ lookup_field: choice(lookupFields), lookup_value: text() }),
  replies: {
    200: Type.Object({
      user_id: Type.Integer(),
      business_id: Type.Integer(),
      phone: nullable(Type.String()),
      email: Type.String(),
      first_name: Type.String(),
      last_name: Type.String(),
      payment_mode: nullable(Type.String()),
      selected_card_number: nullable(Type.String()),
      loyalty_cards: Type.Array(nullable(Type.String())),
      selected_tip_amount: Type.Number({ description: 'Published as a whole number.' }),
      external_uid: nullable(Type.String({ description: 'Who holds the lock.' })),
      locked: Type.Boolean(),
    }),
  },
  refusals: ['missing_parameter', 'invalid_single_scan_code', 'user_not_found', 'guest_banned'],
} as const satisfies Operation

const decimal = Type.Optional(Type.Number())

/** What a guest has, in the members the program's type uses. */
export const posUserBalance = {
  name: 'pos-users-balance',
  method: 'GET',
  path: '/api/pos/users/balance',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Read the balance of a guest by id',
  request: Type.Object({
    user_id: integer(),
    discount_type: Type.Optional(Type.Array(text(), { description: 'Only `subscription`.' })),
  }),
  replies: {
    200: Type.Object({
      account_balance: Type.Object({
        net_balance: decimal,
        points_balance: decimal,
        net_debits: decimal,
        pending_points: decimal,
        total_credits: decimal,
        total_debits: Type.Optional(Type.String()),
        total_point_credits: decimal,
        total_redeemable_visits: decimal,
        total_visits: decimal,
        unredeemed_cards: decimal,
        banked_rewards: Type.Optional(Type.String()),
        banked_currency: decimal,
        balance: Type.Optional(Type.Number({ description: 'Fuel.' })),
      }),
      subscriptions: Type.Array(
        Type.Object({
          subscription_id: Type.String(),
          benefits: Type.Array(
            Type.Object({
              benefit_id: Type.Number(),
              benefit_type: Type.String(),
              benefit_name: Type.String(),
              benefit_description: Type.String(),
              discounts: Type.Array(
                Type.Object({
                  discount_id: Type.Number(),
                  threshold: Type.String({ description: 'The most units.' }),
                  discounted_quantity: Type.String(),
                  threshold_discount: Type.String(),
                  discount_type: Type.String(),
                  discounted_value: Type.String(),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  },
  refusals: ['missing_parameter', 'user_not_found'],
} as const satisfies Operation
