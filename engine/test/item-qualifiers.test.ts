import { expect, test } from 'vitest'
import { evaluate } from '../src/engine.ts'
import { factsFrom } from './notation.ts'

// Burgers at 10, 8 and 7: three units, 25.00.
const rows = [
  { qualifier: 'burgers line_item_exists', miss: null },
  { qualifier: 'salads line_item_exists', miss: 'needs 1 more salads' },
  { qualifier: 'burgers line_item_does_not_exist', miss: 'works only without burgers' },
  { qualifier: 'salads line_item_does_not_exist', miss: null },
  { qualifier: 'burgers net_quantity_greater_than_or_equal_to 3', miss: null },
  { qualifier: 'burgers net_quantity_greater_than_or_equal_to 5', miss: 'needs 2 more burgers' },
  { qualifier: 'burgers net_quantity_equal_to 3', miss: null },
  {
    qualifier: 'burgers net_quantity_equal_to 2',
    miss: 'needs exactly 2 burgers, the receipt has 3',
  },
  { qualifier: 'burgers net_quantity_equal_to 4', miss: 'needs 1 more burgers' },
  { qualifier: 'burgers net_amount_greater_than_or_equal_to 25', miss: null },
  { qualifier: 'burgers net_amount_greater_than_or_equal_to 26', miss: 'burgers 25.00 of 26.00' },
  {
    qualifier: 'burgers net_amount_excluding_min_priced_item_equal_to_or_more_than 18',
    miss: null,
  },
  {
    qualifier: 'burgers net_amount_excluding_min_priced_item_equal_to_or_more_than 19',
    miss: 'burgers 18.00 of 19.00',
  },
  {
    qualifier: 'burgers net_amount_excluding_max_priced_item_equal_to_or_more_than 15',
    miss: null,
  },
  {
    qualifier: 'burgers net_amount_excluding_max_priced_item_equal_to_or_more_than 16',
    miss: 'burgers 15.00 of 16.00',
  },
]

const burgers = {
  lines: ['1.0 | A | 1 | 1 | 10.00', '2.0 | B | 2 | 1 | 8.00', '3.0 | C | 3 | 1 | 7.00'],
  selectors: [
    'burgers = base_only where item_id in 1,2,3',
    'salads = base_only where item_id in 9',
  ],
  basket: ['1 reward rule q'],
}

for (const { qualifier, miss } of rows) {
  test(`${qualifier}: ${miss ?? 'met'}`, () => {
    const facts = factsFrom({
      ...burgers,
      criteria: { q: { function: 'receipt_subtotal', items: [qualifier] } },
    })
    const { success, failures } = evaluate(facts)
    expect(failures.map(({ code, nearestMiss }) => [code, nearestMiss])).toEqual(
      miss === null ? [] : [['not_qualified', miss]],
    )
    expect(success.length).toBe(miss === null ? 1 : 0)
  })
}

test('with any, one qualifier is enough and only it consumes', () => {
  const items = ['salads line_item_exists', 'burgers net_quantity_greater_than_or_equal_to 2']
  const given = {
    ...burgers,
    criteria: { q: { function: 'static_amount' as const, cap: '1', items } },
  }
  expect(evaluate(factsFrom(given)).success.length).toBe(0)
  const any = { ...given, criteria: { q: { ...given.criteria.q, anyItem: true } } }
  const [granted] = evaluate({ ...factsFrom(any), explain: true }).success
  const consumed = granted?.trace.find(({ step }) => step === 'consumed')
  expect(consumed?.facts).toEqual({ lines: [0, 1] })
})

test('own targets are consumed first, then the dearest', () => {
  const facts = factsFrom({
    ...burgers,
    criteria: {
      q: {
        function: 'sum_amounts',
        filters: ['burgers min_price x1'],
        items: ['burgers net_quantity_greater_than_or_equal_to 2'],
      },
    },
  })
  const [granted] = evaluate({ ...facts, explain: true }).success
  const consumed = granted?.trace.find(({ step }) => step === 'consumed')
  expect(consumed?.facts).toEqual({ lines: [2, 0] })
})
