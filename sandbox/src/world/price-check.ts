import { chargeOf, charges, taxRates } from './catalogue.ts'
import {
  type ChargeState,
  type CheckState,
  counts,
  type DiscountState,
  type LineState,
  type TaxState,
} from './order-state.ts'
import { at } from './random.ts'

/** Ten-millionths of a dollar in a cent. */
export const unitsPerCent = 100_000

/**
 * Works out every amount of a check from its lines, discounts and charges, so that the published
 * identities hold to the cent: a line counts its modifiers, a check its lines that are not voided
 * and its charges other than gratuities. Taxes of a line are on all of its price.
 */
export function priceCheck(check: CheckState, roundsTaxPerLine: boolean): void {
  const dead = check.voidedAt !== null
  for (const line of check.lines) priceLine(line)
  const live = dead ? [] : check.lines.filter(({ voidedAt }) => voidedAt === null)
  takeCheckDiscounts(check.discounts, live)
  const tax: Taxing = { exempt: check.taxExempt, rounds: roundsTaxPerLine }
  for (const line of check.lines) taxLine(line, tax)
  for (const charge of check.charges) priceCharge(charge, live, tax)
  const counted = dead ? [] : check.charges
  check.amountCents =
    sum(live, ({ netCents }) => netCents) +
    sum(counted, (charge) => (isGratuity(charge) ? 0 : charge.amountCents))
  check.taxUnits = sum(live, ({ taxUnits }) => taxUnits) + sum(counted, (each) => each.taxUnits)
  check.taxCents = Math.round(check.taxUnits / unitsPerCent)
  check.totalCents = check.amountCents + check.taxCents
}

/** What payments must come to: the total and the gratuities, which are no part of it. */
export function dueCents(check: CheckState): number {
  return check.totalCents + sum(check.charges, (each) => (isGratuity(each) ? each.amountCents : 0))
}

export function isGratuity({ charge }: ChargeState): boolean {
  return at(charges, charge).gratuity
}

export function sum<Thing>(things: readonly Thing[], of: (thing: Thing) => number): number {
  let total = 0
  for (const thing of things) total += of(thing)
  return total
}

function priceLine(line: LineState): void {
  for (const modifier of line.modifiers) priceLine(modifier)
  const own = Math.round((line.unitCents * line.quantity) / 1000)
  line.grossCents = own + sum(line.modifiers, ({ netCents }) => netCents)
  line.netCents = line.grossCents
  for (const discount of line.discounts) {
    discount.amountCents = atMost(line.netCents, discount)
    if (counts(discount)) line.netCents -= discount.amountCents
  }
}

function atMost(baseCents: number, { type, percent, cents }: DiscountState): number {
  const fixed = type === 'FIXED_TOTAL' ? baseCents - (cents ?? 0) : (cents ?? 0)
  const wanted = percent === null ? fixed : Math.round((baseCents * percent) / 100)
  return Math.max(0, Math.min(baseCents, wanted))
}

/** Check discounts in order, each on what the ones before left, shared out over its lines. */
function takeCheckDiscounts(discounts: readonly DiscountState[], live: readonly LineState[]): void {
  for (const discount of discounts) {
    const lines = live.filter(
      ({ deferred, guid }) =>
        !deferred && (discount.comboItems.length === 0 || discount.comboItems.includes(guid)),
    )
    const baseCents = sum(lines, ({ netCents }) => netCents)
    discount.amountCents = atMost(baseCents, discount)
    if (counts(discount)) shareOut(discount.amountCents, lines, baseCents)
  }
}

/** Takes an amount off lines in proportion to their prices; the last line takes the rest. */
function shareOut(cents: number, lines: readonly LineState[], baseCents: number): void {
  let leftCents = cents
  let leftBase = baseCents
  for (const line of lines) {
    const share = leftBase === 0 ? 0 : Math.floor((leftCents * line.netCents) / leftBase)
    leftBase -= line.netCents
    line.netCents -= share
    leftCents -= share
  }
}

type Taxing = { exempt: boolean; rounds: boolean }

function taxLine(line: LineState, taxing: Taxing): void {
  for (const modifier of line.modifiers) taxLine(modifier, taxing)
  line.taxes = line.deferred
    ? []
    : taxesOf(line.taxRates, taxing, { cents: line.netCents, quantity: line.quantity })
  line.taxUnits = sum(line.taxes, ({ units }) => units)
}

function taxesOf(
  rates: readonly number[],
  { exempt, rounds }: Taxing,
  { cents, quantity }: { cents: number; quantity: number },
): TaxState[] {
  if (exempt) return []
  return rates.map((rate) => {
    const { type, rate: perHundredThousand } = at(taxRates, rate)
    const exact =
      type === 'PERCENT'
        ? cents * perHundredThousand
        : Math.round((perHundredThousand * 100 * quantity) / 1000)
    const units = rounds ? Math.round(exact / unitsPerCent) * unitsPerCent : exact
    return { rate, units }
  })
}

function priceCharge(charge: ChargeState, live: readonly LineState[], taxing: Taxing): void {
  const kind = at(charges, charge.charge)
  const baseCents = sum(live, (line) =>
    line.deferred ? 0 : kind.calculation === 'PRE_DISCOUNT' ? line.grossCents : line.netCents,
  )
  charge.amountCents =
    charge.fixedCents ?? kind.cents ?? Math.round((baseCents * (kind.percent ?? 0)) / 100)
  charge.taxes = taxesOf(kind.taxes, taxing, { cents: charge.amountCents, quantity: 1000 })
  charge.taxUnits = sum(charge.taxes, ({ units }) => units)
}

/** Charges whose amount depends on how a check is paid. */
export function isPaymentCharge({ charge }: ChargeState): boolean {
  return charge === chargeOf.surcharge || charge === chargeOf.rounding
}
