import { type Micros, micros, microsPerUnit, microsToNumber } from '@regulars/contract/values/exact'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import { applyGrant, discountedVolume, lineShares } from './apply-grant.ts'
import type { Batch } from './batch.ts'
import type {
  BasketItem,
  Debit,
  Discount,
  DiscountSource,
  EvaluationFacts,
  Granted,
  Wallet,
} from './evaluation.ts'
import { firstRefusal, type ItemRefusal, refusal } from './first-refusal.ts'
import { type Grant, judgeRule } from './judge-rule.ts'
import type { RuleUse } from './price-rule.ts'
import { ruleUseOf, type SingleSource } from './rule-use.ts'
import { applyBenefits } from './subscription-benefits.ts'
import { inCurrency, type Trace } from './trace.ts'

/** What became of one item. */
export type ItemOutcome = { kind: 'granted'; granted: Omit<Granted, 'trace'> } | ItemRefusal

/** Judges one basket item and, when it is granted, takes it off the batch's check and wallet. */
export function judgeItem(batch: Batch, item: BasketItem, trace: Trace): ItemOutcome {
  const { discount } = item
  if (discount === null) return refusal('unknown_discount')
  const { source } = discount
  if (source.kind !== 'subscription') return judgeSingle(batch, { item, discount, source, trace })
  const refused = firstRefusal(batch, discount, null)
  if (refused !== null) return refused
  const benefits = applyBenefits(batch, source, trace)
  if (benefits.kind === 'missed') return refusal(benefits.code, benefits.nearestMiss)
  return record(batch, { item, discount, ...benefits, maxApplicableQuantity: null })
}

type SingleItem = { item: BasketItem; discount: Discount; source: SingleSource; trace: Trace }

/** Every discount but a subscription has one rule. */
function judgeSingle(batch: Batch, { item, discount, source, trace }: SingleItem): ItemOutcome {
  const { facts, check, memory } = batch
  const use = ruleUseOf(facts, item, source)
  const refused = firstRefusal(batch, discount, use.criterion)
  if (refused !== null) return refused
  const verdict = judgeRule({ check, memory, settings: facts.settings, trace }, use)
  if (verdict.kind === 'missed') return refusal(verdict.code, verdict.nearestMiss)
  const overAsk = overAskRefusal(facts, source, verdict)
  if (overAsk !== null) return overAsk
  applyGrant(check, verdict, use.claim)
  return record(batch, {
    item,
    discount,
    shares: verdict.shares,
    debits: debitsOf(batch.wallet, source, verdict),
    maxApplicableQuantity: maxApplicableQuantity(use),
  })
}

/** Under `fail`, currency is refused when not all of what was asked can be given. */
function overAskRefusal(
  { settings }: EvaluationFacts,
  source: DiscountSource,
  { cents: given }: Grant,
): ItemRefusal | null {
  if (settings.switches.currencyOverAsk === 'clamp' || source.kind !== 'discount_amount')
    return null
  if (given >= source.askedCents) return null
  return refusal(
    'not_qualified',
    `${inCurrency(given)} of ${inCurrency(source.askedCents)} can be used`,
  )
}

type Applied = {
  item: BasketItem
  discount: Discount
  shares: Grant['shares']
  debits: readonly Debit[]
  maxApplicableQuantity: number | null
}

function record(batch: Batch, { item, discount, shares, debits, ...rest }: Applied): ItemOutcome {
  batch.granted.push(discount.acquisition)
  batch.wallet = debits.reduce(walletAfter, batch.wallet)
  const isBanked = item.discountType === 'discount_amount'
  return {
    kind: 'granted',
    granted: {
      item,
      discountCents: cents(shares.reduce((sum, share) => sum + share.cents, 0)),
      shares: lineShares(shares),
      debits,
      remainingCurrencyCents: isBanked ? batch.wallet.currencyCents : null,
      ...rest,
    },
  }
}

/** What a commit takes from the guest: of currency and fuel only what was applied. */
function debitsOf(wallet: Wallet, source: SingleSource, grant: Grant): Debit[] {
  const currency: Debit = { kind: 'currency', cents: cents(grant.cents) }
  switch (source.kind) {
    case 'reward':
      return [{ kind: 'reward', rewardId: source.rewardId }]
    case 'redeemable':
      return [{ kind: 'points', points: source.costPoints }]
    case 'card_completion':
      return [{ kind: 'card' }]
    case 'discount_amount':
      return [currency]
    case 'fuel_reward':
      return [{ kind: 'fuel', rate: appliedRate(wallet, grant) }]
    case 'redemption_code': {
      const code: Debit = { kind: 'code', code: source.code }
      const { staged } = source
      if (staged.kind === 'nothing') return [code]
      if (staged.kind === 'currency') return [code, currency]
      if (staged.kind === 'points') return [code, { kind: 'points', points: staged.costPoints }]
      return [code, staged]
    }
  }
}

/** The cut for each unit of volume, rounded half up, never more than the guest has. */
function appliedRate({ fuelRate }: Wallet, { cents: given, shares }: Grant): Micros {
  const volume = microsToNumber(discountedVolume(shares))
  const rate = Math.round((given * (microsPerUnit / 100)) / volume)
  return micros(Math.min(fuelRate, rate))
}

function walletAfter(wallet: Wallet, debit: Debit): Wallet {
  switch (debit.kind) {
    case 'points':
      return { ...wallet, points: points(wallet.points - debit.points) }
    case 'currency':
      return { ...wallet, currencyCents: cents(wallet.currencyCents - debit.cents) }
    case 'card':
      return { ...wallet, cards: wallet.cards - 1 }
    case 'fuel':
      return { ...wallet, fuelRate: micros(wallet.fuelRate - debit.rate) }
    case 'reward':
    case 'code':
    case 'benefit':
      return wallet
  }
}

/** The unit limit of a rollback or a bundle, as the wire reports it. */
function maxApplicableQuantity({ criterion, volumeMax }: RuleUse): number | null {
  const { processingFunction, maxDiscountUnits } = criterion
  if (volumeMax !== null) return microsToNumber(micros(volumeMax))
  const isReported =
    processingFunction === 'rate_rollback' || processingFunction.startsWith('bundle_price_target')
  return isReported ? maxDiscountUnits : null
}
