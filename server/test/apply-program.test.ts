import type { ProgramFile } from '@regulars/contract/program-file'
import { type Instant, instant } from '@regulars/contract/values/instants'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyProgram, type PlannedEntry, planProgram } from '../src/actions/apply-program.ts'
import { changeOffers } from '../src/actions/change-offers.ts'
import type { Deps } from '../src/deps.ts'
import { type Counter, openCounter } from '../src/server.ts'
import { openCatalogs } from '../src/store/catalogs.ts'
import type { Db, Queries } from '../src/store/db.ts'
import { openIds } from '../src/store/ids.ts'
import { openRecorder } from '../src/store/recorder.ts'
import { exampleProgram } from './catalog/example-catalogs.ts'
import { type FreshDatabase, freshDatabase } from './fresh-database.ts'

const now = instant(Date.parse('2026-11-20T18:00:00Z'))

let database: FreshDatabase
let counters: Counter[]

beforeEach(async () => {
  database = await freshDatabase()
  counters = []
})

afterEach(async () => {
  for (const counter of counters) await counter.close()
  await database.drop()
})

/** A server of its own on the test's database. */
function open(): Counter {
  const counter = openCounter({
    databaseUrl: database.url,
    secretKey: Buffer.alloc(32, 7),
    now: (): Instant => now,
    log: pino({ level: 'silent' }),
    connectionsMax: 4,
  })
  counters.push(counter)
  return counter
}

async function rows(text: string): Promise<Record<string, unknown>[]> {
  const { deps } = counters[0] ?? open()
  return deps.db.query({ name: '', text }, [])
}

function changed(entries: readonly PlannedEntry[]): string[] {
  return entries
    .filter(({ step }) => step !== 'unchanged')
    .map(({ step, kind, externalId }) => `${step} ${kind} ${externalId}`)
}

async function applied(counter: Counter, program: ProgramFile) {
  const result = await applyProgram(counter.deps, program)
  if (result.kind === 'not_applicable') throw new Error(result.sentence)
  expect(result.guestProblems).toEqual([])
  return result
}

function redeemableOf(program: ProgramFile, index: number) {
  const redeemable = program.redeemables?.[index]
  if (redeemable === undefined) throw new Error('the example has redeemables')
  return redeemable
}

const everything = `
  select (select json_agg(b order by business_id) from businesses b) as businesses,
         (select json_agg(l order by location_id) from locations l) as locations,
         (select json_agg(e order by kind, entry_id) from catalog_entries e) as entries,
         (select json_agg(c order by code) from codes c) as codes,
         (select json_agg(g order by guest_id) from guests g) as guests,
         (select json_agg(l order by guest_id, lot_no) from lots l) as lots,
         (select json_agg(r order by reward_id) from rewards r) as rewards,
         (select json_agg(s order by subscription_id) from subscriptions s) as subscriptions,
         (select json_agg(i order by kind, value) from guest_identifiers i) as identifiers,
         (select json_agg(a order by audit_id) from audit_log a) as audit,
         (select json_agg(t order by guest_id, seq) from ledger_entries t) as ledger`

/** What applying a file made, without the numbers that differ from one time to the next. */
const outcome = `
  select (select json_agg(b.external_id) from businesses b) as businesses,
         (select json_agg(l.definition order by l.location_id) from locations l) as locations,
         (select json_agg(json_build_array(e.kind, e.external_id, e.definition)
                          order by e.kind, e.external_id) from catalog_entries e) as entries,
         (select json_agg(json_build_array(c.code, c.uses_max, c.staged->>'kind', c.expires_at)
                          order by c.code) from codes c) as codes,
         (select json_agg(json_build_array(
                   g.external_id, g.status, g.points_available, g.currency_available, g.joined_at,
                   (select count(*) from rewards r where r.guest_id = g.guest_id),
                   (select count(*) from subscriptions s where s.guest_id = g.guest_id),
                   (select count(*) from ledger_entries t where t.guest_id = g.guest_id),
                   (select count(*) from guest_identifiers i where i.guest_id = g.guest_id))
                 order by g.external_id) from guests g) as guests,
         (select count(*) from audit_log) as audit`

/** What actions use of a counter whose database is gone after so many statements. */
function dyingAfter({ deps }: Counter, statements: number): Deps {
  let left = statements
  const dying = (queries: Queries): Queries => ({
    async query(statement, values) {
      if (left === 0) throw new Error('the server died')
      left -= 1
      return queries.query(statement, values)
    },
  })
  const db: Db = {
    ...deps.db,
    ...dying(deps.db),
    transaction: (work) => deps.db.transaction((queries) => work(dying(queries))),
  }
  const recorder = openRecorder(db, deps.now)
  return { ...deps, db, recorder, ids: openIds(db), catalogs: openCatalogs(db) }
}

describe('a program file', () => {
  test.each(['harbor-coffee', 'corner-bakery', 'lantern-noodles', 'pier-burgers'])(
    'of %s is applied to an empty database, and applying it again changes nothing',
    async (name) => {
      const counter = open()
      const program = await exampleProgram(name)

      const planned = await planProgram(counter.deps, program)
      const first = await applied(counter, program)
      expect(planned).toEqual({ kind: 'plan', business: name, entries: first.entries })
      expect(new Set(first.entries.map(({ step }) => step))).toEqual(new Set(['create']))
      const before = await rows(everything)

      const second = await applied(counter, program)
      expect(changed(second.entries)).toEqual([])
      expect(await rows(everything)).toEqual(before)
      await counter.deps.catalogs.newest(second.businessId)
    },
  )

  test('that changed in one redeemable updates that one and moves the catalog', async () => {
    const counter = open()
    const program = await exampleProgram('harbor-coffee')
    await applied(counter, program)
    const edited = structuredClone(program)
    const redeemable = redeemableOf(edited, 2)
    redeemable.name = 'A better name'
    const versionOf = async () =>
      (await rows('select catalog_version as version from businesses'))[0]?.version
    const before = await versionOf()

    const result = await applied(counter, edited)
    expect(changed(result.entries)).toEqual([`update redeemable ${redeemable.external_id}`])
    expect(await versionOf()).toBe(Number(before) + 1)
    const catalog = await counter.deps.catalogs.newest(result.businessId)
    const stored = [...catalog.redeemables.values()].find(
      ({ externalId }) => externalId === redeemable.external_id,
    )
    expect(stored?.name.english).toBe('A better name')
  })

  test('leaves what an admin changed while its own entry stays, and overwrites it when not', async () => {
    const counter = open()
    const program = await exampleProgram('harbor-coffee')
    await applied(counter, program)
    const { external_id: externalId } = redeemableOf(program, 0)
    await rows(`update catalog_entries set definition = jsonb_set(definition, '{name}', '"Of an admin"')
                 where kind = 'redeemable' and external_id = '${externalId}'`)
    const nameOf = async () =>
      (
        await rows(`select definition->>'name' as name from catalog_entries
                     where kind = 'redeemable' and external_id = '${externalId}'`)
      )[0]?.name

    await applied(counter, program)
    expect(await nameOf()).toBe('Of an admin')

    const edited = structuredClone(program)
    redeemableOf(edited, 0).name = 'Of the file'
    await applied(counter, edited)
    expect(await nameOf()).toBe('Of the file')
  })

  test('deletes nothing: what it no longer has is listed and stays', async () => {
    const counter = open()
    const program = await exampleProgram('harbor-coffee')
    await applied(counter, program)
    const smaller = structuredClone(program)
    const plan = smaller.subscription_plans?.pop()
    const guest = smaller.guests?.pop()
    const location = smaller.locations.pop()
    const before = await rows(everything)

    const result = await applied(counter, smaller)
    expect(changed(result.entries)).toEqual([
      `absent location ${location?.id}`,
      `absent plan ${plan?.id}`,
      `absent guest ${guest?.id}`,
    ])
    expect(await rows(everything)).toEqual(before)
  })

  test('applied by two servers at once is applied once', async () => {
    const program = await exampleProgram('harbor-coffee')
    const results = await Promise.all([applied(open(), program), applied(open(), program)])

    const made = results.map(({ entries }) =>
      entries.filter(({ kind, step }) => kind !== 'guest' && step === 'create'),
    )
    expect(made.map(({ length }) => length > 0).sort()).toEqual([false, true])
    expect(await rows('select external_id from guests order by 1')).toEqual(
      [...(program.guests ?? [])].map(({ id }) => ({ external_id: id })).sort(byExternalId),
    )
    const [{ twice }] = (await rows(
      `select count(*) as twice from (
         select from rewards group by guest_id, external_id having count(*) > 1) r`,
    )) as [{ twice: number }]
    expect(twice).toBe(0)
  })

  test('and an admin who changes offers at the same moment take turns', async () => {
    const [counter, other] = [open(), open()]
    const program = await exampleProgram('harbor-coffee')
    const { businessId } = await applied(counter, program)
    const ids = (program.redeemables ?? []).map(({ external_id }) => external_id)
    const rounds = Array.from({ length: 10 }, (_, round) => `Round ${round}`)
    for (const name of rounds) {
      const edited = structuredClone(program)
      for (const redeemable of edited.redeemables ?? []) redeemable.name = name
      const sent = ids.map((external_id) => ({ external_id, description: name }))
      const [, changed] = await Promise.all([
        applied(counter, edited),
        changeOffers(other.deps, { businessId, kind: 'redeemable', mode: 'update', sent }),
      ])
      expect(changed.kind).toBe('changed')
    }
    // Whichever was second in the last round, it saw what the first had written.
    const last = await rows(`
      select distinct definition->>'name' as name from catalog_entries where kind = 'redeemable'`)
    expect(last).toEqual([{ name: 'Round 9' }])
  })

  test('is taken up where a killed server left it', async () => {
    const counter = open()
    const program = await exampleProgram('harbor-coffee')
    const withoutGuests = structuredClone(program)
    withoutGuests.guests = program.guests?.slice(0, 2) ?? []
    await applied(counter, withoutGuests)

    const result = await applied(counter, program)
    expect(changed(result.entries)).toEqual(
      program.guests?.slice(2).map(({ id }) => `create guest ${id}`),
    )
  })

  test('ends the same whichever statement a server died after, once it is applied again', async () => {
    const counter = open()
    const program = await exampleProgram('harbor-coffee')
    // Ana owns something of everything; hashing passwords would only take its time.
    program.guests = (program.guests ?? []).slice(0, 2).map(({ password, ...guest }) => guest)
    await applied(counter, program)
    const whole = await rows(outcome)

    let statements = 0
    for (let died = true; died; ) {
      statements += 1
      await rows('truncate businesses, guests cascade')
      died = await applyProgram(dyingAfter(counter, statements), program).then(
        () => false,
        () => true,
      )
      await applied(counter, program)
      expect(await rows(outcome), `died after ${statements} statements`).toEqual(whole)
      expect(statements).toBeLessThan(100)
    }
    expect(statements).toBeGreaterThan(10)
  })

  test('that does not fit what is stored is refused in one sentence, and nothing is written', async () => {
    const counter = open()
    const harbor = await exampleProgram('harbor-coffee')
    const bakery = await exampleProgram('corner-bakery')
    await applied(counter, harbor)
    const before = await rows(everything)

    const cases: { name: string; file: ProgramFile; sentence: string }[] = [
      {
        name: 'a business key of another business',
        file: {
          ...bakery,
          business: { ...bakery.business, business_key: harbor.business.business_key },
        },
        sentence:
          'The business_key in the program of corner-bakery is in use already. Each needs its own.',
      },
      {
        name: 'a location key of another business',
        file: {
          ...bakery,
          locations: bakery.locations.map((location) => ({
            ...location,
            location_key: harbor.locations[0]?.location_key ?? '',
          })),
        },
        sentence:
          'The location_key of a location in the program of corner-bakery is in use already. ' +
          'Each needs its own.',
      },
      {
        name: 'another number for a location',
        file: {
          ...harbor,
          locations: harbor.locations.map((location) => ({
            ...location,
            location_id: (location.location_id ?? 0) + 1,
          })),
        },
        sentence:
          'The location pier has the number 4101 on the wire and keeps it: it cannot become 4102. ' +
          'Put 4101 back, or give the new location an id of its own.',
      },
      {
        name: "a code of a guest's app",
        file: {
          ...harbor,
          codes: {
            promo_codes: [{ id: 'seven', code: '7340021', redeemable: 'two-off' }],
          },
        },
        sentence:
          'The code 7340021 is in use already: by a promo or campaign that an earlier file had, ' +
          "or by a guest's app. Choose another.",
      },
    ]
    for (const { name, file, sentence } of cases) {
      const result = await applyProgram(counter.deps, file)
      expect(result, name).toEqual({ kind: 'not_applicable', sentence })
      expect(await rows(everything), name).toEqual(before)
    }
  })

  test('that renames a promo code ends the old code and keeps its uses', async () => {
    const counter = open()
    const program = await exampleProgram('harbor-coffee')
    await applied(counter, program)
    const edited = structuredClone(program)
    const promo = edited.codes?.promo_codes?.find(({ id }) => id === 'rainy-day')
    if (promo === undefined) throw new Error('the example has the code')
    promo.code = 'drizzle'
    promo.uses = 2

    await applied(counter, edited)
    expect(
      await rows(`select code, uses_max, active from codes
                   where code in ('RAINYDAY', 'DRIZZLE') order by code`),
    ).toEqual([
      { code: 'DRIZZLE', uses_max: 2, active: true },
      { code: 'RAINYDAY', uses_max: 500, active: false },
    ])
  })
})

const byExternalId = (one: { external_id: string }, other: { external_id: string }) =>
  one.external_id < other.external_id ? -1 : 1

describe('the guests of Harbor Coffee', () => {
  test('own what the file says as of today', async () => {
    await applied(open(), await exampleProgram('harbor-coffee'))
    expect(
      await rows(`
        select external_id, status, points_available as points, currency_available as cents,
               (select definition->>'id' from catalog_entries t where t.entry_id = g.tier_id) as tier,
               joined_at, password_hash like '$argon2id$%' as hashed,
               (select count(*)::int from rewards r
                 where r.guest_id = g.guest_id and r.status = 'unredeemed') as rewards,
               (select count(*)::int from rewards r
                 where r.guest_id = g.guest_id and r.status = 'expired') as ended_rewards,
               (select string_agg(s.status, ',') from subscriptions s
                 where s.guest_id = g.guest_id) as subscriptions
          from guests g order by external_id`),
    ).toMatchInlineSnapshot(`
      [
        {
          "cents": 1250,
          "ended_rewards": 0,
          "external_id": "ana",
          "hashed": true,
          "joined_at": 1760637600000,
          "points": 850,
          "rewards": 4,
          "status": "active",
          "subscriptions": "active",
          "tier": "mate",
        },
        {
          "cents": 0,
          "ended_rewards": 0,
          "external_id": "ben",
          "hashed": true,
          "joined_at": 1792605600000,
          "points": 190,
          "rewards": 2,
          "status": "active",
          "subscriptions": null,
          "tier": "deckhand",
        },
        {
          "cents": 2500,
          "ended_rewards": 0,
          "external_id": "chloe",
          "hashed": true,
          "joined_at": 1717437600000,
          "points": 6200,
          "rewards": 5,
          "status": "active",
          "subscriptions": null,
          "tier": "captain",
        },
        {
          "cents": 0,
          "ended_rewards": 1,
          "external_id": "diego",
          "hashed": true,
          "joined_at": 1795024800000,
          "points": 50,
          "rewards": 1,
          "status": "active",
          "subscriptions": "expired",
          "tier": "deckhand",
        },
        {
          "cents": 0,
          "ended_rewards": 0,
          "external_id": "mallory",
          "hashed": true,
          "joined_at": 1784829600000,
          "points": 1000,
          "rewards": 1,
          "status": "banned",
          "subscriptions": null,
          "tier": "mate",
        },
      ]
    `)
  })

  test('have ledgers whose sums are their balances, gifts being their cause', async () => {
    for (const name of ['harbor-coffee', 'corner-bakery', 'lantern-noodles', 'pier-burgers']) {
      await applied(counters[0] ?? open(), await exampleProgram(name))
    }
    expect(
      await rows(`
        select g.external_id, u.unit, u.held, coalesce(sum(case
                 when e.to_account = 'guest' then e.amount
                 when e.from_account = 'guest' then -e.amount else 0 end), 0)::int as entered
          from guests g
          cross join lateral (values ('points', g.points_available), ('visits', g.visits_available),
                                     ('currency', g.currency_available)) u (unit, held)
          left join ledger_entries e
            on e.business_id = g.business_id and e.guest_id = g.guest_id and e.unit = u.unit
         group by g.business_id, g.external_id, u.unit, u.held
        having u.held <> coalesce(sum(case
                 when e.to_account = 'guest' then e.amount
                 when e.from_account = 'guest' then -e.amount else 0 end), 0)`),
    ).toEqual([])
    expect(
      await rows(`select distinct from_account, cause_kind from ledger_entries
                   where from_account = 'gifted'`),
    ).toEqual([{ from_account: 'gifted', cause_kind: 'gift' }])
  })
})
