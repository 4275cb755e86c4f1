import fc from 'fast-check'
import type { CriterionNote, Given } from './notation.ts'

/** How many baskets a property is tried on; the soak raises it. */
export const propertyRuns = Number(process.env.REGULARS_PROPERTY_RUNS ?? 5000)

const selectors = [
  'burgers = base_only where item_id in 101,102',
  'sides = base_only where item_id in 103,104',
  'everything = base_only',
  'meals = base_and_modifiers where item_id in 101,103 with any',
  'toppings = modifiers_only where item_id in 101,102 with any limit 2 by max_price',
  'cheapTopping = base_and_modifiers with any limit 1 by min_price payable',
  'delivery = base_only where line_item_type == S',
]
const selectorNames = selectors.map((note) => note.split(' ')[0] ?? '')

const selectorName = fc.constantFrom(...selectorNames)
const amount = fc
  .integer({ min: 0, max: 1800 })
  .map((value) => (value % 7 === 0 ? 0 : value))
  .map((value) => (value / 100).toFixed(2))

type LineSeed = {
  itemId: number
  quantity: string
  amount: string
  modifiers: string[]
  attached: string | null
  type: string
}

const lineSeed: fc.Arbitrary<LineSeed> = fc.record({
  itemId: fc.integer({ min: 101, max: 105 }),
  quantity: fc.constantFrom('1', '1', '1', '2', '3', '2.5'),
  amount,
  modifiers: fc.array(amount, { maxLength: 2 }),
  attached: fc.option(amount, { freq: 8, nil: null }),
  type: fc.constantFrom('M', 'M', 'M', 'M', 'M', 'X', 'S', 'D'),
})

/** Serials leave room between lines, so that a line can be split without moving in the order. */
function linesFrom(seeds: readonly LineSeed[]): string[] {
  return seeds.flatMap(({ itemId, quantity, amount: price, modifiers, attached, type }, place) => {
    const base = (place + 1) * 10
    const line = `${base}.0 | item ${itemId} | ${itemId} | ${quantity} | ${price} | ${type}`
    if (type === 'D') return [line]
    const modified = modifiers.map(
      (cost, k) => `${base}.${k + 1} | mod ${k} | ${501 + k} | ${quantity} | ${cost} | ${type}`,
    )
    const discount = attached === null ? [] : [`${base}.9 | off | ${itemId} | 1 | ${attached} | D`]
    return [line, ...modified, ...discount]
  })
}

const filter = fc
  .tuple(
    selectorName,
    fc.constantFrom('', '', ' max_price', ' min_price', ' exclude'),
    fc.constantFrom('', '', ' x1', ' x2'),
  )
  .map((parts) => parts.join(''))

const qualifier = fc
  .tuple(
    selectorName,
    fc.constantFrom(
      'line_item_exists',
      'line_item_exists',
      'line_item_does_not_exist',
      'net_quantity_greater_than_or_equal_to 1',
      'net_quantity_greater_than_or_equal_to 2',
      'net_quantity_equal_to 2',
      'net_amount_greater_than_or_equal_to 5',
      'net_amount_excluding_min_priced_item_equal_to_or_more_than 3',
      'net_amount_excluding_max_priced_item_equal_to_or_more_than 3',
    ),
  )
  .map((parts) => parts.join(' '))

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) =>
  fc.option(arbitrary, { nil: undefined, freq })

const functions = fc.constantFrom<CriterionNote['function']>(
  'sum_amounts',
  'sum_amounts',
  'hit_target_price',
  'rate_rollback',
  'bundle_price_target',
  'bundle_price_target_advanced',
  'hit_target_price_max_price_once',
  'hit_target_price_min_price_once',
  'sum_amounts_incremental',
  'static_amount',
  'receipt_subtotal',
  'bogof',
  'bogof2',
  'receipt_total_amount',
  'sum_qty',
)

/** A criterion of any function, with everything else as it may come. */
export const criterionNote: fc.Arbitrary<CriterionNote> = fc
  .record({
    function: functions,
    percentage: maybe(fc.constantFrom('10', '33.333', '50', '100', '150')),
    cap: maybe(fc.constantFrom('0.01', '3', '7.77', '20')),
    target: maybe(fc.constantFrom('1', '3.50', '6'), 8),
    units: maybe(fc.constantFrom('1', '2', '3')),
    unitDiscount: maybe(fc.constantFrom('0.05', '0.333', '1', '4'), 8),
    floor: maybe(fc.constantFrom('0.5', '2', '3.5')),
    rounding: maybe(fc.constantFrom('round', 'ceil', 'floor'), 1),
    combine: maybe(fc.constantFrom('All', 'Any')),
    keep: maybe(fc.constantFrom('Min', 'Max')),
    stack: maybe(fc.boolean()),
    reuse: maybe(fc.boolean()),
    filters: fc.array(filter, { maxLength: 2 }),
    items: fc.array(qualifier, { maxLength: 2 }),
    anyItem: maybe(fc.boolean()),
    receipt: fc.constantFrom<string[]>(
      [],
      [],
      [],
      ['subtotal_amount >= 6'],
      ['receipt_hour in_range 9..12'],
    ),
  })
  .map(defined)

/** Optional members are left out, as the notation has them. */
function defined(note: object): CriterionNote {
  return Object.fromEntries(
    Object.entries(note).filter(([, value]) => value !== undefined),
  ) as CriterionNote
}

const kind = fc.constantFrom(
  'reward rule 0',
  'reward rule 1',
  'reward rule 2',
  'reward flat 3.00',
  'redeemable rule 1 for 60 points',
  'redeemable flat 2.50 for 50 points',
  'code rule 2',
  'card',
  'currency 6.00',
  'subscription',
  'fuel',
)

const settings = fc.record({
  stacking: fc.boolean(),
  reuse: fc.boolean(),
  most: fc.constantFrom(10, 10, 3, 2),
  classes: fc.constantFrom(
    [],
    ['offer 2', 'loyalty 1', 'promo_coupon 1', 'pre_purchased 1'],
    ['loyalty', 'offer 1'],
  ),
  exclude: fc.constantFrom(
    [],
    [],
    ['offer|loyalty'],
    ['promo_coupon|pre_purchased', 'offer|offer'],
  ),
  leave: fc.constantFrom('0', '0', '1.00'),
})

/** A receipt, a basket and rules of every kind. */
export const anyGiven: fc.Arbitrary<Given> = fc
  .record({
    seeds: fc.array(lineSeed, { minLength: 1, maxLength: 7 }),
    declared: maybe(amount, 1),
    notes: fc.tuple(criterionNote, criterionNote, criterionNote),
    kinds: fc.array(fc.tuple(kind, fc.integer({ min: 14, max: 25 })), {
      minLength: 1,
      maxLength: 6,
    }),
    settings,
    base: maybe(fc.constantFrom('0', '1'), 1),
  })
  .map(({ seeds, declared, notes, kinds, settings: chosen, base }) => ({
    lines: linesFrom(seeds),
    ...(declared === undefined ? {} : { subtotal: declared }),
    selectors,
    criteria: Object.fromEntries(notes.map((note, place) => [String(place), note])),
    benefits: ['2 1', '1 2'],
    basket: kinds.map(([text, day], place) => `${place + 1} ${text} until 2025-06-${day}`),
    wallet: { points: 100, currency: '12.00', cards: 1, fuel: '0.25' },
    settings: { ...chosen, ...(base === undefined ? {} : { base }) },
  }))

/** One rule on one receipt, given as a reward. */
export function singleRule(given: Given, note: CriterionNote): Given {
  return {
    lines: given.lines,
    selectors,
    criteria: { only: note },
    basket: ['1 reward rule only'],
  }
}
