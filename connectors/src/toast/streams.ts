import { ReadingFailed } from '../outcome.ts'
import type { Reading, Source, Stream } from '../source.ts'
import { type ToastRecord, toastTables, unitOf } from './records.ts'

/** The 24 resources of the configuration API and the tables they fill. */
const configurationTables = {
  alternatePaymentTypes: 'alternate_payment_types',
  breakTypes: 'break_type',
  cashDrawers: 'cash_drawer',
  diningOptions: 'dining_option',
  discounts: 'discounts',
  menus: 'menu',
  menuGroups: 'menu_group',
  menuItems: 'menu_item',
  menuOptionGroups: 'menu_option_group',
  noSaleReasons: 'no_sale_reason',
  payoutReasons: 'payout_reason',
  preModifierGroups: 'pre_modifier_group',
  preModifiers: 'pre_modifier',
  priceGroups: 'price_group',
  printers: 'printer',
  restaurantServices: 'restaurant_service',
  revenueCenters: 'revenue_center',
  salesCategories: 'sale_category',
  serviceAreas: 'service_area',
  serviceCharges: 'service_charge',
  tables: 'tables',
  taxRates: 'tax_rate',
  tipWithholding: 'tip_withholding',
  voidReasons: 'void_reason',
} as const satisfies Record<string, ToastRecord>

const daily = 24
const weekly = 7 * 24

const windows = ['startDate', 'endDate'] as const

/** Orders: what changed, the late and the quiet changes, and the past by days. */
const ordersReading: Reading = {
  kind: 'modified',
  parameters: windows,
  settleMinutes: 2,
  lookBackMinutes: 15,
  windowHours: 24,
  // Orders are placed for a later day before the first one.
  daysBeforeFirst: 14,
  repairs: [
    { name: 'modified', everyHours: daily, by: 'modified', hoursBack: 48 },
    {
      name: 'business-dates',
      everyHours: daily,
      by: 'business-date',
      parameter: 'businessDate',
      daysBack: 7,
    },
    paymentRepair('refunded', 'refundBusinessDate', 'refund_business_date'),
    paymentRepair('voided', 'voidBusinessDate', 'void_info_business_date'),
  ],
}

/** Payments a business date names and the destination lacks lead to their orders. */
function paymentRepair(name: string, parameter: string, column: string) {
  return {
    name,
    everyHours: daily,
    by: 'ids',
    path: '/orders/v2/payments',
    parameter,
    daysBack: 7,
    stored: { table: 'payment', column },
    follow: [
      { path: '/orders/v2/payments/{id}', member: 'orderGuid' },
      { path: '/orders/v2/orders/{id}', member: null },
    ],
  } as const
}

const streams: readonly Stream[] = [
  {
    ...listOf('orders', '/orders/v2/ordersBulk', ordersReading),
    limits: ['ordersBulk'],
    backfillLimits: ['history'],
    paging: 'numbered',
  },
  {
    ...listOf('time_entry', '/labor/v1/timeEntries', {
      kind: 'modified',
      parameters: ['modifiedStartDate', 'modifiedEndDate'],
      settleMinutes: 2,
      lookBackMinutes: 15,
      windowHours: 30 * 24,
      repairs: [
        {
          name: 'business-dates',
          everyHours: weekly,
          by: 'business-date',
          parameter: 'businessDate',
          daysBack: 35,
        },
      ],
    }),
    query: { includeMissedBreaks: 'true' },
  },
  listOf('shift', '/labor/v1/shifts', {
    kind: 'span',
    parameters: windows,
    daysBack: 35,
    daysAhead: 60,
    // With the day that windows overlap, as wide as the API allows.
    windowDays: 29,
    overlapHours: 24,
    column: 'in_date',
  }),
  listOf('employee', '/labor/v1/employees', { kind: 'list', everyHours: 0 }),
  listOf('job', '/labor/v1/jobs', {
    kind: 'list',
    everyHours: 0,
    // A deleted job shows only to who asks for it.
    lookUp: { parameter: 'jobIds', atOnce: 100 },
  }),
  listOf('cash_entry', '/cashmgmt/v1/entries', businessDays()),
  listOf('cash_deposit', '/cashmgmt/v1/deposits', businessDays()),
  ...Object.entries(configurationTables).map(([resource, table]) => configuration(resource, table)),
  {
    ...one('published_menus', '/menus/v2/menus', {
      kind: 'document',
      probePath: '/menus/v2/metadata',
      member: 'lastUpdated',
      everyHours: daily,
    }),
    limits: ['menus'],
    // Until something is published.
    mayBeAbsent: true,
  },
  listOf('stock_level', '/stock/v1/inventory', { kind: 'list', everyHours: 0 }),
  {
    ...listOf('prep_station', '/kitchen/v1/published/prepStations', changedDaily()),
    paging: 'token',
  },
]

function businessDays(): Reading {
  return { kind: 'days', parameter: 'businessDate', trailingDays: 7 }
}

function changedDaily(): Reading {
  return {
    kind: 'changed-list',
    parameter: 'lastModified',
    lookBackMinutes: 15,
    wholeEveryHours: daily,
  }
}

function configuration(resource: string, table: ToastRecord): Stream {
  const path = `/config/v2/${resource}`
  if (table === 'tip_withholding') {
    return { ...one(table, path, { kind: 'list', everyHours: daily }), mayBeAbsent: true }
  }
  return { ...listOf(table, path, changedDaily()), paging: 'token' }
}

/** A stream whose replies are lists of one kind of record. */
function listOf(record: ToastRecord, path: string, reading: Reading): Stream {
  return {
    name: record,
    tables: [record],
    path,
    limits: [],
    paging: 'whole',
    reading,
    recordsOf(body) {
      if (Array.isArray(body)) return body
      throw new ReadingFailed('set-aside', `${path}: the reply is no list`)
    },
    unitsOf: (payload, { location, fetchedAt, businessDate }, onUnknown) => {
      const at = { restaurantId: location, fetchedAt }
      return [
        unitOf(
          record,
          payload,
          businessDate === undefined ? at : { ...at, businessDate },
          onUnknown,
        ),
      ]
    },
  }
}

/** A stream whose replies are one record. */
function one(record: ToastRecord, path: string, reading: Reading): Stream {
  return { ...listOf(record, path, reading), recordsOf: (body) => [body] }
}

/** The restaurants that are connected to a partner's account. */
export const restaurantList: Stream = restaurantsAt('/partners/v1/restaurants')

/** A list of restaurants: each record is its own location. */
function restaurantsAt(path: string): Stream {
  const list = listOf('restaurant', path, { kind: 'list', everyHours: 0 })
  return {
    ...list,
    unitsOf: (record, context, onUnknown) => {
      const { restaurantGuid } = Object(record)
      return list.unitsOf(record, { ...context, location: String(restaurantGuid) }, onUnknown)
    },
  }
}

/** The restaurants of a management group, which are asked for as one of them. */
export function groupRestaurants(group: string, asked: string | null): Stream {
  if (asked === null) {
    throw new ReadingFailed(
      'stop',
      'This account belongs to a management group; name one of its restaurants with --restaurants.',
    )
  }
  const path = `/restaurants/v1/groups/${encodeURIComponent(group)}/restaurants`
  const list = restaurantsAt(path)
  return {
    ...list,
    headers: { 'toast-restaurant-external-id': asked },
    unitsOf: (record, context, onUnknown) =>
      list.unitsOf(asListed(record, group), context, onUnknown),
  }
}

/** The group's list holds ids only. */
function asListed(record: unknown, managementGroupGuid: string): unknown {
  const { guid } = (record ?? {}) as { guid?: unknown }
  return { restaurantGuid: guid, managementGroupGuid }
}

/** Where one restaurant is, when its day ends, and when it began. */
export const restaurantDetails: Stream = one(
  'restaurant_details',
  '/restaurants/v1/restaurants/{location}',
  { kind: 'list', everyHours: 0 },
)

/** Toast's published slices: per restaurant, with stricter ones for two endpoints. */
export function toastSource({ historySpacingSeconds }: { historySpacingSeconds: number }): Source {
  return {
    name: 'toast',
    tables: toastTables,
    streams,
    atOnce: { streams: streams.length, locations: 1_000 },
    instantText: (ms) => `${new Date(ms).toISOString().slice(0, -1)}+0000`,
    limits: {
      every: [
        { calls: 20, seconds: 1 },
        { calls: 10_000, seconds: 900 },
      ],
      named: {
        ordersBulk: [{ calls: 5, seconds: 1 }],
        menus: [{ calls: 1, seconds: 1 }],
        history: historySpacingSeconds === 0 ? [] : [{ calls: 1, seconds: historySpacingSeconds }],
      },
    },
  }
}
