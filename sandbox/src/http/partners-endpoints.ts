import { hourMs } from '../world/instants.ts'
import { connectedAt, type Restaurant } from '../world/restaurants.ts'
import { type Answer, ok, Refused } from './answer.ts'
import { type AccountEndpoint, type Call, countParam, instantParam, param } from './call.ts'

const account = { method: 'GET', about: 'account', api: 'partners' } as const
const pageSizeMax = 200

/** Which restaurants an account reads. */
export const partnersEndpoints: readonly AccountEndpoint[] = [
  {
    ...account,
    path: '/partners/v1/restaurants',
    scope: null,
    answer: (call) => ok(connections(call).map(connectionPayload)),
  },
  {
    ...account,
    path: '/partners/v1/connectedRestaurants',
    scope: null,
    answer: connectedRestaurants,
  },
]

/** Group accounts are refused; so is nothing else, whatever the scopes. */
function connections(call: Call): Restaurant[] {
  if (call.account !== 'partner') throw new Refused(403, 'Forbidden')
  const since = instantParam(call, 'lastModified')
  const connected = connectedAt(call.world.restaurants, call.now)
  return since === null ? connected : connected.filter((each) => modifiedAt(each) >= since)
}

function modifiedAt({ connectedAt }: Restaurant): number {
  return connectedAt + hourMs
}

function connectionPayload(restaurant: Restaurant): Record<string, unknown> {
  const { connectedAt: created, index } = restaurant
  return {
    restaurantGuid: restaurant.guid,
    managementGroupGuid: restaurant.managementGroupGuid,
    restaurantName: restaurant.name,
    locationName: index % 4 === 3 ? null : restaurant.locationName,
    createdByEmailAddress: `owner${index}@example.com`,
    externalGroupRef: null,
    externalRestaurantRef: index % 2 === 0 ? restaurant.locationCode : null,
    createdDate: created,
    modifiedDate: modifiedAt(restaurant),
    isoCreatedDate: new Date(created).toISOString(),
    isoModifiedDate: new Date(modifiedAt(restaurant)).toISOString(),
  }
}

/** Pages whose token and number come in the body. */
function connectedRestaurants(call: Call): Answer {
  const all = connections(call)
  const size = countParam(call, { name: 'pageSize', least: 1, most: pageSizeMax, otherwise: 100 })
  const page = pageOf(param(call, 'pageToken'))
  const last = Math.max(1, Math.ceil(all.length / size))
  const results = all.slice((page - 1) * size, page * size).map(connectionPayload)
  const more = page < last
  const body = {
    results,
    currentPageNum: page,
    pageSize: size,
    currentPageToken: tokenOf(page),
    nextPageToken: more ? tokenOf(page + 1) : null,
    nextPageNum: more ? page + 1 : null,
    previousPageNum: page > 1 ? page - 1 : null,
    lastPageNum: last,
    totalCount: all.length,
    totalResultCount: all.length,
  }
  if (!more) return ok(body)
  const next = `/partners/v1/connectedRestaurants?pageSize=${size}&pageToken=${tokenOf(page + 1)}`
  return ok(body, { Link: `<${call.origin}${next}>; rel="next"` })
}

function tokenOf(page: number): string {
  return Buffer.from(`connected:${page}`).toString('base64url')
}

function pageOf(token: string | null): number {
  if (token === null) return 1
  const page = /^connected:([1-9]\d{0,6})$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (page === undefined) throw new Refused(400, 'Invalid page token')
  return Number(page)
}
