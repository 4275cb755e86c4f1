import { Type } from 'typebox'
import { basket, discountTypes, locatedBasket, lookupResult, mobileBasket } from './baskets.ts'
import { checkMembers } from './check-members.ts'
import { clientMember, onlineGuestCallMembers } from './client.ts'
import { amount, choice, identifier, integer } from './fields.ts'
import { emptyBody, type Operation } from './operation.ts'

const externalUid = Type.Optional(
  identifier({ description: 'Owns the lock of the basket where locking is on.' }),
)

const evaluatedCheckMembers = {
  ...checkMembers,
  business_date: Type.Optional(identifier()),
  punchh_key: Type.Optional(identifier()),
}

const chosenDiscounts = Type.Array(
  Type.Object({
    discount_type: choice(discountTypes, { unreadable: 'unknown_discount_type' }),
    discount_id: Type.Optional(identifier({ description: 'The reward, redeemable, code, plan.' })),
    discount_value: Type.Optional(
      amount({
        description: 'Decimal currency, for discount_amount only.',
        unreadable: 'invalid_discount_value',
      }),
    ),
  }),
  { minItems: 1, maxItems: 100 },
)

const basketItemIds = Type.Array(integer(), { minItems: 1, maxItems: 100 })

const selectRefusals = [
  'missing_parameter',
  'user_not_found',
  'already_taken',
  'same_parameters',
  'insufficient_cards',
  'category_limit',
  'invalid_code',
  'code_not_active',
  'code_exhausted',
  'code_daily_limit',
  'invalid_business_configuration',
  'code_mobile_only',
  'insufficient_balance',
  'max_redemption_amount',
  'invalid_discount_value',
  'basket_locked',
  'interoperability',
  'invalid_subscription_id',
  'invalid_redeemable_id',
  'invalid_reward_id',
  'guest_banned_basket',
  'redemption_limit',
  'unknown_discount_type',
  'code_busy',
  'single_subscription',
  'feature_disabled',
] as const

const unselectRefusals = [
  'missing_parameter',
  'no_active_basket',
  'user_not_found',
  'items_not_found',
  'guest_banned_basket',
  'basket_locked',
] as const

const activeRefusals = [
  'no_active_basket',
  'user_not_found',
  'feature_disabled',
  'basket_locked',
] as const

const autoSelectRefusals = [
  'missing_parameter',
  'user_not_found',
  'guest_banned_basket',
  'invalid_receipt_amount',
  'feature_disabled',
  'basket_locked',
] as const

const unlockRefusals = [
  'missing_parameter',
  'user_not_found',
  'no_valid_basket',
  'no_active_basket',
  'invalid_business_configuration',
  'feature_disabled',
] as const

/** Puts into the basket what suits the check best, subscriptions and rewards only. */
export const posAutoSelect = {
  name: 'pos-discounts-auto-select',
  method: 'POST',
  path: '/api/pos/discounts/auto_select',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Let the counter choose discounts for a check',
  request: Type.Object({ user_id: integer(), ...evaluatedCheckMembers, external_uid: externalUid }),
  replies: { 200: basket },
  refusals: autoSelectRefusals,
} as const satisfies Operation

/** Evaluates the basket and everything else the guest has on a check; consumes nothing, may lock. */
export const posLookup = {
  name: 'pos-discounts-lookup',
  method: 'POST',
  path: '/api/pos/discounts/lookup',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Evaluate what is in the basket and what else the guest could use',
  request: Type.Object({ user_id: integer(), ...evaluatedCheckMembers, external_uid: externalUid }),
  replies: { 200: lookupResult },
  refusals: [
    'missing_parameter',
    'user_not_found',
    'guest_banned_basket',
    'basket_locked',
    'feature_disabled',
    'invalid_receipt_amount',
    'invalid_business_configuration',
  ],
} as const satisfies Operation

/** Adds discounts to the basket, all of them or none. */
export const posSelect = {
  name: 'pos-discounts-select',
  method: 'POST',
  path: '/api/pos/discounts/select',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Add discounts to the basket of a guest',
  request: Type.Object({
    user_id: integer(),
    discount_basket_items_attributes: chosenDiscounts,
    external_uid: externalUid,
  }),
  replies: { 200: locatedBasket },
  refusals: selectRefusals,
} as const satisfies Operation

/** Takes items out of the basket by their basket item ids. */
export const posUnselect = {
  name: 'pos-discounts-unselect',
  method: 'DELETE',
  path: '/api/pos/discounts/unselect',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Take discounts out of the basket of a guest',
  request: Type.Object({
    user_id: integer(),
    discount_basket_item_ids: basketItemIds,
    external_uid: externalUid,
  }),
  replies: { 200: locatedBasket },
  refusals: unselectRefusals,
} as const satisfies Operation

/** Reads the active basket. */
export const posActive = {
  name: 'pos-discounts-active',
  method: 'GET',
  path: '/api/pos/discounts/active',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Read the active basket of a guest',
  request: Type.Object({ user_id: integer(), external_uid: externalUid }),
  replies: { 200: basket },
  refusals: ['missing_parameter', ...activeRefusals],
} as const satisfies Operation

/** Releases the lock its holder took; what is selected stays. */
export const posUnlock = {
  name: 'pos-discounts-unlock',
  method: 'PUT',
  path: '/api/pos/discounts/unlock',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Release the lock on the basket of a guest',
  request: Type.Object({ user_id: integer(), external_uid: identifier() }),
  replies: { 200: emptyBody },
  refusals: unlockRefusals,
} as const satisfies Operation

/** Auto-select for the guest of the bearer token. */
export const onlineAutoSelect = {
  name: 'online-discounts-auto-select',
  method: 'POST',
  path: '/api/auth/discounts/auto_select',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Let the counter choose discounts for an online order',
  request: Type.Object({
    ...onlineGuestCallMembers,
    ...evaluatedCheckMembers,
    external_uid: externalUid,
  }),
  replies: { 200: basket },
  refusals: autoSelectRefusals,
} as const satisfies Operation

/** Select for the guest of the bearer token. */
export const onlineSelect = {
  name: 'online-discounts-select',
  method: 'POST',
  path: '/api/auth/discounts/select',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Add discounts to the basket of the signed-in guest',
  request: Type.Object({
    ...onlineGuestCallMembers,
    discount_basket_items_attributes: chosenDiscounts,
    external_uid: externalUid,
  }),
  replies: { 200: basket },
  refusals: selectRefusals,
} as const satisfies Operation

/** Unselect for the guest of the bearer token. */
export const onlineUnselect = {
  name: 'online-discounts-unselect',
  method: 'DELETE',
  path: '/api/auth/discounts/unselect',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Take discounts out of the basket of the signed-in guest',
  request: Type.Object({
    ...onlineGuestCallMembers,
    discount_basket_item_ids: basketItemIds,
    external_uid: externalUid,
  }),
  replies: { 200: basket },
  refusals: unselectRefusals,
} as const satisfies Operation

/** The active basket of the guest of the bearer token. */
export const onlineActive = {
  name: 'online-discounts-active',
  method: 'GET',
  path: '/api/auth/discounts/active',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Read the active basket of the signed-in guest',
  request: Type.Object({ ...onlineGuestCallMembers, external_uid: externalUid }),
  replies: { 200: basket },
  refusals: ['missing_parameter', ...activeRefusals],
} as const satisfies Operation

/** Unlock for the guest of the bearer token. */
export const onlineUnlock = {
  name: 'online-discounts-unlock',
  method: 'PUT',
  path: '/api/auth/discounts/unlock',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Release the lock on the basket of the signed-in guest',
  request: Type.Object({ ...onlineGuestCallMembers, external_uid: identifier() }),
  replies: { 200: emptyBody },
  refusals: unlockRefusals,
} as const satisfies Operation

/** Select in the app: it never owns a lock, it can only be stopped by one. */
export const mobileSelect = {
  name: 'mobile-discounts-select',
  method: 'POST',
  path: '/api2/mobile/discounts/select',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Add discounts to the basket from the app',
  request: Type.Object({ ...clientMember, discount_basket_items_attributes: chosenDiscounts }),
  replies: { 200: mobileBasket },
  refusals: selectRefusals,
} as const satisfies Operation

/** Unselect in the app. */
export const mobileUnselect = {
  name: 'mobile-discounts-unselect',
  method: 'DELETE',
  path: '/api2/mobile/discounts/unselect',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Take discounts out of the basket from the app',
  request: Type.Object({ ...clientMember, discount_basket_item_ids: basketItemIds }),
  replies: { 200: mobileBasket },
  refusals: unselectRefusals,
} as const satisfies Operation

/** The active basket in the app. */
export const mobileActive = {
  name: 'mobile-discounts-active',
  method: 'GET',
  path: '/api2/mobile/discounts/active',
  surface: 'mobile',
  auth: 'signed_guest',
  summary: 'Read the active basket from the app',
  request: Type.Object({ ...clientMember }),
  replies: { 200: mobileBasket },
  refusals: ['missing_parameter', ...activeRefusals],
} as const satisfies Operation
