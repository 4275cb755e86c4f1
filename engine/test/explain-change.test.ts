import { expect, test } from 'vitest'
import { explainChange } from '../src/engine.ts'
import { type Given, receiptFrom } from './notation.ts'

const base: Given = {
  lines: [
    '1.0 | Burger | 101 | 1 | 9.50',
    '1.1 | Cheese | 501 | 1 | 1.00',
    '2.0 | Fries | 301 | 1 | 3.00',
  ],
  basket: [],
}

const rows: { name: string; later: Partial<Given>; changes: object[] }[] = [
  { name: 'nothing changed', later: {}, changes: [] },
  {
    name: 'the order of the lines is no change',
    later: { lines: base.lines.toReversed() },
    changes: [],
  },
  {
    name: 'a price and a quantity',
    later: { lines: ['1.0 | Burger | 101 | 2 | 19.00', ...base.lines.slice(1)], subtotal: '13.50' },
    changes: [
      { line: 0, serial: '1.0', attribute: 'item_qty', from: '1', to: '2' },
      { line: 0, serial: '1.0', attribute: 'amount', from: '9.50', to: '19.00' },
    ],
  },
  {
    name: 'a line gone and a line new',
    later: { lines: [...base.lines.slice(0, 2), '3.0 | Salad | 302 | 1 | 3.00'] },
    changes: [
      { line: 2, serial: '3.0', attribute: 'line', from: null, to: 'Salad' },
      { line: 2, serial: '2.0', attribute: 'line', from: 'Fries', to: null },
    ],
  },
  {
    name: 'the receipt itself',
    later: { channel: 'kiosk', receiptAt: '2025-06-14T18:00:00-07:00' },
    changes: [
      {
        line: null,
        serial: null,
        attribute: 'receipt_datetime',
        from: '2025-06-14T12:30:00-07:00',
        to: '2025-06-14T18:00:00-07:00',
      },
      { line: null, serial: null, attribute: 'channel', from: null, to: 'kiosk' },
    ],
  },
]

for (const { name, later, changes } of rows) {
  test(name, () => {
    expect(explainChange(receiptFrom(base), receiptFrom({ ...base, ...later }))).toEqual(changes)
  })
}

test('lines without a serial are matched by their item, one by one', () => {
  const before = receiptFrom({
    lines: [' | Tea | 1 | 1 | 2.00', ' | Tea | 1 | 1 | 2.00'],
    basket: [],
  })
  const after = receiptFrom({ lines: [' | Tea | 1 | 1 | 2.00'], subtotal: '4.00', basket: [] })
  expect(explainChange(before, after)).toEqual([
    { line: 1, serial: null, attribute: 'line', from: 'Tea', to: null },
  ])
})
