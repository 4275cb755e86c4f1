import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderPayload } from '../src/wire/order-payload.ts'
import { hourMs } from '../src/world/instants.ts'
import { businessDay } from '../src/world/restaurants.ts'
import { type World, worldOf } from '../src/world/world.ts'
import type { Body } from './client.ts'

const startAt = Date.UTC(2026, 2, 20, 17, 30)

function world(seed: number): World {
  return worldOf({
    restaurantCount: 4,
    ordersPerDay: 25,
    days: 20,
    seed,
    startAt,
    membershipMoves: true,
    menusBuiltAfterMs: 0,
  })
}

/** Every order of a business day as it stands at an instant, as payloads. */
function orders(made: World, restaurant: number, day: number, now: number): Body[] {
  const at = made.restaurants[restaurant]!
  return [...made.orderDays.ofDay(at, day, now)].map((place) =>
    orderPayload(made, at, {
      order: made.orderDays.orderAt(at, place, now)!,
      sight: { guests: true, addresses: true },
    }),
  )
}

/** Ten-millionths of a dollar: what taxes are exact in. */
const units = (dollars: number) => Math.round(dollars * 1e7)
const cents = (dollars: number) => Math.round(dollars * 100)
const total = (things: Body[] | null, of: (thing: Body) => number) =>
  (things ?? []).reduce((sum, thing) => sum + of(thing), 0)
const counts = ({ processingState }: Body) =>
  processingState !== 'VOID' && processingState !== 'PENDING_VOID'

function checkLine(line: Body): void {
  const own = Math.round(line.receiptLinePrice * 100 * line.quantity)
  expect(cents(line.preDiscountPrice)).toBe(
    own + total(line.modifiers, ({ price }) => cents(price)),
  )
  expect(units(line.tax)).toBe(total(line.appliedTaxes, ({ taxAmount }) => units(taxAmount)))
  for (const modifier of line.modifiers ?? []) checkLine(modifier)
}

function checkIdentities(check: Body): void {
  const live = check.voided ? [] : check.selections.filter(({ voided }: Body) => !voided)
  const charges = check.voided ? [] : check.appliedServiceCharges
  for (const line of check.selections) checkLine(line)
  const lineCents = total(live, ({ price }) => cents(price))
  const chargeCents = total(charges, (each) => (each.gratuity ? 0 : cents(each.chargeAmount)))
  expect(cents(check.amount)).toBe(lineCents + chargeCents)
  const taxUnits =
    total(live, ({ tax }) => units(tax)) +
    total(charges, (each) => total(each.appliedTaxes, ({ taxAmount }) => units(taxAmount)))
  expect(cents(check.taxAmount)).toBe(Math.round(taxUnits / 1e5))
  expect(cents(check.totalAmount)).toBe(cents(check.amount) + cents(check.taxAmount))
  // What check discounts took is what lines lost beyond their own.
  const beyond = total(
    live,
    (line) =>
      cents(line.preDiscountPrice) -
      total(line.appliedDiscounts.filter(counts), ({ discountAmount }) => cents(discountAmount)) -
      cents(line.price),
  )
  const taken = total((check.appliedDiscounts ?? []).filter(counts), (each) =>
    cents(each.discountAmount),
  )
  if (!check.voided) expect(beyond).toBe(taken)
  for (const { price } of live) expect(price).toBeGreaterThanOrEqual(0)
}

test('the published identities hold to the cent for every order at every instant', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: -60, max: 24 * 12 }),
      (seed, restaurant, hours) => {
        const made = world(seed)
        const day = businessDay(made.restaurants[restaurant]!, startAt) - 3
        const now = startAt - 3 * 24 * hourMs + hours * hourMs
        for (const order of orders(made, restaurant, day, now)) {
          for (const check of order.checks) checkIdentities(check)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('a check that is paid was paid in full, gratuities included', () => {
  const made = world(5)
  const day = businessDay(made.restaurants[0]!, startAt) - 5
  const paid = orders(made, 0, day, startAt)
    .flatMap(({ checks }) => checks)
    .filter(({ paidDate, payments }) => paidDate !== null && payments.length > 0)
  expect(paid.length).toBeGreaterThan(10)
  for (const check of paid) {
    const gratuities = total(check.appliedServiceCharges, (each) =>
      each.gratuity ? cents(each.chargeAmount) : 0,
    )
    const live = check.payments.filter(({ voidInfo }: Body) => voidInfo === null)
    expect(total(live, ({ amount }) => cents(amount))).toBe(cents(check.totalAmount) + gratuities)
  }
})

test('within a month a world shows everything a connector must cope with', () => {
  const made = world(1)
  const at = made.restaurants[0]!
  const first = businessDay(at, startAt)
  const all = Array.from({ length: 20 }, (_, back) => orders(made, 0, first - back, startAt)).flat()
  const text = JSON.stringify(all)
  const depth = (line: Body): number =>
    1 + Math.max(0, ...(line.modifiers ?? []).map((each: Body) => depth(each)))
  const checks = all.flatMap((order) => order.checks)
  const lines = checks.flatMap((check) => check.selections)
  const discounts = [...checks, ...lines].flatMap(({ appliedDiscounts }) => appliedDiscounts ?? [])
  const payments = checks.flatMap((check) => check.payments)
  const seen = {
    deepModifiers: lines.some((line) => depth(line) >= 4),
    severalTaxes: lines.some(({ appliedTaxes }) => appliedTaxes.length >= 3),
    nullTaxGuid: lines.some(({ appliedTaxes }) => appliedTaxes[0]?.guid === null),
    nullModifiers: lines.some(({ modifiers }) => modifiers === null),
    combos: checks.some((check) =>
      check.appliedDiscounts?.some((each: Body) => each.comboItems.length > 1),
    ),
    discountWithTax: discounts.some(
      ({ discountAmount, nonTaxDiscountAmount }) =>
        nonTaxDiscountAmount !== null && nonTaxDiscountAmount < discountAmount,
    ),
    discountThatTellsNoTax: discounts.some(
      ({ discountAmount, nonTaxDiscountAmount }) =>
        nonTaxDiscountAmount === null && discountAmount > 0,
    ),
    specialRequest: lines.some(
      ({ selectionType, item }) => selectionType === 'SPECIAL_REQUEST' && item === null,
    ),
    giftCard: lines.some(({ deferred }) => deferred),
    voidedLine: lines.some(({ voided }) => voided),
    voidedOrder: all.some(({ voided }) => voided),
    merged: all.some(({ deleted }) => deleted),
    split: lines.some(({ splitOrigin }) => splitOrigin !== null),
    severalChecks: all.some((order) => order.checks.length > 1),
    testMode: all.some(({ createdInTestMode }) => createdInTestMode),
    waste: all.some(({ excessFood }) => excessFood),
    scheduled: all.some(({ createdDate, openedDate }) => createdDate < openedDate),
    tip: payments.some(({ tipAmount }) => tipAmount > 0),
    fee: checks.some(({ payments }) =>
      payments.some((each: Body) => each.originalProcessingFee > 0),
    ),
    settled: checks.some(({ payments }) =>
      payments.some((each: Body) => each.mcaRepaymentAmount > 0),
    ),
    refund: checks.some(({ payments }) => payments.some((each: Body) => each.refund !== null)),
    voidedPayment: checks.some(({ payments }) =>
      payments.some((each: Body) => each.voidInfo !== null),
    ),
    unicode: text.includes('日本') || text.includes('ラーメン'),
    ...Object.fromEntries(
      [
        ...['PENDING_APPLIED', 'APPLIED', 'PENDING_VOID', 'VOID'],
        ...['SERVICE_CHARGE', 'CREDIT_CARD_SURCHARGE', 'FUNDRAISING_CAMPAIGN', 'CASH_ROUNDING'],
      ].map((word) => [word, text.includes(`"${word}"`)]),
    ),
  }
  expect(Object.entries(seen).filter(([, found]) => !found)).toEqual([])
})

test('payments of every standing are tipped on, those without a status too', () => {
  const made = world(3)
  const at = made.restaurants[0]!
  const tipped = new Set<string>()
  for (let hours = 0; hours < 20 * 24; hours += 6) {
    const now = startAt - hours * hourMs
    const today = businessDay(at, now)
    for (const day of [today - 1, today]) {
      for (const { paymentStatus, tipAmount, type } of orders(made, 0, day, now)
        .flatMap(({ checks }) => checks)
        .flatMap(({ payments }) => payments)) {
        if (tipAmount > 0) tipped.add(paymentStatus ?? type)
      }
    }
  }
  expect([...tipped].sort()).toEqual([
    'AUTHORIZED',
    'AUTHORIZED_AT_RISK',
    'CAPTURED',
    'CAPTURE_IN_PROGRESS',
    'CASH',
    'DENIED',
    'GIFTCARD',
    'HOUSE_ACCOUNT',
    'OTHER',
    'VOIDED',
  ])
})
