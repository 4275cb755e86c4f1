import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import { type Entry, type UnusedReward, voidCheckin } from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { CodeUse, GuestState, Reward } from '../store/guest-state.ts'
import type { Effect, Facts } from './change-guest.ts'
import { undoCommit } from './void-redemption.ts'

/** Rewards of conversions that nobody used: a reversal may turn them back into points. */
export function unusedRewards(state: GuestState): UnusedReward[] {
  return state.rewards.flatMap((reward) =>
    reward.status === 'unredeemed' && reward.consumed !== null
      ? [{ rewardId: reward.rewardId, consumed: reward.consumed, at: reward.createdAt }]
      : [],
  )
}

export function withdraw(
  rewards: readonly Reward[],
  rewardIds: readonly number[],
  at: Instant,
): Reward[] {
  const withdrawn = new Set(rewardIds)
  return rewards.map((reward) =>
    withdrawn.has(reward.rewardId)
      ? { ...reward, status: 'withdrawn' as const, updatedAt: at }
      : reward,
  )
}

/**
 * Takes a check-in back with all it brought; what the same order redeemed stays redeemed. Needs every
 * lot of the guest's gathered.
 */
export function reverseCheckin(
  state: GuestState,
  { checkinId, catalog, at }: { checkinId: number; catalog: Catalog; at: Instant },
): Effect {
  const reversal = voidCheckin(state.account, catalog.program, {
    checkinId,
    unusedRewards: unusedRewards(state),
    at,
  })
  assert(reversal.issues.length === 0, 'a reversal issues nothing', { checkinId })
  const after: GuestState = {
    ...state,
    account: reversal.account,
    rewards: withdraw(state.rewards, reversal.withdrawnRewardIds, at),
  }
  return { after, entries: reversal.entries, codeUses: [] }
}

/**
 * Gives back what was redeemed on the order that a location knows by its uid. Needs the commits under
 * the uid gathered.
 */
function giveBackOrder(
  state: GuestState,
  { externalUid, locationId, at }: { externalUid: string | null; locationId: number; at: Instant },
): Effect {
  let after = state
  const entries: Entry[] = []
  const codeUses: CodeUse[] = []
  for (const commit of state.commits) {
    const isOfOrder = externalUid !== null && commit.externalUid === externalUid
    if (!isOfOrder || commit.locationId !== locationId || commit.state !== 'committed') continue
    const undone = undoCommit(after, commit, at)
    after = undone.after
    entries.push(...undone.entries)
    codeUses.push(...undone.codeUses)
  }
  return { after, entries, codeUses }
}

/** What a voided receipt takes back, if it earned, and gives back, if its order redeemed. */
export function voidReceipt(
  { state, catalog, now }: Facts,
  order: { externalUid: string | null; locationId: number; checkinId: number | null },
): Effect {
  const given = giveBackOrder(state, { ...order, at: now })
  const { checkinId } = order
  if (checkinId === null) return given
  const earned = reverseCheckin(given.after, { checkinId, catalog, at: now })
  return { ...earned, entries: [...given.entries, ...earned.entries], codeUses: given.codeUses }
}
