import type { Facts } from '../world/facts.ts'
import type { OrderState } from '../world/order-state.ts'
import type { Restaurant } from '../world/restaurants.ts'
import type { References } from './references.ts'

/** What a part of an order needs to know of the order it is in. */
export type Parent = { facts: Facts; restaurant: Restaurant; to: References; order: OrderState }
