import { describe, expect, test } from 'vitest'
import { autoSelect, evaluateAlone } from '../src/engine.ts'
import { factsFrom, type Given } from './notation.ts'

const burger = {
  lines: ['1.0 | Burger | 101 | 1 | 10.00'],
  selectors: ['B = base_only where item_id in 101'],
  criteria: {
    half: { function: 'sum_amounts' as const, percentage: '50', stack: false, filters: ['B'] },
    free: { function: 'sum_amounts' as const, stack: false, filters: ['B'] },
    tea: { function: 'receipt_subtotal' as const, receipt: ['channel == kiosk'] },
  },
}

type Row = {
  name: string
  /** Already in the basket; the others are candidates. */
  selected?: number[]
  given: Pick<Given, 'basket'> & Partial<Given>
  lists?: ('offer' | 'subscription' | 'fuel_reward' | 'discount_amount')[]
  byExpiry: number[]
  best: number[]
}

const rows: Row[] = [
  {
    name: 'of two that exclude each other, the sooner or the better',
    given: {
      basket: ['1 reward rule half until 2025-06-30', '2 reward rule free until 2025-07-31'],
    },
    byExpiry: [1],
    best: [2],
  },
  {
    name: 'what does not qualify is left out',
    given: { basket: ['1 reward rule tea', '2 reward flat 1.00'] },
    byExpiry: [2],
    best: [2],
  },
  {
    name: 'what costs points, a card or a code is never chosen for the guest',
    given: {
      basket: ['1 redeemable flat 1.00 for 5 points', '2 card', '3 code flat 1.00'],
      wallet: { points: 50, cards: 1 },
    },
    byExpiry: [],
    best: [],
  },
  {
    name: 'currency only where the business lists it',
    given: { basket: ['1 currency 2.00'], wallet: { currency: '2.00' } },
    byExpiry: [],
    best: [],
  },
  {
    name: 'currency where the business lists it',
    given: { basket: ['1 currency 2.00'], wallet: { currency: '2.00' } },
    lists: ['discount_amount'],
    byExpiry: [1],
    best: [1],
  },
  {
    name: 'no more than the limit',
    given: {
      basket: ['1 reward flat 1.00', '2 reward flat 3.00', '3 reward flat 2.00'],
      settings: { most: 2 },
    },
    byExpiry: [1, 2],
    best: [2, 3],
  },
  {
    name: 'of equal worth the fewer, then the sooner, then the lower id',
    given: {
      basket: [
        '1 reward flat 10.00 until 2025-07-31',
        '2 reward flat 10.00 until 2025-06-30',
        '3 reward flat 10.00 until 2025-06-30',
      ],
    },
    byExpiry: [2],
    best: [2],
  },
  {
    name: 'one subscription to a basket',
    given: { basket: ['1 subscription', '2 subscription'], benefits: ['1 half'] },
    byExpiry: [1],
    best: [1],
  },
  {
    name: 'what would lower a selected amount, unless the total gains',
    selected: [1],
    given: {
      lines: ['1.0 | Pizza | 201 | 1 | 10.00'],
      criteria: { half: { function: 'receipt_subtotal', percentage: '50' } },
      basket: ['1 reward rule half until 2025-07-31', '2 reward flat 3.00 until 2025-06-30'],
    },
    byExpiry: [],
    best: [2],
  },
  {
    name: 'what the guest selected stays, and nothing takes from it',
    selected: [2],
    given: {
      basket: ['1 reward rule half until 2025-06-30', '2 reward rule free until 2025-07-31'],
    },
    byExpiry: [],
    best: [],
  },
]

for (const { name, selected = [], given, lists, byExpiry, best } of rows) {
  describe(name, () => {
    for (const [way, expected] of [
      ['date_of_expiry', byExpiry],
      ['best_value', best],
    ] as const) {
      test(way, () => {
        const facts = factsFrom({ ...burger, ...given })
        const settings = {
          ...facts.settings,
          autoRedemptionDiscounts: lists ?? facts.settings.autoRedemptionDiscounts,
          switches: { ...facts.settings.switches, autoSelect: way },
        }
        const isSelected = ({ basketItemId }: { basketItemId: number }) =>
          selected.includes(basketItemId)
        const chosen = autoSelect(
          { ...facts, settings, basket: facts.basket.filter(isSelected) },
          facts.basket.filter((item) => !isSelected(item)),
        )
        expect(chosen.add.map(({ basketItemId }) => basketItemId).sort()).toEqual(expected)
        expect(chosen.drop).toEqual([])
        expect(chosen.evaluation.failures).toEqual([])
      })
    }
  })
}

test('a selected item that fails on this receipt is dropped', () => {
  const facts = factsFrom({ ...burger, basket: ['1 reward rule tea', '2 reward flat 1.00'] })
  const chosen = autoSelect(facts, [])
  expect(chosen.drop.map(({ basketItemId }) => basketItemId)).toEqual([1])
  expect(chosen.evaluation.success.map(({ item }) => item.basketItemId)).toEqual([2])
})

test('a candidate not marked for it is not chosen', () => {
  const facts = factsFrom({ ...burger, basket: ['1 reward flat 1.00'] })
  const candidates = facts.basket.map((item) => ({
    ...item,
    discount: item.discount && { ...item.discount, autoApplicable: false },
  }))
  expect(autoSelect({ ...facts, basket: [] }, candidates).add).toEqual([])
})

test('eleven candidates are chosen one by one, the best first', () => {
  const basket = Array.from({ length: 11 }, (_, n) => `${n + 1} reward flat ${n + 1}.00`)
  const facts = factsFrom({
    lines: ['1.0 | feast | 1 | 1 | 100.00'],
    basket,
    settings: { most: 2 },
  })
  const settings = {
    ...facts.settings,
    switches: { ...facts.settings.switches, autoSelect: 'best_value' as const },
  }
  const chosen = autoSelect({ ...facts, settings, basket: [] }, facts.basket)
  expect(chosen.add.map(({ basketItemId }) => basketItemId)).toEqual([11, 10])
})

test('a look-up says of each candidate what selecting it would give, and reserves nothing', () => {
  const facts = factsFrom({
    ...burger,
    basket: [
      '1 reward rule free until 2025-07-31',
      '2 reward flat 3.00 until 2025-06-20',
      '3 redeemable flat 1.00 for 60 points until 2025-06-20',
      '4 redeemable flat 2.00 for 60 points until 2025-06-20',
      '5 reward rule tea',
    ],
    wallet: { points: 60 },
  })
  const [selected, ...candidates] = facts.basket
  if (selected === undefined) throw new Error('one item is selected')
  const lookup = evaluateAlone({ ...facts, basket: [selected] }, candidates)
  expect(lookup.selected.success.map(({ discountCents }) => discountCents)).toEqual([1000])
  expect(
    lookup.alone.map((outcome) =>
      outcome.kind === 'granted' ? outcome.granted.discountCents : outcome.failed.code,
    ),
  ).toEqual([300, 100, 200, 'not_qualified'])
})
