import { expect, onTestFinished, test, vi } from 'vitest'
import { Unstorable } from '../../src/mapping/unstorable.ts'
import type { Source } from '../../src/source.ts'
import {
  aPlace,
  callsOf,
  differencesOf,
  endOf,
  fewStreams,
  restaurantsOf,
  syncFew,
} from './place.ts'
import type { Synced } from './sync-toast.ts'
import { duckdbFile, postgresDatabase } from './warehouse.ts'

const loginPath = '/authentication/v1/authentication/login'
const listPath = '/partners/v1/restaurants'
const key = Buffer.alloc(32, 5).toString('base64url').concat('=')
const minutes = (count: number) => ({ hours: count / 60 })

test('a wrong secret is refused, asked once, and leaves nothing but its records', async () => {
  const place = await aPlace({ restaurants: 1 })
  const report = await syncFew(place, { more: { clientSecret: 'another' } })
  expect(endOf(report)).toEqual({ outcome: 'refused', problems: [[null, 'locations', 'stop']] })
  expect(place.standIn.requests()).toEqual({ [loginPath]: { 401: 1 } })
  const { warehouse } = place
  expect(await warehouse.read('select outcome from sync_run')).toEqual([{ outcome: 'refused' }])
  const [session, ...others] = await warehouse.read('select stream, state from sync_state')
  expect(others).toEqual([])
  expect(session).toMatchObject({ stream: '_session' })
  expect(JSON.parse(session?.state ?? '')).toEqual({ logins: [expect.any(String)] })
  expect(await warehouse.read('select * from restaurant')).toEqual([])
})

test.each([
  { kind: '401', times: 1, end: { outcome: 'complete', problems: [] } },
  { kind: '401', times: 9, end: { outcome: 'refused', problems: [[null, 'restaurant', 'stop']] } },
  { kind: '503', times: 1, end: { outcome: 'complete', problems: [] } },
  {
    kind: '503',
    times: 99,
    end: { outcome: 'failed', problems: [[null, 'restaurant', 'set-aside']] },
  },
  {
    kind: '403',
    times: 99,
    end: { outcome: 'failed', problems: [[null, 'restaurant', 'blocked']] },
  },
] as const)('$kind on the list of restaurants, $times times, is $end.outcome', async (given) => {
  const { kind, times, end } = given
  const place = await aPlace({ restaurants: 1 })
  place.standIn.orderFault({ kind, times, path: listPath })
  expect(endOf(await syncFew(place))).toEqual(end)
  expect(callsOf(place.standIn, loginPath)).toBeLessThanOrEqual(2)
  expect(callsOf(place.standIn, listPath)).toBeLessThanOrEqual(8)
  place.standIn.clearFaults()
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await differencesOf(place)).toEqual([])
})

test.each([
  { what: 'the details', paths: ['/restaurants'] },
  { what: 'the records', paths: ['/orders', '/cashmgmt', '/labor'] },
])(
  'when $what of all are refused nothing could be read, and of one the rest is',
  async ({ paths }) => {
    const place = await aPlace({ restaurants: 2 })
    const { standIn, restaurants } = place
    const [first = ''] = restaurants
    const refusedOf = ({ problems }: Synced) =>
      [...new Set(problems.map(({ location }) => location))].sort()
    for (const path of paths) standIn.orderFault({ kind: '403', path })
    const none = await syncFew(place)
    expect([none.outcome, refusedOf(none)]).toEqual(['failed', [...restaurants].sort()])
    standIn.clearFaults()
    for (const path of paths) standIn.orderFault({ kind: '403', path, restaurant: first })
    const some = await syncFew(place)
    expect([some.outcome, refusedOf(some)]).toEqual(['partial', [first]])
    standIn.clearFaults()
    expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
    expect(await differencesOf(place)).toEqual([])
  },
)

test('when the list cannot be had, the restaurants known from before are read', async () => {
  const place = await aPlace({ restaurants: 2 })
  await syncFew(place)
  place.standIn.advance({ hours: 20 })
  place.standIn.orderFault({ kind: '500', path: listPath })
  expect(endOf(await syncFew(place))).toEqual({
    outcome: 'partial',
    problems: [[null, 'restaurant', 'set-aside']],
  })
  expect(await differencesOf(place)).toEqual([])
})

test.each([
  { what: 'behind', now: '2020-03-20T17:30:00.000Z' },
  { what: 'ahead', now: '2040-03-20T17:30:00.000Z' },
])('a run begins and ends by our clock, though the vendor is years $what', async ({ now }) => {
  const place = await aPlace({ restaurants: 1, now })
  const before = Date.now()
  await syncFew(place)
  const after = Date.now()
  const [run] = await place.warehouse.read('select started_at, ended_at from sync_run')
  const times = [run?.started_at, run?.ended_at].map((at) => Date.parse(at ?? ''))
  expect([before, ...times, after]).toEqual([before, ...times, after].sort())
})

test('a token that dies in the middle of a sync is replaced, once', async () => {
  const place = await aPlace({ restaurants: 2, tokenSeconds: 3600 })
  const { standIn } = place
  let isAlive = true
  const report = await syncFew(place, {
    onEvent: ({ event }) => {
      if (event !== 'planned' || !isAlive) return
      isAlive = false
      standIn.advance({ hours: 2 })
    },
  })
  expect(endOf(report)).toEqual({ outcome: 'complete', problems: [] })
  expect(standIn.requests()[loginPath]).toEqual({ 200: 2 })
  standIn.advance({ hours: 1 })
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await differencesOf(place)).toEqual([])
})

test('a third login within the hour is not tried', async () => {
  const place = await aPlace({ restaurants: 1, tokenSeconds: 120 })
  const { standIn } = place
  const report = await syncFew(place, {
    onEvent: ({ event }) => {
      if (event === 'planned') standIn.advance(minutes(3))
    },
  })
  expect(report.outcome).toBe('refused')
  expect(report.problems.at(-1)?.message).toMatch(/^Toast allows 2 logins an hour/)
  expect(standIn.requests()[loginPath]).toEqual({ 200: 2 })
})

const hoursOfLogins = [
  {
    what: 'without a key',
    more: {},
    rounds: [
      [0, 'complete', 1],
      [5, 'complete', 2],
      [10, 'refused', 2],
      [44, 'refused', 2],
      [2, 'complete', 3],
    ],
  },
  {
    what: 'with a secret that is wrong',
    more: { clientSecret: 'another' },
    rounds: [
      [0, 'refused', 1],
      [15, 'refused', 2],
      [15, 'refused', 2],
      [31, 'refused', 3],
    ],
  },
] as const
test.each(hoursOfLogins)(
  '$what no more than two logins an hour are made, whatever processes',
  async ({ more, rounds }) => {
    const { standIn, warehouse } = await aPlace({ restaurants: 1 })
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(standIn.now()) })
    onTestFinished(() => void vi.useRealTimers())
    const seen: unknown[] = []
    for (const [waited] of rounds) {
      standIn.advance(minutes(waited))
      vi.setSystemTime(new Date(standIn.now()))
      const { outcome } = await syncFew({ standIn, warehouse, restaurants: [] }, { more })
      seen.push([waited, outcome, callsOf(standIn, loginPath)])
    }
    expect(seen).toEqual(rounds)
    expect(JSON.stringify(await warehouse.read('select state from sync_state'))).not.toContain(
      'token',
    )
  },
)

test('with a key the token and the count of logins outlive the process', async () => {
  const place = await aPlace({ restaurants: 1, tokenSeconds: 600 })
  const { standIn, warehouse } = place
  // The client's clock begins where the world stands, as it does with the vendor.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(standIn.now()) })
  onTestFinished(() => void vi.useRealTimers())
  const logins = () => callsOf(standIn, loginPath)
  const outcomes: unknown[] = []
  for (const waited of [0, 5, 10, 10, 60]) {
    standIn.advance(minutes(waited))
    const { outcome } = await syncFew(place, { more: { key } })
    outcomes.push([waited, outcome, logins()])
  }
  expect(outcomes).toEqual([
    [0, 'complete', 1],
    [5, 'complete', 1],
    [10, 'complete', 2],
    [10, 'refused', 2],
    [60, 'complete', 3],
  ])
  const [session] = await warehouse.read(`select state from sync_state where stream = '_session'`)
  expect(JSON.parse(session?.state ?? '{}')).toMatchObject({ encrypted_token: expect.any(String) })
  expect(await differencesOf(place)).toEqual([])
})

test('a restaurant that connects is reported until it can be read; one that left is not called', async () => {
  const place = await aPlace({ restaurants: 3, days: 2, membershipMoves: true })
  const { standIn, warehouse, restaurants } = place
  await syncFew(place)
  const [, leaving = ''] = restaurants
  standIn.advance({ hours: 20 * 24 })
  standIn.advance(minutes(10))
  const connected = (await restaurantsOf(standIn)).find((id) => !restaurants.includes(id))
  // A call about it would fail, and be a problem.
  standIn.orderFault({ kind: '403', restaurant: leaving })
  expect(endOf(await syncFew(place))).toEqual({
    outcome: 'partial',
    problems: [[connected, 'restaurant_details', 'blocked']],
  })
  for (const table of ['restaurant', 'restaurant_details']) {
    expect(
      await warehouse.read(
        `select ${table === 'restaurant' ? 'id' : 'restaurant_id as id'} from ${table} where _deleted_at is not null`,
      ),
    ).toEqual([{ id: leaving }])
  }
  standIn.advance(minutes(30))
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await differencesOf(place)).toEqual([])
})

test("a group's account names one of its restaurants, and only those asked for are read", async () => {
  const place = await aPlace({ restaurants: 3, account: 'group' })
  const { warehouse, restaurants } = place
  const [first = '', second = '', third = ''] = restaurants
  expect(endOf(await syncFew(place))).toEqual({
    outcome: 'refused',
    problems: [[null, 'locations', 'stop']],
  })
  const some = { restaurants: new Set([first, third]) }
  expect(endOf(await syncFew(place, some))).toEqual({ outcome: 'complete', problems: [] })
  const read = await warehouse.read('select distinct restaurant_id from orders')
  expect(read.map(({ restaurant_id }) => restaurant_id).sort()).toEqual([first, third].sort())
  // The list shows all of them, and none of them left.
  const all = { restaurants: new Set([first, second, third]) }
  expect(endOf(await syncFew(place, all))).toEqual({ outcome: 'complete', problems: [] })
  expect(await warehouse.read('select * from restaurant where _deleted_at is not null')).toEqual([])
  // The group's list holds ids only.
  const found = await differencesOf(place)
  expect(found.filter(({ table }) => table !== 'restaurant')).toEqual([])
})

test.each([
  { kind: 'a DuckDB file', open: async () => duckdbFile() },
  { kind: 'Postgres', open: postgresDatabase },
])(
  'a record that cannot be stored is kept aside in $kind until it can, its row is not deleted, and what set it aside is partial',
  async ({ open }) => {
    const place = { ...(await aPlace({ restaurants: 1 })), warehouse: await open() }
    const { standIn, warehouse } = place
    const [employee] = await idsOfEmployees(place)
    const broken = { source: withBroken(fewStreams(standIn), String(employee)) }
    const kept = () => warehouse.read('select id from quarantine where resolved_at is null')
    const rows = () =>
      warehouse.read(`select id from employee where id = '${employee}' and _deleted_at is null`)
    const seen: unknown[] = []
    for (const options of [broken, {}, broken, broken, { streams: new Set(['cash_entry']) }, {}]) {
      standIn.advance({ hours: 1 })
      const { outcome, events, quarantined } = await syncFew(place, options)
      const told = events.filter(({ event }) => event === 'quarantined').length
      expect({ seen: told, open: (await kept()).length }).toEqual(quarantined)
      seen.push([outcome, quarantined, (await rows()).length])
    }
    expect(seen).toEqual([
      ['partial', { seen: 1, open: 1 }, 0],
      ['complete', { seen: 0, open: 0 }, 1],
      ['partial', { seen: 1, open: 1 }, 1],
      ['partial', { seen: 1, open: 1 }, 1],
      ['complete', { seen: 0, open: 1 }, 1],
      ['complete', { seen: 0, open: 0 }, 1],
    ])
    const runs = await warehouse.read('select outcome, figures from sync_run order by started_at')
    expect(
      runs.map(({ outcome, figures }) => [outcome, JSON.parse(figures ?? '{}').quarantined]),
    ).toContainEqual(['partial', 1])
    expect(await differencesOf(place)).toEqual([])
  },
)

async function idsOfEmployees({ standIn }: Awaited<ReturnType<typeof aPlace>>): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const { table, row } of standIn.truth()) if (table === 'employee') ids.push(row.id)
  return ids
}

function withBroken(source: Source, guid: string): Source {
  const streams = source.streams.map((stream) => ({
    ...stream,
    unitsOf: (...given: Parameters<typeof stream.unitsOf>) => {
      if (Object(given[0]).guid === guid) throw new Unstorable('not today')
      return stream.unitsOf(...given)
    },
  }))
  return { ...source, streams }
}
