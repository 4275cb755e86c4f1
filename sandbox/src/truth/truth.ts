import { laborBounds } from '../world/labor.ts'
import { stepBounds } from '../world/order-timeline.ts'
import { businessDay, connectedAt, readableAt } from '../world/restaurants.ts'
import type { World } from '../world/world.ts'
import { configTruth } from './config-truth.ts'
import { dayTruth, staffTruth } from './labor-truth.ts'
import { kitchenTruth, menusTruth } from './menus-truth.ts'
import { orderTruth } from './order-truth.ts'
import { connectionTruth, detailsTruth } from './restaurant-truth.ts'
import type { TruthRow } from './truth-row.ts'
import { whereOf } from './where.ts'

export type { TruthRow } from './truth-row.ts'

/** Everything that is so at this moment. */
export async function* truthOf(world: World, scopes: ReadonlySet<string>): AsyncIterable<TruthRow> {
  const now = world.now()
  for (const restaurant of connectedAt(world.restaurants, now)) yield connectionTruth(restaurant)
  for (const restaurant of readableAt(world.restaurants, now)) {
    const where = whereOf(world, restaurant, scopes)
    yield* detailsTruth(restaurant)
    yield* staffTruth(where, now)
    yield* configTruth(where, now)
    yield* menusTruth(where, now)
    yield* kitchenTruth(where, now)
    const last =
      businessDay(restaurant, now) + Math.max(laborBounds.daysAhead, stepBounds.daysBefore) + 1
    for (let day = restaurant.firstDay; day <= last; day++) {
      yield* dayTruth(where, day, now)
      for (const place of world.orderDays.ofDay(restaurant, day, now)) {
        const order = world.orderDays.orderAt(restaurant, place, now)
        if (order !== null) yield* orderTruth(where, order)
      }
    }
  }
}
