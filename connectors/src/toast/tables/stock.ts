import { given, number, text } from '../../mapping/columns.ts'
import type { Columns, RecordShape, Shape } from '../../mapping/shape.ts'
import { inRestaurant } from './reference.ts'

const level: Columns = {
  ...text('guid', 'multiLocationId', 'status'),
  ...number('quantity'),
  ...text('itemGuidValidity', 'versionId'),
}

/**
 * What stock_level said, and from when until when. It is a part of stock_level whose key has the
 * instant it was read: a level that is stored anew adds a row, and the row before it, which the new
 * content does not hold, is marked deleted at that moment; so is the last one when the item leaves
 * the list. A level that stays as it is adds none.
 */
const stockLevelHistory: Shape = {
  table: 'stock_level_history',
  source: 'stock/v1/inventory, each time it changed; a row stood until its _deleted_at',
  key: ['restaurant_id', 'id', 'seen_at'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('seen_at', 'timestamp', { given: 'fetchedAt' }),
    ...level,
  },
}

/** An item that is out of stock or counted; one that is not in the list is in stock. */
export const stockLevel: RecordShape = {
  table: 'stock_level',
  source: 'stock/v1/inventory',
  key: ['restaurant_id', 'id'],
  identity: 'required',
  columns: { ...inRestaurant, ...level },
  parts: [{ as: 'self', shape: () => stockLevelHistory }],
}
