import { Type } from 'typebox'
import { nullable, wireMoment } from './operation.ts'

/** A day as replies write it. */
export const wireDate = Type.String({ format: 'date' })

/** What a guest has, as the till sees it. The published mix of numbers and text is kept. */
export const posBalance = Type.Object({
  banked_rewards: Type.String({ description: 'Decimal currency, always two decimals.' }),
  membership_level: nullable(Type.String()),
  membership_level_id: nullable(Type.String()),
  expired_membership_level: nullable(Type.String()),
  net_balance: Type.Number({ description: "What can be spent now, in the program's unit." }),
  net_debits: Type.Number(),
  pending_points: Type.Integer(),
  points_balance: Type.Integer(),
  signup_anniversary_day: Type.String({ description: 'MM/DD' }),
  total_credits: Type.Number(),
  total_debits: Type.String({ description: 'A decimal as text.' }),
  total_point_credits: Type.Integer(),
  total_redeemable_visits: Type.Integer(),
  total_visits: Type.Integer(),
  initial_visits: Type.Integer(),
  unredeemed_cards: Type.Integer(),
})

/** A reward the guest holds, or a redeemable the guest has points for (`type`). */
export const posReward = Type.Object({
  id: Type.Integer({ description: 'The reward, or the redeemable when `type` says so.' }),
  name: Type.String(),
  description: Type.String(),
  image: Type.String(),
  type: Type.Union([Type.Literal('reward'), Type.Literal('redeemable')]),
  discount_amount: Type.Number(),
  points: Type.Integer(),
  status: Type.Literal('unredeemed'),
  redeemable_properties: nullable(Type.String()),
  meta_data: Type.Optional(Type.String({ maxLength: 255 })),
  start_date_tz: nullable(wireMoment),
  end_date_tz: nullable(wireMoment),
  created_at: wireMoment,
  updated_at: wireMoment,
})

/** The guest without balance and rewards. */
export const posGuestMembers = {
  id: Type.Integer(),
  first_name: Type.String(),
  last_name: Type.String(),
  email: Type.String(),
  phone: nullable(Type.String()),
  gender: Type.String(),
  birthday: nullable(wireDate),
  anniversary: nullable(wireDate),
  address_line1: nullable(Type.String()),
  zip_code: nullable(Type.String()),
  avatar_remote_url: nullable(Type.String()),
  fb_uid: nullable(Type.String()),
  created_at: wireMoment,
  updated_at: wireMoment,
}

/** What the full guest has besides `posGuestMembers`. */
export const posFullGuestMembers = {
  ...posGuestMembers,
  city: nullable(Type.String()),
  state: nullable(Type.String()),
  age_verified: Type.Boolean(),
  privacy_policy: Type.Boolean(),
  email_verified: Type.Boolean(),
  user_digest: Type.String({ description: 'Opaque.' }),
  discount_type: nullable(Type.String()),
  balance: posBalance,
  rewards: Type.Array(posReward),
}

const nothingSelected = Type.Array(Type.Unknown(), {
  maxItems: 0,
  description: 'Always empty: under Redemptions 2.0 choices live in the basket.',
})

/** What a guest chose with a single scan code under Redemptions 1.0; here, nothing. */
export const nothingSelectedMembers = {
  selected_card_number: Type.Null(),
  selected_discount_amount: Type.Null(),
  selected_rewards: nothingSelected,
  selected_redeemables: nothingSelected,
  selected_redeemable_cards: nothingSelected,
  selected_coupons: nothingSelected,
  selected_subscriptions: nothingSelected,
}

const profileMembers = {
  email: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  phone: nullable(Type.String()),
  gender: nullable(Type.String()),
  title: nullable(Type.String()),
  birthday: nullable(wireDate),
  anniversary: nullable(wireDate),
  city: nullable(Type.String()),
  state: nullable(Type.String()),
  zip_code: nullable(Type.String()),
  avatar_remote_url: nullable(Type.String()),
  fb_uid: nullable(Type.String()),
  email_verified: Type.Boolean(),
  favourite_locations: Type.String({ description: 'Comma-separated location ids.' }),
  favourite_store_numbers: Type.String(),
  marketing_email_subscription: Type.Boolean(),
  marketing_pn_subscription: Type.Boolean(),
  sms_subscription: Type.Boolean(),
  terms_and_conditions: Type.Boolean(),
  migrate_status: Type.Boolean(),
  profile_field_answers: Type.Record(Type.String(), Type.Unknown()),
  referral_code: Type.String(),
  referral_path: Type.String(),
  secondary_email: nullable(Type.String()),
  communicable_email: nullable(Type.String()),
  user_as_barcode: Type.String(),
  user_as_qrcode: Type.String(),
  user_code: Type.String(),
  user_relations: Type.Array(Type.Unknown()),
  preferred_locale: Type.String(),
  user_joined_at: wireMoment,
  created_at: wireMoment,
  updated_at: wireMoment,
}

/** The guest as online ordering sees it, with the tokens of later calls. */
export const onlineGuest = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer({ description: 'The same as `id`.' }),
  ...profileMembers,
  address_line1: nullable(Type.String()),
  work_zip_code: nullable(Type.String()),
  mindbody_client_id: Type.Null(),
  authentication_token: Type.String(),
  access_token: nullable(Type.String()),
  allow_multiple: Type.Boolean(),
  allow_push_notifications: Type.Boolean(),
  wants_menu_notifications: Type.Boolean(),
  email_unsubscribe: Type.Boolean(),
  passcode_configured: Type.Boolean(),
  facebook_signup: Type.Boolean(),
})

/** The guest as the app sees it. */
export const mobileGuest = Type.Object({
  user_id: Type.Integer(),
  ...profileMembers,
  address: nullable(Type.String()),
  facebook_signup: nullable(Type.Boolean()),
  apple_signup: nullable(Type.Boolean()),
  apple_uid: nullable(Type.String()),
  has_generated_fb_email: Type.Boolean(),
  passcode_configured_for_giftcards: Type.Boolean(),
  superuser: Type.Boolean(),
  verification_mode: nullable(Type.String()),
  apple_pass_url: nullable(Type.String()),
  google_pass_url: nullable(Type.String()),
  account_created_at: nullable(wireMoment),
})

/** The balance of the account pages of online ordering and the app; null where not applicable. */
export const accountBalance = Type.Object({
  banked_currency: nullable(Type.Number()),
  banked_currency_expiring_on: nullable(wireDate),
  expiring_banked_currency: nullable(Type.Number()),
  checkins_on_current_card: Type.Integer(),
  current_membership_level_id: nullable(Type.Integer()),
  current_membership_level_name: nullable(Type.String()),
  current_membership_level_expiring_on: nullable(wireDate),
  pending_points: nullable(Type.Number()),
  redeemed_cards: nullable(Type.Integer()),
  total_loyalty_visits: nullable(Type.Integer()),
  unredeemed_cards: nullable(Type.Integer()),
  lifetime_points: Type.Number(),
  redeemable_points: Type.Number({ description: 'Approved, not pending, not expired.' }),
  unbanked_points: Type.Number({ description: 'Toward the next conversion.' }),
  membership_qualification_points: Type.Integer(),
})

const notKept = Type.Array(Type.Unknown(), { maxItems: 0, description: 'Always empty here.' })

/** The lists of the account pages this server keeps nothing for. */
export const accountPageMembers = {
  challenge_badges: notKept,
  coupons: notKept,
  messages: notKept,
  notifications: notKept,
  punch_cards: notKept,
  preferred_charities: notKept,
  converted_category_balances: notKept,
}
