import type { StandIn } from '@regulars/sandbox'
import { expect, test } from 'vitest'
import { openDestination } from '../../src/destinations/open-destination.ts'
import { aPlace, callsOf, differencesOf, endOf, type Place, syncFew, tablesOf } from './place.ts'
import { differences } from './truth.ts'

const ordersPath = '/orders/v2/ordersBulk'

/** Far above what a call takes here, far below what a person would wait for. */
const timeouts = { connectMs: 600, headersMs: 600, bodyMs: 600, wholeMs: 3_000 }

type Fault = Parameters<StandIn['orderFault']>[0]

/** `complete`, or the verdict on the one stream that was struck. */
type Expected = 'complete' | 'blocked' | 'absent' | 'narrow' | 'set-aside'

const complete = 'complete'
const setAside = 'set-aside'

/**
 * What becomes of a stream that a fault strikes once, every time, and at some of its calls.
 * `callsMax` is how often the path is asked where it is struck every time: by the readings that
 * are under way at once, each as often as its budget allows.
 */
const kinds: {
  kind: Fault['kind']
  once: Expected
  atARate: Expected
  always: Expected
  callsMax: number
}[] = [
  // Each half of a refused window is asked for, down to a second: 17 times for a day.
  { kind: '400', once: complete, atARate: complete, always: 'narrow', callsMax: 80 },
  { kind: '401', once: complete, atARate: complete, always: complete, callsMax: 8 },
  { kind: '403', once: 'blocked', atARate: 'blocked', always: 'blocked', callsMax: 4 },
  { kind: '404', once: 'absent', atARate: 'absent', always: 'absent', callsMax: 4 },
  { kind: '408', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  // A walk begins anew five times.
  { kind: '409', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: '429', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: '429-zero', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: '500', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: '502', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: '503', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: '504', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: 'reset', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: 'truncated', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: 'hang', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: 'slow', once: complete, atARate: complete, always: complete, callsMax: 20 },
  { kind: 'not-json', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: 'empty', once: complete, atARate: complete, always: setAside, callsMax: 20 },
  { kind: 'null-lists', once: complete, atARate: complete, always: complete, callsMax: 20 },
  { kind: 'unknown-field', once: complete, atARate: complete, always: complete, callsMax: 20 },
]

/** Three restaurants' windows, a second page each and a call or two that fail. */
const callsWithoutFaultsMax = 40 + 3 * 14

test.each(kinds)('$kind on orders: once, at a rate, every time', async (given) => {
  const { kind, callsMax } = given
  const place = await aPlace({ restaurants: 4, seed: 3 })
  const { standIn } = place
  const [first = '', second = '', third = ''] = place.restaurants
  const ms = kind === 'slow' ? { ms: 50 } : {}
  // What costs a second each time is not repeated for long.
  const isCostly = kind === 'hang' || kind.startsWith('429')
  const bound = isCostly || kind === '401' ? { times: 1 } : {}
  const budget = { attemptsMax: isCostly ? 3 : 5, firstWaitMs: 1, waitMsMax: 5 }
  standIn.orderFault({ kind, ...ms, path: ordersPath, restaurant: first, times: 1 })
  standIn.orderFault({ kind, ...ms, ...bound, path: ordersPath, restaurant: second, rate: 0.4 })
  // A token that is never good ends the run; see below.
  if (kind !== '401') standIn.orderFault({ kind, ...ms, path: ordersPath, restaurant: third })
  const report = await syncFew(place, { budget, timeouts })
  const struck = { [first]: given.once, [second]: given.atARate, [third]: given.always }
  expect(endOf(report)).toEqual(expectedEnd(struck))
  expect(callsOf(standIn, ordersPath)).toBeLessThanOrEqual(callsMax + callsWithoutFaultsMax)
  await expectOthersDelivered(place, struck)
  standIn.clearFaults()
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await failedStreams(place)).toEqual([])
  expect(await differencesOf(place)).toEqual([])
})

test('a token that one stream never takes is renewed once and ends the run', async () => {
  const place = await aPlace({ restaurants: 1 })
  const { standIn, restaurants } = place
  standIn.orderFault({ kind: '401', path: ordersPath })
  expect(endOf(await syncFew(place))).toEqual({
    outcome: 'refused',
    problems: [[restaurants[0], 'orders', 'stop']],
  })
  expect(standIn.requests()['/authentication/v1/authentication/login']).toEqual({ 200: 2 })
  expect(callsOf(standIn, ordersPath)).toBeLessThanOrEqual(8)
  standIn.clearFaults()
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await differencesOf(place)).toEqual([])
})

function expectedEnd(struck: Record<string, Expected>) {
  const problems = Object.entries(struck)
    .filter(([, verdict]) => verdict !== complete)
    .map(([restaurant, verdict]) => [restaurant, 'orders', verdict])
  return { outcome: problems.length === 0 ? 'complete' : 'partial', problems: problems.sort() }
}

/** All but the orders of the restaurants that failed is there, and their failing is kept. */
async function expectOthersDelivered(
  place: Place,
  struck: Record<string, Expected>,
): Promise<void> {
  const { standIn, warehouse, restaurants } = place
  const tables = new Set(['cash_entry', 'employee', 'employee_job', 'restaurant_details'])
  expect(await differences(warehouse, standIn, { tables })).toEqual([])
  const whole = restaurants.filter((id) => (struck[id] ?? complete) === complete)
  const orders = new Set(tablesOf('orders'))
  expect(await differences(warehouse, standIn, { tables: orders, restaurants: whole })).toEqual([])
  const failed = restaurants.filter((id) => !whole.includes(id)).map((id) => `${id} orders`)
  expect(await failedStreams(place)).toEqual(failed.sort())
}

/** The streams whose last reading failed, by what their states say. */
async function failedStreams({ warehouse }: Place): Promise<string[]> {
  const destination = await openDestination(warehouse.target, { source: 'toast' })
  const states = await destination.states().finally(() => destination.close())
  return states
    .filter(({ state }) => 'lastError' in JSON.parse(state))
    .map(({ location, stream }) => `${location} ${stream}`)
    .sort()
}
