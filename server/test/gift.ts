import { changeGuest } from '../src/actions/change-guest.ts'
import { newReward } from '../src/actions/rewards.ts'
import type { HarborCounter, TestGuest } from './harbor-counter.ts'

/** Gives a guest a reward of a redeemable of the program file; answers the reward's id. */
export async function gift(
  { deps, businessId, entryId }: HarborCounter,
  { guestId }: TestGuest,
  redeemableName: string,
): Promise<number> {
  const redeemableId = entryId('redeemable', redeemableName)
  const given = await changeGuest(deps, { businessId, guestId }, {}, ({ state, catalog, now }) => {
    const redeemable = catalog.redeemables.get(redeemableId)
    if (redeemable === undefined) throw new Error(`there is no ${redeemableName}`)
    const reward = newReward(deps, redeemable, {
      at: now,
      zone: catalog.zone,
      forType: 'Gift',
      reason: null,
    })
    return {
      kind: 'changed',
      result: { kind: 'given', rewardId: reward.rewardId } as const,
      change: { after: { ...state, rewards: [...state.rewards, reward] }, entries: [] },
    }
  })
  if (given.kind === 'refused') throw new Error(given.code)
  return given.rewardId
}
