import { createHmac } from 'node:crypto'
import { onlineVoidCheckin } from '@regulars/contract/wire/checkins'
import { posActive } from '@regulars/contract/wire/discounts'
import { mobileBalance, mobileLogin } from '@regulars/contract/wire/mobile-users'
import { onlineBalance, onlineSignIn } from '@regulars/contract/wire/online-ordering-users'
import type { Operation } from '@regulars/contract/wire/operation'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type CallOptions, type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter

beforeAll(async () => {
  counter = await openHarborCounter()
})

afterAll(() => counter.close())

let addresses = 0

/** An address that has not failed yet. */
function nextAddress(): string {
  addresses += 1
  return `198.19.0.${addresses}`
}

function call(operation: Operation, members: object, options: CallOptions = {}) {
  return counter.call(operation, members, { from: nextAddress(), ...options })
}

const asAna = (): CallOptions => ({ as: counter.guest('ana') })

describe('a signed call', () => {
  test('is good with its members in the query string, which is signed too', async () => {
    expectReply(onlineBalance, await call(onlineBalance, {}, { ...asAna(), inQuery: true }))
    expectReply(mobileBalance, await call(mobileBalance, {}, { ...asAna(), inQuery: true }))
  })

  test('is good when compact JSON was signed and sent with white space', async () => {
    const { client, client_secret } = counter.program.business
    const compact = JSON.stringify({ client })
    const digest = createHmac('sha1', client_secret)
      .update(onlineBalance.path + compact)
      .digest('hex')
    const response = await counter.app.inject({
      method: 'GET',
      url: onlineBalance.path,
      payload: JSON.stringify({ client }, null, 2),
      headers: {
        'user-agent': 'Test/OnlineOrder/1.0',
        authorization: `Bearer ${counter.guest('ana').token}`,
        'x-pch-digest': digest.toUpperCase(),
      },
    })
    expect(response.statusCode).toBe(200)
  })

  const wrong = [
    { name: 'a digest of something else', digest: '0'.repeat(40) },
    { name: 'no digest', digest: '' },
  ]
  for (const { name, digest } of wrong) {
    test(`with ${name} is refused with 412, in the words of each surface`, async () => {
      const options = { ...asAna(), headers: { 'x-pch-digest': digest } }
      expectRefusal(onlineBalance, await call(onlineBalance, {}, options), {
        code: 'invalid_signature',
        status: 412,
        body: ['Invalid Signature'],
      })
      expectRefusal(mobileBalance, await call(mobileBalance, {}, options), {
        code: 'invalid_signature',
        status: 412,
        body: { errors: { invalid_signature: ["Signature doesn't match. See /docs."] } },
      })
    })
  }

  test('of an app with the algorithm of online ordering is refused', async () => {
    const { client, client_secret } = counter.program.business
    const payload = JSON.stringify({ client })
    const sha1 = createHmac('sha1', client_secret)
      .update(mobileBalance.path + payload)
      .digest('hex')
    const headers = { 'x-pch-digest': sha1 }
    const answer = await call(mobileBalance, {}, { ...asAna(), headers })
    expect(answer.code).toBe('invalid_signature')
  })

  test('of a client nobody knows is refused before its digest is looked at', async () => {
    const members = { client: 'nobody' }
    const text = 'Client ID is incorrect. Please check client param or contact us.'
    expectRefusal(onlineBalance, await call(onlineBalance, members, asAna()), {
      code: 'unknown_client',
      status: 401,
      body: { error: text },
    })
    expectRefusal(mobileBalance, await call(mobileBalance, members, asAna()), {
      code: 'unknown_client',
      status: 401,
      body: { errors: { unknown_client: [text] } },
    })
  })

  test('without a client is told what is missing', async () => {
    const text = 'Required parameter missing or the value is empty: client'
    expectRefusal(mobileLogin, await call(mobileLogin, { client: '' }), {
      code: 'missing_parameter',
      status: 400,
      body: { errors: { missing_required_param: [text] } },
    })
  })

  test('without the token of a guest is refused, in the words of each surface', async () => {
    const text = 'An active access token must be used to query information about the current user.'
    for (const authorization of ['', 'Bearer', 'Bearer nobody', 'Token token=1, btoken=2']) {
      const options = { headers: { authorization } }
      expectRefusal(onlineBalance, await call(onlineBalance, {}, options), {
        code: 'invalid_access_token',
        status: 401,
        body: { error: text },
      })
      expectRefusal(mobileBalance, await call(mobileBalance, {}, options), {
        code: 'invalid_access_token',
        status: 401,
        body: { errors: { unauthorized: [text] } },
      })
    }
  })

  test('without a User-Agent is refused', async () => {
    const options = { ...asAna(), headers: { 'user-agent': '' } }
    expect((await call(onlineBalance, {}, options)).code).toBe('missing_user_agent')
  })
})

describe('ten failed authentications from one address in ten minutes', () => {
  const wrongPassword = { user: { email: 'ana@example.com', password: 'wrong-wrong' } }

  async function fail(times: number, options: CallOptions) {
    for (let failed = 0; failed < times; failed += 1) {
      const answer = await counter.call(onlineBalance, { client: 'nobody' }, options)
      expect(answer.code).toBe('unknown_client')
    }
  }

  test('block it on every surface but the till; nine do not, and nobody else is touched', async () => {
    const from = nextAddress()
    await fail(9, { from })
    expect((await counter.call(onlineBalance, {}, { ...asAna(), from })).status).toBe(200)
    await fail(1, { from })
    const blocked = await counter.call(onlineBalance, {}, { ...asAna(), from })
    expectRefusal(onlineBalance, blocked, {
      code: 'address_blocked',
      status: 429,
      body: {
        error: expect.stringMatching(
          /^Too many failed authentications\. Try again after \d{4}-.*Z\.$/,
        ),
      },
    })
    expect((await counter.call(mobileBalance, {}, { ...asAna(), from })).status).toBe(429)
    expect(
      (await counter.call(mobileBalance, {}, { ...asAna(), from: nextAddress() })).status,
    ).toBe(200)
    const { guestId } = counter.guest('ana')
    const till = await counter.call(posActive, { user_id: guestId }, { from })
    expect(till.code).toBe('no_active_basket')
  })

  const kinds: { name: string; operation: Operation; members: object; options?: CallOptions }[] = [
    {
      name: 'wrong digests',
      operation: onlineBalance,
      members: {},
      options: { headers: { 'x-pch-digest': 'no' } },
    },
    { name: 'wrong passwords online', operation: onlineSignIn, members: wrongPassword },
    { name: 'wrong passwords in the app', operation: mobileLogin, members: wrongPassword },
    { name: 'tokens that never were', operation: onlineBalance, members: {} },
  ]
  for (const { name, operation, members, options } of kinds) {
    test(`count ${name}`, async () => {
      const from = nextAddress()
      for (let failed = 0; failed < 10; failed += 1) {
        const answer = await counter.call(operation, members, { ...options, from })
        expect(answer.status).not.toBe(429)
      }
      expect((await counter.call(operation, members, { ...options, from })).status).toBe(429)
    })
  }

  test('do not count a token that ran out or was withdrawn, nor what is no authentication', async () => {
    const from = nextAddress()
    const { guestId, token } = counter.guest('ben')
    await counter.rows('update access_tokens set revoked_at = created_at where guest_id = $1', [
      guestId,
    ])
    for (let failed = 0; failed < 12; failed += 1) {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await counter.call(onlineBalance, {}, { headers, from })
      expect(answer.code).toBe('invalid_access_token')
      await counter.call(onlineVoidCheckin, { external_uid: 'none' }, { ...asAna(), from })
    }
    expect((await counter.call(onlineBalance, {}, { ...asAna(), from })).status).toBe(200)
  })

  test('of one guest behind an ordering site block that guest, not the site', async () => {
    const from = nextAddress()
    const thatGuest = { from, headers: { x_true_client_ip: '203.0.113.7' } }
    const another = { from, headers: { 'x-true-client-ip': '2001:db8::8' } }
    for (let failed = 0; failed < 10; failed += 1) {
      await counter.call(onlineSignIn, wrongPassword, thatGuest)
    }
    expect((await counter.call(onlineSignIn, wrongPassword, thatGuest)).code).toBe(
      'address_blocked',
    )
    expect((await counter.call(onlineSignIn, wrongPassword, another)).code).toBe(
      'incorrect_information',
    )
  })

  test('cannot be put on somebody else by who holds no client secret', async () => {
    const from = nextAddress()
    await fail(10, { from, headers: { x_true_client_ip: '203.0.113.99' } })
    expect((await counter.call(onlineBalance, {}, { ...asAna(), from })).status).toBe(429)
    const spoken = {
      ...asAna(),
      from: nextAddress(),
      headers: { x_true_client_ip: '203.0.113.99' },
    }
    expect((await counter.call(onlineBalance, {}, spoken)).status).toBe(200)
  })

  test('at a till are slowed, and its right key works at once', async () => {
    const from = nextAddress()
    const { guestId } = counter.guest('ana')
    const headers = { authorization: 'Token token=wrong, btoken=wrong' }
    for (let failed = 0; failed < 15; failed += 1) {
      const answer = await counter.call(posActive, { user_id: guestId }, { from, headers })
      expect([answer.status, answer.code]).toEqual([401, 'invalid_location_key'])
    }
    const started = performance.now()
    await counter.call(posActive, { user_id: guestId }, { from, headers })
    const slowedMs = performance.now() - started
    // The sixteenth waits six times 20 ms.
    expect(slowedMs).toBeGreaterThanOrEqual(115)
    expect((await counter.call(posActive, { user_id: guestId }, { from })).code).toBe(
      'no_active_basket',
    )
  })
})
