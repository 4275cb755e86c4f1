import type { ProgramFile } from '@regulars/contract/program-file'
import type { RefusalCode } from '@regulars/contract/refusals'
import { hourMs, minuteMs } from '@regulars/contract/values/instants'
import { posLookup, posSelect } from '@regulars/contract/wire/discounts'
import { ping, posConfiguration } from '@regulars/contract/wire/pos-configuration'
import { posMeta } from '@regulars/contract/wire/pos-meta'
import {
  posCreateUser,
  posFindUser,
  posSearchUsers,
  posUserBalance,
  searchIdentifiers,
} from '@regulars/contract/wire/pos-users'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

const userNotFound = {
  code: 'user_not_found',
  status: 404,
  body: { error: 'User not found' },
} as const

describe('what a till reads at start', () => {
  test('ping answers plain OK without any key or header', async () => {
    const response = await counter.app.inject({ method: 'GET', url: '/ping' })
    expect(response.statusCode).toBe(200)
    expect(response.body).toBe('OK')
    expectReply(ping, await counter.call(ping))
  })

  test("the configuration is the store's own, as text, with one mode of three", async () => {
    const answer = await counter.call(posConfiguration, {}, { at: 'red-hook' })
    expect(expectReply(posConfiguration, answer)).toEqual({
      location_id: '4103',
      location_name: '4103-Harbor Coffee Red Hook',
      business_name: `${counter.businessId}-Harbor Coffee`,
      header: 'Harbor Coffee',
      trailer_1: 'Scan the code in the app to collect your points.',
      trailer_2: '',
      trailer_3: '',
      trailer_4: '',
      trailer_5: '',
      banked_rewards_mode: '0',
      points_unlock_mode: '1',
      visits_mode: '0',
      log_level: '4',
      print_barcodes: '1',
      send_to_datasink: '1',
      short_key: '735',
      update_interval: '15',
      multiple_redemption_on_location: true,
    })
  })

  test('keys of another business or of nobody are refused', async () => {
    const headers = { authorization: 'Token token=nobody, btoken=nobody' }
    expectRefusal(posConfiguration, await counter.call(posConfiguration, {}, { headers }), {
      code: 'invalid_location_key',
      status: 401,
      body: { error: 'Invalid Location Key' },
    })
  })

  test('a call without a User-Agent is refused', async () => {
    const answer = await counter.call(posConfiguration, {}, { headers: { 'user-agent': '' } })
    expect(answer).toMatchObject({ status: 400, code: 'missing_user_agent' })
  })

  test('the meta tells the rules of the program', async () => {
    const { redeemables, ...meta } = expectReply(posMeta, await counter.call(posMeta))
    expect(meta).toEqual({
      program_type: 'points_unlock_redeemables',
      points_conversion_type: 'staged',
      earning_unit: 'point',
      currency_earned: 0,
      points_conversion_threshold: null,
      visits_per_card: 10,
      card_redemption_value: 0,
      minimum_visit_amount: 1,
      minimum_visit_hours: 1,
      minimum_age_to_signup: 13,
      minimum_payable_price: null,
      maximum_discountable_quantity: null,
      redemption_expiry_minutes: 1440,
      pending_points: true,
      pending_points_duration: 15,
      configurable_default_time_eod: '23:59:59',
      autocreate_user_phone: true,
      coupon_prefix: 'HC',
      multiple_redemptions_enabled: true,
      multiple_redemptions: {
        auto_redemption: true,
        auto_redemption_discounts: ['offer', 'subscription'],
        enable_discount_locking: true,
        enable_auto_unlock: true,
        auto_unlock_duration: 30,
        max_redemptions_in_transaction: 5,
        allow_multiple_redemption_on_item: true,
        allow_qualifying_items_reused: true,
        discount_processing_strategy: 'date_of_expiry',
        processing_priority_by_discount_type: [
          'reward',
          'promo_coupon',
          'subscription',
          'discount_amount',
        ],
        processing_priority_by_acquisition_type: [
          { code: 'pre_purchased', priority: 1, multiplication_factor: 1 },
          { code: 'offer', priority: 2, multiplication_factor: 4 },
          { code: 'loyalty', priority: 3, multiplication_factor: 4 },
          { code: 'promo_coupon', priority: 4, multiplication_factor: 1 },
        ],
        exclude_interoperability_strategy_between: [],
      },
    })
    expect(redeemables).toHaveLength(counter.program.redeemables?.length ?? 0)
  })

  const languages = [
    { language: undefined, name: 'Free drip coffee', description: 'Any size.' },
    { language: 'es', name: 'Café de filtro gratis', description: 'De cualquier tamaño.' },
    { language: 'fr-CA', name: 'Café filtre offert', description: 'Toutes les tailles.' },
    {
      language: 'de, es;q=0.5',
      name: 'Café de filtro gratis',
      description: 'De cualquier tamaño.',
    },
    { language: 'de', name: 'Free drip coffee', description: 'Any size.' },
  ]
  for (const { language, ...texts } of languages) {
    test(`redeemables are named for a till that asks for ${language ?? 'no language'}`, async () => {
      const headers = language === undefined ? {} : { 'accept-language': language }
      const { redeemables } = expectReply(posMeta, await counter.call(posMeta, {}, { headers }))
      expect(redeemables[0]).toEqual({
        redeemable_id: counter.entryId('redeemable', 'free-drip'),
        ...texts,
        redeemable_image_url: '',
        redeemable_properties: 'drink,coffee',
        points_required_to_redeem: 200,
      })
    })
  }
})

describe('making a guest at the till', () => {
  const spellings = [
    { phone: '4155-551-001', digits: '4155551001' },
    { phone: '415-555-1002', digits: '4155551002' },
    { phone: '4155551003', digits: '4155551003' },
    { phone: 4155551004, digits: '4155551004' },
    { phone: '+1 (415) 555-1005', digits: '4155551005' },
  ]
  for (const { phone, digits } of spellings) {
    test(`a phone written ${phone} is found by ${digits}`, async () => {
      const made = expectReply(posCreateUser, await counter.call(posCreateUser, { phone }))
      expect(made.phone).toBe(digits)
      const found = await counter.call(posSearchUsers, { phone: digits })
      expect(expectReply(posSearchUsers, found).id).toBe(made.id)
    })
  }

  test('a new guest has what was told, what the program gives, and nothing selected', async () => {
    const answer = await counter.call(posCreateUser, {
      email: 'Eve.Adams@Example.com',
      phone: '415-555-2000',
      card_number: '6000 0000 0000 2000',
      first_name: 'Eve',
      last_name: 'Adams',
      birthday: '1991-02-03',
      address_line1: '1 Pier',
      city: 'San Francisco',
      state: 'CA',
      zip_code: 94111,
      gender: 'Female',
      terms_and_conditions: 'True',
      send_compliance_sms: 'true',
      marketing_email_subscription: true,
      favourite_locations: '4101,4103',
      age_verified_status: true,
    })
    const { id, rewards, balance, ...guest } = expectReply(posCreateUser, answer)
    expect(guest).toEqual({
      first_name: 'Eve',
      last_name: 'Adams',
      email: 'eve.adams@example.com',
      phone: '4155552000',
      gender: 'female',
      birthday: '1991-02-03',
      anniversary: null,
      address_line1: '1 Pier',
      zip_code: '94111',
      city: 'San Francisco',
      state: 'CA',
      avatar_remote_url: null,
      fb_uid: null,
      age_verified: true,
      privacy_policy: false,
      email_verified: false,
      user_digest: `${counter.businessId}-${id}`,
      discount_type: null,
      created_at: '2026-11-20T18:00:00Z',
      updated_at: '2026-11-20T18:00:00Z',
      selected_card_number: null,
      selected_discount_amount: null,
      selected_reward_id: null,
      selected_redeemable_id: null,
    })
    expect(balance).toMatchObject({ net_balance: 50, points_balance: 50, total_point_credits: 50 })
    expect(rewards.map((reward: { name: string }) => reward.name)).toEqual([
      'Welcome aboard: ten percent off',
    ])
    expect(await counter.newEntries(id)).toEqual(['50 points gifted > guest (gift)'])
    const [row] = await counter.rows('select profile from guests where guest_id = $1', [id])
    expect(row?.profile).toMatchObject({
      favouriteLocations: '4101,4103',
      marketingEmail: true,
      termsAndConditions: true,
      sms: true,
      signupChannel: 'POS',
    })
  })

  test('text messages are wanted only together with the terms', async () => {
    const answer = await counter.call(posCreateUser, {
      phone: '4155552001',
      terms_and_conditions: 'False',
      send_compliance_sms: 'True',
    })
    const { id } = expectReply(posCreateUser, answer)
    const [row] = await counter.rows('select profile from guests where guest_id = $1', [id])
    expect(row?.profile).toEqual({ signupChannel: 'POS', sms: false, termsAndConditions: false })
  })

  const refused: {
    name: string
    members: object
    code: RefusalCode
    status: number
    error: string
  }[] = [
    {
      name: 'nothing to be found by',
      members: { first_name: 'Nobody', email: ' ' },
      code: 'missing_parameter',
      status: 400,
      error: 'Required parameter missing or the value is empty: phone',
    },
    {
      name: 'a phone of nine digits',
      members: { phone: '415-555-010' },
      code: 'invalid_parameter',
      status: 400,
      error: 'Invalid value for phone: it must have ten digits',
    },
    {
      name: 'an address without an at sign',
      members: { email: 'ana.example.com' },
      code: 'invalid_parameter',
      status: 400,
      error: 'Invalid value for email: it must be an e-mail address',
    },
    {
      name: 'the stand-in address of another guest',
      members: { email: 'guest-1000001@anonymous.invalid' },
      code: 'invalid_parameter',
      status: 400,
      error: 'Invalid value for email: it must be an e-mail address',
    },
    {
      name: 'a card of letters',
      members: { card_number: 'ABCDEF' },
      code: 'invalid_parameter',
      status: 400,
      error: 'Invalid value for card_number: it must have 6 to 20 digits',
    },
    {
      name: 'twelve years and 364 days',
      members: { phone: '4155553000', birthday: '2013-11-21' },
      code: 'too_young',
      status: 400,
      error: 'A guest must be at least 13 years old to sign up.',
    },
    {
      name: 'the phone of another guest',
      members: { phone: '415-555-0101', email: 'new@example.com' },
      code: 'identifier_taken',
      status: 422,
      error: 'phone has already been taken',
    },
    {
      name: 'the address of another guest in capitals',
      members: { phone: '4155553001', email: 'ANA@EXAMPLE.COM' },
      code: 'identifier_taken',
      status: 422,
      error: 'email has already been taken',
    },
    {
      name: 'the card of another guest',
      members: { card_number: '6000-0000-0000-0101' },
      code: 'identifier_taken',
      status: 422,
      error: 'card_number has already been taken',
    },
  ]
  for (const { name, members, code, status, error } of refused) {
    test(`a guest with ${name} is refused with ${code}`, async () => {
      const before = await counter.rows('select count(*)::int as count from guests')
      const answer = await counter.call(posCreateUser, members)
      expectRefusal(posCreateUser, answer, { code, status, body: { error } })
      expect(await counter.rows('select count(*)::int as count from guests')).toEqual(before)
    })
  }

  test('a thirteenth birthday is old enough', async () => {
    const members = { phone: '4155553002', birthday: '2013-11-20' }
    expectReply(posCreateUser, await counter.call(posCreateUser, members))
  })
})

describe('finding a guest', () => {
  async function giveCodes(): Promise<void> {
    const ana = counter.guest('ana').guestId
    for (const { kind, value } of [
      { kind: 'apple_nfc_data', value: 'A0B1C2' },
      { kind: 'nfc_token', value: 'D3E4F5' },
    ]) {
      await counter.rows(
        `insert into guest_identifiers (business_id, kind, value, guest_id) values ($1, $2, $3, $4)`,
        [counter.businessId, kind, value, ana],
      )
    }
    await counter.rows(
      `insert into scan_codes (business_id, guest_id, kind, code, scan_code, payment, created_at,
                               expires_at)
       values ($1, $2, 'single_scan', '4E43DB', null, '{"type":"CreditCard","tip":"1.50"}', $3, $4),
              ($1, $2, 'short', 'JII8', '4E43DB', '{"type":"CreditCard","tip":"1.50"}', $3, $4)`,
      [
        counter.businessId,
        ana,
        new Date(counter.clock.now()).toISOString(),
        new Date(counter.clock.now() + 10 * minuteMs).toISOString(),
      ],
    )
  }
  beforeAll(giveCodes)

  function identifiersOfAna(): Record<string, string | number> {
    const { guestId, rewardIds } = counter.guest('ana')
    return {
      email: ' ANA@example.com ',
      phone: '(415) 555-0101',
      card_number: 6000000000000101,
      user_as_qrcode: `p${guestId}`,
      single_scan_code: '4e43db',
      redemption_code: '7340021',
      reward_id: rewardIds.get('five-off') ?? 0,
      apple_nfc_data: 'a0b1c2',
      nfc_token: 'd3e4f5',
      drive_thru_code: 'jii8',
    }
  }

  for (const name of searchIdentifiers) {
    test(`a search by ${name} finds the guest, in the body as in the query string`, async () => {
      const members = { [name]: identifiersOfAna()[name] }
      for (const inQuery of [true, false]) {
        const answer = await counter.call(posSearchUsers, members, { inQuery })
        expect(expectReply(posSearchUsers, answer).id).toBe(counter.guest('ana').guestId)
      }
    })
  }

  test('the long form of a user code is the same code', async () => {
    const { guestId } = counter.guest('ana')
    const members = { user_as_qrcode: `Punchh${guestId}PUNCHH` }
    const answer = await counter.call(posSearchUsers, members)
    expect(expectReply(posSearchUsers, answer).id).toBe(guestId)
  })

  test('a guest without an address is found by the one that a look-up showed', async () => {
    const made = await counter.call(posCreateUser, { phone: '4155554000' })
    const { id, email } = expectReply(posCreateUser, made)
    expect(email).toBe(`guest-${id}@anonymous.invalid`)
    const answer = await counter.call(posSearchUsers, { email })
    expect(expectReply(posSearchUsers, answer).id).toBe(id)
  })

  test('a search shows balance, rewards and what can be bought', async () => {
    const answer = await counter.call(posSearchUsers, { email: 'ana@example.com' })
    const { balance, rewards, subscriptions } = expectReply(posSearchUsers, answer)
    expect(balance).toEqual({
      banked_rewards: '12.50',
      membership_level: 'First Mate',
      membership_level_id: String(counter.entryId('tier', 'mate')),
      expired_membership_level: null,
      net_balance: 850,
      net_debits: 0,
      pending_points: 0,
      points_balance: 850,
      signup_anniversary_day: '10/16',
      total_credits: 850,
      total_debits: '0.0',
      total_point_credits: 850,
      total_redeemable_visits: 0,
      total_visits: 0,
      initial_visits: 0,
      unredeemed_cards: 0,
    })
    const names = (type: string) =>
      rewards
        .filter((one: { type: string }) => one.type === type)
        .map((one: { name: string; points: number }) => `${one.name} ${one.points}`)
    expect(names('reward')).toHaveLength(4)
    expect(names('redeemable')).toEqual([
      'Free drip coffee 200',
      'Free espresso drink 400',
      'Any sandwich for 6.00 250',
      'Milk upgrades on us 60',
    ])
    expect(subscriptions).toEqual([
      {
        subscription_id: String(counter.guest('ana').subscriptionIds.get('daily-cup')),
        plan_name: 'Daily Cup',
        pos_meta: null,
      },
    ])
  })

  test('a short code that pays brings its single scan code, payment and tip', async () => {
    const answer = await counter.call(posSearchUsers, { drive_thru_code: 'JII8' })
    expect(expectReply(posSearchUsers, answer)).toMatchObject({
      single_scan_code: '4E43DB',
      payment_mode: 'CreditCard',
      selected_tip_amount: '1.50',
    })
  })

  test('a banned guest is found by a search and refused by find', async () => {
    const search = await counter.call(posSearchUsers, { phone: '4155550105' })
    expect(expectReply(posSearchUsers, search).first_name).toBe('Mallory')
    const find = await counter.call(posFindUser, {
      lookup_field: 'phone',
      lookup_value: '4155550105',
    })
    expectRefusal(posFindUser, find, {
      code: 'guest_banned',
      status: 422,
      body: {
        error:
          'Guest is not allowed to earn/redeem as he/she is banned or deactivated from the Loyalty program',
      },
    })
  })

  test('subscriptions that ran out are not listed', async () => {
    const answer = await counter.call(posSearchUsers, { email: 'diego@example.com' })
    expect(expectReply(posSearchUsers, answer).subscriptions).toEqual([])
  })

  const searches: { members: object; code: RefusalCode; status: number; error: string }[] = [
    {
      members: {},
      code: 'short_code_invalid',
      status: 400,
      error: 'drive_thru_code required or Invalid code',
    },
    {
      members: { drive_thru_code: 'A-1!' },
      code: 'short_code_invalid',
      status: 400,
      error: 'drive_thru_code required or Invalid code',
    },
    {
      members: { drive_thru_code: 'ABCDE' },
      code: 'short_code_length',
      status: 400,
      error: 'Invalid drive_thru_code length',
    },
    {
      members: { drive_thru_code: 'ZZZZ' },
      code: 'short_code_not_found',
      status: 404,
      error: 'CODE_NOT_FOUND',
    },
    {
      members: { single_scan_code: 'FFFFFF' },
      code: 'invalid_single_scan_code',
      status: 404,
      error: 'Invalid or Expired Single Scan Code',
    },
    ...[
      { email: 'nobody@example.com' },
      { phone: '4155559999' },
      { card_number: '6000000000009999' },
      { user_as_qrcode: 'P9' },
      { redemption_code: '0000000' },
      { reward_id: '99999999999' },
      { reward_id: 'no number' },
      { apple_nfc_data: 'FF' },
      { nfc_token: 'FF' },
      { email: 'guest-1@anonymous.invalid' },
    ].map((members) => ({
      members,
      code: userNotFound.code,
      status: userNotFound.status,
      error: userNotFound.body.error,
    })),
  ]
  for (const { members, code, status, error } of searches) {
    test(`a search by ${JSON.stringify(members)} is refused with ${code}`, async () => {
      const answer = await counter.call(posSearchUsers, members)
      expectRefusal(posSearchUsers, answer, { code, status, body: { error } })
    })
  }

  const lookups = [
    ['email', 'email'],
    ['phone', 'phone'],
    ['user_as_qrcode', 'user_as_qrcode'],
    ['otp', 'single_scan_code'],
    ['reward_id', 'reward_id'],
    ['redemption_code', 'redemption_code'],
    ['apple_nfc_data', 'apple_nfc_data'],
    ['nfc_token', 'nfc_token'],
  ] as const
  for (const [field, name] of lookups) {
    test(`find by ${field} finds the guest`, async () => {
      const members = { lookup_field: field, lookup_value: identifiersOfAna()[name] }
      const answer = await counter.call(posFindUser, members)
      expect(expectReply(posFindUser, answer)).toEqual({
        user_id: counter.guest('ana').guestId,
        business_id: counter.businessId,
        phone: '4155550101',
        email: 'ana@example.com',
        first_name: 'Ana',
        last_name: 'Lee',
        payment_mode: field === 'otp' ? 'CreditCard' : null,
        selected_card_number: null,
        loyalty_cards: ['6000000000000101'],
        selected_tip_amount: field === 'otp' ? 1.5 : 0,
        external_uid: null,
        locked: false,
      })
    })
  }

  test('find by an access token finds whose it is', async () => {
    const ben = counter.guest('ben')
    const members = { lookup_field: 'user_token', lookup_value: ben.token }
    const answer = await counter.call(posFindUser, members)
    expect(expectReply(posFindUser, answer).user_id).toBe(ben.guestId)
  })

  test('find by an access token that was revoked or ran out finds nobody', async () => {
    const nova = await counter.newGuest()
    const members = { lookup_field: 'user_token', lookup_value: nova.token }
    for (const [revokedAt, expiresAt] of [
      ['2026-11-20T17:00:00Z', null],
      [null, '2026-11-20T17:00:00Z'],
    ]) {
      await counter.rows(
        'update access_tokens set revoked_at = $2, expires_at = $3 where guest_id = $1',
        [nova.guestId, revokedAt, expiresAt],
      )
      expect((await counter.call(posFindUser, members)).code).toBe('user_not_found')
    }
  })

  test('find none, anonymous makes a new guest each time, who is given nothing', async () => {
    const members = { lookup_field: 'none', lookup_value: 'Anonymous' }
    const one = expectReply(posFindUser, await counter.call(posFindUser, members))
    const other = expectReply(posFindUser, await counter.call(posFindUser, members))
    expect(one).toMatchObject({
      email: `guest-${one.user_id}@anonymous.invalid`,
      phone: null,
      first_name: '',
      loyalty_cards: [null],
    })
    expect(other.user_id).not.toBe(one.user_id)
    expect(await counter.newEntries(one.user_id)).toEqual([])
  })

  const finds: {
    name: string
    members: object
    code: RefusalCode
    status: number
    error: string
  }[] = [
    {
      name: 'without a field',
      members: { lookup_value: 'ana@example.com' },
      code: 'missing_parameter',
      status: 400,
      error: 'Required parameter missing or the value is empty: lookup_field',
    },
    {
      name: 'without a value',
      members: { lookup_field: 'email', lookup_value: '' },
      code: 'missing_parameter',
      status: 400,
      error: 'Required parameter missing or the value is empty: lookup_value',
    },
    {
      name: 'by a single scan code of nobody',
      members: { lookup_field: 'otp', lookup_value: 'FFFFFF' },
      code: 'invalid_single_scan_code',
      status: 404,
      error: 'Invalid or Expired Single Scan Code',
    },
    ...[
      { lookup_field: 'email', lookup_value: 'nobody@example.com' },
      { lookup_field: 'none', lookup_value: 'somebody' },
      { lookup_field: 'user_token', lookup_value: 'no token' },
    ].map((members) => ({
      name: `by ${members.lookup_field} of nobody`,
      members,
      code: userNotFound.code,
      status: 404,
      error: userNotFound.body.error,
    })),
  ]
  for (const { name, members, code, status, error } of finds) {
    test(`find ${name} is refused with ${code}`, async () => {
      const answer = await counter.call(posFindUser, members)
      expectRefusal(posFindUser, answer, { code, status, body: { error } })
    })
  }

  test('find shows who holds the basket, and nobody once the lock has lapsed', async () => {
    const chloe = counter.guest('chloe')
    const lookup = {
      user_id: chloe.guestId,
      external_uid: 'till-1',
      line_items: [
        {
          item_name: 'Drip',
          item_qty: 1,
          amount: 3,
          item_type: 'M',
          item_id: 1,
          item_family: 'Coffee',
          item_group: 'Drinks',
          serial_number: '1.0',
        },
      ],
      receipt_amount: 3,
      subtotal_amount: 3,
      receipt_datetime: '2026-11-20T10:00:00-08:00',
    }
    await counter.call(posSelect, {
      user_id: chloe.guestId,
      external_uid: 'till-1',
      discount_basket_items_attributes: [
        { discount_type: 'reward', discount_id: chloe.rewardIds.get('beans') },
      ],
    })
    expectReply(posLookup, await counter.call(posLookup, lookup))
    const members = { lookup_field: 'email', lookup_value: 'chloe@example.com' }
    const held = expectReply(posFindUser, await counter.call(posFindUser, members))
    expect(held).toMatchObject({ external_uid: 'till-1', locked: true })
    counter.clock.turn(31 * minuteMs)
    const free = expectReply(posFindUser, await counter.call(posFindUser, members))
    expect(free).toMatchObject({ external_uid: null, locked: false })
  })

  test('codes that ran out are refused as such, and a deleted guest is nobody', async () => {
    counter.clock.turn(hourMs)
    expectRefusal(posSearchUsers, await counter.call(posSearchUsers, { drive_thru_code: 'JII8' }), {
      code: 'short_code_expired',
      status: 410,
      body: { error: 'CODE_EXPIRED' },
    })
    const scan = await counter.call(posSearchUsers, { single_scan_code: '4E43DB' })
    expect(scan.code).toBe('invalid_single_scan_code')
    const diego = counter.guest('diego')
    await counter.rows(`update guests set status = 'deleted' where guest_id = $1`, [diego.guestId])
    const reward = await counter.call(posSearchUsers, { reward_id: diego.rewardIds.get('welcome') })
    expectRefusal(posSearchUsers, reward, userNotFound)
    const balance = await counter.call(posUserBalance, { user_id: diego.guestId })
    expectRefusal(posUserBalance, balance, { ...userNotFound, body: ['User not found'] })
  })
})

describe('the balance of a guest', () => {
  test('has the members of a program where points unlock redeemables', async () => {
    const answer = await counter.call(posUserBalance, { user_id: counter.guest('ben').guestId })
    expect(expectReply(posUserBalance, answer)).toEqual({
      account_balance: {
        net_balance: 190,
        points_balance: 190,
        net_debits: 0,
        pending_points: 0,
        total_credits: 190,
        total_debits: '0.0',
        total_point_credits: 190,
      },
      subscriptions: [],
    })
  })

  test('has what was used of subscriptions when asked', async () => {
    const ana = counter.guest('ana')
    const members = { user_id: String(ana.guestId), discount_type: ['subscription'] }
    const { subscriptions } = expectReply(
      posUserBalance,
      await counter.call(posUserBalance, members),
    )
    expect(subscriptions).toEqual([
      {
        subscription_id: String(ana.subscriptionIds.get('daily-cup')),
        benefits: [
          {
            benefit_id: 1,
            benefit_type: 'sku_discounting',
            benefit_name: 'One drip coffee, the dearest',
            benefit_description: '',
            discounts: [
              {
                discount_id: 1,
                threshold: '30',
                discounted_quantity: '0',
                threshold_discount: '',
                discount_type: '%_or_$_off',
                discounted_value: '$0.00',
              },
            ],
          },
          {
            benefit_id: 2,
            benefit_type: 'sku_discounting',
            benefit_name: 'Ten percent off the bakery',
            benefit_description: '',
            discounts: [
              {
                discount_id: 2,
                threshold: '',
                discounted_quantity: '0',
                threshold_discount: '3.00',
                discount_type: '%_or_$_off',
                discounted_value: '$0.00',
              },
            ],
          },
        ],
      },
    ])
  })

  const refused: {
    name: string
    members: object
    code: RefusalCode
    status: number
    body: unknown
  }[] = [
    {
      name: 'without a guest',
      members: {},
      code: 'missing_parameter',
      status: 400,
      body: { error: 'Required parameter missing or the value is empty: user_id' },
    },
    {
      name: 'of nobody',
      members: { user_id: 9 },
      code: 'user_not_found',
      status: 404,
      body: ['User not found'],
    },
    {
      name: 'with another discount type',
      members: { user_id: 9, discount_type: ['reward'] },
      code: 'invalid_parameter',
      status: 400,
      body: { error: 'Invalid value for discount_type: only subscription is known here' },
    },
  ]
  for (const { name, members, ...expected } of refused) {
    test(`${name} is refused with ${expected.code}`, async () => {
      expectRefusal(posUserBalance, await counter.call(posUserBalance, members), expected)
    })
  }
})

describe('other programs', () => {
  const programs: {
    name: string
    program: Partial<ProgramFile['program']>
    modes: object
    balance: object
  }[] = [
    {
      name: 'visits',
      program: { program_type: 'visits', points_conversion_type: 'none', visits_per_card: 5 },
      modes: { banked_rewards_mode: '0', points_unlock_mode: '0', visits_mode: '1' },
      balance: { total_redeemable_visits: 0, total_visits: 0, unredeemed_cards: 0 },
    },
    {
      name: 'points that become currency',
      program: {
        program_type: 'points',
        points_conversion_type: 'currency',
        points_conversion_threshold: 1000,
        currency_earned: 1,
      },
      modes: { banked_rewards_mode: '1', points_unlock_mode: '0', visits_mode: '0' },
      balance: { banked_rewards: '0.00' },
    },
    {
      name: 'points that become rewards',
      program: {
        program_type: 'points',
        points_conversion_type: 'rewards',
        points_conversion_threshold: 1000,
        conversion_redeemable: 'five-off',
      },
      modes: { banked_rewards_mode: '1', points_unlock_mode: '0', visits_mode: '0' },
      balance: {
        net_balance: 190,
        points_balance: 190,
        net_debits: 0,
        pending_points: 0,
        total_credits: 190,
        total_debits: '0.0',
        total_point_credits: 190,
      },
    },
    {
      name: 'points that guests convert',
      program: { program_type: 'points', points_conversion_type: 'none' },
      modes: { banked_rewards_mode: '1', points_unlock_mode: '0', visits_mode: '0' },
      balance: {
        net_balance: 190,
        points_balance: 190,
        net_debits: 0,
        pending_points: 0,
        total_credits: 190,
        total_debits: '0.0',
        total_point_credits: 190,
        banked_currency: 0,
        balance: 0,
      },
    },
  ]
  for (const { name, program, modes, balance } of programs) {
    test(`a program of ${name} shows its own mode and balance`, async () => {
      const other = await openHarborCounter((file) => ({
        ...file,
        program: { ...file.program, ...program },
        sign_up: { autocreate_user_phone: false },
      }))
      try {
        const configuration = expectReply(posConfiguration, await other.call(posConfiguration))
        expect(configuration).toMatchObject(modes)
        expectReply(posMeta, await other.call(posMeta))
        const members = { user_id: other.guest('ben').guestId }
        const answer = await other.call(posUserBalance, members)
        expect(expectReply(posUserBalance, answer).account_balance).toEqual(balance)
      } finally {
        await other.close()
      }
    })
  }

  test('a phone alone is refused where the program wants more, and modes may be kept back', async () => {
    const other = await openHarborCounter((file) => ({
      ...file,
      business: { ...file.business, expose_program_structure: false },
      multiple_redemptions_enabled: false,
      sign_up: { autocreate_user_phone: false },
    }))
    try {
      expectRefusal(posCreateUser, await other.call(posCreateUser, { phone: '4155557000' }), {
        code: 'feature_disabled',
        status: 422,
        body: {
          error:
            'Your current loyalty program configuration does not support this feature. Please connect with your Customer Success representative for resolution of the issue.',
        },
      })
      const card = { phone: '4155557000', card_number: '6000000000007000' }
      expectReply(posCreateUser, await other.call(posCreateUser, card))
      const configuration = expectReply(posConfiguration, await other.call(posConfiguration))
      expect(configuration).not.toHaveProperty('visits_mode')
      expect(configuration.multiple_redemption_on_location).toBe(false)
      const meta = expectReply(posMeta, await other.call(posMeta))
      expect(meta.multiple_redemptions_enabled).toBe(false)
      expect(meta).not.toHaveProperty('multiple_redemptions')
    } finally {
      await other.close()
    }
  })
})
