import { type Refusal, refuse } from '@regulars/contract/refusals'
import { businessDateAt } from '@regulars/contract/values/instants'
import { type Cents, cents } from '@regulars/contract/values/money'
import type { AcquisitionClass, BasketItem, DiscountType } from '@regulars/engine'
import { foldCode } from '../catalog/catalog.ts'
import { codeTerms } from '../catalog/code-terms.ts'
import type { Deps } from '../deps.ts'
import { goneCode } from '../replies/basket-reply.ts'
import type { Location } from '../store/callers.ts'
import type { Basket, GuestChange, GuestState, SelectedItem } from '../store/guest-state.ts'
import { featureRefusal, lockFor, lockRefusal, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Facts, type GuestId } from './change-guest.ts'
import { isStaged, resolveBasket, resolveItem, walletOf } from './resolve-basket.ts'

/** One discount a caller asks for. */
export type Chosen = {
  discountType: DiscountType
  discountId: string | null
  valueCents: Cents | null
}

export type Selection = GuestId & {
  /** Null on mobile and online ordering, which name no store. */
  location: Location | null
  externalUid: string | null
  chosen: readonly Chosen[]
}

/** More than this cannot be asked of banked currency at once. */
const askedCentsMax = 99_999_00

/**
 * Adds discounts to the guest's basket, all of them or none; makes the basket when there is none.
 * Points are not checked here. What went bad since it was selected is in the basket returned, once,
 * and dropped.
 *
 * Refused, in this order: guest_banned_basket, feature_disabled, basket_locked, same_parameters;
 * then per item what its type says; then already_taken, single_subscription, redemption_limit,
 * category_limit, interoperability.
 */
export async function select(
  deps: Deps,
  selection: Selection,
): Promise<{ kind: 'basket'; basket: Basket; facts: Facts } | Refusal> {
  const chosen = selection.chosen.map(normalised)
  const wanted = {
    codes: chosen.flatMap((one) =>
      one.discountType === 'redemption_code' && one.discountId !== null ? [one.discountId] : [],
    ),
    rewards: rewardIds(chosen),
  }
  return changeGuest(deps, selection, wanted, (facts) => {
    const refusal =
      standingRefusal(facts, 'guest_banned_basket') ??
      featureRefusal(facts.catalog, selection.location) ??
      lockRefusal(facts, selection.externalUid) ??
      repeatedRefusal(chosen)
    if (refusal !== null) return refusal

    const kept = keptItems(facts)
    const added = chosen.map((one) => selectedItem(deps, one, facts))
    const unfit = firstUnfit(facts, { kept, added })
    if (unfit !== null) return unfit

    const shown = withItems(deps, facts, selection, [
      ...(facts.state.basket?.items ?? []),
      ...added,
    ])
    const stored = { ...shown, items: [...kept, ...added] }
    return {
      kind: 'changed',
      result: { kind: 'basket', basket: shown, facts },
      change: { after: { ...facts.state, basket: stored }, entries: [] },
    }
  })
}

/** The items that still stand for something. */
export function keptItems(facts: Facts): SelectedItem[] {
  const gone = new Set(
    resolveBasket(facts)
      .filter((item) => goneCode(item, facts) !== null)
      .map((item) => item.basketItemId),
  )
  return (facts.state.basket?.items ?? []).filter((item) => !gone.has(item.itemId))
}

/** The guest's basket with these items, made when there is none, locked when the caller may lock. */
export function withItems(
  deps: Deps,
  { state, catalog, now }: Facts,
  caller: { externalUid: string | null; location: Location | null },
  items: readonly SelectedItem[],
): Basket {
  const basket = state.basket ?? {
    redemptionRef: deps.random.token(15),
    state: 'active' as const,
    locationId: null,
    lock: null,
    items: [],
    createdAt: now,
  }
  return {
    ...basket,
    locationId: caller.location?.locationId ?? basket.locationId,
    lock: lockFor(basket.lock, { externalUid: caller.externalUid, catalog, now }),
    items,
  }
}

/** The guest's basket becomes this one; left without items it is closed, and there is none. */
export function basketChange(state: GuestState, basket: Basket): Omit<GuestChange, 'before'> {
  if (basket.items.length > 0) return { after: { ...state, basket }, entries: [] }
  const after = { ...state, basket: null }
  if (state.basket === null) return { after, entries: [] }
  return { after, closedBasket: { ...state.basket, state: 'emptied', items: [] }, entries: [] }
}

function selectedItem(deps: Deps, chosen: Chosen, { now }: Facts): SelectedItem {
  return { itemId: deps.ids.next(), ...chosen, createdAt: now }
}

function normalised(chosen: Chosen): Chosen {
  if (chosen.discountType !== 'redemption_code' || chosen.discountId === null) return chosen
  return { ...chosen, discountId: foldCode(chosen.discountId) }
}

/** The reward ids among what was asked for, to be gathered whatever their status. */
function rewardIds(chosen: readonly Chosen[]): number[] {
  return chosen
    .filter((one) => one.discountType === 'reward')
    .map((one) => Number(one.discountId))
    .filter((id) => Number.isSafeInteger(id))
}

function repeatedRefusal(chosen: readonly Chosen[]): Refusal | null {
  const seen = new Set<string>()
  for (const { discountType, discountId, valueCents } of chosen) {
    const one = `${discountType}:${discountId}:${valueCents}`
    // Two cards are two cards; anything else twice is a mistake.
    if (discountType !== 'card_completion' && seen.has(one)) return refuse('same_parameters')
    seen.add(one)
  }
  return null
}

type Merging = { kept: readonly SelectedItem[]; added: readonly SelectedItem[] }

function firstUnfit(facts: Facts, merging: Merging): Refusal | null {
  for (const item of merging.added) {
    const refusal = itemRefusal(item, facts, merging)
    if (refusal !== null) return refusal
  }
  return takenRefusal(merging, facts) ?? limitRefusal(facts, merging)
}

function itemRefusal(item: SelectedItem, facts: Facts, merging: Merging): Refusal | null {
  switch (item.discountType) {
    case 'reward':
      return rewardRefusal(item, facts)
    case 'redeemable':
      return standsFor(item, facts) ? null : refuse('invalid_redeemable_id')
    case 'subscription':
      return standsFor(item, facts) ? null : refuse('invalid_subscription_id')
    case 'card_completion':
      return cardsRefusal(facts, merging)
    case 'discount_amount':
      return amountRefusal(item, facts, merging)
    case 'fuel_reward':
      return walletOf(facts.state, facts).fuelRate > 0 ? null : refuse('insufficient_balance')
    case 'redemption_code':
      return codeRefusal(item, facts)
  }
}

function standsFor(item: SelectedItem, facts: Facts): boolean {
  return goneCode(resolveItem(item, facts), facts) === null
}

function rewardRefusal(item: SelectedItem, facts: Facts): Refusal | null {
  const fits = standsFor(item, facts) && !isStaged(item.discountId, facts)
  return fits ? null : refuse('invalid_reward_id')
}

function cardsRefusal(facts: Facts, { kept, added }: Merging): Refusal | null {
  const cards = [...kept, ...added].filter((one) => one.discountType === 'card_completion').length
  return cards <= walletOf(facts.state, facts).cards ? null : refuse('insufficient_cards')
}

function amountRefusal(item: SelectedItem, facts: Facts, { kept, added }: Merging): Refusal | null {
  const value = item.valueCents
  if (value === null || value <= 0) return refuse('invalid_discount_value')
  if (value > askedCentsMax) return refuse('max_redemption_amount')
  const asked = [...kept, ...added].reduce((sum, one) => sum + (one.valueCents ?? cents(0)), 0)
  return asked <= walletOf(facts.state, facts).currencyCents ? null : refuse('insufficient_balance')
}

function codeRefusal(item: SelectedItem, facts: Facts): Refusal | null {
  const { state, catalog, now } = facts
  const code = state.codes.find((one) => one.code === item.discountId)
  if (code === undefined) return refuse('invalid_code')
  if (code.guestId !== null && code.guestId !== state.guest.guestId) return refuse('invalid_code')
  const terms = codeTerms(code, catalog)
  if (terms?.mobileOnly === true) return refuse('code_mobile_only')
  const { discount } = resolveItem(item, facts)
  if (discount === null) return refuse('invalid_code')
  const started = discount.startsAt === null || discount.startsAt <= now
  const ended = discount.expiresAt !== null && discount.expiresAt < now
  if (!code.active || terms?.active === false || !started || ended) {
    return refuse(terms === null ? 'invalid_code' : 'code_not_active')
  }
  if (code.usesMax !== null && code.uses >= code.usesMax) {
    return refuse(terms === null ? 'invalid_code' : 'code_exhausted')
  }
  if (discount.used) return refuse('invalid_code')
  return guestUsesRefusal(code.usedAt, facts, code.code)
}

function guestUsesRefusal(
  usedAt: readonly number[],
  { catalog, now }: Facts,
  code: string,
): Refusal | null {
  const promo = catalog.promoCodes.get(code)
  if (promo === undefined) return null
  const today = businessDateAt(now, catalog.zone)
  const usesToday = usedAt.filter(
    (at) => businessDateAt(at as typeof now, catalog.zone) === today,
  ).length
  const { usesPerGuestMax, usesPerGuestPerDayMax } = promo
  if (usesPerGuestPerDayMax !== null && usesToday >= usesPerGuestPerDayMax) {
    return refuse('code_daily_limit', { times: usesPerGuestPerDayMax })
  }
  if (usesPerGuestMax !== null && usedAt.length >= usesPerGuestMax) return refuse('code_exhausted')
  return null
}

const countable: readonly DiscountType[] = ['card_completion', 'discount_amount']

function takenRefusal({ kept, added }: Merging, { catalog }: Facts): Refusal | null {
  const taken = new Set(kept.map((item) => `${item.discountType}:${item.discountId}`))
  for (const item of added) {
    const repeatable =
      countable.includes(item.discountType) ||
      (item.discountType === 'redeemable' && catalog.redemptions.switches.repeatRedeemable)
    if (!repeatable && taken.has(`${item.discountType}:${item.discountId}`)) {
      return refuse('already_taken')
    }
    if (item.discountType === 'discount_amount' && taken.has('discount_amount:null')) {
      return refuse('already_taken')
    }
  }
  const subscriptions = [...kept, ...added].filter((item) => item.discountType === 'subscription')
  return subscriptions.length > 1 ? refuse('single_subscription') : null
}

function limitRefusal(facts: Facts, { kept, added }: Merging): Refusal | null {
  const { redemptions } = facts.catalog
  const items = [...kept, ...added]
  if (items.length > redemptions.maxRedemptionsInTransaction) return refuse('redemption_limit')
  const classes = items.map((item) => acquisitionOf(resolveItem(item, facts)))
  for (const { code, multiplicationFactor } of redemptions.processingPriorityByAcquisitionType) {
    const count = classes.filter((one) => one === code).length
    if (multiplicationFactor !== null && count > multiplicationFactor) {
      return refuse('category_limit', { acquisition: code })
    }
  }
  const clash = redemptions.excludeInteroperabilityBetween.some(([one, other]) =>
    one === other
      ? classes.filter((found) => found === one).length > 1
      : classes.includes(one) && classes.includes(other),
  )
  return clash ? refuse('interoperability') : null
}

function acquisitionOf({ discount }: BasketItem): AcquisitionClass | null {
  return discount?.acquisition ?? null
}
