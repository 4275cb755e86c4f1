import type { Facts } from './facts.ts'
import { ordersAt } from './order-life.ts'
import type { OrderState } from './order-state.ts'
import { slotCount, stepBounds, timelineOf } from './order-timeline.ts'
import { businessDay, type Restaurant } from './restaurants.ts'

/** Where an order is found: its slot of a business day, and which of the slot's orders it is. */
export type OrderPlace = { day: number; slot: number; order: 0 | 1 }

export type OrderDays = {
  /** Those of a business day that exist by `now`, in the order of their slots. */
  ofDay(restaurant: Restaurant, day: number, now: number): Iterable<OrderPlace>
  /**
   * Those whose modified date, as it is at `now`, lies from `from` until before `until`, in the
   * order of their days and slots: where an order stands in the list never changes, only whether.
   */
  modified(
    restaurant: Restaurant,
    window: { from: number; until: number; now: number },
  ): Iterable<OrderPlace>
  /** Those to which anything happened by `now` from `from` until before `until`. */
  touched(
    restaurant: Restaurant,
    window: { from: number; until: number; now: number },
  ): Iterable<OrderPlace>
  /** Null when the order does not exist by `now`. */
  orderAt(restaurant: Restaurant, place: OrderPlace, now: number): OrderState | null
}

/** Orders of a day with the instants of their steps. */
type Day = {
  /** Slot times two, plus which order of the slot. */
  places: Uint16Array
  /** Where the instants of each begin, and where the last ones end. */
  begins: Uint32Array
  instants: Float64Array
  lastAt: number
}

/** Instants of steps kept: eight bytes each, of the days asked for last. */
const keptInstantsMax = 6_000_000

export function orderDays(facts: Facts): OrderDays {
  const dayOf = keepDays(facts)
  return {
    *ofDay(restaurant, day, now) {
      if (day < restaurant.firstDay) return
      yield* placesOf(dayOf(restaurant, day), day, (stretch) => lastBy(stretch, now) > 0)
    },
    *modified(restaurant, window) {
      for (const day of daysAround(restaurant, window)) {
        const known = dayOf(restaurant, day)
        if (known.lastAt < window.from) continue
        yield* placesOf(known, day, (stretch) => {
          const instant = lastBy(stretch, window.now)
          return window.from <= instant && instant < window.until
        })
      }
    },
    *touched(restaurant, window) {
      for (const day of daysAround(restaurant, window)) {
        yield* placesOf(dayOf(restaurant, day), day, (stretch) => anyWithin(stretch, window))
      }
    },
    orderAt(restaurant, { day, slot, order }, now) {
      if (day < restaurant.firstDay || slot >= slotCount(facts)) return null
      return ordersAt(facts, restaurant, { day, slot, now })[order] ?? null
    },
  }
}

type Window = { from: number; until: number; now: number }

/** The business days whose orders can have a step in a window. */
function daysAround(restaurant: Restaurant, { from, until, now }: Window): number[] {
  const first = businessDay(restaurant, from) - stepBounds.daysAfter
  const last = businessDay(restaurant, Math.min(until, now)) + stepBounds.daysBefore
  const begin = Math.max(first, restaurant.firstDay)
  return Array.from({ length: Math.max(0, last - begin + 1) }, (_, index) => begin + index)
}

/** The instants of one order's steps. */
type Stretch = { instants: Float64Array; begin: number; end: number }

function* placesOf(
  { places, begins, instants }: Day,
  day: number,
  wanted: (stretch: Stretch) => boolean,
): Iterable<OrderPlace> {
  const stretch: Stretch = { instants, begin: 0, end: 0 }
  for (let index = 0; index < places.length; index++) {
    const place = places[index] ?? 0
    stretch.begin = begins[index] ?? 0
    stretch.end = begins[index + 1] ?? 0
    if (wanted(stretch)) yield { day, slot: place >> 1, order: (place & 1) as 0 | 1 }
  }
}

/** The last instant of a stretch that is not after `now`; 0 when all are. */
function lastBy({ instants, begin, end }: Stretch, now: number): number {
  for (let index = end - 1; index >= begin; index--) {
    const instant = instants[index] ?? 0
    if (instant <= now) return instant
  }
  return 0
}

function anyWithin({ instants, begin, end }: Stretch, { from, until, now }: Window): boolean {
  for (let index = begin; index < end; index++) {
    const instant = instants[index] ?? 0
    if (from <= instant && instant < until && instant <= now) return true
  }
  return false
}

/** The days asked for last, the longest unused forgotten first. */
function keepDays(facts: Facts): (restaurant: Restaurant, day: number) => Day {
  const kept = new Map<number, Day>()
  let instants = 0
  return (restaurant, day) => {
    const key = restaurant.index * 65_536 + day
    const found = kept.get(key)
    if (found !== undefined) {
      // A map keeps the order of insertion: what is used moves to its end.
      kept.delete(key)
      kept.set(key, found)
      return found
    }
    const made = dayFrom(facts, restaurant, day)
    kept.set(key, made)
    instants += made.instants.length
    for (const [oldest, { instants: theirs }] of kept) {
      if (instants <= keptInstantsMax || kept.size === 1) break
      kept.delete(oldest)
      instants -= theirs.length
    }
    return made
  }
}

function dayFrom(facts: Facts, restaurant: Restaurant, day: number): Day {
  const places: number[] = []
  const begins: number[] = []
  const instants: number[] = []
  for (let slot = 0; slot < slotCount(facts); slot++) {
    const { steps, orders } = timelineOf(facts, restaurant, { day, slot })
    for (let order = 0; order < orders; order++) {
      places.push(slot * 2 + order)
      begins.push(instants.length)
      const opened = steps.find((step) => step.kind === 'open' && step.order === order)?.at ?? 0
      for (const step of steps) {
        if (step.at >= opened && (step.both || step.order === order)) instants.push(step.at)
      }
    }
  }
  begins.push(instants.length)
  return {
    places: Uint16Array.from(places),
    begins: Uint32Array.from(begins),
    instants: Float64Array.from(instants),
    lastAt: instants.reduce((last, instant) => Math.max(last, instant), 0),
  }
}
