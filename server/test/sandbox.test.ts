import { type AddressInfo, connect } from 'node:net'
import { dayMs } from '@regulars/contract/values/instants'
import { adminSupportGift } from '@regulars/contract/wire/admin-gifting'
import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { sandboxClock, sandboxOrderFault, sandboxTurnClock } from '@regulars/contract/wire/sandbox'
import fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox, type Sandbox } from '../src/sandbox/sandbox.ts'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter, opensAt } from './harbor-counter.ts'
import { checkOf, openTill } from './till.ts'

let counter: HarborCounter
let sandbox: Sandbox
beforeAll(async () => {
  counter = await openHarborCounter(undefined, (now) => {
    sandbox = openSandbox(now)
    return sandbox
  })
  await sandbox.begin(counter)
})
afterAll(() => counter.close())

const latte = () => checkOf(counter.program, [counter.program.menu?.items[0]?.item_id ?? ''])

test('turning the clock approves pending points and ends rewards before it replies', async () => {
  const ben = counter.guest('ben')
  const checkedIn = await openTill(counter).checkIn('ben@example.com', latte(), 'clock')
  expect(checkedIn.status).toBe(200)
  const gift = {
    user_id: ben.guestId,
    redeemable_id: counter.entryId('redeemable', 'two-off'),
    end_date: '2026-12-01',
  }
  expect((await counter.call(adminSupportGift, gift)).status).toBe(201)
  expect(await standingOf(ben.guestId)).toEqual({ checkin: 'pending', reward: 'unredeemed' })

  const asked = { forward_seconds: String((30 * dayMs) / 1000) }
  const turned = await counter.call(sandboxTurnClock, asked)
  expect(expectReply(sandboxTurnClock, turned)).toEqual({
    now: '2026-12-20T18:00:00Z',
    ahead_seconds: 2_592_000,
  })
  expect(await standingOf(ben.guestId)).toEqual({ checkin: 'approved', reward: 'expired' })
  expect(counter.deps.now() - opensAt).toBe(30 * dayMs)
  await counter.expectSound()
})

test('a counter that opens again shows the time the last one showed', async () => {
  const before = (await counter.call(sandboxClock)).body
  const reopened = openSandbox(() => opensAt)
  await reopened.begin({ app: fastify(), deps: counter.deps })
  expect(new Date(reopened.now()).toISOString()).toBe('2026-12-20T18:00:00.000Z')
  expect(before).toEqual({ now: '2026-12-20T18:00:00Z', ahead_seconds: 2_592_000 })
})

test('two who turn the clock at once turn it by both', async () => {
  const { ahead_seconds } = (await counter.call(sandboxClock)).body
  await Promise.all(
    [60, 3600].map((forward_seconds) => counter.call(sandboxTurnClock, { forward_seconds })),
  )
  expect((await counter.call(sandboxClock)).body.ahead_seconds).toBe(ahead_seconds + 3660)
})

const standstills = [
  {
    name: 'back',
    asked: { to: '2026-11-20T10:00:00-08:00' },
    expected: { code: 'clock_backwards', status: 422 },
  },
  { name: 'nowhere', asked: {}, expected: { code: 'missing_parameter', status: 400 } },
  {
    name: 'out of this century',
    asked: { forward_seconds: 9_000_000_000 },
    expected: { code: 'invalid_parameter', status: 400 },
  },
]
for (const { name, asked, expected } of standstills) {
  test(`the clock is not turned ${name}`, async () => {
    const before = (await counter.call(sandboxClock)).body
    const { code, status } = await counter.call(sandboxTurnClock, asked)
    expect({ code, status }).toEqual(expected)
    expect((await counter.call(sandboxClock)).body).toEqual(before)
  })
}

test('a connection dropped after the commit loses the reply, and asking again is safe', async () => {
  const { body } = await withBasket('dropped-after')
  const ordered = await counter.call(sandboxOrderFault, { kind: 'drop_after' })
  expect(expectReply(sandboxOrderFault, ordered)).toEqual({
    kind: 'drop_after',
    delay_ms: null,
    business: null,
  })
  expect(await overSocket({ ...body, query: true })).toContain('200 OK')
  expect(await overSocket(body)).toBe('')
  expect(await commitsOf('dropped-after')).toBe(1)
  const again = await counter.call(posBatchRedemptions, body)
  expect({ status: again.status, replayed: again.replayed }).toEqual({
    status: 200,
    replayed: true,
  })
  expect(await commitsOf('dropped-after')).toBe(1)
  await counter.expectSound()
})

test('a connection dropped before the commit leaves nothing, and happens once', async () => {
  const { body } = await withBasket('dropped-before')
  await counter.call(sandboxOrderFault, { kind: 'drop_before' })
  expect(await overSocket(body)).toBe('')
  expect(await commitsOf('dropped-before')).toBe(0)
  expect(await overSocket(body)).toContain('200 OK')
  expect(await commitsOf('dropped-before')).toBe(1)
})

test('a delay holds the commit so long', async () => {
  const { body } = await withBasket('delayed')
  await counter.call(sandboxOrderFault, { kind: 'delay', delay_ms: 150, business: 'harbor-coffee' })
  const since = performance.now()
  expect((await counter.call(posBatchRedemptions, body)).status).toBe(200)
  expect(performance.now() - since).toBeGreaterThanOrEqual(149)
})

test('a counter in earnest has neither the clock nor the faults', async () => {
  const earnest = await openHarborCounter()
  for (const operation of [sandboxClock, sandboxTurnClock, sandboxOrderFault]) {
    const response = await earnest.app.inject({ method: operation.method, url: operation.path })
    expect([response.statusCode, response.headers['regulars-code']]).toEqual([404, 'unknown_path'])
  }
  await earnest.close()
})

const noFaults = [
  { name: 'without a kind', asked: {}, code: 'missing_parameter', text: 'kind' },
  { name: 'of no known kind', asked: { kind: 'fire' }, code: 'invalid_parameter', text: 'kind' },
  { name: 'of no length', asked: { kind: 'delay' }, code: 'missing_parameter', text: 'delay_ms' },
  {
    name: 'beyond a minute',
    asked: { kind: 'delay', delay_ms: 60_001 },
    code: 'invalid_parameter',
    text: 'delay_ms',
  },
  {
    name: 'for nobody',
    asked: { kind: 'drop_after', business: 'nobody' },
    code: 'invalid_parameter',
    text: 'business',
  },
] as const
for (const { name, asked, code, text } of noFaults) {
  test(`a fault ${name} is refused`, async () => {
    const answer = await counter.call(sandboxOrderFault, asked)
    expectRefusal(sandboxOrderFault, answer, { code, status: 400, body: answer.body })
    expect(answer.body.error).toContain(text)
  })
}

/** A guest with a reward in the basket that any order earns, and the commit that uses it. */
async function withBasket(uid: string) {
  const ana = counter.guest('ana')
  const user_id = ana.guestId
  const redeemable_id = counter.entryId('redeemable', 'two-off')
  expect((await counter.call(adminSupportGift, { user_id, redeemable_id })).status).toBe(201)
  const [reward] = await counter.rows(
    'select max(reward_id) as id from rewards where guest_id = $1',
    [user_id],
  )
  const selected = await openTill(counter).select(ana, [['reward', Number(reward?.id)]], uid)
  expect(selected.status).toBe(200)
  return { body: { user_id, external_uid: uid, ...latte() } }
}

/** What comes back over a real connection until it closes. */
async function overSocket(body: object): Promise<string> {
  const { app, program } = counter
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const text = JSON.stringify(body)
  const keys = `token=${program.locations[0]?.location_key}, btoken=${program.business.business_key}`
  const head = [
    `POST ${posBatchRedemptions.path} HTTP/1.1`,
    'Host: localhost',
    'User-Agent: RegularsTest/POS/1.0',
    `Authorization: Token ${keys}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ]
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
    })
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
  })
}

async function commitsOf(externalUid: string): Promise<number> {
  return (await counter.rows('select 1 from commits where external_uid = $1', [externalUid])).length
}

async function standingOf(guestId: number) {
  const [row] = await counter.rows(
    `select (select state from checkins where guest_id = $1 and external_uid = 'clock') as checkin,
            (select status from rewards where guest_id = $1 and gifted_for_type = 'Admin') as reward`,
    [guestId],
  )
  return row
}
