import type { Refusal } from '@regulars/contract/refusals'
import type { Cents } from '@regulars/contract/values/money'
import type { DiscountType } from '@regulars/contract/wire/baskets'
import {
  mobileActive,
  mobileSelect,
  mobileUnselect,
  onlineActive,
  onlineSelect,
  onlineUnlock,
  onlineUnselect,
  posActive,
  posSelect,
  posUnlock,
  posUnselect,
} from '@regulars/contract/wire/discounts'
import { activeBasket, unlockBasket } from '../actions/active-basket.ts'
import type { Facts } from '../actions/change-guest.ts'
import { type Chosen, select } from '../actions/select.ts'
import { unselect } from '../actions/unselect.ts'
import { basketReply } from '../replies/basket-reply.ts'
import type { Basket } from '../store/guest-state.ts'
import { type Caller, ok, type Reply, type Route, route } from './call.ts'

export const discountRoutes: readonly Route[] = [
  route(posSelect, async (deps, { caller, request, language }) => {
    const chosen = request.discount_basket_items_attributes.map(chosenFrom)
    const result = await select(deps, { ...atTill(caller, request), chosen })
    return basketReplyOf(result, { language, shape: 'till' })
  }),

  route(posUnselect, async (deps, { caller, request, language }) => {
    const itemIds = request.discount_basket_item_ids
    const result = await unselect(deps, { ...atTill(caller, request), itemIds })
    return basketReplyOf(result, { language, shape: 'till' })
  }),

  route(posActive, async (deps, { caller, request, language }) => {
    const result = await activeBasket(deps, atTill(caller, request))
    return basketReplyOf(result, { language, shape: 'without_location' })
  }),

  route(posUnlock, async (deps, { caller, request }) => {
    const externalUid = request.external_uid
    const result = await unlockBasket(deps, { ...atTill(caller, request), externalUid })
    return result.kind === 'refused' ? result : ok(null)
  }),

  route(onlineSelect, async (deps, { caller, request, language }) => {
    const chosen = request.discount_basket_items_attributes.map(chosenFrom)
    const result = await select(deps, { ...ofGuest(caller, request), chosen })
    return basketReplyOf(result, { language, shape: 'without_location' })
  }),

  route(onlineUnselect, async (deps, { caller, request, language }) => {
    const itemIds = request.discount_basket_item_ids
    const result = await unselect(deps, { ...ofGuest(caller, request), itemIds })
    return basketReplyOf(result, { language, shape: 'without_location' })
  }),

  route(onlineActive, async (deps, { caller, request, language }) => {
    const result = await activeBasket(deps, ofGuest(caller, request))
    return basketReplyOf(result, { language, shape: 'without_location' })
  }),

  route(onlineUnlock, async (deps, { caller, request }) => {
    const externalUid = request.external_uid
    const result = await unlockBasket(deps, { ...ofGuest(caller, request), externalUid })
    return result.kind === 'refused' ? result : ok(null)
  }),

  // The app never holds a lock; it can only be stopped by one.
  route(mobileSelect, async (deps, { caller, request, language }) => {
    const chosen = request.discount_basket_items_attributes.map(chosenFrom)
    const result = await select(deps, { ...ofGuest(caller, {}), chosen })
    return basketReplyOf(result, { language, shape: 'mobile' })
  }),

  route(mobileUnselect, async (deps, { caller, request, language }) => {
    const itemIds = request.discount_basket_item_ids
    const result = await unselect(deps, { ...ofGuest(caller, {}), itemIds })
    return basketReplyOf(result, { language, shape: 'mobile' })
  }),

  route(mobileActive, async (deps, { caller, language }) => {
    const result = await activeBasket(deps, ofGuest(caller, {}))
    return basketReplyOf(result, { language, shape: 'mobile' })
  }),
]

/** Whose basket a till means, and on whose behalf it holds the lock. */
export function atTill(
  { businessId, location }: Caller['location_key'],
  request: { user_id: number; external_uid?: string },
) {
  const externalUid = request.external_uid ?? null
  return { businessId, location, guestId: request.user_id, externalUid }
}

/** The same for the guest of a bearer token, who names no store. */
export function ofGuest(
  { businessId, guestId }: Caller['signed_guest'],
  request: { external_uid?: string },
) {
  return { businessId, guestId, location: null, externalUid: request.external_uid ?? null }
}

function chosenFrom(attributes: {
  discount_type: DiscountType
  discount_id?: string
  discount_value?: Cents
}): Chosen {
  const { discount_type: discountType } = attributes
  const isAmount = discountType === 'discount_amount'
  const hasNoId = isAmount || discountType === 'card_completion' || discountType === 'fuel_reward'
  return {
    discountType,
    discountId: hasNoId ? null : (attributes.discount_id ?? null),
    valueCents: isAmount ? (attributes.discount_value ?? null) : null,
  }
}

/** A basket as the surface publishes it. */
export function basketReplyOf(
  result: { kind: 'basket'; basket: Basket; facts: Facts } | Refusal,
  { language, shape }: { language: string | null; shape: 'till' | 'without_location' | 'mobile' },
): Reply | Refusal {
  if (result.kind === 'refused') return result
  const { basket, facts } = result
  const { locked, ...members } = basketReply(basket, facts, language)
  switch (shape) {
    case 'till':
      return ok({ ...members, locked, location_id: basket.locationId })
    case 'without_location':
      return ok({ ...members, locked })
    case 'mobile':
      return ok(members)
  }
}
