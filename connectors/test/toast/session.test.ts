import { describe, expect, test } from 'vitest'
import { fernetOf } from '../../src/fernet.ts'
import { ReadingFailed } from '../../src/outcome.ts'
import type { SendPlain } from '../../src/session.ts'
import type { Call } from '../../src/source.ts'
import type { ToastConfiguration } from '../../src/toast/configuration.ts'
import { openToastSession } from '../../src/toast/session.ts'

const fernetKey = Buffer.alloc(32, 1).toString('base64url')

const configuration: ToastConfiguration = {
  clientId: 'an-id',
  clientSecret: 'a-secret',
  userAccessType: 'TOAST_MACHINE_CLIENT',
  baseUrl: new URL('https://gateway.example.com/toast'),
  initialSyncStart: 0,
  fernet: fernetOf([fernetKey]),
  fields: new Map(),
  historySpacingSeconds: 5,
  busyHours: [],
}

const call: Call = {
  path: '/orders/v2/ordersBulk',
  query: { startDate: '2026-11-20T00:00:00.000+0000' },
  headers: { accept: 'application/json' },
  limits: [],
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Where logins are made: one token a day, a new one in its last minute, as Toast publishes. */
function authentication() {
  const sent: { url: string; body: unknown }[] = []
  const clock = { ms: Date.UTC(2026, 10, 20) }
  const fails: { status: number; body?: string }[] = []
  let made = 0
  let expiresAtMs = 0
  const send: SendPlain = async (url, { method, body }) => {
    sent.push({ url: `${method} ${url.href}`, body: JSON.parse(body ?? 'null') })
    await Promise.resolve()
    const failed = fails.shift()
    if (failed?.status === 0) throw new Error('ECONNRESET')
    if (failed !== undefined) {
      return { status: failed.status, headers: {}, body: Buffer.from(failed.body ?? '{}') }
    }
    if (expiresAtMs - clock.ms < 60_000) {
      made += 1
      expiresAtMs = clock.ms + dayMs
    }
    const token = { accessToken: `token-${made}`, expiresIn: (expiresAtMs - clock.ms) / 1_000 }
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ token })) }
  }
  const revoke = () => {
    expiresAtMs = 0
  }
  return { send, sent, clock, fails, revoke }
}

function opened(given: Partial<ToastConfiguration> = {}) {
  const vendor = authentication()
  const session = openToastSession(
    { ...configuration, ...given },
    vendor.send,
    () => vendor.clock.ms,
  )
  const bearer = async () => (await session.address(call, 'r1')).headers.authorization
  return { ...vendor, session, bearer }
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((caught: unknown) => caught)
  return error instanceof ReadingFailed ? `${error.verdict}: ${error.message}` : String(error)
}

describe('a call', () => {
  test('goes to the domain with its path, as one restaurant, with a token', async () => {
    const { session, sent } = opened()
    const { url, headers } = await session.address(call, 'r1')
    expect(url.href).toBe(
      'https://gateway.example.com/toast/orders/v2/ordersBulk?startDate=2026-11-20T00%3A00%3A00.000%2B0000',
    )
    expect(headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer token-1',
      'toast-restaurant-external-id': 'r1',
    })
    expect(sent).toEqual([
      {
        url: 'POST https://gateway.example.com/toast/authentication/v1/authentication/login',
        body: {
          clientId: 'an-id',
          clientSecret: 'a-secret',
          userAccessType: 'TOAST_MACHINE_CLIENT',
        },
      },
    ])
  })

  for (const location of [null, '']) {
    test(`for no restaurant (${JSON.stringify(location)}) names none`, async () => {
      const { session } = opened()
      const { headers } = await session.address(call, location)
      expect(headers).not.toHaveProperty('toast-restaurant-external-id')
    })
  }
})

describe('a session', () => {
  test('logs in once, however many calls wait for it', async () => {
    const { bearer, sent } = opened()
    expect(new Set(await Promise.all([bearer(), bearer(), bearer()]))).toEqual(
      new Set(['Bearer token-1']),
    )
    expect(await bearer()).toBe('Bearer token-1')
    expect(sent).toHaveLength(1)
  })

  test('logs in again in the last minute of its token, and not before', async () => {
    const { bearer, sent, clock } = opened()
    await bearer()
    clock.ms += dayMs - 60_001
    expect(await bearer()).toBe('Bearer token-1')
    clock.ms += 2
    expect(await bearer()).toBe('Bearer token-2')
    expect(sent).toHaveLength(2)
  })

  test('logs in again when its token was refused, once for all calls that were', async () => {
    const { session, bearer, sent, revoke } = opened()
    const { headers } = await session.address(call, 'r1')
    revoke()
    session.renew(headers)
    expect(await bearer()).toBe('Bearer token-2')
    // A call that had been sent with the first token hears of it late.
    session.renew(headers)
    expect(await bearer()).toBe('Bearer token-2')
    expect(sent).toHaveLength(2)
  })

  test('logs in twice an hour at most, and says when it may again', async () => {
    const { session, bearer, sent, clock } = opened()
    await bearer()
    clock.ms += 10 * 60_000
    session.renew((await session.address(call, 'r1')).headers)
    const { headers } = await session.address(call, 'r1')
    clock.ms += 1
    session.renew(headers)
    // The token may still be good for others, and is all there is.
    expect(await bearer()).toBe('Bearer token-1')
    expect(sent).toHaveLength(2)
    clock.ms += dayMs
    expect(await bearer()).toBe('Bearer token-2')
  })

  test('uses a dying token up when no login is left, and is refused after', async () => {
    const { session, sent, clock, bearer } = opened()
    const dying = { token: { accessToken: 'dying', expiresIn: 30 } }
    const other = openToastSession(
      configuration,
      async () => {
        sent.push({ url: '', body: null })
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(dying)) }
      },
      () => clock.ms,
    )
    for (let time = 0; time < 5; time += 1) {
      expect((await other.address(call, 'r1')).headers.authorization).toBe('Bearer dying')
    }
    expect(sent).toHaveLength(2)
    clock.ms += 30_000
    expect(await refusalOf(other.address(call, 'r1'))).toBe(
      'stop: Toast allows 2 logins an hour, and they are spent; start again in 60 minutes.',
    )
    expect(session.saved?.()).toBeNull()
    expect(await bearer()).toBe('Bearer token-1')
  })

  const refusals = [
    {
      name: 'bad credentials stop everything',
      fails: [{ status: 401 }],
      says: 'stop: Toast refused the login (401); check clientId, clientSecret and userAccessType.',
    },
    {
      name: 'a fault may pass',
      fails: [{ status: 503 }],
      says: 'Error: the login was answered with 503',
    },
    {
      name: 'a limit may pass',
      fails: [{ status: 429 }],
      says: 'Error: the login was answered with 429',
    },
    { name: 'a lost connection may pass', fails: [{ status: 0 }], says: 'Error: ECONNRESET' },
    {
      name: 'a reply that was cut short may pass',
      fails: [{ status: 200, body: '{"token": {"acc' }],
      says: 'Error: the reply to the login holds no token',
    },
  ]
  for (const { name, fails, says } of refusals) {
    test(`tells why a login failed: ${name}`, async () => {
      const { session, fails: failing, bearer } = opened()
      failing.push(...fails)
      const said = await refusalOf(session.address(call, 'r1'))
      expect(said).toBe(says)
      expect(said).not.toContain('a-secret')
      expect(await bearer()).toBe('Bearer token-1')
    })
  }

  test('knows the group of an account that is no partner', async () => {
    const claims = { 'https://toasttab.com/management_set_guid': 'a-group' }
    const accessToken = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
    const session = openToastSession(configuration, async () => ({
      status: 200,
      headers: {},
      body: Buffer.from(JSON.stringify({ token: { accessToken, expiresIn: 86_400 } })),
    }))
    expect(await session.managementGroup()).toBe('a-group')
    expect(await opened().session.managementGroup()).toBeNull()
  })
})

describe('a token that was kept', () => {
  test('is used again, encrypted meanwhile, and the logins of before count', async () => {
    const first = opened()
    await first.bearer()
    const saved = first.session.saved?.() ?? ''
    expect(saved).not.toContain('token-1')
    const later = opened()
    later.clock.ms += hourMs / 2
    later.session.restore?.(saved)
    expect(await later.bearer()).toBe('Bearer token-1')
    expect(later.sent).toHaveLength(0)
    // One login of the hour is left.
    for (let time = 0; time < 2; time += 1) {
      later.session.renew((await later.session.address(call, 'r1')).headers)
      await later.bearer()
    }
    expect(later.sent).toHaveLength(1)
  })

  test('is read with a key that has been replaced', async () => {
    const first = opened()
    await first.bearer()
    const rotated = fernetOf([Buffer.alloc(32, 2).toString('base64url'), fernetKey])
    const later = opened({ fernet: rotated })
    later.session.restore?.(first.session.saved?.() ?? '')
    await later.bearer()
    expect(later.sent).toHaveLength(0)
  })

  test('is not kept without a key, and the logins of before count all the same', async () => {
    const first = opened({ fernet: null })
    expect(first.session.saved?.()).toBeNull()
    await first.bearer()
    const saved = first.session.saved?.() ?? ''
    expect(JSON.parse(saved)).toEqual({ logins: [expect.any(String)] })
    const second = opened({ fernet: null })
    second.session.restore?.(saved)
    await second.bearer()
    const third = opened({ fernet: null })
    third.clock.ms += hourMs / 4
    third.session.restore?.(second.session.saved?.() ?? '')
    expect(await refusalOf(third.bearer())).toBe(
      'stop: Toast allows 2 logins an hour, and they are spent; start again in 45 minutes. With a key in the configuration syncs would share a token.',
    )
    expect(third.sent).toHaveLength(0)
  })

  test('does not take the place of the one a session has', async () => {
    const { session, bearer, clock, revoke } = opened()
    await bearer()
    const saved = session.saved?.() ?? ''
    revoke()
    clock.ms += 1
    session.renew((await session.address(call, 'r1')).headers)
    expect(await bearer()).toBe('Bearer token-2')
    session.restore?.(saved)
    expect(await bearer()).toBe('Bearer token-2')
  })

  const useless = [
    { name: 'of a key nobody has', fernet: fernetOf([Buffer.alloc(32, 3).toString('base64url')]) },
    { name: 'when there is no key', fernet: null },
    { name: 'that is dead', laterMs: dayMs },
    { name: 'that is damaged', saved: '{"encrypted_token": "x", "token_expires_at": "y"}' },
    { name: 'that is nothing', saved: '{}' },
  ]
  for (const { name, laterMs = 0, saved, ...given } of useless) {
    test(`${name} is replaced by a login`, async () => {
      const first = opened()
      await first.bearer()
      const later = opened(given)
      later.clock.ms += laterMs
      later.session.restore?.(saved ?? first.session.saved?.() ?? '')
      await later.bearer()
      expect(later.sent).toHaveLength(1)
    })
  }
})

describe('what a reply says of the limits', () => {
  const cases: [headers: Record<string, string>, told: object | null][] = [
    [
      { 'x-toast-ratelimit-remaining': '12', 'x-toast-ratelimit-reset': '1700000000' },
      { remaining: 12, resetsAtMs: 1_700_000_000_000 },
    ],
    [{ 'x-toast-ratelimit-remaining': '12' }, null],
    [{ 'x-toast-ratelimit-reset': '1700000000' }, null],
    [{ 'x-toast-ratelimit-remaining': 'few', 'x-toast-ratelimit-reset': '1700000000' }, null],
    [{}, null],
  ]
  for (const [headers, told] of cases) {
    test(`${JSON.stringify(headers)} is ${JSON.stringify(told)}`, () => {
      expect(opened().session.told(headers)).toEqual(told)
    })
  }
})
