import { Type } from 'typebox'
import { explanation } from './explanations.ts'
import { nullable, wireMoment } from './operation.ts'

/** The seven words a basket item can be, in the order the refusal of an eighth names them. */
export const discountTypes = [
  'card_completion',
  'discount_amount',
  'redemption_code',
  'reward',
  'fuel_reward',
  'redeemable',
  'subscription',
] as const
export type DiscountType = (typeof discountTypes)[number]

const discountType = Type.Enum([...discountTypes])

/** The offer behind a discount, in the language asked for. `item_id` is the redeemable's or plan's. */
export const discountDetails = Type.Object({
  item_id: Type.Integer(),
  name: Type.String(),
  campaign_name: nullable(Type.String()),
  image: Type.String(),
  points: nullable(Type.Integer()),
  base_amount: nullable(Type.Number()),
  description: Type.String(),
  item_properties: nullable(Type.String()),
  meta_detail: nullable(Type.String()),
  start_date_tz: nullable(wireMoment),
  end_date_tz: nullable(wireMoment),
  created_at: wireMoment,
  auto_select: Type.Optional(Type.Boolean()),
  max_applicable_quantity: Type.Optional(nullable(Type.Integer())),
})

const basketItem = Type.Object({
  discount_basket_item_id: Type.Integer(),
  discount_type: discountType,
  discount_id: nullable(Type.String()),
  discount_value: nullable(Type.Number({ description: 'Decimal currency.' })),
  created_at: wireMoment,
  message: Type.Optional(Type.Array(Type.String(), { description: 'On an invalid item only.' })),
  code: Type.Optional(Type.String({ description: 'Ours: the refusal code beside `message`.' })),
  discount_details: nullable(discountDetails),
})

const mobileBasketMembers = {
  redemption_ref: Type.String(),
  created_at: nullable(wireMoment),
  discount_basket_items: Type.Array(basketItem),
}

/** The basket as the guest's app sees it: without lock and store. */
export const mobileBasket = Type.Object(mobileBasketMembers)

/** The basket as online ordering, auto-select and a read at the till see it. */
export const basket = Type.Object({
  redemption_ref: Type.String(),
  locked: Type.Boolean(),
  created_at: nullable(wireMoment),
  discount_basket_items: Type.Array(basketItem),
  explanation: Type.Optional(explanation),
})

/** The basket as select and unselect at the till return it: with the store. */
export const locatedBasket = Type.Object({
  redemption_ref: Type.String(),
  locked: Type.Boolean(),
  location_id: Type.Integer(),
  created_at: nullable(wireMoment),
  discount_basket_items: Type.Array(basketItem),
})

/** A discount line to put on the check: the source line's name with " DISCOUNT", a positive amount. */
const qualifiedItem = Type.Object({
  item_name: Type.String(),
  item_qty: Type.Number(),
  amount: Type.Number(),
  item_type: Type.Literal('R'),
  item_id: Type.Union([Type.Integer(), Type.String()], {
    description: 'A number when it was all digits without a leading zero.',
  }),
  item_family: Type.String(),
  item_group: Type.String(),
  serial_number: Type.String({ description: 'n.0 or n.k' }),
})

/** A number where the identifier is all digits up to 2^53 - 1, its text otherwise. */
const resultDiscountId = nullable(Type.Union([Type.Integer(), Type.String()]))

/**
 * An identifier as results send it: a number when it is all digits, without a leading zero, and
 * small enough to stay exact; its text otherwise.
 */
export function numberWhenNumeric(id: string): number | string {
  return /^[1-9]\d{0,15}$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id
}

const resultMembers = {
  discount_amount: nullable(Type.Number({ description: 'Decimal currency.' })),
  redemption_id: nullable(Type.Integer()),
  redemption_type: nullable(Type.String()),
  discount_type: discountType,
  discount_value: nullable(Type.Number()),
  qualified: Type.Boolean(),
  remaining_balance: nullable(Type.Number()),
  meta_data: nullable(Type.String()),
  discount_details: nullable(discountDetails),
  qualified_items: Type.Array(qualifiedItem),
}

/** One item that was granted, or would be. */
export const grantedResult = Type.Object({
  discount_basket_item_id: Type.Integer(),
  ...resultMembers,
  discount_id: resultDiscountId,
  message: Type.Null(),
})

/** One item that was refused: the text in `message`, its stable code beside it. */
export const failedResult = Type.Object({
  discount_basket_item_id: Type.Integer(),
  ...resultMembers,
  discount_id: nullable(Type.String()),
  message: Type.Array(Type.String()),
  code: Type.String({ description: 'Ours: the refusal code.' }),
  qualifying_conditions: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** An item of the basket as lookup evaluates it, granted or refused. */
export const selectedResult = Type.Object({
  discount_basket_item_id: Type.Integer(),
  ...resultMembers,
  discount_id: resultDiscountId,
  message: nullable(Type.Array(Type.String())),
  code: Type.Optional(Type.String({ description: 'Ours: the refusal code.' })),
})

/** A discount the guest has but did not put in the basket, evaluated alone. */
export const unselectedResult = Type.Object({
  discount_amount: nullable(Type.Number()),
  discount_type: discountType,
  discount_id: resultDiscountId,
  qualified: Type.Boolean(),
  qualified_items: Type.Array(qualifiedItem),
  discount_details: nullable(discountDetails),
})

/** What lookup returns. */
export const lookupResult = Type.Object({
  selected_discounts: Type.Array(selectedResult),
  unselected_discounts: Type.Array(unselectedResult),
  explanation: Type.Optional(explanation),
})

/** What a query and a commit return: every basket item is in exactly one list. */
export const batchResult = Type.Object({
  redemption_ref: Type.String(),
  success: Type.Array(grantedResult),
  failures: Type.Array(failedResult),
  explanation: Type.Optional(explanation),
})
