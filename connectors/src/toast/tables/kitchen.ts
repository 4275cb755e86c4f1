import { boolean, json, text } from '../../mapping/columns.ts'
import type { RecordShape } from '../../mapping/shape.ts'
import { entity, inReferences, inRestaurant, links, reference } from './reference.ts'

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
  parts: [
    links('prep_station', {
      table: 'prep_station_connected_prep_station',
      from: 'connectedPrepStations',
      other: 'connected_prep_station_id',
    }),
  ],
  ...inReferences,
}
