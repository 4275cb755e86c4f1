import { describe, expect, test } from 'vitest'
import { clientThatHears } from './client-that-hears.ts'
import { aPlace, differencesOf, endOf, type Place, syncFew } from './place.ts'
import type { Synced } from './sync-toast.ts'
import type { Warehouse } from './warehouse.ts'

const listPath = '/partners/v1/restaurants'

type Connection = Readonly<Record<string, unknown>>

/** A client that hears the list of restaurants changed. */
function hearingList({ standIn }: Place, change: (list: Connection[]) => unknown[]) {
  return clientThatHears(standIn, ({ path, body }) =>
    path === listPath ? { body: change(body as Connection[]) } : {},
  )
}

/** The same with one restaurant's own record changed. */
function hearingOne(place: Place, id: string, change: object) {
  return hearingList(place, (list) =>
    list.map((one) => (one.restaurantGuid === id ? { ...one, ...change } : one)),
  )
}

async function goneIn({ read }: Pick<Warehouse, 'read'>) {
  const rows = await read('select id from restaurant where _deleted_at is not null order by id')
  return rows.map(({ id }) => id)
}

function isRead({ events }: Synced, id: string): boolean {
  return events.some((one) => one.event === 'read' && one.location === id)
}

describe('a restaurant whose record in the list', () => {
  const odd = [
    {
      what: 'holds an odd value',
      change: { createdByEmailAddress: { name: 'odd' }, createdDate: 'odd' },
      isNamed: true,
    },
    { what: 'does not name it', change: { restaurantGuid: null }, isNamed: false },
    {
      what: 'names it with something else',
      change: { restaurantGuid: { id: 1 } },
      isNamed: false,
    },
  ]
  test.each(odd)('$what is not gone', async ({ change, isNamed }) => {
    const place = await aPlace({ restaurants: 3 })
    const { standIn, warehouse, restaurants } = place
    await syncFew(place)
    const [, second = ''] = restaurants
    standIn.advance({ hours: 1 })
    const report = await syncFew(place, { client: hearingOne(place, second, change) })
    const setAside = isNamed ? 0 : 1
    expect(report.events.filter(({ event }) => event === 'quarantined')).toHaveLength(setAside)
    expect(await goneIn(warehouse)).toEqual([])
    expect(isRead(report, second)).toBe(true)

    const open = () => warehouse.read('select id from quarantine where resolved_at is null')
    expect(await open()).toHaveLength(setAside)
    standIn.advance({ hours: 1 })
    await syncFew(place)
    expect(await open()).toHaveLength(setAside)
    expect(await differencesOf(place)).toEqual([])
  })

  test('says that it is deleted is gone, and is not called', async () => {
    const place = await aPlace({ restaurants: 3 })
    const { standIn, warehouse, restaurants } = place
    await syncFew(place)
    const [, second = ''] = restaurants
    standIn.advance({ hours: 1 })
    standIn.orderFault({ kind: '403', restaurant: second })
    const client = hearingOne(place, second, { deleted: true })
    expect(endOf(await syncFew(place, { client }))).toEqual({ outcome: 'complete', problems: [] })
    expect(await goneIn(warehouse)).toEqual([second])
  })
})

test.each([
  {
    what: 'and some are known from before',
    isKnown: true,
    outcome: 'partial',
    message: /^no location is listed, and 2 are known from before; that is not believed$/,
  },
  {
    what: 'and none is known',
    isKnown: false,
    outcome: 'failed',
    message: /^no location is listed$/,
  },
])('a list of none $what is a problem', async ({ isKnown, outcome, message }) => {
  const place = await aPlace({ restaurants: 2 })
  const { standIn, warehouse, restaurants } = place
  if (isKnown) await syncFew(place)
  standIn.advance({ hours: 20 })
  const report = await syncFew(place, { client: hearingList(place, () => []) })
  expect(report).toMatchObject({
    outcome,
    problems: [
      {
        location: null,
        stream: 'locations',
        verdict: 'set-aside',
        message: expect.stringMatching(message),
      },
    ],
  })
  expect(restaurants.map((id) => isRead(report, id))).toEqual([isKnown, isKnown])
  expect(await goneIn(warehouse)).toEqual([])
  if (isKnown) expect(await differencesOf(place)).toEqual([])
})

describe('a restaurant that is named', () => {
  const typo = 'a-typo'

  test('and not listed is a problem, and the others are read', async () => {
    const place = await aPlace({ restaurants: 2 })
    const [first = '', second = ''] = place.restaurants
    const report = await syncFew(place, { restaurants: new Set([typo, first]) })
    const problem = {
      location: typo,
      stream: 'locations',
      verdict: 'absent',
      message: `${typo} is not listed`,
    }
    expect(report).toMatchObject({ outcome: 'partial', problems: [problem] })
    expect(report.events.filter(({ event }) => event === 'problem')).toMatchObject([problem])
    expect([first, second].map((id) => isRead(report, id))).toEqual([true, false])
  })

  test('and not listed, like all that are named, is told with ten that are listed', async () => {
    const place = await aPlace({ restaurants: 12, days: 1, ordersPerDay: 1 })
    const report = await syncFew(place, { restaurants: new Set([typo, 'another']) })
    expect(endOf(report)).toEqual({
      outcome: 'failed',
      problems: [
        [typo, 'locations', 'absent'],
        ['another', 'locations', 'absent'],
        [null, 'locations', 'absent'],
      ].sort(),
    })
    const { message } = report.problems.at(-1) ?? {}
    expect(message).toMatch(/^none of a-typo, another is listed; listed are .+ and 2 more$/)
    expect(place.restaurants.filter((id) => message?.includes(id))).toHaveLength(10)
  })

  test('is read though the list is refused', async () => {
    const place = await aPlace({ restaurants: 2 })
    const { standIn, restaurants } = place
    standIn.orderFault({ kind: '403', path: listPath })
    const [first = '', second = ''] = restaurants
    const report = await syncFew(place, { restaurants: new Set([first]) })
    expect(endOf(report)).toEqual({
      outcome: 'partial',
      problems: [[null, 'restaurant', 'blocked']],
    })
    expect([first, second].map((id) => isRead(report, id))).toEqual([true, false])
    const unknown = await syncFew(place, { restaurants: new Set([typo]) })
    expect(endOf(unknown)).toEqual({
      outcome: 'failed',
      problems: [
        [typo, 'restaurant_details', expect.any(String)],
        [null, 'restaurant', 'blocked'],
      ].sort(),
    })
  })
})
