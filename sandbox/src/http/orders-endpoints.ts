import { orderPayload, type Sight } from '../wire/order-payload.ts'
import { paymentPayload } from '../wire/payment-payload.ts'
import { referencesOf } from '../wire/references.ts'
import { minuteMs } from '../world/instants.ts'
import type { OrderPlace } from '../world/order-days.ts'
import type { CheckState, OrderState, PaymentState } from '../world/order-state.ts'
import { businessDay, closeoutAt } from '../world/restaurants.ts'
import { type Answer, ok, Refused } from './answer.ts'
import {
  countParam,
  dateParam,
  instantParam,
  type RestaurantCall,
  type RestaurantEndpoint,
} from './call.ts'

const orders = { method: 'GET', scope: 'orders:read', api: 'orders', about: 'restaurant' } as const
const pageSizeMax = 100
const earliest = Date.UTC(2015, 11, 1)

/** Orders, and the payments on them. */
export const ordersEndpoints: readonly RestaurantEndpoint[] = [
  { ...orders, path: '/orders/v2/ordersBulk', limit: 'ordersBulk', answer: ordersBulk },
  {
    ...orders,
    path: '/orders/v2/orders/:guid',
    answer: (call) => {
      const order = orderNamed(call, call.params.guid ?? '')
      if (order === null) throw new Refused(404, 'Order not found')
      return ok(orderPayload(call.world, call.restaurant, { order, sight: sightOf(call) }))
    },
  },
  { ...orders, path: '/orders/v2/payments', answer: payments },
  {
    ...orders,
    path: '/orders/v2/payments/:guid',
    answer: (call) => {
      const found = paymentNamed(call, call.params.guid ?? '')
      if (found === null) throw new Refused(404, 'Payment not found')
      const { world, restaurant } = call
      const to = referencesOf(world, restaurant.index)
      const parent = { facts: world, restaurant, to, order: found.order }
      return ok(paymentPayload(parent, found.check, found.payment))
    },
  },
]

/**
 * The set is what matches at this very moment: an order that changes between two pages leaves the
 * window, and what follows moves up by one place.
 */
function ordersBulk(call: RestaurantCall): Answer {
  const size = countParam(call, { name: 'pageSize', least: 1, most: pageSizeMax, otherwise: 100 })
  const page = countParam(call, { name: 'page', least: 1, most: 1_000_000, otherwise: 1 })
  const { places, more } = pageOf(placesOf(call), { from: (page - 1) * size, size })
  const { world, restaurant, now } = call
  const sight = sightOf(call)
  const body = places.flatMap((place) => {
    const order = world.orderDays.orderAt(restaurant, place, now)
    return order === null ? [] : [orderPayload(world, restaurant, { order, sight })]
  })
  return ok(body, { Link: links(call, { page, more }) })
}

function placesOf(call: RestaurantCall): Iterable<OrderPlace> {
  const { world, restaurant, now } = call
  const from = instantParam(call, 'startDate')
  const until = instantParam(call, 'endDate')
  const day = dateParam(call, 'businessDate')
  if (from === null && until === null && day !== null) {
    return world.orderDays.ofDay(restaurant, day, now)
  }
  if (from === null || until === null || day !== null) {
    throw new Refused(400, 'EITHER (startDate and endDate) OR businessDate is required')
  }
  if (from >= until) throw new Refused(400, 'Input startDate must be before endDate')
  if (from < earliest) throw new Refused(400, 'startDate must be after 2015-12-01')
  if (until > monthAfter(from)) {
    throw new Refused(400, 'The time between startDate and endDate must not exceed one month')
  }
  return world.orderDays.modified(restaurant, { from, until, now })
}

/** The same time a calendar month later, or 31 days: whichever is later. */
function monthAfter(instant: number): number {
  const date = new Date(instant)
  date.setUTCMonth(date.getUTCMonth() + 1)
  return Math.max(date.getTime(), instant + 31 * 86_400_000)
}

function pageOf(
  places: Iterable<OrderPlace>,
  { from, size }: { from: number; size: number },
): { places: OrderPlace[]; more: boolean } {
  const wanted: OrderPlace[] = []
  let seen = 0
  for (const place of places) {
    if (wanted.length === size) return { places: wanted, more: true }
    if (seen >= from) wanted.push(place)
    seen += 1
  }
  return { places: wanted, more: false }
}

/** There is no link to the last page. */
function links(call: RestaurantCall, { page, more }: { page: number; more: boolean }): string {
  const link = (to: number, rel: string) => {
    const url = new URL(call.url, call.origin)
    url.searchParams.set('page', String(to))
    return `<${url.href}>; rel="${rel}"`
  }
  return [
    link(1, 'first'),
    link(page, 'self'),
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(more ? [link(page + 1, 'next')] : []),
  ].join(', ')
}

function sightOf({ scopes }: RestaurantCall): Sight {
  return {
    guests: scopes.has('guest.pi:read'),
    addresses: scopes.has('delivery_info.address:read'),
  }
}

function orderNamed({ world, restaurant, now }: RestaurantCall, guid: string): OrderState | null {
  const named = world.guids.read(guid)
  if (named?.kind !== 'order' || named.restaurant !== restaurant.index) return null
  const { day, slot, part } = named
  return world.orderDays.orderAt(restaurant, { day, slot, order: part === 1 ? 1 : 0 }, now)
}

type Paid = { order: OrderState; check: CheckState; payment: PaymentState }

function paymentNamed(call: RestaurantCall, guid: string): Paid | null {
  const { world, restaurant, now } = call
  const named = world.guids.read(guid)
  if (named?.kind !== 'payment' || named.restaurant !== restaurant.index) return null
  for (const index of [0, 1] as const) {
    const place = { day: named.day, slot: named.slot, order: index }
    const order = world.orderDays.orderAt(restaurant, place, now)
    const found =
      order === null ? undefined : paidOf(order).find((each) => each.payment.guid === guid)
    if (found !== undefined) return found
  }
  return null
}

function paidOf(order: OrderState): Paid[] {
  return order.checks.flatMap((check) =>
    check.payments.map((payment) => ({ order, check, payment })),
  )
}

/** Guids by the business day of payment, refund or void: exactly one of the three. */
function payments(call: RestaurantCall): Answer {
  const selectors = [
    { name: 'paidBusinessDate', at: (payment: PaymentState) => payment.paidAt },
    { name: 'refundBusinessDate', at: (payment: PaymentState) => payment.refund?.at ?? null },
    { name: 'voidBusinessDate', at: (payment: PaymentState) => payment.voided?.at ?? null },
  ]
  const given = selectors.flatMap(({ name, at }) => {
    const day = dateParam(call, name)
    return day === null ? [] : [{ day, at }]
  })
  const [selector] = given
  if (selector === undefined || given.length > 1) {
    const names = selectors.map(({ name }) => name).join(', ')
    throw new Refused(400, `Exactly one of ${names} is required`)
  }
  return ok(paymentsOn(call, selector))
}

function paymentsOn(
  { world, restaurant, now }: RestaurantCall,
  { day, at }: { day: number; at: (payment: PaymentState) => number | null },
): string[] {
  const from = closeoutAt(restaurant, day - 1)
  // A second payment follows the first by seconds, also over the closeout.
  const window = { from: from - minuteMs, until: closeoutAt(restaurant, day), now }
  const guids: string[] = []
  for (const place of world.orderDays.touched(restaurant, window)) {
    const order = world.orderDays.orderAt(restaurant, place, now)
    for (const { payment } of order === null ? [] : paidOf(order)) {
      const instant = at(payment)
      if (instant !== null && businessDay(restaurant, instant) === day) guids.push(payment.guid)
    }
  }
  return guids
}
