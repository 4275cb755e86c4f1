import {
  businessDateAt,
  endOfDay,
  type Instant,
  plusDays,
} from '@regulars/contract/values/instants'

/**
 * The last moment a gifted reward can be used: the earliest of its own end, its redeemable's end,
 * and the end of the last of `expiryDays` local days, of which the day of the gift is the first.
 * Null never ends.
 */
export function rewardEndsAt(facts: {
  giftedAt: Instant
  expiryDays: number | null
  ownEndsAt: Instant | null
  redeemableEndsAt: Instant | null
  zone: string
}): Instant | null {
  const { giftedAt, expiryDays, ownEndsAt, redeemableEndsAt, zone } = facts
  const lastDayEndsAt =
    expiryDays === null
      ? null
      : endOfDay(plusDays(businessDateAt(giftedAt, zone), expiryDays - 1), zone)
  let first: Instant | null = null
  for (const end of [lastDayEndsAt, ownEndsAt, redeemableEndsAt]) {
    if (end !== null && (first === null || end < first)) first = end
  }
  return first
}
