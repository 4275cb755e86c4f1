import { type Refusal, refuse } from '@regulars/contract/refusals'
import { autoSelect, type BasketItem, type Receipt } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import { explanationOf } from '../replies/explanation.ts'
import type { Location } from '../store/callers.ts'
import type { Basket, SelectedItem } from '../store/guest-state.ts'
import { featureRefusal, lockRefusal, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Facts, type GuestId } from './change-guest.ts'
import { evaluationFacts } from './evaluation-facts.ts'
import { otherDiscounts } from './resolve-basket.ts'
import { basketChange, withItems } from './select.ts'

/** Where no store is named (online ordering), rules bound to stores do not hold. */
export type AutoSelectRequest = GuestId & {
  location: Location | null
  receipt: Receipt
  externalUid: string | null
}

export type AutoSelected = { kind: 'basket'; basket: Basket; facts: Facts; explanation: unknown }

/**
 * Puts into the basket what suits the check best by the business's strategy: subscriptions and
 * rewards marked for it, never what costs points. What is there already stays unless it fails on
 * this check.
 *
 * Refused, in this order: guest_banned_basket, feature_disabled (also when auto-redemption is off),
 * basket_locked.
 */
export async function autoSelectDiscounts(
  deps: Deps,
  request: AutoSelectRequest,
): Promise<AutoSelected | Refusal> {
  return changeGuest(deps, request, {}, (facts) => {
    const { state, catalog, now } = facts
    const refusal =
      standingRefusal(facts, 'guest_banned_basket') ??
      featureRefusal(catalog, request.location) ??
      (catalog.redemptions.autoRedemption ? null : refuse('feature_disabled')) ??
      lockRefusal(facts, request.externalUid)
    if (refusal !== null) return refusal

    // Candidates carry the ids that they would have in the basket. What can be bought is many and
    // is never chosen, so it takes none.
    const candidates = otherDiscounts(facts)
      .filter((item) => item.discountType !== 'redeemable')
      .map((item) => ({ ...item, basketItemId: deps.ids.next() }))
    const location = request.location ?? noStore
    const evaluationOf = evaluationFacts(facts, { location, receipt: request.receipt })
    const chosen = autoSelect(evaluationOf, candidates)
    const added = chosen.add.map((item) => selectedFrom(item, now))
    const dropped = new Set(chosen.drop.map((item) => item.basketItemId))
    const items = [
      ...(state.basket?.items ?? []).filter((item) => !dropped.has(item.itemId)),
      ...added,
    ]
    const basket = withItems(deps, facts, request, items)
    const explanation = explanationOf(chosen.evaluation, null)
    const result = { kind: 'basket', basket, facts, explanation } as const
    if (items.length === 0 && state.basket === null) return { kind: 'unchanged', result }
    return { kind: 'changed', result, change: basketChange(state, basket) }
  })
}

const noStore = { locationId: 0, name: '', tags: [] }

function selectedFrom(item: BasketItem, now: SelectedItem['createdAt']): SelectedItem {
  const source = item.discount?.source
  return {
    itemId: item.basketItemId,
    discountType: item.discountType,
    discountId: item.discountId,
    valueCents: source?.kind === 'discount_amount' ? source.askedCents : null,
    createdAt: now,
  }
}
