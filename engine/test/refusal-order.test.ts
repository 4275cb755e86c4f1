import { points } from '@regulars/contract/values/points'
import { expect, test } from 'vitest'
import {
  type Discount,
  type EvaluationFacts,
  evaluate,
  type ItemRefusalCode,
} from '../src/engine.ts'
import { factsFrom } from './notation.ts'

/**
 * A basket whose second item breaks everything at once. Each step mends what was refused, and the
 * next refusal in the written order must show.
 */
test('of several refusals the first in the written order is reported', () => {
  let facts = brokenFacts()
  const seen: (ItemRefusalCode | null)[] = []
  const look = () => seen.push(evaluate(facts).failures.find(isSecond)?.code ?? null)

  look()
  facts = withDiscount(facts, brokenDiscount)
  look()
  facts = withDiscount(facts, { ...brokenDiscount, used: false })
  look()
  facts = withDiscount(facts, { ...brokenDiscount, used: false, expiresAt: null })
  look()
  const dated = { ...brokenDiscount, used: false, expiresAt: null, startsAt: null }
  facts = withDiscount(facts, dated)
  look()
  facts = withDiscount(facts, { ...dated, locations: [] })
  look()
  facts = { ...facts, settings: { ...facts.settings, maxRedemptionsInTransaction: 2 } }
  look()
  facts = { ...facts, settings: { ...facts.settings, processingPriorityByAcquisitionType: [] } }
  look()
  facts = { ...facts, settings: { ...facts.settings, excludeInteroperabilityBetween: [] } }
  look()
  facts = { ...facts, wallet: { ...facts.wallet, points: points(100) } }
  look()
  facts = { ...facts, receipt: { ...facts.receipt, channel: 'kiosk' } }
  look()
  facts = withRule(facts, 'sum_amounts')
  look()

  expect(seen).toEqual([
    'unknown_discount',
    'discount_used',
    'discount_expired',
    'discount_not_started',
    'restricted_location',
    'redemption_limit',
    'category_limit',
    'interoperability',
    'insufficient_points',
    'not_qualified',
    'zero_amount',
    null,
  ])
})

function isSecond({ item }: { item: { basketItemId: number } }): boolean {
  return item.basketItemId === 2
}

const base = factsFrom({
  lines: ['1.0 | meal | 1 | 1 | 20.00'],
  criteria: {
    never: { function: 'hit_target_price', target: '50', receipt: ['channel == kiosk'] },
  },
  basket: ['1 reward flat 1.00', '2 redeemable rule never for 100 points'],
  settings: { most: 1, classes: ['offer', 'loyalty 0'], exclude: ['offer|loyalty'] },
})
const template = base.basket[1]?.discount
if (!template) throw new Error('the second item has a discount')

const brokenDiscount: Discount = {
  ...template,
  used: true,
  expiresAt: (base.now - 1) as typeof base.now,
  startsAt: (base.now + 1) as typeof base.now,
  locations: ['location:99'],
}

function brokenFacts(): EvaluationFacts {
  return {
    ...base,
    basket: base.basket.map((item) => (isSecond({ item }) ? { ...item, discount: null } : item)),
  }
}

function withDiscount(facts: EvaluationFacts, discount: Discount): EvaluationFacts {
  return {
    ...facts,
    basket: facts.basket.map((item) => (isSecond({ item }) ? { ...item, discount } : item)),
  }
}

function withRule(facts: EvaluationFacts, processingFunction: 'sum_amounts'): EvaluationFacts {
  const discount = facts.basket[1]?.discount
  if (discount?.source.kind !== 'redeemable' || discount.source.rule.kind !== 'criterion') {
    throw new Error('the second item has a criterion')
  }
  const rule = {
    ...discount.source.rule,
    criterion: { ...discount.source.rule.criterion, processingFunction },
  }
  return withDiscount(facts, { ...discount, source: { ...discount.source, rule } })
}

const funding = [
  {
    name: 'points',
    basket: '1 redeemable flat 1.00 for 100 points',
    code: 'insufficient_points',
    miss: 'needs 1 more point',
  },
  {
    name: 'currency',
    basket: '1 currency 5.00',
    code: 'insufficient_balance',
    miss: 'balance 4.99 of 5.00',
  },
  { name: 'cards', basket: '1 card', code: 'insufficient_cards', miss: 'needs 1 more card' },
  { name: 'fuel', basket: '1 fuel', code: 'insufficient_balance', miss: null },
]

for (const { name, basket, code, miss } of funding) {
  test(`a guest with too little ${name} is told what is missing`, () => {
    const facts = factsFrom({
      lines: ['1.0 | meal | 1 | 1 | 20.00'],
      basket: [basket],
      wallet: { points: 99, currency: '4.99' },
    })
    expect(evaluate(facts).failures).toMatchObject([{ code, nearestMiss: miss }])
  })
}

const windows = [
  { name: 'at its last moment', expires: 0, starts: null, code: null },
  { name: 'a moment late', expires: -1, starts: null, code: 'discount_expired' },
  { name: 'at its first moment', expires: null, starts: 0, code: null },
  { name: 'a moment early', expires: null, starts: 1, code: 'discount_not_started' },
]

for (const { name, expires, starts, code } of windows) {
  test(`a reward ${name} ${code === null ? 'is granted' : `is refused with ${code}`}`, () => {
    const facts = factsFrom({
      lines: ['1.0 | meal | 1 | 1 | 9.00'],
      basket: ['1 reward flat 1.00'],
    })
    const at = (offset: number | null) =>
      offset === null ? null : ((facts.now + offset) as typeof facts.now)
    const basket = facts.basket.map((item) => ({
      ...item,
      discount: item.discount && { ...item.discount, expiresAt: at(expires), startsAt: at(starts) },
    }))
    expect(evaluate({ ...facts, basket }).failures.map((failed) => failed.code)).toEqual(
      code === null ? [] : [code],
    )
  })
}

const places = [
  { scope: [], code: null },
  { scope: ['location:1'], code: null },
  { scope: ['location:2', 'tag:7'], code: null },
  { scope: ['location:2'], code: 'restricted_location' },
  { scope: ['tag:1'], code: 'restricted_location' },
]

for (const { scope, code } of places) {
  test(`an offer of ${scope.join(', ') || 'everywhere'} at location 1, tag 7: ${code ?? 'granted'}`, () => {
    const facts = factsFrom({
      lines: ['1.0 | meal | 1 | 1 | 9.00'],
      criteria: { q: { function: 'receipt_subtotal', locations: scope } },
      basket: ['1 reward rule q'],
    })
    expect(evaluate(facts).failures.map((failed) => failed.code)).toEqual(
      code === null ? [] : [code],
    )
  })
}
