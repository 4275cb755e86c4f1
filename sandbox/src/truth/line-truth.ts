import { items } from '../world/catalogue.ts'
import type { CheckState, LineState } from '../world/order-state.ts'
import { at } from '../world/random.ts'
import { businessDay } from '../world/restaurants.ts'
import { discountTruth } from './discount-truth.ts'
import { rowOf, type TruthRow, type TruthValue } from './truth-row.ts'
import { bothDates, decimal, instantOrNull, money, tax } from './values.ts'
import type { Where } from './where.ts'

/** The rows of a line, and of what was chosen with it at every depth. */
export function* lineTruth(where: Where, check: CheckState, line: LineState): Iterable<TruthRow> {
  const restaurant_id = where.restaurant.guid
  yield rowOf('orders_check_selection', {
    restaurant_id,
    orders_check_id: check.guid,
    id: line.guid,
    ...columnsOf(where, line),
    item_group_id: where.config('menuGroups', line.group),
  })
  yield* partsOf(where, line, 'orders_check_selection')
  yield* modifierTruth(where, { top: line, parent: line, depth: 1 })
}

type Within = { top: LineState; parent: LineState; depth: number }

function* modifierTruth(where: Where, { top, parent, depth }: Within): Iterable<TruthRow> {
  for (const [ordinal, modifier] of parent.modifiers.entries()) {
    yield rowOf('orders_check_selection_modifier', {
      restaurant_id: where.restaurant.guid,
      orders_check_selection_id: top.guid,
      id: modifier.guid,
      parent_selection_id: parent.guid,
      depth,
      ordinal,
      ...columnsOf(where, modifier),
      option_group_id: where.config('menuOptionGroups', modifier.optionGroup),
      pre_modifier_id: where.config('preModifiers', modifier.preModifier),
    })
    yield* partsOf(where, modifier, 'orders_check_selection_modifier')
    yield* modifierTruth(where, { top, parent: modifier, depth: depth + 1 })
  }
}

function columnsOf({ restaurant, config }: Where, line: LineState): Record<string, TruthValue> {
  const voidedOn = line.voidedAt === null ? null : businessDay(restaurant, line.voidedAt)
  const category = line.item === null ? null : at(items, line.item).category
  return {
    item_id: config('menuItems', line.item),
    sales_category_id: config('salesCategories', category),
    void_reason_id: config('voidReasons', line.voidReason),
    display_name: line.name,
    plu: line.item === null ? null : at(items, line.item).plu,
    quantity: decimal(line.quantity, 3),
    receipt_line_price: money(line.unitCents),
    pre_discount_price: money(line.grossCents),
    price: money(line.netCents),
    tax: tax(line.taxUnits),
    deferred: line.deferred,
    seat_number: line.seat,
    voided: line.voidedAt !== null,
    void_date: instantOrNull(line.voidedAt),
    ...bothDates('void_business', voidedOn),
    refund_amount: line.refund === null ? null : money(line.refund.cents),
    tax_refund_amount: line.refund === null ? null : tax(line.refund.taxUnits),
    refund_transaction_id: line.refund?.transaction ?? null,
  }
}

function* partsOf(where: Where, line: LineState, table: string): Iterable<TruthRow> {
  for (const [ordinal, { rate, units }] of line.taxes.entries()) {
    yield rowOf(`${table}_applied_tax`, {
      restaurant_id: where.restaurant.guid,
      [`${table}_id`]: line.guid,
      ordinal,
      tax_rate_id: where.config('taxRates', rate),
      tax_amount: tax(units),
    })
  }
  for (const discount of line.discounts) {
    yield* discountTruth(where, { table, id: line.guid }, discount)
  }
}
