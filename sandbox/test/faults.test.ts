import { expect, test } from 'vitest'
import { type Fault, faultKinds } from '../src/http/faults.ts'
import { type Body, call, connected, logIn } from './client.ts'

const reader = await connected()
const path = '/config/v2/menuItems'
const orders = '/orders/v2/ordersBulk?businessDate=20260315'

/** What a client sees of one call while a fault is ordered: a status, or how it failed. */
async function struckBy(fault: Fault, asked = path): Promise<string> {
  reader.standIn.clearFaults()
  reader.standIn.orderFault(fault)
  try {
    const { status, text, body, headers } = await reader.get(asked, 0)
    const after = headers.get('retry-after')
    const kind = text === '' ? 'empty' : body === null ? 'no JSON' : 'JSON'
    return `${status} ${kind}${after === null ? '' : ` after ${after}`}`
  } catch {
    return 'broken off'
  } finally {
    reader.standIn.clearFaults()
  }
}

const expected: Record<string, string> = {
  '400': '400 JSON',
  '401': '401 JSON',
  '403': '403 JSON',
  '404': '404 JSON',
  '408': '408 JSON',
  '409': '409 JSON',
  '429': '429 JSON after 1',
  '429-zero': '429 JSON after 0',
  '500': '500 JSON',
  '502': '502 JSON',
  '503': '503 JSON',
  '504': '504 JSON',
  reset: 'broken off',
  truncated: 'broken off',
  slow: '200 JSON',
  'not-json': '200 no JSON',
  empty: '200 empty',
  'null-lists': '200 JSON',
  'unknown-field': '200 JSON',
  'unknown-enum': '200 JSON',
}

for (const kind of faultKinds.filter((each) => each !== 'hang')) {
  test(`fault ${kind}: ${expected[kind]}`, async () => {
    expect(await struckBy({ kind, times: 1, ms: 5 })).toBe(expected[kind])
    expect(await struckBy({ kind: '500', times: 1, path: '/labor' })).toBe('200 JSON')
  })
}

test('a call that hangs is answered by nobody until the client gives up', async () => {
  reader.standIn.orderFault({ kind: 'hang', times: 1 })
  const headers = { authorization: `Bearer ${reader.token}` }
  const asked = call(reader.standIn, '/partners/v1/restaurants', headers, {
    signal: AbortSignal.timeout(60),
  })
  await expect(asked).rejects.toThrow()
  expect((await reader.get('/partners/v1/restaurants')).status).toBe(200)
})

test('closing does not wait for calls that hang', async () => {
  const other = await connected()
  other.standIn.orderFault({ kind: 'hang' })
  const asked = other.get('/partners/v1/restaurants').catch(() => 'broken off')
  await new Promise((resolve) => setTimeout(resolve, 30))
  await other.standIn.close()
  expect(await asked).toBe('broken off')
})

test('faults strike so often as ordered, the paths and restaurants they are for', async () => {
  const [, second = ''] = reader.restaurants
  reader.standIn.orderFault({ kind: '503', times: 2, path: '/config', restaurant: second })
  const statuses: number[] = []
  for (const restaurant of [0, 1, 1, 1]) statuses.push((await reader.get(path, restaurant)).status)
  reader.standIn.clearFaults()
  expect(statuses).toEqual([200, 503, 503, 200])
})

test('a rate strikes about its share of calls, the same ones for the same seed', async () => {
  const run = async () => {
    const { standIn, get } = await connected({ seed: 7 })
    standIn.orderFault({ kind: '500', rate: 0.3 })
    const statuses: number[] = []
    for (let calls = 0; calls < 60; calls++) {
      statuses.push((await get('/config/v2/tipWithholding', 0)).status)
    }
    return statuses
  }
  const [one, other] = [await run(), await run()]
  expect(one).toEqual(other)
  const share = one.filter((status) => status === 500).length / one.length
  expect(share).toBeGreaterThan(0.15)
  expect(share).toBeLessThan(0.45)
})

test('lists that are null were empty, and unknown members and values leave the rest as it was', async () => {
  const plain = (await reader.get(orders, 0)).body
  const oddly = async (kind: Fault['kind']) => {
    reader.standIn.orderFault({ kind, times: 1 })
    return (await reader.get(orders, 0)).body
  }
  const emptied = JSON.stringify(await oddly('null-lists'))
  expect(emptied.includes('[]')).toBe(false)
  expect(emptied.length).toBeGreaterThan(JSON.stringify(plain).replaceAll('[]', '').length)
  const strip = (value: Body): Body => {
    if (Array.isArray(value)) return value.map(strip)
    if (typeof value !== 'object' || value === null) return value
    const { futureMember, futureFlag, ...rest } = value
    return Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, strip(member)]))
  }
  const unknown = await oddly('unknown-field')
  expect(unknown[0].futureFlag).toBe(true)
  expect(strip(unknown)).toEqual(plain)
  const enums = await oddly('unknown-enum')
  expect(enums[0].approvalStatus).toBe('SOMETHING_NEW')
})

test('login is struck too', async () => {
  reader.standIn.orderFault({ kind: '503', times: 1, path: '/authentication' })
  expect([(await logIn(reader.standIn)).status, (await logIn(reader.standIn)).status]).toEqual([
    503, 200,
  ])
})

test('the world is steered over HTTP, without a token', async () => {
  const { standIn } = await connected({ ordersPerDay: 1, days: 1 })
  const ask = (way: string, init?: RequestInit & { json?: unknown }) =>
    call(standIn, way, init?.json === undefined ? {} : { 'content-type': 'application/json' }, {
      ...init,
      ...(init?.json === undefined ? {} : { method: 'POST', body: JSON.stringify(init.json) }),
    })
  expect((await ask('/__now')).body).toEqual({ now: '2026-03-20T17:30:00.000Z' })
  expect((await ask('/__advance', { json: { hours: 1.5 } })).body).toEqual({
    now: '2026-03-20T19:00:00.000Z',
  })
  expect((await ask('/__archived', { json: ['nobody'] })).status).toBe(400)
  expect((await ask('/__archived', { json: {} })).status).toBe(400)
  expect((await ask('/__archived', { json: [] })).body).toEqual({ archived: [] })
  expect((await ask('/__faults', { json: { kind: 'earthquake' } })).status).toBe(400)
  expect((await ask('/__faults', { json: { kind: 500, times: 1 } })).body).toEqual({
    ordered: true,
  })
  expect((await ask('/partners/v1/restaurants')).status).toBe(500)
  expect((await ask('/__faults', { json: { kind: 500 } })).status).toBe(200)
  expect((await ask('/__faults', { method: 'DELETE' })).status).toBe(200)
  expect((await ask('/partners/v1/restaurants')).status).toBe(401)
  expect((await ask('/__requests')).body['/partners/v1/restaurants']).toEqual({
    '200': 1,
    '401': 1,
    '500': 1,
  })
  const truth = (await ask('/__truth')).text.trim().split('\n')
  expect(JSON.parse(truth[0] ?? '').table).toBe('restaurant')
  const sales = (await ask('/__truth/sales')).text.trim().split('\n')
  expect(Object.keys(JSON.parse(sales[0] ?? ''))).toEqual([
    'restaurant_id',
    'business_date',
    'net_sales',
    'orders',
  ])
})
