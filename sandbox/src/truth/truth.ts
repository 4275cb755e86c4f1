import { laborBounds } from '../world/labor.ts'
import { stepBounds } from '../world/order-timeline.ts'
import { businessDay, connectedAt, readableAt } from '../world/restaurants.ts'
import type { World } from '../world/world.ts'
import { configTruth } from './config-truth.ts'
import { dayTruth, staffTruth } from './labor-truth.ts'
import { kitchenTruth, menusTruth } from './menus-truth.ts'
import { orderTruth } from './order-truth.ts'
import { connectionTruth, detailsTruth } from './restaurant-truth.ts'
import type { TruthRow } from './truth-row.ts'
import { whereOf } from './where.ts'

export type { TruthRow } from './truth-row.ts'

/**
 * Everything that is so at this moment, restaurant by restaurant, as a complete warehouse holds it.
 *
 * Made from the world, not from payloads. Money, rates, quantities and hours are decimal text
 * without zeros at the end, instants ISO 8601 in UTC with milliseconds, dates `2026-03-20`. Not set
 * is null. Rows are live ones: what is archived, deleted or vanished is left out, and so is all of
 * a restaurant that is archived, was removed or, but for its row in `restaurant`, cannot be read yet. A deleted
 * order keeps its row in `orders` and no other. Guests, cars and addresses show as far as the
 * scopes allow. `restaurant` is as partners read it; a group account is told the guids alone.
 *
 * Every table but `restaurant` also has restaurant_id. The tables and their other columns:
 *
 * - alternate_payment_types: id, name
 * - break: time_entry_id, ordinal, id, break_type_id, paid, missed, in_date, out_date
 * - break_type: id, name, duration, paid, active
 * - cash_deposit: id, business_date, business_day, date, amount, employee_id, creator_id, undoes
 * - cash_drawer: id
 * - cash_entry: id, business_date, business_day, date, type, amount, reason, undoes,
 *   cash_drawer_id, payout_reason_id, no_sale_reason_id, employee_1_id, employee_2_id
 * - dining_option: id, name, behavior, curbside
 * - discounts: id, name, active, type, selection_type, percentage, amount, fixed_total
 * - discounts_promo_code: discounts_id, ordinal, code
 * - employee: id, first_name, chosen_name, last_name, email, phone_number, external_employee_id,
 *   v_2_employee_guid, created_date, modified_date
 * - employee_job_reference: employee_id, id
 * - employee_wage_override: employee_id, id, wage
 * - job: id, title, code, default_wage, tipped, wage_frequency, modified_date
 * - menu: id, name
 * - menu_group: id, name, menu_id
 * - menu_group_item: menu_group_id, ordinal, menu_item_id
 * - menu_group_option_group: menu_group_id, ordinal, menu_option_group_id
 * - menu_group_subgroup: menu_group_id, ordinal, subgroup_id
 * - menu_item: id, name, plu, sku, calories, type
 * - menu_item_option_group: menu_item_id, ordinal, menu_option_group_id
 * - menu_menu_group: menu_id, ordinal, menu_group_id
 * - menu_option_group: id, name, min_selections, max_selections
 * - menu_option_group_item: menu_option_group_id, ordinal, menu_item_id
 * - no_sale_reason: id, name
 * - orders: id, opened_date, created_date, modified_date, promised_date,
 *   estimated_fulfillment_date, paid_date, closed_date, void_date, deleted_date, deleted, voided,
 *   created_in_test_mode, excess_food, business_date, business_day, void_business_date,
 *   void_business_day, display_number, number_of_guests, source, server_id, dining_option_guid,
 *   table_guid, service_area_guid, revenue_center_guid
 * - orders_check: id, orders_id, opened_date, modified_date, paid_date, closed_date, void_date,
 *   deleted, voided, void_business_date, void_business_day, tax_exempt, amount, tax_amount,
 *   total_amount, display_number, tab_name, customer_id, customer_first_name, customer_last_name,
 *   customer_phone, customer_email
 * - orders_check_applied_discount: id, orders_check_id, name, discount_id, discount_type,
 *   discount_amount, non_tax_discount_amount, processing_state, applied_promo_code, approver_id,
 *   applied_discount_reason_name
 * - orders_check_applied_discount_combo_item: orders_check_applied_discount_id, ordinal, id
 * - orders_check_applied_discount_trigger: orders_check_applied_discount_id, ordinal,
 *   selection_id, quantity
 * - orders_check_applied_service_charge: orders_check_id, id, name, charge_type, charge_amount,
 *   gratuity, taxable, service_charge_id, service_charge_category, payment_guid, refund_amount,
 *   tax_refund_amount, refund_transaction_id
 * - orders_check_applied_service_charge_applied_tax: orders_check_applied_service_charge_id,
 *   ordinal, tax_rate_id, tax_amount
 * - orders_check_loyalty: orders_check_id, loyalty_identifier, vendor, accrual_text
 * - orders_check_payment: orders_check_id, payment_id, orders_guid
 * - orders_check_selection: orders_check_id, id, item_id, sales_category_id, void_reason_id,
 *   display_name, plu, quantity, receipt_line_price, pre_discount_price, price, tax, deferred,
 *   seat_number, voided, void_date, void_business_date, void_business_day, refund_amount,
 *   tax_refund_amount, refund_transaction_id, item_group_id
 * - orders_check_selection_applied_discount: id, orders_check_selection_id, name, discount_id,
 *   discount_type, discount_amount, non_tax_discount_amount, processing_state, applied_promo_code,
 *   approver_id, applied_discount_reason_name
 * - orders_check_selection_applied_discount_trigger: orders_check_selection_applied_discount_id,
 *   ordinal, selection_id, quantity
 * - orders_check_selection_applied_tax: orders_check_selection_id, ordinal, tax_rate_id,
 *   tax_amount
 * - orders_check_selection_modifier: orders_check_selection_id, id, parent_selection_id, depth,
 *   ordinal, item_id, sales_category_id, void_reason_id, display_name, plu, quantity,
 *   receipt_line_price, pre_discount_price, price, tax, deferred, seat_number, voided, void_date,
 *   void_business_date, void_business_day, refund_amount, tax_refund_amount,
 *   refund_transaction_id, option_group_id, pre_modifier_id
 * - orders_check_selection_modifier_applied_discount: id, orders_check_selection_modifier_id,
 *   name, discount_id, discount_type, discount_amount, non_tax_discount_amount, processing_state,
 *   applied_promo_code, approver_id, applied_discount_reason_name
 * - orders_check_selection_modifier_applied_discount_trigger:
 *   orders_check_selection_modifier_applied_discount_id, ordinal, selection_id, quantity
 * - orders_check_selection_modifier_applied_tax: orders_check_selection_modifier_id, ordinal,
 *   tax_rate_id, tax_amount
 * - orders_curbside: orders_id, transport_color, transport_description, notes
 * - orders_delivery: orders_id, address_1, address_2, city, zip_code, latitude, longitude, notes,
 *   dispatched_date, delivered_date, delivery_employee_id
 * - orders_packaging_item: orders_id, ordinal, item_config_id, inclusion, guest_display_name
 * - orders_pricing_feature: orders_id, pricing_feature
 * - payment: id, order_guid, check_guid, type, payment_status, paid_date, paid_business_date,
 *   paid_business_day, amount, tip_amount, amount_tendered, original_processing_fee,
 *   mca_repayment_amount, card_type, last_4_digits, cash_drawer_id, other_payment_id,
 *   refund_status, refund_amount, refund_tip_amount, refund_date, refund_business_date,
 *   refund_business_day, refund_transaction_id, void_info_date, void_info_business_date,
 *   void_info_business_day, void_info_user_guid, void_info_approver_guid, void_info_reason_guid
 * - payout_reason: id, name
 * - pre_modifier: id, name, base_price, display_mode
 * - pre_modifier_group: id, name
 * - prep_station: id, name, expo_routing
 * - prep_station_connected_prep_station: prep_station_id, ordinal, connected_prep_station_id
 * - price_group: id, name
 * - printer: id, name
 * - published_item_portion: owner, owner_path, ordinal, guid, name
 * - published_item_portion_modifier_group: owner, owner_path, portion_ordinal, ordinal,
 *   published_modifier_group_id
 * - published_item_tag: owner, owner_path, ordinal, guid, name
 * - published_menu: id, name
 * - published_menu_group: id, path, published_menu_id, parent_group_id, name
 * - published_menu_item: id, path, published_menu_id, published_menu_group_id, name, price, plu
 * - published_menu_item_modifier_group: path, ordinal, published_modifier_group_id
 * - published_menus: id, last_updated
 * - published_modifier_group: id, name, min_selections, max_selections
 * - published_modifier_option: id, name, price
 * - published_modifier_option_modifier_group: published_modifier_option_id, ordinal,
 *   published_modifier_group_id
 * - published_pre_modifier: published_pre_modifier_group_id, ordinal, guid, name, fixed_price
 * - published_pre_modifier_group: id, name
 * - published_price_rule: owner, owner_path, kind, ordinal, time_specific_price, base_price
 * - restaurant: id, name, location_name, management_group_guid, created_date, iso_created_date,
 *   iso_modified_date
 * - restaurant_details: id, general_name, general_location_name, general_location_code, time_zone,
 *   closeout_hour, currency_code, first_business_date, location_address_1, location_city,
 *   location_zip_code, location_phone
 * - restaurant_schedule: day, schedule_name, open_time, close_time, closed
 * - restaurant_service: id, name
 * - restaurant_service_hours: day, ordinal, name, start_time, end_time, overnight
 * - revenue_center: id, name
 * - sale_category: id, name
 * - service_area: id, name, revenue_center_guid
 * - service_charge: id, name, amount_type, amount, percent, gratuity, taxable, destination
 * - service_charge_tax_rate: service_charge_id, ordinal, tax_rate_id
 * - shift: id, employee_reference_id, job_reference_id, in_date, out_date, created_date,
 *   modified_date, schedule_config_id
 * - stock_level: id, multi_location_id, status, quantity
 * - tables: id, name, service_area_guid, revenue_center_guid
 * - tax_rate: id, name, rate, type, is_default
 * - tax_rate_condition: tax_rate_id, ordinal, condition, rate
 * - tax_rate_table_row: tax_rate_id, ordinal, start, end, tax
 * - time_entry: id, employee_reference_id, job_reference_id, shift_reference_id, in_date,
 *   out_date, created_date, modified_date, auto_clocked_out, business_date, business_day,
 *   regular_hours, overtime_hours, hourly_wage, cash_sales, non_cash_sales, declared_cash_tips,
 *   non_cash_tips, cash_gratuity_service_charges, non_cash_gratuity_service_charges, tips_withheld
 * - tip_withholding: id, enabled, percentage
 * - void_reason: id, name
 */
export async function* truthOf(world: World, scopes: ReadonlySet<string>): AsyncIterable<TruthRow> {
  const now = world.now()
  const there = world.restaurants.filter((restaurant) => !world.isArchived(restaurant))
  for (const restaurant of connectedAt(there, now)) yield connectionTruth(restaurant)
  for (const restaurant of readableAt(there, now)) {
    const where = whereOf(world, restaurant, scopes)
    yield* detailsTruth(restaurant)
    yield* staffTruth(where, now)
    yield* configTruth(where, now)
    yield* menusTruth(where, now)
    yield* kitchenTruth(where, now)
    const last =
      businessDay(restaurant, now) + Math.max(laborBounds.daysAhead, stepBounds.daysBefore) + 1
    for (let day = restaurant.firstDay; day <= last; day++) {
      yield* dayTruth(where, day, now)
      for (const place of world.orderDays.ofDay(restaurant, day, now)) {
        const order = world.orderDays.orderAt(restaurant, place, now)
        if (order !== null) yield* orderTruth(where, order)
      }
    }
  }
}
