import { expect, test } from 'vitest'
import { startStandIn } from '../src/stand-in.ts'
import { guidsOf } from '../src/world/guids.ts'
import { call, collected, connected } from './client.ts'

const long = { tokenSeconds: 8_640_000, ordersPerDay: 6, days: 5 } as const

const paths = [
  '/partners/v1/restaurants',
  '/orders/v2/ordersBulk?startDate=2026-03-10T00:00:00.000Z&endDate=2026-03-25T00:00:00.000Z',
  '/config/v2/discounts',
  '/labor/v1/employees',
  '/labor/v1/timeEntries?businessDate=20260318&includeMissedBreaks=true',
  '/cashmgmt/v1/entries?businessDate=20260318',
  '/menus/v2/menus',
  '/stock/v1/inventory',
] as const

async function bytes(seed: number, steps: readonly number[]): Promise<string[]> {
  const { standIn, get } = await connected({ ...long, seed })
  for (const hours of steps) standIn.advance({ hours })
  const texts: string[] = []
  for (const path of paths) texts.push((await get(path, 1)).text)
  return [...texts, JSON.stringify(await collected(standIn.truth()))]
}

test('the same seed gives the same bytes, however the world came to its hour', async () => {
  const [one, other] = [await bytes(9, [24]), await bytes(9, Array(24).fill(1))]
  expect(one).toEqual(other)
})

test('another seed gives another world', async () => {
  const [one, other] = [await bytes(9, []), await bytes(10, [])]
  expect(one.filter((text, index) => text === other[index])).toEqual([])
})

test('the past does not change when the world moves on', async () => {
  const { standIn, get } = await connected({ ...long, days: 20 })
  const old = '/orders/v2/ordersBulk?businessDate=20260305'
  const cash = '/cashmgmt/v1/entries?businessDate=20260305'
  const before = [(await get(old, 0)).text, (await get(cash, 0)).text]
  standIn.advance({ hours: 500 })
  expect([(await get(old, 0)).text, (await get(cash, 0)).text]).toEqual(before)
})

test('guids lead back to what they name, and only those of this world', () => {
  const guids = guidsOf(42)
  const named = {
    kind: 'payment',
    restaurant: 4000,
    day: 20_534,
    slot: 8191,
    part: 16_383,
  } as const
  const guid = guids.of('payment', 4000, 20_534, 8191, 16_383)
  expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(guids.read(guid)).toEqual(named)
  expect(guids.read(guids.of('employee', 3, 0, 0, 7))).toEqual({
    kind: 'employee',
    restaurant: 3,
    day: 0,
    slot: 0,
    part: 7,
  })
  expect(guidsOf(43).read(guid)).toBe(null)
  expect(guids.read(`${guid.slice(0, -1)}${guid.endsWith('0') ? '1' : '0'}`)).toBe(null)
  expect(guids.read('nonsense')).toBe(null)
})

test('after twenty days a restaurant is gone and another is there, readable a while later', async () => {
  const { standIn, get, restaurants } = await connected(long)
  const listed = async (): Promise<string[]> =>
    (await get('/partners/v1/restaurants')).body.map(
      ({ restaurantGuid }: { restaurantGuid: string }) => restaurantGuid,
    )
  standIn.advance({ hours: 20 * 24 })
  expect(await listed()).toEqual(restaurants)
  standIn.advance(8 * 60_000)
  const now = await listed()
  const added = now.find((guid) => !restaurants.includes(guid)) ?? ''
  expect(now).toEqual([restaurants[0], restaurants[2], added])
  const jobs = async (guid: string | undefined) => (await get('/labor/v1/jobs', guid)).status
  expect([await jobs(restaurants[1]), await jobs(added)]).toEqual([403, 403])
  standIn.advance(20 * 60_000)
  expect([await jobs(restaurants[1]), await jobs(added)]).toEqual([403, 200])
  expect((await get('/menus/v2/metadata', added)).status).toBe(404)
  standIn.advance({ hours: 24 })
  expect((await get('/menus/v2/metadata', added)).status).toBe(200)
  const tables = (await collected(standIn.truth())).filter(({ table }) => table === 'restaurant')
  expect(tables.map(({ row }) => row.id)).toEqual(now)
})

test('restaurants stay when told to', async () => {
  const { standIn, get, restaurants } = await connected({ ...long, membershipMoves: false })
  standIn.advance({ hours: 24 * 30 })
  const { body } = await get('/partners/v1/restaurants')
  expect(body.map(({ restaurantGuid }: typeof body) => restaurantGuid)).toEqual(restaurants)
})

const unstartable = [
  ['restaurants', { restaurants: 0 }],
  ['ordersPerDay', { ordersPerDay: 4001 }],
  ['days', { days: 1.5 }],
  ['seed', { seed: -1 }],
  ['now', { now: 'yesterday' }],
] as const

for (const [name, options] of unstartable) {
  test(`a world whose ${name} is out of range is refused by name`, async () => {
    await expect(startStandIn(options)).rejects.toThrow(name)
  })
}

test('a world that is closed answers nobody', async () => {
  const standIn = await startStandIn({ restaurants: 1, days: 0, ordersPerDay: 0 })
  await standIn.close()
  await expect(call(standIn, '/__now', {})).rejects.toThrow()
})
