import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProgramHistory } from '../src/punchh/history.ts'
import { locationConfigurationUnits, programUnits } from '../src/punchh/records.ts'
import { punchhTables } from '../src/punchh/tables.ts'
import type { Reading } from '../src/punchh/unit.ts'
import { standardColumns } from '../src/table.ts'

const example = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../contract/examples/${name}.reply.json`, import.meta.url), 'utf8'),
  )
const first = { business: 'harbor', fetchedAt: '2026-11-20T10:00:00.000Z' }
const second = { business: 'harbor', fetchedAt: '2026-11-21T10:00:00.000Z' }

const meta = {
  program_type: 'points',
  points_conversion_type: 'staged',
  visits_per_card: 5,
  card_redemption_value: 2.5,
  minimum_visit_amount: 5,
  minimum_visit_hours: 4,
  minimum_age_to_signup: 0,
  earning_unit: 'point',
  currency_earned: 0.1,
  points_conversion_threshold: 50,
  redemption_expiry_minutes: 24,
  pending_points: true,
  pending_points_duration: 15,
  configurable_default_time_eod: '23:59:59',
  autocreate_user_phone: true,
  coupon_prefix: '',
  minimum_payable_price: null,
  maximum_discountable_quantity: null,
  redeemables: [
    {
      redeemable_id: 7,
      name: 'Tea',
      description: 'A pot',
      redeemable_image_url: 'https://x/t.png',
      redeemable_properties: null,
      points_required_to_redeem: 100,
    },
    { redeemable_id: 8, name: 'Cake', points_required_to_redeem: 200, meta_data: 'CAKE' },
  ],
  multiple_redemptions_enabled: true,
  multiple_redemptions: {
    auto_redemption: true,
    auto_redemption_discounts: ['offer', 'subscription'],
    enable_discount_locking: true,
    enable_auto_unlock: false,
    auto_unlock_duration: 100,
    max_redemptions_in_transaction: 20,
    allow_multiple_redemption_on_item: false,
    allow_qualifying_items_reused: false,
    discount_processing_strategy: 'date_of_expiry',
    processing_priority_by_discount_type: ['reward', 'discount_amount'],
    processing_priority_by_acquisition_type: [
      { code: 'offer', priority: 1, multiplication_factor: 3 },
    ],
    exclude_interoperability_strategy_between: ['offer|loyalty'],
  },
}

function read(reply: object, at = first, history: ProgramHistory | null = null) {
  return programUnits(reply as Record<string, unknown>, at, history)
}

function rowsOf({ units }: Reading, table: string) {
  return units.flatMap((unit) => unit.rows.get(table) ?? [])
}

describe('the settings of a location', () => {
  test('have types: flags and numbers that are sent as text', () => {
    const reading = locationConfigurationUnits(example('pos-configuration'), first)
    expect({ ...reading, units: reading.units.map(({ hash, rows, ...unit }) => unit) }).toEqual({
      units: [
        {
          table: 'location_configuration',
          location: 'harbor',
          id: '611',
          version: first.fetchedAt,
          deletedAt: null,
        },
      ],
      setAside: [],
      notices: [],
    })
    expect(rowsOf(reading, 'location_configuration')).toEqual([
      {
        business: 'harbor',
        location_id: '611',
        location_name: '611-harbor-coffee-wharf-street',
        business_name: '31-harbor-coffee',
        header: 'Harbor Coffee Regulars',
        trailer_1: 'Scan the code to earn your points.',
        trailer_2: '',
        trailer_3: '',
        trailer_4: '',
        trailer_5: '',
        banked_rewards_mode: false,
        points_unlock_mode: true,
        visits_mode: false,
        log_level: 4,
        print_barcodes: true,
        send_to_datasink: true,
        short_key: 611,
        update_interval: 60,
        multiple_redemption_on_location: true,
      },
    ])
  })

  test('keep what nobody declared and what has another type, and say so', () => {
    const reply = { location_id: 5, print_barcodes: 'maybe', log_level: '6.5', brand_new: { a: 1 } }
    const reading = locationConfigurationUnits(reply, first)
    expect(rowsOf(reading, 'location_configuration')).toEqual([
      {
        business: 'harbor',
        location_id: '5',
        print_barcodes: null,
        log_level: null,
        _extra: '{"brand_new":{"a":1},"log_level":"6.5","print_barcodes":"maybe"}',
      },
    ])
    const table = 'location_configuration'
    expect(reading.notices).toEqual([
      { table, member: 'print_barcodes' },
      { table, member: 'log_level' },
      { table, member: 'brand_new' },
    ])
  })

  test.each([
    { what: 'no location_id', reply: { header: 'x' } },
    { what: 'an empty location_id', reply: { location_id: '' } },
    { what: 'an error that came with status 200', reply: { error: 'Invalid Location Key' } },
  ])('with $what are set aside', ({ reply }) => {
    const { units, setAside } = locationConfigurationUnits(reply, first)
    expect(units).toEqual([])
    expect(setAside).toEqual([
      {
        location: 'harbor',
        table: 'location_configuration',
        id: null,
        reason: 'location_configuration without location_id',
        payload: JSON.stringify(reply),
      },
    ])
  })
})

describe('a program', () => {
  test('comes to the rows of the example connector, its lists also to rows of their own', () => {
    const reading = read(meta)
    expect({ notices: reading.notices, setAside: reading.setAside }).toEqual({
      notices: [],
      setAside: [],
    })
    expect(rowsOf(reading, 'program_meta')).toEqual([
      {
        business: 'harbor',
        program_type: 'points',
        points_conversion_type: 'staged',
        visits_per_card: 5,
        card_redemption_value: '2.5',
        minimum_visit_amount: '5',
        minimum_visit_hours: '4',
        minimum_age_to_signup: 0,
        earning_unit: 'point',
        currency_earned: '0.1',
        points_conversion_threshold: '50',
        redemption_expiry_minutes: 24,
        pending_points: true,
        pending_points_duration: 15,
        configurable_default_time_eod: '23:59:59',
        autocreate_user_phone: true,
        coupon_prefix: '',
        minimum_payable_price: null,
        maximum_discountable_quantity: null,
        multiple_redemptions_enabled: true,
        multiple_redemptions_auto_redemption: true,
        multiple_redemptions_enable_discount_locking: true,
        multiple_redemptions_enable_auto_unlock: false,
        multiple_redemptions_auto_unlock_duration: 100,
        multiple_redemptions_max_redemptions_in_transaction: 20,
        multiple_redemptions_allow_multiple_redemption_on_item: false,
        multiple_redemptions_allow_qualifying_items_reused: false,
        multiple_redemptions_discount_processing_strategy: 'date_of_expiry',
        auto_redemption_discounts: 'offer,subscription',
        processing_priority_by_discount_type: 'reward,discount_amount',
        exclude_interoperability_strategy_between: 'offer|loyalty',
      },
    ])
    const ofHarbor = { business: 'harbor' }
    expect(rowsOf(reading, 'redeemable')).toEqual([
      {
        ...ofHarbor,
        program_type: 'points',
        ordinal: 0,
        redeemable_id: 7,
        name: 'Tea',
        description: 'A pot',
        redeemable_image_url: 'https://x/t.png',
        redeemable_properties: null,
        points_required_to_redeem: '100',
      },
      {
        ...ofHarbor,
        program_type: 'points',
        ordinal: 1,
        redeemable_id: 8,
        name: 'Cake',
        meta_data: 'CAKE',
        points_required_to_redeem: '200',
      },
    ])
    expect(rowsOf(reading, 'processing_priority_by_acquisition_type')).toEqual([
      {
        ...ofHarbor,
        program_type: 'points',
        ordinal: 0,
        code: 'offer',
        priority: 1,
        multiplication_factor: 3,
      },
    ])
    expect(rowsOf(reading, 'program_meta_auto_redemption_discount')).toEqual([
      { ...ofHarbor, ordinal: 0, discount_type: 'offer' },
      { ...ofHarbor, ordinal: 1, discount_type: 'subscription' },
    ])
    expect(rowsOf(reading, 'program_meta_processing_priority_by_discount_type')).toEqual([
      { ...ofHarbor, ordinal: 0, discount_type: 'reward' },
      { ...ofHarbor, ordinal: 1, discount_type: 'discount_amount' },
    ])
    expect(rowsOf(reading, 'program_meta_exclude_interoperability')).toEqual([
      {
        ...ofHarbor,
        ordinal: 0,
        pair: 'offer|loyalty',
        first_type: 'offer',
        second_type: 'loyalty',
      },
    ])
  })

  test('as our server sends it is known to the last member', () => {
    const { units, notices, setAside } = read(example('pos-meta'))
    expect({ tables: units.map(({ table }) => table), notices, setAside }).toEqual({
      tables: ['program_meta', 'redeemable_history', 'program_meta_history'],
      notices: [],
      setAside: [],
    })
  })

  // The example connector crashed on each of these.
  test.each([
    { what: 'redeemables are null', change: { redeemables: null } },
    { what: 'redeemables are not there', change: { redeemables: undefined } },
    { what: 'multiple_redemptions is null', change: { multiple_redemptions: null } },
    { what: 'multiple_redemptions is not there', change: { multiple_redemptions: undefined } },
    {
      what: 'a list in multiple_redemptions is null',
      change: {
        multiple_redemptions: {
          ...meta.multiple_redemptions,
          auto_redemption_discounts: null,
          processing_priority_by_acquisition_type: null,
        },
      },
    },
  ])('whose $what is read', ({ change }) => {
    const { units, setAside, notices } = read({ ...meta, ...change })
    expect(units[0]?.table).toBe('program_meta')
    expect({ setAside, notices }).toEqual({ setAside: [], notices: [] })
  })

  test('tells an empty list from a missing one', () => {
    const withLists = (lists: object) => read({ ...meta, multiple_redemptions: lists })
    const joined = (lists: object) =>
      rowsOf(withLists(lists), 'program_meta')[0]?.auto_redemption_discounts ?? null
    expect(joined({ auto_redemption_discounts: [] })).toBe('')
    expect(joined({})).toBeNull()
    expect(joined({ auto_redemption_discounts: ['offer'] })).toBe('offer')
  })

  test('that changes its type stays one row, and a removed redeemable is no part of it any more', () => {
    const after = read(
      { ...meta, program_type: 'visits', redeemables: [meta.redeemables[0]] },
      second,
    )
    const [before] = read(meta).units
    const [unit] = after.units
    expect([before?.id, unit?.id]).toEqual(['harbor', 'harbor'])
    expect(rowsOf(after, 'redeemable').map((row) => [row.redeemable_id, row.program_type])).toEqual(
      [[7, 'visits']],
    )
    expect(unit?.hash).not.toBe(before?.hash)
  })

  test('of one type in two businesses does not meet itself', () => {
    const [one] = read(meta).units
    const [other] = read(meta, { ...first, business: 'pier' }).units
    expect([one?.location, other?.location]).toEqual(['harbor', 'pier'])
    expect([...(other?.rows.values() ?? [])].flat().every((row) => row.business === 'pier')).toBe(
      true,
    )
  })

  test.each([
    {
      what: 'an error with status 200',
      reply: { error: 'x' },
      reason: 'program without program_type',
    },
    {
      what: 'redeemables as text',
      reply: { ...meta, redeemables: 'none' },
      reason: 'redeemables is no list',
    },
    {
      what: 'multiple_redemptions as a list',
      reply: { ...meta, multiple_redemptions: [] },
      reason: 'multiple_redemptions is no object',
    },
    {
      what: 'a list as text',
      reply: { ...meta, multiple_redemptions: { auto_redemption_discounts: 'offer' } },
      reason: 'auto_redemption_discounts is no list',
    },
  ])('that is $what is set aside whole, and ends nothing', ({ reply, reason }) => {
    const { history } = read(meta)
    const reading = read(reply, second, history)
    expect(reading.units).toEqual([])
    expect(reading.setAside.map((one) => one.reason)).toEqual([reason])
    expect(reading.history).toEqual(history)
  })

  test('with a redeemable without an id, or with an id twice, keeps the others', () => {
    const [tea, cake] = meta.redeemables
    const redeemables = [tea, { name: 'Nameless' }, 'text', { ...tea, name: 'Twice' }, cake]
    const reading = read({ ...meta, redeemables })
    expect(rowsOf(reading, 'redeemable').map((row) => [row.redeemable_id, row.ordinal])).toEqual([
      [7, 0],
      [8, 4],
    ])
    expect(reading.setAside.map(({ id, reason }) => [id, reason])).toEqual([
      [null, 'redeemable without redeemable_id'],
      [null, 'redeemable without redeemable_id'],
      ['7', 'redeemable_id stands twice in the program'],
    ])
  })

  test.each([2 ** 53 + 2, '9007199254740993'])(
    'says of a redeemable with the id %s that it cannot be read exactly',
    (redeemable_id) => {
      const reading = read({ ...meta, redeemables: [...meta.redeemables, { redeemable_id }] })
      expect(reading.setAside.map(({ id, reason }) => [id, reason])).toEqual([
        [null, 'redeemable_id beyond 2^53, which cannot be read exactly'],
      ])
      expect(rowsOf(reading, 'redeemable')).toHaveLength(meta.redeemables.length)
    },
  )

  test('read again unchanged comes to the same content', () => {
    const reordered = Object.fromEntries(Object.entries(meta).reverse())
    const { history, units } = read(meta)
    const again = read(reordered, second, history)
    expect(again.units.map(({ hash }) => hash)).toEqual([units[0]?.hash])
    expect(again.history).toEqual(history)
  })
})

describe('history', () => {
  const versions = (reading: Reading, table: string) =>
    rowsOf(reading, table).map((row) => [
      row.redeemable_id ?? row.program_type,
      row.valid_from,
      row.valid_to ?? null,
    ])

  test('begins with the first reading', () => {
    const reading = read(meta)
    expect(versions(reading, 'program_meta_history')).toEqual([['points', first.fetchedAt, null]])
    expect(versions(reading, 'redeemable_history')).toEqual([
      [7, first.fetchedAt, null],
      [8, first.fetchedAt, null],
    ])
    const [row] = rowsOf(reading, 'program_meta_history')
    expect(row?.processing_priority_by_acquisition_type).toBe(
      '[{"code":"offer","multiplication_factor":3,"priority":1}]',
    )
  })

  test('closes what changed or went away and opens what is new', () => {
    const { history } = read(meta)
    const [tea] = meta.redeemables
    const kept = JSON.parse(JSON.stringify(history))
    const changed = { ...meta, redeemables: [{ ...tea, points_required_to_redeem: 120 }] }
    const reading = read(changed, second, kept)
    expect(versions(reading, 'redeemable_history')).toEqual([
      [7, first.fetchedAt, second.fetchedAt],
      [7, second.fetchedAt, null],
      [8, first.fetchedAt, second.fetchedAt],
    ])
    expect(versions(reading, 'program_meta_history')).toEqual([])
    const rules = read({ ...changed, minimum_visit_amount: 7 }, second, kept)
    expect(versions(rules, 'program_meta_history')).toEqual([
      ['points', first.fetchedAt, second.fetchedAt],
      ['points', second.fetchedAt, null],
    ])
  })

  test('does not see a redeemable that only moved among the others', () => {
    const { history } = read(meta)
    const reading = read({ ...meta, redeemables: [...meta.redeemables].reverse() }, second, history)
    expect(versions(reading, 'redeemable_history')).toEqual([])
  })

  test('of any sequence of programs has one valid version at every instant', () => {
    const programs = fc.array(
      fc.record({
        amount: fc.integer({ min: 1, max: 3 }),
        offers: fc.uniqueArray(
          fc.record({ id: fc.integer({ min: 1, max: 4 }), points: fc.integer({ min: 1, max: 2 }) }),
          { selector: ({ id }) => id },
        ),
      }),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(programs, (sequence) => {
        const stored = new Map<string, Record<string, unknown>>()
        let history: ProgramHistory | null = null
        for (const [day, { amount, offers }] of sequence.entries()) {
          const fetchedAt = new Date(Date.UTC(2026, 0, day + 1)).toISOString()
          const redeemables = offers.map(({ id, points }) => ({
            redeemable_id: id,
            points_required_to_redeem: points,
          }))
          const reply = { program_type: 'points', minimum_visit_amount: amount, redeemables }
          const reading = read(reply, { business: 'harbor', fetchedAt }, history)
          history = JSON.parse(JSON.stringify(reading.history))
          for (const unit of reading.units) {
            if (unit.table === 'redeemable_history') {
              stored.set(unit.id, unit.rows.get(unit.table)?.[0] ?? {})
            }
          }
          const at = (row: Record<string, unknown>) =>
            String(row.valid_from) <= fetchedAt &&
            (row.valid_to === null || String(row.valid_to) > fetchedAt)
          const valid = [...stored.values()].filter(at)
          expect(
            valid.map((row) => [row.redeemable_id, row.points_required_to_redeem]).sort(),
          ).toEqual(offers.map(({ id, points }) => [id, String(points)]).sort())
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('the tables', () => {
  test('have a key that begins with the business, of columns they have', () => {
    for (const { name, columns, key, root } of punchhTables) {
      expect(key[0], name).toBe('business')
      expect(
        key.filter((column) => !(column in columns)),
        name,
      ).toEqual([])
      expect(
        Object.keys(columns).filter((column) => column in standardColumns),
        name,
      ).toEqual([])
      if (root !== null) expect(punchhTables.map((table) => table.name)).toContain(root)
    }
  })
})
