import { type Instant, toWireInstant } from '@regulars/contract/values/instants'
import { type Checkin, figures } from '@regulars/engine'
import type { Facts } from '../actions/change-guest.ts'
import {
  balanceReply,
  nothingSelected,
  posFullGuestReply,
  posGuestReply,
  rewardsReply,
} from './guest-reply.ts'

/** What the till is answered: the whole guest, and what this check earned. */
export function posCheckinReply(facts: Facts, checkin: Checkin, language: string | null) {
  return {
    ...posFullGuestReply(facts, language),
    ...nothingSelected,
    points_earned: checkin.points,
    checkin_id: checkin.checkinId,
  }
}

/** What the till is answered for a visit that earns nothing. */
export function posVisitReply(facts: Facts, language: string | null) {
  return {
    ...posGuestReply(facts),
    balance: balanceReply(facts),
    rewards: rewardsReply(facts, language),
  }
}

/** What online ordering is answered; the totals count what is still pending too. */
export function onlineCheckinReply(
  { state, catalog, now }: Facts,
  { checkin, createdAt }: { checkin: Checkin; createdAt: Instant },
) {
  const { guest, account } = state
  const held = figures(account, catalog.program, now)
  const pendingVisits = account.checkins
    .filter((one) => one.state === 'pending')
    .reduce((sum, one) => sum + one.visits, 0)
  const isPending = checkin.state === 'pending'
  return {
    first_name: guest.firstName ?? '',
    last_name: guest.lastName ?? '',
    checkins: held.lifetimeVisits + pendingVisits,
    points: held.lifetimePoints + held.pendingPoints,
    checkin: {
      checkin_id: checkin.checkinId,
      external_uid: checkin.externalUid ?? '',
      created_at: toWireInstant(createdAt),
      points_earned: checkin.state === 'approved' ? checkin.points : 0,
      pending_points: isPending ? checkin.points : 0,
      pending_refresh: isPending,
      bar_code: '',
    },
  }
}
