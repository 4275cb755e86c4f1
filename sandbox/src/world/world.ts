import type { Facts } from './facts.ts'
import { guidsOf } from './guids.ts'
import { dayMs } from './instants.ts'
import { type OrderDays, orderDays } from './order-days.ts'
import { type Restaurant, restaurantsOf } from './restaurants.ts'
import type { WorldOptions } from './world-options.ts'

/**
 * Everything that is so, as a function of the options, the instant and what was archived: nothing
 * else is kept but a bounded cache, so that a world of millions of orders costs no memory.
 */
export type World = Facts & {
  readonly orderDays: OrderDays
  now(): number
  /** The world only moves forward, and not endlessly; throws otherwise. */
  advance(ms: number): void
  /** These restaurants are archived, and no others; throws for a guid of none. */
  archive(guids: readonly string[]): void
  isArchived(restaurant: Restaurant): boolean
}

/** How far a world can be moved from its start: the truth is told day by day. */
export const advancedDaysMax = 3_650

export function worldOf(options: WorldOptions): World {
  let now = options.startAt
  let archived: ReadonlySet<string> = new Set()
  const guids = guidsOf(options.seed)
  const facts = { ...options, guids, restaurants: restaurantsOf(options, guids) }
  const days = orderDays(facts)
  return {
    ...facts,
    orderDays: days,
    now: () => now,
    advance: (ms) => {
      if (!(ms >= 0)) throw new Error(`the world only moves forward, not by ${ms} ms`)
      const latest = options.startAt + advancedDaysMax * dayMs
      if (now + ms > latest) {
        const until = new Date(latest).toISOString()
        throw new Error(
          `the world moves ${advancedDaysMax} days from its start at most, to ${until}`,
        )
      }
      now += Math.floor(ms)
    },
    archive: (guids) => {
      const unknown = guids.find((guid) => !facts.restaurants.some((one) => one.guid === guid))
      if (unknown !== undefined) throw new Error(`there is no restaurant ${unknown}`)
      archived = new Set(guids)
    },
    isArchived: ({ guid }) => archived.has(guid),
  }
}
