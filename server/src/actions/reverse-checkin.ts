import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import { type Entry, type UnusedReward, voidCheckin } from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { CodeUse, GuestState, Reward } from '../store/guest-state.ts'
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
 * Takes a check-in back with all it brought, and with `redemptions` also what the same order
 * redeemed. Needs every lot of the guest's and the commits under the check-in's uid gathered.
 */
export function reverseCheckin(
  state: GuestState,
  {
    checkinId,
    catalog,
    at,
    redemptions,
  }: { checkinId: number; catalog: Catalog; at: Instant; redemptions: boolean },
): { after: GuestState; entries: readonly Entry[]; codeUses: readonly CodeUse[] } {
  const reversal = voidCheckin(state.account, catalog.program, {
    checkinId,
    unusedRewards: unusedRewards(state),
    at,
  })
  assert(reversal.issues.length === 0, 'a reversal issues nothing', { checkinId })
  let after: GuestState = {
    ...state,
    account: reversal.account,
    rewards: withdraw(state.rewards, reversal.withdrawnRewardIds, at),
  }
  const entries = [...reversal.entries]
  const codeUses: CodeUse[] = []
  const uid = reversal.checkin.externalUid
  const commits = redemptions && uid !== null ? after.commits : []
  for (const commit of commits) {
    if (commit.externalUid !== uid || commit.state !== 'committed') continue
    const undone = undoCommit(after, commit, at)
    after = undone.after
    entries.push(...undone.entries)
    codeUses.push(...undone.codeUses)
  }
  return { after, entries, codeUses }
}
