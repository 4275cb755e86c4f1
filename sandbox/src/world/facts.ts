import type { Guids } from './guids.ts'
import type { Restaurant } from './restaurants.ts'
import type { WorldOptions } from './world-options.ts'

/** The part of the world that never moves: everything else follows from it and an instant. */
export type Facts = WorldOptions & {
  readonly guids: Guids
  readonly restaurants: readonly Restaurant[]
}
