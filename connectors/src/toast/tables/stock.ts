import { given, number, text } from '../../mapping/columns.ts'
import type { Columns, RecordShape, Shape } from '../../mapping/shape.ts'
import { inRestaurant } from './reference.ts'

const level: Columns = {
  ...text('guid', 'multiLocationId', 'status'),
  ...number('quantity'),
  ...text('itemGuidValidity', 'versionId'),
}

/**
 * What stock_level once said. It stands alone: a row is added whenever an item's level is stored
 * anew, which is when it changed or came back to the list, and nothing takes rows away.
 */
const stockLevelHistory: Shape = {
  table: 'stock_level_history',
  source: 'stock/v1/inventory, each time it changed',
  key: ['restaurant_id', 'id', 'seen_at'],
  identity: 'none',
  standsAlone: true,
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
