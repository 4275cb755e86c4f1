import { batchRoutes } from './batch-redemptions.ts'
import type { Route } from './call.ts'
import { checkinRoutes } from './checkins.ts'
import { discountRoutes } from './discounts.ts'

/** Every operation of the wire that is answered here. */
export const routes: readonly Route[] = [...discountRoutes, ...batchRoutes, ...checkinRoutes]
