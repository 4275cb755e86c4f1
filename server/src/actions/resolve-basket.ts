import { unreachable } from '@regulars/contract/values/assert'
import { micros } from '@regulars/contract/values/exact'
import type { Instant } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import {
  type BasketItem,
  balances,
  type Discount,
  type DiscountType,
  type Wallet,
} from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import { codeTerms } from '../catalog/code-terms.ts'
import type { Code, GuestState, Reward, SelectedItem, Subscription } from '../store/guest-state.ts'
import type { Facts } from './change-guest.ts'

/** The basket's items with what each stands for now; what no longer stands for anything is null. */
export function resolveBasket(facts: Facts): BasketItem[] {
  return (facts.state.basket?.items ?? []).map((item) => resolveItem(item, facts))
}

export function resolveItem(item: SelectedItem, facts: Facts): BasketItem {
  return {
    basketItemId: item.itemId,
    createdAt: item.createdAt,
    discountType: item.discountType,
    discountId: item.discountId,
    discount: discountOf(item, facts),
  }
}

function discountOf(item: SelectedItem, facts: Facts): Discount | null {
  const { state, catalog } = facts
  switch (item.discountType) {
    case 'reward':
      return rewardDiscount(
        state.rewards.find((reward) => String(reward.rewardId) === item.discountId),
        catalog,
      )
    case 'redeemable':
      return redeemableDiscount(item.discountId, catalog)
    case 'card_completion':
      return ofLoyalty({ kind: 'card_completion' })
    case 'discount_amount':
      return ofLoyalty({ kind: 'discount_amount', askedCents: item.valueCents ?? cents(0) })
    case 'fuel_reward':
      return ofLoyalty({ kind: 'fuel_reward' })
    case 'redemption_code':
      return codeDiscount(
        state.codes.find((code) => code.code === item.discountId),
        facts,
      )
    case 'subscription':
      return subscriptionDiscount(
        state.subscriptions.find((one) => String(one.subscriptionId) === item.discountId),
        catalog,
      )
    default:
      return unreachable(item.discountType)
  }
}

function ofLoyalty(source: Discount['source']): Discount {
  return {
    acquisition: 'loyalty',
    startsAt: null,
    expiresAt: null,
    used: false,
    locations: [],
    autoApplicable: true,
    source,
  }
}

/** A reward as a discount; null when there is none or its redeemable is gone. */
function rewardDiscount(reward: Reward | undefined, catalog: Catalog): Discount | null {
  const redeemable = reward && catalog.redeemables.get(reward.redeemableId)
  if (reward === undefined || redeemable === undefined) return null
  return {
    // A reward that points turned into is loyalty; one that was given is an offer (ours).
    acquisition: reward.loyalty ? 'loyalty' : 'offer',
    startsAt: reward.startsAt,
    expiresAt: reward.endsAt,
    used: reward.status === 'honored' || reward.status === 'withdrawn',
    locations: redeemable.locations,
    autoApplicable: redeemable.autoApplicable,
    source: {
      kind: 'reward',
      rewardId: reward.rewardId,
      redeemableId: redeemable.redeemableId,
      rule: redeemable.rule,
    },
  }
}

/** A redeemable bought with points; null when points do not buy it. */
function redeemableDiscount(discountId: string | null, catalog: Catalog): Discount | null {
  const redeemable = catalog.redeemables.get(Number(discountId))
  if (redeemable === undefined || redeemable.points === null) return null
  // Spelled in another way, the same redeemable would not be known for the one in the basket.
  if (String(redeemable.redeemableId) !== discountId) return null
  return {
    acquisition: 'loyalty',
    startsAt: redeemable.startsAt,
    expiresAt: redeemable.endsAt,
    used: false,
    locations: redeemable.locations,
    autoApplicable: false,
    source: {
      kind: 'redeemable',
      redeemableId: redeemable.redeemableId,
      costPoints: redeemable.points,
      rule: redeemable.rule,
    },
  }
}

function subscriptionDiscount(
  subscription: Subscription | undefined,
  catalog: Catalog,
): Discount | null {
  const plan = subscription && catalog.plans.get(subscription.planId)
  if (subscription === undefined || plan === undefined) return null
  return {
    acquisition: 'pre_purchased',
    startsAt: subscription.startsAt,
    expiresAt: subscription.endsAt,
    used: subscription.status === 'hard_cancelled' || subscription.status === 'expired',
    locations: plan.locations,
    autoApplicable: plan.autoApplicable,
    source: {
      kind: 'subscription',
      subscriptionId: subscription.subscriptionId,
      planId: plan.planId,
      benefits: plan.benefits,
      uses: subscription.uses,
    },
  }
}

function codeDiscount(code: Code | undefined, facts: Facts): Discount | null {
  if (code === undefined) return null
  const { catalog } = facts
  const terms = codeTerms(code, catalog)
  const staged = code.staged ?? ({ kind: 'nothing' } as const)
  const behind = stagedSource(staged, facts)
  const redeemable = catalog.redeemables.get(
    terms?.redeemableId ?? code.redeemableId ?? behind?.redeemableId ?? 0,
  )
  const rule = redeemable?.rule ?? stagedRule(staged, catalog)
  if (rule === null) return null
  const exhausted = code.usesMax !== null && code.uses >= code.usesMax
  return {
    acquisition: behind?.acquisition ?? 'promo_coupon',
    startsAt: later(code.startsAt, terms?.startsAt ?? null),
    expiresAt: earlier(code.expiresAt, terms?.endsAt ?? null),
    used: exhausted || !code.active || terms?.active === false || (behind?.used ?? false),
    locations: redeemable?.locations ?? [],
    autoApplicable: false,
    source: {
      kind: 'redemption_code',
      code: code.code,
      redeemableId: redeemable?.redeemableId ?? null,
      rule,
      staged,
    },
  }
}

// A code that the app made takes the class of what it stands for (ours).
function stagedSource(staged: NonNullable<Code['staged']>, { state, catalog }: Facts) {
  if (staged.kind === 'reward') {
    const reward = state.rewards.find((one) => one.rewardId === staged.rewardId)
    const discount = rewardDiscount(reward, catalog)
    if (discount === null || reward === undefined) return { ...gone }
    return {
      acquisition: discount.acquisition,
      used: discount.used,
      redeemableId: reward.redeemableId,
    }
  }
  if (staged.kind === 'nothing') return null
  return { acquisition: 'loyalty' as const, used: false, redeemableId: null }
}

const gone = { acquisition: 'offer' as const, used: true, redeemableId: null }

function stagedRule(staged: NonNullable<Code['staged']>, catalog: Catalog) {
  if (staged.kind === 'currency') return { kind: 'flat' as const, discountCents: staged.cents }
  if (staged.kind === 'card') {
    return { kind: 'flat' as const, discountCents: catalog.program.cardValueCents }
  }
  return null
}

function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

function later(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}

/** What the guest has to spend now. */
export function walletOf(state: GuestState, { catalog, now }: Facts): Wallet {
  const held = balances(state.account, now)
  return {
    points: points(held.points.available),
    currencyCents: cents(held.currency.available),
    cards: Math.floor(held.visits.available / catalog.program.visitsPerCard),
    fuelRate: micros(held.fuel.available),
  }
}

/** Whether a reward stands behind a live code of the guest's app: that code alone reaches it. */
export function isStaged(rewardId: string | null, { state, now }: Facts): boolean {
  return state.codes.some(
    (code) =>
      code.staged?.kind === 'reward' &&
      String(code.staged.rewardId) === rewardId &&
      code.uses === 0 &&
      (code.expiresAt === null || code.expiresAt > now),
  )
}

/** Everything the guest could put into the basket beside what is in it, one item each. */
export function otherDiscounts(facts: Facts): BasketItem[] {
  const { state, catalog, now } = facts
  const inBasket = new Set(
    (state.basket?.items ?? []).map((item) => `${item.discountType}:${item.discountId}`),
  )
  const wallet = walletOf(state, facts)
  const candidate = (
    discountType: DiscountType,
    discountId: string | null,
    discount: Discount | null,
    createdAt: Instant,
  ): BasketItem[] =>
    discount === null || discount.used || inBasket.has(`${discountType}:${discountId}`)
      ? []
      : [{ basketItemId: 0, createdAt, discountType, discountId, discount }]

  const rewards = state.rewards
    .filter((reward) => reward.status === 'unredeemed' && !isStaged(String(reward.rewardId), facts))
    .flatMap((reward) =>
      candidate(
        'reward',
        String(reward.rewardId),
        rewardDiscount(reward, catalog),
        reward.createdAt,
      ),
    )
  const bought = [...catalog.redeemables.keys()].flatMap((id) =>
    candidate('redeemable', String(id), redeemableDiscount(String(id), catalog), now),
  )
  const subscriptions = state.subscriptions.flatMap((one) =>
    candidate(
      'subscription',
      String(one.subscriptionId),
      subscriptionDiscount(one, catalog),
      one.startsAt,
    ),
  )
  const card =
    wallet.cards > 0
      ? candidate('card_completion', null, ofLoyalty({ kind: 'card_completion' }), now)
      : []
  const currency =
    wallet.currencyCents > 0
      ? candidate(
          'discount_amount',
          null,
          ofLoyalty({ kind: 'discount_amount', askedCents: wallet.currencyCents }),
          now,
        )
      : []
  const fuel =
    wallet.fuelRate > 0
      ? candidate('fuel_reward', null, ofLoyalty({ kind: 'fuel_reward' }), now)
      : []
  return [...rewards, ...bought, ...subscriptions, ...card, ...currency, ...fuel]
}
