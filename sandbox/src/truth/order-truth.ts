import { charges, diningOptions } from '../world/catalogue.ts'
import type { ChargeState, CheckState, OrderState } from '../world/order-state.ts'
import { at } from '../world/random.ts'
import { businessDay } from '../world/restaurants.ts'
import { discountTruth } from './discount-truth.ts'
import { lineTruth } from './line-truth.ts'
import { paymentTruth } from './payment-truth.ts'
import { rowOf, type TruthRow } from './truth-row.ts'
import { bothDates, instant, instantOrNull, money, tax } from './values.ts'
import type { Where } from './where.ts'

/** The rows of an order; of a deleted one only its own, as its parts are gone with it. */
export function* orderTruth(where: Where, order: OrderState): Iterable<TruthRow> {
  yield orderRow(where, order)
  if (order.deletedAt !== null) return
  const restaurant_id = where.restaurant.guid
  for (const feature of order.pricingFeatures) {
    yield rowOf('orders_pricing_feature', {
      restaurant_id,
      orders_id: order.guid,
      pricing_feature: feature,
    })
  }
  yield* handover(where, order)
  for (const check of order.checks) yield* checkTruth(where, order, check)
}

function orderRow(where: Where, order: OrderState): TruthRow {
  const { restaurant, config } = where
  const voidedOn = order.voidedAt === null ? null : businessDay(restaurant, order.voidedAt)
  return rowOf('orders', {
    restaurant_id: restaurant.guid,
    id: order.guid,
    opened_date: instant(order.openedAt),
    created_date: instant(order.createdAt),
    modified_date: instant(order.modifiedAt),
    promised_date: instantOrNull(order.promisedAt),
    estimated_fulfillment_date: instantOrNull(order.estimatedAt),
    paid_date: instantOrNull(order.paidAt),
    closed_date: instantOrNull(order.closedAt),
    void_date: instantOrNull(order.voidedAt),
    deleted_date: instantOrNull(order.deletedAt),
    deleted: order.deletedAt !== null,
    voided: order.voidedAt !== null,
    created_in_test_mode: order.testMode,
    excess_food: order.excessFood,
    ...bothDates('business', order.businessDay),
    ...bothDates('void_business', voidedOn),
    display_number: order.displayNumber,
    number_of_guests: order.guests,
    source: order.source,
    server_id: where.employee(order.server),
    dining_option_guid: config('diningOptions', order.dining),
    table_guid: config('tables', order.table),
    service_area_guid: config('serviceAreas', order.serviceArea),
    revenue_center_guid: config('revenueCenters', order.revenueCenter),
  })
}

function* handover(
  { restaurant, employee, scopes }: Where,
  { guid, delivery, curbside, packaging }: OrderState,
): Iterable<TruthRow> {
  const key = { restaurant_id: restaurant.guid, orders_id: guid }
  if (delivery !== null && scopes.has('delivery_info.address:read')) {
    yield rowOf('orders_delivery', {
      ...key,
      address_1: delivery.address1,
      address_2: delivery.address2,
      city: delivery.city,
      zip_code: delivery.zip,
      latitude: delivery.latitude,
      longitude: delivery.longitude,
      notes: delivery.notes,
      dispatched_date: instantOrNull(delivery.dispatchedAt),
      delivered_date: instantOrNull(delivery.deliveredAt),
      delivery_employee_id: employee(delivery.employee),
    })
  }
  if (curbside !== null && scopes.has('guest.pi:read')) {
    yield rowOf('orders_curbside', {
      ...key,
      transport_color: curbside.color,
      transport_description: curbside.description,
      notes: curbside.notes,
    })
  }
  for (const [ordinal, item] of (packaging?.items ?? []).entries()) {
    const { guid: item_config_id, included, name } = item
    yield rowOf('orders_packaging_item', {
      ...key,
      ordinal,
      item_config_id,
      inclusion: included ? 'YES' : 'NO',
      guest_display_name: name,
    })
  }
}

function* checkTruth(where: Where, order: OrderState, check: CheckState): Iterable<TruthRow> {
  const { restaurant } = where
  const restaurant_id = restaurant.guid
  yield checkRow(where, order, check)
  if (check.loyalty !== null) {
    yield rowOf('orders_check_loyalty', {
      restaurant_id,
      orders_check_id: check.guid,
      loyalty_identifier: check.loyalty.identifier,
      vendor: check.loyalty.vendor,
      accrual_text: check.loyalty.accrual,
    })
  }
  for (const line of check.lines) yield* lineTruth(where, check, line)
  for (const discount of check.discounts) {
    const parent = { table: 'orders_check', id: check.guid }
    yield* discountTruth(where, parent, discount)
  }
  for (const charge of check.charges) yield* chargeTruth(where, check, charge)
  for (const payment of check.payments) {
    yield rowOf('orders_check_payment', {
      restaurant_id,
      orders_check_id: check.guid,
      payment_id: payment.guid,
      orders_guid: order.guid,
    })
    yield paymentTruth(where, { order: order.guid, check: check.guid }, payment)
  }
}

function checkRow({ restaurant, scopes }: Where, order: OrderState, check: CheckState): TruthRow {
  const voidedOn = check.voidedAt === null ? null : businessDay(restaurant, check.voidedAt)
  const guest = scopes.has('guest.pi:read') ? check.customer : null
  // Guests of a table stay unknown, but for the guid where Toast's own loyalty is applied.
  const shown = at(diningOptions, order.dining).behavior !== 'DINE_IN'
  const named = shown ? guest : null
  return rowOf('orders_check', {
    restaurant_id: restaurant.guid,
    id: check.guid,
    orders_id: order.guid,
    opened_date: instant(check.openedAt),
    modified_date: instant(check.modifiedAt),
    paid_date: instantOrNull(check.paidAt),
    closed_date: instantOrNull(check.closedAt),
    void_date: instantOrNull(check.voidedAt),
    deleted: check.deletedAt !== null,
    voided: check.voidedAt !== null,
    ...bothDates('void_business', voidedOn),
    tax_exempt: check.taxExempt,
    amount: money(check.amountCents),
    tax_amount: money(check.taxCents),
    total_amount: money(check.totalCents),
    display_number: check.displayNumber,
    tab_name: check.tabName,
    customer_id: shown || check.loyalty?.vendor === 'TOAST' ? (guest?.guid ?? null) : null,
    customer_first_name: named?.firstName ?? null,
    customer_last_name: named?.lastName ?? null,
    customer_phone: named?.phone ?? null,
    customer_email: named?.email ?? null,
  })
}

function* chargeTruth(
  { restaurant, config }: Where,
  check: CheckState,
  charge: ChargeState,
): Iterable<TruthRow> {
  const restaurant_id = restaurant.guid
  const kind = at(charges, charge.charge)
  yield rowOf('orders_check_applied_service_charge', {
    restaurant_id,
    orders_check_id: check.guid,
    id: charge.guid,
    name: kind.name,
    charge_type: kind.type,
    charge_amount: money(charge.amountCents),
    gratuity: kind.gratuity,
    taxable: kind.taxes.length > 0,
    service_charge_id: config('serviceCharges', charge.charge),
    service_charge_category: kind.category,
    payment_guid: charge.paymentGuid,
    refund_amount: charge.refund === null ? null : money(charge.refund.cents),
    tax_refund_amount: charge.refund === null ? null : tax(charge.refund.taxUnits),
    refund_transaction_id: charge.refund?.transaction ?? null,
  })
  for (const [ordinal, { rate, units }] of charge.taxes.entries()) {
    yield rowOf('orders_check_applied_service_charge_applied_tax', {
      restaurant_id,
      orders_check_applied_service_charge_id: charge.guid,
      ordinal,
      tax_rate_id: config('taxRates', rate),
      tax_amount: tax(units),
    })
  }
}
