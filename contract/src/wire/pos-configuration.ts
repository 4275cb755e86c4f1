import { Type } from 'typebox'
import type { Operation } from './operation.ts'

const oneOrZero = Type.Union([Type.Literal('0'), Type.Literal('1')])

/** Answers `OK` as plain text; needs no key. */
export const ping = {
  name: 'ping',
  method: 'GET',
  path: '/ping',
  surface: 'pos',
  auth: 'none',
  summary: 'See whether the counter is there',
  request: Type.Object({}),
  replies: { 200: Type.Literal('OK') },
  refusals: [],
} as const satisfies Operation

/** What a till reads at start and every `update_interval` minutes. Every flag and number is text. */
export const posConfiguration = {
  name: 'pos-configuration',
  method: 'GET',
  path: '/api/pos/locations/configuration',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Read the settings of this store',
  request: Type.Object({}),
  replies: {
    200: Type.Object({
      location_id: Type.String(),
      location_name: Type.String({ description: "The location's id and name." }),
      business_name: Type.String({ description: "The business's id and name." }),
      header: Type.String(),
      trailer_1: Type.String(),
      trailer_2: Type.String(),
      trailer_3: Type.String(),
      trailer_4: Type.String(),
      trailer_5: Type.String(),
      banked_rewards_mode: Type.Optional(oneOrZero),
      points_unlock_mode: Type.Optional(oneOrZero),
      visits_mode: Type.Optional(oneOrZero),
      log_level: Type.String({ description: '0 none to 6 everything.' }),
      print_barcodes: oneOrZero,
      send_to_datasink: oneOrZero,
      short_key: Type.String({ description: 'The 13 bits of the store in a Punchh key.' }),
      update_interval: Type.String({ description: 'Minutes.' }),
      multiple_redemption_on_location: Type.Boolean({ description: 'A real boolean.' }),
    }),
  },
  refusals: [],
} as const satisfies Operation
