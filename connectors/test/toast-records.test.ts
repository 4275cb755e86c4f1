import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Unit } from '../src/destination.ts'
import { Unstorable } from '../src/mapping/unstorable.ts'
import { type ToastRecord, toastTables, unitOf } from '../src/toast/records.ts'
import {
  at,
  cashEntry,
  check,
  config,
  deliveredOrder,
  discount,
  employee,
  modifier,
  order,
  payloads,
  payment,
  publishedMenus,
  restaurant,
  restaurantDetails,
  selection,
  timeEntry,
} from './toast-payloads.ts'

type Members = Record<string, unknown>

const { restaurantId } = at
const version = '2026-11-20T09:00:00.024Z'

function unknownMember(table: string, member: string): never {
  throw new Error(`${table}.${member} is declared nowhere`)
}

function unit(record: ToastRecord, payload: unknown, more: { businessDate?: number } = {}): Unit {
  return unitOf(record, payload, { ...at, ...more }, unknownMember)
}

/** The rows of one table, with the columns that matter to the case. */
function rowsOf({ rows }: Unit, table: string, ...columns: string[]): unknown[] {
  return (rows.get(table) ?? []).map((row) =>
    columns.length === 0
      ? row
      : Object.fromEntries(columns.map((name) => [name, row[name] ?? null])),
  )
}

function orderOf(more: Members): Unit {
  return unit('orders', order({ checks: [check('check-1', more)] }))
}

describe('a whole record, as it is expected in toast-rows/', () => {
  const made = { ...payloads, orders_delivered: deliveredOrder }
  for (const [name, payload] of Object.entries(made)) {
    const record = (name === 'orders_delivered' ? 'orders' : name) as ToastRecord
    const asked =
      record === 'cash_entry' || record === 'cash_deposit' ? { businessDate: 20261119 } : {}
    test(name, () => {
      const { rows, ...root } = unit(record, payload(), asked)
      expect({ ...root, rows: Object.fromEntries(rows) }).toEqual(expected(name))
    })
  }

  function expected(name: string): unknown {
    return JSON.parse(readFileSync(new URL(`toast-rows/${name}.json`, import.meta.url), 'utf8'))
  }

  test('there is a payload for every kind of record', () => {
    const parts = toastTables.filter(({ root }) => root !== null).map(({ name }) => name)
    const roots = toastTables.map(({ name }) => name).filter((name) => !parts.includes(name))
    expect(roots).toEqual(Object.keys(payloads))
  })
})

describe('parts that went away', () => {
  test('5: an order whose line, discount and payment are gone has no rows of theirs', () => {
    const left = orderOf({ selections: [selection('line-2')] })
    expect([...left.rows.keys()]).toEqual([
      'orders',
      'orders_check',
      'orders_check_selection',
      'orders_pricing_feature',
    ])
    expect(rowsOf(left, 'orders_check_selection', 'id')).toEqual([{ id: 'line-2' }])
  })

  const deletions = [
    {
      name: 'since its own instant',
      date: '2026-11-20T01:02:03.000+0000',
      at: '2026-11-20T01:02:03.000Z',
    },
    {
      name: 'since its version when the instant is the epoch',
      date: '1970-01-01T00:00:00.000+0000',
      at: version,
    },
    { name: 'since its version when there is none', date: null, at: version },
  ]
  for (const { name, date, at: deletedAt } of deletions) {
    test(`6: an order that was merged away is deleted with all its parts, ${name}`, () => {
      const merged = unit('orders', order({ deleted: true, deletedDate: date }))
      expect(merged.deletedAt).toBe(deletedAt)
      expect(merged.rows.get('payment')).toHaveLength(1)
    })
  }

  test('6: a check that is deleted takes its lines, taxes, discounts and payments along', () => {
    const deleted = check('check-2', {
      deleted: true,
      deletedDate: '2026-11-20T01:00:00.000+0000',
      selections: [selection('line-9', { modifiers: [modifier('mod-9')] })],
      payments: [payment('payment-9')],
    })
    const { rows, deletedAt } = unit('orders', order({ checks: [check('check-1'), deleted] }))
    const marked = [...rows].flatMap(([table, list]) =>
      list.map((row) => [table, row.id ?? row.payment_id ?? null, row._deleted_at ?? null]),
    )
    const since = '2026-11-20T01:00:00.000Z'
    expect(deletedAt).toBeNull()
    expect(marked).toEqual([
      ['orders', 'order-1', null],
      ['orders_check', 'check-1', null],
      ['orders_check', 'check-2', since],
      ['orders_check_selection', 'line-9', since],
      ['orders_check_selection_modifier', 'mod-9', since],
      ['payment', 'payment-9', since],
      ['orders_check_payment', 'payment-9', since],
      ['orders_pricing_feature', null, null],
      ['orders_pricing_feature', null, null],
    ])
  })

  test('a void is no deletion', () => {
    const voided = unit('orders', order({ voided: true, voidBusinessDate: 20261119 }))
    expect(voided.deletedAt).toBeNull()
    expect(rowsOf(voided, 'orders', 'voided', 'void_business_date', 'void_business_day')).toEqual([
      { voided: true, void_business_date: 20261119, void_business_day: '2026-11-19' },
    ])
  })
})

describe('parts of lines and of modifiers', () => {
  test('7: modifiers, their taxes and their discounts arrive from every level', () => {
    const deep = modifier('m3', {
      displayName: "O'Brien",
      voided: true,
      appliedTaxes: [{ name: 'State', taxAmount: 0.1 }],
      appliedDiscounts: [discount('d3')],
    })
    const made = orderOf({
      selections: [
        selection('s1', {
          modifiers: [modifier('m1', { modifiers: [modifier('m2', { modifiers: [deep] })] })],
        }),
      ],
    })
    const place = [
      'orders_check_selection_id',
      'parent_selection_id',
      'depth',
      'ordinal',
      'id',
    ] as const
    expect(rowsOf(made, 'orders_check_selection_modifier', ...place)).toEqual([
      {
        orders_check_selection_id: 's1',
        parent_selection_id: 's1',
        depth: 1,
        ordinal: 0,
        id: 'm1',
      },
      {
        orders_check_selection_id: 's1',
        parent_selection_id: 'm1',
        depth: 2,
        ordinal: 0,
        id: 'm2',
      },
      {
        orders_check_selection_id: 's1',
        parent_selection_id: 'm2',
        depth: 3,
        ordinal: 0,
        id: 'm3',
      },
    ])
    expect(rowsOf(made, 'orders_check_selection_modifier_applied_tax')).toEqual([
      {
        restaurant_id: restaurantId,
        orders_check_selection_modifier_id: 'm3',
        ordinal: 0,
        name: 'State',
        tax_amount: '0.1',
      },
    ])
    const discounts = rowsOf(
      made,
      'orders_check_selection_modifier_applied_discount',
      'orders_check_selection_modifier_id',
      'id',
    )
    expect(discounts).toEqual([{ orders_check_selection_modifier_id: 'm3', id: 'd3' }])
  })

  test('8: lists that are text elsewhere are JSON', () => {
    const { rows } = unit('menu_group', config.menu_group?.())
    const [row] = rows.get('menu_group') ?? []
    expect(JSON.parse(String(row?.items))).toEqual(config.menu_group?.().items)
  })

  test('9: the taxes of a service charge arrive', () => {
    const charge = {
      guid: 'c1',
      name: 'Gratuity',
      appliedTaxes: [{ taxAmount: 1 }, { taxAmount: 2 }],
    }
    const made = orderOf({ appliedServiceCharges: [charge] })
    expect(rowsOf(made, 'orders_check_applied_service_charge_applied_tax')).toEqual([
      {
        restaurant_id: restaurantId,
        orders_check_applied_service_charge_id: 'c1',
        ordinal: 0,
        tax_amount: '1',
      },
      {
        restaurant_id: restaurantId,
        orders_check_applied_service_charge_id: 'c1',
        ordinal: 1,
        tax_amount: '2',
      },
    ])
  })

  test('10 and 11: two discounts keep all their triggers and combo items', () => {
    const items = [{ guid: 's1' }, { guid: 's2' }]
    const triggers = items.map((one) => ({ selection: one, quantity: 1 }))
    const made = orderOf({
      appliedDiscounts: ['d1', 'd2'].map((guid) => discount(guid, { triggers, comboItems: items })),
    })
    const keys = ['d1', 'd2'].flatMap((id) =>
      ['s1', 's2'].map((line, ordinal) => [id, ordinal, line] as const),
    )
    const table = 'orders_check_applied_discount'
    const placed = [`${table}_id`, 'ordinal'] as const
    expect(rowsOf(made, `${table}_trigger`, ...placed, 'selection_id')).toEqual(
      keys.map(([id, ordinal, line]) => ({ [`${table}_id`]: id, ordinal, selection_id: line })),
    )
    expect(rowsOf(made, `${table}_combo_item`, ...placed, 'id')).toEqual(
      keys.map(([id, ordinal, line]) => ({ [`${table}_id`]: id, ordinal, id: line })),
    )
  })

  test('12: an order keeps each of its pricing features', () => {
    const made = unit('orders', order({ pricingFeatures: ['TAXESV2', 'TAXESV3', 'TAXESV2'] }))
    expect(rowsOf(made, 'orders_pricing_feature', 'pricing_feature')).toEqual([
      { pricing_feature: 'TAXESV2' },
      { pricing_feature: 'TAXESV3' },
    ])
  })

  test('13: two taxes of one rate on a line keep both amounts', () => {
    const tax = { guid: null, taxRate: { guid: 'r' }, name: 'State', rate: 0.05, taxAmount: 0.25 }
    const made = orderOf({ selections: [selection('s1', { appliedTaxes: [tax, tax] })] })
    const columns = ['orders_check_selection_id', 'ordinal', 'tax_rate_id', 'tax_amount']
    expect(rowsOf(made, 'orders_check_selection_applied_tax', ...columns)).toEqual([
      { orders_check_selection_id: 's1', ordinal: 0, tax_rate_id: 'r', tax_amount: '0.25' },
      { orders_check_selection_id: 's1', ordinal: 1, tax_rate_id: 'r', tax_amount: '0.25' },
    ])
  })

  test('lines without a guid have one made from their check and their place', () => {
    const made = orderOf({
      selections: [selection(null), selection('s1', { modifiers: [modifier(null)] })],
    })
    expect(rowsOf(made, 'orders_check_selection', 'id')).toEqual([
      { id: 'gen-check-1-0' },
      { id: 's1' },
    ])
    expect(rowsOf(made, 'orders_check_selection_modifier', 'id')).toEqual([{ id: 'gen-s1-0' }])
  })

  test('a payment without the guids of its order and check gets them, and is linked to both', () => {
    const made = orderOf({ payments: [payment(null, { orderGuid: null, checkGuid: undefined })] })
    expect(rowsOf(made, 'payment', 'id', 'order_guid', 'check_guid')).toEqual([
      { id: 'gen-check-1-0', order_guid: 'order-1', check_guid: 'check-1' },
    ])
    expect(rowsOf(made, 'orders_check_payment')).toEqual([
      {
        restaurant_id: restaurantId,
        orders_check_id: 'check-1',
        payment_id: 'gen-check-1-0',
        orders_guid: 'order-1',
      },
    ])
  })
})

describe('labor and cash', () => {
  test('14 and 15: breaks are keyed by their place, missed ones and those without a guid too', () => {
    const breaks = [{ paid: true }, { guid: 'b', missed: true, waived: true }]
    expect(rowsOf(unit('time_entry', { ...timeEntry(), breaks }), 'break')).toEqual([
      { restaurant_id: restaurantId, time_entry_id: 'entry-1', ordinal: 0, paid: true },
      {
        restaurant_id: restaurantId,
        time_entry_id: 'entry-1',
        ordinal: 1,
        id: 'b',
        missed: true,
        waived: true,
      },
    ])
  })

  const shifts = [
    { name: 'as its guid', given: 'shift-7', id: 'shift-7', type: null },
    {
      name: 'as an object',
      given: { guid: 'shift-7', entityType: 'Shift' },
      id: 'shift-7',
      type: 'Shift',
    },
    { name: 'not at all', given: null, id: null, type: null },
  ]
  for (const { name, given, id, type } of shifts) {
    test(`16: a shift given ${name} is found in one place`, () => {
      const made = unit('time_entry', { ...timeEntry(), shiftReference: given })
      expect(
        rowsOf(made, 'time_entry', 'shift_reference_id', 'shift_reference_entity_type'),
      ).toEqual([{ shift_reference_id: id, shift_reference_entity_type: type }])
    })
  }

  test('29: a cash entry knows the business date it was asked for under', () => {
    const made = unit('cash_entry', cashEntry(), { businessDate: 20261119 })
    expect(rowsOf(made, 'cash_entry', 'business_date', 'business_day', 'date')).toEqual([
      { business_date: 20261119, business_day: '2026-11-19', date: '2026-11-20T01:12:00.000Z' },
    ])
    const other = unit('cash_entry', cashEntry(), { businessDate: 20261120 })
    expect(other.hash).not.toBe(made.hash)
  })

  test('an employee without lists has no parts', () => {
    const made = unit('employee', { ...employee(), jobReferences: null, wageOverrides: null })
    expect([...made.rows.keys()]).toEqual(['employee'])
  })

  test('a passcode is never kept', () => {
    const made = unit('employee', { ...employee(), passcode: '8642' })
    expect(JSON.stringify([...made.rows])).not.toContain('8642')
  })
})

describe('restaurants and their settings', () => {
  test('20: one guid at two restaurants is two units', () => {
    const payload = config.menu_item?.()
    const units = ['r-1', 'r-2'].map((id) =>
      unitOf('menu_item', payload, { ...at, restaurantId: id }, unknownMember),
    )
    expect(units.map(({ location, id }) => ({ location, id }))).toEqual([
      { location: 'r-1', id: 'item-burger' },
      { location: 'r-2', id: 'item-burger' },
    ])
    expect(units.map((one) => rowsOf(one, 'menu_item', 'restaurant_id'))).toEqual([
      [{ restaurant_id: 'r-1' }],
      [{ restaurant_id: 'r-2' }],
    ])
  })

  test('20: every table but restaurant begins its key with the restaurant', () => {
    const others = toastTables.filter(({ key }) => key[0] !== 'restaurant_id')
    expect(others.map(({ name }) => name)).toEqual(['restaurant'])
  })

  test('22: a restaurant has its time zone, closeout hour, currency and first business date', () => {
    const columns = [
      'time_zone',
      'closeout_hour',
      'currency_code',
      'first_business_date',
      'first_business_day',
    ]
    const made = unit('restaurant_details', restaurantDetails())
    expect(rowsOf(made, 'restaurant_details', ...columns)).toEqual([
      {
        time_zone: 'America/New_York',
        closeout_hour: 4,
        currency_code: 'USD',
        first_business_date: 20190701,
        first_business_day: '2019-07-01',
      },
    ])
  })

  const schedules = [
    { name: 'none', given: null, days: 0 },
    { name: 'no week', given: { daySchedules: {} }, days: 0 },
    { name: 'a list', given: [], days: 0 },
    { name: 'a week without schedules', given: { weekSchedule: {} }, days: 7 },
    {
      name: 'schedules that are null',
      given: { weekSchedule: { monday: '1' }, daySchedules: null },
      days: 7,
    },
  ]
  for (const { name, given, days } of schedules) {
    test(`opening hours that are ${name} are ${days} days`, () => {
      const made = unit('restaurant_details', { ...restaurantDetails(), schedules: given })
      expect(rowsOf(made, 'restaurant_schedule')).toHaveLength(days)
    })
  }

  test('a restaurant of a group, listed by its guid alone, is a row', () => {
    expect(rowsOf(unit('restaurant', { guid: 'r-9' }), 'restaurant')).toEqual([{ id: 'r-9' }])
  })

  test('31: a restaurant that stopped keeps its row and is deleted', () => {
    const made = unit('restaurant', { ...restaurant(), deleted: true })
    expect({
      deletedAt: made.deletedAt,
      rows: rowsOf(made, 'restaurant', 'name', 'deleted'),
    }).toEqual({
      deletedAt: at.fetchedAt,
      rows: [{ name: 'Café “Ñ”', deleted: true }],
    })
  })

  test('30: an option group lists its items, whichever name its list has', () => {
    const { options, ...rest } = config.menu_option_group?.() ?? {}
    const [one, other] = [
      { ...rest, options },
      { ...rest, items: options },
    ].map((payload) => unit('menu_option_group', payload).rows)
    expect(other).toEqual(one)
  })

  test('30: an item in two menus has a row and a price for each', () => {
    const made = unit('published_menus', publishedMenus())
    expect(rowsOf(made, 'published_menu_item', 'path', 'price')).toEqual([
      { path: 'menu-1/group-mains/item-burger', price: '12.5' },
      { path: 'menu-2/group-mains/item-burger', price: '10' },
    ])
  })

  test('reference numbers of a menus document are no keys: other numbers, same rows', () => {
    const renumbered = JSON.parse(
      JSON.stringify(publishedMenus())
        .replace(/"(\d)":\{/g, '"9$1":{')
        .replace(/"(modifier\w+References)":\[([\d,]*)\]/g, (_, name, list: string) => {
          const numbers = list.split(',').filter((one) => one !== '')
          return `"${name}":[${numbers.map((one) => `9${one}`).join(',')}]`
        })
        .replace('"preModifierGroupReference":5', '"preModifierGroupReference":95')
        .replace('"preModifierGroupReference":5', '"preModifierGroupReference":95'),
    )
    expect(unit('published_menus', renumbered).rows).toEqual(
      unit('published_menus', publishedMenus()).rows,
    )
  })
})

describe('types', () => {
  test('24: what looks like a number and is none keeps its zeros, and flags are flags', () => {
    const made = orderOf({
      displayNumber: '0007',
      customer: { phone: '0555010199' },
      selections: [selection('s', { plu: '0042', modifiers: [modifier('m', { voided: true })] })],
      payments: [payment('p', { last4Digits: '0117', isProcessedOffline: false })],
    })
    expect([
      rowsOf(made, 'orders_check', 'display_number', 'customer_phone'),
      rowsOf(made, 'orders_check_selection', 'plu'),
      rowsOf(made, 'orders_check_selection_modifier', 'voided'),
      rowsOf(made, 'payment', 'last_4_digits', 'is_processed_offline'),
    ]).toEqual([
      [{ display_number: '0007', customer_phone: '0555010199' }],
      [{ plu: '0042' }],
      [{ voided: true }],
      [{ last_4_digits: '0117', is_processed_offline: false }],
    ])
  })

  test('25: a date that is the epoch is null', () => {
    const made = unit('orders', order())
    expect(rowsOf(made, 'orders', 'deleted_date')).toEqual([{ deleted_date: null }])
    expect(rowsOf(made, 'orders_check', 'deleted_date')).toEqual([{ deleted_date: null }])
  })

  test('26: business dates are one type, sent as a number or as text', () => {
    const asNumber = unit('time_entry', { ...timeEntry(), businessDate: 20261119 })
    const asText = unit('time_entry', { ...timeEntry(), businessDate: '20261119' })
    expect(asNumber.rows).toEqual(asText.rows)
    expect(rowsOf(asText, 'time_entry', 'business_date', 'business_day')).toEqual([
      { business_date: 20261119, business_day: '2026-11-19' },
    ])
  })

  test('27: money is exact, and what was rounded off is kept', () => {
    const made = orderOf({ amount: 19.99, totalAmount: 20.000049999 })
    expect(rowsOf(made, 'orders_check', 'amount', 'total_amount', '_extra')).toEqual([
      {
        amount: '19.99',
        total_amount: '20',
        _extra: '{"taxAmount":8.659374999999999,"totalAmount":20.000049999}',
      },
    ])
  })

  test('28: a restaurant service has its id beside the JSON', () => {
    const made = unit('orders', order())
    expect(rowsOf(made, 'orders', 'restaurant_service_id', 'restaurant_service')).toEqual([
      {
        restaurant_service_id: 'service-dinner',
        restaurant_service:
          '{"guid":"service-dinner","entityType":"RestaurantService","externalId":null}',
      },
    ])
  })

  test('an external id that a partner may read is in _extra and is no news', () => {
    const made = unit('orders', order({ server: { guid: 'e', externalId: 'ACME:7' } }))
    expect(rowsOf(made, 'orders', 'server_id', '_extra')).toEqual([
      { server_id: 'e', _extra: '{"server.externalId":"ACME:7"}' },
    ])
  })
})

describe('what used to end a sync', () => {
  const lists = ['selections', 'payments', 'appliedDiscounts', 'appliedServiceCharges']
  const ofLines = ['modifiers', 'appliedTaxes', 'appliedDiscounts']
  const absent = [
    ...lists.map((list) => ({ list, payload: order({ checks: [check('c', { [list]: null })] }) })),
    ...ofLines.map((list) => ({
      list: `${list} of a line`,
      payload: order({ checks: [check('c', { selections: [selection('s', { [list]: null })] })] }),
    })),
    { list: 'checks', payload: order({ checks: null }) },
    { list: 'pricingFeatures', payload: order({ pricingFeatures: null }) },
  ]
  for (const { list, payload } of absent) {
    test(`36: ${list} that are null are none`, () => {
      expect(unit('orders', payload).rows.get('orders')).toHaveLength(1)
    })
  }

  test('37: a void without an approver, a user or a reason is a void', () => {
    const voidInfo = {
      voidUser: { guid: 'e-1', entityType: 'RestaurantUser', externalId: null },
      voidApprover: null,
      voidDate: '2026-11-20T01:00:00.000+0000',
      voidBusinessDate: 20261119,
    }
    const made = orderOf({ payments: [payment('p', { voidInfo })] })
    const columns = [
      'date',
      'business_date',
      'business_day',
      'user_guid',
      'approver_guid',
      'reason_guid',
    ]
    expect(rowsOf(made, 'payment', ...columns.map((name) => `void_info_${name}`))).toEqual([
      {
        void_info_date: '2026-11-20T01:00:00.000Z',
        void_info_business_date: 20261119,
        void_info_business_day: '2026-11-19',
        void_info_user_guid: 'e-1',
        void_info_approver_guid: null,
        void_info_reason_guid: null,
      },
    ])
  })

  const odd: {
    name: string
    record: ToastRecord
    payload: unknown
    row: { _extra: string; [column: string]: string | null }
    table?: string
  }[] = [
    {
      name: 'an amount that is a word',
      record: 'orders',
      payload: order({ checks: [check('c', { amount: 'abc', taxAmount: 1 })] }),
      table: 'orders_check',
      row: { amount: null, _extra: '{"amount":"abc"}' },
    },
    {
      name: 'a device that is text',
      record: 'orders',
      payload: order({ createdDevice: 'till-2' }),
      row: { created_device_id: null, _extra: '{"createdDevice":"till-2"}' },
    },
    {
      name: 'half a guest',
      record: 'orders',
      payload: order({ numberOfGuests: 2.5 }),
      row: { number_of_guests: null, _extra: '{"numberOfGuests":2.5}' },
    },
    {
      name: 'a list for a server',
      record: 'orders',
      payload: order({ server: ['e'] }),
      row: { server_id: null, _extra: '{"server":["e"]}' },
    },
    {
      name: 'a business date that is no day, which two columns read',
      record: 'orders',
      payload: order({ businessDate: 'today' }),
      row: { business_date: null, business_day: null, _extra: '{"businessDate":"today"}' },
    },
    {
      name: 'a date that is none',
      record: 'shift',
      payload: { guid: 's', inDate: 'soon' },
      row: { in_date: null, _extra: '{"inDate":"soon"}' },
    },
  ]
  for (const { name, record, payload, table = record, row } of odd) {
    test(`${name} leaves its columns null and the rest as it is`, () => {
      const told: string[] = []
      const made = unitOf(record, payload, at, (...where) => told.push(where.join('.')))
      expect(rowsOf(made, table, ...Object.keys(row))).toEqual([row])
      expect(told).toEqual([`${table}.${Object.keys(JSON.parse(row._extra)).join()}`])
    })
  }

  test('half a calorie of one item leaves the menus of a restaurant as they are', () => {
    const document = publishedMenus()
    const odd = JSON.parse(
      JSON.stringify(document, (name, value) => (name === 'calories' ? 120.5 : value)),
    )
    const columns = ['path', 'name', 'price']
    const [before, after] = [document, odd].map((payload) =>
      unitOf('published_menus', payload, at, () => undefined),
    ) as [Unit, Unit]
    expect(rowsOf(after, 'published_menu_item', ...columns)).toEqual(
      rowsOf(before, 'published_menu_item', ...columns),
    )
    expect([...after.rows.keys()]).toEqual([...before.rows.keys()])
    expect(rowsOf(after, 'published_menu_item', 'calories', '_extra')).toContainEqual({
      calories: null,
      _extra: '{"calories":120.5}',
    })
  })

  const refused: { name: string; record: ToastRecord; payload: unknown; reason: string }[] = [
    {
      name: 'a check that is text',
      record: 'orders',
      payload: order({ checks: ['c'] }),
      reason: 'orders.checks holds text, no object',
    },
    {
      name: 'a list for the packaging, which has rows of its own',
      record: 'orders',
      payload: order({ appliedPackagingInfo: ['bag'] }),
      reason: 'orders.appliedPackagingInfo cannot be read from a list',
    },
    {
      name: 'an order modified at no instant',
      record: 'orders',
      payload: order({ modifiedDate: 'soon' }),
      reason: 'orders.modifiedDate cannot be read from text',
    },
    {
      name: 'an order without a guid',
      record: 'orders',
      payload: order({ guid: null }),
      reason: 'orders.id is missing',
    },
    {
      name: 'an order that is a list',
      record: 'orders',
      payload: [order()],
      reason: 'orders is a list, no object',
    },
  ]
  for (const { name, record, payload, reason } of refused) {
    test(`${name} is set aside with a reason that shows no value`, () => {
      expect(() => unit(record, payload)).toThrow(new Unstorable(reason))
    })
  }
})
