import { menusPayload } from '../wire/menus-payload.ts'
import { toastTime } from '../world/instants.ts'
import { type PublishedMenu, publishedMenu } from '../world/published-menu.ts'
import { ok, Refused } from './answer.ts'
import type { RestaurantCall, RestaurantEndpoint } from './call.ts'

const menus = { method: 'GET', scope: 'menus:read', api: 'menus', about: 'restaurant' } as const

/** What guests can order: whether it moved, and all of it. */
export const menusEndpoints: readonly RestaurantEndpoint[] = [
  {
    ...menus,
    path: '/menus/v2/metadata',
    answer: (call) => {
      const { lastUpdated } = published(call)
      return ok({ restaurantGuid: call.restaurant.guid, lastUpdated: toastTime(lastUpdated) })
    },
  },
  {
    ...menus,
    path: '/menus/v2/menus',
    limit: 'menus',
    answer: (call) => ok(menusPayload(call.world, call.restaurant, published(call))),
  },
]

function published({ world, restaurant, now }: RestaurantCall): PublishedMenu {
  const menu = publishedMenu(world, restaurant, now)
  if (menu === null) throw new Refused(404, 'No published menu')
  return menu
}
