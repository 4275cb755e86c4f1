import type { ProgramFile } from '@regulars/contract/program-file'
import { micros, microsPerUnit } from '@regulars/contract/values/exact'
import { parseLocalInstant } from '@regulars/contract/values/instants'
import { cents, centsFrom } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import { type BasketItem, evaluate, type Line, type Receipt, type Rule } from '@regulars/engine'
import { describe, expect, test } from 'vitest'
import { catalogOf, exampleProgram } from './example-catalogs.ts'

const examples = [
  {
    name: 'harbor-coffee',
    programType: 'points_unlock_redeemables',
    conversionType: 'staged',
    guests: ['ana', 'ben', 'chloe', 'diego', 'mallory'],
  },
  { name: 'corner-bakery', programType: 'visits', conversionType: 'none', guests: ['ruth'] },
  { name: 'pier-burgers', programType: 'points', conversionType: 'currency', guests: ['sam'] },
  { name: 'lantern-noodles', programType: 'points', conversionType: 'rewards', guests: ['mei'] },
] as const

const now = parseLocalInstant('2026-06-17T15:20:00-07:00')

describe('every example is a program file without problems', () => {
  for (const { name, programType, conversionType, guests } of examples) {
    test(name, async () => {
      const file = await exampleProgram(name)
      const { program, redeemables } = catalogOf(file)
      expect({
        programType: program.programType,
        conversionType: program.conversionType,
        guests: file.guests?.map(({ id }) => id),
        redeemables: redeemables.size,
      }).toEqual({ programType, conversionType, guests, redeemables: file.redeemables?.length })
    })

    test(`${name}: every redeemable takes something off an order of the whole menu`, async () => {
      const file = await exampleProgram(name)
      const catalog = catalogOf(file)
      const worthless = [...catalog.redeemables.values()]
        .filter(({ rule }) => discountOf(rule, file) <= 0)
        .map(({ externalId }) => externalId)
      expect(worthless).toEqual([])
    })
  }

  test('no two businesses share a key, so that one server can hold them all', async () => {
    const files = await Promise.all(examples.map(({ name }) => exampleProgram(name)))
    const keys = files.flatMap(({ business, locations }) => [
      business.id,
      business.business_key,
      business.client,
      business.client_secret,
      business.admin_key,
      ...locations.map(({ location_key }) => location_key),
      ...locations.map(({ location_id }) => location_id),
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })
})

test('every benefit of the Daily Cup takes something off an order of the whole menu', async () => {
  const file = await exampleProgram('harbor-coffee')
  const [plan] = catalogOf(file).plans.values()
  const discounts = plan?.benefits.map(({ benefitId, rule }) => [
    benefitId,
    discountOf(rule, file) > 0,
  ])
  expect(discounts).toEqual([
    [1, true],
    [2, true],
  ])
})

test('Harbor Coffee shows many kinds of redeemables', async () => {
  const catalog = catalogOf(await exampleProgram('harbor-coffee'))
  const kinds = [...catalog.redeemables.values()].map(({ rule }) =>
    rule.kind === 'flat' ? 'flat' : rule.criterion.processingFunction,
  )
  expect([...new Set(kinds)].sort()).toEqual([
    'bogof',
    'bundle_price_target_advanced',
    'flat',
    'hit_target_price_max_price_once',
    'rate_rollback',
    'receipt_subtotal',
    'static_amount',
    'sum_amounts',
    'sum_amounts_incremental',
  ])
})

/** What a rule takes off an order of one of everything, each item with its modifiers, two of most. */
function discountOf(rule: Rule, file: ProgramFile): number {
  if (now === null) throw new Error('the moment of the order is a moment')
  const item: BasketItem = {
    basketItemId: 1,
    createdAt: now.at,
    discountType: 'reward',
    discountId: '1',
    discount: {
      acquisition: 'offer',
      startsAt: null,
      expiresAt: null,
      used: false,
      locations: [],
      autoApplicable: false,
      source: { kind: 'reward', rewardId: 1, redeemableId: 1, rule },
    },
  }
  const catalog = catalogOf(file)
  const [location] = file.locations
  const { totalDiscountCents } = evaluate({
    now: now.at,
    guestName: 'Ana Lee',
    location: {
      locationId: location?.location_id ?? 0,
      name: location?.name ?? '',
      tags: location?.tags ?? [],
    },
    settings: catalog.redemptions,
    receipt: wholeMenu(file),
    basket: [item],
    wallet: { points: points(0), currencyCents: cents(0), cards: 0, fuelRate: micros(0) },
    baseRule: null,
    cardValueCents: cents(0),
    fuel: catalog.fuel,
    leavePayableCents: cents(0),
    explain: false,
  })
  return totalDiscountCents
}

function wholeMenu(file: ProgramFile): Receipt {
  if (now === null) throw new Error('the moment of the order is a moment')
  const modifiers = new Map((file.menu?.modifiers ?? []).map((one) => [one.item_id, one]))
  const lines = (file.menu?.items ?? []).flatMap((item, index) => [
    lineOf(item, `${index + 1}.0`),
    ...(item.modifiers ?? []).flatMap((id, place) => {
      const modifier = modifiers.get(id)
      return modifier === undefined ? [] : [lineOf(modifier, `${index + 1}.${place + 1}`)]
    }),
  ])
  const subtotalCents = cents(lines.reduce((sum, line) => sum + line.amountCents, 0))
  return {
    lines,
    subtotalCents,
    receiptAmountCents: subtotalCents,
    payableCents: null,
    receiptAt: now,
    channel: 'pos',
    revenueId: null,
    revenueCode: null,
    employeeId: null,
    employeeName: null,
    transactionNo: null,
  }
}

type MenuEntry = {
  item_id: string
  item_name: string
  item_family: string
  item_group: string
  price: number
}

function lineOf(entry: MenuEntry, serial: string): Line {
  return {
    name: entry.item_name,
    quantity: micros(2 * microsPerUnit),
    amountCents: cents(2 * (centsFrom(entry.price) ?? 0)),
    type: 'M',
    itemId: entry.item_id,
    family: entry.item_family,
    group: entry.item_group,
    serial,
  }
}
