import { type ProgramFile, programFile, readProgramFile } from '@regulars/contract/program-file'
import { micros } from '@regulars/contract/values/exact'
import { dayMs, hourMs, parseLocalInstant } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import Value from 'typebox/value'
import { expect, test } from 'vitest'
import { localised, textsFrom } from '../../src/catalog/localised.ts'
import { catalogOf } from './example-catalogs.ts'

const flat = { qualifier_type: 'flat_discount', discount_amount: 2 } as const

/** A file whose optional sections are there but say nothing. */
function plainProgram(): ProgramFile {
  return {
    business: {
      id: 'tiny-tea',
      name: 'Tiny Tea',
      time_zone: 'America/New_York',
      business_key: '00000000-0000-4000-8000-000000000001',
      client: 'tinyteaclient0001',
      client_secret: 'tinyteasecret0001',
      admin_key: 'tinyteaadmin00001',
    },
    locations: [{ id: 'one', name: 'One', store_number: '1', location_key: 'tinytealocation01' }],
    program: { program_type: 'points_unlock_redeemables' },
    multiple_redemptions: { switches: {} },
    sign_up: {},
    codes: {},
    single_scan: {},
    drive_thru: {},
    claims: {},
    advanced_authentication: {},
    redeemables: [{ external_id: 'two-off', name: '2.00 off', receipt_rule: flat }],
    subscription_plans: [
      {
        id: 'plan',
        name: 'Plan',
        benefits: [{ benefit_id: 1, benefit_priority: 1, receipt_rule: flat }],
      },
    ],
  }
}

test('what a file leaves out is what its reference gives as the default', () => {
  const filled = Value.Default(programFile, structuredClone(plainProgram())) as ProgramFile
  expect(filled).not.toEqual(plainProgram())
  expect(catalogOf(filled)).toEqual(catalogOf(plainProgram()))
})

test('a file that leaves whole sections out has the same defaults', () => {
  const { business, locations, program, redeemables = [], subscription_plans = [] } = plainProgram()
  const short: ProgramFile = { business, locations, program, redeemables, subscription_plans }
  expect(catalogOf(short)).toEqual(catalogOf(plainProgram()))
})

test('a catalog has everything of a redeemable that rules and replies need', () => {
  const file: ProgramFile = {
    ...plainProgram(),
    program: { program_type: 'points_unlock_redeemables', redemption_expiry_minutes: 90 },
    redeemables: [
      {
        external_id: 'two-off',
        name: '2.00 off',
        description: 'Two off.',
        alternate_locale_name: [{ language: 'ES', translation: '2.00 menos' }],
        receipt_rule: flat,
        points: 120,
        timezone: 'America/Denver',
        start_time: '2026-06-01T00:00:00',
        end_time: '2026-07-01T00:00:00+02:00',
        expiry_days: 14,
        lag_duration: { value: 2, units: 'hours' },
        auto_applicable: true,
        allow_for_support_gifting: false,
        discount_channel: 'online_only',
        effective_location: ['location:one', 'tag:pier'],
        expire_redemption_code_with_reward_end_date: true,
        redeemable_image_url: 'https://example.com/two.png',
        redeemable_properties: 'tea',
        meta_data: 'two',
        template: { short_prompt: 'Two off', standard_prompt: 'Two off the order' },
      },
    ],
  }
  expect([...catalogOf(file).redeemables.values()]).toEqual([
    {
      redeemableId: 1,
      externalId: 'two-off',
      name: textsFrom('2.00 off', [{ language: 'es', translation: '2.00 menos' }]),
      description: textsFrom('Two off.', []),
      rule: { kind: 'flat', discountCents: cents(200) },
      flatCents: cents(200),
      points: points(120),
      startsAt: at('2026-06-01T00:00:00-06:00'),
      endsAt: at('2026-06-30T22:00:00Z'),
      expiryDays: 14,
      lagMs: 2 * hourMs,
      autoApplicable: true,
      giftable: false,
      channel: 'online_only',
      locations: ['location:1', 'tag:pier'],
      codeExpiryMinutes: 90,
      codeEndsWithReward: true,
      image: 'https://example.com/two.png',
      metaData: 'two',
      itemProperties: 'tea',
      promptShort: 'Two off',
      promptLong: 'Two off the order',
    },
  ])
})

const prices = [
  { name: 'points of zero', members: { points: 0 }, expected: null },
  { name: 'no points', members: {}, expected: null },
  { name: 'points', members: { points: 5 }, expected: points(5) },
  {
    name: 'points but not for sale',
    members: { points: 5, applicable_as_loyalty_redemption: false },
    expected: null,
  },
]
for (const { name, members, expected } of prices) {
  test(`a redeemable with ${name} costs ${expected}`, () => {
    const redeemables = [{ external_id: 'x', name: 'X', receipt_rule: flat, ...members }]
    const [redeemable] = catalogOf({ ...plainProgram(), redeemables }).redeemables.values()
    expect(redeemable?.points).toBe(expected)
  })
}

const window = { start_time: '2026-06-01T00:00:00Z', end_time: '2026-07-01T00:00:00Z' }
const windows = [
  { name: 'as written', members: {}, starts: true, ends: true },
  { name: 'activate_now', members: { activate_now: true }, starts: false, ends: true },
  { name: 'indefinetely', members: { indefinetely: true }, starts: true, ends: false },
]
for (const { name, members, starts, ends } of windows) {
  test(`the window of a redeemable: ${name}`, () => {
    const redeemables = [{ external_id: 'x', name: 'X', receipt_rule: flat, ...window, ...members }]
    const [redeemable] = catalogOf({ ...plainProgram(), redeemables }).redeemables.values()
    expect([redeemable?.startsAt, redeemable?.endsAt]).toEqual([
      starts ? at(window.start_time) : null,
      ends ? at(window.end_time) : null,
    ])
  })
}

test('benefits of a plan come in the order of their priority, with their limits', () => {
  const benefit = { receipt_rule: flat }
  const file: ProgramFile = {
    ...plainProgram(),
    subscription_plans: [
      {
        id: 'plan',
        name: 'Plan',
        benefits: [
          { benefit_id: 7, benefit_priority: 2, ...benefit },
          {
            benefit_id: 9,
            benefit_priority: 1,
            ...benefit,
            unit_discount: 0.05,
            threshold: 30,
            threshold_discount: 4.5,
            occurrence: 10,
            gap_units: 2,
            end_time: '2026-07-01T00:00:00',
          },
        ],
      },
    ],
  }
  const [plan] = catalogOf(file).plans.values()
  const rule = { kind: 'flat', discountCents: cents(200) }
  const none = {
    unitDiscount: null,
    thresholdUnits: null,
    thresholdDiscountCents: null,
    occurrences: null,
    gapMs: null,
    startsAt: null,
    endsAt: null,
  }
  expect(plan?.benefits).toEqual([
    {
      benefitId: 9,
      priority: 1,
      rule,
      unitDiscount: micros(50_000),
      thresholdUnits: 30,
      thresholdDiscountCents: cents(450),
      occurrences: 10,
      gapMs: 2 * dayMs,
      startsAt: null,
      endsAt: at('2026-07-01T00:00:00-04:00'),
    },
    { benefitId: 7, priority: 2, rule, ...none },
  ])
})

test('codes are found in any case, and zero uses for one guest is no limit', () => {
  const file: ProgramFile = {
    ...plainProgram(),
    codes: {
      promo_codes: [
        {
          id: 'rain',
          code: 'RainyDay',
          redeemable: 'two-off',
          uses: 5,
          uses_per_guest: 0,
          uses_per_guest_per_day: 1,
          meta_data: 'rain',
          alternate_locale_meta_data: [{ language: 'es', translation: 'lluvia' }],
        },
      ],
      coupon_campaigns: [
        { id: 'mail', name: 'Mail', redeemable: 'two-off', codes: ['ABC'], mobile_only: true },
      ],
    },
  }
  const catalog = catalogOf(file)
  const code = catalog.promoCodes.get('RAINYDAY')
  expect(code).toMatchObject({
    externalId: 'rain',
    code: 'RainyDay',
    redeemableId: 1,
    active: true,
    mobileOnly: false,
    usesMax: 5,
    usesPerGuestMax: null,
    usesPerGuestPerDayMax: 1,
  })
  expect(code?.metaData && localised(code.metaData, 'es')).toBe('lluvia')
  expect([...catalog.couponCampaigns.values()]).toEqual([
    {
      couponCampaignId: 4,
      externalId: 'mail',
      name: 'Mail',
      redeemableId: 1,
      active: true,
      mobileOnly: true,
      startsAt: null,
      endsAt: null,
      metaData: null,
    },
  ])
})

const conversions = [
  {
    name: 'points that become currency',
    program: { points_conversion_type: 'currency', currency_earned: 5 },
    expected: { thresholdPoints: points(50), into: { kind: 'currency', cents: cents(500) } },
  },
  {
    name: 'points that become rewards',
    program: { points_conversion_type: 'rewards', conversion_redeemable: 'two-off' },
    expected: { thresholdPoints: points(50), into: { kind: 'reward', redeemableId: 1 } },
  },
  {
    name: 'points that guests convert themselves',
    program: { points_conversion_type: 'none' },
    expected: null,
  },
] as const
for (const { name, program, expected } of conversions) {
  test(`a program of ${name}`, () => {
    const rules = { program_type: 'points', points_conversion_threshold: 50, ...program } as const
    const file: ProgramFile = { ...plainProgram(), program: rules }
    expect(readProgramFile(file).kind).toBe('read')
    expect(catalogOf(file).program.conversion).toEqual(expected)
  })
}

function at(text: string): number | undefined {
  return parseLocalInstant(text)?.at
}
