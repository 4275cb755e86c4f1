/** The words of selectors and criteria, as published for offers ingestion. */

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

export const expressionTypes = [
  'line_item_exists',
  'line_item_does_not_exist',
  'net_quantity_greater_than_or_equal_to',
  'net_quantity_equal_to',
  'net_amount_greater_than_or_equal_to',
  'net_amount_excluding_min_priced_item_equal_to_or_more_than',
  'net_amount_excluding_max_priced_item_equal_to_or_more_than',
] as const
