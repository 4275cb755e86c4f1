import { expect, test } from 'vitest'
import { call, connected, logIn } from './client.ts'

test('a second login gets the same token, and the seconds count down', async () => {
  let clock = 1_000_000_000_000
  const { standIn, token } = await connected({ tokenSeconds: 1000, clock: () => clock })
  clock += 300_000
  const again = (await logIn(standIn)).body
  expect(again).toEqual({
    '@class': '.SuccessfulResponse',
    token: {
      tokenType: 'Bearer',
      scope: null,
      expiresIn: 700,
      accessToken: token,
      idToken: null,
      refreshToken: null,
    },
    status: 'SUCCESS',
  })
})

const ages = [
  ['60 seconds before its end', 940_000, true],
  ['within the last 60 seconds', 940_001, false],
] as const

for (const [name, ageMs, same] of ages) {
  test(`${name} a login ${same ? 'returns the old token' : 'makes a new one'}`, async () => {
    let clock = 1_000_000_000_000
    const { standIn, token } = await connected({ tokenSeconds: 1000, clock: () => clock })
    clock += ageMs
    const { accessToken, expiresIn } = (await logIn(standIn)).body.token
    expect([accessToken === token, expiresIn]).toEqual(same ? [true, 60] : [false, 1000])
  })
}

test('advancing the world past the life of a token makes it die', async () => {
  const { standIn, get } = await connected()
  expect((await get('/partners/v1/restaurants')).status).toBe(200)
  standIn.advance({ hours: 25 })
  const { status, body } = await get('/partners/v1/restaurants')
  expect([status, body.status, body.message]).toEqual([401, 401, 'Unauthorized'])
  expect((await logIn(standIn)).status).toBe(200)
})

test('a token says its account, scopes and times in its claims', async () => {
  const { token } = await connected({ account: 'group', scopes: ['orders:read', 'config:read'] })
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  expect(Object.keys(claims).sort()).toEqual([
    'aud',
    'azp',
    'exp',
    'gty',
    'https://toasttab.com/access_type',
    'https://toasttab.com/client_name',
    'https://toasttab.com/management_set_guid',
    'https://toasttab.com/type',
    'iat',
    'iss',
    'jti',
    'scope',
    'sub',
  ])
  expect([claims.scope, claims.exp - claims.iat]).toEqual(['orders:read config:read', 86_400])
})

test('a wrong secret is refused with a body and counted', async () => {
  const { standIn } = await connected()
  const { status, body, headers } = await logIn(standIn, 'guessed')
  expect([status, body.status, body.errors, typeof body.requestId]).toEqual([
    401,
    401,
    [],
    'string',
  ])
  expect(headers.get('x-toast-ratelimit-by')).toBe(null)
  const path = '/authentication/v1/authentication/login'
  expect(standIn.requests()[path]).toEqual({ '200': 1, '401': 1 })
})

test('calls without a token, or with one nobody gave out, are refused', async () => {
  const { standIn } = await connected()
  const path = '/partners/v1/restaurants'
  const statuses = await Promise.all(
    [{}, { authorization: 'Bearer nothing' }, { authorization: 'Basic abc' }].map(
      async (headers) => (await call(standIn, path, headers as Record<string, string>)).status,
    ),
  )
  expect(statuses).toEqual([401, 401, 401])
})
