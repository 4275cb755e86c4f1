import { type TSchema, Type } from 'typebox'
import { entries, integer, text } from './fields.ts'
import { lineItemSelector, qualificationCriterion, redeemable } from './offers.ts'
import { nullable, type Operation } from './operation.ts'

/** At most this many entries of one write are read; the rest are ignored, as published. */
export const offersPerWriteMax = 20

/** One entry's outcome. A refused entry still comes back with status 200, as published. */
const writeResult = Type.Object({
  external_id: nullable(Type.String()),
  success: Type.Boolean(),
  errors: Type.Array(Type.String()),
  warnings: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'By member: what was skipped, and why.',
  }),
})

const writeReply = Type.Object({ results: Type.Array(writeResult) })

const listMembers = {
  query: Type.Optional(text({ description: 'Part of a name or description.' })),
  page: Type.Optional(integer({ description: '1 is the first; beyond the end is the last.' })),
  per_page: Type.Optional(integer({ description: '20 when it is not sent.' })),
}

const selectorOperations = offerOperations('lis', lineItemSelector, {
  one: 'a line item selector',
  many: 'line item selectors',
})
const criterionOperations = offerOperations('qc', qualificationCriterion, {
  one: 'a qualification criterion',
  many: 'qualification criteria',
})
const redeemableOperations = offerOperations('redeemable', redeemable, {
  one: 'a redeemable',
  many: 'redeemables',
})

/** The redeemables alone, for programs that only gift them: a bare list, unlike the one above. */
export const adminHeadlessRedeemables = {
  name: 'admin-redeemables',
  method: 'GET',
  path: '/api2/dashboard/redeemables',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'List redeemables to gift',
  request: Type.Object(listMembers),
  replies: {
    200: Type.Array(
      Type.Object({
        redeemable_id: Type.Integer(),
        redeemable_uuid: Type.String(),
        name: Type.String(),
        description: Type.String(),
        redeemable_image_url: nullable(Type.String()),
      }),
    ),
  },
  refusals: [],
} as const satisfies Operation

/** Offers ingestion: list, create and update, for each of the three kinds of entries. */
export const offersOperations: readonly Operation[] = [
  ...Object.values(selectorOperations),
  ...Object.values(criterionOperations),
  ...Object.values(redeemableOperations),
  adminHeadlessRedeemables,
]

export const adminListSelectors = selectorOperations.list
export const adminCreateSelectors = selectorOperations.create
export const adminUpdateSelectors = selectorOperations.update
export const adminListCriteria = criterionOperations.list
export const adminCreateCriteria = criterionOperations.create
export const adminUpdateCriteria = criterionOperations.update
export const adminListRedeemables = redeemableOperations.list
export const adminCreateRedeemables = redeemableOperations.create
export const adminUpdateRedeemables = redeemableOperations.update

function offerOperations<Schema extends TSchema>(
  kind: 'lis' | 'qc' | 'redeemable',
  schema: Schema,
  words: { one: string; many: string },
) {
  const place = {
    path: `/api2/dashboard/offers/${kind}`,
    surface: 'admin',
    auth: 'admin_key',
  } as const
  const write = {
    ...place,
    replies: { 200: writeReply },
    refusals: ['missing_parameter'],
  } as const
  return {
    list: {
      ...place,
      name: `admin-offers-${kind}-list`,
      method: 'GET',
      summary: `List ${words.many}`,
      request: Type.Object(listMembers),
      replies: {
        200: Type.Object({
          data: Type.Array(schema),
          meta: Type.Object({
            page: Type.Integer(),
            per_page: Type.Integer(),
            total_records: Type.Integer(),
          }),
        }),
      },
      refusals: [],
    },
    create: {
      ...write,
      name: `admin-offers-${kind}-create`,
      method: 'POST',
      summary: `Create ${words.one}, or several`,
      request: writeRequest(schema),
    },
    update: {
      ...write,
      name: `admin-offers-${kind}-update`,
      method: 'PATCH',
      summary: `Change members of ${words.one}, or of several`,
      request: writeRequest({ ...schema, required: ['external_id'] }),
    },
  } as const satisfies Record<string, Operation>
}

function writeRequest(entry: object) {
  return Type.Object({
    data: entries(entry, {
      description: `At most ${offersPerWriteMax}; the rest are ignored. Each has its own result.`,
    }),
  })
}
