import { type StockLevel, stockOf } from '../world/stock.ts'
import { type Answer, ok, Refused } from './answer.ts'
import { param, type RestaurantCall, type RestaurantEndpoint } from './call.ts'

const stock = { scope: 'stock:read', api: 'stock', about: 'restaurant' } as const

/** What is out, or counted, at this moment. */
export const stockEndpoints: readonly RestaurantEndpoint[] = [
  { ...stock, method: 'GET', path: '/stock/v1/inventory', answer: inventory },
  { ...stock, method: 'POST', path: '/stock/v1/inventory/search', answer: search },
]

const searchedMax = 100

/** Items in stock are left out. */
function inventory(call: RestaurantCall): Answer {
  const status = param(call, 'status')
  if (status !== null && status !== 'OUT_OF_STOCK' && status !== 'QUANTITY') {
    throw new Refused(400, 'status must be OUT_OF_STOCK or QUANTITY')
  }
  const levels = levelsOf(call).filter((level) =>
    status === null ? level.status !== 'IN_STOCK' : level.status === status,
  )
  return ok(levels.map(stockPayload))
}

/** Ids that name nothing come back as invalid and out of stock. */
function search(call: RestaurantCall): Answer {
  const guids = textsIn(call.body, 'guids')
  const ids = textsIn(call.body, 'multiLocationIds')
  if (guids.length + ids.length > searchedMax) {
    throw new Refused(400, `At most ${searchedMax} items can be searched`)
  }
  const levels = levelsOf(call)
  return ok([
    ...guids.map((guid) => found(levels, 'guid', guid)),
    ...ids.map((id) => found(levels, 'multiLocationId', id)),
  ])
}

function levelsOf({ world, restaurant, now }: RestaurantCall): StockLevel[] {
  return stockOf(world, restaurant.index, now)
}

function found(levels: readonly StockLevel[], by: 'guid' | 'multiLocationId', id: string) {
  const level = levels.find((each) => each[by] === id)
  if (level !== undefined) return stockPayload(level)
  return {
    guid: by === 'guid' ? id : 'null',
    multiLocationId: by === 'guid' ? 'null' : id,
    status: 'OUT_OF_STOCK',
    quantity: null,
    itemGuidValidity: 'INVALID',
    versionId: 'null',
  }
}

function stockPayload({ guid, multiLocationId, status, quantity, versionId }: StockLevel) {
  return { guid, multiLocationId, status, quantity, itemGuidValidity: 'VALID', versionId }
}

function textsIn(body: unknown, name: string): string[] {
  if (typeof body !== 'object' || body === null) throw new Refused(400, 'A JSON body is required')
  const list = (body as Record<string, unknown>)[name] ?? []
  if (!Array.isArray(list) || list.some((each) => typeof each !== 'string')) {
    throw new Refused(400, `${name} must be a list of strings`)
  }
  return list
}
