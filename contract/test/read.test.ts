import fc from 'fast-check'
import { type TSchema, Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { posBatchRedemptions } from '../src/wire/batch-redemptions.ts'
import { posSelect } from '../src/wire/discounts.ts'
import {
  amount,
  choice,
  date,
  flag,
  identifier,
  instantWithOffset,
  integer,
  quantity,
  receiptAmount,
  text,
} from '../src/wire/fields.ts'
import { linesMax, menuItems } from '../src/wire/line-items.ts'
import { operations } from '../src/wire/operations.ts'
import { read } from '../src/wire/read.ts'

const tolerated: { kind: string; schema: TSchema; sent: unknown; decoded: unknown }[] = [
  { kind: 'an amount', schema: amount(), sent: 10.72, decoded: 1072 },
  { kind: 'an amount as text', schema: amount(), sent: ' 10.72 ', decoded: 1072 },
  { kind: 'an amount below zero', schema: amount(), sent: '-3', decoded: -300 },
  { kind: 'an amount of three decimals', schema: amount(), sent: 1.005, decoded: 101 },
  { kind: 'the largest amount', schema: amount(), sent: 100_000_000, decoded: 10_000_000_000 },
  { kind: 'a total of zero', schema: receiptAmount(), sent: '0', decoded: 0 },
  { kind: 'a quantity', schema: quantity(), sent: 2, decoded: 2_000_000 },
  { kind: 'gallons as text', schema: quantity(), sent: '12.345', decoded: 12_345_000 },
  { kind: 'an id', schema: integer(), sent: 41049646877, decoded: 41049646877 },
  { kind: 'an id as text', schema: integer(), sent: '0042', decoded: 42 },
  { kind: 'an id written as a decimal', schema: integer(), sent: '42.0', decoded: 42 },
  { kind: 'the largest id', schema: integer(), sent: '9007199254740991', decoded: 2 ** 53 - 1 },
  { kind: 'an identifier', schema: identifier(), sent: 330, decoded: '330' },
  { kind: 'leading zeros', schema: identifier(), sent: ' 0604 ', decoded: '0604' },
  { kind: 'text', schema: text(), sent: ' Flat White ', decoded: 'Flat White' },
  { kind: 'a number for text', schema: text(), sent: 7, decoded: '7' },
  { kind: 'a date', schema: date(), sent: '2024-02-29', decoded: '2024-02-29' },
  { kind: 'a word in another case', schema: choice(['void']), sent: ' Void ', decoded: 'void' },
  {
    kind: 'a moment',
    schema: instantWithOffset(),
    sent: '2026-11-20T09:00:00-05:00',
    decoded: { at: Date.UTC(2026, 10, 20, 14), offsetMinutes: -300 },
  },
  ...[true, 'true', 'True', 'TRUE', 1, '1', 'Y', 'YES', 'on'].map((sent) => ({
    kind: `yes as ${JSON.stringify(sent)}`,
    schema: flag(),
    sent,
    decoded: true,
  })),
  ...[false, 'false', 'False', 0, '0', 'N', 'no', 'OFF'].map((sent) => ({
    kind: `no as ${JSON.stringify(sent)}`,
    schema: flag(),
    sent,
    decoded: false,
  })),
]

describe('what is tolerated', () => {
  for (const { kind, schema, sent, decoded } of tolerated) {
    test(`${kind} is read`, () => {
      const message = Type.Object({ member: schema })
      expect(read(message, { member: sent })).toEqual({ kind: 'read', value: { member: decoded } })
    })
  }
})

const unreadable: { kind: string; schema: TSchema; sent: unknown; code?: string }[] = [
  { kind: 'an amount of words', schema: amount(), sent: 'ten' },
  { kind: 'an amount with an exponent', schema: amount(), sent: '1e3' },
  { kind: 'an amount with a separator', schema: amount(), sent: '1,000.00' },
  { kind: 'an amount beyond the bound', schema: amount(), sent: 100_000_000.01 },
  { kind: 'an infinite amount', schema: amount(), sent: Number.POSITIVE_INFINITY },
  { kind: 'a list for an amount', schema: amount(), sent: [1] },
  {
    kind: 'a total below zero',
    schema: receiptAmount(),
    sent: -0.01,
    code: 'invalid_receipt_amount',
  },
  { kind: 'a total of words', schema: receiptAmount(), sent: 'x', code: 'invalid_receipt_amount' },
  { kind: 'a quantity beyond the bound', schema: quantity(), sent: 1_000_001 },
  { kind: 'a fractional id', schema: integer(), sent: 1.5 },
  { kind: 'an id below zero', schema: integer(), sent: -1 },
  { kind: 'an id beyond a double', schema: integer(), sent: '9007199254740992' },
  { kind: 'an id of words', schema: integer(), sent: 'abc' },
  { kind: 'a flag for an id', schema: integer(), sent: true },
  { kind: 'an object for an identifier', schema: identifier(), sent: {} },
  { kind: 'an endless identifier', schema: identifier(), sent: 'x'.repeat(256) },
  { kind: 'a key too long for a number', schema: identifier(), sent: 2 ** 60 },
  { kind: 'NUL in text', schema: text(), sent: 'a\0b' },
  { kind: 'half a surrogate pair', schema: text(), sent: '\ud800' },
  { kind: 'maybe', schema: flag(), sent: 'maybe' },
  { kind: 'a flag of two', schema: flag(), sent: 2 },
  { kind: 'a moment without an offset', schema: instantWithOffset(), sent: '2026-11-20T09:00:00' },
  { kind: 'a moment that never was', schema: instantWithOffset(), sent: '2026-02-30T09:00:00Z' },
  { kind: 'a moment of a dead clock', schema: instantWithOffset(), sent: '1970-01-01T00:00:00Z' },
  { kind: 'a day that never was', schema: date(), sent: '2026-02-29' },
  { kind: 'a word nobody listed', schema: choice(['void']), sent: 'voided' },
]

describe('what cannot be read', () => {
  for (const { kind, schema, sent, code = 'invalid_parameter' } of unreadable) {
    test(`${kind} is refused by name`, () => {
      const result = read(Type.Object({ member: schema }), { member: sent })
      expect(result).toMatchObject({ kind: 'refused', code, facts: { name: 'member' } })
    })
  }
})

describe('what is not there', () => {
  for (const sent of [undefined, null, '', '   ']) {
    test(`a required member that is ${JSON.stringify(sent)} is missing`, () => {
      expect(read(Type.Object({ user_id: integer() }), { user_id: sent })).toEqual({
        kind: 'refused',
        code: 'missing_parameter',
        facts: { name: 'user_id' },
      })
    })
    test(`an optional member that is ${JSON.stringify(sent)} is left out`, () => {
      const schema = Type.Object({ external_uid: Type.Optional(identifier()) })
      expect(read(schema, { external_uid: sent })).toEqual({ kind: 'read', value: {} })
    })
  }
  test('no body at all is an empty one', () => {
    expect(read(Type.Object({ a: Type.Optional(text()) }), undefined)).toEqual({
      kind: 'read',
      value: {},
    })
  })
  test('a body that is a list is malformed', () => {
    expect(read(Type.Object({}), [])).toMatchObject({ code: 'malformed_request' })
  })
  test('members nobody described are dropped', () => {
    const sent = JSON.parse('{"a":"x","b":1,"__proto__":{"c":1},"constructor":2}')
    expect(read(Type.Object({ a: text() }), sent)).toEqual({ kind: 'read', value: { a: 'x' } })
  })
  test('an alias stands in for a member that is not sent, and never for one that is', () => {
    const schema = Type.Object({ token: identifier({ aliases: ['otp', 'code'] }) })
    expect(read(schema, { code: 1, otp: '' })).toEqual({ kind: 'read', value: { token: '1' } })
    expect(read(schema, { token: 'a', otp: 'b' })).toEqual({ kind: 'read', value: { token: 'a' } })
  })
  test("a store's zone reads a moment sent without an offset", () => {
    const sent = { receipt_datetime: '2026-11-20T09:00:00' }
    const schema = Type.Object({ receipt_datetime: instantWithOffset() })
    expect(read(schema, sent, { zone: 'America/New_York' })).toEqual({
      kind: 'read',
      value: { receipt_datetime: { at: Date.UTC(2026, 10, 20, 14), offsetMinutes: -300 } },
    })
  })
})

describe('lists', () => {
  const ids = Type.Object({ ids: Type.Array(integer(), { minItems: 1 }) })
  const cases = [
    { name: 'a list', sent: [1, '2'], expected: [1, 2] },
    { name: 'one number alone', sent: 1, expected: [1] },
    { name: 'commas in a query string', sent: '1,2', expected: [1, 2] },
  ]
  for (const { name, sent, expected } of cases) {
    test(`${name} is a list`, () => {
      expect(read(ids, { ids: sent })).toEqual({ kind: 'read', value: { ids: expected } })
    })
  }
  test('an empty list that must not be empty is missing', () => {
    expect(read(ids, { ids: [] })).toMatchObject({ code: 'missing_parameter' })
  })
  test('a list beyond its bound is refused', () => {
    expect(read(ids, { ids: Array(101).fill(1) })).toMatchObject({ code: 'invalid_parameter' })
  })
})

const line = {
  item_name: 'Flat White',
  item_qty: 2,
  amount: 9.5,
  item_type: 'M',
  item_id: 331,
  item_family: 'espresso',
  item_group: 'drinks',
  serial_number: 1,
}
const check = {
  user_id: 90210017,
  line_items: [line],
  receipt_amount: 9.5,
  subtotal_amount: 9.5,
  receipt_datetime: '2026-11-20T09:00:00-05:00',
}

describe('lines', () => {
  const decodedLine = {
    name: 'Flat White',
    quantity: 2_000_000,
    amountCents: 950,
    type: 'M',
    itemId: '331',
    family: 'espresso',
    group: 'drinks',
    serial: '1.0',
  }
  test('both dialects decode to the same line', () => {
    const result = read(Type.Object({ menu_items: menuItems() }), {
      menu_items: [
        {
          item_name: 'Flat White',
          item_qty: '2',
          item_amount: '9.50',
          menu_item_type: 'm',
          menu_item_id: '331',
          menu_family: 'espresso',
          menu_major_group: 'drinks',
          serial_number: '1.0',
        },
      ],
    })
    expect(result).toEqual({ kind: 'read', value: { menu_items: [decodedLine] } })
    expect(read(posBatchRedemptions.request, check)).toMatchObject({
      value: { line_items: [decodedLine] },
    })
  })
  test('family and group may be left out, and so may the serial', () => {
    const { item_family: _, item_group: __, serial_number: ___, ...bare } = line
    expect(read(posBatchRedemptions.request, { ...check, line_items: [bare] })).toMatchObject({
      value: { line_items: [{ ...decodedLine, family: '', group: '', serial: null }] },
    })
  })
  for (const [type, sent, cents] of [
    ['D', -2, 200],
    ['D', 2, 200],
    ['R', -2, 200],
    ['M', -2, -200],
    ['S', -2, -200],
  ] as const) {
    test(`a line ${type} sent as ${sent} is ${cents} cents`, () => {
      const line_items = [{ ...line, item_type: type, amount: sent }]
      expect(read(posBatchRedemptions.request, { ...check, line_items })).toMatchObject({
        value: { line_items: [{ amountCents: cents }] },
      })
    })
  }
  for (const [sent, serial] of [
    [1, '1.0'],
    ['1', '1.0'],
    ['1.0', '1.0'],
    ['1.00', '1.0'],
    [1.1, '1.1'],
    ['1.1', '1.1'],
    ['1.10', '1.10'],
    ['012.3', '12.3'],
    ['', null],
    [null, null],
  ] as const) {
    test(`the serial ${JSON.stringify(sent)} is ${serial}`, () => {
      const line_items = [{ ...line, serial_number: sent }]
      expect(read(posBatchRedemptions.request, { ...check, line_items })).toMatchObject({
        value: { line_items: [{ serial }] },
      })
    })
  }
  test('a line that is not an object is refused by its place', () => {
    expect(read(posBatchRedemptions.request, { ...check, line_items: [line, 'x'] })).toEqual({
      kind: 'refused',
      code: 'invalid_parameter',
      facts: { name: 'item_1', problem: 'it must be an object' },
    })
  })
  test('a member after the lines is refused by its own name', () => {
    expect(read(posBatchRedemptions.request, { ...check, receipt_amount: '' })).toMatchObject({
      code: 'missing_parameter',
      facts: { name: 'receipt_amount' },
    })
  })
  test('a serial of two levels is refused', () => {
    const line_items = [{ ...line, serial_number: '1.1.1' }]
    expect(read(posBatchRedemptions.request, { ...check, line_items })).toMatchObject({
      code: 'invalid_parameter',
      facts: { name: 'serial_number_0' },
    })
  })
  test('a check longer than the bound is refused', () => {
    const line_items = Array(linesMax + 1).fill(line)
    expect(read(posBatchRedemptions.request, { ...check, line_items })).toMatchObject({
      code: 'too_many_lines',
    })
  })
})

test('a commit that breaks everything is refused in the written order', () => {
  const { item_name, item_qty, ...noNameNoQty } = line
  const steps: [Record<string, unknown>, string, string | undefined][] = [
    [{}, 'missing_parameter', 'id'],
    [{ user_id: 'x' }, 'invalid_parameter', 'id'],
    [{ user_id: 1 }, 'missing_parameter', 'line_items'],
    [{ line_items: [] }, 'missing_parameter', 'line_items'],
    [{ line_items: [noNameNoQty] }, 'missing_parameter', 'item_name_0'],
    [{ line_items: [{ ...noNameNoQty, item_name }] }, 'missing_parameter', 'item_qty_0'],
    [{ line_items: [line, { ...line, item_qty: 'x' }] }, 'invalid_parameter', 'item_qty_1'],
    [{ line_items: [line] }, 'missing_parameter', 'receipt_amount'],
    [{ receipt_amount: -1 }, 'invalid_receipt_amount', 'receipt_amount'],
    [{ receipt_amount: 9.5 }, 'missing_parameter', 'receipt_datetime'],
    [{ receipt_datetime: 'noon' }, 'invalid_parameter', 'receipt_datetime'],
  ]
  let body: Record<string, unknown> = {}
  for (const [mended, code, name] of steps) {
    body = { ...body, ...mended }
    expect(read(posBatchRedemptions.request, body)).toMatchObject({ code, facts: { name } })
  }
})

test('an eighth discount type is refused with the published list', () => {
  const sent = { user_id: 1, discount_basket_items_attributes: [{ discount_type: 'gift' }] }
  expect(read(posSelect.request, sent)).toMatchObject({ code: 'unknown_discount_type' })
})

describe('for any JSON', () => {
  const anyJson = fc.jsonValue({ maxDepth: 4 })
  test('reading returns a value or a refusal and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...operations), anyJson, ({ request }, value) => {
        expect(['read', 'refused']).toContain(read(request, value).kind)
      }),
    )
  })
  test('no mangled member of a sound commit makes reading throw', () => {
    const members = fc.dictionary(
      fc.constantFrom(...Object.keys(posBatchRedemptions.request.properties)),
      anyJson,
    )
    fc.assert(
      fc.property(members, (mangled) => {
        const { kind } = read(posBatchRedemptions.request, { ...check, ...mangled })
        expect(['read', 'refused']).toContain(kind)
      }),
    )
  })
})

test('a till that sends every number as text is read as one that sends numbers', () => {
  const money = fc.integer({ min: 0, max: 1_000_000 }).map((value) => value / 100)
  const anyLine = fc.record({
    item_name: fc.constantFrom('Flat White', 'Oat Milk'),
    item_qty: fc.integer({ min: 1, max: 20 }),
    amount: money,
    item_type: fc.constantFrom('M', 'D', 'S'),
    item_id: fc.integer({ min: 0, max: 99_999 }),
    serial_number: fc.integer({ min: 1, max: 40 }),
  })
  const anyCheck = fc.record({
    user_id: fc.maxSafeNat(),
    query: fc.constantFrom(0, 1),
    line_items: fc.array(anyLine, { minLength: 1, maxLength: 10 }),
    receipt_amount: money,
    subtotal_amount: money,
    receipt_datetime: fc.constant(check.receipt_datetime),
    transaction_no: fc.nat(),
  })
  fc.assert(
    fc.property(anyCheck, (sent) => {
      const asText = JSON.parse(JSON.stringify(sent), (_, value) =>
        typeof value === 'number' ? String(value) : value,
      )
      const { request } = posBatchRedemptions
      expect(read(request, sent).kind).toBe('read')
      expect(read(request, asText)).toEqual(read(request, sent))
    }),
  )
})
