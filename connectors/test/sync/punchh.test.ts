import { adminDeleteGuest } from '@regulars/contract/wire/admin-guests'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportable, openFollower, streamNames } from '../../../server/test/follow-export.ts'
import { type HarborCounter, openHarborCounter } from '../../../server/test/harbor-counter.ts'
import { racers, rewardOf } from '../../../server/test/races/racers.ts'
import { checkOf, openTill, type Till } from '../../../server/test/till.ts'
import { type ExportStream, exportStreams } from '../../src/punchh/exported.ts'
import {
  type Answer,
  type Asked,
  type FakePunchh,
  program,
  settings,
  startFakePunchh,
} from './fake-punchh.ts'
import { syncPunchhOnce, tryPunchhOnce } from './sync-punchh.ts'
import { duckdbFile, plain, postgresDatabase, type Warehouse } from './warehouse.ts'

describe('a Regulars counter', () => {
  let counter: HarborCounter
  let till: Till
  let url: string
  beforeAll(async () => {
    counter = await openHarborCounter((file) => ({
      ...file,
      guests: [...(file.guests ?? []), ...racers('sync', 6)],
    }))
    till = openTill(counter)
    url = await counter.app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(() => counter.close())

  const configuration = () => {
    const { business, locations } = counter.program
    return {
      base_url: url,
      business_key: business.business_key,
      admin_key: business.admin_key,
      locations: locations.map(({ location_key }) => ({ location_key })),
    }
  }

  let sales = 0
  async function sell(guest: string): Promise<string> {
    sales += 1
    const uid = `sale-${sales}`
    const check = checkOf(counter.program, ['113', '401'], {
      transaction_no: String(7_000 + sales),
      punchh_key: String(420_000_000_000 + sales),
    })
    const sold = counter.guest(guest)
    await till.select(sold, [['reward', rewardOf(sold)]], uid)
    const { body } = await till.commit(sold, check, uid)
    await till.checkIn(`${guest}@example.com`, check, uid)
    await till.storeReceipt(check)
    counter.clock.turn(60_000)
    return body.redemption_ref
  }

  test.each([
    { kind: 'a DuckDB file', open: () => Promise.resolve(duckdbFile()), buyers: [0, 1, 2] },
    { kind: 'Postgres', open: postgresDatabase, buyers: [3, 4, 5] },
  ])('is in $kind as it is, and then only what changes is written', async ({ open, buyers }) => {
    const [first, second, third] = buyers.map((number) => `sync-${number}`)
    const warehouse = await open()
    const redemption = await sell(first ?? '')
    await sell(second ?? '')
    await exportable(counter)
    const report = await syncPunchhOnce(configuration(), warehouse)
    expect(report).toMatchObject({ outcome: 'complete', problems: [] })
    expect(report.events.filter(({ level }) => level === 'warning')).toEqual([])
    expect(await exportDifferences(counter, warehouse)).toEqual([])
    const named = (await stores(warehouse)).map((name) => name?.replace(/^\d+-/, ''))
    expect(named.sort()).toEqual(counter.program.locations.map(({ name }) => name).sort())

    // Nothing has happened since.
    const again = await syncPunchhOnce(configuration(), warehouse)
    expect(again).toMatchObject({
      outcome: 'complete',
      written: { rows: 0, removed: 0, unitsWritten: 0 },
    })

    await sell(third ?? '')
    await till.voidCommit(counter.guest(first ?? ''), redemption)
    const erased = await counter.newGuest()
    await exportable(counter)
    await syncPunchhOnce(configuration(), warehouse)
    await counter.call(adminDeleteGuest, { user_id: erased.guestId })
    await exportable(counter)
    const moved = await syncPunchhOnce(configuration(), warehouse)
    expect(moved).toMatchObject({ outcome: 'complete', problems: [] })
    expect(await exportDifferences(counter, warehouse)).toEqual([])
    expect(
      await warehouse.read(`select state from redemption where redemption_ref = '${redemption}'`),
    ).toEqual([{ state: 'voided' }])
    expect(
      await warehouse.read(
        `select email, status, _fivetran_deleted as gone from guest where guest_id = ${erased.guestId}`,
      ),
    ).toEqual([{ email: null, status: 'deleted', gone: 'true' }])
    const [{ guests } = {}] = await counter.rows('select count(*) as guests from guests')
    expect(moved.written.unitsWritten).toBeLessThan(Number(guests))

    const whole = await syncPunchhOnce(configuration(), warehouse, { full: true })
    expect(whole).toMatchObject({ outcome: 'complete', written: { removed: 0 } })
    expect(await exportDifferences(counter, warehouse)).toEqual([])
  })

  test('lets every key in that a check tries', async () => {
    const tried = await tryPunchhOnce(configuration())
    const label = expect.stringMatching(/^\d+-Harbor Coffee$/)
    const stores = counter.program.locations.map((_, at) => `locations[${at}]`)
    expect(tried).toEqual({
      letIn: [...stores, 'admin_key'].map((member) => ({ label, member })),
      problems: [],
      untried: 0,
    })
  })
})

/** Where a warehouse differs from what the exports give from their start. */
async function exportDifferences(counter: HarborCounter, warehouse: Warehouse): Promise<string[]> {
  const wrong: string[] = []
  for (const stream of streamNames) {
    const follower = openFollower(counter, stream, { limit: 5_000 })
    await follower.readToEnd()
    const table = exportStreams[stream as ExportStream]
    const parts = [...follower.rows.values()].flatMap((row) => partsOf(table, row))
    for (const [name, rows] of Map.groupBy(parts, ([part]) => part)) {
      const expected = rows.map(([, row]) => flat(row)).sort()
      const columns = Object.keys(rows[0]?.[1] ?? {})
      const listed = columns.map((column) => `"${column}"`).join(', ')
      // An erased guest is marked, and its row says so.
      const live =
        table === 'guest' ? `(_deleted_at is null or status = 'deleted')` : '_deleted_at is null'
      const stored = await warehouse.read(
        name === 'guest_balance'
          ? `select ${listed} from guest_balance`
          : `select ${listed} from "${name}" where ${live.replace(/^\(.*/, name === 'guest' ? live : '_deleted_at is null')}`,
      )
      const actual = stored.map(flat).sort()
      if (JSON.stringify(actual) !== JSON.stringify(expected)) {
        const lacking = expected.filter((one) => !actual.includes(one))
        const surplus = actual.filter((one) => !expected.includes(one))
        wrong.push(`${name}: lacks ${lacking.slice(0, 2)}, has ${surplus.slice(0, 2)}`)
      }
    }
  }
  return wrong
}

type Part = [table: string, row: Record<string, unknown>]

/** An exported row as rows of tables. */
function partsOf(table: string, row: Readonly<Record<string, unknown>>): Part[] {
  const { balances, lines, items, ...own } = row
  const { guest_id, receipt_id, redemption_ref } = own
  const listed = (list: unknown) => (Array.isArray(list) ? list : [])
  return [
    [table, own],
    ...Object.entries(balances ?? {}).map(
      ([unit, one]): Part => ['guest_balance', { guest_id, unit, ...one }],
    ),
    ...listed(lines).map(
      (line, ordinal): Part => ['receipt_line', { receipt_id, ordinal, ...line }],
    ),
    ...listed(items).flatMap(({ lines: shares, ...item }): Part[] => [
      ['redemption_item', { redemption_ref, ...item }],
      ...listed(shares).map(
        (line, ordinal): Part => [
          'redemption_item_line',
          { redemption_id: item.redemption_id, ordinal, ...line },
        ],
      ),
    ]),
  ]
}

function flat(row: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(row).map(([name, value]) => [name, plainNumber(plain(value))])
  return JSON.stringify(entries.sort())
}

function plainNumber(text: string | null): string | null {
  return text !== null && /^-?\d+\.\d+$/.test(text) ? String(Number(text)) : text
}

async function stores(warehouse: Warehouse): Promise<(string | null | undefined)[]> {
  const rows = await warehouse.read('select location_name from location_configuration')
  return rows.map(({ location_name }) => location_name).sort()
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const refused = (status: number): Answer => ({ status, body: ['Invalid LocationKey'] })

/** A Punchh where every store's key is `store-…`, and everything is in order. */
function sound({ path, key }: Asked): Answer {
  const location_id = key.replace(/\D/g, '')
  return path.endsWith('/meta') ? ok(program()) : ok(settings({ location_id, location_name: key }))
}

function storesOf(url: string, count: number, more: object = {}) {
  return {
    base_url: url,
    business_key: 'biz-1',
    business: 'Harbor',
    locations: Array.from({ length: count }, (_, at) => ({ location_key: `store-${at + 1}` })),
    ...more,
  }
}

describe('a program', () => {
  const wrongOf = (fake: FakePunchh) =>
    fake.asked.filter(({ key }) => key.startsWith('wrong')).map(({ key }) => key)
  const cases = [
    { name: 'the second store', keys: ['wrong-1', 'store-2', 'store-3'], streams: null },
    { name: 'the last store', keys: ['wrong-1', 'wrong-2', 'store-3'], streams: null },
    {
      name: 'the last store, though settings are not asked for',
      keys: ['wrong-1', 'wrong-2', 'store-3'],
      streams: new Set(['program_meta']),
    },
  ]
  test.each(cases)('is read from $name when those before are refused', async (given) => {
    const { keys, streams } = given
    const fake = await startFakePunchh((asked) =>
      asked.key.startsWith('wrong') ? refused(401) : sound(asked),
    )
    const warehouse = duckdbFile()
    const file = storesOf(fake.url, 0, {
      locations: keys.map((location_key) => ({ location_key })),
    })
    for (let round = 0; round < 2; round += 1) await syncPunchhOnce(file, warehouse, { streams })
    expect(await warehouse.read('select business from program_meta')).toEqual([
      { business: 'Harbor' },
    ])
    expect(await warehouse.read('select count(*) as n from program_meta_history')).toEqual([
      { n: '1' },
    ])
    expect(new Set(wrongOf(fake))).toEqual(new Set(keys.filter((key) => key.startsWith('wrong'))))
  })

  test('of which no store is let in is a problem', async () => {
    const fake = await startFakePunchh(() => refused(401))
    const { problems } = await syncPunchhOnce(storesOf(fake.url, 1), duckdbFile())
    expect(problems.map(({ stream, message }) => [stream, message])).toEqual([
      ['location_configuration', expect.stringContaining('401')],
      [
        'program_meta',
        expect.stringMatching(/program of Harbor was not read: .* each of its stores/),
      ],
    ])
    expect(fake.asked).toHaveLength(1)
  })

  test('that changes leaves its history, and a redeemable that is gone is marked', async () => {
    const [kept] = program().redeemables as Record<string, unknown>[]
    const gone = { ...kept, redeemable_id: 1, name: 'Soon gone' }
    const programs = [
      program({ redeemables: [kept, gone] }),
      program({ redeemables: [kept, gone] }),
      program({ redeemables: [{ ...kept, name: 'A new name' }], minimum_visit_amount: 4 }),
    ]
    let now = 0
    const { url } = await startFakePunchh((asked) =>
      asked.path.endsWith('/meta') ? ok(programs[now]) : sound(asked),
    )
    const warehouse = duckdbFile()
    const written: number[] = []
    for (now of programs.keys()) {
      // Another key for the same store: the history goes on.
      const file = storesOf(url, 1, { locations: [{ location_key: `store-1${now}` }] })
      const { written: one } = await syncPunchhOnce(file, warehouse, {
        streams: new Set(['program_meta']),
      })
      written.push(one.rows)
    }
    expect(written).toEqual([expect.any(Number), 0, expect.any(Number)])
    const offers = await warehouse.read(
      'select redeemable_id as id, name, _fivetran_deleted as gone from redeemable order by 1',
    )
    expect(offers).toEqual(
      [
        { id: String(kept?.redeemable_id), name: 'A new name', gone: 'false' },
        { id: String(gone.redeemable_id), name: gone.name, gone: 'true' },
      ].sort((one, other) => Number(one.id) - Number(other.id)),
    )
    const versions = await warehouse.read(
      `select redeemable_id as id, name, valid_from, valid_to, valid_to is null as open
         from redeemable_history order by redeemable_id, valid_from`,
    )
    const ofKept = versions.filter(({ id }) => id === String(kept?.redeemable_id))
    expect(ofKept.map(({ name, open }) => ({ name, open }))).toEqual([
      { name: kept?.name, open: 'false' },
      { name: 'A new name', open: 'true' },
    ])
    expect(ofKept[0]?.valid_to).toBe(ofKept[1]?.valid_from)
    expect(
      await warehouse.read(
        'select minimum_visit_amount as amount, valid_to is null as open from program_meta_history order by valid_from',
      ),
    ).toEqual([
      { amount: plain(program().minimum_visit_amount), open: 'false' },
      { amount: '4', open: 'true' },
    ])
  })

  test('whose lists are null is a program without them', async () => {
    const { url } = await startFakePunchh((asked) =>
      asked.path.endsWith('/meta')
        ? ok(program({ redeemables: null, multiple_redemptions: null }))
        : sound(asked),
    )
    const warehouse = duckdbFile()
    expect(await syncPunchhOnce(storesOf(url, 1), warehouse)).toMatchObject({ outcome: 'complete' })
    expect(await warehouse.read('select count(*) as n from redeemable')).toEqual([{ n: '0' }])
  })
})

describe('a key that is refused', () => {
  test.each([401, 403])('with %i stops its store at once, and the others go on', async (status) => {
    const fake = await startFakePunchh((asked) =>
      asked.key === 'store-1' ? refused(status) : sound(asked),
    )
    const warehouse = duckdbFile()
    const report = await syncPunchhOnce(storesOf(fake.url, 3), warehouse)
    expect(report).toMatchObject({
      outcome: 'partial',
      problems: [
        {
          location: 'Harbor/program',
          stream: 'location_configuration',
          verdict: 'blocked',
          message: `locations[0]: /api/pos/locations/configuration: ${status} Invalid LocationKey (mend the key)`,
        },
      ],
    })
    expect(fake.asked.filter(({ key }) => key === 'store-1')).toHaveLength(1)
    expect(await stores(warehouse)).toEqual(['store-2', 'store-3'])
  })

  test.each([
    { what: 'of every store', locations: 30, more: {} },
    { what: 'of every store of a business without a label', locations: 30, more: { business: '' } },
  ])('$what ends the run before ten of them block the address', async ({ locations, more }) => {
    const fake = await startFakePunchh(() => refused(401))
    const { outcome } = await syncPunchhOnce(storesOf(fake.url, locations, more), duckdbFile())
    expect(outcome).toBe('refused')
    expect(fake.asked.length).toBeLessThan(10)
    const settingsAsked = fake.asked.filter(({ path }) => !path.endsWith('/meta'))
    expect(new Set(settingsAsked.map(({ key }) => key)).size).toBe(settingsAsked.length)
  })

  test('is not repeated by what is told', async () => {
    const { url } = await startFakePunchh(() => ({ status: 401, body: 'no store-1 of biz-1' }))
    const { problems } = await syncPunchhOnce(storesOf(url, 1), duckdbFile())
    expect(JSON.stringify(problems)).not.toMatch(/store-1|biz-1/)
  })

  test('is not shown again when the settings that name a business refused it', async () => {
    const fake = await startFakePunchh((asked) =>
      asked.key === 'store-1' ? refused(401) : sound(asked),
    )
    const report = await syncPunchhOnce(storesOf(fake.url, 2, { business: '' }), duckdbFile())
    expect(report).toMatchObject({
      outcome: 'partial',
      problems: [
        { message: expect.stringMatching(/^locations\[0\]: Punchh refused this key at /) },
      ],
    })
    expect(fake.asked.filter(({ key }) => key === 'store-1')).toHaveLength(1)
  })
})

describe('a key that was refused in an earlier sync', () => {
  const stores = storesOf
  const admin = (url: string) => ({ base_url: url, business: 'Harbor', admin_key: 'wrong' })
  const cases = [
    {
      name: 'of one store of three',
      file: (url: string) => stores(url, 3),
      wrong: ['store-2'],
      ends: 'partial',
    },
    { name: 'of all there is', file: admin, wrong: ['wrong'], ends: 'failed' },
  ]
  test.each(cases)('$name is not shown again, and its place is a problem', async (given) => {
    const { file, wrong, ends } = given
    const fake = await startFakePunchh((asked) =>
      wrong.includes(asked.key) ? refused(401) : sound(asked),
    )
    const warehouse = duckdbFile()
    for (let round = 0; round < 12; round += 1) {
      const { outcome, problems } = await syncPunchhOnce(file(fake.url), warehouse)
      expect({ outcome, problems: problems.length }).toEqual({ outcome: ends, problems: 1 })
      if (round > 0)
        expect(problems[0]?.message).toMatch(/: Punchh refused this key at .*; mend the/)
    }
    expect(fake.asked.filter(({ key }) => wrong.includes(key))).toHaveLength(1)
  })

  test('is shown when the configuration has another one in its place, or another server', async () => {
    const fake = await startFakePunchh((asked) =>
      asked.headers.authorization?.endsWith('btoken=biz-1') ? refused(401) : sound(asked),
    )
    const warehouse = duckdbFile()
    await syncPunchhOnce(storesOf(fake.url, 1), warehouse)
    const mended = storesOf(fake.url, 1, { business_key: 'biz-2' })
    expect(await syncPunchhOnce(mended, warehouse)).toMatchObject({ outcome: 'complete' })
    const moved = await startFakePunchh(sound)
    const elsewhere = storesOf(moved.url, 1)
    expect(await syncPunchhOnce(elsewhere, warehouse)).toMatchObject({ outcome: 'complete' })
  })

  test.each([
    { name: 'with every store', more: {} },
    { name: 'without a label', more: { business: '' } },
  ])('counts in the next ones, $name, so that nothing more is sent', async ({ more }) => {
    const fake = await startFakePunchh(() => refused(401))
    const warehouse = duckdbFile()
    for (let round = 0; round < 6; round += 1) {
      const { outcome, problems } = await syncPunchhOnce(storesOf(fake.url, 30, more), warehouse)
      expect(outcome).toBe('refused')
      if (round > 0) {
        expect(problems.at(-1)?.message).toMatch(/too many keys .* start again in \d+ minutes/)
      }
    }
    expect(fake.asked.length).toBeLessThan(10)
  })

  test('is known though that sync was told to stop', async () => {
    const stop = new AbortController()
    const fake = await startFakePunchh((asked) => {
      if (asked.key === 'store-1') return refused(401)
      setTimeout(() => stop.abort(), 100)
      return 'hang'
    })
    const warehouse = duckdbFile()
    const file = storesOf(fake.url, 2)
    const { signal } = stop
    expect(await syncPunchhOnce(file, warehouse, { signal })).toMatchObject({ outcome: 'stopped' })
    await syncPunchhOnce(file, warehouse, {
      budget: { attemptsMax: 1, firstWaitMs: 1, waitMsMax: 1 },
    })
    expect(fake.asked.filter(({ key }) => key === 'store-1')).toHaveLength(1)
  })

  test('is kept as a fingerprint alone', async () => {
    const fake = await startFakePunchh(() => refused(401))
    const warehouse = duckdbFile()
    await syncPunchhOnce(storesOf(fake.url, 2), warehouse)
    const kept = await warehouse.read(`select state from sync_state where stream = '_session'`)
    expect(kept).toEqual([{ state: expect.stringContaining('"refused":{"') }])
    expect(JSON.stringify(kept)).not.toMatch(/store-|biz-/)
  })
})

describe('an error with status 200', () => {
  const cases = [
    {
      name: 'in the place of settings',
      path: '/api/pos/locations/configuration',
      said: 'location_configuration without location_id',
    },
    {
      name: 'in the place of a program',
      path: '/api/pos/meta',
      said: 'program without program_type',
    },
  ]
  test.each(cases)('$name is a problem, and what is stored stays', async ({ path, said }) => {
    let isBroken = false
    const fake = await startFakePunchh((asked) =>
      isBroken && asked.path === path ? ok({ error: 'oops' }) : sound(asked),
    )
    const warehouse = duckdbFile()
    await syncPunchhOnce(storesOf(fake.url, 1), warehouse)
    isBroken = true
    expect(await syncPunchhOnce(storesOf(fake.url, 1), warehouse)).toMatchObject({
      outcome: 'partial',
      problems: [{ verdict: 'set-aside', message: expect.stringContaining(`${path}: ${said}`) }],
      written: { rows: 0, removed: 0 },
    })
    expect(await warehouse.read('select count(*) as n from quarantine')).toEqual([{ n: '0' }])
    isBroken = false
    expect(await syncPunchhOnce(storesOf(fake.url, 1), warehouse)).toMatchObject({
      outcome: 'complete',
      written: { rows: 0, removed: 0 },
    })
  })

  test('leaves a business without a label for the next sync', async () => {
    const fake = await startFakePunchh(() => ok({ error: 'oops' }))
    const file = storesOf(fake.url, 1, { business: '' })
    expect(await syncPunchhOnce(file, duckdbFile())).toMatchObject({
      outcome: 'failed',
      problems: [{ message: expect.stringContaining('the reply holds no settings') }],
    })
  })
})

describe('a call', () => {
  const passing: { what: string; answer: Answer }[] = [
    { what: '408', answer: { status: 408, body: '' } },
    { what: '429', answer: { status: 429, body: '' } },
    { what: '500', answer: { status: 500, body: '<html>' } },
    { what: '503', answer: { status: 503, body: '' } },
    { what: 'a reset', answer: 'reset' },
    { what: 'no answer in time', answer: 'hang' },
    { what: 'a body cut short', answer: 'truncated' },
    { what: 'half of a body', answer: ok('{"location_id":') },
  ]
  test.each(passing)('that meets $what twice is made again', async ({ answer }) => {
    const fake = await startFakePunchh((asked, time) => (time <= 2 ? answer : sound(asked)))
    const warehouse = duckdbFile()
    const streams = new Set(['location_configuration'])
    const report = await syncPunchhOnce(storesOf(fake.url, 1), warehouse, { streams })
    expect({ outcome: report.outcome, calls: fake.asked.length }).toEqual({
      outcome: 'complete',
      calls: 3,
    })
    expect(await stores(warehouse)).toEqual(['store-1'])
  })

  test.each(passing)(
    'that meets $what for ever is given up, and said',
    async ({ what, answer }) => {
      const fake = await startFakePunchh(() => answer)
      const streams = new Set(['location_configuration'])
      const { outcome, problems } = await syncPunchhOnce(storesOf(fake.url, 1), duckdbFile(), {
        streams,
        budget: { attemptsMax: 2, firstWaitMs: 2, waitMsMax: 10 },
      })
      expect({ what, outcome, calls: fake.asked.length }).toEqual({
        what,
        outcome: 'failed',
        calls: 2,
      })
      expect(problems).toMatchObject([{ verdict: 'set-aside' }])
      expect(problems[0]?.message).toMatch(
        /^locations\[0\]: \/api\/pos\/locations\/configuration: .+, 2 times in a row$/,
      )
    },
  )

  const final: { answer: Answer; said: string }[] = [
    { answer: { status: 400, body: { error: 'no' } }, said: '400 no' },
    { answer: { status: 404, body: '' }, said: '404 (check base_url)' },
    { answer: { status: 422, body: { errors: { base: ['no'] } } }, said: '422 no' },
    { answer: { status: 422, body: { error: { message: 'no', code: 'x' } } }, said: '422 no' },
    { answer: { status: 302, body: '' }, said: '302 (check base_url)' },
    { answer: { status: 204, body: '' }, said: '204' },
    // The example connector called an empty reply a success.
    { answer: ok({}), said: 'the reply holds no object' },
    { answer: ok([]), said: 'the reply holds no object' },
    { answer: ok('null'), said: 'the reply holds no object' },
  ]
  test.each(final)('that is answered with $answer fails at once', async ({ answer, said }) => {
    const fake = await startFakePunchh(() => answer)
    const streams = new Set(['location_configuration'])
    const { outcome, problems } = await syncPunchhOnce(storesOf(fake.url, 1), duckdbFile(), {
      streams,
    })
    expect({ outcome, calls: fake.asked.length }).toEqual({ outcome: 'failed', calls: 1 })
    expect(problems[0]?.message).toBe(`locations[0]: /api/pos/locations/configuration: ${said}`)
  })

  test.each([
    { what: 'some', found: ['store-2'], outcome: 'partial' },
    { what: 'every one', found: [], outcome: 'failed' },
  ])('that finds nothing, as $what does, ends as $outcome', async ({ found, outcome }) => {
    const fake = await startFakePunchh((asked) =>
      found.includes(asked.key) ? sound(asked) : { status: 404, body: '' },
    )
    const report = await syncPunchhOnce(storesOf(fake.url, 2), duckdbFile())
    expect(report.outcome).toBe(outcome)
    expect(report.problems).toHaveLength(fake.asked.length - found.length)
  })

  test.each(['', '/', '/proxy/punchh'])('goes below a base URL that ends in "%s"', async (path) => {
    const fake = await startFakePunchh(sound)
    await syncPunchhOnce(storesOf(`${fake.url}${path}`, 1), duckdbFile())
    const base = path.replace(/\/$/, '')
    expect(fake.asked.map((asked) => asked.path)).toEqual([
      `${base}/api/pos/locations/configuration`,
      `${base}/api/pos/meta`,
    ])
    expect(fake.asked[0]?.headers).toMatchObject({
      authorization: 'Token token=store-1, btoken=biz-1',
      accept: 'application/json',
      'accept-language': '',
      'user-agent': expect.stringMatching(/^Regulars\/Middleware\/\d+\.\d+\.\d+$/),
    })
  })
})

test('a store is known by its name once it was read, beside where its streams stand', async () => {
  const fake = await startFakePunchh((asked) =>
    asked.key === 'store-2' ? { status: 404, body: '' } : sound(asked),
  )
  const warehouse = duckdbFile()
  await syncPunchhOnce(storesOf(fake.url, 2, { admin_key: 'store-9' }), warehouse)
  const rows = await warehouse.read(
    `select state ->> 'label' as label, state ->> 'member' as member
       from sync_state where stream = '_location' order by 1`,
  )
  expect(rows).toEqual([
    { label: 'Harbor', member: 'admin_key' },
    { label: 'Harbor: locations[1]', member: 'locations[1]' },
    { label: 'Harbor: store-1', member: 'locations[0]' },
  ])
})

test('a problem of an admin key names the business it stands in', async () => {
  const fake = await startFakePunchh(() => refused(401))
  const businesses = [
    { business: 'Harbor', admin_key: 'admin-1' },
    { business: 'Pier', admin_key: 'admin-2' },
  ]
  const { problems } = await syncPunchhOnce({ base_url: fake.url, businesses }, duckdbFile())
  expect(problems.map(({ message }) => message).sort()).toEqual(
    [0, 1].map(
      (at) =>
        `businesses[${at}].admin_key: /regulars/export/businesses: 401 Invalid LocationKey (mend the key)`,
    ),
  )
})

test('the record of a run holds what it was told of fields, and no key', async () => {
  const { url } = await startFakePunchh(sound)
  const warehouse = duckdbFile()
  const fields = { 'location_configuration.location_name': 'hash' }
  await syncPunchhOnce(storesOf(url, 1, { fields }), warehouse)
  const [{ configuration } = {}] = await warehouse.read('select configuration from sync_run')
  expect(JSON.parse(String(configuration))).toEqual({
    base_url: url,
    businesses: [{ business: 'Harbor', locations: 1, exports: false }],
    fields,
  })
  expect(await stores(warehouse)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  const kept = await warehouse.read('select state from sync_state')
  expect(JSON.stringify(kept)).not.toContain('store-1')
})

describe('a business without a label', () => {
  const named = (name: string) => (asked: Asked) =>
    asked.path.endsWith('/meta')
      ? ok(program())
      : ok(settings({ location_id: '1', business_name: name }))

  test('keeps its first name when it is renamed, and its rows are not doubled', async () => {
    let name = 'Harbor'
    const { url } = await startFakePunchh((asked) => named(name)(asked))
    const warehouse = duckdbFile()
    const file = storesOf(url, 1, { business: '' })
    await syncPunchhOnce(file, warehouse)
    name = 'Quay'
    expect(await syncPunchhOnce(file, warehouse)).toMatchObject({ outcome: 'complete' })
    expect(
      await warehouse.read('select business, business_name as name from location_configuration'),
    ).toEqual([{ business: 'Harbor', name: 'Quay' }])
    expect(await warehouse.read('select business from program_meta')).toEqual([
      { business: 'Harbor' },
    ])
  })

  test('keeps the label that the configuration gave it before', async () => {
    const { url } = await startFakePunchh(named('Quay'))
    const warehouse = duckdbFile()
    await syncPunchhOnce(storesOf(url, 1, { business: 'Harbor' }), warehouse)
    await syncPunchhOnce(storesOf(url, 1, { business: '' }), warehouse)
    expect(await warehouse.read('select distinct business from location_configuration')).toEqual([
      { business: 'Harbor' },
    ])
  })
})

describe('many stores', () => {
  test('of two businesses are kept under the name of each, the program read once for each', async () => {
    const fake = await startFakePunchh((asked) => {
      const business_name = asked.key.startsWith('bakery') ? 'Bakery' : 'Harbor'
      const answer = sound(asked)
      if (typeof answer === 'string' || asked.path.endsWith('/meta')) return answer
      return ok({ ...(answer.body as object), business_name })
    })
    const keys = [
      ...Array.from({ length: 12 }, (_, at) => `store-${at + 1}`),
      'bakery-1',
      'bakery-2',
    ]
    const file = {
      base_url: fake.url,
      locations: keys.map((location_key) => ({
        location_key,
        business_key: location_key.startsWith('bakery') ? 'biz-2' : 'biz-1',
      })),
    }
    const warehouse = duckdbFile()
    expect(await syncPunchhOnce(file, warehouse)).toMatchObject({ outcome: 'complete' })
    expect(
      await warehouse.read(
        'select business, count(*) as stores from location_configuration group by 1 order by 1',
      ),
    ).toEqual([
      { business: 'Bakery', stores: '2' },
      { business: 'Harbor', stores: '12' },
    ])
    expect(await warehouse.read('select business from program_meta order by 1')).toEqual([
      { business: 'Bakery' },
      { business: 'Harbor' },
    ])
    expect(fake.asked.filter(({ path }) => path.endsWith('/meta'))).toHaveLength(2)
  })

  test('of two businesses with one name are refused', async () => {
    const { url } = await startFakePunchh(sound)
    const file = {
      base_url: url,
      locations: [
        { location_key: 'store-1', business_key: 'biz-1' },
        { location_key: 'store-2', business_key: 'biz-2' },
      ],
    }
    const name = settings().business_name
    expect(await syncPunchhOnce(file, duckdbFile())).toMatchObject({
      outcome: 'refused',
      problems: [
        {
          message: `Two businesses are named ${name}; give each a label of its own (business) in the configuration.`,
        },
      ],
    })
  })
})

describe.each([
  { kind: 'a DuckDB file', open: () => Promise.resolve(duckdbFile()) },
  { kind: 'Postgres', open: postgresDatabase },
])('a store in $kind that was taken out of the configuration', ({ open }) => {
  const there = async (warehouse: Warehouse) => {
    const rows = await warehouse.read(
      'select location_name from location_configuration where _deleted_at is null order by 1',
    )
    return rows.map(({ location_name }) => location_name)
  }
  const fileOf = (url: string, keys: readonly string[], more: object = {}) =>
    storesOf(url, 0, { locations: keys.map((location_key) => ({ location_key })), ...more })

  test('is marked, and no longer when it is put back', async () => {
    const { url } = await startFakePunchh(sound, { tellsTime: false })
    const warehouse = await open()
    await syncPunchhOnce(storesOf(url, 3), warehouse)
    const without = fileOf(url, ['store-1', 'store-3'])
    const report = await syncPunchhOnce(without, warehouse)
    expect(report).toMatchObject({ outcome: 'complete', problems: [], written: { removed: 1 } })
    expect(await there(warehouse)).toEqual(['store-1', 'store-3'])
    expect(await syncPunchhOnce(without, warehouse)).toMatchObject({
      written: { rows: 0, removed: 0 },
    })
    await syncPunchhOnce(storesOf(url, 3), warehouse)
    expect(await there(warehouse)).toEqual(['store-1', 'store-2', 'store-3'])
  })

  const cases: {
    name: string
    keys: readonly string[]
    more?: object
    streams?: ReadonlySet<string>
    answer?: (asked: Asked) => Answer
    left: readonly string[]
  }[] = [
    {
      name: 'is marked when the others have keys that are new',
      keys: ['new-store-1', 'new-store-3'],
      answer: (asked) => sound({ ...asked, key: asked.key.replace('new-', '') }),
      left: ['store-1', 'store-3'],
    },
    {
      name: 'stays when the business is another',
      keys: ['store-4'],
      more: { business: 'Bakery', business_key: 'biz-2' },
      left: ['store-1', 'store-2', 'store-3', 'store-4'],
    },
    {
      name: 'stays when the settings of stores are not asked for',
      keys: ['store-1'],
      streams: new Set(['program_meta']),
      left: ['store-1', 'store-2', 'store-3'],
    },
    ...([401, 403, 404, 500] as const).map((status) => ({
      name: `stays when another is answered with ${status}, since it may be that one`,
      keys: ['store-1', 'store-3'],
      answer: (asked: Asked) => (asked.key === 'store-3' ? refused(status) : sound(asked)),
      left: ['store-1', 'store-2', 'store-3'],
    })),
  ]
  for (const { name, keys, more, streams, answer = sound, left } of cases) {
    test(name, async () => {
      let answering: (asked: Asked) => Answer = sound
      const { url } = await startFakePunchh((asked) => answering(asked), { tellsTime: false })
      const warehouse = await open()
      await syncPunchhOnce(storesOf(url, 3), warehouse)
      answering = answer
      await syncPunchhOnce(fileOf(url, keys, more), warehouse, { streams: streams ?? null })
      expect(await there(warehouse)).toEqual(left)
    })
  }
})

describe('an export', () => {
  const rows = Array.from({ length: 9 }, (_, at) => ({ guest_id: at + 1, first_name: `G${at}` }))
  const file = (url: string) => ({ base_url: url, business: 'Harbor', admin_key: 'admin-1' })
  const streams = new Set(['guest'])

  /** Pages of two guests from `list`; cursors of another epoch are lost. */
  const pages =
    (list: () => readonly object[], epoch: () => number) =>
    (asked: Asked): Answer => {
      const [from = '0', of = String(epoch())] = (asked.query.get('after') ?? '')
        .split('@')
        .filter(Boolean)
      if (Number(of) !== epoch()) return { status: 410, body: { error: 'lost' } }
      const next = Math.min(Number(from) + 2, list().length)
      return ok({
        rows: list().slice(Number(from), next),
        next: `${next}@${epoch()}`,
        more: next < list().length,
      })
    }
  const stored = (warehouse: Warehouse) =>
    warehouse.read(
      'select guest_id as id, first_name, _fivetran_deleted as gone from guest order by 1',
    )

  test('that is stopped goes on where its last stored page ended', async () => {
    const stop = new AbortController()
    const fake = await startFakePunchh((asked) => {
      if (asked.query.get('after') === '6@1' && !stop.signal.aborted) {
        stop.abort()
        return 'hang'
      }
      return pages(
        () => rows,
        () => 1,
      )(asked)
    })
    const warehouse = duckdbFile()
    const first = await syncPunchhOnce(file(fake.url), warehouse, { streams, signal: stop.signal })
    expect(first.outcome).toBe('stopped')
    expect(await stored(warehouse)).toHaveLength(6)
    fake.asked.length = 0
    const second = await syncPunchhOnce(file(fake.url), warehouse, { streams })
    expect(second.outcome).toBe('complete')
    expect(fake.asked.map(({ query }) => query.get('after'))).toEqual(['6@1', '8@1'])
    expect(await stored(warehouse)).toHaveLength(9)
  })

  test('whose cursor is lost is read again whole, and what does not come is marked as gone', async () => {
    let list = rows
    let epoch = 1
    const { url } = await startFakePunchh(
      pages(
        () => list,
        () => epoch,
      ),
    )
    const warehouse = duckdbFile()
    await syncPunchhOnce(file(url), warehouse, { streams })
    epoch = 2
    list = rows.slice(3)
    const report = await syncPunchhOnce(file(url), warehouse, { streams })
    expect(report).toMatchObject({ outcome: 'complete', written: { removed: 3 } })
    expect((await stored(warehouse)).map(({ gone }) => gone)).toEqual([
      ...Array(3).fill('true'),
      ...Array(6).fill('false'),
    ])
    expect(await syncPunchhOnce(file(url), warehouse, { streams })).toMatchObject({
      written: { rows: 0, removed: 0 },
    })
  })

  test('that changes within one second, by the server’s clock, is stored as it was last', async () => {
    let name = 'first'
    const { url } = await startFakePunchh((asked) => {
      const answer = ok({ rows: [{ guest_id: 1, first_name: name }], next: name, more: false })
      return asked.query.get('after') === name ? ok({ rows: [], next: name, more: false }) : answer
    })
    const warehouse = duckdbFile()
    for (name of ['first', 'second', 'third', 'fourth']) {
      await syncPunchhOnce(file(url), warehouse, { streams })
      expect(await stored(warehouse)).toEqual([{ id: '1', first_name: name, gone: 'false' }])
    }
  })

  test.each([
    { what: 'no rows', body: { next: 'x', more: true }, said: 'the reply has no rows' },
    { what: 'no cursor', body: { rows: [], more: true }, said: 'the reply has no cursor' },
    {
      what: 'an empty cursor',
      body: { rows: [], next: '', more: true },
      said: 'the reply has no cursor',
    },
    { what: 'nothing of more', body: { rows: [], next: 'x' }, said: 'the reply has no cursor' },
    { what: 'nothing', body: {}, said: 'the reply has no rows' },
  ])('whose page has $what is none', async ({ body, said }) => {
    const { url } = await startFakePunchh(() => ok(body))
    expect(await syncPunchhOnce(file(url), duckdbFile(), { streams })).toMatchObject({
      outcome: 'failed',
      problems: [{ verdict: 'set-aside', message: `admin_key: /regulars/export/guests: ${said}` }],
    })
  })
})

describe('a check of the keys', () => {
  test('tries every key, and says of each that is refused where it stands', async () => {
    const fake = await startFakePunchh((asked) =>
      ['store-2', 'store-4', 'admin-1'].includes(asked.key) ? refused(401) : sound(asked),
    )
    expect(await tryPunchhOnce(storesOf(fake.url, 5, { admin_key: 'admin-1' }))).toEqual({
      letIn: [0, 2, 4].map((at) => ({ label: 'Harbor', member: `locations[${at}]` })),
      problems: [
        ...['locations[1]', 'locations[3]'].map(
          (member) =>
            `${member} of Harbor: /api/pos/locations/configuration: 401 Invalid LocationKey (mend the key)`,
        ),
        'admin_key of Harbor: /regulars/export/businesses: 401 Invalid LocationKey (mend the key)',
      ],
      untried: 0,
    })
    expect(fake.asked).toHaveLength(6)
  })

  test('ends before refusals block the address', async () => {
    const fake = await startFakePunchh(() => refused(401))
    const { problems, untried } = await tryPunchhOnce(storesOf(fake.url, 20))
    expect({ problems: problems.length, untried, asked: fake.asked.length }).toEqual({
      problems: 6,
      untried: 14,
      asked: 6,
    })
  })

  test('names businesses without a label, and says when two have one name', async () => {
    const { url } = await startFakePunchh(sound)
    const locations = ['biz-1', 'biz-2'].map((business_key, at) => ({
      location_key: `store-${at}`,
      business_key,
    }))
    const label = settings().business_name
    expect(await tryPunchhOnce({ base_url: url, locations })).toEqual({
      letIn: [0, 1].map((at) => ({ label, member: `locations[${at}]` })),
      problems: [
        `Two businesses are named ${label}; give each a label of its own (business) in the configuration.`,
      ],
      untried: 0,
    })
  })

  const server: { what: string; answer: Answer; said: string; calls: number }[] = [
    { what: '500', answer: { status: 500, body: '' }, said: '500, 5 times in a row', calls: 5 },
    { what: 'a reset', answer: 'reset', said: 'ECONNRESET, 5 times in a row', calls: 5 },
    { what: 'nothing', answer: ok({}), said: 'the reply holds no object', calls: 1 },
    {
      what: 'an error',
      answer: ok({ error: 'oops' }),
      said: 'the reply holds no settings',
      calls: 1,
    },
  ]
  test.each(server)('tries no other store when one is answered with $what', async (given) => {
    const { answer, said, calls } = given
    const fake = await startFakePunchh(() => answer)
    expect(await tryPunchhOnce(storesOf(fake.url, 3))).toEqual({
      letIn: [],
      problems: [
        `locations[0] of Harbor: /api/pos/locations/configuration: ${said}; check base_url`,
      ],
      untried: 2,
    })
    expect(fake.asked).toHaveLength(calls)
  })

  const elsewhere: { what: string; answer: Answer; said: string }[] = [
    { what: '404', answer: { status: 404, body: '' }, said: '404 (check base_url)' },
    { what: '301', answer: { status: 301, body: '' }, said: '301 (check base_url)' },
    {
      what: 'a page',
      answer: { status: 200, body: '<html>', type: 'text/html; charset=utf-8' },
      said: '200 (a page for people; check base_url)',
    },
  ]
  test.each(elsewhere)(
    'says to check base_url when a store gets $what',
    async ({ answer, said }) => {
      const fake = await startFakePunchh(() => answer)
      expect(await tryPunchhOnce(storesOf(fake.url, 3))).toEqual({
        letIn: [],
        problems: [`locations[0] of Harbor: /api/pos/locations/configuration: ${said}`],
        untried: 2,
      })
      expect(fake.asked).toHaveLength(1)
    },
  )

  test('says of an export that is not there whose server it is of', async () => {
    const fake = await startFakePunchh((asked) =>
      asked.key === 'admin-1' ? { status: 404, body: '' } : sound(asked),
    )
    const { letIn, problems } = await tryPunchhOnce(storesOf(fake.url, 1, { admin_key: 'admin-1' }))
    expect({ letIn: letIn.length, problems }).toEqual({
      letIn: 1,
      problems: [
        'admin_key of Harbor: /regulars/export/businesses: 404 (admin_key is for a Regulars server only)',
      ],
    })
  })
})
