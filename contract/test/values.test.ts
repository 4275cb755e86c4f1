import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assert, Fault } from '../src/values/assert.ts'
import {
  divideHalfUp,
  micros,
  microsFrom,
  microsToNumber,
  scaledFrom,
} from '../src/values/exact.ts'
import {
  atWallTime,
  type BusinessDate,
  businessDateAt,
  endOfDay,
  hourMs,
  instant,
  isZone,
  minuteMs,
  offsetMinutesAt,
  parseLocalInstant,
  plusDays,
  plusMs,
  toWireInstant,
} from '../src/values/instants.ts'
import { type Cents, cents, centsFrom, toDecimal, toDecimalText } from '../src/values/money.ts'

const newYork = 'America/New_York'
const day = (text: string) => text as BusinessDate

describe('an amount', () => {
  const cases: [unknown, number | null][] = [
    [10.72, 1072],
    ['10.72', 1072],
    [' 10.7 ', 1070],
    [0.1 + 0.2, 30],
    [1.005, 101],
    ['1.005', 101],
    ['1.004999', 100],
    ['-1.005', -101],
    [-0.001, 0],
    ['-0', 0],
    [-0, 0],
    ['+5', 500],
    ['007', 700],
    ['.5', null],
    ['5.', null],
    ['1e2', null],
    ['0x10', null],
    ['$5', null],
    ['', null],
    ['1 000', null],
    [null, null],
    [true, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [1e21, null],
    [1e-7, 0],
    ['999999999999.99', 99_999_999_999_999],
    ['1000000000000', null],
  ]
  for (const [sent, expected] of cases) {
    test(`${JSON.stringify(sent)} is ${expected} cents`, () => {
      expect(centsFrom(sent)).toBe(expected)
    })
  }
  for (const [value, text] of [
    [1070, '10.70'],
    [5, '0.05'],
    [0, '0.00'],
    [-5, '-0.05'],
    [-1234, '-12.34'],
    [-0, '0.00'],
  ] as const) {
    test(`${value} cents are written ${text}`, () => {
      expect(toDecimalText(cents(value))).toBe(text)
    })
  }
  test('any amount survives being written and read, as number and as text', () => {
    const anyCents = fc.integer({ min: -10_000_000_000, max: 10_000_000_000 })
    fc.assert(
      fc.property(anyCents, (value) => {
        expect(centsFrom(toDecimal(cents(value)))).toBe(cents(value))
        expect(centsFrom(toDecimalText(cents(value)))).toBe(cents(value))
      }),
    )
  })
  test('half a cent is a bug of ours', () => {
    expect(() => cents(0.5)).toThrow(Fault)
  })
})

describe('an exact number', () => {
  test('gallons keep six decimals', () => {
    expect(microsFrom('12.345678')).toBe(12_345_678)
    expect(microsToNumber(micros(12_345_000))).toBe(12.345)
  })
  test('a seventh decimal rounds half away from zero', () => {
    expect([scaledFrom('0.0000005', 6), scaledFrom('-0.0000005', 6)]).toEqual([1, -1])
  })
  for (const [numerator, denominator, expected] of [
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [1n, 2n, 1n],
    [0n, 7n, 0n],
  ] as const) {
    test(`${numerator} / ${denominator} is ${expected}`, () => {
      expect(divideHalfUp(numerator, denominator)).toBe(expected)
    })
  }
  test('dividing is off by half of the denominator at most', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (numerator, denominator) => {
        const off = divideHalfUp(numerator, denominator) * denominator - numerator
        expect((off < 0n ? -off : off) * 2n <= denominator).toBe(true)
      }),
    )
  })
})

describe('a moment', () => {
  const nine = Date.UTC(2026, 10, 20, 14)
  const read: [string, string | undefined, number | null, number?][] = [
    ['2026-11-20T14:00:00Z', undefined, nine, 0],
    ['2026-11-20T09:00:00-05:00', undefined, nine, -300],
    ['2026-11-20T09:00:00-0500', undefined, nine, -300],
    ['2026-11-20 09:00:00 -05:00', undefined, nine, -300],
    ['2026-11-20T19:30+05:30', undefined, nine, 330],
    ['2026-11-20T14:00:00.250Z', undefined, nine + 250, 0],
    ['2026-11-20T14:00:00.2509999Z', undefined, nine + 250, 0],
    ['2026-11-20T09:00:00', newYork, nine, -300],
    ['2026-11-20T09:00:00', undefined, null],
    ['2026-02-29T09:00:00Z', undefined, null],
    ['2024-02-29T09:00:00Z', undefined, Date.UTC(2024, 1, 29, 9), 0],
    ['2026-13-01T09:00:00Z', undefined, null],
    ['2026-11-31T09:00:00Z', undefined, null],
    ['2026-11-20T24:00:00Z', undefined, null],
    ['2026-11-20T09:60:00Z', undefined, null],
    ['2026-11-20T09:00:60Z', undefined, null],
    ['2026-11-20T09:00:00+19:00', undefined, null],
    ['2026-11-20T09:00:00+05:75', undefined, null],
    ['2026-02-29T09:00:00', newYork, null],
    ['2026-11-20', undefined, null],
    ['', undefined, null],
  ]
  for (const [text, zone, at, offsetMinutes] of read) {
    test(`${JSON.stringify(text)}${zone ? ` in ${zone}` : ''} is ${at}`, () => {
      expect(parseLocalInstant(text, zone)).toEqual(at === null ? null : { at, offsetMinutes })
    })
  }
  test('is written in UTC without fractions', () => {
    expect(toWireInstant(instant(nine + 999))).toBe('2026-11-20T14:00:00Z')
  })
  test('is written so that reading gives the same second', () => {
    const seconds = fc.integer({ min: 946_684_800, max: 4_102_444_799 })
    fc.assert(
      fc.property(seconds, (second) => {
        expect(parseLocalInstant(toWireInstant(instant(second * 1000)))).toEqual({
          at: second * 1000,
          offsetMinutes: 0,
        })
      }),
    )
  })
})

describe('a store on the days its clocks change', () => {
  const spring = day('2026-03-08')
  const autumn = day('2026-11-01')
  test('a time that spring skips is an hour later on the clock', () => {
    expect(toWireInstant(atWallTime(spring, '02:30:00', newYork))).toBe('2026-03-08T07:30:00Z')
  })
  test('a time that autumn has twice is the earlier one', () => {
    expect(toWireInstant(atWallTime(autumn, '01:30:00', newYork))).toBe('2026-11-01T05:30:00Z')
  })
  test('the offset is what holds at the moment', () => {
    const noon = (date: BusinessDate) => atWallTime(date, '12:00:00', newYork)
    expect(offsetMinutesAt(noon(day('2026-03-07')), newYork)).toBe(-300)
    expect(offsetMinutesAt(noon(spring), newYork)).toBe(-240)
    expect(offsetMinutesAt(noon(autumn), newYork)).toBe(-300)
  })
  test('its days have 23 and 25 hours', () => {
    const length = (date: BusinessDate) =>
      (endOfDay(date, newYork) - atWallTime(date, '00:00:00', newYork) + 1000) / hourMs
    expect([length(spring), length(autumn), length(day('2026-06-01'))]).toEqual([23, 25, 24])
  })
  test('a wall clock without an offset in the gap is read as that same moment', () => {
    expect(parseLocalInstant('2026-03-08T02:30:00', newYork)).toEqual({
      at: Date.UTC(2026, 2, 8, 7, 30),
      offsetMinutes: -240,
    })
  })
})

describe('a business date', () => {
  test("is the store's own, not that of UTC", () => {
    const lateEvening = instant(Date.UTC(2026, 10, 21, 3))
    expect(businessDateAt(lateEvening, newYork)).toBe('2026-11-20')
    expect(businessDateAt(lateEvening, 'Asia/Kolkata')).toBe('2026-11-21')
  })
  test('days are counted over the ends of months and years', () => {
    expect([plusDays(day('2026-12-31'), 1), plusDays(day('2024-03-01'), -1)]).toEqual([
      '2027-01-01',
      '2024-02-29',
    ])
  })
  test('the end of a day is its last second in the store', () => {
    expect(toWireInstant(endOfDay(day('2026-11-20'), newYork))).toBe('2026-11-21T04:59:59Z')
  })
  test('every moment of a day has that date', () => {
    const offset = fc.integer({ min: 0, max: 23 * 60 + 59 })
    fc.assert(
      fc.property(offset, (minutes) => {
        const at = plusMs(atWallTime(day('2026-06-01'), '00:00:00', newYork), minutes * minuteMs)
        expect(businessDateAt(at, newYork)).toBe('2026-06-01')
      }),
    )
  })
  test('a zone is an IANA name', () => {
    expect([isZone(newYork), isZone('UTC'), isZone('Harbor/Wharf'), isZone('')]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

test('a broken assertion is a fault that carries its facts', () => {
  const balance = -1 as Cents
  expect(() => assert(balance >= 0, 'a balance is never negative', { balance })).toThrow(
    expect.objectContaining({ name: 'Fault', facts: { balance } }),
  )
})
