import { micros, microsToNumber } from '@regulars/contract/values/exact'
import { cents, toDecimal, toDecimalText } from '@regulars/contract/values/money'
import type { Benefit } from '@regulars/engine'
import type { Facts } from '../actions/change-guest.ts'
import { localised } from '../catalog/localised.ts'
import type { Subscription } from '../store/guest-state.ts'
import { balanceReply } from './guest-reply.ts'

/** The balance in the members that are published for the program's type. */
export function programBalance(facts: Facts) {
  const all = balanceReply(facts)
  const { programType, conversionType } = facts.catalog.program
  if (programType === 'visits') {
    const { total_redeemable_visits, total_visits, unredeemed_cards } = all
    return { total_redeemable_visits, total_visits, unredeemed_cards }
  }
  if (programType === 'points' && conversionType === 'currency') {
    return { banked_rewards: all.banked_rewards }
  }
  const { net_balance, points_balance, net_debits, pending_points } = all
  const { total_credits, total_debits, total_point_credits } = all
  const points = { net_balance, points_balance, net_debits, pending_points }
  const totals = { total_credits, total_debits, total_point_credits }
  return programType === 'points' && conversionType === 'none'
    ? { ...points, ...totals, ...spentByHand(facts) }
    : { ...points, ...totals }
}

// Where nothing converts by itself, currency and fuel are what the guest made of points.
function spentByHand({ state }: Facts) {
  const held = (unit: 'currency' | 'fuel') =>
    state.account.lots
      .filter((lot) => lot.unit === unit && lot.state === 'open')
      .reduce((sum, lot) => sum + lot.remaining, 0)
  return {
    banked_currency: toDecimal(cents(held('currency'))),
    balance: microsToNumber(micros(held('fuel'))),
  }
}

/** Subscriptions that still give something, as a look-up lists them. */
export function subscriptionsReply({ state, catalog }: Facts, language: string | null) {
  return liveSubscriptions(state.subscriptions).flatMap(({ subscriptionId, planId }) => {
    const plan = catalog.plans.get(planId)
    if (plan === undefined) return []
    const posMeta = plan.metaData?.slice(0, posMetaLengthMax) ?? null
    return [
      {
        subscription_id: String(subscriptionId),
        plan_name: localised(plan.name, language),
        pos_meta: posMeta,
      },
    ]
  })
}

const posMetaLengthMax = 24

function liveSubscriptions(subscriptions: readonly Subscription[]): Subscription[] {
  return subscriptions.filter(({ status }) => status === 'active' || status === 'soft_cancelled')
}

/** The same with what has been used of each benefit. */
export function subscriptionUsage({ state, catalog }: Facts) {
  return liveSubscriptions(state.subscriptions).map((subscription) => ({
    subscription_id: String(subscription.subscriptionId),
    benefits: (catalog.plans.get(subscription.planId)?.benefits ?? []).map((benefit) =>
      benefitUsage(subscription, benefit),
    ),
  }))
}

function benefitUsage({ uses }: Subscription, benefit: Benefit) {
  const { benefitId, rule, thresholdUnits, thresholdDiscountCents } = benefit
  const used = uses.filter((use) => use.benefitId === benefitId)
  const usedUnits = used.reduce((sum, use) => sum + use.units, 0)
  const usedCents = cents(used.reduce((sum, use) => sum + use.cents, 0))
  const name =
    rule.kind === 'criterion' ? rule.criterion.name : `${toDecimalText(rule.discountCents)} off`
  return {
    benefit_id: benefitId,
    benefit_type: 'sku_discounting',
    benefit_name: name,
    benefit_description: '',
    discounts: [
      {
        discount_id: benefitId,
        threshold: thresholdUnits === null ? '' : String(thresholdUnits),
        discounted_quantity: String(usedUnits),
        threshold_discount:
          thresholdDiscountCents === null ? '' : toDecimalText(thresholdDiscountCents),
        discount_type: '%_or_$_off',
        discounted_value: `$${toDecimalText(usedCents)}`,
      },
    ],
  }
}
