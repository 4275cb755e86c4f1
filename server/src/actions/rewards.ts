import type { Instant } from '@regulars/contract/values/instants'
import { plusMs } from '@regulars/contract/values/instants'
import { type RewardIssue, rewardEndsAt } from '@regulars/engine'
import type { Catalog, CatalogRedeemable } from '../catalog/catalog.ts'
import type { Deps } from '../deps.ts'
import type { Reward } from '../store/guest-state.ts'

/** A new reward of a redeemable, with the window the redeemable's rules give it. */
export function newReward(
  deps: Pick<Deps, 'ids'>,
  redeemable: CatalogRedeemable,
  gift: {
    at: Instant
    zone: string
    forType: string
    reason: string | null
    externalId?: string
    ownEndsAt?: Instant | null
    loyalty?: boolean
    consumed?: Reward['consumed']
  },
): Reward {
  return {
    rewardId: deps.ids.next(),
    externalId: gift.externalId ?? null,
    redeemableId: redeemable.redeemableId,
    status: 'unredeemed',
    loyalty: gift.loyalty ?? false,
    startsAt: plusMs(gift.at, redeemable.lagMs),
    endsAt: rewardEndsAt({
      giftedAt: gift.at,
      expiryDays: redeemable.expiryDays,
      ownEndsAt: gift.ownEndsAt ?? null,
      redeemableEndsAt: redeemable.endsAt,
      zone: gift.zone,
    }),
    giftedForType: gift.forType,
    giftReason: gift.reason,
    consumed: gift.consumed ?? null,
    createdAt: gift.at,
    updatedAt: gift.at,
  }
}

/** The rewards that conversions of points earned. One whose redeemable is gone is not given. */
export function issueRewards(
  deps: Pick<Deps, 'ids'>,
  issues: readonly RewardIssue[],
  catalog: Catalog,
): Reward[] {
  return issues.flatMap((issue) => {
    const redeemable = catalog.redeemables.get(issue.redeemableId)
    if (redeemable === undefined) return []
    const gift = {
      at: issue.at,
      zone: catalog.zone,
      forType: 'Checkin',
      reason: null,
      loyalty: true,
      consumed: issue.consumed,
    }
    return [newReward(deps, redeemable, gift)]
  })
}
