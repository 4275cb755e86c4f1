import type { Facts } from './facts.ts'
import { guidsOf } from './guids.ts'
import { type OrderDays, orderDays } from './order-days.ts'
import { restaurantsOf } from './restaurants.ts'
import type { WorldOptions } from './world-options.ts'

/**
 * Everything that is so, as a function of the options and the instant: nothing is kept but the
 * instant and a bounded cache, so that a world of millions of orders costs no memory.
 */
export type World = Facts & {
  readonly orderDays: OrderDays
  now(): number
  /** The world only moves forward; throws for a negative time. */
  advance(ms: number): void
}

export function worldOf(options: WorldOptions): World {
  let now = options.startAt
  const guids = guidsOf(options.seed)
  const facts = { ...options, guids, restaurants: restaurantsOf(options, guids) }
  const days = orderDays(facts)
  return {
    ...facts,
    orderDays: days,
    now: () => now,
    advance: (ms) => {
      if (!(ms >= 0)) throw new Error(`the world only moves forward, not by ${ms} ms`)
      now += Math.floor(ms)
    },
  }
}
