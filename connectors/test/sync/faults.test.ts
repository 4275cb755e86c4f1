import { type StandIn, type StandInOptions, startStandIn } from '@regulars/sandbox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDestination } from '../../src/destinations/open-destination.ts'
import { toastTables } from '../../src/toast/records.ts'
import { withStreams } from './few-streams.ts'
import { configurationFor, type Synced, stillSource, syncOnce } from './sync-toast.ts'
import { differences } from './truth.ts'
import { postgresDatabase, type Warehouse } from './warehouse.ts'

const ordersPath = '/orders/v2/ordersBulk'
const streams = ['orders', 'cash_entry', 'employee']

/** How often a call is tried here, so that what never gets better is soon given up. */
const budget = { attemptsMax: 3, firstWaitMs: 1, waitMsMax: 5 }
/** Far above what a call takes here, far below what a person would wait for. */
const timeouts = { connectMs: 600, headersMs: 600, bodyMs: 600 }

type Fault = Parameters<StandIn['orderFault']>[0]

/** How a sync ends, and the verdict on the one stream that was struck. */
type Expected = 'complete' | { outcome: Synced['outcome']; verdict: string }

const complete = 'complete'
const blocked: Expected = { outcome: 'partial', verdict: 'blocked' }
const absent: Expected = { outcome: 'partial', verdict: 'absent' }
const narrow: Expected = { outcome: 'partial', verdict: 'narrow' }
const setAside: Expected = { outcome: 'partial', verdict: 'set-aside' }
const refused: Expected = { outcome: 'refused', verdict: 'stop' }

/**
 * What a fault of a kind does to a sync when it strikes once, every time, and a fifth of the calls.
 * `callsMax` is how often the struck path is asked at most when it strikes every time: the readings
 * that are under way at once, each as often as its budget allows.
 */
const kinds: {
  kind: Fault['kind']
  once: Expected
  always: Expected
  callsMax: number
  /** Null where it is chance: the same call struck twice ends what once does not. */
  atARate: Expected | null
}[] = [
  // Each half of a refused window is asked for, down to a second: 17 times for a day.
  { kind: '400', once: complete, always: narrow, callsMax: 80, atARate: complete },
  { kind: '401', once: complete, always: refused, callsMax: 8, atARate: null },
  { kind: '403', once: blocked, always: blocked, callsMax: 4, atARate: blocked },
  { kind: '404', once: absent, always: absent, callsMax: 4, atARate: absent },
  { kind: '408', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: '409', once: complete, always: setAside, callsMax: 20, atARate: complete },
  { kind: '429', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: '429-zero', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: '500', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: '502', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: '503', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: '504', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: 'reset', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: 'truncated', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: 'hang', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: 'slow', once: complete, always: complete, callsMax: 12, atARate: complete },
  { kind: 'not-json', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: 'empty', once: complete, always: setAside, callsMax: 12, atARate: complete },
  { kind: 'null-lists', once: complete, always: complete, callsMax: 12, atARate: complete },
  { kind: 'unknown-field', once: complete, always: complete, callsMax: 12, atARate: complete },
]

describe.each(kinds)('$kind on the orders of one restaurant', (given) => {
  const { kind, callsMax } = given
  const ms = kind === 'slow' ? { ms: 50 } : {}

  test('once', async () => {
    const place = await aPlace()
    await expectEnd(place, { kind, ...ms, times: 1 }, given.once)
  })

  test('every time', async () => {
    const place = await aPlace()
    await expectEnd(place, { kind, ...ms }, given.always, callsMax)
  })

  test('a fifth of the calls', async () => {
    const place = await aPlace()
    // What names a wait of a second is not repeated for long.
    const bound = kind.startsWith('429') ? { times: 1 } : {}
    await expectEnd(place, { kind, ...ms, ...bound, rate: 0.2 }, given.atARate)
  })
})

type Place = {
  standIn: StandIn
  warehouse: Warehouse
  /** The one whose calls are struck. */
  struck: string
  others: string[]
  /** What the other restaurants ask of the struck path. */
  othersCalls: number
}

async function aPlace(options: StandInOptions = {}): Promise<Place> {
  const standIn = await startStandIn({
    seed: 1,
    restaurants: 2,
    days: 3,
    ordersPerDay: 5,
    limits: 'off',
    ...options,
  })
  onTestFinished(() => standIn.close())
  const [struck = '', ...others] = await restaurantsOf(standIn)
  return { standIn, warehouse: await postgresDatabase(), struck, others, othersCalls: 5 }
}

async function restaurantsOf(standIn: StandIn): Promise<string[]> {
  const ids: string[] = []
  for await (const { table, row } of standIn.truth()) {
    if (table === 'restaurant') ids.push(String(row.id))
  }
  return ids
}

type Options = Parameters<typeof syncOnce>[2]

function syncFew({ standIn, warehouse }: Place, options: Options = {}): Promise<Synced> {
  const source = withStreams(stillSource(configurationFor(standIn, options?.more)), streams)
  return syncOnce(standIn, warehouse, { source, budget, timeouts, ...options })
}

/** Syncs with the fault, looks at what that came to, and syncs again without it. */
async function expectEnd(
  place: Place,
  fault: Fault,
  expected: Expected | null,
  callsMax = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { standIn, struck } = place
  standIn.orderFault({ ...fault, path: ordersPath, restaurant: struck })
  const report = await syncFew(place)
  expect(callsOf(standIn, ordersPath)).toBeLessThanOrEqual(callsMax + place.othersCalls)
  if (expected !== null) {
    expect(endOf(report)).toEqual(
      expected === 'complete'
        ? { outcome: 'complete', problems: [] }
        : { outcome: expected.outcome, problems: [[struck, 'orders', expected.verdict]] },
    )
  }
  if (report.outcome === 'partial') await expectOthersDelivered(place)
  standIn.clearFaults()
  if (report.outcome !== 'complete') await expectMended(place)
  expect(await differencesOf(place)).toEqual([])
}

function endOf({ outcome, problems }: Synced) {
  return {
    outcome,
    problems: problems.map(({ location, stream, verdict }) => [location, stream, verdict]),
  }
}

/** All but the orders of the struck restaurant is there, and none of it is asked for again. */
async function expectOthersDelivered(place: Place): Promise<void> {
  const { standIn, warehouse, struck, others } = place
  const tables = new Set(['cash_entry', 'employee', 'employee_job', 'restaurant_details'])
  expect(await differences(warehouse, standIn, { tables })).toEqual([])
  const orders = new Set(tablesOf('orders'))
  expect(await differences(warehouse, standIn, { tables: orders, restaurants: others })).toEqual([])
  expect(await standingOf(place)).toEqual({ [`${struck} orders`]: 'failed' })
}

async function expectMended(place: Place): Promise<void> {
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await standingOf(place)).toEqual({})
}

/** The streams that have not succeeded, by what their states say. */
async function standingOf({ warehouse }: Place): Promise<Record<string, string>> {
  const destination = await openDestination(warehouse.target, { source: 'toast' })
  const states = await destination.states().finally(() => destination.close())
  const failed: Record<string, string> = {}
  for (const { location, stream, state } of states) {
    if ('lastError' in JSON.parse(state)) failed[`${location} ${stream}`] = 'failed'
  }
  return failed
}

function differencesOf({ warehouse, standIn }: Place) {
  return differences(warehouse, standIn, { tables: new Set(streams.flatMap(tablesOf)) })
}

function tablesOf(root: string): string[] {
  return toastTables.filter((table) => (table.root ?? table.name) === root).map(({ name }) => name)
}

/** How often a path was asked, whatever came of it. */
function callsOf(standIn: StandIn, path: string): number {
  const statuses = Object.values(standIn.requests()[path] ?? {})
  return statuses.reduce((sum, count) => sum + count, 0)
}
