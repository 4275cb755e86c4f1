import { createHash, createHmac } from 'node:crypto'
import type { ProgramFile } from '@regulars/contract/program-file'
import type { RefusalCode } from '@regulars/contract/refusals'
import { type Instant, instant } from '@regulars/contract/values/instants'
import type { Operation } from '@regulars/contract/wire/operation'
import { refusalsOf } from '@regulars/contract/wire/refusal-replies'
import pino from 'pino'
import { expect } from 'vitest'
import { applyProgram } from '../src/actions/apply-program.ts'
import { createGuest } from '../src/actions/create-guest.ts'
import type { Deps } from '../src/deps.ts'
import { verifyLedger } from '../src/maintenance/verify.ts'
import { hashSecret } from '../src/secrets.ts'
import { type Counter, type CounterOptions, openCounter } from '../src/server.ts'
import type { Row } from '../src/store/db.ts'
import { exampleProgram } from './catalog/example-catalogs.ts'
import { freshDatabase } from './fresh-database.ts'

/** A Friday morning in San Francisco; every counter for tests opens at this moment. */
export const opensAt = instant(Date.parse('2026-11-20T18:00:00Z'))

/** A clock that stands still until it is turned. */
type TestClock = {
  now: () => Instant
  turn(ms: number): void
  set(isoMoment: string): void
}

export type TestGuest = {
  guestId: number
  /** A bearer token that never expires. */
  token: string
  rewardIds: ReadonlyMap<string, number>
  subscriptionIds: ReadonlyMap<string, number>
}

/** What came back of a call. */
export type Answer = {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a reply as a client sees it; `expectReply` checks it.
  body: any
  /** The stable code of a refused call; null when it was not refused. */
  code: RefusalCode | null
  /** True when `Regulars-Replay: stored` came with it. */
  replayed: boolean
  headers: Record<string, unknown>
}

export type CallOptions = {
  /** Which location's key, by its id in the program file; the first location without it. */
  at?: string
  /** The guest whose bearer token is shown. */
  as?: TestGuest
  params?: Record<string, string | number>
  headers?: Record<string, string>
  /** Sends the members in the query string, not in the body. */
  inQuery?: boolean
  /** The address the call comes from. */
  from?: string
}

export type HarborCounter = {
  app: Counter['app']
  deps: Deps
  clock: TestClock
  program: ProgramFile
  businessId: number
  /** By the location's id in the program file. */
  locationIds: ReadonlyMap<string, number>
  /** The wire number of an entry: `entryId('redeemable', 'five-off')`. */
  entryId(kind: string, externalId: string): number
  /** A guest of the program file, by id. */
  guest(id: string): TestGuest
  /** A guest nobody else uses, without anything: whom tests that earn start from. */
  newGuest(): Promise<TestGuest & { email: string }>
  /** Makes one call of an operation with the keys that it needs; a refusal must be one it lists. */
  call(operation: Operation, members?: object, options?: CallOptions): Promise<Answer>
  rows(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** The guest's entries since the last look, oldest first: `120 points earned > guest (checkin)`. */
  newEntries(guestId: number): Promise<string[]>
  /**
   * Fails when anything kept about balances is not what the ledger's entries add up to, or a row was
   * written without a note of it for exports.
   */
  expectSound(): Promise<void>
  close(): Promise<void>
}

/**
 * A counter on a database of its own with the Harbor Coffee example, or what `change` makes of it,
 * at `opensAt`. Listens nowhere: `call` injects. `more` is what the sandbox adds, over the clock.
 */
export async function openHarborCounter(
  change: (program: ProgramFile) => ProgramFile = (program) => program,
  more: (now: () => Instant) => Partial<CounterOptions> = () => ({}),
): Promise<HarborCounter> {
  const program = change(await exampleProgram('harbor-coffee'))
  const database = await freshDatabase()
  const clock = testClock()
  const { app, deps, close } = openCounter({
    databaseUrl: database.url,
    secretKey: Buffer.alloc(32, 7),
    now: clock.now,
    log: pino({ level: 'silent' }),
    connectionsMax: 8,
    ...more(clock.now),
  })
  async function rows(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const name = `test_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`
    return deps.db.query({ name, text: sql }, values)
  }

  const applied = await applyProgram(deps, program)
  if (applied.kind !== 'applied') throw new Error(applied.sentence)
  expect(applied.guestProblems).toEqual([])
  const { businessId } = applied
  const locationIds = idsOf(await rows('select external_id, location_id as id from locations'))
  const entryIds = idsOf(
    await rows(`select kind || ' ' || external_id as external_id, entry_id as id
                  from catalog_entries`),
  )
  const guests = new Map<string, TestGuest>()
  for (const row of await rows('select external_id, guest_id from guests')) {
    const guestId = row.guest_id as number
    guests.set(row.external_id as string, {
      guestId,
      token: await giveToken(deps, { businessId, guestId }),
      rewardIds: idsOf(
        await rows('select external_id, reward_id as id from rewards where guest_id = $1', [
          guestId,
        ]),
      ),
      subscriptionIds: idsOf(
        await rows(
          'select external_id, subscription_id as id from subscriptions where guest_id = $1',
          [guestId],
        ),
      ),
    })
  }

  const seen = new Map<number, number>()
  return {
    app,
    deps,
    clock,
    program,
    businessId,
    locationIds,
    rows,
    entryId: (kind, externalId) => known(entryIds, `${kind} ${externalId}`),
    guest: (id) => known(guests, id),
    async newGuest() {
      const email = `${deps.random.token(9).toLowerCase()}@example.com`
      const made = await createGuest(deps, {
        businessId,
        email,
        phone: null,
        cardNumber: null,
        firstName: 'Nova',
        lastName: 'Reyes',
        profile: {},
        passwordHash: null,
        isSignUp: false,
      })
      if ('kind' in made) throw new Error(made.code)
      const { guestId } = made.state.guest
      const token = await giveToken(deps, { businessId, guestId })
      return { guestId, token, email, rewardIds: new Map(), subscriptionIds: new Map() }
    },
    call: (operation, members = {}, options = {}) =>
      callOperation({ app, program }, operation, { members, options }),
    async newEntries(guestId) {
      const entries = await rows(entriesSql, [guestId, seen.get(guestId) ?? 0])
      seen.set(guestId, Number(entries.at(-1)?.seq ?? seen.get(guestId) ?? 0))
      return entries.map(
        (entry) =>
          `${entry.amount} ${entry.unit} ${entry.from} > ${entry.to} (${entry.cause_kind})`,
      )
    },
    async expectSound() {
      const { differences } = await verifyLedger(deps.db)
      expect(differences).toEqual([])
      expect(await rows(unnotedSql)).toEqual([])
    },
    async close() {
      await close()
      await database.drop()
    },
  }
}

/** Rows whose last write did not set `changed_in`, by table; items of a commit go with the commit. */
const unnotedSql = `
select * from (
  select 'businesses' as "table", count(*) from businesses where changed_in::xid <> xmin
  union all select 'locations', count(*) from locations where changed_in::xid <> xmin
  union all select 'guests', count(*) from guests where changed_in::xid <> xmin
  union all select 'checkins', count(*) from checkins where changed_in::xid <> xmin
  union all select 'receipts', count(*) from receipts where changed_in::xid <> xmin
  union all select 'commits', count(*) from commits where changed_in::xid <> xmin
  union all select 'ledger_entries', count(*) from ledger_entries where changed_in::xid <> xmin
  union all select 'redemptions', count(*)
    from redemptions d join commits m using (business_id, guest_id, redemption_ref)
   where age(d.xmin) < age(m.xmin)
) as counted where count > 0`

const entriesSql = `
select seq, unit, from_account as "from", to_account as "to", amount, cause_kind
  from ledger_entries where guest_id = $1 and seq > $2 order by seq`

function idsOf(rows: readonly Row[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row.external_id as string, row.id as number]))
}

function testClock(): TestClock {
  let now = opensAt
  return {
    now: () => now,
    turn(ms) {
      now = instant(now + ms)
    },
    set(isoMoment) {
      now = instant(Date.parse(isoMoment))
    },
  }
}

/** Signs a guest in, past the ways in that guests have. */
async function giveToken(
  deps: Deps,
  { businessId, guestId }: { businessId: number; guestId: number },
): Promise<string> {
  const token = deps.random.token(24)
  await deps.db.query(
    {
      name: 'test_token',
      text: `
insert into access_tokens (business_id, guest_id, token_hash, kind, created_at)
values ($1, $2, $3, 'access', $4)`,
    },
    [businessId, guestId, hashSecret(token), new Date(deps.now()).toISOString()],
  )
  return token
}

async function callOperation(
  { app, program }: Pick<HarborCounter, 'app' | 'program'>,
  operation: Operation,
  { members, options }: { members: object; options: CallOptions },
): Promise<Answer> {
  const { business } = program
  const needsClient = operation.auth.includes('client') || operation.auth === 'signed_guest'
  const sent = needsClient ? { client: business.client, ...members } : members
  const path = Object.entries(options.params ?? {}).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(value)),
    operation.path,
  )
  const query = options.inQuery === true ? `?${new URLSearchParams(Object.entries(sent))}` : ''
  const payload = options.inQuery === true ? '' : JSON.stringify(sent)
  const response = await app.inject({
    method: operation.method,
    url: path + query,
    payload,
    ...(options.from === undefined ? {} : { remoteAddress: options.from }),
    headers: {
      'user-agent': 'RegularsTest/POS/1.0',
      'content-type': 'application/json',
      ...keysFor(program, operation, { options, signed: path + query + payload }),
      ...options.headers,
    },
  })
  const { statusCode: status, headers, body } = response
  const code = (headers['regulars-code'] as RefusalCode | undefined) ?? null
  if (code !== null) {
    expect(refusalsOf(operation), `what ${operation.name} is refused with`).toContain(code)
  }
  const isJson = String(headers['content-type'] ?? '').startsWith('application/json')
  return {
    status,
    body: isJson ? JSON.parse(body) : body === '' ? null : body,
    code,
    replayed: headers['regulars-replay'] === 'stored',
    headers,
  }
}

function keysFor(
  { business, locations }: ProgramFile,
  { auth, path }: Operation,
  { options, signed }: { options: CallOptions; signed: string },
): Record<string, string> {
  const hash = path.startsWith('/api2/mobile/') ? 'sha256' : 'sha1'
  const digest = createHmac(hash, business.client_secret).update(signed).digest('hex')
  switch (auth) {
    case 'none':
    case 'client':
      return {}
    case 'location_key': {
      const location =
        options.at === undefined ? locations[0] : locations.find(({ id }) => id === options.at)
      return {
        authorization: `Token token=${location?.location_key}, btoken=${business.business_key}`,
      }
    }
    case 'signed_client':
      return { 'x-pch-digest': digest }
    case 'signed_guest':
      return { 'x-pch-digest': digest, authorization: `Bearer ${options.as?.token ?? 'nobody'}` }
    case 'admin_key':
      return { authorization: `Bearer ${business.admin_key}` }
  }
}

function known<Value>(values: ReadonlyMap<string, Value>, key: string): Value {
  const value = values.get(key)
  if (value === undefined) throw new Error(`there is no ${key}; there are ${[...values.keys()]}`)
  return value
}
