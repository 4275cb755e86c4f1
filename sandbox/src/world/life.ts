import type { Facts } from './facts.ts'
import type { GuidKind } from './guids.ts'
import type { OrderState } from './order-state.ts'
import type { Step } from './order-timeline.ts'
import { priceCheck } from './price-check.ts'
import type { Random } from './random.ts'
import type { Restaurant } from './restaurants.ts'

/** The orders of one slot while its steps are taken one after another. */
export type Life = {
  facts: Facts
  restaurant: Restaurant
  day: number
  slot: number
  random: Random
  orders: OrderState[]
  /** The last part number given to a guid of this slot. */
  part: number
}

/** Changes the order of a step; whatever no longer applies changes nothing but its modified date. */
export type TakeStep = (life: Life, order: OrderState, step: Step) => void

export function nextGuid(life: Life, kind: GuidKind): string {
  life.part += 1
  return life.facts.guids.of(kind, life.restaurant.index, life.day, life.slot, life.part)
}

export function priceOrder({ restaurant }: Pick<Life, 'restaurant'>, order: OrderState): void {
  for (const check of order.checks) priceCheck(check, restaurant.roundsTaxPerLine)
}
