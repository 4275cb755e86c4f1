import { describe, expect, test } from 'vitest'
import { shapesOf } from '../src/mapping/shape.ts'
import { type ColumnType, standardColumns, type Table } from '../src/table.ts'
import { personalColumns, toastTables } from '../src/toast/records.ts'
import { recordShapes } from '../src/toast/tables.ts'

// What the example connector delivers: its tables, its columns, in the types we give them.

type Columns = Partial<Record<ColumnType, string>>

const selectionColumns: Columns = {
  text: `id entity_type display_name unit_of_measure selection_type tax_inclusion fulfillment_status item_id
    item_entity_type item_multi_location_id item_group_id item_group_entity_type
    item_group_multi_location_id sales_category_id sales_category_entity_type dining_option_id
    dining_option_entity_type void_reason_id void_reason_entity_type refund_transaction_id
    refund_transaction_entity_type`,
  timestamp: 'created_date modified_date void_date',
  boolean: 'deferred voided',
  integer: 'void_business_date seat_number',
  number: 'quantity tax tax_refund_amount',
  money: 'price pre_discount_price receipt_line_price refund_amount',
}

const appliedDiscountColumns: Columns = {
  text: `id name discount_type processing_state applied_promo_code discount_id discount_entity_type
    approver_id approver_entity_type applied_discount_reason_name applied_discount_reason_description
    applied_discount_reason_comment applied_discount_reason_discount_reason_id
    applied_discount_reason_discount_reason_entity_type`,
  money: 'discount_amount non_tax_discount_amount',
  number: 'discount_percent',
  json: 'loyalty_details',
}

const appliedTaxColumns: Columns = {
  text: 'id name display_name type tax_rate_id tax_rate_entity_type',
  number: 'rate tax_amount',
  boolean: 'facilitator_collect_and_remit_tax',
}

const entity = 'id entity_type restaurant_id'

const delivered: Readonly<Record<string, Columns>> = {
  restaurant: {
    text: `id name location_name management_group_guid created_by_email_address external_group_ref
      external_restaurant_ref`,
    integer: 'created_date modified_date',
    timestamp: 'iso_created_date iso_modified_date',
    boolean: 'deleted',
  },
  job: {
    text: `${entity} code title wage_frequency`,
    timestamp: 'created_date modified_date deleted_date',
    boolean: 'deleted exclude_from_reporting tipped',
    money: 'default_wage',
  },
  employee: {
    text: `${entity} first_name last_name chosen_name email phone_number phone_number_country_code
      external_employee_id v_2_employee_guid`,
    timestamp: 'created_date modified_date deleted_date',
    boolean: 'deleted',
    json: 'job_references wage_overrides',
  },
  employee_job_reference: { text: 'id employee_id entity_type' },
  employee_wage_override: { text: 'id employee_id entity_type', money: 'wage' },
  shift: {
    text: `${entity} employee_reference_id job_reference_id schedule_config_id`,
    timestamp: 'created_date modified_date in_date out_date',
    boolean: 'deleted',
    number: `schedule_config_min_before_clock_in schedule_config_min_after_clock_in
      schedule_config_min_before_clock_out schedule_config_min_after_clock_out`,
  },
  time_entry: {
    text: `${entity} employee_reference_id job_reference_id shift_reference_id`,
    timestamp: 'created_date modified_date deleted_date in_date out_date',
    boolean: 'auto_clocked_out deleted',
    integer: 'business_date',
    date: 'business_day',
    number: 'regular_hours overtime_hours',
    money: `hourly_wage cash_sales non_cash_sales declared_cash_tips non_cash_tips
      cash_gratuity_service_charges non_cash_gratuity_service_charges tips_withheld`,
    json: 'breaks',
  },
  break: {
    text: 'id time_entry_id break_type_id break_type_entity_type',
    timestamp: 'in_date out_date',
    boolean: 'paid missed audit_response',
  },
  cash_entry: {
    text: `${entity} reason type undoes cash_drawer_id cash_drawer_entity_type payout_reason_id
      payout_reason_entity_type no_sale_reason_id no_sale_reason_entity_type employee_1_id
      employee_1_entity_type employee_1_external_id employee_2_id employee_2_entity_type
      employee_2_external_id creator_or_shift_review_subject_id
      creator_or_shift_review_subject_entity_type approver_or_shift_review_subject_id
      approver_or_shift_review_subject_entity_type`,
    timestamp: 'date',
    money: 'amount',
    integer: 'business_date',
    date: 'business_day',
  },
  cash_deposit: {
    text: `${entity} undoes employee_id employee_entity_type creator_id creator_entity_type`,
    timestamp: 'date',
    money: 'amount',
    integer: 'business_date',
    date: 'business_day',
  },
  alternate_payment_types: { text: `${entity} name` },
  dining_option: { text: `${entity} name behavior`, boolean: 'curbside' },
  discounts: {
    text: `${entity} name type selection_type item_picking_priority`,
    boolean: 'active non_exclusive',
    money: 'amount fixed_total',
    number: 'percentage',
  },
  menu: {
    text: `${entity} name orderable_online visibility unit_of_measure`,
    json: 'groups images',
  },
  menu_group: {
    text: `${entity} name menu_id orderable_online visibility unit_of_measure`,
    json: 'parent items subgroups option_groups images',
    boolean: 'inherit_option_groups inherit_unit_of_measure',
  },
  menu_item: {
    text: `${entity} name sku plu type orderable_online visibility unit_of_measure`,
    integer: 'calories',
    json: 'option_groups images',
    boolean: 'inherit_option_groups inherit_unit_of_measure',
  },
  restaurant_service: { text: `${entity} name` },
  revenue_center: { text: `${entity} name description` },
  sale_category: { text: `${entity} name` },
  service_area: { text: `${entity} name revenue_center_guid` },
  tables: { text: `${entity} name service_area_guid revenue_center_guid` },
  orders: {
    text: `${entity} display_number source approval_status required_prep_time channel_guid server_id
      server_entity_type created_device_id last_modified_device_id dining_option_guid table_guid
      service_area_guid revenue_center_guid`,
    timestamp: `opened_date created_date modified_date closed_date paid_date promised_date
      estimated_fulfillment_date deleted_date void_date`,
    boolean: 'deleted voided created_in_test_mode excess_food',
    integer: 'business_date void_business_date duration number_of_guests',
    date: 'business_day void_business_day',
    json: 'restaurant_service delivery_info curbside_pickup_info applied_packaging_info',
  },
  orders_check: {
    text: `id orders_id payment_status tab_name display_number customer_id customer_entity_type
      customer_first_name customer_last_name customer_phone customer_email created_device_id
      last_modified_device_id entity_type`,
    timestamp: `created_date opened_date modified_date closed_date paid_date deleted_date void_date`,
    boolean: 'deleted voided tax_exempt',
    integer: 'void_business_date',
    money: 'amount total_amount',
    number: 'tax_amount',
    json: 'opened_by applied_loyalty_info',
  },
  orders_check_selection: {
    ...selectionColumns,
    text: `${selectionColumns.text} orders_check_id`,
  },
  orders_check_selection_modifier: {
    ...selectionColumns,
    text: `${selectionColumns.text} orders_check_selection_id parent_selection_id option_group_id
      option_group_entity_type option_group_multi_location_id option_group_pricing_mode
      pre_modifier_id pre_modifier_entity_type`,
    integer: `${selectionColumns.integer} depth ordinal`,
    json: 'refund_details modifiers applied_taxes applied_discounts',
  },
  orders_check_selection_applied_tax: {
    ...appliedTaxColumns,
    text: `${appliedTaxColumns.text} orders_check_selection_id`,
  },
  orders_check_selection_applied_discount: {
    ...appliedDiscountColumns,
    text: `${appliedDiscountColumns.text} orders_check_selection_id`,
  },
  orders_check_applied_discount: {
    ...appliedDiscountColumns,
    text: `${appliedDiscountColumns.text} orders_check_id`,
  },
  orders_check_selection_applied_discount_trigger: {
    text: 'orders_check_selection_applied_discount_id selection_id selection_entity_type',
    number: 'quantity',
  },
  orders_check_applied_discount_trigger: {
    text: 'orders_check_applied_discount_id selection_id selection_entity_type',
    number: 'quantity',
  },
  orders_check_applied_discount_combo_item: {
    text: 'id orders_check_applied_discount_id entity_type',
  },
  orders_check_applied_service_charge: {
    text: `id orders_check_id name charge_type service_charge_id service_charge_entity_type
      service_charge_calculation service_charge_category destination`,
    money: 'charge_amount',
    boolean: 'delivery dine_in takeout gratuity taxable',
    json: 'applied_taxes',
  },
  orders_check_payment: { text: 'orders_check_id payment_id orders_guid' },
  payment: {
    text: `${entity} type payment_status refund_status refund_strategy card_type card_entry_mode
      last_4_digits order_guid check_guid server_id server_entity_type cash_drawer_id
      cash_drawer_entity_type other_payment_id other_payment_entity_type refund_transaction_id
      refund_transaction_entity_type void_info_user_guid void_info_approver_guid
      void_info_reason_guid void_info_reason_entity_type created_device_id last_modified_device_id`,
    timestamp: 'paid_date refund_date void_info_date',
    integer: 'paid_business_date refund_business_date void_info_business_date',
    date: 'paid_business_day refund_business_day void_info_business_day',
    money: `amount tip_amount amount_tendered refund_amount refund_tip_amount
      original_processing_fee mca_repayment_amount`,
    boolean: 'is_processed_offline',
  },
  orders_pricing_feature: { text: 'orders_id pricing_feature' },
}

const tableOf = (name: string): Table | undefined => toastTables.find((one) => one.name === name)

describe('what the example connector delivers', () => {
  for (const [name, columns] of Object.entries(delivered)) {
    test(`${name} has its columns, typed`, () => {
      const expected = Object.entries(columns).flatMap(([type, names]) =>
        names.split(/\s+/).map((column) => [column, type]),
      )
      expect(tableOf(name)?.columns).toMatchObject(Object.fromEntries(expected))
    })
  }
})

const keys = {
  restaurant: 'id',
  restaurant_details: 'restaurant_id id',
  restaurant_schedule: 'restaurant_id day',
  restaurant_service_hours: 'restaurant_id day ordinal',
  employee_job_reference: 'restaurant_id employee_id id',
  employee_wage_override: 'restaurant_id employee_id id',
  break: 'restaurant_id time_entry_id ordinal',
  orders: 'restaurant_id id',
  orders_check: 'restaurant_id id',
  payment: 'restaurant_id id',
  orders_check_selection: 'restaurant_id orders_check_id id',
  orders_check_selection_modifier: 'restaurant_id orders_check_selection_id id',
  orders_check_selection_applied_tax: 'restaurant_id orders_check_selection_id ordinal',
  orders_check_selection_modifier_applied_tax:
    'restaurant_id orders_check_selection_modifier_id ordinal',
  orders_check_applied_service_charge: 'restaurant_id orders_check_id id',
  orders_check_applied_service_charge_applied_tax:
    'restaurant_id orders_check_applied_service_charge_id ordinal',
  orders_check_applied_discount: 'restaurant_id id',
  orders_check_selection_applied_discount: 'restaurant_id id',
  orders_check_selection_modifier_applied_discount: 'restaurant_id id',
  orders_check_applied_discount_trigger: 'restaurant_id orders_check_applied_discount_id ordinal',
  orders_check_selection_applied_discount_combo_item:
    'restaurant_id orders_check_selection_applied_discount_id ordinal',
  orders_check_selection_modifier_applied_discount_combo_item:
    'restaurant_id orders_check_selection_modifier_applied_discount_id ordinal',
  orders_check_payment: 'restaurant_id orders_check_id payment_id',
  orders_pricing_feature: 'restaurant_id orders_id pricing_feature',
  orders_delivery: 'restaurant_id orders_id',
  orders_curbside: 'restaurant_id orders_id',
  orders_packaging_item: 'restaurant_id orders_id ordinal',
  orders_check_loyalty: 'restaurant_id orders_check_id',
  menu_menu_group: 'restaurant_id menu_id ordinal',
  menu_group_item: 'restaurant_id menu_group_id ordinal',
  menu_group_subgroup: 'restaurant_id menu_group_id ordinal',
  menu_group_option_group: 'restaurant_id menu_group_id ordinal',
  menu_item_option_group: 'restaurant_id menu_item_id ordinal',
  menu_option_group_item: 'restaurant_id menu_option_group_id ordinal',
  service_charge_tax_rate: 'restaurant_id service_charge_id ordinal',
  discounts_promo_code: 'restaurant_id discounts_id ordinal',
  tax_rate_table_row: 'restaurant_id tax_rate_id ordinal',
  tax_rate_condition: 'restaurant_id tax_rate_id ordinal',
  published_menu_item: 'restaurant_id id path',
  stock_level: 'restaurant_id id',
  stock_level_history: 'restaurant_id id seen_at',
  prep_station: 'restaurant_id id',
  prep_station_connected_prep_station: 'restaurant_id prep_station_id ordinal',
  published_menu_item_modifier_group: 'restaurant_id path ordinal',
  published_modifier_option_modifier_group: 'restaurant_id published_modifier_option_id ordinal',
  published_item_portion_modifier_group: 'restaurant_id owner owner_path portion_ordinal ordinal',
} as const

for (const [name, key] of Object.entries(keys)) {
  test(`the key of ${name} is ${key.replaceAll(' ', ', ')}`, () => {
    expect(tableOf(name)?.key).toEqual(key.split(' '))
  })
}

test('every table is declared once, with its key among its columns and names any database takes', () => {
  const names = toastTables.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, key, columns } of toastTables) {
    expect(Object.keys(columns)).toEqual(expect.arrayContaining([...key]))
    for (const word of [name, ...Object.keys(columns)])
      expect(word).toMatch(/^[a-z][a-z0-9_]{0,62}$/)
    expect(Object.keys(columns).filter((column) => column in standardColumns)).toEqual([])
  }
})

test('every business date has its day beside it', () => {
  const days = toastTables.flatMap(({ name, columns }) =>
    Object.keys(columns)
      .filter((column) => column.endsWith('business_date'))
      .map((column) => [name, column, columns[column], columns[column.replace(/_date$/, '_day')]]),
  )
  expect(days.filter(([, , type, day]) => type !== 'integer' || day !== 'date')).toEqual([])
  expect(days.length).toBeGreaterThan(8)
})

test('the columns that hold a person’s data are marked', () => {
  expect(personalColumns).toEqual([
    'restaurant.created_by_email_address',
    'employee.first_name',
    'employee.last_name',
    'employee.chosen_name',
    'employee.email',
    'employee.phone_number',
    'employee.wage_overrides',
    'employee_wage_override.wage',
    'time_entry.hourly_wage',
    'orders.delivery_info',
    'orders.curbside_pickup_info',
    'orders_check.tab_name',
    'orders_check.customer_first_name',
    'orders_check.customer_last_name',
    'orders_check.customer_phone',
    'orders_check.customer_email',
    'orders_check.applied_loyalty_info',
    'orders_delivery.address_1',
    'orders_delivery.address_2',
    'orders_delivery.city',
    'orders_delivery.zip_code',
    'orders_delivery.latitude',
    'orders_delivery.longitude',
    'orders_delivery.notes',
    'orders_curbside.transport_color',
    'orders_curbside.transport_description',
    'orders_curbside.notes',
    'payment.first_6_digits',
    'payment.last_4_digits',
    'orders_check_loyalty.loyalty_identifier',
    'orders_check_loyalty.masked_loyalty_identifier',
  ])
})

test('every shape of every record is reached', () => {
  const reached = new Set(Object.values(recordShapes).flatMap((shape) => shapesOf(shape)))
  expect(new Set([...reached].map(({ table }) => table)).size).toBe(toastTables.length)
})
