import { Type } from 'typebox'
import { identifier } from './fields.ts'
import { nullable, type Operation } from './operation.ts'

/** One step of why, as the engine traced it. */
const step = Type.Object({
  step: Type.String(),
  text: Type.String({ description: 'One plain sentence.' }),
  facts: Type.Record(Type.String(), Type.Unknown()),
})

/** What changed between the last query and this commit. `line` is the line's zero-based place. */
const change = Type.Object({
  line: nullable(Type.Integer()),
  attribute: Type.String(),
  at_query: nullable(Type.String()),
  at_commit: nullable(Type.String()),
})

/** Why each item was granted or refused. Ours; sent when the call says `Prefer: explain`. */
export const explanation = Type.Object({
  items: Type.Array(
    Type.Object({
      discount_basket_item_id: nullable(Type.Integer()),
      discount_type: Type.String(),
      discount_id: nullable(Type.String()),
      outcome: Type.Union([Type.Literal('granted'), Type.Literal('refused')]),
      code: Type.Optional(Type.String()),
      nearest_miss: nullable(Type.String()),
      steps: Type.Array(step),
    }),
  ),
  changed_since_query: Type.Optional(Type.Array(change)),
})

/** Reads why the last query and the commit of a basket came out as they did. */
export const adminExplanations = {
  name: 'admin-explanations',
  method: 'GET',
  path: '/regulars/explanations/{redemption_ref}',
  surface: 'ours',
  auth: 'admin_key',
  summary: 'Read why a basket was granted or refused',
  params: Type.Object({ redemption_ref: identifier() }),
  request: Type.Object({}),
  replies: {
    200: Type.Object({
      redemption_ref: Type.String(),
      query: nullable(explanation),
      commit: nullable(explanation),
    }),
  },
  refusals: ['missing_parameter', 'explanation_not_found'],
} as const satisfies Operation
