import { instant } from '@regulars/contract/values/instants'
import { adminSupportGift, adminSupportGifting } from '@regulars/contract/wire/admin-gifting'
import {
  adminBanGuest,
  adminDeleteGuest,
  adminGuestInfo,
  adminUnbanGuest,
} from '@regulars/contract/wire/admin-guests'
import { posCheckin } from '@regulars/contract/wire/checkins'
import { posSelect } from '@regulars/contract/wire/discounts'
import { mobileSignUp } from '@regulars/contract/wire/mobile-users'
import { onlineBalance, onlineSignUp } from '@regulars/contract/wire/online-ordering-users'
import { sendOneTimeCode } from '@regulars/contract/wire/password-less'
import { posSearchUsers } from '@regulars/contract/wire/pos-users'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { checkOf, openTill } from './till.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

test('an admin reads a guest by number, phone or e-mail', async () => {
  const { guestId } = counter.guest('ana')
  const whole = expectReply(
    adminGuestInfo,
    await counter.call(adminGuestInfo, { user_id: guestId }),
  )
  expect(whole).toMatchObject({
    user_id: guestId,
    email: 'ana@example.com',
    phone: '4155550101',
    first_name: 'Ana',
    banned: false,
    ban_reason: null,
  })
  for (const by of [{ phone: '(415) 555-0101' }, { email: 'ANA@example.com' }]) {
    const answer = await counter.call(adminGuestInfo, by, { inQuery: true })
    expect(expectReply(adminGuestInfo, answer)).toEqual(whole)
  }
  expectRefusal(adminGuestInfo, await counter.call(adminGuestInfo), {
    code: 'missing_parameter',
    status: 400,
    body: { error: 'Required parameter missing or the value is empty: user_id' },
  })
  expectRefusal(adminGuestInfo, await counter.call(adminGuestInfo, { email: 'no@example.com' }), {
    code: 'user_not_found',
    status: 404,
    body: { error: 'User not found' },
  })
})

test('the admin key of nobody is refused', async () => {
  const headers = { authorization: 'Bearer nobody' }
  const answer = await counter.call(adminGuestInfo, { user_id: 1 }, { headers })
  expectRefusal(adminGuestInfo, answer, {
    code: 'admin_unauthorized',
    status: 401,
    body: { error: 'You need to sign in or sign up before continuing.' },
  })
})

test('a banned guest cannot use the basket until let back in, and the log says who and why', async () => {
  const { guestId } = counter.guest('diego')
  const banned = await counter.call(adminBanGuest, { user_id: guestId, reason: 'Shared receipts' })
  expect(banned).toMatchObject({ status: 202, body: null })
  const info = await counter.call(adminGuestInfo, { user_id: guestId })
  expect(info.body).toMatchObject({ banned: true, ban_reason: 'Shared receipts' })
  const refused = await counter.call(posSelect, selecting(guestId, 'diego', 'welcome'))
  expect(refused.code).toBe('guest_banned_basket')

  const unbanned = await counter.call(adminUnbanGuest, { user_id: guestId }, { inQuery: true })
  expect(unbanned).toMatchObject({ status: 200, body: null })
  expect((await counter.call(adminUnbanGuest, { user_id: guestId })).status).toBe(200)
  const after = await counter.call(adminGuestInfo, { user_id: guestId })
  expect(after.body).toMatchObject({ banned: false, ban_reason: null })
  expect(await auditOf(guestId)).toEqual([
    { actor: 'admin key', action: 'ban', details: { reason: 'Shared receipts', devices: false } },
    { actor: 'admin key', action: 'unban', details: {} },
  ])
})

test('a ban of all devices keeps new guests off them', async () => {
  const headers = { 'punchh-app-device-id': 'device-of-a-cheat' }
  const signedUp = await counter.call(mobileSignUp, newGuest('cheat@example.com'), { headers })
  const { body } = signedUp
  const userId = body.user?.user_id ?? body.user?.id ?? body.user_id ?? body.id
  const ban = { user_id: userId, reason: 'Many accounts', ban_all_associated_devices: 'Y' }
  expect((await counter.call(adminBanGuest, ban)).status).toBe(202)
  const again = await counter.call(mobileSignUp, newGuest('cheat2@example.com'), { headers })
  expectRefusal(mobileSignUp, again, {
    code: 'guest_banned_code',
    status: 422,
    body: {
      errors: { base: ['This guest has been banned or deactivated from the loyalty program'] },
    },
  })
  expect((await counter.call(adminUnbanGuest, { user_id: userId })).status).toBe(200)
  const let_in = await counter.call(mobileSignUp, newGuest('cheat2@example.com'), { headers })
  expect(let_in.status).toBe(200)
})

test('a sign-up is told which identifier is taken', async () => {
  const taken = { ...newGuest('somebody-new@example.com').user, card_number: '6000000000009911' }
  expect((await counter.call(onlineSignUp, { user: taken })).status).toBe(201)
  const other = { ...newGuest('another@example.com').user, card_number: '6000000000009911' }
  const answer = await counter.call(onlineSignUp, { user: other })
  expect(answer.code).toBe('identifier_taken')
  expect(JSON.stringify(answer.body)).toContain('card_number')
})

const gifts = [
  { name: 'points', gift: { gift_count: '25' }, entries: ['25 points gifted > guest (gift)'] },
  {
    name: 'currency',
    gift: { reward_amount: '2.50' },
    entries: ['250 currency gifted > guest (gift)'],
  },
  { name: 'fuel', gift: { fuel_amount: 0.1 }, entries: ['100000 fuel gifted > guest (gift)'] },
]
for (const { name, gift, entries } of gifts) {
  test(`an admin gives ${name}`, async () => {
    const { guestId } = counter.guest('chloe')
    await counter.newEntries(guestId)
    const answer = await counter.call(adminSupportGift, { user_id: guestId, ...gift })
    expect(expectReply(adminSupportGift, answer)).toEqual({})
    expect(answer.status).toBe(201)
    expect(await counter.newEntries(guestId)).toEqual(entries)
  })
}

test('a gift ends with the earlier of its end date and the end of the program', async () => {
  const { guestId } = counter.guest('chloe')
  const soon = { user_id: guestId, gift_count: 1, end_date: '2026-12-01' }
  const late = { user_id: guestId, gift_count: 2, end_date: '2036-12-01' }
  expect((await counter.call(adminSupportGift, soon)).status).toBe(201)
  expect((await counter.call(adminSupportGift, late)).status).toBe(201)
  const lots = await counter.rows(
    `select amount, expires_at from lots where guest_id = $1 and unit = 'points'
      order by lot_no desc limit 2`,
    [guestId],
  )
  expect(lots).toEqual([
    { amount: 2, expires_at: instant(Date.parse('2027-11-21T07:59:59Z')) },
    { amount: 1, expires_at: instant(Date.parse('2026-12-02T07:59:59Z')) },
  ])
})

test('a reward is given without waiting, and can be selected', async () => {
  const { guestId } = counter.guest('ben')
  const gift = {
    user_id: guestId,
    redeemable_id: counter.entryId('redeemable', 'five-off'),
    gift_reason: 'Spilled latte',
    end_date: '2026-12-31',
    location_id: 4101,
  }
  const answer = await counter.call(adminSupportGifting, gift)
  expect(answer).toMatchObject({ status: 202, body: null })
  const [reward] = await counter.rows(
    `select reward_id, status, gifted_for_type, gift_reason from rewards
      where guest_id = $1 order by reward_id desc limit 1`,
    [guestId],
  )
  expect(reward).toMatchObject({
    status: 'unredeemed',
    gifted_for_type: 'Admin',
    gift_reason: 'Spilled latte',
  })
  const selected = await counter.call(posSelect, {
    user_id: guestId,
    external_uid: 'gifted',
    discount_basket_items_attributes: [
      { discount_type: 'reward', discount_id: String(reward?.reward_id) },
    ],
  })
  expect(selected.status).toBe(200)
  expect(await auditOf(guestId)).toEqual([
    {
      actor: 'admin key',
      action: 'gift',
      details: {
        redeemable_id: gift.redeemable_id,
        reason: 'Spilled latte',
        end_date: '2026-12-31',
        location_id: 4101,
      },
    },
  ])
})

const noGifts = [
  {
    name: 'nothing',
    gift: {},
    code: 'one_entity',
    status: 422,
    body: { errors: { base: ['Please specify any one entity for gifting'] } },
  },
  {
    name: 'two things',
    gift: { gift_count: 5, reward_amount: 1 },
    code: 'single_entity',
    status: 422,
    body: { errors: { base: ['Please specify single entity for gifting.'] } },
  },
  {
    name: 'more points than sums of are exact',
    gift: { gift_count: Number.MAX_SAFE_INTEGER },
    code: 'invalid_parameter',
    status: 400,
    body: { error: 'Invalid value for gift_count: it must be at most 1000000000' },
  },
  {
    name: 'more money than sums of are exact',
    gift: { reward_amount: 10_000_000.01 },
    code: 'invalid_parameter',
    status: 400,
    body: { error: 'Invalid value for reward_amount: it must be at most 10000000' },
  },
  {
    name: 'a redeemable that is not there',
    gift: { redeemable_id: 1 },
    code: 'invalid_redeemable_id',
    status: 422,
    body: { errors: { base: ['Invalid Redeemable ID'] } },
  },
  {
    name: 'no points at all',
    gift: { gift_count: 0 },
    code: 'invalid_parameter',
    status: 400,
    body: { error: 'Invalid value for gift_count: it must be above zero' },
  },
  {
    name: 'points that have run out',
    gift: { gift_count: 5, end_date: '2026-11-19' },
    code: 'invalid_parameter',
    status: 400,
    body: { error: 'Invalid value for end_date: it must not have passed' },
  },
] as const
for (const { name, gift, ...expected } of noGifts) {
  test(`a gift of ${name} is refused`, async () => {
    const { guestId } = counter.guest('ben')
    const answer = await counter.call(adminSupportGift, { user_id: guestId, ...gift })
    expectRefusal(adminSupportGift, answer, expected)
  })
}

test('a redeemable that staff may not gift is refused', async () => {
  const answer = await counter.call(adminSupportGift, {
    user_id: counter.guest('ben').guestId,
    redeemable_id: counter.entryId('redeemable', 'anything-but-gift-cards'),
  })
  expectRefusal(adminSupportGift, answer, {
    code: 'feature_disabled',
    status: 422,
    body: {
      errors: {
        base: [
          'Your current loyalty program configuration does not support this feature. Please connect with your customer success representative for resolution of the issue.',
        ],
      },
    },
  })
})

test('an erased guest leaves no contact data in any table, and the ledger still adds up', async () => {
  const ana = counter.guest('ana')
  const signedUp = await counter.call(onlineSignUp, {
    user: {
      ...newGuest('zoë.quill@example.com').user,
      first_name: 'Zoëlle',
      last_name: 'Quillfeather',
      phone: '4155550177',
      card_number: '6077777777777777',
      secondary_email: 'quill.second@example.com',
      birthday: '1987-03-14',
      app_device_id: 'quill-device',
    },
  })
  expect(signedUp.status).toBe(201)
  const guestId: number = (await counter.call(adminGuestInfo, { phone: '4155550177' })).body.user_id
  const checkin = { email: 'zoë.quill@example.com', ...checkinOf('quill') }
  expect((await counter.call(posCheckin, checkin)).status).toBe(200)
  for (const to of [
    { email: 'quill.second@example.com' },
    { phone_number: '415-555-0177', phone_ext: '+1' },
  ]) {
    const sent = await counter.call(sendOneTimeCode, {
      ...to,
      validation_method: 'otp',
      privacy_policy: true,
      terms_and_conditions: true,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    expect(sent.status).toBe(200)
  }
  const gift = {
    user_id: guestId,
    redeemable_id: counter.entryId('redeemable', 'two-off'),
    gift_reason: 'For Quillfeather',
  }
  expect((await counter.call(adminSupportGift, gift)).status).toBe(201)
  const ban = { user_id: guestId, reason: 'Quillfeather asked for it' }
  expect((await counter.call(adminBanGuest, ban)).status).toBe(202)
  expect((await counter.call(adminUnbanGuest, { user_id: guestId })).status).toBe(200)
  const unearned = {
    user_id: guestId,
    redeemable_id: counter.entryId('redeemable', 'crew-cookies'),
  }
  expect((await counter.call(adminSupportGift, unearned)).status).toBe(201)
  const gifted = await counter.rows(
    `select reward_id from rewards where guest_id = $1 and gifted_for_type = 'Admin'`,
    [guestId],
  )
  const till = openTill(counter)
  const quill = { guestId, token: '', rewardIds: new Map(), subscriptionIds: new Map() }
  const wishes = gifted.map(({ reward_id }) => ['reward', Number(reward_id)] as const)
  expect((await till.select(quill, wishes, 'quill')).status).toBe(200)
  const latte = checkOf(counter.program, [counter.program.menu?.items[0]?.item_id ?? ''])
  const committed = await till.commit(quill, latte, 'quill')
  // What was not granted says to whom, and waits in a new basket.
  expect(JSON.stringify(committed.body.failures)).toContain('Quillfeather')
  expect(committed.body.success).toHaveLength(1)
  const words = [
    'quill.second@example.com',
    'zoë.quill@example.com',
    'Quillfeather',
    'Zoëlle',
    '4155550177',
    '6077777777777777',
    '1987-03-14',
    'quill-device',
  ]
  const places = await placesOf(words)
  expect([...new Set(places.map(({ word }) => word))].sort()).toEqual(words.sort())
  expect([...new Set(places.map(({ table }) => table))].sort()).toEqual([
    'access_tokens',
    'audit_log',
    'checkins',
    'commits',
    'guest_identifiers',
    'guests',
    'otp_challenges',
    'outbox',
    'rewards',
  ])
  const kept = await keptOf(guestId)

  const erased = await counter.call(adminDeleteGuest, { user_id: guestId })
  expect(expectReply(adminDeleteGuest, erased)).toEqual({})

  expect(await placesOf(words)).toEqual([])
  expect(await keptOf(guestId)).toEqual(kept)
  expect(await auditOf(guestId)).toEqual([
    { actor: 'admin key', action: 'gift', details: {} },
    { actor: 'admin key', action: 'ban', details: {} },
    { actor: 'admin key', action: 'unban', details: {} },
    { actor: 'admin key', action: 'gift', details: {} },
    { actor: 'admin key', action: 'erase', details: {} },
  ])
  const baskets = await counter.rows(
    'select state from baskets where guest_id = $1 order by state',
    [guestId],
  )
  expect(baskets).toEqual([{ state: 'committed' }, { state: 'emptied' }])
  await counter.expectSound()

  const gone = [
    [adminDeleteGuest, { user_id: guestId }],
    [adminGuestInfo, { user_id: guestId }],
    [adminBanGuest, { user_id: guestId, reason: 'again' }],
    [adminUnbanGuest, { user_id: guestId }],
    [adminSupportGift, { user_id: guestId, gift_count: 1 }],
    [posSearchUsers, { email: 'zoë.quill@example.com' }],
    [posCheckin, checkin],
  ] as const
  for (const [operation, members] of gone) {
    const answer = await counter.call(operation, members)
    expect([operation.name, answer.code]).toEqual([operation.name, 'user_not_found'])
  }
  const { first_name } = (await counter.call(adminGuestInfo, { user_id: ana.guestId })).body
  expect(first_name).toBe('Ana')
})

test('the token of an erased guest opens nothing, and a till may make the guest anew', async () => {
  const chloe = counter.guest('chloe')
  expect((await counter.call(onlineBalance, {}, { as: chloe })).status).toBe(200)
  expect((await counter.call(adminDeleteGuest, { user_id: chloe.guestId })).status).toBe(200)
  expect((await counter.call(onlineBalance, {}, { as: chloe })).code).toBe('invalid_access_token')
  const anew = await counter.call(onlineSignUp, newGuest('chloe@example.com'))
  expect(anew.status).toBe(201)
})

function newGuest(email: string) {
  const password = 'correct horse battery'
  return {
    user: { email, password, password_confirmation: password, first_name: 'New', last_name: 'One' },
  }
}

function selecting(guestId: number, guest: string, reward: string) {
  const discount_id = String(counter.guest(guest).rewardIds.get(reward))
  return {
    user_id: guestId,
    external_uid: 'select',
    discount_basket_items_attributes: [{ discount_type: 'reward', discount_id }],
  }
}

function checkinOf(uid: string) {
  return {
    receipt_amount: 10,
    receipt_datetime: '2026-11-20T10:00:00-08:00',
    punchh_key: '315788232641',
    external_uid: uid,
    menu_items: [
      {
        item_name: 'Latte',
        item_qty: 2,
        item_amount: 10,
        menu_item_type: 'M',
        menu_item_id: '1',
        menu_family: 'Espresso',
        menu_major_group: 'Drinks',
        serial_number: '1.0',
      },
    ],
  }
}

async function auditOf(guestId: number) {
  return counter.rows(
    'select actor, action, details from audit_log where subject = $1 order by audit_id',
    [`guest ${guestId}`],
  )
}

/** What stays of an erased guest: entries, check-ins, lots, rewards, commits. */
async function keptOf(guestId: number) {
  const of = (sql: string) => counter.rows(`${sql} where guest_id = $1 order by 1`, [guestId])
  return {
    entries: await of('select seq, amount, hash from ledger_entries'),
    checkins: await of('select checkin_id, points, state from checkins'),
    lots: await of('select lot_no, remaining, state from lots'),
    rewards: await of('select reward_id, status from rewards'),
    commits: await of('select redemption_ref, receipt, explanation from commits'),
  }
}

/** Every table in which a word stands in any column, whatever its type. */
async function placesOf(words: readonly string[]): Promise<{ table: string; word: string }[]> {
  const tables = await counter.rows(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const places: { table: string; word: string }[] = []
  for (const { name } of tables) {
    const table = String(name)
    const found = await counter.rows(
      `select word from unnest($1::text[]) word
        where exists (select from ${table} t where strpos(t::text, word) > 0
                         or strpos(to_json(t)::text, word) > 0)`,
      [words],
    )
    places.push(...found.map(({ word }) => ({ table, word: String(word) })))
  }
  return places
}
