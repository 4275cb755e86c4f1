import { expect, test } from 'vitest'
import { evaluate } from '../src/engine.ts'
import { factsFrom } from './notation.ts'

const flags = [true, false]

/** Two discounts on one burger: 50 %, then 3.00. */
for (const business of flags) {
  for (const first of flags) {
    for (const second of flags) {
      const both = business && first && second
      test(`stacking: business ${business}, first ${first}, second ${second}: ${both ? 'both' : 'one'}`, () => {
        const facts = factsFrom({
          lines: ['1.0 | Burger | 1 | 1 | 10.00'],
          selectors: ['B = base_only where item_id in 1'],
          criteria: {
            a: { function: 'sum_amounts', percentage: '50', stack: first, filters: ['B'] },
            b: { function: 'static_amount', cap: '3', stack: second, filters: ['B'] },
          },
          basket: ['1 reward rule a until 2025-06-30', '2 reward rule b until 2025-07-31'],
          settings: { stacking: business },
        })
        const { success, failures } = evaluate(facts)
        expect(success.map(({ discountCents }) => discountCents)).toEqual(both ? [500, 300] : [500])
        expect(failures.map(({ code }) => code)).toEqual(both ? [] : ['not_qualified'])
      })
    }
  }
}

/** Two discounts on two sides, each qualified by the one burger. */
for (const business of flags) {
  for (const first of flags) {
    for (const second of flags) {
      const both = business && first && second
      test(`reuse: business ${business}, first ${first}, second ${second}: ${both ? 'both' : 'one'}`, () => {
        const facts = factsFrom({
          lines: [
            '1.0 | Burger | 1 | 1 | 10.00',
            '2.0 | Fries | 2 | 1 | 3.00',
            '3.0 | Soda | 3 | 1 | 2.00',
          ],
          selectors: [
            'B = base_only where item_id in 1',
            'F = base_only where item_id in 2',
            'S = base_only where item_id in 3',
          ],
          criteria: {
            a: {
              function: 'sum_amounts',
              reuse: first,
              filters: ['F'],
              items: ['B line_item_exists'],
            },
            b: {
              function: 'sum_amounts',
              reuse: second,
              filters: ['S'],
              items: ['B line_item_exists'],
            },
          },
          basket: ['1 reward rule a until 2025-06-30', '2 reward rule b until 2025-07-31'],
          settings: { reuse: business },
        })
        const { success, failures } = evaluate(facts)
        expect(success.map(({ discountCents }) => discountCents)).toEqual(both ? [300, 200] : [300])
        expect(failures.map(({ code, nearestMiss }) => [code, nearestMiss])).toEqual(
          both ? [] : [['not_qualified', 'needs 1 more B']],
        )
      })
    }
  }
}

const crossing = [
  { scope: 'qualifier_and_target', reuse: false, amounts: [300], name: 'bars it as a target' },
  { scope: 'qualifier_only', reuse: false, amounts: [300, 1000], name: 'leaves it as a target' },
  { scope: 'qualifier_and_target', reuse: true, amounts: [300, 1000], name: 'does not lock it' },
] as const

for (const { scope, reuse, amounts, name } of crossing) {
  test(`a qualifier used with reuse ${reuse} under ${scope} ${name}`, () => {
    const facts = factsFrom({
      lines: ['1.0 | Burger | 1 | 1 | 10.00', '2.0 | Fries | 2 | 1 | 3.00'],
      selectors: ['B = base_only where item_id in 1', 'F = base_only where item_id in 2'],
      criteria: {
        a: { function: 'sum_amounts', reuse, filters: ['F'], items: ['B line_item_exists'] },
        b: { function: 'sum_amounts', filters: ['B'] },
      },
      basket: ['1 reward rule a until 2025-06-30', '2 reward rule b until 2025-07-31'],
      settings: { switches: { qualifierLockScope: scope } },
    })
    expect(evaluate(facts).success.map(({ discountCents }) => discountCents)).toEqual(amounts)
  })
}

test('a discount of the whole receipt that does not stack locks the check', () => {
  const facts = factsFrom({
    lines: ['1.0 | Burger | 1 | 1 | 10.00', '2.0 | Fries | 2 | 1 | 3.00'],
    selectors: ['F = base_only where item_id in 2'],
    criteria: {
      a: { function: 'receipt_subtotal', percentage: '10', stack: false },
      b: { function: 'sum_amounts', filters: ['F'] },
    },
    basket: ['1 reward rule a until 2025-06-30', '2 reward rule b until 2025-07-31'],
  })
  expect(evaluate(facts).failures.map(({ item }) => item.basketItemId)).toEqual([2])
})

test('banked currency sets no lock and is stopped by none, unless the switch says otherwise', () => {
  const given = {
    lines: ['1.0 | Burger | 1 | 1 | 10.00'],
    criteria: { a: { function: 'receipt_subtotal' as const, percentage: '10', stack: false } },
    basket: ['1 reward rule a', '2 currency 5.00'],
    wallet: { currency: '5.00' },
  }
  const amounts = (currencyIsTender: boolean) =>
    evaluate(factsFrom({ ...given, settings: { switches: { currencyIsTender } } })).success.map(
      ({ discountCents }) => discountCents,
    )
  expect(amounts(true)).toEqual([100, 500])
  expect(amounts(false)).toEqual([100])
})
