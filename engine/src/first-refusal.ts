import type { Batch } from './batch.ts'
import type { Criterion, LocationScope } from './catalog.ts'
import type { Discount, EvaluationFacts, ItemRefusalCode } from './evaluation.ts'
import { counted, inCurrency } from './trace.ts'

/** Why one item of a batch is refused. */
export type ItemRefusal = {
  kind: 'refused'
  code: ItemRefusalCode
  facts: Readonly<Record<string, string | number>>
  nearestMiss: string | null
}

/**
 * The first reason a known item is refused before its rule is looked at, in the order of
 * `itemRefusalCodes`; null when there is none. Limits count what was granted, never what was tried.
 */
export function firstRefusal(
  batch: Batch,
  discount: Discount,
  criterion: Criterion | null,
): ItemRefusal | null {
  return (
    windowRefusal(batch.facts, discount) ??
    locationRefusal(batch.facts, [discount.locations, criterion?.effectiveLocations ?? []]) ??
    limitRefusal(batch, discount) ??
    fundingRefusal(batch, discount)
  )
}

/** One refusal of an item. */
export function refusal(
  code: ItemRefusalCode,
  nearestMiss: string | null = null,
  facts: ItemRefusal['facts'] = {},
): ItemRefusal {
  return { kind: 'refused', code, facts, nearestMiss }
}

/** The last moment of a window still counts. */
function windowRefusal({ now }: EvaluationFacts, discount: Discount): ItemRefusal | null {
  if (discount.used) return refusal('discount_used')
  if (discount.expiresAt !== null && now > discount.expiresAt) return refusal('discount_expired')
  if (discount.startsAt !== null && now < discount.startsAt) {
    return refusal('discount_not_started', null, { startsAt: discount.startsAt })
  }
  return null
}

function locationRefusal(
  { location }: EvaluationFacts,
  scopes: readonly LocationScope[],
): ItemRefusal | null {
  return scopes.every((scope) => isInScope(scope, location)) ? null : refusal('restricted_location')
}

/** An empty scope is everywhere. */
export function isInScope(scope: LocationScope, location: EvaluationFacts['location']): boolean {
  if (scope.length === 0) return true
  if (scope.includes(`location:${location.locationId}`)) return true
  return location.tags.some((tag) => scope.includes(`tag:${tag}`))
}

function limitRefusal(
  { facts: { settings }, granted }: Batch,
  { acquisition }: Discount,
): ItemRefusal | null {
  if (granted.length >= settings.maxRedemptionsInTransaction) return refusal('redemption_limit')
  const limit = settings.processingPriorityByAcquisitionType.find(
    ({ code }) => code === acquisition,
  )?.multiplicationFactor
  const ofClass = granted.filter((code) => code === acquisition).length
  if (limit !== undefined && limit !== null && ofClass >= limit) {
    return refusal('category_limit', null, { acquisition })
  }
  const isExcluded = settings.excludeInteroperabilityBetween.some(
    ([a, b]) =>
      (a === acquisition && granted.includes(b)) || (b === acquisition && granted.includes(a)),
  )
  return isExcluded ? refusal('interoperability') : null
}

function fundingRefusal({ wallet }: Batch, { source }: Discount): ItemRefusal | null {
  switch (source.kind) {
    case 'redeemable':
      return pointsRefusal(wallet, source.costPoints)
    case 'discount_amount':
      return currencyRefusal(wallet, source.askedCents)
    case 'card_completion':
      return cardRefusal(wallet)
    case 'fuel_reward':
      return wallet.fuelRate > 0 ? null : refusal('insufficient_balance')
    case 'redemption_code':
      if (source.staged.kind === 'points') return pointsRefusal(wallet, source.staged.costPoints)
      if (source.staged.kind === 'currency') return currencyRefusal(wallet, source.staged.cents)
      return source.staged.kind === 'card' ? cardRefusal(wallet) : null
    case 'reward':
    case 'subscription':
      return null
  }
}

function pointsRefusal({ points }: Batch['wallet'], costPoints: number): ItemRefusal | null {
  if (points >= costPoints) return null
  return refusal('insufficient_points', `needs ${counted(costPoints - points, 'more point')}`)
}

function currencyRefusal(
  { currencyCents }: Batch['wallet'],
  askedCents: number,
): ItemRefusal | null {
  if (currencyCents >= askedCents) return null
  const nearestMiss = `balance ${inCurrency(currencyCents)} of ${inCurrency(askedCents)}`
  return refusal('insufficient_balance', nearestMiss)
}

function cardRefusal({ cards }: Batch['wallet']): ItemRefusal | null {
  return cards >= 1 ? null : refusal('insufficient_cards', 'needs 1 more card')
}
