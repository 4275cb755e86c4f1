import { chargeOf } from '../world/catalogue.ts'
import { dateNumber } from '../world/instants.ts'
import {
  type CheckState,
  counts,
  type DiscountState,
  type LineState,
  nonTaxCents,
  type OrderState,
} from '../world/order-state.ts'
import { stepBounds } from '../world/order-timeline.ts'
import { isGratuity, sum } from '../world/price-check.ts'
import { businessDay, readableAt } from '../world/restaurants.ts'
import type { World } from '../world/world.ts'
import { money } from './values.ts'

/** Net sales of a business date; dates without any order are left out. */
export type SalesDay = {
  restaurant_id: string
  /** `20260320` */
  business_date: number
  /** Decimal text. */
  net_sales: string
  /** Orders counted: neither deleted nor voided, no test, no waste. */
  orders: number
}

/** Net sales per restaurant and business date, for restaurants that can be read. */
export async function* salesByDay(world: World): AsyncIterable<SalesDay> {
  const now = world.now()
  const there = world.restaurants.filter((restaurant) => !world.isArchived(restaurant))
  for (const restaurant of readableAt(there, now)) {
    const last = businessDay(restaurant, now) + stepBounds.daysBefore
    for (let day = restaurant.firstDay; day <= last; day++) {
      let cents = 0
      let orders = 0
      for (const place of world.orderDays.ofDay(restaurant, day, now)) {
        const order = world.orderDays.orderAt(restaurant, place, now)
        if (order === null || !isSale(order)) continue
        cents += sum(order.checks, netSales)
        orders += 1
      }
      if (orders === 0) continue
      const business_date = dateNumber(day)
      yield { restaurant_id: restaurant.guid, business_date, net_sales: money(cents), orders }
    }
  }
}

function isSale({ deletedAt, voidedAt, excessFood, testMode }: OrderState): boolean {
  return deletedAt === null && voidedAt === null && !excessFood && !testMode
}

/** Toast's recipe: before discounts less what discounts took, and what was charged besides. */
function netSales(check: CheckState): number {
  if (check.deletedAt !== null || check.voidedAt !== null) return 0
  const lines = check.lines.filter(({ voidedAt, deferred }) => voidedAt === null && !deferred)
  const charged = check.charges.filter(
    (charge) => !isGratuity(charge) && charge.charge !== chargeOf.fund,
  )
  return (
    sum(lines, lineSales) -
    sum(check.discounts.filter(counts), taken) +
    sum(charged, ({ amountCents }) => amountCents)
  )
}

function lineSales({ grossCents, discounts }: LineState): number {
  return grossCents - sum(discounts.filter(counts), taken)
}

/** Whole where nothing says what of it was tax. */
function taken(discount: DiscountState): number {
  return nonTaxCents(discount) ?? discount.amountCents
}
