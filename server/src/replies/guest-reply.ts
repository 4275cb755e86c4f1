import { toWireInstant } from '@regulars/contract/values/instants'
import { toDecimal, toDecimalText } from '@regulars/contract/values/money'
import { figures, tierHeld } from '@regulars/engine'
import type { Facts } from '../actions/change-guest.ts'
import { standInEmail } from '../actions/identify-guest.ts'
import { localised } from '../catalog/localised.ts'
import type { Guest } from '../store/guest-state.ts'
import { wireOrNull } from './discount-details.ts'

/** What a guest has, as tills see it. The published mix of numbers and text is kept. */
export function balanceReply({ state, catalog, now }: Facts) {
  const held = figures(state.account, catalog.program, now)
  const tier = tierHeld(state.account, catalog.program)
  return {
    banked_rewards: toDecimalText(held.bankedCents),
    membership_level: tier?.name ?? null,
    membership_level_id: tier === null ? null : String(tier.tierId),
    expired_membership_level: null,
    net_balance: held.spendable,
    net_debits: held.debits,
    pending_points: held.pendingPoints,
    points_balance: held.unbankedPoints,
    signup_anniversary_day: anniversary(toWireInstant(state.account.joinedAt)),
    total_credits: held.credits,
    total_debits: decimalText(held.debits),
    total_point_credits: held.lifetimePoints,
    total_redeemable_visits: held.redeemableVisits,
    total_visits: held.lifetimeVisits,
    initial_visits: held.initialVisits,
    unredeemed_cards: held.cards,
  }
}

// "10/17" of 2024-10-17T…
function anniversary(wireMoment: string): string {
  return `${wireMoment.slice(5, 7)}/${wireMoment.slice(8, 10)}`
}

function decimalText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

/** The rewards a guest holds, then the redeemables the guest has the points for. */
export function rewardsReply(facts: Facts, language: string | null) {
  const { state, catalog, now } = facts
  const rewards = state.rewards
    .filter((reward) => reward.status === 'unredeemed')
    .flatMap((reward) => {
      const redeemable = catalog.redeemables.get(reward.redeemableId)
      if (redeemable === undefined) return []
      return [
        {
          id: reward.rewardId,
          name: localised(redeemable.name, language),
          description: localised(redeemable.description, language),
          image: redeemable.image,
          type: 'reward' as const,
          discount_amount: toDecimal(redeemable.flatCents),
          points: 0,
          status: 'unredeemed' as const,
          redeemable_properties: redeemable.itemProperties,
          ...metaMember(redeemable.metaData),
          start_date_tz: wireOrNull(reward.startsAt),
          end_date_tz: wireOrNull(reward.endsAt),
          created_at: toWireInstant(reward.createdAt),
          updated_at: toWireInstant(reward.updatedAt),
        },
      ]
    })
  return [...rewards, ...affordable(facts, language, now)]
}

function affordable({ state, catalog }: Facts, language: string | null, now: Facts['now']) {
  if (catalog.program.programType !== 'points_unlock_redeemables') return []
  const held = figures(state.account, catalog.program, now)
  return [...catalog.redeemables.values()].flatMap((redeemable) => {
    const { points, startsAt, endsAt } = redeemable
    const running = (startsAt === null || startsAt <= now) && (endsAt === null || endsAt > now)
    if (points === null || points > held.spendable || !running) return []
    return [
      {
        id: redeemable.redeemableId,
        name: localised(redeemable.name, language),
        description: localised(redeemable.description, language),
        image: redeemable.image,
        type: 'redeemable' as const,
        discount_amount: toDecimal(redeemable.flatCents),
        points,
        status: 'unredeemed' as const,
        redeemable_properties: redeemable.itemProperties,
        ...metaMember(redeemable.metaData),
        start_date_tz: wireOrNull(startsAt),
        end_date_tz: wireOrNull(endsAt),
        created_at: toWireInstant(state.account.joinedAt),
        updated_at: toWireInstant(state.account.joinedAt),
      },
    ]
  })
}

function metaMember(metaData: string | null): { meta_data?: string } {
  return metaData === null ? {} : { meta_data: metaData }
}

/** The guest without balance and rewards, as tills see it. */
export function posGuestReply({ state }: Facts) {
  const { guest, account } = state
  return {
    id: guest.guestId,
    first_name: guest.firstName ?? '',
    last_name: guest.lastName ?? '',
    email: emailOf(guest),
    phone: guest.phone,
    gender: guest.profile.gender ?? '',
    birthday: guest.profile.birthday ?? null,
    anniversary: guest.profile.anniversary ?? null,
    address_line1: guest.profile.addressLine1 ?? null,
    zip_code: guest.profile.zipCode ?? null,
    avatar_remote_url: null,
    fb_uid: null,
    created_at: toWireInstant(account.joinedAt),
    updated_at: toWireInstant(account.lastActivityAt),
  }
}

/** The whole guest, as search, sign-up and check-in at the till return it. */
export function posFullGuestReply(facts: Facts, language: string | null) {
  const { guest } = facts.state
  return {
    ...posGuestReply(facts),
    city: guest.profile.city ?? null,
    state: guest.profile.state ?? null,
    age_verified: guest.profile.ageVerified ?? false,
    privacy_policy: guest.profile.privacyPolicy ?? false,
    email_verified: false,
    user_digest: `${guest.businessId}-${guest.guestId}`,
    discount_type: null,
    balance: balanceReply(facts),
    rewards: rewardsReply(facts, language),
  }
}

/** A guest without an address has one that leads nowhere, as published for till sign-ups. */
export function emailOf({ email, guestId, status }: Guest): string {
  if (status === 'deleted') return `deleted-${guestId}@anonymous.invalid`
  return email ?? standInEmail(guestId)
}

/** What a guest chose with a single scan code under Redemptions 1.0; under 2.0 the basket holds it. */
export const nothingSelected = {
  selected_card_number: null,
  selected_discount_amount: null,
  selected_rewards: [],
  selected_redeemables: [],
  selected_redeemable_cards: [],
  selected_coupons: [],
  selected_subscriptions: [],
}
