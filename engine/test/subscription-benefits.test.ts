import { cents } from '@regulars/contract/values/money'
import { expect, test } from 'vitest'
import { type Benefit, type BenefitUse, type EvaluationFacts, evaluate } from '../src/engine.ts'
import { exact, factsFrom } from './notation.ts'

/** Four coffees at 3.00; the benefit makes all of them free. */
const base = factsFrom({
  lines: ['1.0 | Coffee | 1 | 4 | 12.00'],
  selectors: ['C = base_only where item_id in 1'],
  criteria: { free: { function: 'sum_amounts', filters: ['C'] } },
  benefits: ['1 free'],
  basket: ['9 subscription'],
})
const { now } = base
const later = (ms: number) => (now + ms) as typeof now

function withBenefit(
  change: Partial<Benefit>,
  uses: readonly Pick<BenefitUse, 'at' | 'units'>[] = [],
): EvaluationFacts {
  const basket = base.basket.map((item) => {
    if (item.discount?.source.kind !== 'subscription') return item
    const { source } = item.discount
    const benefits = source.benefits.map((benefit) => ({ ...benefit, ...change }))
    const used = uses.map((use) => ({ ...use, benefitId: 1, cents: cents(0) }))
    return { ...item, discount: { ...item.discount, source: { ...source, benefits, uses: used } } }
  })
  return { ...base, basket }
}

const rows: {
  name: string
  facts: EvaluationFacts
  amount: number | null
  units?: number
  miss?: string
}[] = [
  { name: 'without limits gives all', facts: withBenefit({}), amount: 1200, units: 4 },
  {
    name: 'gives the units it still holds',
    facts: withBenefit({ thresholdUnits: 5 }, [{ at: later(-1000), units: 3 }]),
    amount: 600,
    units: 2,
  },
  {
    name: 'whose units are used up gives none',
    facts: withBenefit({ thresholdUnits: 3 }, [{ at: later(-1000), units: 3 }]),
    amount: null,
    miss: 'used up: 3 units',
  },
  {
    name: 'gives no more than its value for one use',
    facts: withBenefit({ thresholdDiscountCents: cents(500) }),
    amount: 500,
    units: 4,
  },
  {
    name: 'used as often as it may be gives none',
    facts: withBenefit({ occurrences: 2 }, [
      { at: later(-2000), units: 1 },
      { at: later(-1000), units: 1 },
    ]),
    amount: null,
    miss: 'used 2 of 2 times',
  },
  {
    name: 'with one use left gives again',
    facts: withBenefit({ occurrences: 2 }, [{ at: later(-1000), units: 1 }]),
    amount: 1200,
    units: 4,
  },
  {
    name: 'inside its gap gives none',
    facts: withBenefit({ gapMs: 3_600_000 }, [{ at: later(-3_599_999), units: 1 }]),
    amount: null,
    miss: 'can be used again in 1 minute',
  },
  {
    name: 'at the end of its gap gives again',
    facts: withBenefit({ gapMs: 3_600_000 }, [{ at: later(-3_600_000), units: 1 }]),
    amount: 1200,
    units: 4,
  },
  {
    name: 'that has not started gives none',
    facts: withBenefit({ startsAt: later(1) }),
    amount: null,
    miss: 'the benefit has not started',
  },
  {
    name: 'that has ended gives none',
    facts: withBenefit({ endsAt: later(-1) }),
    amount: null,
    miss: 'the benefit has ended',
  },
]

for (const { name, facts, amount, units, miss } of rows) {
  test(`a benefit ${name}`, () => {
    const { success, failures } = evaluate(facts)
    expect(success.map(({ discountCents }) => discountCents)).toEqual(
      amount === null ? [] : [amount],
    )
    expect(failures.map(({ nearestMiss }) => nearestMiss)).toEqual(amount === null ? [miss] : [])
    if (amount !== null) {
      expect(success[0]?.debits).toEqual([
        { kind: 'benefit', subscriptionId: 9, benefitId: 1, units, cents: amount },
      ])
    }
  })
}

test("a plan's own unit discount goes before its criterion's", () => {
  const facts = factsFrom({
    lines: ['1.0 | Unleaded | 1 | 10.5 | 36.75'],
    criteria: { roll: { function: 'rate_rollback', unitDiscount: '0.10' } },
    benefits: ['1 roll'],
    basket: ['1 subscription'],
  })
  const basket = facts.basket.map((item) => {
    if (item.discount?.source.kind !== 'subscription') return item
    const { source } = item.discount
    const benefits = source.benefits.map((benefit) => ({ ...benefit, unitDiscount: exact('0.20') }))
    return { ...item, discount: { ...item.discount, source: { ...source, benefits } } }
  })
  const [granted] = evaluate({ ...facts, basket }).success
  expect(granted?.discountCents).toBe(210)
  expect(granted?.debits).toMatchObject([{ units: 11 }])
})
