import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TruthRow } from '../src/stand-in.ts'
import { resourceNames } from '../src/world/config-resources.ts'
import { type Body, type Client, collected, connected } from './client.ts'

/** What a test reads off payloads, to be held against the truth: key and a few values per table. */
type Seen = Map<string, Set<string>>

function add(seen: Seen, table: string, ...values: unknown[]): void {
  const rows = seen.get(table) ?? new Set()
  const row = JSON.stringify(values)
  // Not an expect: there are tens of thousands of rows.
  if (rows.has(row)) throw new Error(`${table} ${row} twice`)
  seen.set(table, rows.add(row))
}

/** A number of the wire and decimal text of the truth, in the same form. */
const amount = (value: unknown) => (value === null ? null : Number(value))
const at = (text: string | null) => (text === null ? null : new Date(text).toISOString())
const guid = (reference: Body) => reference?.guid ?? null

/** Columns of a truth row that the payload rows of `see…` are made of, in their order. */
const columns: Record<string, readonly string[]> = {
  orders: ['id', 'modified_date', 'deleted', 'business_date', 'server_id', 'dining_option_guid'],
  orders_check: [
    'id',
    'orders_id',
    'amount',
    'tax_amount',
    'total_amount',
    'voided',
    'customer_id',
  ],
  orders_pricing_feature: ['orders_id', 'pricing_feature'],
  orders_check_selection: [
    'orders_check_id',
    'id',
    'price',
    'pre_discount_price',
    'tax',
    'item_id',
    'display_name',
    'refund_transaction_id',
  ],
  orders_check_selection_modifier: [
    'orders_check_selection_id',
    'id',
    'parent_selection_id',
    'depth',
    'ordinal',
    'price',
    'option_group_id',
  ],
  orders_check_selection_applied_tax: [
    'orders_check_selection_id',
    'ordinal',
    'tax_amount',
    'tax_rate_id',
  ],
  orders_check_selection_modifier_applied_tax: [
    'orders_check_selection_modifier_id',
    'ordinal',
    'tax_amount',
    'tax_rate_id',
  ],
  orders_check_applied_service_charge: [
    'orders_check_id',
    'id',
    'charge_amount',
    'service_charge_category',
    'payment_guid',
  ],
  orders_check_applied_service_charge_applied_tax: [
    'orders_check_applied_service_charge_id',
    'ordinal',
    'tax_amount',
  ],
  orders_check_payment: ['orders_check_id', 'payment_id', 'orders_guid'],
  payment: [
    'id',
    'amount',
    'tip_amount',
    'paid_business_date',
    'refund_amount',
    'refund_date',
    'void_info_date',
    'original_processing_fee',
  ],
  orders_check_loyalty: ['orders_check_id', 'loyalty_identifier'],
  orders_delivery: ['orders_id', 'address_1', 'delivered_date'],
  orders_curbside: ['orders_id', 'transport_color'],
  orders_packaging_item: ['orders_id', 'ordinal', 'inclusion'],
  ...Object.fromEntries(
    ['orders_check', 'orders_check_selection', 'orders_check_selection_modifier'].flatMap(
      (table) => [
        [
          `${table}_applied_discount`,
          ['id', `${table}_id`, 'discount_amount', 'non_tax_discount_amount', 'processing_state'],
        ],
        [
          `${table}_applied_discount_trigger`,
          [`${table}_applied_discount_id`, 'ordinal', 'selection_id'],
        ],
        [`${table}_applied_discount_combo_item`, [`${table}_applied_discount_id`, 'ordinal', 'id']],
      ],
    ),
  ),
  employee: ['id', 'first_name', 'phone_number', 'modified_date'],
  job: ['id', 'title', 'default_wage'],
  employee_job_reference: ['employee_id', 'id'],
  employee_wage_override: ['employee_id', 'id', 'wage'],
  shift: ['id', 'in_date', 'out_date', 'job_reference_id'],
  time_entry: [
    'id',
    'business_date',
    'out_date',
    'regular_hours',
    'hourly_wage',
    'declared_cash_tips',
    'shift_reference_id',
  ],
  break: ['time_entry_id', 'ordinal', 'id', 'missed', 'in_date'],
  cash_entry: ['id', 'business_date', 'amount', 'undoes', 'employee_1_id'],
  cash_deposit: ['id', 'business_date', 'amount', 'date'],
}
const decimals = new Set(
  'amount tax_amount total_amount price pre_discount_price tax charge_amount tip_amount refund_amount original_processing_fee discount_amount non_tax_discount_amount default_wage wage regular_hours hourly_wage declared_cash_tips'.split(
    ' ',
  ),
)

function seenInTruth(rows: readonly TruthRow[], restaurant: string): Seen {
  const seen: Seen = new Map()
  for (const { table, row } of rows) {
    const wanted = columns[table]
    if (wanted === undefined || row.restaurant_id !== restaurant) continue
    const values = wanted.map((name) => {
      const value = row[name]
      if (value === undefined) throw new Error(`${table} has no ${name}`)
      return decimals.has(name) ? amount(value) : value
    })
    add(seen, table, ...values)
  }
  return seen
}

function seeOrder(seen: Seen, order: Body): void {
  const { server, diningOption, deliveryInfo, curbsidePickupInfo } = order
  add(
    seen,
    'orders',
    order.guid,
    at(order.modifiedDate),
    order.deleted,
    order.businessDate,
    guid(server),
    guid(diningOption),
  )
  if (order.deleted) return
  for (const feature of order.pricingFeatures)
    add(seen, 'orders_pricing_feature', order.guid, feature)
  if (deliveryInfo !== null) {
    add(seen, 'orders_delivery', order.guid, deliveryInfo.address1, at(deliveryInfo.deliveredDate))
  }
  if (curbsidePickupInfo !== null) {
    add(seen, 'orders_curbside', order.guid, curbsidePickupInfo.transportColor)
  }
  for (const [ordinal, item] of (
    order.appliedPackagingInfo?.appliedPackagingItems ?? []
  ).entries()) {
    add(seen, 'orders_packaging_item', order.guid, ordinal, item.inclusion)
  }
  for (const check of order.checks) seeCheck(seen, order, check)
}

function seeCheck(seen: Seen, order: Body, check: Body): void {
  const { amount: net, taxAmount, totalAmount, voided, customer, appliedLoyaltyInfo } = check
  add(
    seen,
    'orders_check',
    check.guid,
    order.guid,
    net,
    taxAmount,
    totalAmount,
    voided,
    guid(customer),
  )
  if (appliedLoyaltyInfo !== null) {
    add(seen, 'orders_check_loyalty', check.guid, appliedLoyaltyInfo.loyaltyIdentifier)
  }
  for (const line of check.selections) {
    add(
      seen,
      'orders_check_selection',
      check.guid,
      line.guid,
      line.price,
      line.preDiscountPrice,
      line.tax,
      guid(line.item),
      line.displayName,
      line.refundDetails?.refundTransaction.guid ?? null,
    )
    seeParts(seen, 'orders_check_selection', line)
    seeModifiers(seen, { top: line, parent: line, depth: 1 })
  }
  seeDiscounts(seen, 'orders_check', check)
  for (const charge of check.appliedServiceCharges) {
    add(
      seen,
      'orders_check_applied_service_charge',
      check.guid,
      charge.guid,
      charge.chargeAmount,
      charge.serviceChargeCategory,
      charge.paymentGuid,
    )
    for (const [ordinal, { taxAmount: tax }] of charge.appliedTaxes.entries()) {
      add(seen, 'orders_check_applied_service_charge_applied_tax', charge.guid, ordinal, tax)
    }
  }
  for (const payment of check.payments) {
    const { refund, voidInfo } = payment
    add(seen, 'orders_check_payment', check.guid, payment.guid, order.guid)
    add(
      seen,
      'payment',
      payment.guid,
      payment.amount,
      payment.tipAmount,
      payment.paidBusinessDate,
      refund?.refundAmount ?? null,
      at(refund?.refundDate ?? null),
      at(voidInfo?.voidDate ?? null),
      payment.originalProcessingFee,
    )
  }
}

function seeModifiers(
  seen: Seen,
  { top, parent, depth }: { top: Body; parent: Body; depth: number },
): void {
  for (const [ordinal, modifier] of (parent.modifiers ?? []).entries()) {
    add(
      seen,
      'orders_check_selection_modifier',
      top.guid,
      modifier.guid,
      parent.guid,
      depth,
      ordinal,
      modifier.price,
      guid(modifier.optionGroup),
    )
    seeParts(seen, 'orders_check_selection_modifier', modifier)
    seeModifiers(seen, { top, parent: modifier, depth: depth + 1 })
  }
}

function seeParts(seen: Seen, table: string, line: Body): void {
  for (const [ordinal, tax] of line.appliedTaxes.entries()) {
    add(seen, `${table}_applied_tax`, line.guid, ordinal, tax.taxAmount, guid(tax.taxRate))
  }
  seeDiscounts(seen, table, line)
}

function seeDiscounts(seen: Seen, table: string, parent: Body): void {
  for (const each of parent.appliedDiscounts ?? []) {
    const name = `${table}_applied_discount`
    add(
      seen,
      name,
      each.guid,
      parent.guid,
      each.discountAmount,
      each.nonTaxDiscountAmount,
      each.processingState,
    )
    for (const [ordinal, { selection }] of each.triggers.entries()) {
      add(seen, `${name}_trigger`, each.guid, ordinal, selection.guid)
    }
    for (const [ordinal, item] of each.comboItems.entries()) {
      add(seen, `${name}_combo_item`, each.guid, ordinal, item.guid)
    }
  }
}

const windows = [
  ['2026-03-01', '2026-03-22'],
  ['2026-03-22', '2026-04-12'],
] as const
const dates = [...Array(22).keys()].map((index) => 20260310 + index)

/** Reads everything a restaurant has, as a connector would. */
async function seenInPayloads({ get }: Client, restaurant: number): Promise<Seen> {
  const seen: Seen = new Map()
  const list = async (path: string) => (await get(path, restaurant)).body as Body[]
  for (const [from, until] of windows) {
    const span = `startDate=${from}T00:00:00.000Z&endDate=${until}T00:00:00.000Z`
    for (let page = 1, more = true; more; page++) {
      const orders = await list(`/orders/v2/ordersBulk?${span}&page=${page}`)
      for (const order of orders) seeOrder(seen, order)
      more = orders.length === 100
    }
    const modified = span
      .replace('startDate', 'modifiedStartDate')
      .replace('endDate', 'modifiedEndDate')
    for (const entry of await list(`/labor/v1/timeEntries?${modified}&includeMissedBreaks=true`)) {
      seeTimeEntry(seen, entry)
    }
  }
  for (const shift of await list(
    '/labor/v1/shifts?startDate=2026-03-12T00:00:00.000Z&endDate=2026-04-10T00:00:00.000Z',
  )) {
    if (shift.deleted) continue
    add(seen, 'shift', shift.guid, at(shift.inDate), at(shift.outDate), guid(shift.jobReference))
  }
  for (const job of await list('/labor/v1/jobs'))
    add(seen, 'job', job.guid, job.title, job.defaultWage)
  for (const each of await list('/labor/v1/employees')) {
    if (each.deleted) continue
    add(seen, 'employee', each.guid, each.firstName, each.phoneNumber, at(each.modifiedDate))
    for (const job of each.jobReferences) add(seen, 'employee_job_reference', each.guid, job.guid)
    for (const { wage, jobReference } of each.wageOverrides ?? []) {
      add(seen, 'employee_wage_override', each.guid, jobReference.guid, wage)
    }
  }
  for (const date of dates) {
    for (const entry of await list(`/cashmgmt/v1/entries?businessDate=${date}`)) {
      add(seen, 'cash_entry', entry.guid, date, entry.amount, entry.undoes, guid(entry.employee1))
    }
    for (const deposit of await list(`/cashmgmt/v1/deposits?businessDate=${date}`)) {
      add(seen, 'cash_deposit', deposit.guid, date, deposit.amount, at(deposit.date))
    }
  }
  return seen
}

function seeTimeEntry(seen: Seen, entry: Body): void {
  if (entry.deleted) return
  const { shiftReference } = entry
  const shift = typeof shiftReference === 'string' ? shiftReference : guid(shiftReference)
  add(
    seen,
    'time_entry',
    entry.guid,
    Number(entry.businessDate),
    at(entry.outDate),
    entry.regularHours,
    entry.hourlyWage,
    entry.declaredCashTips,
    shift,
  )
  for (const [ordinal, each] of entry.breaks.entries()) {
    add(seen, 'break', entry.guid, ordinal, each.guid ?? null, each.missed, at(each.inDate))
  }
}

const sorted = (seen: Seen) =>
  Object.fromEntries([...seen].sort().map(([table, rows]) => [table, [...rows].sort()]))

test('the truth is what the payloads say, row by row, before and after the world moves', async () => {
  const client = await connected({ ordersPerDay: 15, days: 6, seed: 4, tokenSeconds: 8_640_000 })
  for (const hours of [0, 9, 60]) {
    client.standIn.advance({ hours })
    const rows = await collected(client.standIn.truth())
    for (const [restaurant, id] of client.restaurants.entries()) {
      const told = sorted(await seenInPayloads(client, restaurant))
      expect(sorted(seenInTruth(rows, id))).toEqual(told)
    }
  }
})

test('the truth has every entity of the configuration, and no key twice', async () => {
  const client = await connected({ ordersPerDay: 4, days: 3 })
  const rows = await collected(client.standIn.truth())
  const named = new Set(rows.map(({ row }) => `${row.restaurant_id} ${row.id} ${row.name}`))
  for (const resource of resourceNames) {
    for (const { guid: id, name } of await client.all(`/config/v2/${resource}`, 2)) {
      expect(named).toContain(`${client.restaurants[2]} ${id} ${name}`)
    }
  }
  const whole = rows.map((row) => JSON.stringify(row))
  expect(new Set(whole).size).toBe(whole.length)
})

test('net sales by day are what the recipe makes of the payloads', async () => {
  const client = await connected({ ordersPerDay: 40, days: 6, seed: 2 })
  const days = await collected(client.standIn.salesByDay())
  const cents = (dollars: number) => Math.round(dollars * 100)
  const sum = (list: Body[] | null, of: (each: Body) => number) =>
    (list ?? []).reduce((total, each) => total + of(each), 0)
  const taken = (list: Body[] | null) =>
    sum(list, ({ processingState, discountAmount, nonTaxDiscountAmount }) =>
      processingState?.endsWith('VOID') ? 0 : cents(nonTaxDiscountAmount ?? discountAmount),
    )
  const netOf = ({
    deleted,
    voided,
    selections,
    appliedDiscounts,
    appliedServiceCharges,
  }: Body) => {
    if (deleted || voided) return 0
    const lines = selections.filter(
      (line: Body) => !line.voided && !line.deferred && line.displayName !== 'Gift Card',
    )
    const charges = appliedServiceCharges.filter(
      (each: Body) => !each.gratuity && each.serviceChargeCategory !== 'FUNDRAISING_CAMPAIGN',
    )
    return (
      sum(lines, (line) => cents(line.preDiscountPrice) - taken(line.appliedDiscounts)) +
      sum(charges, ({ chargeAmount }) => cents(chargeAmount)) -
      taken(appliedDiscounts)
    )
  }
  expect(days.length).toBeGreaterThan(15)
  for (const { restaurant_id, business_date, net_sales } of days) {
    const { body } = await client.get(
      `/orders/v2/ordersBulk?businessDate=${business_date}`,
      restaurant_id,
    )
    const sales = body.filter(
      (order: Body) =>
        !order.deleted && !order.voided && !order.excessFood && !order.createdInTestMode,
    )
    expect(cents(Number(net_sales))).toBe(sum(sales, ({ checks }) => sum(checks, netOf)))
  }
})

test('the tables and columns of the truth are the ones its comment lists', async () => {
  const file = new URL('../src/truth/truth.ts', import.meta.url)
  const comment = readFileSync(file, 'utf8').replace(/\n \* {3}/g, ' ')
  const listed = [...comment.matchAll(/^ \* - (\w+): (.*)$/gm)].map(([, table, names = '']) => [
    table,
    names.split(', ').sort(),
  ])
  const client = await connected({ restaurants: 4, ordersPerDay: 60, days: 20 })
  const given = new Map<string, Set<string>>()
  for await (const { table, row } of client.standIn.truth()) {
    const names = given.get(table) ?? new Set()
    for (const name of Object.keys(row)) if (name !== 'restaurant_id') names.add(name)
    given.set(table, names)
  }
  const sortedNames = [...given].sort(([one], [other]) => (one < other ? -1 : 1))
  expect(listed).toEqual(sortedNames.map(([table, names]) => [table, [...names].sort()]))
})
