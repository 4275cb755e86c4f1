import { chargeOf, discounts, wasteDiscount } from './catalogue.ts'
import { managerJob } from './employees.ts'
import { type Life, nextGuid, type TakeStep } from './life.ts'
import { addCharge } from './open-order.ts'
import type {
  CheckState,
  DiscountState,
  LineState,
  LoyaltyState,
  OrderState,
} from './order-state.ts'
import type { StepKind } from './order-timeline.ts'
import { at, below, chance, hashOf, pick } from './random.ts'

type DiscountStep =
  | 'discount'
  | 'undiscount'
  | 'loyalty'
  | 'loyaltyApplied'
  | 'loyaltyPendingVoid'
  | 'loyaltyVoided'
  | 'gratuity'
  | 'ungratuity'

/** Discounts, loyalty rewards and gratuities that come and go before an order is paid. */
export const discountSteps = {
  discount: (life, order) => {
    if (order.excessFood) return wasteEverything(life, order)
    const [check] = order.checks
    if (check !== undefined) discountCheck(life, check)
  },
  undiscount: (_life, order) => {
    const [check] = order.checks
    if (check === undefined) return
    check.discounts.pop()
    for (const line of check.lines) line.discounts.pop()
  },
  loyalty: (life, order) => {
    const [check] = order.checks
    if (check === undefined) return
    reward(life, check)
  },
  loyaltyApplied: (_life, order) => moveLoyalty(order, 'PENDING_APPLIED', 'APPLIED'),
  loyaltyPendingVoid: (_life, order) => moveLoyalty(order, 'APPLIED', 'PENDING_VOID'),
  loyaltyVoided: (_life, order) => moveLoyalty(order, 'PENDING_VOID', 'VOID'),
  gratuity: (life, order) => {
    const [check] = order.checks
    if (check !== undefined) addCharge(life, check, chargeOf.gratuity)
  },
  ungratuity: (_life, order) => {
    const [check] = order.checks
    if (check === undefined) return
    check.charges = check.charges.filter(({ charge }) => charge !== chargeOf.gratuity)
  },
} satisfies Record<DiscountStep & StepKind, TakeStep>

/** Discounts that a cashier picks; waste is for waste alone. */
const pickable = [0, 1, 2, 3, 4, 5, 7] as const

function discountCheck(life: Life, check: CheckState): void {
  const { random } = life
  const number = pick(random, pickable)
  const { level } = at(discounts, number)
  const lines = check.lines.filter(
    ({ voidedAt, deferred, kind }) => voidedAt === null && !deferred && kind === 'item',
  )
  const line = lines[below(random, Math.max(1, lines.length))]
  if (line === undefined) return
  if (level === 'CHECK') check.discounts.push(configured(life, number))
  else if (level === 'BOGO') combine(life, check, { number, lines })
  else discountLine(life, line, number)
}

function discountLine(life: Life, line: LineState, number: number): void {
  const [modifier] = line.modifiers
  // Now and then it is the extra that is on the house.
  const below = modifier !== undefined && modifier.unitCents > 0 && chance(life.random, 0.3)
  const target = below ? modifier : line
  const discount = configured(life, number)
  discount.triggers.push({ line: line.guid, quantity: 1 })
  target.discounts.push(discount)
}

/** A combination sits on the check and names its lines. */
function combine(
  life: Life,
  check: CheckState,
  { number, lines }: { number: number; lines: LineState[] },
): void {
  const [first, second] = lines
  if (first === undefined || second === undefined) return
  const discount = configured(life, number)
  if (discount.type === 'BOGO') discount.cents = Math.min(first.netCents, second.netCents)
  discount.comboItems.push(first.guid, second.guid)
  discount.triggers.push({ line: first.guid, quantity: 1 }, { line: second.guid, quantity: 1 })
  check.discounts.push(discount)
}

function configured(life: Life, number: number): DiscountState {
  const { random } = life
  const { name, type, percent, cents, promoCode } = at(discounts, number)
  return {
    guid: nextGuid(life, 'discount'),
    discount: number,
    name,
    type,
    percent,
    cents,
    approver: chance(random, 0.4) ? managerJob : null,
    loyalty: null,
    reason: chance(random, 0.2) ? 'Long wait – désolé' : null,
    promoCode,
    triggers: [],
    comboItems: [],
    taxPercent: taxPercentOf(life),
    amountCents: 0,
  }
}

/** Most say that nothing of it was tax, some how much, some nothing at all. */
function taxPercentOf({ facts, restaurant, day, slot, part }: Life): number | null {
  return at([0, 0, 8, null], hashOf(facts.seed, restaurant.index, day, slot, part))
}

function wasteEverything(life: Life, order: OrderState): void {
  for (const line of order.checks.flatMap(({ lines }) => lines)) {
    line.discounts.push({ ...configured(life, wasteDiscount), reason: null })
  }
}

function reward(life: Life, check: CheckState): void {
  const { random, slot, day } = life
  const vendor = pick(random, ['PUNCHH', 'TOAST', 'INTEGRATION'])
  check.loyalty = {
    guid: chance(random, 0.5)
      ? life.facts.guids.of('loyalty', life.restaurant.index, day, slot, life.part)
      : null,
    identifier: `0${day}${slot}`,
    vendor,
    accrual: 'You earned 12 ★',
  }
  check.discounts.push({
    ...configured(life, 0),
    discount: null,
    name: 'Reward: free dessert 🍮',
    type: null,
    percent: null,
    cents: 350,
    approver: null,
    loyalty: { state: 'PENDING_APPLIED', vendor, reference: `ref-${day}-${slot}` },
    reason: null,
  })
}

function moveLoyalty(order: OrderState, from: LoyaltyState, to: LoyaltyState): void {
  for (const { loyalty } of order.checks.flatMap((check) => check.discounts)) {
    if (loyalty?.state === from) loyalty.state = to
  }
}
