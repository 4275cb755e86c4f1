import { menusPayload } from '../wire/menus-payload.ts'
import { toastTime } from '../world/instants.ts'
import { builtMenu, type PublishedMenu, publishedMenu } from '../world/published-menu.ts'
import { ok, Refused } from './answer.ts'
import type { RestaurantEndpoint } from './call.ts'

const menus = { method: 'GET', scope: 'menus:read', api: 'menus', about: 'restaurant' } as const

/** What guests can order: whether it moved, and all of it. */
export const menusEndpoints: readonly RestaurantEndpoint[] = [
  {
    ...menus,
    path: '/menus/v2/metadata',
    answer: (call) => {
      const { lastUpdated } = present(publishedMenu(call.world, call.restaurant, call.now))
      return ok({ restaurantGuid: call.restaurant.guid, lastUpdated: toastTime(lastUpdated) })
    },
  },
  {
    ...menus,
    path: '/menus/v2/menus',
    limit: 'menus',
    answer: ({ world, restaurant, now }) =>
      ok(menusPayload(world, restaurant, present(builtMenu(world, restaurant, now)))),
  },
]

function present(menu: PublishedMenu | null): PublishedMenu {
  if (menu === null) throw new Refused(404, 'No published menu')
  return menu
}
