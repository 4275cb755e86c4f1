import { Type } from 'typebox'
import { identifier, integer } from './fields.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

const location = Type.Object({
  location_id: Type.Integer(),
  name: Type.String(),
  store_number: Type.String(),
  alternate_store_number: nullable(Type.String()),
  external_store_id: nullable(Type.String()),
  address: nullable(Type.String()),
  city: nullable(Type.String()),
  state: nullable(Type.String()),
  post_code: nullable(Type.String()),
  country: nullable(Type.String()),
  latitude: nullable(Type.String()),
  longitude: nullable(Type.String()),
  phone_number: nullable(Type.String()),
  time_zone: Type.String({ description: 'An IANA name.' }),
  store_tags: nullable(Type.String()),
  status: Type.Union([Type.Literal('approved'), Type.Literal('disapproved')]),
  location_groups: Type.Array(
    Type.Object({ location_group_id: Type.Integer(), name: Type.String() }),
  ),
  multiple_redemption_on_location: Type.Boolean(),
  updated_at: wireMoment,
})

/** Lists the stores; `location_id` wins over `store_number`, without `page` everything comes. */
export const adminLocations = {
  name: 'admin-locations',
  method: 'GET',
  path: '/api2/dashboard/locations',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'List the stores of the business',
  request: Type.Object({
    location_id: Type.Optional(integer()),
    store_number: Type.Optional(identifier()),
    page: Type.Optional(integer({ description: '1 is the first.' })),
    per: Type.Optional(integer({ description: '25 when it is not sent.' })),
  }),
  replies: { 200: Type.Array(location) },
  refusals: [],
} as const satisfies Operation
