import { expect, test } from 'vitest'
import { limiter, publishedLimits } from '../src/http/limits.ts'
import { connected } from './client.ts'

const orders = { subject: 'one', api: 'orders', endpoint: 'ordersBulk' } as const
const config = { subject: 'one', api: 'config', endpoint: null } as const

test('ordersBulk is allowed five times in a second, whatever restaurant asks how', () => {
  let clock = 10_000
  const ask = limiter(publishedLimits, () => clock)
  const allowed = Array.from({ length: 6 }, () => ask(orders).allowed)
  expect(allowed).toEqual([true, true, true, true, true, false])
  expect(ask({ ...orders, subject: 'other' }).allowed).toBe(true)
  clock += 400
  expect(ask(orders)).toEqual({
    allowed: false,
    by: 'ENDPOINT',
    remaining: 0,
    resetSeconds: 11,
    retryAfterSeconds: 1,
  })
  clock += 200
  expect(ask(orders).retryAfterSeconds).toBe(0)
  clock += 400
  expect(ask(orders).allowed).toBe(true)
})

test('slices stand still: the last of one and the first of the next follow at once', () => {
  let clock = 999
  const ask = limiter({ ...publishedLimits, perSecond: 2 }, () => clock)
  expect([ask(config), ask(config), ask(config)].map(({ allowed }) => allowed)).toEqual([
    true,
    true,
    false,
  ])
  clock = 1000
  expect(ask(config).allowed).toBe(true)
})

test('the long slice ends a second that has room, and refused calls use up none of it', () => {
  let clock = 900_000
  const limits = { ...publishedLimits, perSecond: 100, perSlice: 30, sliceSeconds: 60 }
  const ask = limiter(limits, () => clock)
  for (let calls = 0; calls < 30; calls++) expect(ask(config).allowed).toBe(true)
  clock += 5_000
  expect(ask(config)).toEqual({
    allowed: false,
    by: 'GLOBAL',
    remaining: 0,
    resetSeconds: 960,
    retryAfterSeconds: 55,
  })
  clock = 960_000
  expect(ask(config)).toEqual({
    allowed: true,
    by: 'GLOBAL',
    remaining: 29,
    resetSeconds: 1020,
    retryAfterSeconds: 60,
  })
})

test('a call over the limit gets 429 with the headers, written in varying case', async () => {
  const clock = 5_000_000
  const { get } = await connected({ limits: { menusPerSecond: 1 }, clock: () => clock })
  const first = await get('/menus/v2/menus', 0)
  const second = await get('/menus/v2/menus', 0)
  const other = await get('/menus/v2/menus', 2)
  expect([first.status, second.status, other.status]).toEqual([200, 429, 200])
  const header = (name: string) => second.headers.get(name)
  expect({
    by: header('X-Toast-RateLimit-By'),
    remaining: header('X-Toast-RateLimit-Remaining'),
    reset: header('X-Toast-RateLimit-Reset'),
    retryAfter: header('Retry-After'),
    message: second.body.message,
  }).toEqual({
    by: 'ENDPOINT',
    remaining: '0',
    reset: '5001',
    retryAfter: '1',
    message: 'Too Many Requests',
  })
})

test('with limits off the headers still come, with room to spare', async () => {
  const { get } = await connected({ limits: 'off' })
  const { headers } = await get('/menus/v2/menus', 0)
  expect(Number(headers.get('x-toast-ratelimit-remaining'))).toBeGreaterThan(1_000_000)
})
