import { businessDateAt, plusMs, toWireInstant } from '@regulars/contract/values/instants'
import { toDecimal } from '@regulars/contract/values/money'
import { figures, nextTierReviewAt, tierHeld } from '@regulars/engine'
import type { Facts } from '../actions/change-guest.ts'
import type { CatalogRedeemable } from '../catalog/catalog.ts'
import { localised } from '../catalog/localised.ts'
import type { Location } from '../store/callers.ts'
import type { Reward } from '../store/guest-state.ts'
import { wireOrNull } from './discount-details.ts'

/** What an account page is written with. */
type Page = { facts: Facts; locations: readonly Location[]; language: string | null }

/** The account page of online ordering. */
export function onlineAccountReply(page: Page) {
  const { facts, locations, language } = page
  const { businessId } = facts.state.guest
  return {
    account_balance: accountBalanceReply(facts),
    rewards: heldRewards(facts).map(({ reward, redeemable }) => {
      const { zone } = facts.catalog
      const startsAt = reward.startsAt ?? reward.createdAt
      const scope = locationsOf(redeemable, locations)
      return {
        id: reward.rewardId,
        redeemable_id: redeemable.redeemableId,
        business_id: businessId,
        type: 'reward' as const,
        name: localised(redeemable.name, language),
        description: localised(redeemable.description, language),
        start_date: businessDateAt(startsAt, zone),
        end_date: reward.endsAt === null ? null : businessDateAt(reward.endsAt, zone),
        start_date_tz: toWireInstant(startsAt),
        end_date_tz: wireOrNull(reward.endsAt),
        location_ids: scope.map(({ locationId }) => locationId),
        external_store_numbers: scope.map(({ storeNumber }) => storeNumber),
        gifted_for_type: reward.giftedForType,
        gift_reason: reward.giftReason,
        gaming_level_id: null,
        read_at: null,
        reward_properties: redeemable.itemProperties,
      }
    }),
    active_redemptions: [],
    ...nothingKept,
  }
}

/** The account page of the app. */
export function mobileAccountReply(page: Page) {
  const { facts, locations, language } = page
  return {
    account_balance: accountBalanceReply(facts),
    rewards: heldRewards(facts).map(({ reward, redeemable }) => ({
      reward_id: reward.rewardId,
      name: localised(redeemable.name, language),
      description: localised(redeemable.description, language),
      reward_image_url: redeemable.image,
      discount_amount: toDecimal(redeemable.flatCents),
      discount_channel: redeemable.channel,
      campaign_type: reward.loyalty ? 'loyalty' : null,
      becomes_available_at: wireOrNull(reward.startsAt),
      expiring_at: wireOrNull(reward.endsAt),
      created_at: toWireInstant(reward.createdAt),
      read_at: null,
      reward_properties: redeemable.itemProperties,
      store_numbers: locationsOf(redeemable, locations).map(({ storeNumber }) => storeNumber),
      franchisee_id: null,
      meta_data: redeemable.metaData,
      redeemable_created_at: toWireInstant(redeemable.startsAt ?? reward.createdAt),
      redemption_details: null,
      auto_select: redeemable.autoApplicable,
    })),
    active_redemptions: [],
    ...nothingKept,
  }
}

/** What a guest has, as the account pages show it; null where the program has no such thing. */
export function accountBalanceReply({ state, catalog, now }: Facts) {
  const { account } = state
  const { program, zone } = catalog
  const held = figures(account, program, now)
  const tier = tierHeld(account, program)
  const reviewAt = tier === null ? null : nextTierReviewAt(account, program)
  const countsVisits = program.programType === 'visits'
  const banksCurrency = program.conversion?.into.kind === 'currency' || held.bankedCents > 0
  const expiring = held.nextCurrencyExpiry
  return {
    banked_currency: banksCurrency ? toDecimal(held.bankedCents) : null,
    banked_currency_expiring_on: expiring === null ? null : businessDateAt(expiring.at, zone),
    expiring_banked_currency: expiring === null ? null : toDecimal(expiring.cents),
    checkins_on_current_card: countsVisits ? held.visitsOnCard : 0,
    current_membership_level_id: tier?.tierId ?? null,
    current_membership_level_name: tier?.name ?? null,
    // The last day of the level: the review is the first moment after it.
    current_membership_level_expiring_on:
      reviewAt === null ? null : businessDateAt(plusMs(reviewAt, -1), zone),
    pending_points: held.pendingPoints,
    redeemed_cards: countsVisits ? held.redeemedCards : null,
    total_loyalty_visits: held.lifetimeVisits,
    unredeemed_cards: countsVisits ? held.cards : null,
    lifetime_points: held.lifetimePoints,
    redeemable_points: held.unbankedPoints,
    unbanked_points: program.conversion === null ? 0 : held.unbankedPoints,
    membership_qualification_points: held.qualificationPoints,
  }
}

function heldRewards({ state, catalog }: Facts): {
  reward: Reward
  redeemable: CatalogRedeemable
}[] {
  return state.rewards.flatMap((reward) => {
    const redeemable = catalog.redeemables.get(reward.redeemableId)
    const isHeld = reward.status === 'unredeemed' && redeemable !== undefined
    return isHeld ? [{ reward, redeemable }] : []
  })
}

/** The stores a redeemable is bound to; none when it is good everywhere. */
function locationsOf(redeemable: CatalogRedeemable, locations: readonly Location[]): Location[] {
  const scope = new Set(redeemable.locations)
  return locations.filter(
    ({ locationId, tags }) =>
      scope.has(`location:${locationId}`) || tags.some((tag) => scope.has(`tag:${tag}`)),
  )
}

const nothingKept = {
  challenge_badges: [],
  coupons: [],
  messages: [],
  notifications: [],
  punch_cards: [],
  preferred_charities: [],
  converted_category_balances: [],
}
