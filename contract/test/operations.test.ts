import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { type RefusalCode, refusals } from '../src/refusals.ts'
import type { Micros } from '../src/values/exact.ts'
import type { LocalInstant } from '../src/values/instants.ts'
import type { Cents } from '../src/values/money.ts'
import { numberWhenNumeric } from '../src/wire/baskets.ts'
import type { posBatchRedemptions } from '../src/wire/batch-redemptions.ts'
import type { onlineSelect, posUnlock } from '../src/wire/discounts.ts'
import { type Reading, readingKey } from '../src/wire/fields.ts'
import type { Line, LineType } from '../src/wire/line-items.ts'
import type { ReplyOf, RequestOf } from '../src/wire/operation.ts'
import { operations, sandboxOperations } from '../src/wire/operations.ts'
import type { posConfiguration } from '../src/wire/pos-configuration.ts'
import { publishedSchema } from '../src/wire/published-schema.ts'
import { refusalsOf } from '../src/wire/refusal-replies.ts'
import { unspokenTexts } from '../src/wire/unspoken-texts.ts'

describe('as a document shows them', () => {
  const ajv = new Ajv2020({ strict: true, validateFormats: false, strictTypes: false })
  for (const { name, request, replies, params } of [...operations, ...sandboxOperations]) {
    test(`the schemas of ${name} are plain JSON Schema`, () => {
      const schemas = [
        request,
        ...Object.values(replies),
        ...(params === undefined ? [] : [params]),
      ]
      for (const schema of schemas.map((each) => publishedSchema(each))) {
        expect(JSON.stringify(schema)).not.toContain(readingKey)
        expect(() => ajv.compile(schema)).not.toThrow()
      }
    })
  }
})

describe('what reading a request can say no with', () => {
  for (const operation of [...operations, ...sandboxOperations]) {
    test(`stands among the refusals of ${operation.name}`, () => {
      const { params, request } = operation
      const codes = [params, request].flatMap((schema) => memberRefusals(schema as Member))
      expect(refusalsOf(operation)).toEqual(expect.arrayContaining(codes))
    })
  }
})

type Member = {
  properties?: Record<string, Member>
  required?: string[]
  items?: Member
  [readingKey]?: Reading
}

function memberRefusals(schema: Member | undefined): RefusalCode[] {
  if (schema === undefined) return []
  const { properties = {}, required = [], items, [readingKey]: reading } = schema
  const missing = required.map(
    (name) => properties[name]?.[readingKey]?.missing ?? 'missing_parameter',
  )
  const members = [items, ...Object.values(properties)].flatMap(memberRefusals)
  return [
    ...missing,
    ...members,
    ...(reading?.unreadable === undefined ? [] : [reading.unreadable]),
  ]
}

test('types come from the schemas, decoded', () => {
  expectTypeOf<RequestOf<typeof posBatchRedemptions>>().toEqualTypeOf<{
    query?: boolean
    user_id: number
    line_items: Line[]
    receipt_amount: Cents
    subtotal_amount?: Cents
    receipt_datetime: LocalInstant
    transaction_no?: string
    channel?: string
    payable?: Cents
    revenue_id?: string
    revenue_code?: string
    employee_id?: string
    employee_name?: string
    external_uid?: string
    punchh_key?: string
  }>()
  expectTypeOf<
    RequestOf<typeof onlineSelect>['discount_basket_items_attributes'][number]
  >().toEqualTypeOf<{
    discount_type:
      | 'card_completion'
      | 'discount_amount'
      | 'redemption_code'
      | 'reward'
      | 'fuel_reward'
      | 'redeemable'
      | 'subscription'
    discount_id?: string
    discount_value?: Cents
  }>()
  expectTypeOf<Line['quantity']>().toEqualTypeOf<Micros>()
  expectTypeOf<Line['type']>().toEqualTypeOf<LineType>()
  expectTypeOf<ReplyOf<typeof posUnlock>>().toEqualTypeOf<null>()
  expectTypeOf<ReplyOf<typeof posConfiguration>['print_barcodes']>().toEqualTypeOf<'0' | '1'>()
  expectTypeOf<ReplyOf<typeof posBatchRedemptions>['failures'][number]['message']>().toEqualTypeOf<
    string[]
  >()
})

describe('an identifier in a result', () => {
  for (const [id, sent] of [
    ['5120', 5120],
    ['880042197301', 880042197301],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['0604', '0604'],
    ['0', '0'],
    ['HC10', 'HC10'],
    ['1e3', '1e3'],
    ['', ''],
  ] as const) {
    test(`${JSON.stringify(id)} is sent as ${JSON.stringify(sent)}`, () => {
      expect(numberWhenNumeric(id)).toBe(sent)
    })
  }
})

test('a published sentence we never say belongs to an operation of ours and is no refusal', () => {
  const names = operations.map(({ name }) => name)
  const said = Object.values(refusals).map(({ text }) => text as string)
  for (const { operation, text } of unspokenTexts) {
    expect(names).toContain(operation)
    expect(said).not.toContain(text)
  }
})
