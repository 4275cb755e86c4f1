import { expect, test } from 'vitest'
import { dayMs, hourMs, readDate, readInstant, toastTime } from '../src/world/instants.ts'
import { businessDay, closeoutAt, type Restaurant } from '../src/world/restaurants.ts'
import { instantOf } from '../src/world/zones.ts'

const day = (text: string) => readDate(text)!

const wallClocks = [
  [
    'a winter noon in New York',
    'America/New_York',
    '20260115',
    12 * 60,
    '2026-01-15T17:00:00.000Z',
  ],
  [
    'a summer noon in New York',
    'America/New_York',
    '20260715',
    12 * 60,
    '2026-07-15T16:00:00.000Z',
  ],
  [
    'the minute before clocks go forward',
    'America/Chicago',
    '20260308',
    119,
    '2026-03-08T07:59:00.000Z',
  ],
  [
    'a time that clocks skip is an hour later',
    'America/Chicago',
    '20260308',
    150,
    '2026-03-08T08:30:00.000Z',
  ],
  [
    'the hour after clocks went forward',
    'America/Chicago',
    '20260308',
    180,
    '2026-03-08T08:00:00.000Z',
  ],
  ['a time shown twice is the first', 'America/Denver', '20261101', 90, '2026-11-01T07:30:00.000Z'],
  [
    'the hour after clocks went back',
    'America/Denver',
    '20261101',
    120,
    '2026-11-01T09:00:00.000Z',
  ],
  [
    'minutes reach into the next day',
    'America/Los_Angeles',
    '20260310',
    25 * 60,
    '2026-03-11T08:00:00.000Z',
  ],
] as const

for (const [name, zone, date, minutes, instant] of wallClocks) {
  test(`${name}: ${instant}`, () => {
    expect(new Date(instantOf(zone, day(date), minutes)).toISOString()).toBe(instant)
  })
}

const business = [
  ['1 a.m. belongs to the day before', 4, '2026-12-03T06:00:00Z', '20261202'],
  ['the closeout hour begins the day', 4, '2026-12-03T09:00:00Z', '20261203'],
  ['a moment before it does not', 4, '2026-12-03T08:59:59.999Z', '20261202'],
  ['closeout at midnight', 0, '2026-12-03T05:00:00Z', '20261203'],
  ['closeout at noon', 12, '2026-12-03T16:59:00Z', '20261202'],
] as const

for (const [name, closeoutHour, instant, date] of business) {
  test(`business days: ${name}`, () => {
    const restaurant = { zone: 'America/New_York', closeoutHour } as Restaurant
    expect(businessDay(restaurant, Date.parse(instant))).toBe(day(date))
  })
}

test('a business day is 23 or 25 hours long when clocks change', () => {
  const restaurant = { zone: 'America/Denver', closeoutHour: 4 } as Restaurant
  const hours = (date: string) =>
    (closeoutAt(restaurant, day(date)) - closeoutAt(restaurant, day(date) - 1)) / hourMs
  expect(['20260306', '20260307', '20261031', '20261101'].map(hours)).toEqual([24, 23, 25, 24])
})

test('instants are read in every published form and written in one', () => {
  const instant = Date.parse('2019-02-24T13:49:38.617Z')
  expect(toastTime(instant)).toBe('2019-02-24T13:49:38.617+0000')
  const forms = [
    ['2019-02-24T13:49:38.617+0000', instant],
    ['2019-02-24T13:49:38.617Z', instant],
    ['2019-02-24T08:49:38.617-05:00', instant],
    ['2019-02-24T13:49:38Z', instant - 617],
    ['2019-02-24T13:49:38.617 0000', null],
    ['2019-02-24', null],
    ['2019-13-24T13:49:38.617Z', null],
  ] as const
  expect(forms.map(([text]) => readInstant(text))).toEqual(forms.map(([, read]) => read))
  expect(readDate('20190230')).toBe(null)
  expect(readDate('20200229')).toBe(Date.parse('2020-02-29') / dayMs)
})
