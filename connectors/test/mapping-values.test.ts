import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { moneyScale, numberScale, readDecimal } from '../src/mapping/read-decimal.ts'
import { readers } from '../src/mapping/read-value.ts'
import type { ColumnType } from '../src/table.ts'

const unreadable = undefined
const rounded = (value: string | number) => ({ value, isExact: false })

type Case = { name: string; given: unknown; expected: unknown }

const cases: Readonly<Record<ColumnType, readonly Case[]>> = {
  text: [
    { name: 'text stays as it is', given: ' 007 é 日本 🍣 "\\', expected: ' 007 é 日本 🍣 "\\' },
    { name: 'nothing but text stays text', given: '', expected: '' },
    { name: 'a number becomes its digits', given: 42, expected: '42' },
    { name: 'a boolean becomes its word', given: true, expected: 'true' },
    { name: 'U+0000 becomes U+FFFD', given: 'a\0b\0', expected: 'a\uFFFDb\uFFFD' },
    { name: 'half a surrogate pair becomes U+FFFD', given: 'a\uD83C', expected: 'a\uFFFD' },
    { name: 'the greatest whole number', given: 9007199254740991, expected: '9007199254740991' },
    { name: 'one more may be another', given: 9007199254740992, expected: unreadable },
    { name: 'an object is refused', given: {}, expected: unreadable },
    { name: 'a list is refused', given: ['a'], expected: unreadable },
  ],
  boolean: [
    { name: 'true', given: true, expected: true },
    { name: 'the word in any case', given: 'False', expected: false },
    { name: '1', given: 1, expected: true },
    { name: '0 as text', given: '0', expected: false },
    { name: 'blank text is null', given: ' ', expected: null },
    { name: 'another word is refused', given: 'yes', expected: unreadable },
    { name: '2 is refused', given: 2, expected: unreadable },
    { name: 'an object is refused', given: {}, expected: unreadable },
  ],
  integer: [
    { name: 'a whole number', given: -12, expected: -12 },
    { name: 'a whole number as text', given: '0012', expected: 12 },
    { name: 'a whole number with a point', given: '12.00', expected: 12 },
    { name: 'the greatest', given: 9007199254740991, expected: 9007199254740991 },
    { name: 'one more is refused', given: 9007199254740992, expected: unreadable },
    { name: 'one more as text is refused', given: '9007199254740992', expected: unreadable },
    { name: 'minus zero is zero', given: -0, expected: 0 },
    { name: 'a fraction is refused', given: 1.5, expected: unreadable },
    { name: 'a word is refused', given: 'many', expected: unreadable },
    { name: 'blank text is null', given: '', expected: null },
    { name: 'a boolean is refused', given: true, expected: unreadable },
  ],
  money: [
    { name: 'a whole amount', given: 12, expected: '12' },
    { name: 'cents', given: -0.07, expected: '-0.07' },
    { name: 'four decimals', given: 1.0625, expected: '1.0625' },
    { name: 'a half goes down to the even neighbour', given: 0.00045, expected: rounded('0.0004') },
    { name: 'a half goes up to the even neighbour', given: 0.00055, expected: rounded('0.0006') },
    { name: 'more than a half goes up', given: '0.000450001', expected: rounded('0.0005') },
    { name: 'less than a half goes down', given: 0.00044, expected: rounded('0.0004') },
    { name: 'below zero alike', given: -0.00055, expected: rounded('-0.0006') },
    { name: 'a sum of doubles', given: 0.1 + 0.2, expected: rounded('0.3') },
    { name: 'what is carried', given: 9.99995, expected: rounded('10') },
    { name: 'nearly nothing', given: -1e-9, expected: rounded('0') },
    { name: 'minus zero', given: -0, expected: '0' },
    { name: 'an amount as text', given: ' 0012.50 ', expected: '12.5' },
    { name: 'an exponent as text', given: '1.25e1', expected: '12.5' },
    { name: 'decimals that are zeros', given: '1.500000', expected: '1.5' },
    { name: 'the greatest', given: '99999999999999.9999', expected: '99999999999999.9999' },
    { name: 'what rounds to more is refused', given: '99999999999999.99995', expected: unreadable },
    { name: 'more digits are refused', given: 1e14, expected: unreadable },
    { name: 'far more digits are refused', given: 1e300, expected: unreadable },
    { name: 'no end is refused', given: Number.POSITIVE_INFINITY, expected: unreadable },
    { name: 'a word is refused', given: 'abc', expected: unreadable },
    { name: 'a currency sign is refused', given: '$1', expected: unreadable },
    { name: 'a comma is refused', given: '1,000', expected: unreadable },
    { name: 'a lone point is refused', given: '.', expected: unreadable },
    { name: 'blank text is null', given: '', expected: null },
    { name: 'a list is refused', given: [1], expected: unreadable },
    { name: 'a boolean is refused', given: false, expected: unreadable },
  ],
  number: [
    { name: 'twelve decimals', given: 0.123456789012, expected: '0.123456789012' },
    { name: 'thirteen are rounded', given: 0.1234567890125, expected: rounded('0.123456789012') },
    { name: 'a small exponent', given: 1e-7, expected: '0.0000001' },
    { name: 'the greatest whole', given: '9999999999999999', expected: '9999999999999999' },
    {
      name: 'a number of digits that may be others',
      given: 9007199254740992,
      expected: unreadable,
    },
    { name: 'a digit more is refused', given: '10000000000000000', expected: unreadable },
  ],
  double: [
    { name: 'a number', given: -71.0589, expected: -71.0589 },
    { name: 'a number as text', given: '-7.1e1', expected: -71 },
    { name: 'fifteen digits', given: '-71.0589123456789', expected: -71.0589123456789 },
    {
      name: 'more digits than it holds',
      given: '-71.05891234567891234',
      expected: rounded(-71.05891234567891),
    },
    { name: 'hexadecimal text is refused', given: '0x10', expected: unreadable },
    { name: 'too large text is refused', given: '1e999', expected: unreadable },
    { name: 'blank text is null', given: '  ', expected: null },
    { name: 'a list is refused', given: [], expected: unreadable },
  ],
  timestamp: [
    {
      name: 'as Toast sends it',
      given: '2019-02-24T13:49:38.617+0000',
      expected: '2019-02-24T13:49:38.617Z',
    },
    { name: 'with Z', given: '2019-07-17T19:35:03.206Z', expected: '2019-07-17T19:35:03.206Z' },
    {
      name: 'with a colon in its offset',
      given: '2019-02-24T13:49:38.617+00:00',
      expected: '2019-02-24T13:49:38.617Z',
    },
    {
      name: 'behind UTC over midnight',
      given: '2019-12-31T21:49:38.617-0500',
      expected: '2020-01-01T02:49:38.617Z',
    },
    {
      name: 'ahead of UTC',
      given: '2020-03-01T00:15:00+05:45',
      expected: '2020-02-29T18:30:00.000Z',
    },
    {
      name: 'without a fraction',
      given: '2019-02-24T13:49:38Z',
      expected: '2019-02-24T13:49:38.000Z',
    },
    { name: 'with a tenth', given: '2019-02-24T13:49:38.6Z', expected: '2019-02-24T13:49:38.600Z' },
    {
      name: 'finer than milliseconds',
      given: '2019-02-24T13:49:38.617999+0000',
      expected: rounded('2019-02-24T13:49:38.617Z'),
    },
    {
      name: 'finer by nothing but zeros',
      given: '2019-02-24T13:49:38.617000+0000',
      expected: '2019-02-24T13:49:38.617Z',
    },
    { name: 'the epoch is not set', given: '1970-01-01T00:00:00.000+0000', expected: null },
    {
      name: 'the epoch elsewhere is not set',
      given: '1969-12-31T19:00:00.000-0500',
      expected: null,
    },
    {
      name: 'a millisecond later is an instant',
      given: '1970-01-01T00:00:00.001+0000',
      expected: '1970-01-01T00:00:00.001Z',
    },
    {
      name: 'a leap day',
      given: '2024-02-29T00:00:00.000+0000',
      expected: '2024-02-29T00:00:00.000Z',
    },
    { name: 'no leap day in 1900', given: '1900-02-29T00:00:00.000+0000', expected: unreadable },
    { name: 'the 31st of April', given: '2024-04-31T00:00:00.000Z', expected: unreadable },
    { name: 'hour 24', given: '2024-04-30T24:00:00.000Z', expected: unreadable },
    { name: 'minute 60', given: '2024-04-30T23:60:00Z', expected: unreadable },
    { name: 'before the year 1', given: '0001-01-01T00:00:00.000+0100', expected: unreadable },
    { name: 'after the year 9999', given: '9999-12-31T23:59:59.999-0100', expected: unreadable },
    { name: 'without an offset', given: '2019-02-24T13:49:38.617', expected: unreadable },
    { name: 'a day alone', given: '2019-02-24', expected: unreadable },
    {
      name: 'letters among the digits',
      given: '2019-02-24T13:4x:38.617+0000',
      expected: unreadable,
    },
    { name: 'a number', given: 1551016178617, expected: unreadable },
    { name: 'blank text is null', given: '', expected: null },
    { name: 'an object', given: {}, expected: unreadable },
  ],
  date: [
    { name: 'a whole number', given: 20190224, expected: '2019-02-24' },
    { name: 'the same as text', given: '20190224', expected: '2019-02-24' },
    { name: 'with dashes', given: '2019-02-24', expected: '2019-02-24' },
    { name: 'a leap day', given: 20240229, expected: '2024-02-29' },
    { name: 'the day of the epoch is not set', given: 19700101, expected: null },
    { name: '0 is not set', given: 0, expected: null },
    { name: 'the 30th of February', given: 20240230, expected: unreadable },
    { name: 'half its dashes', given: '2019-0224', expected: unreadable },
    { name: 'an instant', given: '2019-02-24T00:00:00Z', expected: unreadable },
    { name: 'blank text is null', given: ' ', expected: null },
    { name: 'a list', given: [], expected: unreadable },
  ],
  json: [
    { name: 'an object', given: { a: [1, 'é'] }, expected: '{"a":[1,"é"]}' },
    { name: 'an empty list', given: [], expected: '[]' },
    { name: 'text', given: 'a', expected: '"a"' },
    {
      name: 'U+0000 in a member and its name',
      given: { 'a\0': 'b\0' },
      expected: '{"a\uFFFD":"b\uFFFD"}',
    },
    { name: 'half a surrogate pair', given: ['\uDC00'], expected: '["\uFFFD"]' },
    { name: 'an escaped backslash before u0000', given: ['\\u0000'], expected: '["\\\\u0000"]' },
    {
      name: 'a member named __proto__',
      given: JSON.parse('{"__proto__":{"a":"\\u0000"}}'),
      expected: '{"__proto__":{"a":"\uFFFD"}}',
    },
  ],
}

for (const [type, rows] of Object.entries(cases)) {
  describe(`a value for a column of type ${type}`, () => {
    for (const { name, given, expected } of rows) {
      test(name, () => {
        expect(readers[type as ColumnType](given)).toEqual(expected)
      })
    }
  })
}

test('any decimal text is stored within half a unit of its last decimal, and exactly where it fits', () => {
  const digits = fc.stringMatching(/^\d{1,14}$/)
  const text = fc.tuple(fc.constantFrom('', '-'), digits, fc.stringMatching(/^\d{0,20}$/))
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(moneyScale, numberScale),
      ([sign, whole, fraction], scale) => {
        const read = readDecimal(`${sign}${whole}.${fraction}`, scale)
        if (read === null) return expect(/^9{14}$/.test(whole)).toBe(true)
        const sent = inUnits(`${sign}${whole}.${fraction}`, 20)
        const stored = inUnits(read.text, 20)
        const half = 10n ** BigInt(20 - scale.decimals) / 2n
        const distance = sent > stored ? sent - stored : stored - sent
        expect(distance <= half).toBe(true)
        expect(read.isExact).toBe(distance === 0n)
        if (distance === half) expect((stored / (half * 2n)) % 2n).toBe(0n)
        return undefined
      },
    ),
  )
})

function inUnits(text: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(decimals, '0'))
  return text.startsWith('-') ? -size : size
}

test('an instant of any offset is the same instant in UTC', () => {
  const at = fc.date({
    min: new Date('0002-01-01'),
    max: new Date('9998-12-31'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(at, fc.integer({ min: -1439, max: 1439 }), fc.boolean(), (date, minutes, colon) => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1)
      const size = Math.abs(minutes)
      const hours = String(Math.trunc(size / 60)).padStart(2, '0')
      const rest = String(size % 60).padStart(2, '0')
      const offset = `${minutes < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${rest}`
      const expected = date.getTime() === 0 ? null : date.toISOString()
      expect(readers.timestamp(local + offset)).toBe(expected)
    }),
  )
})
