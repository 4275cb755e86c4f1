import type { Refusal } from '@regulars/contract/refusals'
import type { Cents } from '@regulars/contract/values/money'
import type { DiscountType } from '@regulars/contract/wire/baskets'
import {
  mobileActive,
  mobileSelect,
  mobileUnselect,
  onlineActive,
  onlineAutoSelect,
  onlineSelect,
  onlineUnlock,
  onlineUnselect,
  posActive,
  posAutoSelect,
  posLookup,
  posSelect,
  posUnlock,
  posUnselect,
} from '@regulars/contract/wire/discounts'
import { activeBasket, unlockBasket } from '../actions/active-basket.ts'
import { autoSelectDiscounts } from '../actions/auto-select.ts'
import type { Facts } from '../actions/change-guest.ts'
import { lookUp } from '../actions/look-up.ts'
import { type Chosen, select } from '../actions/select.ts'
import { unselect } from '../actions/unselect.ts'
import { basketReply } from '../replies/basket-reply.ts'
import type { Basket } from '../store/guest-state.ts'
import { type Caller, ok, type Reply, type Route, route } from './call.ts'
import { checkFrom } from './check-from.ts'

export const discountRoutes: readonly Route[] = [
  route(posAutoSelect, async (deps, { caller, request, language, explains }) => {
    const receipt = checkFrom(request, 'pos')
    const result = await autoSelectDiscounts(deps, { ...atTill(caller, request), receipt })
    return basketReplyOf(result, { language, shape: 'without_location', explains })
  }),

  route(posLookup, async (deps, { caller, request, language, explains }) => {
    const receipt = checkFrom(request, 'pos')
    const result = await lookUp(deps, { ...atTill(caller, request), receipt, language })
    if (result.kind === 'refused') return result
    return ok(explains ? { ...result.reply, explanation: result.explanation } : result.reply)
  }),

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

  route(onlineAutoSelect, async (deps, { caller, request, language, explains }) => {
    const receipt = checkFrom(request, 'online_order')
    const result = await autoSelectDiscounts(deps, { ...ofGuest(caller, request), receipt })
    return basketReplyOf(result, { language, shape: 'without_location', explains })
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
function atTill(
  { businessId, location }: Caller['location_key'],
  request: { user_id: number; external_uid?: string },
) {
  const externalUid = request.external_uid ?? null
  return { businessId, location, guestId: request.user_id, externalUid }
}

/** The same for the guest of a bearer token, who names no store. */
function ofGuest(
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
function basketReplyOf(
  result: { kind: 'basket'; basket: Basket; facts: Facts; explanation?: unknown } | Refusal,
  {
    language,
    shape,
    explains = false,
  }: {
    language: string | null
    shape: 'till' | 'without_location' | 'mobile'
    explains?: boolean
  },
): Reply | Refusal {
  if (result.kind === 'refused') return result
  const { basket, facts, explanation } = result
  const { locked, ...members } = basketReply(basket, facts, language)
  const explained = explains ? { explanation } : {}
  switch (shape) {
    case 'till':
      return ok({ ...members, locked, location_id: basket.locationId })
    case 'without_location':
      return ok({ ...members, locked, ...explained })
    case 'mobile':
      return ok(members)
  }
}
