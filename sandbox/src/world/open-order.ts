import { chargeOf, diningOf, tableCount } from './catalogue.ts'
import { rosterCount } from './employees.ts'
import { minuteMs } from './instants.ts'
import { type Life, nextGuid } from './life.ts'
import { addLine, giftCardLine } from './make-lines.ts'
import type { CheckState, CustomerState, DeliveryState, OrderState } from './order-state.ts'
import type { LifeKind, Step, Timeline } from './order-timeline.ts'
import { below, between, chance, pick, type Random } from './random.ts'

/** A new order with its first check and lines. */
export function openOrder(life: Life, timeline: Timeline, step: Step): OrderState {
  const { random, restaurant, facts } = life
  const { kind } = timeline
  const openedAt = step.order === 1 ? step.at : timeline.openedAt
  const seated = isSeated(kind)
  const place = { openedAt, createdAt: step.at, kind, order: step.order }
  const order: OrderState = {
    guid: facts.guids.of('order', restaurant.index, life.day, life.slot, step.order),
    kind,
    index: step.order,
    displayNumber: chance(random, 0.02) ? '' : String(life.slot + 1 + step.order * 5_000),
    businessDay: life.day,
    testMode: timeline.testMode,
    excessFood: kind === 'waste',
    openedAt,
    createdAt: step.at,
    modifiedAt: step.at,
    promisedAt: seated || kind === 'waste' || kind === 'giftCard' ? null : promised(kind, openedAt),
    estimatedAt: kind === 'delivery' ? openedAt + 40 * minuteMs : null,
    paidAt: null,
    closedAt: null,
    voidedAt: null,
    deletedAt: null,
    source: sourceOf(random, kind),
    dining: diningFor(kind),
    table: seated ? below(random, tableCount) : null,
    serviceArea: seated ? below(random, 3) : null,
    revenueCenter: seated ? below(random, 2) : 2,
    service: below(random, 3),
    server: below(random, rosterCount),
    guests: seated ? between(random, 1, 8) : null,
    device: chance(random, 0.8) ? `device-${restaurant.index}-${below(random, 6)}` : null,
    delivery: kind === 'delivery' ? address(life) : null,
    curbside: kind === 'curbside' ? curbside(life) : null,
    packaging: isOnline(kind) && chance(random, 0.4) ? packaging(life) : null,
    pricingFeatures: pick(random, [[], ['TAXESV2'], ['TAXESV2', 'TAXESV3']]),
    checks: [],
  }
  order.checks.push(firstCheck(life, order, place))
  return order
}

/** Another check of an order, without lines. */
export function emptyCheck(life: Life, order: OrderState, openedAt: number): CheckState {
  const { random } = life
  const number = order.checks.length + 1
  return {
    guid: nextGuid(life, 'check'),
    displayNumber: chance(random, 0.03) ? `tablet-é-${life.slot}` : String(life.slot * 10 + number),
    tabName: chance(random, 0.1) ? pick(random, ['Zoë & Co', '田中', '"The Regulars"']) : null,
    openedAt,
    modifiedAt: openedAt,
    paidAt: null,
    closedAt: null,
    voidedAt: null,
    deletedAt: null,
    taxExempt: chance(random, 0.02),
    openedBy: order.server,
    customer: null,
    loyalty: null,
    lines: [],
    discounts: [],
    charges: [],
    payments: [],
    amountCents: 0,
    taxUnits: 0,
    taxCents: 0,
    totalCents: 0,
  }
}

function firstCheck(
  life: Life,
  order: OrderState,
  { createdAt, kind }: { createdAt: number; kind: LifeKind },
): CheckState {
  const { random } = life
  const check = emptyCheck(life, order, createdAt)
  // Test data is read by analysts too: the guest of a take-out order is somebody.
  if (isOnline(kind) || kind === 'takeOut') check.customer = guest(life)
  if (kind === 'giftCard') {
    check.lines.push(giftCardLine(life, createdAt))
    if (chance(random, 0.4)) addLine(life, check, createdAt)
    return check
  }
  const count = between(random, 1, 4)
  for (let line = 0; line < count; line++) addLine(life, check, createdAt)
  if (kind === 'delivery') addCharge(life, check, chargeOf.delivery)
  if (kind !== 'waste' && chance(random, 0.12)) addCharge(life, check, chargeOf.kitchen)
  if (kind !== 'waste' && chance(random, 0.06)) addCharge(life, check, chargeOf.fund)
  return check
}

/** Adds a charge whose amount follows from its kind and the check. */
export function addCharge(life: Life, check: CheckState, charge: number): void {
  check.charges.push({
    guid: nextGuid(life, 'charge'),
    charge,
    fixedCents: null,
    paymentGuid: null,
    refund: null,
    amountCents: 0,
    taxes: [],
    taxUnits: 0,
  })
}

function isSeated(kind: LifeKind): boolean {
  return kind === 'dineIn' || kind === 'merged' || kind === 'lineMoved' || kind === 'checkMoved'
}

function isOnline(kind: LifeKind): boolean {
  return kind === 'delivery' || kind === 'curbside' || kind === 'scheduled'
}

function promised(kind: LifeKind, openedAt: number): number {
  return kind === 'scheduled' ? openedAt : openedAt + 30 * minuteMs
}

function diningFor(kind: LifeKind): number {
  if (kind === 'delivery') return diningOf.delivery
  if (kind === 'curbside') return diningOf.curbside
  return kind === 'takeOut' || kind === 'scheduled' || kind === 'giftCard'
    ? diningOf.takeOut
    : diningOf.dineIn
}

const onlineSources = ['Online', 'Branded Online Ordering', 'Grubhub', 'Toast Local', 'Google']

function sourceOf(random: Random, kind: LifeKind): string {
  if (isOnline(kind)) return pick(random, onlineSources)
  return chance(random, 0.05) ? 'Kiosk' : 'In Store'
}

const firstNames = ['Amélie', 'Juan', '美咲', 'Dwayne', "T'Pring", 'Ólafur'] as const
const lastNames = ['O’Hara', 'Gómez', '佐藤', 'Smith-Jones', 'Þórsson'] as const

function guest({ random, facts, restaurant, day, slot }: Life): CustomerState {
  const firstName = pick(random, firstNames)
  return {
    guid: facts.guids.of('customer', restaurant.index, day, slot, 0),
    firstName,
    lastName: pick(random, lastNames),
    phone: `0${between(random, 200_000_000, 999_999_999)}`,
    email: `guest${slot}.${day}@example.com`,
  }
}

function address({ random, restaurant }: Life): DeliveryState {
  return {
    address1: `${between(random, 1, 900)} Rue de l’Église`,
    address2: chance(random, 0.3) ? `Apt ${between(random, 1, 40)} "rear"` : null,
    city: restaurant.city,
    state: restaurant.state,
    zip: restaurant.zip,
    latitude: restaurant.latitude + below(random, 1000) / 10_000,
    longitude: restaurant.longitude + below(random, 1000) / 10_000,
    notes: chance(random, 0.3) ? 'Ring twice\nblue door 🚪' : null,
    employee: null,
    dispatchedAt: null,
    deliveredAt: null,
  }
}

function curbside({ random, facts, restaurant, day, slot }: Life): OrderState['curbside'] {
  return {
    guid: facts.guids.of('curbside', restaurant.index, day, slot, 0),
    color: pick(random, ['Red', 'Bleu', '白']),
    description: pick(random, ['Pick-up', 'Citroën', 'Minivan']),
    notes: chance(random, 0.4) ? 'Trunk, please' : null,
  }
}

function packaging({ facts, restaurant, day, slot }: Life): OrderState['packaging'] {
  const guid = (part: number) => facts.guids.of('packaging', restaurant.index, day, slot, part)
  return {
    guid: guid(0),
    items: [
      { guid: guid(1), included: true, name: 'Utensils' },
      { guid: guid(2), included: false, name: 'Napkins' },
    ],
  }
}
