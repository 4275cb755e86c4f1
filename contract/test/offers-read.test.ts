import { expect, test } from 'vitest'
import * as engine from '../../engine/src/catalog.ts'
import {
  type KnownOffers,
  patchedOffer,
  readCriterion,
  readRedeemable,
  readSelector,
} from '../src/wire/offers-read.ts'
import * as words from '../src/wire/offers-words.ts'

const known: KnownOffers = {
  selectors: new Set(['pizza', 'drinks']),
  criteria: new Set(['half-off']),
  scopes: new Set(['location:4101', 'location:pier', 'tag:waterfront']),
}
const newId = '5f0c4d0e-0000-4000-8000-000000000001'

test('the words of offers on the wire are those the engine knows', () => {
  expect({ ...words }).toEqual({
    operators: engine.operators,
    lineAttributes: engine.lineAttributes,
    receiptAttributes: engine.receiptAttributes,
    processingFunctions: engine.processingFunctions,
    expressionTypes: engine.expressionTypes,
  })
})

test('a selector is read with its numbers and flags as text and any case of a word', () => {
  const sent = {
    external_id: 'pizza',
    name: '  Pizza ',
    filter_item_set: 'Base_And_Modifiers',
    exclude_non_payable: 'yes',
    base_items: { clauses: [{ attribute: 'item_id', operator: 'IN', value: 201 }] },
    modifiers: { max_discount_units: '2', processing_method: '', clauses: [] },
    created_by: 'somebody',
  }
  expect(readSelector(sent, newId)).toEqual({
    value: {
      external_id: 'pizza',
      name: 'Pizza',
      filter_item_set: 'base_and_modifiers',
      exclude_non_payable: true,
      base_items: { clauses: [{ attribute: 'item_id', operator: 'in', value: '201' }] },
      modifiers: { max_discount_units: 2, processing_method: null, clauses: [] },
    },
    errors: [],
    warnings: {},
  })
})

test('of two clauses on one attribute the first counts', () => {
  const clauses = [
    { attribute: 'item_id', operator: 'in', value: '1,2' },
    { attribute: 'item_id', operator: '==', value: '9' },
  ]
  const sent = { name: 'Pizza', filter_item_set: 'base_only', base_items: { clauses } }
  expect(readSelector(sent, newId)).toEqual({
    value: {
      external_id: newId,
      name: 'Pizza',
      filter_item_set: 'base_only',
      base_items: { clauses: [clauses[0]] },
    },
    errors: [],
    warnings: { clauses: ['Skipped. clauses[1] repeats item_id; the first one counts.'] },
  })
})

test('a selector with a clause that cannot be read is refused: without it, it selects more', () => {
  const clauses = [{ attribute: 'colour', operator: '==', value: 'red' }, 'nonsense']
  const sent = { name: 'Pizza', filter_item_set: 'base_only', base_items: { clauses } }
  expect(readSelector(sent, newId)).toEqual({
    value: null,
    errors: [
      'base_items.clauses[0].attribute: found "colour"; allowed is one of "item_name", "item_id", "quantity", "item_family", "item_major_group", "item_serial_number", "line_item_type", "item_total_amount".',
      'base_items.clauses[1]: found "nonsense"; allowed is an object.',
    ],
    warnings: {},
  })
})

const flags = [
  { name: 'Y', sent: 'Y', expected: true },
  { name: 'yes', sent: 'yes', expected: true },
  { name: '1 as a number', sent: 1, expected: true },
  { name: 'On', sent: 'On', expected: true },
  { name: 'true', sent: true, expected: true },
  { name: 'T', sent: 'T', expected: false },
  { name: 'no', sent: 'no', expected: false },
  { name: '0', sent: 0, expected: false },
  { name: 'null, which takes the flag of the business', sent: null, expected: null },
]
for (const { name, sent, expected } of flags) {
  test(`stack_discounting sent as ${name} is ${expected}`, () => {
    const { value } = readCriterion(
      { name: 'x', qc_processing_function: 'sum_amounts', stack_discounting: sent },
      { known, newId },
    )
    expect(value?.stack_discounting).toBe(expected)
  })
}

test('a criterion copied from a reply is read under the names of writes', () => {
  const sent = {
    external_id: 'half-off',
    name: 'Half off',
    qc_processing_function: 'rate_rollback',
    unit_discount: '0.20',
    min_post_rollback_rate: '3.4',
    rounding_rule: '',
    receipt_qualifier: [{ attribute: 'amount', operator: '>=', value: 5 }],
    line_item_filters: [
      {
        quantity: '1',
        processing_method: 'max_price',
        line_item_selector: { external_id: 'pizza' },
      },
    ],
    enable_menu_item_aggregator: '1',
    aggregator_grouping_attributes: { item_id: 'Y', item_type: 'Y' },
  }
  expect(readCriterion(sent, { known, newId })).toEqual({
    value: {
      external_id: 'half-off',
      name: 'Half off',
      qc_processing_function: 'rate_rollback',
      unit_discount: 0.2,
      minimum_unit_rate: 3.4,
      rounding_rule: null,
      receipt_qualifiers: [{ attribute: 'total_amount', operator: '>=', value: '5' }],
      line_item_filters: [
        { quantity: 1, processing_method: 'max_price', line_item_selector_id: 'pizza' },
      ],
      enable_menu_item_aggregator: true,
      aggregator_grouping_attributes: { item_id: true, line_item_type: true },
    },
    errors: [],
    warnings: {},
  })
})

test('a criterion whose filters, qualifiers or places say too little is refused', () => {
  const { value, errors, warnings } = readCriterion(
    {
      name: 'x',
      qc_processing_function: 'sum_amounts',
      line_item_filters: [
        { line_item_selector_id: 'pasta' },
        { line_item_selector_id: 'pizza', processing_method: 'min_price', quantity: 6 },
        { line_item_selector_id: 'drinks' },
      ],
      item_qualifiers: [
        { line_item_selector_id: 'pizza', expression_type: 'net_quantity_equal_to' },
        { line_item_selector_id: 'pizza' },
      ],
      effective_location: ['location:4101', 'location:9', 'tag:waterfront'],
    },
    { known, newId },
  )
  expect(value).toBeNull()
  expect(errors).toEqual([
    'line_item_filters[1].quantity: found 6; allowed is a whole number from 1 to 5 or null.',
    'line_item_filters[0].line_item_selector_id: found "pasta"; allowed is the external id of a line item selector.',
    'item_qualifiers[0].net_value: found nothing; allowed is a number above 0, for "net_quantity_equal_to".',
    'effective_location[1]: found "location:9"; allowed is location: and the id of a location, or tag: and a tag of one.',
  ])
  expect(warnings).toEqual({})
})

test('a receipt qualifier of an unknown attribute, or of one that was there, is skipped', () => {
  const { value, errors, warnings } = readCriterion(
    {
      name: 'x',
      qc_processing_function: 'sum_amounts',
      receipt_qualifiers: [
        { attribute: 'weather', operator: '==', value: 'rain' },
        { attribute: 'channel', operator: '==', value: 'pos' },
        { attribute: 'channel', operator: '==', value: 'mobile' },
      ],
    },
    { known, newId },
  )
  expect(errors).toEqual([])
  expect(value?.receipt_qualifiers).toEqual([
    { attribute: 'channel', operator: '==', value: 'pos' },
  ])
  expect(warnings).toEqual({
    receipt_qualifiers: [
      'Skipped. receipt_qualifiers[0] has no attribute of a receipt.',
      'Skipped. receipt_qualifiers[2] repeats channel; the first one counts.',
    ],
  })
})

const refusedCriteria = [
  {
    name: 'without a name',
    sent: { qc_processing_function: 'sum_amounts' },
    errors: ['name: found nothing; allowed is text of 1 to 255 characters.'],
  },
  {
    name: 'of a target price without one',
    sent: { name: 'x', qc_processing_function: 'hit_target_price' },
    errors: ['target_price: found nothing; allowed is an amount, for "hit_target_price".'],
  },
  {
    name: 'with a cap over 99999',
    sent: { name: 'x', qc_processing_function: 'sum_amounts', amount_cap: 99_999.01 },
    errors: [
      'amount_cap: found 99999.01; allowed is a number from 0 to 99999 with at most 2 decimals or null.',
    ],
  },
  { name: 'that is a word', sent: 'sum_amounts', errors: ['An entry is an object.'] },
]
for (const { name, sent, errors } of refusedCriteria) {
  test(`a criterion ${name} is refused`, () => {
    expect(readCriterion(sent, { known, newId })).toEqual({ value: null, errors, warnings: {} })
  })
}

for (const name of ['a\0b', 'half a pair \ud83d']) {
  test(`a selector named ${JSON.stringify(name)}, which no database takes, is refused`, () => {
    const { value, errors } = readSelector({ name, filter_item_set: 'base_only' }, newId)
    expect(value).toBe(null)
    expect(errors).toEqual([
      `name: found ${JSON.stringify(name)}; allowed is text of 1 to 255 characters.`,
    ])
  })
}

const rule = { qualifier_type: 'existing', redeeming_criterion_id: 'half-off' }
const refusedRedeemables = [
  {
    name: 'of a criterion nobody defined',
    sent: { receipt_rule: { ...rule, redeeming_criterion_id: 'third-off' } },
    error:
      'receipt_rule.redeeming_criterion_id: found "third-off"; allowed is the external id of a qualification criterion.',
  },
  {
    name: 'with a flat discount of nothing',
    sent: { receipt_rule: { qualifier_type: 'flat_discount' } },
    error:
      'receipt_rule.discount_amount: found nothing; allowed is an amount, for "flat_discount".',
  },
  {
    name: 'that ends before it starts',
    sent: {
      receipt_rule: rule,
      start_time: '2026-02-01T00:00:00Z',
      end_time: '2026-01-01T00:00:00Z',
    },
    error:
      'end_time: found "2026-01-01T00:00:00Z"; allowed is a moment after start_time, 2026-02-01T00:00:00Z.',
  },
]
for (const { name, sent, error } of refusedRedeemables) {
  test(`a redeemable ${name} is refused`, () => {
    expect(readRedeemable({ name: 'x', ...sent }, { known, newId })).toEqual({
      value: null,
      errors: [error],
      warnings: {},
    })
  })
}

test('a change keeps what is not sent, replaces nested objects whole and empties empty lists', () => {
  const stored = {
    external_id: 'half-off',
    name: 'Half off',
    qc_processing_function: 'sum_amounts',
    amount_cap: 5,
    minimum_unit_rate: 2,
    line_item_filters: [{ line_item_selector_id: 'pizza' }],
    aggregator_grouping_attributes: { item_id: true, item_name: true },
  }
  const sent = {
    external_id: 'half-off',
    amount_cap: null,
    min_post_rollback_rate: '3',
    line_item_filters: [],
    aggregator_grouping_attributes: { item_id: true },
  }
  expect(readCriterion(patchedOffer(stored, sent), { known, newId })).toEqual({
    value: {
      external_id: 'half-off',
      name: 'Half off',
      qc_processing_function: 'sum_amounts',
      amount_cap: null,
      minimum_unit_rate: 3,
      line_item_filters: [],
      aggregator_grouping_attributes: { item_id: true },
    },
    errors: [],
    warnings: {},
  })
})

test('names that every object has are not taken for members', () => {
  const sent = JSON.parse(
    '{"name":"x","filter_item_set":"base_only","constructor":1,"__proto__":{"name":"y"}}',
  )
  expect(readSelector(sent, newId).value).toEqual({
    external_id: newId,
    name: 'x',
    filter_item_set: 'base_only',
  })
})
