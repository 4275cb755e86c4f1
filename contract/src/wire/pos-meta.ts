import { Type } from 'typebox'
import { nullable, type Operation } from './operation.ts'

const redeemable = Type.Object({
  redeemable_id: Type.Integer(),
  name: Type.String(),
  description: Type.String(),
  redeemable_image_url: Type.String(),
  redeemable_properties: nullable(Type.String()),
  points_required_to_redeem: nullable(Type.Integer()),
  meta_data: Type.Optional(Type.String({ maxLength: 255 })),
})

const multipleRedemptions = Type.Object({
  auto_redemption: Type.Boolean(),
  auto_redemption_discounts: Type.Array(Type.String()),
  enable_discount_locking: Type.Boolean(),
  enable_auto_unlock: Type.Boolean(),
  auto_unlock_duration: nullable(Type.Integer({ description: 'Minutes.' })),
  max_redemptions_in_transaction: Type.Integer(),
  allow_multiple_redemption_on_item: Type.Boolean(),
  allow_qualifying_items_reused: Type.Boolean(),
  discount_processing_strategy: Type.String(),
  processing_priority_by_discount_type: Type.Array(Type.String()),
  processing_priority_by_acquisition_type: Type.Array(
    Type.Object({
      code: Type.String(),
      priority: Type.Integer({ description: 'Lower goes first.' }),
      multiplication_factor: Type.Integer({ description: 'The most units in one transaction.' }),
    }),
  ),
  exclude_interoperability_strategy_between: Type.Array(Type.String(), {
    description: 'Pairs such as `offer|loyalty` that do not combine.',
  }),
})

/** The rules of the program and its redeemables, in the language asked for. */
export const posMeta = {
  name: 'pos-meta',
  method: 'GET',
  path: '/api/pos/meta',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Read the rules of the program',
  request: Type.Object({}),
  replies: {
    200: Type.Object({
      program_type: Type.String(),
      points_conversion_type: Type.String(),
      earning_unit: Type.String(),
      currency_earned: Type.Number(),
      points_conversion_threshold: nullable(Type.Integer()),
      visits_per_card: nullable(Type.Integer()),
      card_redemption_value: nullable(Type.Number()),
      minimum_visit_amount: Type.Number(),
      minimum_visit_hours: Type.Integer(),
      minimum_age_to_signup: Type.Integer(),
      minimum_payable_price: nullable(Type.Number()),
      maximum_discountable_quantity: nullable(Type.Number()),
      redemption_expiry_minutes: Type.Integer(),
      pending_points: Type.Boolean(),
      pending_points_duration: nullable(Type.Integer({ description: 'Minutes.' })),
      configurable_default_time_eod: Type.String({ description: 'HH:MM:SS' }),
      autocreate_user_phone: Type.Boolean(),
      coupon_prefix: Type.String(),
      redeemables: Type.Array(redeemable),
      multiple_redemptions_enabled: Type.Boolean(),
      multiple_redemptions: Type.Optional(multipleRedemptions),
    }),
  },
  refusals: [],
} as const satisfies Operation
