import type { Facts } from './facts.ts'
import { dayMs, hourMs } from './instants.ts'
import { hashOf } from './random.ts'

/** Edits become visible when a restaurant publishes, which it does every second day. */
const publishEveryMs = 2 * dayMs
/** Publish 0 of every world: 1 January 2020. What was never edited since was made about then. */
const firstPublishAt = Date.UTC(2020, 0, 1)

/** The instant of the nth publish of a restaurant. */
export function publishAt({ seed }: Facts, restaurant: number, publish: number): number {
  const jitterMs = hashOf(seed, restaurant, publish, 5) % (20 * hourMs)
  return firstPublishAt + publish * publishEveryMs + jitterMs
}

/** The number of the last publish at or before an instant. */
export function publishOf(facts: Facts, restaurant: number, instant: number): number {
  const guess = Math.floor((instant - firstPublishAt) / publishEveryMs)
  return publishAt(facts, restaurant, guess) <= instant ? guess : guess - 1
}
