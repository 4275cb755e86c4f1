import { type DiscountState, nonTaxCents } from '../world/order-state.ts'
import { rowOf, type TruthRow } from './truth-row.ts'
import { money, moneyOrNull } from './values.ts'
import type { Where } from './where.ts'

/** The rows of a discount on a check, a line or a modifier. */
export function* discountTruth(
  { restaurant, config, employee }: Where,
  parent: { table: string; id: string },
  discount: DiscountState,
): Iterable<TruthRow> {
  const restaurant_id = restaurant.guid
  const table = `${parent.table}_applied_discount`
  const { loyalty } = discount
  yield rowOf(table, {
    restaurant_id,
    id: discount.guid,
    [`${parent.table}_id`]: parent.id,
    name: discount.name,
    discount_id: config('discounts', discount.discount),
    discount_type: discount.type,
    discount_amount: money(discount.amountCents),
    non_tax_discount_amount: moneyOrNull(nonTaxCents(discount)),
    processing_state: loyalty?.state ?? null,
    applied_promo_code: discount.promoCode,
    approver_id: employee(discount.approver),
    applied_discount_reason_name: discount.reason,
  })
  for (const [ordinal, { line, quantity }] of discount.triggers.entries()) {
    yield rowOf(`${table}_trigger`, {
      restaurant_id,
      [`${table}_id`]: discount.guid,
      ordinal,
      selection_id: line,
      quantity: String(quantity),
    })
  }
  for (const [ordinal, id] of discount.comboItems.entries()) {
    yield rowOf(`${table}_combo_item`, {
      restaurant_id,
      [`${table}_id`]: discount.guid,
      ordinal,
      id,
    })
  }
}
