import { discountSteps } from './discount-steps.ts'
import type { Facts } from './facts.ts'
import { type Life, priceOrder, type TakeStep } from './life.ts'
import { lineSteps } from './line-steps.ts'
import { openOrder } from './open-order.ts'
import type { OrderState } from './order-state.ts'
import { type Step, type StepKind, timelineOf } from './order-timeline.ts'
import { paymentSteps } from './payment-steps.ts'
import { randomOf } from './random.ts'
import type { Restaurant } from './restaurants.ts'

/**
 * The orders of a slot as they stand at an instant: none before the first is created. A later
 * instant only adds steps, so what an order was yesterday follows from the same arguments.
 */
export function ordersAt(
  facts: Facts,
  restaurant: Restaurant,
  { day, slot, now }: { day: number; slot: number; now: number },
): OrderState[] {
  const timeline = timelineOf(facts, restaurant, { day, slot })
  const random = randomOf(facts.seed, restaurant.index, day, slot, 2)
  const life: Life = { facts, restaurant, day, slot, random, orders: [], part: 0 }
  for (const step of timeline.steps) {
    if (step.at > now) break
    if (step.kind === 'open') life.orders.push(openOrder(life, timeline, step))
    else take(life, step)
  }
  for (const order of life.orders) priceOrder(life, order)
  return life.orders
}

const steps: Record<Exclude<StepKind, 'open'>, TakeStep> = {
  ...lineSteps,
  ...discountSteps,
  ...paymentSteps,
}

/** Steps that look at what an order comes to so far. */
const needsPrices: ReadonlySet<StepKind> = new Set(['discount', 'pay', 'payAgain', 'refund'])

function take(life: Life, step: Step): void {
  if (step.kind === 'open') return
  const order = life.orders[step.order]
  if (order === undefined) throw new Error(`a ${step.kind} before its order was opened`)
  if (needsPrices.has(step.kind)) priceOrder(life, order)
  steps[step.kind](life, order, step)
  const touched = step.both ? life.orders : [order]
  for (const each of touched) {
    each.modifiedAt = step.at
    for (const check of each.checks) check.modifiedAt = step.at
  }
}
