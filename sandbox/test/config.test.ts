import { expect, test } from 'vitest'
import { resourceNames } from '../src/world/config-resources.ts'
import { type Body, collected, connected } from './client.ts'

const reader = await connected({ ordersPerDay: 0, tokenSeconds: 8_640_000 })
const guids = (things: Body[]) => things.map(({ guid }) => guid)

test('every resource is whole over its pages, and each entity is found by its guid', async () => {
  expect(resourceNames.length).toBe(23)
  for (const resource of resourceNames) {
    const all = await reader.all(`/config/v2/${resource}`, 0)
    expect(new Set(guids(all)).size).toBe(all.length)
    const last = all.at(-1)
    expect((await reader.get(`/config/v2/${resource}/${last.guid}`, 0)).body).toEqual(last)
  }
  expect((await reader.get('/config/v2/tipWithholding', 0)).body.enabled).toBe(true)
})

test('pages are of uneven length and short in the middle of the list', async () => {
  const lengths: number[] = []
  let token = ''
  for (;;) {
    const { body, headers } = await reader.get(`/config/v2/menuItems${token}`, 0)
    lengths.push(body.length)
    const next = headers.get('toast-next-page-token')
    if (next === null) break
    token = `?pageToken=${next}`
  }
  expect(lengths.length).toBeGreaterThan(1)
  expect(lengths[0]).toBeLessThan(lengths[1] ?? 0)
})

test('a publish in the middle of the pages is a conflict, and the walk starts over', async () => {
  const live = await connected({ ordersPerDay: 0, tokenSeconds: 8_640_000 })
  const { headers } = await live.get('/config/v2/menuItems', 0)
  const next = `/config/v2/menuItems?pageToken=${headers.get('toast-next-page-token')}`
  expect((await live.get(next, 0)).status).toBe(200)
  live.standIn.advance({ hours: 4 * 24 })
  const { status, body } = await live.get(next, 0)
  expect([status, body.status]).toEqual([409, 409])
  expect((await live.get('/config/v2/menuItems', 0)).status).toBe(200)
})

test('what was modified since shows edits and new entities; archived ones just go', async () => {
  const live = await connected({ ordersPerDay: 0, tokenSeconds: 8_640_000 })
  const since = `lastModified=${live.standIn.now()}`
  const before = await live.all('/config/v2/menuItems', 0)
  expect(await live.all(`/config/v2/menuItems?${since}`, 0)).toEqual([])
  live.standIn.advance({ hours: 30 * 24 })
  const after = await live.all('/config/v2/menuItems', 0)
  const changed = await live.all(`/config/v2/menuItems?${since}`, 0)
  const known = new Map(before.map((item) => [item.guid, JSON.stringify(item)]))
  const differs = after.filter((item) => known.get(item.guid) !== JSON.stringify(item))
  expect(guids(changed).sort()).toEqual(guids(differs).sort())
  const gone = before.filter(({ guid }) => !guids(after).includes(guid))
  expect([gone.length > 0, differs.some(({ guid }) => !known.has(guid))]).toEqual([true, true])
  for (const { guid } of gone) {
    expect((await live.get(`/config/v2/menuItems/${guid}`, 0)).status).toBe(404)
  }
})

test('some entities are one and the same in every restaurant', async () => {
  const [one, other] = [
    guids(await reader.all('/config/v2/menuItems', 0)),
    guids(await reader.all('/config/v2/menuItems', 2)),
  ]
  const shared = one.filter((guid) => other.includes(guid))
  expect(shared.length).toBeGreaterThan(5)
  expect(shared.length).toBeLessThan(one.length - 5)
})

test('references within the configuration lead somewhere', async () => {
  const all = new Map<string, Set<string>>()
  for (const resource of resourceNames) {
    all.set(resource, new Set(guids(await reader.all(`/config/v2/${resource}`, 1))))
  }
  const dangling: string[] = []
  const check = (list: Body[] | null, resource: string) => {
    for (const each of list ?? []) {
      if (each !== null && !all.get(resource)?.has(each.guid))
        dangling.push(`${resource} ${each.guid}`)
    }
  }
  for (const menu of await reader.all('/config/v2/menus', 1)) check(menu.groups, 'menuGroups')
  for (const group of await reader.all('/config/v2/menuGroups', 1)) {
    check([group.menu], 'menus')
    check([group.parent], 'menuGroups')
    check(group.items, 'menuItems')
    check(group.subgroups, 'menuGroups')
    check(group.optionGroups, 'menuOptionGroups')
  }
  for (const item of await reader.all('/config/v2/menuItems', 1))
    check(item.optionGroups, 'menuOptionGroups')
  for (const group of await reader.all('/config/v2/menuOptionGroups', 1))
    check(group.options, 'menuItems')
  for (const area of await reader.all('/config/v2/serviceAreas', 1))
    check([area.revenueCenter], 'revenueCenters')
  for (const table of await reader.all('/config/v2/tables', 1)) {
    check([table.serviceArea], 'serviceAreas')
    check([table.revenueCenter], 'revenueCenters')
  }
  expect(dangling).toEqual([])
})

test('a publish is announced before the menus document shows it, where that is asked for', async () => {
  const live = await connected({
    restaurants: 1,
    ordersPerDay: 0,
    tokenSeconds: 8_640_000,
    menusBuiltAfterMinutes: 10,
  })
  const announced = async () => (await live.get('/menus/v2/metadata', 0)).body.lastUpdated
  const shown = async () => (await live.get('/menus/v2/menus', 0)).body.lastUpdated
  const inTruth = async () => {
    const rows = await collected(live.standIn.truth())
    return rows.find(({ table }) => table === 'published_menus')?.row.last_updated
  }
  const before = await announced()
  expect(await shown()).toBe(before)
  while ((await announced()) === before) live.standIn.advance({ hours: 0.1 })
  expect(await shown()).toBe(before)
  expect(await inTruth()).toBe(new Date(before).toISOString())
  live.standIn.advance({ hours: 0.2 })
  expect(await shown()).toBe(await announced())
  expect(await inTruth()).toBe(new Date(await announced()).toISOString())
})

test('the published menus move only with a publish; one item stands in two at two prices', async () => {
  const live = await connected({ ordersPerDay: 0, tokenSeconds: 8_640_000 })
  const { body: before } = await live.get('/menus/v2/metadata', 0)
  const { body: menus } = await live.get('/menus/v2/menus', 0)
  expect(menus.lastUpdated).toBe(before.lastUpdated)
  const found: Body[] = []
  const visit = (group: Body) => {
    found.push(...group.menuItems)
    group.menuGroups.forEach(visit)
  }
  for (const menu of menus.menus) menu.menuGroups.forEach(visit)
  const burgers = found.filter(({ name }) => name.includes('burger'))
  expect(new Set(burgers.map(({ guid }) => guid)).size).toBe(1)
  expect(burgers.map(({ price }) => price)).toEqual([16.5, 18.5])
  // Item, its group, the option that is the item again.
  const bowl = found.find(({ name }) => name.includes('bowl'))
  const groups = bowl.modifierGroupReferences.map((at: number) => menus.modifierGroupReferences[at])
  const options = groups.flatMap(({ modifierOptionReferences }: Body) =>
    modifierOptionReferences.map((at: number) => menus.modifierOptionReferences[at].guid),
  )
  expect(options).toContain(bowl.guid)
  live.standIn.advance({ hours: 5 * 24 })
  const { body: after } = await live.get('/menus/v2/metadata', 0)
  expect(after.lastUpdated > before.lastUpdated).toBe(true)
})

test('the inventory leaves out what is in stock; a search says it, and marks what it does not know', async () => {
  const { body } = await reader.get('/stock/v1/inventory', 0)
  expect(new Set(body.map(({ status }: Body) => status))).toEqual(
    new Set(['QUANTITY', 'OUT_OF_STOCK']),
  )
  const { body: out } = await reader.get('/stock/v1/inventory?status=OUT_OF_STOCK', 0)
  expect(out).toEqual(body.filter(({ status }: Body) => status === 'OUT_OF_STOCK'))
  const response = await fetch(`${reader.standIn.url}/stock/v1/inventory/search`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${reader.token}`,
      'Toast-Restaurant-External-ID': reader.restaurants[0]!,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ guids: [body[0].guid, 'nobody'], multiLocationIds: ['42'] }),
  })
  const unknown = {
    status: 'OUT_OF_STOCK',
    quantity: null,
    itemGuidValidity: 'INVALID',
    versionId: 'null',
  }
  expect(await response.json()).toEqual([
    body[0],
    { guid: 'nobody', multiLocationId: 'null', ...unknown },
    { guid: 'null', multiLocationId: '42', ...unknown },
  ])
})

test('stations of the kitchen come in pages with tokens', async () => {
  const stations = await reader.all('/kitchen/v1/published/prepStations', 0)
  expect(stations.map(({ expoRouting }) => expoRouting)).toEqual([
    'SEND_TO_EXPO',
    'SKIP_EXPO',
    'EXPO_ONLY',
  ])
})
