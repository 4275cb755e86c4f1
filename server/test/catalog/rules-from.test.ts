import { micros } from '@regulars/contract/values/exact'
import { cents } from '@regulars/contract/values/money'
import { readCriterion, readRedeemable, readSelector } from '@regulars/contract/wire/offers-read'
import type { Criterion, Rule, Selector } from '@regulars/engine'
import { describe, expect, test } from 'vitest'
import {
  criterionFrom,
  locationScopeFrom,
  type RuleReferences,
  ruleFrom,
  selectorFrom,
} from '../../src/catalog/rules-from.ts'

const pizza: Selector = {
  id: 'pizza',
  name: 'Pizza',
  filterItemSet: 'base_only',
  excludeNonPayable: false,
  baseClauses: [],
  modifiers: { clauses: [], maxDiscountUnits: null, processingMethod: null },
}

/** Every member at its default, of a criterion that says nothing but its function. */
const plain: Criterion = {
  id: 'x',
  name: 'X',
  processingFunction: 'sum_amounts',
  lineItemFilters: [],
  itemFilterOperator: 'All',
  discountEvaluationStrategy: 'Min',
  itemQualifiers: [],
  qualifyingOperator: 'All',
  receiptQualifiers: [],
  percentage: null,
  amountCapCents: null,
  roundingRule: null,
  maxDiscountUnits: null,
  unitDiscount: null,
  minimumUnitRate: null,
  targetPriceCents: null,
  effectiveLocations: [],
  stackDiscounting: null,
  reuseQualifyingItems: null,
  aggregateBy: null,
}

const references: RuleReferences = {
  selectors: new Map([['pizza', pizza]]),
  criteria: new Map([['x', plain]]),
  locationIds: new Map([['pier', 4101]]),
}

const known = {
  selectors: new Set(['pizza']),
  criteria: new Set(['x']),
  scopes: new Set(['location:pier', 'location:4101', 'tag:waterfront']),
}
const newId = 'made-up'

const rollback = { qc_processing_function: 'rate_rollback', unit_discount: 1 }

const criteria: readonly { name: string; sent: object; expected: Partial<Criterion> }[] = [
  { name: 'nothing but a function', sent: {}, expected: {} },
  {
    name: 'a percentage with a fraction',
    sent: { percentage_of_processed_amount: 12.5 },
    expected: { percentage: micros(12_500_000) },
  },
  { name: 'a cap', sent: { amount_cap: '8.05' }, expected: { amountCapCents: cents(805) } },
  { name: 'an empty rounding rule', sent: { rounding_rule: '' }, expected: { roundingRule: null } },
  { name: 'a rounding rule', sent: { rounding_rule: 'CEIL' }, expected: { roundingRule: 'ceil' } },
  {
    name: 'the floor of a rollback as written',
    sent: { ...rollback, minimum_unit_rate: 3.4 },
    expected: {
      processingFunction: 'rate_rollback',
      unitDiscount: micros(1_000_000),
      minimumUnitRate: micros(3_400_000),
    },
  },
  {
    name: 'the floor of a rollback as read',
    sent: { ...rollback, min_post_rollback_rate: 3.4 },
    expected: {
      processingFunction: 'rate_rollback',
      unitDiscount: micros(1_000_000),
      minimumUnitRate: micros(3_400_000),
    },
  },
  {
    name: 'a target price',
    sent: { qc_processing_function: 'hit_target_price', target_price: 5 },
    expected: { processingFunction: 'hit_target_price', targetPriceCents: cents(500) },
  },
  {
    name: 'a filter with its defaults',
    sent: { line_item_filters: [{ line_item_selector_id: 'pizza' }] },
    expected: {
      lineItemFilters: [{ selector: pizza, processingMethod: 'sum_of_amount', quantity: null }],
    },
  },
  {
    name: 'a filter with the selector nested, as read',
    sent: {
      line_item_filters: [
        {
          line_item_selector: { external_id: 'pizza' },
          processing_method: 'min_price',
          quantity: 2,
        },
      ],
    },
    expected: {
      lineItemFilters: [{ selector: pizza, processingMethod: 'min_price', quantity: 2 }],
    },
  },
  {
    name: 'an item qualifier',
    sent: {
      item_qualifiers: [
        {
          line_item_selector_id: 'pizza',
          expression_type: 'net_amount_greater_than_or_equal_to',
          net_value: 6,
        },
      ],
      qualifying_expressions_operator: 'any',
    },
    expected: {
      itemQualifiers: [
        {
          selector: pizza,
          expressionType: 'net_amount_greater_than_or_equal_to',
          netValue: micros(6_000_000),
        },
      ],
      qualifyingOperator: 'Any',
    },
  },
  {
    name: 'receipt_qualifier on the amount, as read',
    sent: { receipt_qualifier: [{ attribute: 'amount', operator: '>=', value: '5' }] },
    expected: { receiptQualifiers: [{ attribute: 'total_amount', operator: '>=', value: '5' }] },
  },
  {
    name: 'the aggregator by item_type, as read',
    sent: {
      enable_menu_item_aggregator: 'Y',
      aggregator_grouping_attributes: { item_type: 'Y', item_id: 'Y', item_name: 'N' },
    },
    expected: { aggregateBy: ['item_id', 'line_item_type'] },
  },
  {
    name: 'grouping attributes without the aggregator',
    sent: { aggregator_grouping_attributes: { item_id: true } },
    expected: { aggregateBy: null },
  },
  {
    name: 'places by key, by number and by tag',
    sent: { effective_location: ['location:pier', 'location:4101', 'tag:waterfront'] },
    expected: { effectiveLocations: ['location:4101', 'location:4101', 'tag:waterfront'] },
  },
  {
    name: 'flags of its own',
    sent: { stack_discounting: 'ON', reuse_qualifying_items: 'off' },
    expected: { stackDiscounting: true, reuseQualifyingItems: false },
  },
  {
    name: 'Any filter, the largest',
    sent: { item_filter_expressions_operator: 'Any', discount_evaluation_strategy: 'Max' },
    expected: { itemFilterOperator: 'Any', discountEvaluationStrategy: 'Max' },
  },
]

describe('a published criterion becomes the rule of the engine', () => {
  for (const { name, sent, expected } of criteria) {
    test(name, () => {
      const { value, errors } = readCriterion(
        { external_id: 'x', name: 'X', qc_processing_function: 'sum_amounts', ...sent },
        { known, newId },
      )
      expect(errors).toEqual([])
      expect(criterionFrom(value ?? fail(), references)).toEqual({ ...plain, ...expected })
    })
  }
})

test('a published selector becomes the selector of the engine', () => {
  const clause = { attribute: 'item_family', operator: '==', value: 'milk' }
  const sent = {
    external_id: 'milk',
    name: 'Milk',
    filter_type: 'modifiers_only',
    exclude_non_payable: 1,
    base_items: { clauses: [{ attribute: 'item_group', operator: 'in', value: 'hot' }] },
    modifiers: { clauses: [clause], max_discount_units: 2, processing_method: 'min_price' },
  }
  expect(selectorFrom(readSelector(sent, newId).value ?? fail())).toEqual({
    id: 'milk',
    name: 'Milk',
    filterItemSet: 'modifiers_only',
    excludeNonPayable: true,
    baseClauses: [{ attribute: 'item_major_group', operator: 'in', value: 'hot' }],
    modifiers: { clauses: [clause], maxDiscountUnits: 2, processingMethod: 'min_price' },
  })
})

const rules: readonly { name: string; sent: object; expected: Rule }[] = [
  {
    name: 'a criterion of the list',
    sent: { qualifier_type: 'existing', redeeming_criterion_id: 'x' },
    expected: { kind: 'criterion', criterion: plain },
  },
  {
    name: 'a criterion of its own',
    sent: {
      qualifier_type: 'new',
      redeeming_criterion: { qc_processing_function: 'receipt_subtotal' },
    },
    expected: {
      kind: 'criterion',
      criterion: { ...plain, id: '', name: '', processingFunction: 'receipt_subtotal' },
    },
  },
  {
    name: 'an amount',
    sent: { qualifier_type: 'flat_discount', discount_amount: '4.35' },
    expected: { kind: 'flat', discountCents: cents(435) },
  },
]
for (const { name, sent, expected } of rules) {
  test(`a redeemable of ${name} has that rule`, () => {
    const { value, errors } = readRedeemable({ name: 'R', receipt_rule: sent }, { known, newId })
    expect(errors).toEqual([])
    expect(ruleFrom((value ?? fail()).receipt_rule, references)).toEqual(expected)
  })
}

test('a stored rule that refers to nothing is a fault of ours', () => {
  const rule = { qualifier_type: 'existing', redeeming_criterion_id: 'gone' } as const
  expect(() => ruleFrom(rule, references)).toThrow('a stored offer is complete')
})

test('a location nobody knows stays as it was written, and so matches nothing', () => {
  expect(locationScopeFrom(['location:gone'], references.locationIds)).toEqual(['location:gone'])
})

function fail(): never {
  throw new Error('the entry was refused')
}
