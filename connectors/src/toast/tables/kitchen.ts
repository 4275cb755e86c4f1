import { boolean, json, text } from '../../mapping/columns.ts'
import type { RecordShape } from '../../mapping/shape.ts'
import { entity, inReferences, inRestaurant, reference } from './reference.ts'

/** A kitchen printer or display that orders are sent to. */
export const prepStation: RecordShape = {
  table: 'prep_station',
  source: 'kitchen/v1/published/prepStations',
  key: ['restaurant_id', 'id'],
  identity: 'required',
  columns: {
    ...inRestaurant,
    ...entity,
    ...text('name', 'printingMode'),
    ...boolean('includeWithExpediter'),
    ...text('expoRouting'),
    ...reference('kitchenPrinter'),
    ...json('connectedPrepStations'),
  },
  ...inReferences,
}
