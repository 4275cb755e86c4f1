import { dishCount } from './catalogue.ts'
import { configGuid, multiLocationId } from './config-entities.ts'
import type { Facts } from './facts.ts'
import { hourMs } from './instants.ts'
import { hashOf } from './random.ts'

export type StockLevel = {
  /** Index in the catalogue. */
  item: number
  guid: string
  multiLocationId: string
  status: 'IN_STOCK' | 'QUANTITY' | 'OUT_OF_STOCK'
  quantity: number | null
  versionId: string
}

/** Levels hold for so long, then are drawn anew. */
const stretchMs = 6 * hourMs

/** The level of every dish, those in stock among them. */
export function stockOf(facts: Facts, restaurant: number, now: number): StockLevel[] {
  const stretch = Math.floor(now / stretchMs)
  return Array.from({ length: dishCount }, (_, item) => {
    const key = hashOf(facts.seed, restaurant, item, stretch, 91)
    const share = key % 100
    const status = share < 6 ? 'OUT_OF_STOCK' : share < 20 ? 'QUANTITY' : 'IN_STOCK'
    return {
      item,
      guid: configGuid(facts, restaurant, 'menuItems', item),
      multiLocationId: multiLocationId('menuItems', item),
      status,
      quantity: status === 'QUANTITY' ? 1 + ((key >>> 8) % 40) / 2 : null,
      versionId: `${stretch}-${item}`,
    }
  })
}
