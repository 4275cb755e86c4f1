import { type Micros, microsToNumber } from '@regulars/contract/values/exact'
import { type Cents, toDecimal } from '@regulars/contract/values/money'
import type { Criterion, Selector } from '@regulars/engine'

/**
 * A criterion as a failed item of a batch shows it. Reads name some members otherwise than writes:
 * `min_post_rollback_rate` for `minimum_unit_rate`, `item_type` for `line_item_type`, and the
 * selector stands whole where a write has its key.
 */
export function qualifyingConditions(criterion: Criterion): Record<string, unknown> {
  return {
    name: criterion.name,
    external_id: criterion.id,
    amount_cap: amountOrNull(criterion.amountCapCents),
    rounding_rule: criterion.roundingRule ?? '',
    max_discount_units: criterion.maxDiscountUnits,
    target_price: amountOrNull(criterion.targetPriceCents),
    effective_location: criterion.effectiveLocations,
    stack_discounting: criterion.stackDiscounting,
    reuse_qualifying_items: criterion.reuseQualifyingItems,
    enable_menu_item_aggregator: criterion.aggregateBy !== null,
    min_post_rollback_rate: numberOrNull(criterion.minimumUnitRate),
    unit_discount: numberOrNull(criterion.unitDiscount),
    percentage_of_processed_amount: numberOrNull(criterion.percentage),
    qc_processing_function: criterion.processingFunction,
    receipt_qualifiers: criterion.receiptQualifiers,
    line_item_filters: criterion.lineItemFilters.map((filter) => ({
      quantity: filter.quantity,
      processing_method: filter.processingMethod,
      line_item_selector: selectorAsRead(filter.selector),
    })),
    item_qualifiers: criterion.itemQualifiers.map((qualifier) => ({
      expression_type: qualifier.expressionType,
      net_value: numberOrNull(qualifier.netValue),
      line_item_selector: selectorAsRead(qualifier.selector),
    })),
    aggregator_grouping_attributes: groupingAsRead(criterion),
  }
}

function selectorAsRead(selector: Selector): Record<string, unknown> {
  return {
    name: selector.name,
    external_id: selector.id,
    exclude_non_payable: selector.excludeNonPayable,
    filter_item_set: selector.filterItemSet,
    base_items: { clauses: selector.baseClauses },
    modifiers: {
      processing_method: selector.modifiers.processingMethod,
      max_discount_units: selector.modifiers.maxDiscountUnits,
      clauses: selector.modifiers.clauses,
    },
  }
}

function groupingAsRead({ aggregateBy }: Criterion): Record<string, boolean> {
  const by = new Set(aggregateBy)
  return {
    item_name: by.has('item_name'),
    item_id: by.has('item_id'),
    item_major_group: by.has('item_major_group'),
    item_family: by.has('item_family'),
    item_type: by.has('line_item_type'),
  }
}

function amountOrNull(amount: Cents | null): number | null {
  return amount === null ? null : toDecimal(amount)
}

function numberOrNull(value: Micros | null): number | null {
  return value === null ? null : microsToNumber(value)
}
