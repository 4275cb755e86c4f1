import type { Micros } from '@regulars/contract/values/exact'
import type { Instant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'

/** One test of a line or a receipt. `value` is text as the wire has it; its type follows the attribute. */
export type Clause<Attribute extends string> = {
  attribute: Attribute
  operator: Operator
  value: string
}

/** How a clause compares. Each `not_` and `!=` is exactly the opposite of its positive. */
export const operators = [
  '==',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
  'is_case_insensitive',
  'in',
  'not_in',
  'in_case_insensitive',
  'not_in_case_insensitive',
  'like',
  'not_like',
  'in_range',
  'not_in_range',
  'mod',
  'in_special',
] as const
export type Operator = (typeof operators)[number]

/** What a clause may read of a line. `item_major_group` is its group. */
export const lineAttributes = [
  'item_name',
  'item_id',
  'quantity',
  'item_family',
  'item_major_group',
  'item_serial_number',
  'line_item_type',
  'item_total_amount',
] as const
export type LineAttribute = (typeof lineAttributes)[number]

/** What a clause may read of a receipt. Time parts are those of its own offset; Sunday is day 0. */
export const receiptAttributes = [
  'subtotal_amount',
  'total_amount',
  'receipt_hour',
  'receipt_minute',
  'receipt_day',
  'receipt_week_day',
  'receipt_week',
  'receipt_month',
  'receipt_year',
  'revenue_code',
  'revenue_id',
  'employee_id',
  'employee_name',
  'channel',
  'transaction_no',
] as const
export type ReceiptAttribute = (typeof receiptAttributes)[number]

/** Which lines of a receipt a rule speaks of: bases, their modifiers, or both as one pick. */
export type Selector = {
  id: string
  name: string
  filterItemSet: 'base_only' | 'modifiers_only' | 'base_and_modifiers'
  excludeNonPayable: boolean
  baseClauses: readonly Clause<LineAttribute>[]
  modifiers: {
    clauses: readonly Clause<LineAttribute>[]
    /** At most this many modifier units for each base unit; null is no limit. */
    maxDiscountUnits: number | null
    processingMethod: 'max_price' | 'min_price' | null
  }
}

/** How a criterion finds its value. What each does stands in `find-worth.ts`. */
export const processingFunctions = [
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
  'sum_amounts',
  'receipt_total_amount',
  'sum_qty',
] as const
export type ProcessingFunction = (typeof processingFunctions)[number]

/** Which picks of a selector count, or are taken out with `exclude`. */
export type LineItemFilter = {
  selector: Selector
  processingMethod: 'sum_of_amount' | 'max_price' | 'min_price' | 'exclude'
  /** 1 to 5; null is 1 for min and max, unlimited otherwise. */
  quantity: number | null
}

/** What an item qualifier asks of the units of its selector. */
export const expressionTypes = [
  'line_item_exists',
  'line_item_does_not_exist',
  'net_quantity_greater_than_or_equal_to',
  'net_quantity_equal_to',
  'net_amount_greater_than_or_equal_to',
  'net_amount_excluding_min_priced_item_equal_to_or_more_than',
  'net_amount_excluding_max_priced_item_equal_to_or_more_than',
] as const
export type ExpressionType = (typeof expressionTypes)[number]

/** What must be on the receipt for a discount to be given. It uses those units up. */
export type ItemQualifier = {
  selector: Selector
  expressionType: ExpressionType
  /** A count of units or an amount of currency, by expression; null for the two existence tests. */
  netValue: Micros | null
}

/** `location:<id>` or `tag:<id>`, as the wire has them. An empty list means everywhere. */
export type LocationScope = readonly string[]

/** A qualification criterion: which lines earn a discount, and how much. */
export type Criterion = {
  id: string
  name: string
  processingFunction: ProcessingFunction
  lineItemFilters: readonly LineItemFilter[]
  itemFilterOperator: 'All' | 'Any'
  discountEvaluationStrategy: 'Min' | 'Max'
  itemQualifiers: readonly ItemQualifier[]
  qualifyingOperator: 'All' | 'Any'
  receiptQualifiers: readonly Clause<ReceiptAttribute>[]
  /** 50 % is 50 000 000; null is 100 %. */
  percentage: Micros | null
  amountCapCents: Cents | null
  roundingRule: 'round' | 'ceil' | 'floor' | null
  maxDiscountUnits: number | null
  /** Currency per unit, six decimals. */
  unitDiscount: Micros | null
  minimumUnitRate: Micros | null
  targetPriceCents: Cents | null
  effectiveLocations: LocationScope
  /** Null takes the business's flag. */
  stackDiscounting: boolean | null
  reuseQualifyingItems: boolean | null
  /** Attributes on which lines count as one for `quantity` and `item_total_amount` clauses. */
  aggregateBy: readonly AggregateAttribute[] | null
}

/** What lines must share to be counted as one. */
export type AggregateAttribute =
  | 'item_name'
  | 'item_id'
  | 'item_major_group'
  | 'item_family'
  | 'line_item_type'

/** What decides a discount: a criterion, or a fixed amount over the whole menu. */
export type Rule =
  | { kind: 'criterion'; criterion: Criterion }
  | { kind: 'flat'; discountCents: Cents }

/** How the guest came by a discount. Priorities, limits and exclusions are by class. */
export const acquisitionClasses = ['loyalty', 'pre_purchased', 'offer', 'promo_coupon'] as const
export type AcquisitionClass = (typeof acquisitionClasses)[number]

/** One benefit of a subscription plan. Benefits apply by priority, each on what the earlier ones left. */
export type Benefit = {
  benefitId: number
  priority: number
  rule: Rule
  /** Overrides the criterion's, currency per unit. */
  unitDiscount: Micros | null
  /** Units this benefit gives in all while the subscription runs; null is no limit. */
  thresholdUnits: number | null
  /** The most one use may take off; null is no limit. */
  thresholdDiscountCents: Cents | null
  /** Uses in all; null is no limit. */
  occurrences: number | null
  /** Time that must pass between two uses. */
  gapMs: number | null
  startsAt: Instant | null
  endsAt: Instant | null
}

/** How several discounts meet on one receipt: `multiple_redemptions` of the program meta, and our switches. */
export type RedemptionSettings = {
  autoRedemption: boolean
  autoRedemptionDiscounts: readonly ('offer' | 'subscription' | 'fuel_reward' | 'discount_amount')[]
  maxRedemptionsInTransaction: number
  allowMultipleRedemptionOnItem: boolean
  allowQualifyingItemsReused: boolean
  processingPriorityByDiscountType: readonly (
    | 'reward'
    | 'promo_coupon'
    | 'subscription'
    | 'discount_amount'
  )[]
  processingPriorityByAcquisitionType: readonly {
    code: AcquisitionClass
    priority: number
    /** The most discounts of this class in one transaction; null is no limit. */
    multiplicationFactor: number | null
  }[]
  excludeInteroperabilityBetween: readonly (readonly [AcquisitionClass, AcquisitionClass])[]
  switches: Switches
}

/** What the publications leave open; the first value is our default (docs/reference/rules.md). */
export type Switches = {
  thresholdBasis: 'running' | 'original'
  qualifierLockScope: 'qualifier_and_target' | 'qualifier_only'
  zeroPricedUnits: 'ignore' | 'legacy'
  tenderLast: boolean
  currencyIsTender: boolean
  currencyOverAsk: 'clamp' | 'fail'
  batchPolicy: 'partial' | 'all'
  bogofDefaultPairs: 1 | 'unlimited'
  modifierLimitScope: 'base_unit' | 'receipt'
  roundingStage: 'before_percent' | 'after_percent'
  autoSelect: 'date_of_expiry' | 'best_value'
  repeatRedeemable: boolean
}
