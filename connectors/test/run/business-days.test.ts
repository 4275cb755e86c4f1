import { hourMs, instant, plusDays } from '@regulars/contract/values/instants'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asNumber, businessDateOf, startOfBusinessDate } from '../../src/run/business-days.ts'
import type { Location } from '../../src/source.ts'

function locationIn(timeZone: string, closeoutHour: number): Location {
  return { id: 'any', label: 'Any', timeZone, closeoutHour, firstBusinessDate: null }
}

describe('a business date', () => {
  const cases: [zone: string, hour: number, at: string, date: string][] = [
    ['America/New_York', 4, '2026-12-03T06:00:00Z', '2026-12-02'],
    ['America/New_York', 4, '2026-12-03T08:59:59.999Z', '2026-12-02'],
    ['America/New_York', 4, '2026-12-03T09:00:00Z', '2026-12-03'],
    ['America/New_York', 0, '2026-12-03T04:59:59.999Z', '2026-12-02'],
    ['America/New_York', 0, '2026-12-03T05:00:00Z', '2026-12-03'],
    ['America/New_York', 12, '2026-12-03T16:59:59.999Z', '2026-12-02'],
    ['Asia/Kolkata', 4, '2026-12-02T22:29:59.999Z', '2026-12-02'],
    ['Asia/Kolkata', 4, '2026-12-02T22:30:00Z', '2026-12-03'],
    // 02:00 is skipped on 8 March: the day begins at 03:00.
    ['America/New_York', 2, '2026-03-08T06:59:59.999Z', '2026-03-07'],
    ['America/New_York', 2, '2026-03-08T07:00:00Z', '2026-03-08'],
    // 01:00 happens twice on 1 November: the day begins at the first.
    ['America/New_York', 1, '2026-11-01T04:59:59.999Z', '2026-10-31'],
    ['America/New_York', 1, '2026-11-01T05:00:00Z', '2026-11-01'],
    ['America/New_York', 1, '2026-11-01T06:30:00Z', '2026-11-01'],
  ]
  for (const [zone, hour, at, date] of cases) {
    test(`in ${zone}, closed out at ${hour}, is ${date} at ${at}`, () => {
      expect(businessDateOf(instant(Date.parse(at)), locationIn(zone, hour))).toBe(date)
    })
  }

  const lengths: [date: string, hours: number][] = [
    ['2026-03-06', 24],
    ['2026-03-07', 23],
    ['2026-03-08', 24],
    ['2026-10-31', 25],
    ['2026-11-01', 24],
  ]
  for (const [date, hours] of lengths) {
    test(`of ${date} lasts ${hours} hours in Los Angeles`, () => {
      const location = locationIn('America/Los_Angeles', 4)
      const from = startOfBusinessDate(date as never, location)
      const before = startOfBusinessDate(plusDays(date as never, 1), location)
      expect((before - from) / hourMs).toBe(hours)
    })
  }

  test('lasts from its beginning to that of the next', () => {
    const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) })
    const zones = fc.constantFrom(
      'America/New_York',
      'America/Los_Angeles',
      'Europe/London',
      'Australia/Lord_Howe',
      // Midnight itself is skipped here.
      'Asia/Beirut',
    )
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 12 }), moments, (zone, hour, at) => {
        const location = locationIn(zone, hour)
        const date = businessDateOf(instant(at), location)
        expect(startOfBusinessDate(date, location)).toBeLessThanOrEqual(at)
        expect(startOfBusinessDate(plusDays(date, 1), location)).toBeGreaterThan(at)
      }),
      { numRuns: 200 },
    )
  })

  test('is yyyymmdd as a number', () => {
    expect(asNumber('2026-03-08' as never)).toBe(20260308)
  })
})
