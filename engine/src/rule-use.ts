import type { Cents } from '@regulars/contract/values/money'
import type { Criterion, RedemptionSettings, Rule } from './catalog.ts'
import type { BasketItem, DiscountSource, EvaluationFacts } from './evaluation.ts'
import type { Claim } from './picks.ts'
import type { RuleUse } from './price-rule.ts'
import { isCurrency } from './processing-order.ts'

/** Where a discount of one rule comes from: every kind but a subscription. */
export type SingleSource = Exclude<DiscountSource, { kind: 'subscription' }>

/** The rule behind an item and what its discount type adds to it: a card's value, the currency asked. */
export function ruleUseOf(facts: EvaluationFacts, item: BasketItem, source: SingleSource): RuleUse {
  const criterion = criterionBehind(facts, source)
  const isTender = isCurrency(item) && facts.settings.switches.currencyIsTender
  return {
    criterion,
    claim: claimOf(facts.settings, criterion, isTender),
    limitCents: limitOf(facts, source),
    leaveCents: isCurrency(item) ? facts.leavePayableCents : 0,
    unitsLeft: null,
    volumeMax: source.kind === 'fuel_reward' ? facts.fuel.maximumQuantity : null,
  }
}

/** A discount may stack or reuse when the business allows it and the criterion does not forbid it. */
export function claimOf(
  settings: RedemptionSettings,
  { stackDiscounting, reuseQualifyingItems }: Criterion,
  isTender: boolean,
): Claim {
  return {
    stacks: settings.allowMultipleRedemptionOnItem && (stackDiscounting ?? true),
    reuses: settings.allowQualifyingItemsReused && (reuseQualifyingItems ?? true),
    isTender,
  }
}

/** A flat amount is a fixed amount over the whole menu. */
export function criterionOf(rule: Rule): Criterion {
  return rule.kind === 'criterion' ? rule.criterion : flatCriterion(rule.discountCents)
}

function criterionBehind(facts: EvaluationFacts, source: SingleSource): Criterion {
  switch (source.kind) {
    case 'reward':
    case 'redeemable':
    case 'redemption_code':
      return criterionOf(source.rule)
    case 'card_completion':
      return baseCriterion(facts, facts.cardValueCents)
    case 'discount_amount':
      return baseCriterion(facts, source.askedCents)
    case 'fuel_reward':
      return fuelCriterion(facts)
  }
}

function baseCriterion({ baseRule }: EvaluationFacts, cents: Cents): Criterion {
  return baseRule === null ? flatCriterion(cents) : criterionOf(baseRule)
}

function limitOf(facts: EvaluationFacts, source: SingleSource): Cents | null {
  if (source.kind === 'card_completion') return facts.cardValueCents
  if (source.kind === 'discount_amount') return source.askedCents
  if (source.kind !== 'redemption_code') return null
  if (source.staged.kind === 'card') return facts.cardValueCents
  return source.staged.kind === 'currency' ? source.staged.cents : null
}

function flatCriterion(discountCents: Cents): Criterion {
  return { ...plainCriterion, processingFunction: 'static_amount', amountCapCents: discountCents }
}

function fuelCriterion({ fuel, wallet }: EvaluationFacts): Criterion {
  const { selector, minimumPayablePrice } = fuel
  return {
    ...plainCriterion,
    processingFunction: 'rate_rollback',
    unitDiscount: wallet.fuelRate,
    minimumUnitRate: minimumPayablePrice,
    lineItemFilters:
      selector === null ? [] : [{ selector, processingMethod: 'sum_of_amount', quantity: null }],
  }
}

const plainCriterion: Omit<Criterion, 'processingFunction'> = {
  id: '',
  name: '',
  lineItemFilters: [],
  itemFilterOperator: 'All',
  discountEvaluationStrategy: 'Min',
  itemQualifiers: [],
  qualifyingOperator: 'All',
  receiptQualifiers: [],
  percentage: null,
  amountCapCents: null,
  roundingRule: null,
  maxDiscountUnits: null,
  unitDiscount: null,
  minimumUnitRate: null,
  targetPriceCents: null,
  effectiveLocations: [],
  stackDiscounting: null,
  reuseQualifyingItems: null,
  aggregateBy: null,
}
