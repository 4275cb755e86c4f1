import { Ajv2020 } from 'ajv/dist/2020.js'
import Value from 'typebox/value'
import { describe, expect, test } from 'vitest'
import {
  includesOf,
  problemText,
  programFile,
  programJsonSchema,
  readProgramFile,
  withIncludes,
} from '../src/program-file.ts'

/** The smallest program file with one of everything that other entries refer to. */
function small(): Record<string, unknown> {
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
    locations: [
      {
        id: 'one',
        name: 'One',
        store_number: '1',
        location_key: 'tinytealocation01',
        tags: ['downtown'],
      },
    ],
    program: { program_type: 'points_unlock_redeemables', points_conversion_type: 'staged' },
    line_item_selectors: [
      {
        external_id: 'tea',
        name: 'Tea',
        filter_item_set: 'base_only',
        base_items: { clauses: [] },
      },
    ],
    qualification_criteria: [
      {
        external_id: 'all-tea',
        name: 'All tea',
        qc_processing_function: 'sum_amounts',
        line_item_filters: [{ line_item_selector_id: 'tea' }],
      },
    ],
    redeemables: [
      {
        external_id: 'free-tea',
        name: 'Free tea',
        receipt_rule: { qualifier_type: 'existing', redeeming_criterion_id: 'all-tea' },
      },
    ],
    guests: [{ id: 'ana', first_name: 'Ana', last_name: 'Lee', email: 'ana@example.com' }],
  }
}

/** The small file with one value set, or one member removed when it is undefined. */
function changed(path: string, value: unknown): unknown {
  const file = small()
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  const holder = steps.reduce<Record<string, unknown>>((at, step) => {
    at[step] ??= {}
    return at[step] as Record<string, unknown>
  }, file)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return file
}

function sentences(json: unknown): readonly string[] {
  const result = readProgramFile(json)
  return result.kind === 'read' ? [] : result.problems.map(problemText)
}

test('the smallest file is read as it stands', () => {
  expect(readProgramFile(small())).toEqual({ kind: 'read', program: small() })
})

type Mistake = { name: string; path: string; value: unknown; problems: readonly string[] }

const key = 'a key of 1 to 64 letters, digits, dots, dashes and underscores'
const rule = { qualifier_type: 'existing', redeeming_criterion_id: 'all-tea' }
const guest = { id: 'ana', first_name: 'Ana', last_name: 'Lee', phone: '5550100001' }
const criterion = { external_id: 'all-tea', name: 'All tea', qc_processing_function: 'sum_amounts' }

const mistakes: readonly Mistake[] = [
  {
    name: 'a missing member',
    path: 'business.name',
    value: undefined,
    problems: ['business.name: found nothing; allowed is text of 1 to 255 characters.'],
  },
  {
    name: 'a misspelt member',
    path: 'program.minimum_visit_ammount',
    value: 5,
    problems: [
      'program.minimum_visit_ammount: found a member nobody knows; allowed is any of program_type, points_conversion_type, earning_unit, earning_rate, rounding_rule, rounding_stage, earning_criterion, points_conversion_threshold, currency_earned, conversion_redeemable, reserved_points, visits_per_card, card_redemption_value, base_redeemable, minimum_visit_amount, minimum_visit_hours, receipts_per_visit_window, pending_points, pending_points_duration, configurable_default_time_eod, redemption_expiry_minutes, points_expiry, visits_expiry, currency_expiry, tiers, tier_reset, fuel_selector, minimum_payable_price, maximum_discountable_quantity. Did you mean minimum_visit_amount?',
    ],
  },
  {
    name: 'a member that every JavaScript object has',
    path: 'sign_up.constructor',
    value: 1,
    problems: [
      'sign_up.constructor: found a member nobody knows; allowed is any of minimum_age_to_signup, autocreate_user_phone, gifts.',
    ],
  },
  {
    name: 'a misspelt word',
    path: 'program.program_type',
    value: 'visit',
    problems: [
      'program.program_type: found "visit"; allowed is one of "visits", "points", "points_unlock_redeemables". Did you mean "visits"?',
    ],
  },
  {
    name: 'money with three decimals',
    path: 'program.minimum_visit_amount',
    value: 4.995,
    problems: [
      'program.minimum_visit_amount: found 4.995; allowed is a number from 0 to 999999.99 with at most 2 decimals.',
    ],
  },
  {
    name: 'a number as text',
    path: 'program.earning_rate',
    value: '10',
    problems: [
      'program.earning_rate: found "10"; allowed is a number from 0 to 100000 with at most 6 decimals.',
    ],
  },
  {
    name: 'a list that is none',
    path: 'locations',
    value: {},
    problems: ['locations: found an object; allowed is a list of 1 to 8191.'],
  },
  {
    name: 'no location',
    path: 'locations',
    value: [],
    problems: ['locations: found a list of 0; allowed is a list of 1 to 8191.'],
  },
  {
    name: 'a zone nobody knows',
    path: 'business.time_zone',
    value: 'America/Harbor',
    problems: [
      'business.time_zone: found "America/Harbor"; allowed is an IANA time zone such as America/Los_Angeles.',
    ],
  },
  {
    name: 'a key that is too short, without repeating it',
    path: 'business.admin_key',
    value: 'hunter2',
    problems: [
      'business.admin_key: found text of 7 characters; allowed is a key of 16 to 128 letters, digits, dashes and underscores.',
    ],
  },
  {
    name: 'an id with a space',
    path: 'business.id',
    value: 'tiny tea',
    problems: [`business.id: found "tiny tea"; allowed is ${key}.`],
  },
  {
    name: 'a day that does not exist',
    path: 'guests.0.birthday',
    value: '1990-02-30',
    problems: ['guests[0].birthday: found "1990-02-30"; allowed is a date such as 2026-06-14.'],
  },
  {
    name: 'a criterion nobody defined',
    path: 'redeemables.0.receipt_rule.redeeming_criterion_id',
    value: 'all-the',
    problems: [
      'redeemables[0].receipt_rule.redeeming_criterion_id: found "all-the"; allowed is the id of an entry in qualification_criteria. Did you mean "all-tea"?',
    ],
  },
  {
    name: 'a redeemable nobody defined',
    path: 'program.base_redeemable',
    value: 'zzz',
    problems: [
      'program.base_redeemable: found "zzz"; allowed is the id of an entry in redeemables.',
    ],
  },
  {
    name: 'a tag no location has',
    path: 'redeemables.0.effective_location',
    value: ['tag:downtown', 'location:one', 'tag:downtwon'],
    problems: [
      'redeemables[0].effective_location[2]: found "tag:downtwon"; allowed is location: and the id of a location, or tag: and a tag of one. Did you mean "tag:downtown"?',
    ],
  },
  {
    name: 'two locations of one store number',
    path: 'locations.1',
    value: { id: 'two', name: 'Two', store_number: '1', location_key: 'tinytealocation02' },
    problems: [
      'locations[1].store_number: found the same as locations[0].store_number; allowed is a value of its own.',
    ],
  },
  {
    name: 'two guests of one e-mail address in different case',
    path: 'guests.1',
    value: { ...guest, id: 'ben', email: 'ANA@example.com' },
    problems: [
      'guests[1].email: found the same as guests[0].email; allowed is a value of its own.',
    ],
  },
  {
    name: 'a coupon and a promo code that are one code',
    path: 'codes',
    value: {
      promo_codes: [{ id: 'rain', code: 'RAIN', redeemable: 'free-tea' }],
      coupon_campaigns: [
        { id: 'mail', name: 'Mail', redeemable: 'free-tea', codes: ['sun', 'rain'] },
      ],
    },
    problems: [
      'codes.coupon_campaigns[0].codes[1]: found the same as codes.promo_codes[0].code; allowed is a value of its own.',
    ],
  },
  {
    name: 'a clause that repeats an attribute',
    path: 'line_item_selectors.0.base_items.clauses',
    value: [
      { attribute: 'item_id', operator: '==', value: '1' },
      { attribute: 'item_id', operator: '==', value: '2' },
    ],
    problems: [
      'line_item_selectors[0].base_items.clauses[1].attribute: found the same as line_item_selectors[0].base_items.clauses[0].attribute; allowed is a value of its own.',
    ],
  },
  {
    name: 'a window that ends before it starts',
    path: 'redeemables.0',
    value: {
      external_id: 'free-tea',
      name: 'Free tea',
      receipt_rule: rule,
      start_time: '2026-03-01T00:00:00-05:00',
      end_time: '2026-03-01T00:00:00-05:00',
    },
    problems: [
      'redeemables[0].end_time: found "2026-03-01T00:00:00-05:00"; allowed is a moment after start_time, 2026-03-01T00:00:00-05:00.',
    ],
  },
  {
    name: 'a flat discount of nothing',
    path: 'redeemables.0.receipt_rule',
    value: { qualifier_type: 'flat_discount' },
    problems: [
      'redeemables[0].receipt_rule.discount_amount: found nothing; allowed is an amount, for "flat_discount".',
    ],
  },
  {
    name: 'a target price function without one',
    path: 'qualification_criteria.0',
    value: { ...criterion, qc_processing_function: 'bundle_price_target' },
    problems: [
      'qualification_criteria[0].target_price: found nothing; allowed is an amount, for "bundle_price_target".',
    ],
  },
  {
    name: 'an aggregator that groups by nothing',
    path: 'qualification_criteria.0',
    value: {
      ...criterion,
      enable_menu_item_aggregator: true,
      aggregator_grouping_attributes: { item_id: false },
    },
    problems: [
      'qualification_criteria[0].aggregator_grouping_attributes: found none that is true; allowed is at least one, because the aggregator is on.',
    ],
  },
  {
    name: 'a qualifier that counts to nothing',
    path: 'qualification_criteria.0',
    value: {
      ...criterion,
      item_qualifiers: [{ line_item_selector_id: 'tea', expression_type: 'net_quantity_equal_to' }],
    },
    problems: [
      'qualification_criteria[0].item_qualifiers[0].net_value: found nothing; allowed is a number above 0, for "net_quantity_equal_to".',
    ],
  },
  {
    name: 'points that unlock redeemables and turn into currency',
    path: 'program.points_conversion_type',
    value: 'currency',
    problems: [
      'program.points_conversion_type: found "currency"; allowed is "staged" or "none" in a points_unlock_redeemables program.',
      'program.points_conversion_threshold: found nothing; allowed is a whole number from 1, because points turn into currency.',
      'program.currency_earned: found nothing; allowed is an amount, because points turn into currency.',
    ],
  },
  {
    name: 'tiers with a gap and an end',
    path: 'program.tiers',
    value: [
      { id: 'a', name: 'A', minimum_points: 1, maximum_points: 100 },
      { id: 'b', name: 'B', minimum_points: 101, maximum_points: 200 },
    ],
    problems: [
      'program.tiers[0].minimum_points: found 1; allowed is 0 in the lowest tier.',
      'program.tiers[0].maximum_points: found 100; allowed is 101, where the next tier begins.',
      'program.tiers[1].maximum_points: found 200; allowed is no end in the highest tier.',
    ],
  },
  {
    name: 'an expiry without its days',
    path: 'program.points_expiry',
    value: { kind: 'rolling' },
    problems: [
      'program.points_expiry.days: found nothing; allowed is a whole number from 1, for "rolling".',
    ],
  },
  {
    name: 'a reset without its day',
    path: 'program.tier_reset',
    value: { kind: 'annual' },
    problems: [
      'program.tier_reset.month_day: found nothing; allowed is a day of the year such as 12-31, for "annual".',
    ],
  },
  {
    name: 'a gift of two kinds',
    path: 'sign_up.gifts',
    value: [{ id: 'hello', points: 5, redeemable: 'free-tea' }],
    problems: [
      'sign_up.gifts[0]: found redeemable and points; allowed is exactly one of redeemable, points, visits, currency.',
    ],
  },
  {
    name: 'a guest nobody could find',
    path: 'guests.0',
    value: { id: 'ana', first_name: 'Ana', last_name: 'Lee' },
    problems: [
      'guests[0]: found neither email, phone nor card_number; allowed is at least one of them.',
    ],
  },
  {
    name: 'a reward that ends twice',
    path: 'guests.0',
    value: {
      ...guest,
      rewards: [{ id: 'r', redeemable: 'free-tea', expires_on: '2027-01-01', expires_in_days: 3 }],
    },
    problems: [
      'guests[0].rewards[0].expires_in_days: found expires_on as well; allowed is one of the two.',
    ],
  },
  {
    name: 'a staged code for a reward the guest has not',
    path: 'guests.0',
    value: { ...guest, staged_codes: [{ id: 'c', code: '1234567', reward: 'r' }] },
    problems: [
      'guests[0].staged_codes[0].reward: found "r"; allowed is the id of a reward of this guest.',
    ],
  },
]

describe('a file with a mistake says where, what was found and what is allowed', () => {
  for (const { name, path, value, problems } of mistakes) {
    test(name, () => {
      expect(sentences(changed(path, value))).toEqual(problems)
    })
  }
})

test('a location may be named by its key or by its number', () => {
  const at = (scope: string) => ({ ...small(), redeemables: [redeemableAt(scope)] })
  const numbered = (scope: string) => {
    const [location] = small().locations as Record<string, unknown>[]
    return { ...at(scope), locations: [{ ...location, location_id: 4101 }] }
  }
  expect(sentences(numbered('location:one'))).toEqual([])
  expect(sentences(numbered('location:4101'))).toEqual([])
  expect(sentences(at('location:4101'))).toHaveLength(1)
})

function redeemableAt(scope: string): object {
  return { external_id: 'x', name: 'X', receipt_rule: rule, effective_location: [scope] }
}

test('all problems come at once: members, then references and keys, then what they are together', () => {
  const file = {
    ...small(),
    busines: {},
    redeemables: [
      { external_id: 'a', name: 'A', receipt_rule: { qualifier_type: 'flat_discount' } },
      { external_id: 'a', name: 'A', receipt_rule: { ...rule, redeeming_criterion_id: 'b' } },
      { external_id: 'c', name: 7, receipt_rule: rule },
    ],
  }
  const result = readProgramFile(file)
  const paths = result.kind === 'refused' ? result.problems.map(({ path }) => path) : []
  expect(paths).toEqual([
    'redeemables[2].name',
    'busines',
    'redeemables[1].receipt_rule.redeeming_criterion_id',
    'redeemables[1].external_id',
    'redeemables[0].receipt_rule.discount_amount',
  ])
})

const notFiles = [null, 'program', 7, [], undefined]
for (const value of notFiles) {
  test(`${JSON.stringify(value) ?? 'nothing'} is no program file`, () => {
    const found =
      value === undefined ? 'nothing' : Array.isArray(value) ? 'a list of 0' : JSON.stringify(value)
    expect(sentences(value)).toEqual([`the file: found ${found}; allowed is an object.`])
  })
}

test('members of the file may be the names of files with their values', () => {
  const json = { $schema: '../x.json', business: {}, menu: 'menu.json', guests: 'guests.json' }
  expect(includesOf(json)).toEqual([
    { member: 'menu', fileName: 'menu.json' },
    { member: 'guests', fileName: 'guests.json' },
  ])
  const contents = new Map<string, unknown>([
    ['menu.json', { items: [] }],
    ['guests.json', []],
  ])
  expect(withIncludes(json, contents)).toEqual({
    $schema: '../x.json',
    business: {},
    menu: { items: [] },
    guests: [],
  })
})

describe('our own checks and the schema library agree', () => {
  const check = new Ajv2020({ strict: true, validateFormats: false, allowUnionTypes: true })
  const byEditor = check.compile(programJsonSchema())
  test('on the file as it stands', () => {
    expect(Value.Check(programFile, small())).toBe(true)
    expect(byEditor(small())).toBe(true)
  })
  // Decimals and formats are words of ours, which a JSON Schema validator does not know.
  const unknownToJsonSchema = [
    'money with three decimals',
    'a zone nobody knows',
    'a day that does not exist',
  ]
  for (const { name, path, value } of mistakes.slice(0, 12)) {
    if (unknownToJsonSchema.includes(name)) continue
    test(`on ${name}`, () => {
      expect(Value.Check(programFile, changed(path, value))).toBe(false)
      expect(byEditor(changed(path, value))).toBe(false)
    })
  }
})

test('every member of the file is described', () => {
  const undescribed: string[] = []
  const walk = (schema: Record<string, unknown>, path: string): void => {
    const parts = (schema.anyOf ?? []) as Record<string, unknown>[]
    const described = [schema, ...parts].some((part) => typeof part.description === 'string')
    if (!described) undescribed.push(path)
    for (const part of [schema, ...parts]) {
      for (const [name, member] of Object.entries((part.properties ?? {}) as object)) {
        walk(member, `${path}.${name}`)
      }
      const items = part.items as Record<string, unknown> | undefined
      for (const [name, member] of Object.entries((items?.properties ?? {}) as object)) {
        walk(member, `${path}[].${name}`)
      }
    }
  }
  walk(programFile as unknown as Record<string, unknown>, '')
  expect(undescribed).toEqual([])
})
