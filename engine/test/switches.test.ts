import { expect, test } from 'vitest'
import { evaluate, type Switches } from '../src/engine.ts'
import { factsFrom, type Given, outcomeOf } from './notation.ts'

/** Each switch in both positions on one case where it decides. */
const rows: { name: string; given: Given; outcomes: [Partial<Switches>, string[], string[]][] }[] =
  [
    {
      name: 'amount thresholds read what earlier discounts left, or the original',
      given: {
        lines: ['1.0 | meal | 1 | 1 | 10.00'],
        criteria: {
          q: { function: 'receipt_subtotal', percentage: '10', receipt: ['subtotal_amount >= 10'] },
        },
        basket: ['1 reward flat 3.00', '2 reward rule q'],
      },
      outcomes: [
        [{ thresholdBasis: 'running' }, ['1: 3.00 = 1.0 x1 3.00'], ['2: not_qualified']],
        [{ thresholdBasis: 'original' }, ['1: 3.00 = 1.0 x1 3.00', '2: 0.70 = 1.0 x1 0.70'], []],
      ],
    },
    {
      name: 'a unit priced 0.00 is ignored, or may be the cheapest',
      given: {
        lines: ['1.0 | burger | 1 | 1 | 9.00', '2.0 | burger | 1 | 1 | 0.00'],
        selectors: ['B = base_only where item_id in 1'],
        criteria: { q: { function: 'sum_amounts', filters: ['B min_price x1'] } },
        basket: ['1 reward rule q'],
      },
      outcomes: [
        [{ zeroPricedUnits: 'ignore' }, ['1: 9.00 = 1.0 x1 9.00'], []],
        [{ zeroPricedUnits: 'legacy' }, [], ['1: zero_amount']],
      ],
    },
    {
      name: 'banked currency goes last, or in its place',
      given: {
        lines: ['1.0 | meal | 1 | 1 | 10.00'],
        criteria: { half: { function: 'receipt_subtotal', percentage: '50' } },
        basket: ['1 currency 4.00 until 2025-06-20', '2 reward rule half until 2025-06-30'],
        wallet: { currency: '4.00' },
        settings: { classes: ['loyalty', 'offer'] },
      },
      outcomes: [
        [{ tenderLast: true }, ['2: 5.00 = 1.0 x1 5.00', '1: 4.00 = 1.0 x1 4.00; 0.00 left'], []],
        [{ tenderLast: false }, ['1: 4.00 = 1.0 x1 4.00; 0.00 left', '2: 3.00 = 1.0 x1 3.00'], []],
      ],
    },
    {
      name: 'currency asked beyond the room is lowered, or refused',
      given: {
        lines: ['1.0 | meal | 1 | 1 | 3.00'],
        basket: ['1 currency 4.00'],
        wallet: { currency: '9.00' },
      },
      outcomes: [
        [{ currencyOverAsk: 'clamp' }, ['1: 3.00 = 1.0 x1 3.00; 6.00 left'], []],
        [{ currencyOverAsk: 'fail' }, [], ['1: not_qualified']],
      ],
    },
    {
      name: 'a failure leaves the others, or empties the batch',
      given: {
        lines: ['1.0 | meal | 1 | 1 | 3.00'],
        basket: ['1 reward flat 1.00', '2 redeemable flat 1.00 for 5 points'],
      },
      outcomes: [
        [{ batchPolicy: 'partial' }, ['1: 1.00 = 1.0 x1 1.00'], ['2: insufficient_points']],
        [{ batchPolicy: 'all' }, [], ['2: insufficient_points']],
      ],
    },
    {
      name: 'two for one gives one pair, or as many as there are',
      given: {
        lines: ['1.0 | burger | 1 | 5 | 25.00'],
        selectors: ['B = base_only where item_id in 1'],
        criteria: { q: { function: 'bogof', filters: ['B'] } },
        basket: ['1 reward rule q'],
      },
      outcomes: [
        [{ bogofDefaultPairs: 1 }, ['1: 5.00 = 1.0 x1 5.00'], []],
        [{ bogofDefaultPairs: 'unlimited' }, ['1: 10.00 = 1.0 x2 10.00'], []],
      ],
    },
    {
      name: 'the limit of modifiers is for each base, or for the receipt',
      given: {
        lines: [
          '1.0 | burger | 1 | 1 | 8.00',
          '1.1 | cheese | 5 | 1 | 1.00',
          '2.0 | burger | 1 | 1 | 8.00',
          '2.1 | bacon | 6 | 1 | 2.00',
        ],
        selectors: ['M = modifiers_only where item_id in 1 with any limit 1 by max_price'],
        criteria: { q: { function: 'sum_amounts', filters: ['M'] } },
        basket: ['1 reward rule q'],
      },
      outcomes: [
        [{ modifierLimitScope: 'base_unit' }, ['1: 3.00 = 1.1 x1 1.00, 2.1 x1 2.00'], []],
        [{ modifierLimitScope: 'receipt' }, ['1: 2.00 = 2.1 x1 2.00'], []],
      ],
    },
    {
      name: 'rounding to whole currency comes before, or after the percentage',
      given: {
        lines: ['1.0 | pizza | 1 | 1 | 13.76'],
        criteria: { q: { function: 'sum_amounts', rounding: 'floor', percentage: '50' } },
        basket: ['1 reward rule q'],
      },
      outcomes: [
        [{ roundingStage: 'before_percent' }, ['1: 6.50 = 1.0 x1 6.50'], []],
        [{ roundingStage: 'after_percent' }, ['1: 6.00 = 1.0 x1 6.00'], []],
      ],
    },
  ]

for (const { name, given, outcomes } of rows) {
  for (const [switches, granted, failed] of outcomes) {
    test(`${name}: ${Object.values(switches).join()}`, () => {
      const facts = factsFrom({ ...given, settings: { ...given.settings, switches } })
      expect(outcomeOf(evaluate(facts), facts)).toMatchObject({ granted, failed })
    })
  }
}

test('under the policy of all, what would have been granted is withheld and nothing is spent', () => {
  const facts = factsFrom({
    lines: ['1.0 | meal | 1 | 1 | 3.00'],
    basket: ['1 redeemable flat 1.00 for 5 points', '2 card'],
    wallet: { points: 5 },
    settings: { switches: { batchPolicy: 'all' } },
  })
  const { withheld, walletAfter, totalDiscountCents } = evaluate(facts)
  expect(withheld.map(({ item, discountCents }) => [item.basketItemId, discountCents])).toEqual([
    [1, 100],
  ])
  expect(walletAfter).toEqual(facts.wallet)
  expect(totalDiscountCents).toBe(0)
})
