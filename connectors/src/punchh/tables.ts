import type { ColumnType, Table } from '../table.ts'

type Columns = Readonly<Record<string, ColumnType>>

/**
 * What Punchh shows a till, as the example connector names it. `business` is the business's label,
 * never its key. Flags and numbers that are sent as text have types of their own here; lists stand
 * joined by commas in the columns that had them so, and as rows in tables of their own.
 */
const locationConfiguration = {
  business: 'text',
  location_id: 'text',
  location_name: 'text',
  business_name: 'text',
  banked_rewards_mode: 'boolean',
  points_unlock_mode: 'boolean',
  visits_mode: 'boolean',
  header: 'text',
  trailer_1: 'text',
  trailer_2: 'text',
  trailer_3: 'text',
  trailer_4: 'text',
  trailer_5: 'text',
  log_level: 'integer',
  print_barcodes: 'boolean',
  send_to_datasink: 'boolean',
  short_key: 'integer',
  update_interval: 'integer',
  multiple_redemption_on_location: 'boolean',
} as const satisfies Columns

/** A business has one program, so its row stays the same row when the type of the program changes. */
const programMeta = {
  business: 'text',
  program_type: 'text',
  points_conversion_type: 'text',
  visits_per_card: 'integer',
  card_redemption_value: 'money',
  minimum_visit_amount: 'money',
  minimum_visit_hours: 'number',
  minimum_age_to_signup: 'integer',
  earning_unit: 'text',
  currency_earned: 'number',
  points_conversion_threshold: 'number',
  redemption_expiry_minutes: 'integer',
  pending_points: 'boolean',
  pending_points_duration: 'integer',
  configurable_default_time_eod: 'text',
  autocreate_user_phone: 'boolean',
  coupon_prefix: 'text',
  minimum_payable_price: 'number',
  maximum_discountable_quantity: 'number',
  multiple_redemptions_enabled: 'boolean',
  multiple_redemptions_auto_redemption: 'boolean',
  multiple_redemptions_enable_discount_locking: 'boolean',
  multiple_redemptions_enable_auto_unlock: 'boolean',
  multiple_redemptions_auto_unlock_duration: 'integer',
  multiple_redemptions_max_redemptions_in_transaction: 'integer',
  multiple_redemptions_allow_multiple_redemption_on_item: 'boolean',
  multiple_redemptions_allow_qualifying_items_reused: 'boolean',
  multiple_redemptions_discount_processing_strategy: 'text',
  auto_redemption_discounts: 'text',
  processing_priority_by_discount_type: 'text',
  exclude_interoperability_strategy_between: 'text',
} as const satisfies Columns

const redeemable = {
  business: 'text',
  redeemable_id: 'integer',
  program_type: 'text',
  ordinal: 'integer',
  name: 'text',
  description: 'text',
  redeemable_image_url: 'text',
  redeemable_properties: 'text',
  meta_data: 'text',
  points_required_to_redeem: 'number',
} as const satisfies Columns

const acquisitionPriority = {
  business: 'text',
  code: 'text',
  program_type: 'text',
  ordinal: 'integer',
  priority: 'integer',
  multiplication_factor: 'integer',
} as const satisfies Columns

/** `version` is `valid_from` as text: a key that stays the same text in every destination. */
const validity = {
  version: 'text',
  valid_from: 'timestamp',
  valid_to: 'timestamp',
} as const satisfies Columns

const { business: _program, ...programRules } = programMeta
const { business: _offer, ...offer } = redeemable

// Fuel has six decimals, so a balance is a number.
const balances = { available: 'number', pending: 'number', owed: 'number' } as const

const sale = {
  transaction_no: 'text',
  receipt_at: 'timestamp',
  subtotal_amount: 'money',
  receipt_amount: 'money',
  payable: 'money',
  channel: 'text',
  revenue_id: 'text',
  revenue_code: 'text',
  employee_id: 'text',
  employee_name: 'text',
} as const satisfies Columns

const guest = {
  business: 'text',
  guest_id: 'integer',
  external_id: 'text',
  status: 'text',
  email: 'text',
  phone: 'text',
  first_name: 'text',
  last_name: 'text',
  card_number: 'text',
  birthday: 'text',
  anniversary: 'text',
  gender: 'text',
  title: 'text',
  address: 'text',
  city: 'text',
  state: 'text',
  zip_code: 'text',
  preferred_locale: 'text',
  favourite_locations: 'text',
  secondary_email: 'text',
  email_verified: 'boolean',
  phone_verified: 'boolean',
  marketing_email: 'boolean',
  marketing_push: 'boolean',
  sms: 'boolean',
  terms_and_conditions: 'boolean',
  privacy_policy: 'boolean',
  age_verified: 'boolean',
  signup_channel: 'text',
  external_source: 'text',
  external_source_id: 'text',
  ban_reason: 'text',
  joined_at: 'timestamp',
  last_activity_at: 'timestamp',
  tier_id: 'integer',
  tier_since: 'timestamp',
} as const satisfies Columns

/** Columns by table. Those after the gap are read from a Regulars server alone. */
export const punchhColumns = {
  location_configuration: locationConfiguration,
  program_meta: programMeta,
  program_meta_auto_redemption_discount: {
    business: 'text',
    ordinal: 'integer',
    discount_type: 'text',
  },
  program_meta_processing_priority_by_discount_type: {
    business: 'text',
    ordinal: 'integer',
    discount_type: 'text',
  },
  program_meta_exclude_interoperability: {
    business: 'text',
    ordinal: 'integer',
    pair: 'text',
    first_type: 'text',
    second_type: 'text',
  },
  redeemable,
  processing_priority_by_acquisition_type: acquisitionPriority,
  program_meta_history: {
    business: 'text',
    ...validity,
    ...programRules,
    processing_priority_by_acquisition_type: 'json',
  },
  redeemable_history: { business: 'text', ...offer, ...validity },

  business: {
    business: 'text',
    business_id: 'integer',
    external_id: 'text',
    name: 'text',
    time_zone: 'text',
    currency: 'text',
    created_at: 'timestamp',
  },
  location: {
    business: 'text',
    location_id: 'integer',
    external_id: 'text',
    name: 'text',
    store_number: 'text',
    time_zone: 'text',
    address: 'text',
    city: 'text',
    state: 'text',
    post_code: 'text',
    country: 'text',
    updated_at: 'timestamp',
  },
  guest,
  guest_balance: { business: 'text', guest_id: 'integer', unit: 'text', ...balances },
  checkin: {
    business: 'text',
    checkin_id: 'integer',
    guest_id: 'integer',
    location_id: 'integer',
    kind: 'text',
    state: 'text',
    external_uid: 'text',
    punchh_key: 'text',
    business_date: 'date',
    transaction_no: 'text',
    channel: 'text',
    receipt_at: 'timestamp',
    approves_at: 'timestamp',
    approved_at: 'timestamp',
    not_counted: 'text',
    eligible_amount: 'money',
    subtotal_amount: 'money',
    points: 'integer',
    visits: 'integer',
    tier_id: 'integer',
    created_at: 'timestamp',
  },
  receipt: {
    business: 'text',
    receipt_id: 'integer',
    version_no: 'integer',
    location_id: 'integer',
    punchh_key: 'text',
    business_date: 'date',
    vendor_transaction_no: 'text',
    void: 'boolean',
    test: 'boolean',
    posted_at: 'timestamp',
    ...sale,
  },
  receipt_line: {
    business: 'text',
    receipt_id: 'integer',
    ordinal: 'integer',
    serial_number: 'text',
    item_name: 'text',
    item_qty: 'number',
    amount: 'money',
    item_type: 'text',
    item_id: 'text',
    item_family: 'text',
    item_group: 'text',
  },
  redemption: {
    business: 'text',
    redemption_ref: 'text',
    guest_id: 'integer',
    location_id: 'integer',
    external_uid: 'text',
    state: 'text',
    committed_at: 'timestamp',
    voided_at: 'timestamp',
    ...sale,
  },
  redemption_item: {
    business: 'text',
    redemption_id: 'integer',
    redemption_ref: 'text',
    discount_basket_item_id: 'integer',
    discount_type: 'text',
    discount_id: 'text',
    discount_amount: 'money',
    state: 'text',
    redeemed_at: 'timestamp',
    voided_at: 'timestamp',
  },
  redemption_item_line: {
    business: 'text',
    redemption_id: 'integer',
    ordinal: 'integer',
    line: 'integer',
    item_id: 'text',
    item_qty: 'number',
    amount: 'money',
  },
  ledger_entry: {
    business: 'text',
    guest_id: 'integer',
    seq: 'integer',
    unit: 'text',
    from: 'text',
    to: 'text',
    amount: 'number',
    lot_no: 'integer',
    cause: 'text',
    cause_id: 'integer',
    due_at: 'timestamp',
    recorded_at: 'timestamp',
  },
} as const satisfies Readonly<Record<string, Columns>>

export type PunchhTable = keyof typeof punchhColumns

const staff = ['employee_id', 'employee_name'] as const

const personal: { [Name in PunchhTable]?: readonly (keyof (typeof punchhColumns)[Name])[] } = {
  guest: [
    'external_id',
    'email',
    'phone',
    'first_name',
    'last_name',
    'card_number',
    'birthday',
    'anniversary',
    'gender',
    'title',
    'address',
    'city',
    'state',
    'zip_code',
    'favourite_locations',
    'secondary_email',
    'external_source_id',
    'ban_reason',
  ],
  receipt: staff,
  redemption: staff,
}

/** The columns that hold a person's data, as `table.column`: a guest's, or of the staff at the till. */
export const personalColumns: readonly string[] = Object.entries(personal).flatMap(
  ([table, columns]) => columns.map((column) => `${table}.${column}`),
)

/** What makes a row of each table, and the table whose rows it is a part of. */
const keys: Readonly<Record<PunchhTable, { key: readonly string[]; root?: PunchhTable }>> = {
  location_configuration: { key: ['business', 'location_id'] },
  program_meta: { key: ['business'] },
  program_meta_auto_redemption_discount: { key: ['business', 'ordinal'], root: 'program_meta' },
  program_meta_processing_priority_by_discount_type: {
    key: ['business', 'ordinal'],
    root: 'program_meta',
  },
  program_meta_exclude_interoperability: { key: ['business', 'ordinal'], root: 'program_meta' },
  redeemable: { key: ['business', 'redeemable_id'], root: 'program_meta' },
  processing_priority_by_acquisition_type: { key: ['business', 'code'], root: 'program_meta' },
  program_meta_history: { key: ['business', 'version'] },
  redeemable_history: { key: ['business', 'redeemable_id', 'version'] },
  business: { key: ['business'] },
  location: { key: ['business', 'location_id'] },
  guest: { key: ['business', 'guest_id'] },
  guest_balance: { key: ['business', 'guest_id', 'unit'], root: 'guest' },
  checkin: { key: ['business', 'checkin_id'] },
  receipt: { key: ['business', 'receipt_id'] },
  receipt_line: { key: ['business', 'receipt_id', 'ordinal'], root: 'receipt' },
  redemption: { key: ['business', 'redemption_ref'] },
  redemption_item: { key: ['business', 'redemption_id'], root: 'redemption' },
  redemption_item_line: { key: ['business', 'redemption_id', 'ordinal'], root: 'redemption' },
  ledger_entry: { key: ['business', 'guest_id', 'seq'] },
}

/** Every table the source fills, the example connector's first. */
export const punchhTables: readonly Table[] = (Object.keys(punchhColumns) as PunchhTable[]).map(
  (name) => {
    const { key, root } = keys[name]
    return { name, columns: punchhColumns[name], key, root: root ?? null }
  },
)

/**
 * The key of a table's rows without the business: what a root row's id is made of, joined by `/`;
 * the business itself where there is nothing else.
 */
export function idColumnsOf(table: PunchhTable): readonly string[] {
  const { key } = keys[table]
  return key.length === 1 ? key : key.slice(1)
}
