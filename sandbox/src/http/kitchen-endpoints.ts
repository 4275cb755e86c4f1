import { referencesOf } from '../wire/references.ts'
import { prepStationGuid, prepStations } from '../world/prep-stations.ts'
import { publishAt, publishOf } from '../world/publishes.ts'
import { instantParam, type RestaurantEndpoint } from './call.ts'
import { tokenPage } from './token-pages.ts'

/** Where the kitchen makes what was ordered. */
export const kitchenEndpoints: readonly RestaurantEndpoint[] = [
  {
    method: 'GET',
    path: '/kitchen/v1/published/prepStations',
    scope: 'kitchen:read',
    api: 'kitchen',
    about: 'restaurant',
    answer: (call) => {
      const { world, now } = call
      const { index } = call.restaurant
      const since = instantParam(call, 'lastModified')
      const all = prepStations.map((station, number) => ({ ...station, number }))
      // Stations are as old as the restaurant: they never change.
      const things = since === null || since <= publishAt(world, index, 0) ? all : []
      const to = referencesOf(world, index)
      const guid = (number: number) => prepStationGuid(world, index, number)
      const publish = publishOf(world, index, now)
      return tokenPage(call, { name: 'prepStations', publish, things }, (station) => ({
        guid: guid(station.number),
        entityType: 'PrepStation',
        name: station.name,
        connectedPrepStations: station.connected.map((other) => ({
          guid: guid(other),
          entityType: 'PrepStation',
        })),
        printingMode: station.printer === null ? 'OFFLINE_ONLY' : 'ON',
        includeWithExpediter: station.number === 0,
        expoRouting: station.routing,
        kitchenPrinter: station.printer === null ? null : to.ref('printers', station.printer),
      }))
    },
  },
]
