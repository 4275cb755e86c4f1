import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentHash, jsonText, readRow } from '../src/punchh/coerce.ts'
import type { ColumnType, Value } from '../src/table.ts'

/** What a value is read as; undefined when it stays in `_extra`. */
function read(type: ColumnType, value: unknown): Value | undefined {
  const row = readRow('t', { v: type }, { source: { v: value }, notices: new Map() })
  return '_extra' in row ? undefined : row.v
}

describe.each<[ColumnType, [unknown, Value | undefined][]]>([
  [
    'text',
    [
      ['', ''],
      ['a', 'a'],
      [5, '5'],
      [true, 'true'],
      [null, null],
      [undefined, null],
      [[], ''],
      [['a', 'b'], 'a,b'],
      [[['a']], undefined],
      [{ a: 1 }, undefined],
      ['a\0b\ud800', 'a\ufffdb\ufffd'],
    ],
  ],
  [
    'boolean',
    [
      ['1', true],
      ['0', false],
      [1, true],
      [0, false],
      [true, true],
      ['False', false],
      ['', null],
      ['2', undefined],
      [[], undefined],
    ],
  ],
  [
    'integer',
    [
      ['60', 60],
      [60, 60],
      ['60.0', 60],
      [-0, 0],
      ['', null],
      [6.5, undefined],
      ['6.5', undefined],
      ['9007199254740993', undefined],
      ['0x10', undefined],
      ['1e3', undefined],
      [true, undefined],
    ],
  ],
  [
    'money',
    [
      [2.5, '2.5'],
      ['2.50', '2.5'],
      [0, '0'],
      [-0.0001, '-0.0001'],
      [0.30000000000000004, '0.3'],
      [1.00005, '1.0001'],
      [-1.00005, '-1.0001'],
      [0.00004, '0'],
      [-0.00004, '0'],
      [1e-7, '0'],
      ['99999999999999.9999', '99999999999999.9999'],
      ['100000000000000', undefined],
      [1e21, undefined],
      ['$5', undefined],
      ['', null],
      [Number.NaN, undefined],
    ],
  ],
  [
    'number',
    [
      [1.123456789012, '1.123456789012'],
      ['0.0000000000005', '0.000000000001'],
      [1e-12, '0.000000000001'],
    ],
  ],
  [
    'timestamp',
    [
      ['2026-11-20T18:04:05Z', '2026-11-20T18:04:05.000Z'],
      ['2026-11-20T18:04:05+05:30', '2026-11-20T12:34:05.000Z'],
      ['2026-11-20T18:04:05', undefined],
      ['2026-02-30T99:00:00Z', undefined],
      ['', null],
      [0, undefined],
    ],
  ],
  [
    'date',
    [
      ['2026-11-20', '2026-11-20'],
      ['2026-02-30', undefined],
      ['20261120', undefined],
      ['', null],
    ],
  ],
  ['json', [[{ b: 1, a: [2] }, '{"a":[2],"b":1}']]],
])('%s', (type, cases) => {
  test.each(cases)('%j is %j', (value, expected) => {
    expect(read(type, value)).toBe(expected)
  })
})

test('any decimal of four places or fewer is read to the last digit', () => {
  const cents = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })
  fc.assert(
    fc.property(cents, (value) => {
      const digits = (value < 0n ? -value : value).toString().padStart(5, '0')
      const text = `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
      const shortest = String(read('money', text))
      expect(shortest).not.toMatch(/\.\d*0$|\.$|^-0$/)
      const [whole = '', places = ''] = shortest.replace('-', '').split('.')
      const back = BigInt(whole + places.padEnd(4, '0'))
      expect(shortest.startsWith('-') ? -back : back).toBe(value)
    }),
  )
})

test('a hash is of the content, not of the order of its members', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (members) => {
      const reordered = Object.fromEntries(Object.entries(members).reverse())
      expect(contentHash(reordered)).toBe(contentHash(members))
      expect(jsonText(JSON.parse(jsonText(members)))).toBe(jsonText(members))
    }),
  )
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }))
})

test('a member with a name of JavaScript’s own is a member like any other', () => {
  const source = JSON.parse('{"__proto__":1,"constructor":2,"v":"x"}')
  const row = readRow('t', { v: 'text' }, { source, notices: new Map() })
  expect(row).toEqual({ v: 'x', _extra: '{"__proto__":1,"constructor":2}' })
})
