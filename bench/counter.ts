// Look-up, query, commit and check-in through HTTP at 1, 16 and 64 clients, beside the commit's own
// SQL statements through the driver alone, on the same database in the same run.
//   npm run bench:counter [GUESTS]
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Instant, instant } from '@regulars/contract/values/instants'
import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { read } from '@regulars/contract/wire/read'
import { gift } from '@regulars/engine'
import { openCounter } from '@regulars/server'
import { openEmbedded } from '@regulars/server/embedded'
import { openProgramFile } from '@regulars/server/open-program-file'
import pg from 'pg'
import pino from 'pino'
import { applyProgram } from '../server/src/actions/apply-program.ts'
import { changeGuest } from '../server/src/actions/change-guest.ts'
import { createGuest } from '../server/src/actions/create-guest.ts'
import { redeem } from '../server/src/actions/redeem.ts'
import { checkFrom } from '../server/src/routes/check-from.ts'
import { findLocation } from '../server/src/store/callers.ts'
import type { Statement } from '../server/src/store/db.ts'
import { migrate } from '../server/src/store/migrate.ts'
import { openRecorder } from '../server/src/store/recorder.ts'

const guestCount = Number(process.argv[2] ?? 1_500)
const clientCounts = [1, 16, 64]
const log = pino({ level: 'silent' })
const now = (): Instant => instant(Date.now())

const line = (serial: string, id: number, name: string, amount: number, type = 'M') => ({
  item_name: name,
  item_qty: 1,
  amount,
  item_type: type,
  item_id: id,
  item_family: id < 400 ? 'drip' : 'sandwich',
  item_group: id < 400 ? 'hot-drinks' : 'kitchen',
  serial_number: serial,
})

const theCheck = {
  line_items: [
    line('1.0', 102, 'Drip coffee, large', 3.45),
    line('2.0', 401, 'Egg and cheddar sandwich', 7.95),
    line('3.0', 403, 'Grilled cheese', 8.75),
  ],
  receipt_amount: 20.15,
  subtotal_amount: 20.15,
  receipt_datetime: new Date().toISOString(),
  transaction_no: '1',
}

const theSale = {
  menu_items: theCheck.line_items.map((one) => ({
    item_name: one.item_name,
    item_qty: one.item_qty,
    item_amount: one.amount,
    menu_item_type: one.item_type,
    menu_item_id: one.item_id,
    menu_family: one.item_family,
    menu_major_group: one.item_group,
    serial_number: one.serial_number,
  })),
  receipt_amount: 20.15,
  subtotal_amount: 20.15,
  payable: 20.15,
  receipt_datetime: theCheck.receipt_datetime,
  pos_type: 'Bench',
  pos_version: '1',
}

const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'))
const postgres = await openEmbedded({ dataFolder: folder })
try {
  await run()
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

async function run(): Promise<void> {
  await migrate(postgres.databaseUrl)
  const secretKey = randomBytes(32)
  const counter = openCounter({ databaseUrl: postgres.databaseUrl, secretKey, now, log })
  const opened = await openProgramFile(
    fileURLToPath(new URL('../examples/harbor-coffee/program.json', import.meta.url)),
  )
  if (opened.kind !== 'read') throw new Error('the example program does not read')
  const { program } = opened
  const applied = await applyProgram(counter.deps, program)
  if (applied.kind !== 'applied') throw new Error(applied.sentence)
  const { businessId } = applied
  const guests = await makeGuests(counter.deps, businessId)
  const catalog = await counter.deps.catalogs.newest(businessId)
  const redeemables = [...catalog.redeemables.values()].filter(({ externalId }) =>
    ['free-drip', 'sandwich-for-six'].includes(externalId),
  )
  const [location] = program.locations
  if (location === undefined) throw new Error('the example has locations')
  const server = await startServer([postgres.databaseUrl, secretKey.toString('hex')])
  const client = makeClient(server.port, {
    authorization: `Token token=${location.location_key}, btoken=${program.business.business_key}`,
  })
  console.log(`${guestCount} guests; two points redeemables on a check of three lines; fsync on`)
  let round = 0
  const selection = redeemables.map(({ redeemableId }) => ({
    discount_type: 'redeemable',
    discount_id: redeemableId,
  }))

  for (const clients of clientCounts) {
    round += 1
    const uid = (guestId: number) => `bench-${round}-${guestId}`
    const check = (guestId: number) => ({
      ...theCheck,
      user_id: guestId,
      external_uid: uid(guestId),
    })
    const burst = (what: string, work: (guestId: number) => Promise<void>) =>
      measure(what, { clients, guests, work })
    const select = (guestId: number) =>
      client('POST', '/api/pos/discounts/select', {
        user_id: guestId,
        external_uid: uid(guestId),
        discount_basket_items_attributes: selection,
      })
    console.log(`\n${clients} client${clients === 1 ? '' : 's'}`)
    await burst('select', select)
    await burst('look-up', (guestId) => client('POST', '/api/pos/discounts/lookup', check(guestId)))
    await burst('query', (guestId) =>
      client('POST', '/api/pos/batch_redemptions', { ...check(guestId), query: true }),
    )
    const commits = await burst('commit', (guestId) =>
      client('POST', '/api/pos/batch_redemptions', check(guestId)),
    )
    await burst('check-in', (guestId) =>
      client('POST', '/api/pos/checkins', {
        ...theSale,
        user_id: guestId,
        email: `bench-${guestId}@example.com`,
        external_uid: uid(guestId),
        punchh_key: String(round * 10 ** 9 + guestId).padStart(12, '0'),
      }),
    )
    round += 1
    await quietly(clients, guests, select)
    const yardstick = await driverAlone({
      counter,
      businessId,
      guests,
      clients,
      uid,
      storeNumber: location.store_number,
    })
    console.log(
      `  commit through HTTP is ${Math.round((commits / yardstick) * 100)} % of its statements through the driver`,
    )
  }
  console.log(
    `\nserver memory ${Math.round((await server.memoryBytes()) / 2 ** 20)} MB beside Postgres`,
  )
  await server.stop()
  await counter.close()
}

async function makeGuests(
  deps: Parameters<typeof createGuest>[0],
  businessId: number,
): Promise<number[]> {
  const make = async (): Promise<number> => {
    const made = await createGuest(deps, {
      businessId,
      email: null,
      phone: null,
      cardNumber: null,
      firstName: 'Bench',
      lastName: 'Guest',
      profile: {},
      passwordHash: null,
    })
    if ('kind' in made) throw new Error(`a guest was refused: ${made.code}`)
    const { guestId } = made.state.guest
    await changeGuest(deps, { businessId, guestId }, {}, ({ state, catalog, now: at }) => {
      const given = gift(state.account, catalog.program, {
        unit: 'points',
        amount: 1_000_000,
        expiresAt: null,
        cause: { kind: 'gift', id: deps.ids.next() },
        at,
      })
      return {
        kind: 'changed',
        result: { kind: 'given' },
        change: {
          after: { ...state, account: given.account },
          entries: given.entries,
          identifiers: {
            add: [{ kind: 'email', value: `bench-${guestId}@example.com` }],
            remove: [],
          },
        },
      }
    })
    return guestId
  }
  const ids: number[] = []
  while (ids.length < guestCount) {
    ids.push(...(await Promise.all(Array.from({ length: 50 }, make))))
  }
  return ids
}

/** Does the work once for each guest with so many at a time, prints rate and latencies, returns the rate. */
async function measure(
  what: string,
  {
    clients,
    guests,
    work,
  }: { clients: number; guests: readonly number[]; work: (guestId: number) => Promise<void> },
): Promise<number> {
  const latencies: number[] = []
  const from = performance.now()
  await quietly(clients, guests, async (guestId) => {
    const started = performance.now()
    await work(guestId)
    latencies.push(performance.now() - started)
  })
  const rate = guests.length / ((performance.now() - from) / 1_000)
  latencies.sort((one, other) => one - other)
  const at = (share: number) =>
    (latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0).toFixed(
      1,
    )
  console.log(
    `  ${what.padEnd(26)} ${Math.round(rate).toLocaleString('en').padStart(6)} / s` +
      `   p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)} ms`,
  )
  return rate
}

async function quietly(
  clients: number,
  guests: readonly number[],
  work: (guestId: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < guests.length) {
      const guestId = guests[next]
      next += 1
      if (guestId !== undefined) await work(guestId)
    }
  }
  await Promise.all(Array.from({ length: clients }, one))
}

/**
 * The yardstick: the two statements of a commit, with the values the server would bind, through the
 * driver alone, never grouped. The values come from running the action with writes held back.
 */
async function driverAlone({
  counter,
  businessId,
  guests,
  clients,
  uid,
  storeNumber,
}: {
  counter: ReturnType<typeof openCounter>
  businessId: number
  guests: readonly number[]
  clients: number
  uid: (guestId: number) => string
  storeNumber: string
}): Promise<number> {
  const location = await findLocation(counter.deps.db, businessId, { storeNumber })
  if (location === null) throw new Error(`the example has no store ${storeNumber}`)
  type Bound = { statement: Statement; values: readonly unknown[] }
  const plans = new Map<number, Bound[]>()
  for (const guestId of guests) {
    const bound: Bound[] = []
    const db = {
      ...counter.deps.db,
      async query(statement: Statement, values: readonly unknown[]) {
        bound.push({ statement, values })
        if (statement.name === 'record') return [{ guest_id: guestId }]
        return counter.deps.db.query(statement, values)
      },
    }
    const deps = { ...counter.deps, db, recorder: openRecorder(db, now) }
    const result = await redeem(deps, {
      businessId,
      guestId,
      isQuery: false,
      location,
      receipt: checkFrom(readCheck(), 'pos'),
      externalUid: uid(guestId),
      transactionNo: '1',
      language: null,
    })
    if (result.kind === 'refused') throw new Error(`the yardstick was refused: ${result.code}`)
    plans.set(guestId, bound)
  }
  const pool = new pg.Pool({ connectionString: postgres.databaseUrl, max: Math.min(clients, 16) })
  const rate = await measure('commit, driver alone', {
    clients,
    guests,
    work: async (guestId) => {
      for (const { statement, values } of plans.get(guestId) ?? []) {
        await pool.query({ ...statement, values: [...values] })
      }
    },
  })
  await pool.end()
  return rate
}

function readCheck() {
  const check = read(posBatchRedemptions.request, { ...theCheck, user_id: 1 })
  if (check.kind === 'refused') throw new Error('the check does not read')
  return check.value
}

type Server = {
  port: number
  memoryBytes(): Promise<number>
  stop(): Promise<void>
}

async function startServer(arguments_: string[]): Promise<Server> {
  const child: ChildProcess = fork(
    fileURLToPath(new URL('counter-server.ts', import.meta.url)),
    arguments_,
    // The flags of the command itself (cli/bin/regulars.js).
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--max-semi-space-size=8'] },
  )
  const message = <Message>() =>
    new Promise<Message>((resolve) => child.once('message', (value) => resolve(value as Message)))
  const { port } = await message<{ port: number }>()
  return {
    port,
    async memoryBytes() {
      child.send('memory')
      return (await message<{ memoryBytes: number }>()).memoryBytes
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.send('stop')
      }),
  }
}

function makeClient(port: number, headers: Record<string, string>) {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  return (method: string, path: string, body: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const payload = JSON.stringify(body)
      const call = httpRequest(
        {
          agent,
          port,
          host: '127.0.0.1',
          method,
          path,
          headers: {
            ...headers,
            'user-agent': 'Bench/POS/1.0',
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            text += part
          })
          response.on('end', () => {
            if (response.statusCode === 200) resolve()
            else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`))
          })
        },
      )
      call.on('error', reject)
      call.end(payload)
    })
}
