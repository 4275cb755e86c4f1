import type { ProgramFile } from '@regulars/contract/program-file'
import { minuteMs, secondMs } from '@regulars/contract/values/instants'
import { mobileBalance, mobileLogin, mobileSignUp } from '@regulars/contract/wire/mobile-users'
import { onlineBalance, onlineSignUp } from '@regulars/contract/wire/online-ordering-users'
import type { Operation } from '@regulars/contract/wire/operation'
import {
  refreshTokens,
  sendOneTimeCode,
  verifyOneTimeCode,
} from '@regulars/contract/wire/password-less'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGuest } from '../src/actions/create-guest.ts'
import { challengeOf } from '../src/actions/pkce.ts'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type CallOptions, type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter

beforeAll(async () => {
  counter = await openHarborCounter()
})

afterAll(() => counter.close())

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const consents = { privacy_policy: true, terms_and_conditions: true }

let serial = 0

/** An address that nobody has yet. */
function someone() {
  serial += 1
  return { email: `code-${serial}@harbor.example` }
}

// Ten failures block whoever calls: here each call comes from elsewhere.
function call(operation: Operation, members?: object, options: CallOptions = {}) {
  calls += 1
  return counter.call(operation, members, {
    ...options,
    from: `198.18.${calls >> 8}.${calls & 255}`,
  })
}

let calls = 0

type Contact = { email?: string; phone_number?: string; phone_ext?: string }

function sending(contact: Contact, members: object = {}) {
  return {
    ...contact,
    ...consents,
    validation_method: 'otp',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...members,
  }
}

const verifying = (contact: Contact, token: string, members: object = {}) => ({
  ...contact,
  ...consents,
  code_verifier: verifier,
  token,
  ...members,
})

async function newestCode() {
  const [message] = await counter.rows(
    'select channel, recipient, code, body from outbox order by created_at desc, message_id desc limit 1',
  )
  return message as { channel: string; recipient: string; code: string; body: string }
}

async function codeFor(contact: Contact) {
  const answer = await call(sendOneTimeCode, sending(contact))
  expect(expectReply(sendOneTimeCode, answer)).toEqual({ data: { expires_in: 600 } })
  return (await newestCode()).code
}

async function signIn(contact: Contact) {
  const answer = await call(verifyOneTimeCode, verifying(contact, await codeFor(contact)))
  return expectReply(verifyOneTimeCode, answer).data as {
    access_token: string
    refresh_token: string
    id_token: string
  }
}

function pageWith(tokens: { access_token: string; id_token?: string }) {
  const headers = {
    authorization: `Bearer ${tokens.access_token}`,
    ...(tokens.id_token === undefined ? {} : { 'id-token': tokens.id_token }),
  }
  return call(onlineBalance, {}, { headers })
}

const otherCode = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))

const invalidCode = {
  code: 'otp_invalid',
  status: 422,
  body: { errors: { base: ['The code is not valid or has expired.'] } },
} as const

describe('a one-time code', () => {
  test('makes a guest of an unknown address, with gifts, known on both surfaces', async () => {
    const contact = someone()
    const tokens = await signIn(contact)
    const page = expectReply(onlineBalance, await pageWith(tokens))
    expect(page.account_balance.redeemable_points).toBe(50)
    const headers = { authorization: `Bearer ${tokens.access_token}`, 'id-token': tokens.id_token }
    expectReply(mobileBalance, await call(mobileBalance, {}, { headers }))
    const [guest] = await counter.rows('select profile from guests where email = $1', [
      contact.email,
    ])
    expect(guest?.profile).toEqual({
      emailVerified: true,
      privacyPolicy: true,
      termsAndConditions: true,
    })
    await counter.expectSound()
  })

  test('signs in the guest who has the address, whatever its case', async () => {
    const { guestId } = counter.guest('ana')
    await signIn({ email: 'ANA@Example.com' })
    const families = await counter.rows('select 1 from token_families where guest_id = $1', [
      guestId,
    ])
    expect(families).toHaveLength(1)
  })

  test('by SMS signs in the guest whom a till made from that number', async () => {
    const made = await createGuest(counter.deps, {
      businessId: counter.businessId,
      email: null,
      phone: '2075550142',
      cardNumber: null,
      firstName: null,
      lastName: null,
      profile: {},
      passwordHash: null,
    })
    if ('kind' in made) throw new Error(made.code)
    const contact = { phone_number: '(207) 555-0142', phone_ext: '+1' }
    const code = await codeFor(contact)
    expect(await newestCode()).toEqual({
      channel: 'sms',
      recipient: '+12075550142',
      code,
      body: `${code} is your Harbor Coffee code. It lasts 10 minutes. If you did not ask for it, ignore this message.`,
    })
    const answer = await call(verifyOneTimeCode, verifying(contact, code))
    expectReply(verifyOneTimeCode, answer)
    const [guest] = await counter.rows('select profile from guests where guest_id = $1', [
      made.state.guest.guestId,
    ])
    expect(guest?.profile).toMatchObject({ phoneVerified: true })
  })

  test('is stored as a hash, and so are the tokens', async () => {
    const contact = someone()
    const code = await codeFor(contact)
    const [challenge] = await counter.rows(
      'select row_to_json(c)::text as row from otp_challenges c where recipient = $1',
      [contact.email],
    )
    expect(challenge?.row).not.toContain(`"${code}"`)
    const { body } = await call(verifyOneTimeCode, verifying(contact, code))
    const [stored] = await counter.rows(
      `select (select json_agg(t)::text from access_tokens t) as tokens,
              (select json_agg(f)::text from token_families f) as families`,
    )
    const { access_token, refresh_token, id_token } = body.data
    for (const token of [access_token, refresh_token, id_token]) {
      expect(stored?.tokens).not.toContain(token)
      expect(stored?.families).not.toContain(token)
    }
  })

  test('works once', async () => {
    const contact = someone()
    const code = await codeFor(contact)
    const answers = await Promise.all(
      [1, 2, 3].map(() => call(verifyOneTimeCode, verifying(contact, code))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422])
  })

  test('works to the last moment of its ten minutes, and not after', async () => {
    const contact = someone()
    const [early, late] = [await codeFor(contact), await codeFor(contact)]
    expect(early).not.toBe(late)
    counter.clock.turn(10 * minuteMs - secondMs)
    expect((await call(verifyOneTimeCode, verifying(contact, late))).status).toBe(200)
    const code = await codeFor(contact)
    counter.clock.turn(10 * minuteMs)
    const answer = await call(verifyOneTimeCode, verifying(contact, code))
    expectRefusal(verifyOneTimeCode, answer, invalidCode)
  })

  test('gives way to a newer one', async () => {
    const contact = someone()
    const code = await codeFor(contact)
    await codeFor(contact)
    const answer = await call(verifyOneTimeCode, verifying(contact, code))
    expectRefusal(verifyOneTimeCode, answer, invalidCode)
  })

  test('is not replaced by a code that somebody else asks for with another challenge', async () => {
    const contact = someone()
    const code = await codeFor(contact)
    const other = sending(contact, { code_challenge: challengeOf('b'.repeat(43)) })
    await call(sendOneTimeCode, other)
    expect((await call(verifyOneTimeCode, verifying(contact, code))).status).toBe(200)
  })

  test('can be tried five times, even by tries that arrive together', async () => {
    const contact = someone()
    const code = await codeFor(contact)
    const wrong = verifying(contact, otherCode(code))
    const answers = await Promise.all(
      Array.from({ length: 7 }, () => call(verifyOneTimeCode, wrong)),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 422))
    const [challenge] = await counter.rows(
      'select attempts, used_at from otp_challenges where recipient = $1',
      [contact.email],
    )
    expect(challenge).toEqual({ attempts: 5, used_at: null })
    expectRefusal(verifyOneTimeCode, await call(verifyOneTimeCode, verifying(contact, code)), {
      code: 'otp_attempts',
      status: 422,
      body: { errors: { base: ['Too many attempts with this code. Ask for a new one.'] } },
    })
  })
})

describe('a code is refused', () => {
  const cases = [
    { name: 'with another verifier', members: { code_verifier: 'b'.repeat(43) } },
    { name: 'for another address', members: { email: 'other@harbor.example' } },
    { name: 'by another channel', members: { email: '', phone_number: '+12075550199' } },
  ]
  for (const { name, members } of cases) {
    test(`${name}, in words that tell nothing`, async () => {
      const contact = someone()
      const code = await codeFor(contact)
      const answer = await call(verifyOneTimeCode, verifying(contact, code, members))
      expectRefusal(verifyOneTimeCode, answer, invalidCode)
    })
  }

  test('without a verifier that can be one', async () => {
    const contact = someone()
    const members = { code_verifier: 'short' }
    const answer = await call(verifyOneTimeCode, verifying(contact, '123456', members))
    expect([answer.status, answer.code]).toEqual([400, 'invalid_parameter'])
  })

  test('to a banned guest, who is told so', async () => {
    const contact = someone()
    await signIn(contact)
    await counter.rows(`update guests set status = 'banned' where email = $1`, [contact.email])
    const answer = await call(verifyOneTimeCode, verifying(contact, await codeFor(contact)))
    expectRefusal(verifyOneTimeCode, answer, {
      code: 'guest_banned_code',
      status: 422,
      body: {
        errors: { base: ['This guest has been banned or deactivated from the loyalty program'] },
      },
    })
  })
})

describe('sending a code', () => {
  test('answers the same for those who are known and those who are not, and asks about neither', async () => {
    const known = await call(sendOneTimeCode, sending({ email: 'ben@example.com' }))
    const unknown = await call(sendOneTimeCode, sending(someone()))
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
  })

  const both = { email: 'both@harbor.example', phone_number: '2075550190', phone_ext: '+1' }
  const only = (channel: 'email' | 'sms') => ({
    email: channel === 'email',
    sms: channel === 'sms',
  })
  const base = (text: string) => ({ errors: { base: [text] } })
  const missing = (name: string) => ({
    errors: {
      missing_required_param: [`Required parameter missing or the value is empty: ${name}`],
    },
  })
  const noChannel = 'A communication channel is missing: send email or phone_number with phone_ext.'
  const noMethod = 'The validation method is missing: send validation_method "otp".'

  const cases = [
    {
      name: 'with neither address nor number',
      sent: sending({}),
      code: 'otp_channel_missing',
      status: 422,
      body: base(noChannel),
    },
    {
      name: 'without a validation method',
      sent: sending(both, { validation_method: '' }),
      code: 'otp_method_missing',
      status: 422,
      body: base(noMethod),
    },
    {
      name: 'with another validation method',
      sent: sending(both, { validation_method: 'magic' }),
      code: 'otp_method_missing',
      status: 422,
      body: base(noMethod),
    },
    {
      name: 'without the privacy policy',
      sent: sending(both, { privacy_policy: undefined }),
      code: 'privacy_policy',
      status: 422,
      body: base('Please agree on given privacy policy'),
    },
    {
      name: 'with the privacy policy declined',
      sent: sending(both, { privacy_policy: false, terms_and_conditions: false }),
      code: 'privacy_policy',
      status: 422,
      body: base('Please agree on given privacy policy'),
    },
    {
      name: 'with the terms declined',
      sent: sending(both, { terms_and_conditions: 'false' }),
      code: 'terms_and_conditions',
      status: 422,
      body: base('Please agree on given terms and conditions'),
    },
    {
      name: 'without a challenge',
      sent: sending(both, { code_challenge: '' }),
      code: 'missing_parameter',
      status: 400,
      body: missing('code_challenge'),
    },
    {
      name: 'with a plain challenge',
      sent: sending(both, { code_challenge_method: 'plain' }),
      code: 'invalid_parameter',
      status: 400,
      body: base(
        'Invalid value for code_challenge_method: it must be S256: a plain challenge proves nothing',
      ),
    },
    {
      name: 'with a challenge that is no SHA-256',
      sent: sending(both, { code_challenge: verifier.slice(1) }),
      code: 'invalid_parameter',
      status: 400,
      body: base(
        'Invalid value for code_challenge: it must be the SHA-256 of the verifier as base64url without padding',
      ),
    },
    {
      name: 'with a number and no country',
      sent: sending({ phone_number: '2075550190' }),
      code: 'missing_parameter',
      status: 400,
      body: missing('phone_ext'),
    },
    {
      name: 'with a number that is none',
      sent: sending({ phone_number: '12', phone_ext: '+1' }),
      code: 'invalid_parameter',
      status: 400,
      body: base(
        'Invalid value for phone_number: it must be a phone number, with phone_ext such as +1 before it',
      ),
    },
    {
      name: 'with an address that is none',
      sent: sending({ email: 'a@b' }),
      code: 'invalid_parameter',
      status: 400,
      body: base('Invalid value for email: it must be an e-mail address'),
    },
    {
      name: 'without the address where only e-mail is open',
      settings: only('email'),
      sent: sending({ phone_number: '2075550190', phone_ext: '+1' }),
      code: 'missing_parameter',
      status: 400,
      body: missing('email'),
    },
    {
      name: 'without the number where only SMS is open',
      settings: only('sms'),
      sent: sending({ email: 'a@harbor.example' }),
      code: 'missing_parameter',
      status: 400,
      body: missing('phone_number'),
    },
    {
      name: 'where the business has switched it off',
      settings: { enabled: false },
      sent: sending(both),
      code: 'otp_disabled',
      status: 422,
      body: base('Advanced Authentication is not enabled for this business.'),
    },
  ] as const

  for (const { name, sent, code, status, body, ...rest } of cases) {
    test(`is refused ${name}`, async () => {
      const settings = 'settings' in rest ? rest.settings : null
      const on = settings === null ? counter : await openHarborCounter(withSettings(settings))
      const answer = await on.call(sendOneTimeCode, sent)
      expectRefusal(sendOneTimeCode, answer, { code, status, body })
      if (on !== counter) await on.close()
    })
  }

  test('with both address and number goes to the address', async () => {
    await call(sendOneTimeCode, sending(both))
    expect(await newestCode()).toMatchObject({ channel: 'email', recipient: both.email })
  })

  test('is refused to one recipient after five within an hour', async () => {
    const contact = someone()
    for (let sent = 0; sent < 5; sent += 1) await codeFor(contact)
    expectRefusal(sendOneTimeCode, await call(sendOneTimeCode, sending(contact)), {
      code: 'otp_too_many',
      status: 429,
      body: { errors: { base: ['Too many codes were asked for. Ask again in an hour.'] } },
    })
    counter.clock.turn(60 * minuteMs)
    await codeFor(contact)
  })
})

describe('the tokens of a code', () => {
  const notSignedIn = {
    code: 'invalid_access_token',
    status: 401,
    body: {
      error: 'An active access token must be used to query information about the current user.',
    },
  } as const

  test('open the account only both together', async () => {
    const [one, other] = [await signIn(someone()), await signIn(someone())]
    expect((await pageWith(one)).status).toBe(200)
    const { access_token } = one
    expectRefusal(onlineBalance, await pageWith({ access_token }), notSignedIn)
    const mixed = await pageWith({ access_token, id_token: other.id_token })
    expectRefusal(onlineBalance, mixed, notSignedIn)
    expectRefusal(onlineBalance, await pageWith({ access_token: one.id_token }), notSignedIn)
  })

  test('run out after half an hour and are renewed, both; the id token stays', async () => {
    const tokens = await signIn(someone())
    counter.clock.turn(30 * minuteMs)
    expectRefusal(onlineBalance, await pageWith(tokens), notSignedIn)

    const { refresh_token } = tokens
    const answer = await call(refreshTokens, { refresh_token })
    const { data } = expectReply(refreshTokens, answer)
    expect(data).toMatchObject({ token_type: 'Bearer', expires_in: 1_800 })
    expect(data.refresh_token).not.toBe(refresh_token)
    const renewed = { access_token: data.access_token, id_token: tokens.id_token }
    expect((await pageWith(renewed)).status).toBe(200)
    expectRefusal(onlineBalance, await pageWith({ access_token: data.access_token }), notSignedIn)
  })

  test('of before stop working when they are renewed', async () => {
    const tokens = await signIn(someone())
    await call(refreshTokens, { refresh_token: tokens.refresh_token })
    expectRefusal(onlineBalance, await pageWith(tokens), notSignedIn)
  })

  const refusedRefresh = {
    code: 'invalid_refresh_token',
    status: 401,
    body: { errors: { base: ['The refresh token is not valid or was already used.'] } },
  } as const

  test('all end when a refresh token comes a second time', async () => {
    const tokens = await signIn(someone())
    const { refresh_token } = tokens
    const { body } = await call(refreshTokens, { refresh_token })
    const renewed = { access_token: body.data.access_token, id_token: tokens.id_token }
    expect((await pageWith(renewed)).status).toBe(200)

    expectRefusal(refreshTokens, await call(refreshTokens, { refresh_token }), refusedRefresh)
    expectRefusal(onlineBalance, await pageWith(renewed), notSignedIn)
    const next = await call(refreshTokens, { refresh_token: body.data.refresh_token })
    expectRefusal(refreshTokens, next, refusedRefresh)
  })

  test('all end when one refresh token is used twice at the same moment', async () => {
    const { refresh_token, id_token } = await signIn(someone())
    const answers = await Promise.all([1, 2].map(() => call(refreshTokens, { refresh_token })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    const winner = answers.find(({ status }) => status === 200)
    const { access_token } = winner?.body.data ?? {}
    expectRefusal(onlineBalance, await pageWith({ access_token, id_token }), notSignedIn)
  })

  test('cannot be renewed after thirty days, nor by what was never a token', async () => {
    const { refresh_token } = await signIn(someone())
    counter.clock.turn(30 * 24 * 60 * minuteMs)
    expectRefusal(refreshTokens, await call(refreshTokens, { refresh_token }), refusedRefresh)
    const unknown = await call(refreshTokens, { refresh_token: 'nothing.at-all' })
    expectRefusal(refreshTokens, unknown, refusedRefresh)
  })

  test('of a banned guest are not renewed', async () => {
    const contact = someone()
    const { refresh_token } = await signIn(contact)
    await counter.rows(`update guests set status = 'banned' where email = $1`, [contact.email])
    expectRefusal(refreshTokens, await call(refreshTokens, { refresh_token }), refusedRefresh)
  })

  test('and those of a password in the app are renewed alike, and need no id token', async () => {
    const user = {
      ...someone(),
      password: 'tide-tables-88',
      password_confirmation: 'tide-tables-88',
      first_name: 'Marin',
      last_name: 'Vale',
    }
    await call(mobileSignUp, { user })
    const { access_token } = expectReply(mobileLogin, await call(mobileLogin, { user }))
    const { refresh_token } = access_token
    const { data } = expectReply(refreshTokens, await call(refreshTokens, { refresh_token }))
    expect((await pageWith({ access_token: data.access_token })).status).toBe(200)
    expect((await pageWith({ access_token: access_token.token })).status).toBe(401)
  })
})

test('a sign-up cannot take over a guest whose number was proven by a code', async () => {
  const contact = { phone_number: '2075550177', phone_ext: '+1' }
  await signIn(contact)
  const user = { ...someone(), password: 'tide-tables-88', phone: '2075550177' }
  const answer = await call(onlineSignUp, { user })
  expect(answer.body).toEqual({ errors: { phone: ['phone has already been taken'] } })
})

function withSettings(settings: object) {
  return (program: ProgramFile): ProgramFile => ({
    ...program,
    advanced_authentication: { ...program.advanced_authentication, ...settings },
  })
}
