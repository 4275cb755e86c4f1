import { type RefusalCode, refusals, refuse } from '@regulars/contract/refusals'
import { operations, sandboxOperations } from '@regulars/contract/wire/operations'
import { refusalReply, refusalsOf } from '@regulars/contract/wire/refusal-replies'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { openSandbox, type Sandbox } from '../src/sandbox/sandbox.ts'
import { expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { cook, type HostileRequest, type Live, recipes } from './hostile-requests.ts'
import { checkOf, openTill } from './till.ts'

const requests = Number(process.env.REGULARS_HOSTILE_REQUESTS ?? 3_000)

/** Longer than any request may take, on a busy machine too. */
const boundMs = 10_000

/** Operations of practice mode are tried apart: a fault they order is meant to break a later call. */
const practiceRequests = Math.ceil(requests / 10)

test.each([
  { what: 'of the wire', tried: operations, numRuns: requests },
  { what: 'of practice mode', tried: sandboxOperations, numRuns: practiceRequests },
])(
  '$numRuns hostile requests to operations $what: each is answered in time, as documented, and leaks nothing',
  async ({ tried, numRuns }) => {
    const counter = await openPracticeCounter()
    const live = await liveOf(counter)
    const outcomes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(recipes(tried), async (recipe) => {
        const outcome = await heldToItsWord(counter, cook(recipe, live))
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }),
      { numRuns },
    )
    // Requests that all die at the door prove nothing.
    const answered = [...outcomes].filter(([outcome]) => outcome.startsWith('2'))
    expect(answered.reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(numRuns / 30)
    await counter.expectSound()
  },
  600_000,
)

async function openPracticeCounter(): Promise<HarborCounter> {
  let sandbox: Sandbox | undefined
  const counter = await openHarborCounter(undefined, (now) => {
    sandbox = openSandbox(now)
    return sandbox
  })
  onTestFinished(() => counter.close())
  await sandbox?.begin(counter)
  return counter
}

/** Sends a request and holds the answer to what is promised; answers with its status and code. */
async function heldToItsWord(counter: HarborCounter, request: HostileRequest): Promise<string> {
  const { operation, method, url, headers, payload } = request
  const response = await inTime(
    counter.app.inject({ method, url, headers, payload, remoteAddress: someAddress() }),
  )
  const { statusCode: status, body, headers: sent } = response
  const code = (sent['regulars-code'] as RefusalCode | undefined) ?? null
  const told = `${method} ${url.slice(0, 300)} -> ${status} ${code} ${body.slice(0, 500)}`
  expect(sent['x-request-id'], told).toMatch(/^\S{10,}$/)
  expect(body, 'leaks').not.toMatch(leaks)
  if (status >= 400) {
    expect(code, told).not.toBeNull()
    expect(Object.keys(refusals), told).toContain(code)
    expect(refusalsOf(operation), told).toContain(code)
    const said = refusalReply(operation, refuse(code as RefusalCode))
    // A path that no longer names the operation is refused as one that stands for nothing.
    expect(status, told).toBe(said.status)
    expect(sent['regulars-retry'], told).toBe(said.headers['Regulars-Retry'])
    expect(status, told).toBeLessThan(500)
    return `${status} ${code}`
  }
  const isJson = String(sent['content-type'] ?? '').startsWith('application/json')
  expectReply(operation, {
    status,
    body: isJson ? JSON.parse(body) : body === '' ? null : body,
    code: null,
    replayed: false,
    headers: sent,
  })
  return String(status)
}

/** Words of Postgres, of our statements, of stacks and of paths. */
const leaks =
  /json_to_recordset|guest_identifiers|ledger_entries|violates|duplicate key|invalid input syntax|syntax error at or near|relation "|\bat \S+ \(|\.ts:\d+|node_modules|\/server\/src|node:internal|TypeError|RangeError|Cannot read prop|is not a function|postgres:\/\//i

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${boundMs} ms`)), boundMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

// Each request comes from an address of its own, so that none is blocked for another's failures.
let addresses = 0
function someAddress(): string {
  addresses += 1
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}

/** Ids that exist: guests with baskets, items and commits, so that requests get past the door. */
async function liveOf(counter: HarborCounter): Promise<Live> {
  const till = openTill(counter)
  const check = checkOf(counter.program, ['102', '113', '401', '311'])
  const ids = ['ana', 'ben', 'chloe', 'diego']
  const guests = await Promise.all(
    ids.map(async (id) => {
      const guest = counter.guest(id)
      await till.select(guest, [['redeemable', counter.entryId('redeemable', 'milk-on-us')]], id)
      await till.commit(guest, check, id)
      const rewardId = [...guest.rewardIds.values()][0] ?? 0
      const { body } = await till.select(guest, [['reward', rewardId]], id)
      const entry = counter.program.guests?.find((one) => one.id === id)
      const item = body?.discount_basket_items?.[0]?.discount_basket_item_id ?? 0
      const ref = String(body?.redemption_ref ?? 'none')
      return { id, guest, entry, rewardId, item, ref }
    }),
  )
  const ofIndex = (index: number) => {
    const one = guests[index % guests.length]
    if (one === undefined) throw new Error('there are guests')
    return one
  }
  return {
    counter,
    token: (index) => ofIndex(index).guest.token,
    params: (operation, index) =>
      operation.path.includes('redemption_ref') ? ofIndex(index).ref : '1',
    adapt(operation, members, index) {
      if (typeof members !== 'object' || members === null || Array.isArray(members)) return members
      const { id, guest, entry, rewardId, item } = ofIndex(index)
      const known: Record<string, () => string | number | unknown[]> = {
        user_id: () => guest.guestId,
        email: () => entry?.email ?? '',
        phone: () => entry?.phone ?? '',
        external_uid: () => id,
        store_number: () => '0007',
        location_id: () => 4101,
        discount_basket_item_ids: () => [item],
        discount_basket_items_attributes: () => [
          { discount_type: 'reward', discount_id: String(rewardId) },
          { discount_type: 'redemption_code', discount_id: 'RAINYDAY' },
        ],
        punchh_key: () => String(400_000_000_000 + index),
      }
      const adapted = Object.fromEntries(
        Object.entries(members).map(([name, value]) => [name, known[name]?.() ?? value]),
      )
      if (operation.name !== 'pos-users-create' && 'email' in adapted) delete adapted.phone
      return adapted as never
    },
  }
}
