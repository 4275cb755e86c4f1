import { configPayload } from '../wire/config-payload.ts'
import { configEntities } from '../world/config-entities.ts'
import { type ConfigResource, resourceNames } from '../world/config-resources.ts'
import { publishOf } from '../world/publishes.ts'
import { ok, Refused } from './answer.ts'
import { instantParam, type RestaurantCall, type RestaurantEndpoint } from './call.ts'
import { tokenPage } from './token-pages.ts'

const config = { method: 'GET', scope: 'config:read', api: 'config', about: 'restaurant' } as const

/** The 24 resources of the configuration. */
export const configEndpoints: readonly RestaurantEndpoint[] = [
  {
    ...config,
    path: '/config/v2/tipWithholding',
    answer: ({ restaurant: { guid, index } }) =>
      ok({ guid, entityType: 'TipWithholding', enabled: index % 2 === 0, percentage: 0.03 }),
  },
  ...resourceNames.flatMap((resource): RestaurantEndpoint[] => [
    {
      ...config,
      path: `/config/v2/${resource}`,
      answer: (call) => {
        const { world, restaurant, now } = call
        const since = instantParam(call, 'lastModified')
        const entities = entitiesOf(call, resource).filter(
          ({ modifiedAt }) => since === null || modifiedAt >= since,
        )
        const publish = publishOf(world, restaurant.index, now)
        return tokenPage(call, { name: resource, publish, things: entities }, (entity) =>
          configPayload(world, restaurant.index, entity),
        )
      },
    },
    {
      ...config,
      path: `/config/v2/${resource}/:guid`,
      answer: (call) => {
        const entity = entitiesOf(call, resource).find(({ guid }) => guid === call.params.guid)
        if (entity === undefined) throw new Refused(404, `${resource} not found`)
        return ok(configPayload(call.world, call.restaurant.index, entity))
      },
    },
  ]),
]

function entitiesOf({ world, restaurant, now }: RestaurantCall, resource: ConfigResource) {
  return configEntities(world, { restaurant: restaurant.index, resource, now })
}
