import { hourMs, minuteMs } from './instants.ts'

export type WorldOptions = {
  /** Connected at the start; at most 1000. */
  restaurantCount: number
  /** Per restaurant and business day, at most 4000; merged and moved ones come on top. */
  ordersPerDay: number
  /** Business days of history before the start. */
  days: number
  seed: number
  /** Milliseconds since 1970 at which the world stands until it is advanced. */
  startAt: number
  /** Whether restaurants come and go as time passes. */
  membershipMoves: boolean
  /** From a publish, which is announced at once, to the menus document that shows it. */
  menusBuiltAfterMs: number
}

/** How the world moves by itself when `membershipMoves` is on, counted from its start. */
export const membership = {
  restaurantsMin: 3,
  removedAfterDays: 20,
  connectedAfterDays: 20,
  /** Other APIs than the partners' refuse a new restaurant for so long. */
  refusedMs: 20 * minuteMs,
  /** From connection to the first published menu. */
  unpublishedMs: 24 * hourMs,
} as const
