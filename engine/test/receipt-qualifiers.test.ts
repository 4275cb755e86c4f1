import { expect, test } from 'vitest'
import { evaluate } from '../src/engine.ts'
import { factsFrom, type Given } from './notation.ts'

const rows: { name: string; clause: string; holds: boolean; given?: Partial<Given> }[] = [
  { name: 'the subtotal is exactly enough', clause: 'subtotal_amount >= 5', holds: true },
  { name: 'the subtotal is a cent short', clause: 'subtotal_amount >= 5.01', holds: false },
  { name: "the hour is the offset's own", clause: 'receipt_hour == 12', holds: true },
  { name: 'the minute', clause: 'receipt_minute == 30', holds: true },
  { name: 'the day of the month', clause: 'receipt_day == 14', holds: true },
  { name: 'Saturday is day six', clause: 'receipt_week_day == 6', holds: true },
  { name: 'a day by its name', clause: 'receipt_week_day in sun, Saturday', holds: true },
  { name: 'another day by its name', clause: 'receipt_week_day == Monday', holds: false },
  { name: 'the ISO week', clause: 'receipt_week == 24', holds: true },
  { name: 'the month', clause: 'receipt_month in_range 6..8', holds: true },
  { name: 'the year', clause: 'receipt_year == 2025', holds: true },
  {
    name: 'a night that is still the day before where the receipt was written',
    clause: 'receipt_day == 13',
    holds: true,
    given: { receiptAt: '2025-06-13T23:59:59-07:00' },
  },
  {
    name: "the first days of January may belong to last year's week",
    clause: 'receipt_week == 53',
    holds: true,
    given: { receiptAt: '2021-01-03T12:00:00+00:00' },
  },
  { name: 'no channel fails a positive clause', clause: 'channel == kiosk', holds: false },
  { name: 'no channel passes a negated clause', clause: 'channel not_in kiosk', holds: true },
  {
    name: 'the channel',
    clause: 'channel in online_order,kiosk',
    holds: true,
    given: { channel: 'kiosk' },
  },
  { name: 'the total counts tax and service', clause: 'total_amount == 6.50', holds: true },
  {
    name: 'what is payable goes before the sum',
    clause: 'total_amount == 9',
    holds: true,
    given: { payable: '9.00' },
  },
]

for (const { name, clause, holds, given } of rows) {
  test(`${name}: ${clause} is ${holds}`, () => {
    const facts = factsFrom({
      lines: [
        '1.0 | tea | 1 | 1 | 5.00',
        '2.0 | delivery | 2 | 1 | 1.00 | S',
        '3.0 | tax | 3 | 1 | 0.50 | T',
      ],
      subtotal: '5.00',
      criteria: { q: { function: 'receipt_subtotal', receipt: [clause] } },
      basket: ['1 reward rule q'],
      ...given,
    })
    expect(evaluate(facts).success.length).toBe(holds ? 1 : 0)
  })
}

test('the first clause of a repeated attribute counts', () => {
  const facts = factsFrom({
    lines: ['1.0 | tea | 1 | 1 | 5.00'],
    criteria: {
      q: {
        function: 'receipt_subtotal',
        receipt: ['subtotal_amount >= 1', 'subtotal_amount >= 100'],
      },
    },
    basket: ['1 reward rule q'],
  })
  expect(evaluate(facts).success.length).toBe(1)
})
