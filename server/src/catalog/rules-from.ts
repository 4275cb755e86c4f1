import { assert } from '@regulars/contract/values/assert'
import { type Micros, microsFrom } from '@regulars/contract/values/exact'
import { type Cents, centsFrom } from '@regulars/contract/values/money'
import type {
  InlineCriterion,
  ItemQualifierEntry,
  LineItemFilterEntry,
  LineItemSelector,
  ReceiptRule,
} from '@regulars/contract/wire/offers'
import type {
  AggregateAttribute,
  Criterion,
  ItemQualifier,
  LineItemFilter,
  LocationScope,
  Rule,
  Selector,
} from '@regulars/engine'

/** What rules refer to: selectors and criteria by external id, locations by theirs. */
export type RuleReferences = {
  selectors: ReadonlyMap<string, Selector>
  criteria: ReadonlyMap<string, Criterion>
  locationIds: ReadonlyMap<string, number>
}

/** The engine's selector of a published one. */
export function selectorFrom(document: LineItemSelector): Selector {
  return {
    id: document.external_id,
    name: document.name,
    filterItemSet: document.filter_item_set,
    excludeNonPayable: document.exclude_non_payable ?? false,
    baseClauses: document.base_items?.clauses ?? [],
    modifiers: {
      clauses: document.modifiers?.clauses ?? [],
      maxDiscountUnits: document.modifiers?.max_discount_units ?? null,
      processingMethod: document.modifiers?.processing_method ?? null,
    },
  }
}

/** The engine's criterion of a published one. Every selector it names is in `references`. */
export function criterionFrom(
  document: InlineCriterion,
  references: Omit<RuleReferences, 'criteria'>,
): Criterion {
  return {
    id: document.external_id ?? '',
    name: document.name ?? '',
    processingFunction: document.qc_processing_function,
    lineItemFilters: (document.line_item_filters ?? []).map((filter) =>
      filterFrom(filter, references.selectors),
    ),
    itemFilterOperator: document.item_filter_expressions_operator ?? 'All',
    discountEvaluationStrategy: document.discount_evaluation_strategy ?? 'Min',
    itemQualifiers: (document.item_qualifiers ?? []).map((qualifier) =>
      qualifierFrom(qualifier, references.selectors),
    ),
    qualifyingOperator: document.qualifying_expressions_operator ?? 'All',
    receiptQualifiers: document.receipt_qualifiers ?? [],
    percentage: microsOrNull(document.percentage_of_processed_amount),
    amountCapCents: centsOrNull(document.amount_cap),
    roundingRule: document.rounding_rule || null,
    maxDiscountUnits: document.max_discount_units ?? null,
    unitDiscount: microsOrNull(document.unit_discount),
    minimumUnitRate: microsOrNull(document.minimum_unit_rate),
    targetPriceCents: centsOrNull(document.target_price),
    effectiveLocations: locationScopeFrom(document.effective_location, references.locationIds),
    stackDiscounting: document.stack_discounting ?? null,
    reuseQualifyingItems: document.reuse_qualifying_items ?? null,
    aggregateBy: aggregateByFrom(document),
  }
}

/** Where a redeemable's or a benefit's discount comes from. */
export function ruleFrom(rule: ReceiptRule, references: RuleReferences): Rule {
  switch (rule.qualifier_type) {
    case 'flat_discount':
      return { kind: 'flat', discountCents: required(centsOrNull(rule.discount_amount), rule) }
    case 'new':
      return {
        kind: 'criterion',
        criterion: criterionFrom(required(rule.redeeming_criterion ?? null, rule), references),
      }
    case 'existing':
      return {
        kind: 'criterion',
        criterion: required(
          references.criteria.get(rule.redeeming_criterion_id ?? '') ?? null,
          rule,
        ),
      }
  }
}

/** `location:<external id>` becomes `location:<number>`, which is what receipts carry; tags stay. */
export function locationScopeFrom(
  scope: readonly string[] | undefined,
  locationIds: ReadonlyMap<string, number>,
): LocationScope {
  return (scope ?? []).map((text) => {
    const locationId = text.startsWith('location:')
      ? locationIds.get(text.slice('location:'.length))
      : undefined
    return locationId === undefined ? text : `location:${locationId}`
  })
}

export function centsOrNull(value: number | null | undefined): Cents | null {
  return value === null || value === undefined ? null : required(centsFrom(value), { value })
}

export function microsOrNull(value: number | null | undefined): Micros | null {
  return value === null || value === undefined ? null : required(microsFrom(value), { value })
}

function filterFrom(
  filter: LineItemFilterEntry,
  selectors: ReadonlyMap<string, Selector>,
): LineItemFilter {
  return {
    selector: required(selectors.get(filter.line_item_selector_id) ?? null, filter),
    processingMethod: filter.processing_method ?? 'sum_of_amount',
    quantity: filter.quantity ?? null,
  }
}

function qualifierFrom(
  qualifier: ItemQualifierEntry,
  selectors: ReadonlyMap<string, Selector>,
): ItemQualifier {
  return {
    selector: required(selectors.get(qualifier.line_item_selector_id) ?? null, qualifier),
    expressionType: qualifier.expression_type ?? 'line_item_exists',
    netValue: microsOrNull(qualifier.net_value),
  }
}

function aggregateByFrom(document: InlineCriterion): readonly AggregateAttribute[] | null {
  if (document.enable_menu_item_aggregator !== true) return null
  const by = document.aggregator_grouping_attributes ?? {}
  return aggregateAttributes.filter((attribute) => by[attribute] === true)
}

const aggregateAttributes = [
  'item_name',
  'item_id',
  'item_major_group',
  'item_family',
  'line_item_type',
] as const satisfies readonly AggregateAttribute[]

/** What is stored was read by the contract's readers, so a hole in it is a fault of ours. */
function required<Value>(value: Value | null, document: Record<string, unknown>): Value {
  assert(value !== null, 'a stored offer is complete and refers to what is stored', { document })
  return value
}
