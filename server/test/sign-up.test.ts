import { mobileBalance, mobileLogin, mobileSignUp } from '@regulars/contract/wire/mobile-users'
import {
  onlineBalance,
  onlineSignIn,
  onlineSignUp,
} from '@regulars/contract/wire/online-ordering-users'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGuest } from '../src/actions/create-guest.ts'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter

beforeAll(async () => {
  counter = await openHarborCounter()
})

afterAll(() => counter.close())

const marin = {
  email: 'Marin@Harbor.example',
  password: 'tide-tables-88',
  password_confirmation: 'tide-tables-88',
  first_name: 'Marin',
  last_name: 'Vale',
}

let serial = 0

/** Somebody who is not here yet. */
function newcomer(members: object = {}) {
  serial += 1
  return { ...marin, email: `guest-${serial}@harbor.example`, ...members }
}

async function tillGuest(phone: string) {
  const made = await createGuest(counter.deps, {
    businessId: counter.businessId,
    email: null,
    phone,
    cardNumber: null,
    firstName: null,
    lastName: null,
    profile: { signupChannel: 'POS' },
    passwordHash: null,
  })
  if ('kind' in made) throw new Error(made.code)
  return made.state.guest.guestId
}

describe('a guest who signs up online', () => {
  test('is answered 201 with tokens that work at once, and gets the sign-up gifts', async () => {
    const user = { ...marin, phone: '(415) 555-0171', fav_location_id: '4101' }
    const answer = await counter.call(onlineSignUp, { user })
    expect(answer.status).toBe(201)
    const guest = expectReply(onlineSignUp, answer)
    expect(guest).toMatchObject({
      email: 'marin@harbor.example',
      phone: '4155550171',
      user_code: `P${guest.id}`,
      favourite_locations: '4101',
      favourite_store_numbers: '0007',
    })

    for (const token of [guest.access_token, guest.authentication_token]) {
      const headers = { authorization: `Bearer ${token}` }
      const page = await counter.call(onlineBalance, {}, { headers })
      const { account_balance, rewards } = expectReply(onlineBalance, page)
      expect(account_balance).toMatchObject({ redeemable_points: 50, lifetime_points: 50 })
      expect(rewards).toMatchObject([{ name: 'Welcome aboard: ten percent off', location_ids: [] }])
    }
    await counter.expectSound()
  })

  test('is known by the older token in the body too', async () => {
    const { body } = await counter.call(onlineSignUp, { user: newcomer() })
    const members = { authentication_token: body.authentication_token }
    const page = await counter.call(onlineBalance, members, { headers: { authorization: '' } })
    expectReply(onlineBalance, page)
  })

  test('leaves nothing in the database that opens an account', async () => {
    const { body } = await counter.call(onlineSignUp, { user: newcomer() })
    const [stored] = await counter.rows(
      `select (select json_agg(t)::text from access_tokens t where guest_id = $1) as tokens,
              (select password_hash from guests where guest_id = $1) as password`,
      [body.id],
    )
    expect(stored?.tokens).not.toContain(body.access_token)
    expect(stored?.tokens).not.toContain(body.authentication_token)
    expect(stored?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})

describe('a sign-up is refused', () => {
  const cases = [
    {
      name: 'without an e-mail address',
      user: { email: '' },
      code: 'missing_parameter',
      status: 400,
      online: { error: 'Required parameter missing or the value is empty: email' },
      mobile: {
        errors: {
          missing_required_param: ['Required parameter missing or the value is empty: email'],
        },
      },
    },
    {
      name: 'with an address that nothing can be sent to',
      user: { email: 'marin at harbor' },
      code: 'invalid_parameter',
      status: 400,
      online: { error: 'Invalid value for email: it must be an e-mail address' },
      mobile: { errors: { base: ['Invalid value for email: it must be an e-mail address'] } },
    },
    {
      name: 'with a password of seven characters',
      user: { password: 'seven77', password_confirmation: 'seven77' },
      code: 'password_too_short',
      status: 422,
      online: { errors: { password: ['A password has at least 8 characters.'] } },
      mobile: { errors: { base: ['A password has at least 8 characters.'] } },
    },
    {
      name: 'when the password and its confirmation differ',
      user: { password_confirmation: 'tide-tables-89' },
      code: 'password_confirmation',
      status: 422,
      online: {
        errors: { password_confirmation: ['The password and its confirmation differ.'] },
      },
      mobile: { errors: { base: ['The password and its confirmation differ.'] } },
    },
    {
      name: 'under the age the program sets',
      user: { birthday: '2013-11-21' },
      code: 'too_young',
      status: 400,
      online: { error: 'A guest must be at least 13 years old to sign up.' },
      mobile: { errors: { base: ['A guest must be at least 13 years old to sign up.'] } },
    },
    {
      name: 'with an e-mail address that somebody has',
      user: { email: 'ANA@example.com' },
      code: 'identifier_taken',
      status: 422,
      online: { errors: { email: ['email has already been taken'] } },
      mobile: { errors: { email: ['email has already been taken'] } },
    },
    {
      name: 'with the phone number of somebody who has an account',
      user: { phone: '415-555-0101' },
      code: 'identifier_taken',
      status: 422,
      online: { errors: { phone: ['phone has already been taken'] } },
      mobile: { errors: { phone: ['phone has already been taken'] } },
    },
  ] as const

  for (const { name, user, code, status, online, mobile } of cases) {
    test(`${name}, online and in the app`, async () => {
      const request = { user: newcomer(user) }
      const onlineAnswer = await counter.call(onlineSignUp, request)
      expectRefusal(onlineSignUp, onlineAnswer, { code, status, body: online })
      const mobileAnswer = await counter.call(mobileSignUp, request)
      expectRefusal(mobileSignUp, mobileAnswer, { code, status, body: mobile })
    })
  }

  test('on the thirteenth birthday it is not', async () => {
    const answer = await counter.call(onlineSignUp, { user: newcomer({ birthday: '2013-11-20' }) })
    expect(answer.status).toBe(201)
  })

  test('for the sixth guest of one device, in the words of each surface', async () => {
    const headers = { 'punchh-app-device-id': 'device-shared' }
    for (let guests = 0; guests < 5; guests += 1) {
      const answer = await counter.call(mobileSignUp, { user: newcomer() }, { headers })
      expect(answer.status).toBe(200)
    }
    const inApp = await counter.call(mobileSignUp, { user: newcomer() }, { headers })
    const text = 'Device already shared with maximum number of guests allowed.'
    expectRefusal(mobileSignUp, inApp, {
      code: 'device_already_shared',
      status: 422,
      body: { errors: { device_already_shared: [text] } },
    })
    const user = newcomer({ app_device_id: 'device-shared' })
    const online = await counter.call(onlineSignUp, { user })
    expectRefusal(onlineSignUp, online, {
      code: 'device_already_shared',
      status: 422,
      body: { errors: { device_already_shared: ['with maximum number of guests allowed.'] } },
    })
  })

  test('when two ask for one address at the same moment, and then only one of them', async () => {
    const user = newcomer()
    const answers = await Promise.all([1, 2, 3].map(() => counter.call(onlineSignUp, { user })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422])
  })
})

describe('a guest whom a till made from a phone number', () => {
  test('is completed by a sign-up with that number: same id, same points, no second gifts', async () => {
    const guestId = await tillGuest('4155550181')
    const user = newcomer({ phone: '+1 415 555 0181', card_number: '6000 0000 0000 0181' })
    const answer = await counter.call(onlineSignUp, { user })
    expect(answer.status).toBe(201)
    const guest = expectReply(onlineSignUp, answer)
    expect(guest).toMatchObject({ id: guestId, email: user.email, first_name: 'Marin' })
    const headers = { authorization: `Bearer ${guest.access_token}` }
    const { body } = await counter.call(onlineBalance, {}, { headers })
    expect(body.account_balance.redeemable_points).toBe(50)

    const signedIn = await counter.call(onlineSignIn, { user })
    expect(expectReply(onlineSignIn, signedIn).id).toBe(guestId)
    const again = await counter.call(onlineSignUp, { user: newcomer({ phone: '4155550181' }) })
    expect(again.body).toEqual({ errors: { phone: ['phone has already been taken'] } })
  })

  test('is not completed with an address that somebody else has', async () => {
    await tillGuest('4155550182')
    const user = newcomer({ phone: '4155550182', email: 'ben@example.com' })
    const answer = await counter.call(mobileSignUp, { user })
    expect(answer.body).toEqual({ errors: { email: ['email has already been taken'] } })
  })

  test('is not completed by a sign-up once the number was proven by a code', async () => {
    const guestId = await tillGuest('4155550183')
    await counter.rows(
      `update guests set profile = profile || '{"phoneVerified": true}' where guest_id = $1`,
      [guestId],
    )
    const answer = await counter.call(onlineSignUp, { user: newcomer({ phone: '4155550183' }) })
    expect(answer.body).toEqual({ errors: { phone: ['phone has already been taken'] } })
  })

  test('is not completed by a sign-up when it carries a card, which a number does not give away', async () => {
    const made = await createGuest(counter.deps, {
      businessId: counter.businessId,
      email: null,
      phone: '4155550185',
      cardNumber: '6000000000000185',
      firstName: null,
      lastName: null,
      profile: { signupChannel: 'POS' },
      passwordHash: null,
    })
    expect(made).toHaveProperty('state')
    const answer = await counter.call(onlineSignUp, { user: newcomer({ phone: '4155550185' }) })
    expect(answer.body).toEqual({ errors: { phone: ['phone has already been taken'] } })
  })

  test('is not completed by a sign-up while banned', async () => {
    const guestId = await tillGuest('4155550184')
    await counter.rows(`update guests set status = 'banned' where guest_id = $1`, [guestId])
    const answer = await counter.call(onlineSignUp, { user: newcomer({ phone: '4155550184' }) })
    expectRefusal(onlineSignUp, answer, {
      code: 'guest_banned_code',
      status: 422,
      body: { error: 'This guest has been banned or deactivated from the loyalty program' },
    })
  })
})

describe('a guest who signs in', () => {
  const wrongOnline = {
    code: 'incorrect_information',
    status: 401,
    body: { error: 'Incorrect information submitted. Please retry.' },
  } as const
  const wrongInApp = {
    code: 'invalid_email_password',
    status: 422,
    body: { errors: { invalid_email_password: ['Sorry, Invalid Email/Password.'] } },
  } as const

  test('gets tokens on both surfaces, whatever the case of the address', async () => {
    const user = newcomer()
    const { body: made } = await counter.call(mobileSignUp, { user })
    const credentials = { user: { email: user.email.toUpperCase(), password: user.password } }
    const online = expectReply(onlineSignIn, await counter.call(onlineSignIn, credentials))
    const inApp = expectReply(mobileLogin, await counter.call(mobileLogin, credentials))
    expect([online.user_id, inApp.user.user_id]).toEqual([made.user.user_id, made.user.user_id])
    const headers = { authorization: `Bearer ${inApp.access_token.token}` }
    const page = expectReply(mobileBalance, await counter.call(mobileBalance, {}, { headers }))
    expect(page.account_balance.redeemable_points).toBe(50)
  })

  test('with a wrong password hears what somebody unknown hears', async () => {
    const user = newcomer()
    await counter.call(onlineSignUp, { user })
    for (const [index, email] of [user.email, 'nobody@harbor.example'].entries()) {
      const credentials = { user: { email, password: 'wrong-wrong' } }
      const headers = { x_true_client_ip: `192.0.2.${index + 1}` }
      const online = await counter.call(onlineSignIn, credentials, { headers })
      expectRefusal(onlineSignIn, online, wrongOnline)
      const inApp = await counter.call(mobileLogin, credentials, { headers })
      expectRefusal(mobileLogin, inApp, wrongInApp)
    }
  })

  test('and has no password yet, hears the same', async () => {
    const guest = newcomer()
    await createGuest(counter.deps, {
      businessId: counter.businessId,
      email: guest.email,
      phone: null,
      cardNumber: null,
      firstName: null,
      lastName: null,
      profile: {},
      passwordHash: null,
    })
    const credentials = { user: { email: guest.email, password: 'anything-at-all' } }
    expectRefusal(onlineSignIn, await counter.call(onlineSignIn, credentials), wrongOnline)
  })

  for (const status of ['banned', 'deactivated']) {
    test(`and is ${status}, is told so once the password is right`, async () => {
      const user = newcomer()
      const { body } = await counter.call(onlineSignUp, { user })
      await counter.rows(`update guests set status = $2 where guest_id = $1`, [body.id, status])
      const text = 'This guest has been banned or deactivated from the loyalty program'
      expectRefusal(onlineSignIn, await counter.call(onlineSignIn, { user }), {
        code: 'guest_banned_code',
        status: 422,
        body: { error: text },
      })
      expectRefusal(mobileLogin, await counter.call(mobileLogin, { user }), {
        code: 'guest_banned_code',
        status: 422,
        body: { errors: { base: [text] } },
      })
      const wrong = { user: { ...user, password: 'wrong-wrong' } }
      expectRefusal(onlineSignIn, await counter.call(onlineSignIn, wrong), wrongOnline)
    })
  }

  test('on a device that a ban reaches, is told so on every surface', async () => {
    const headers = { 'punchh-app-device-id': 'device-banned' }
    const user = newcomer()
    const { body } = await counter.call(mobileSignUp, { user }, { headers })
    await counter.rows(
      `update guests set status = 'banned', profile = profile || '{"devicesBanned": true}'
        where guest_id = $1`,
      [body.user.user_id],
    )
    const credentials = { user: { email: 'ana@example.com', password: 'harbor-ana-1' } }
    for (const operation of [mobileLogin, onlineSignIn]) {
      const answer = await counter.call(operation, credentials, { headers })
      expect([answer.status, answer.code]).toEqual([422, 'guest_banned_code'])
    }
    expect((await counter.call(mobileLogin, credentials)).status).toBe(200)
  })

  test('and was deleted, is nobody, and so are the tokens of before', async () => {
    const user = newcomer()
    const { body } = await counter.call(onlineSignUp, { user })
    await counter.rows(`update guests set status = 'deleted' where guest_id = $1`, [body.id])
    expectRefusal(onlineSignIn, await counter.call(onlineSignIn, { user }), wrongOnline)
    const headers = { authorization: `Bearer ${body.access_token}` }
    expectRefusal(onlineBalance, await counter.call(onlineBalance, {}, { headers }), {
      code: 'invalid_access_token',
      status: 401,
      body: {
        error: 'An active access token must be used to query information about the current user.',
      },
    })
  })

  test('keeps at most a hundred tokens: the oldest stop working', async () => {
    const user = newcomer()
    const { body: first } = await counter.call(onlineSignUp, { user })
    await counter.rows(
      `insert into access_tokens (business_id, guest_id, token_hash, kind, created_at)
       select business_id, guest_id, decode(md5(n::text), 'hex'), 'access', created_at + interval '1 ms'
         from access_tokens, generate_series(1, 110) n where guest_id = $1 and kind = 'access'`,
      [first.id],
    )
    await counter.call(onlineSignIn, { user })
    const headers = { authorization: `Bearer ${first.access_token}` }
    const answer = await counter.call(onlineBalance, {}, { headers })
    expect(answer.code).toBe('invalid_access_token')
  })
})

describe('in the app, Accept-Language', () => {
  const credentials = { user: { email: 'nobody@harbor.example', password: 'wrong-wrong' } }

  for (const language of ['es-US', 'fr-FR, en;q=0.5', 'en-CY', 'de, *;q=0.1']) {
    test(`${language} is accepted`, async () => {
      const headers = { 'accept-language': language, x_true_client_ip: '192.0.2.9' }
      const answer = await counter.call(mobileLogin, credentials, { headers })
      expect(answer.code).toBe('invalid_email_password')
    })
  }

  test('that names only languages the business does not speak is refused', async () => {
    const headers = { 'accept-language': 'de-DE, ro' }
    expectRefusal(mobileLogin, await counter.call(mobileLogin, credentials, { headers }), {
      code: 'unsupported_language',
      status: 400,
      body: {
        errors: {
          invalid_language: [
            'Unknown/Invalid locale in Accept-Language Header. Supported locales are en, es, fr, fr-ca.',
          ],
        },
      },
    })
  })
})
