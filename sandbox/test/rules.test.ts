import { describe, expect, test } from 'vitest'
import { call, connected, small } from './client.ts'

const reader = await connected()
const [first = ''] = reader.restaurants
const someGuid = '01234567-89ab-4cde-8f01-23456789abcd'
const month = 'startDate=2026-03-10T00:00:00.000Z&endDate=2026-03-19T00:00:00.000Z'

/** Path, whether the restaurant is named, status and message. */
const rules = [
  ['an unknown path', '/orders/v3/nothing', 0, 404, 'Not Found'],
  ['an unknown resource', '/config/v2/gadgets', 0, 404, 'Not Found'],
  [
    'no restaurant header',
    '/labor/v1/jobs',
    null,
    400,
    'Toast-Restaurant-External-ID header is required',
  ],
  [
    'a restaurant nobody knows',
    '/labor/v1/jobs',
    someGuid,
    403,
    `Access to restaurant ${someGuid} is forbidden`,
  ],
  [
    'orders without a selector',
    '/orders/v2/ordersBulk',
    0,
    400,
    'EITHER (startDate and endDate) OR businessDate is required',
  ],
  [
    'orders with half a window',
    '/orders/v2/ordersBulk?startDate=2026-03-10T00:00:00.000Z',
    0,
    400,
    'EITHER (startDate and endDate) OR businessDate is required',
  ],
  [
    'orders with both selectors',
    `/orders/v2/ordersBulk?${month}&businessDate=20260310`,
    0,
    400,
    'EITHER (startDate and endDate) OR businessDate is required',
  ],
  [
    'a window turned around',
    '/orders/v2/ordersBulk?startDate=2026-03-10T00:00:00.000Z&endDate=2026-03-10T00:00:00.000Z',
    0,
    400,
    'Input startDate must be before endDate',
  ],
  [
    'a plus sign that was not encoded',
    '/orders/v2/ordersBulk?startDate=2026-03-10T00:00:00.000+0000&endDate=2026-03-11T00:00:00.000Z',
    0,
    400,
    'startDate is not a valid ISO 8601 date time',
  ],
  [
    'a window of a month and a day',
    '/orders/v2/ordersBulk?startDate=2026-01-31T00:00:00.000Z&endDate=2026-03-03T00:00:00.001Z',
    0,
    400,
    'The time between startDate and endDate must not exceed one month',
  ],
  [
    'a window before Toast',
    '/orders/v2/ordersBulk?startDate=2015-11-30T00:00:00.000Z&endDate=2015-12-03T00:00:00.000Z',
    0,
    400,
    'startDate must be after 2015-12-01',
  ],
  [
    'a page of 101',
    `/orders/v2/ordersBulk?${month}&pageSize=101`,
    0,
    400,
    'pageSize must be between 1 and 100',
  ],
  ['page 0', `/orders/v2/ordersBulk?${month}&page=0`, 0, 400, 'page must be between 1 and 1000000'],
  ['an unknown order', `/orders/v2/orders/${someGuid}`, 0, 404, 'Order not found'],
  ['an unknown payment', `/orders/v2/payments/${someGuid}`, 0, 404, 'Payment not found'],
  [
    'payments by nothing',
    '/orders/v2/payments',
    0,
    400,
    'Exactly one of paidBusinessDate, refundBusinessDate, voidBusinessDate is required',
  ],
  [
    'payments by two dates',
    '/orders/v2/payments?paidBusinessDate=20260310&voidBusinessDate=20260310',
    0,
    400,
    'Exactly one of paidBusinessDate, refundBusinessDate, voidBusinessDate is required',
  ],
  [
    'a date that is none',
    '/orders/v2/payments?paidBusinessDate=20260230',
    0,
    400,
    'paidBusinessDate must be in yyyyMMdd format',
  ],
  [
    'shifts without a selector',
    '/labor/v1/shifts',
    0,
    400,
    'EITHER shiftIds OR (startDate and endDate) is required',
  ],
  [
    'shifts of 31 days',
    '/labor/v1/shifts?startDate=2026-02-10T00:00:00.000Z&endDate=2026-03-13T00:00:00.000Z',
    0,
    400,
    'The time between startDate and endDate must not exceed 30 days',
  ],
  [
    'time entries without a selector',
    '/labor/v1/timeEntries',
    0,
    400,
    'EITHER (startDate and endDate) OR businessDate is required',
  ],
  [
    '101 employees',
    `/labor/v1/employees?${Array(101).fill('employeeIds=a').join('&')}`,
    0,
    400,
    'At most 100 employeeIds are allowed',
  ],
  ['cash entries without a date', '/cashmgmt/v1/entries', 0, 400, 'businessDate is required'],
  ['deposits without a date', '/cashmgmt/v1/deposits', 0, 400, 'businessDate is required'],
  ['a page token nobody gave out', '/config/v2/tables?pageToken=abc', 0, 400, 'Invalid page token'],
  [
    'a token of another list',
    `/config/v2/tables?pageToken=${Buffer.from('menus:1:2:1').toString('base64url')}`,
    0,
    400,
    'Invalid page token',
  ],
  ['an unknown table', `/config/v2/tables/${someGuid}`, 0, 404, 'tables not found'],
  ['tip withholding by guid', `/config/v2/tipWithholding/${someGuid}`, 0, 404, 'Not Found'],
  [
    'connected restaurants, 201 a page',
    '/partners/v1/connectedRestaurants?pageSize=201',
    null,
    400,
    'pageSize must be between 1 and 200',
  ],
  [
    'an unknown restaurant',
    `/restaurants/v1/restaurants/${someGuid}`,
    0,
    404,
    'Restaurant not found',
  ],
  ['another group', `/restaurants/v1/groups/${someGuid}/restaurants`, 0, 403, 'Forbidden'],
  [
    'stock that is there',
    '/stock/v1/inventory?status=IN_STOCK',
    0,
    400,
    'status must be OUT_OF_STOCK or QUANTITY',
  ],
] as const

describe('refused', () => {
  for (const [name, path, restaurant, status, message] of rules) {
    test(`${name}: ${status}`, async () => {
      const reply = await reader.get(path, restaurant)
      expect([reply.status, reply.body.status, reply.body.message]).toEqual([
        status,
        status,
        message,
      ])
    })
  }
})

test('errors have every published member and a request id of their own; cash says less', async () => {
  const path = '/orders/v2/ordersBulk'
  const [one, other] = [await reader.get(path, 0), await reader.get(path, 0)]
  const { requestId, ...rest } = one.body
  expect(rest).toEqual({
    status: 400,
    code: 10_025,
    message: 'EITHER (startDate and endDate) OR businessDate is required',
    messageKey: null,
    fieldName: null,
    link: null,
    developerMessage: null,
    errors: [],
    canRetry: null,
  })
  expect(other.body.requestId).not.toBe(requestId)
  expect((await reader.get('/cashmgmt/v1/entries', 0)).body).toEqual({
    status: 400,
    message: 'businessDate is required',
  })
})

const scoped = [
  ['/orders/v2/payments?paidBusinessDate=20260310', 'orders:read'],
  ['/config/v2/tables', 'config:read'],
  ['/labor/v1/jobs', 'labor:read'],
  ['/labor/v1/employees', 'labor.employees:read'],
  ['/cashmgmt/v1/entries?businessDate=20260310', 'cashmgmt:read'],
  ['/menus/v2/metadata', 'menus:read'],
  ['/stock/v1/inventory', 'stock:read'],
  ['/kitchen/v1/published/prepStations', 'kitchen:read'],
  [`/restaurants/v1/restaurants/${first}`, 'restaurants:read'],
] as const

test('each API needs its scope', async () => {
  const poor = await connected({ scopes: [] })
  const statuses: [string, number, number][] = []
  for (const [path, scope] of scoped) {
    const reply = await poor.get(path, 0)
    expect(reply.body.message).toBe(`Missing scope ${scope}`)
    statuses.push([path, reply.status, (await reader.get(path, 0)).status])
  }
  expect(statuses).toEqual(scoped.map(([path]) => [path, 403, 200]))
})

test('guests and addresses show only to who may see them, and guests of tables to nobody', async () => {
  const path = `/orders/v2/ordersBulk?${month}`
  const blind = await connected({ scopes: ['orders:read'] })
  const seen = (await reader.get(path, 0)).body
  const hidden = (await blind.get(path, 0)).body
  const facts = (orders: typeof seen) => ({
    customers: orders.filter(({ checks }: typeof seen) => checks[0]?.customer != null).length > 0,
    addresses: orders.some(({ deliveryInfo }: typeof seen) => deliveryInfo !== null),
    curbside: orders.some(({ curbsidePickupInfo }: typeof seen) => curbsidePickupInfo !== null),
  })
  expect(facts(seen)).toEqual({ customers: true, addresses: true, curbside: true })
  expect(facts(hidden)).toEqual({ customers: false, addresses: false, curbside: false })
  const dineIn = seen.filter(({ table }: typeof seen) => table !== null)
  expect(dineIn.some(({ checks }: typeof seen) => checks[0]?.customer != null)).toBe(false)
})

test('a group account finds its restaurants by its group, and the partners API refuses it', async () => {
  const group = await connected({ account: 'group' })
  expect((await group.get('/partners/v1/restaurants')).status).toBe(403)
  const { managementGroupGuid } = (await reader.get('/partners/v1/restaurants')).body[0]
  const members = await group.get(
    `/restaurants/v1/groups/${managementGroupGuid}/restaurants`,
    first,
  )
  expect(members.body).toEqual(reader.restaurants.map((guid) => ({ guid })))
})

test('an archived restaurant stays listed, and only its details are answered, if asked for so', async () => {
  const { standIn, get, restaurants } = await connected({ ordersPerDay: 1, days: 1 })
  const [, gone = ''] = restaurants
  const details = `/restaurants/v1/restaurants/${gone}`
  const told = async () => {
    const tables = new Set<string>()
    for await (const { table, row } of standIn.truth()) {
      if (row.restaurant_id === gone || row.id === gone) tables.add(table)
    }
    return tables.size
  }
  standIn.archive([gone])
  expect((await get('/partners/v1/restaurants')).body).toHaveLength(restaurants.length)
  expect((await get(details, gone)).status).toBe(404)
  const asked = await get(`${details}?includeArchived=true`, gone)
  expect(asked.body.general.archived).toBe(true)
  const jobs = await get('/labor/v1/jobs', gone)
  expect([jobs.status, jobs.body.message]).toEqual([404, `Restaurant(${gone}) has been deleted`])
  expect(await told()).toBe(0)

  standIn.archive([])
  expect((await get(details, gone)).body.general.archived).toBe(false)
  expect(await told()).toBeGreaterThan(1)
})

test('connected restaurants come in pages named by the body', async () => {
  const many = await connected({ ...small, restaurants: 5, ordersPerDay: 0 })
  const pages: string[][] = []
  let token = ''
  for (;;) {
    const { body } = await many.get(`/partners/v1/connectedRestaurants?pageSize=2${token}`)
    pages.push(body.results.map(({ restaurantGuid }: typeof body) => restaurantGuid))
    if (body.nextPageToken === null) break
    token = `&pageToken=${body.nextPageToken}`
  }
  expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
  expect(pages.flat()).toEqual(many.restaurants)
})

test('bodies above a kilobyte are compressed for who asks, the others never', async () => {
  const { standIn, token } = reader
  const ask = async (path: string, accepted: string) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'Toast-Restaurant-External-ID': first,
      'accept-encoding': accepted,
    }
    const { headers: got, body } = await call(standIn, path, headers)
    return [got.get('content-encoding'), body.length ?? 1]
  }
  expect(await ask('/config/v2/menuItems', 'gzip')).toEqual(['gzip', 3])
  expect(await ask('/config/v2/menuItems', 'identity')).toEqual([null, 3])
  expect(await ask('/config/v2/tipWithholding', 'gzip')).toEqual([null, 1])
})

test('time passes for who is told to wait: latency is added to every call', async () => {
  const slow = await connected({ latencyMs: 30 })
  const begun = performance.now()
  await slow.get('/menus/v2/metadata', 0)
  expect(performance.now() - begun).toBeGreaterThanOrEqual(29)
})
