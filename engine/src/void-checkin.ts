import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import type { Account, Checkin, Lot, Moves, Unit, UnusedReward } from './account.ts'
import { undoConversions } from './convert.ts'
import {
  checkinOf,
  closeDraft,
  count,
  type Draft,
  lotOf,
  openDraft,
  putCheckin,
  putLot,
} from './draft.ts'
import type { WrongState } from './earn.ts'
import { earnedPoints } from './earned-points.ts'
import { available, dropPendingLot, lotsOfCheckin, type Occasion, takeBack } from './lots.ts'
import type { Program } from './program.ts'
import { moveTier, tierOf } from './tiers.ts'

/** What a reversal did, and the unused rewards it turned back into points: the caller withdraws them. */
export type Reversal = Moves & { checkin: Checkin; withdrawnRewardIds: readonly number[] }

/**
 * Takes back all that a check-in brought. A pending one is reversed exactly. After approval: what
 * is left of it, then what other earning holds, then conversions turned back as far as nobody spent
 * them; the rest is owed. What ran out in the meantime is not asked for.
 *
 * `account` has all of the guest's lots and is settled; `unusedRewards` are those that conversions
 * issued. A second void changes nothing.
 */
export function voidCheckin(
  account: Account,
  program: Program,
  facts: { checkinId: number; unusedRewards: readonly UnusedReward[]; at: Instant },
): Reversal {
  const { checkinId, unusedRewards, at } = facts
  const checkin = checkinOf(account, checkinId)
  const draft = openDraft(account)
  const occasion: Occasion = { cause: { kind: 'checkin_void', id: checkinId }, at }
  if (checkin.state !== 'void') putCheckin(draft, { ...checkin, state: 'void' })
  if (checkin.state === 'pending') {
    for (const lot of lotsOfCheckin(account, checkinId)) {
      if (lot.state === 'pending') dropPendingLot(draft, lot, occasion)
    }
  }
  const withdrawnRewardIds =
    checkin.state === 'approved'
      ? reverse(draft, program, {
          checkin,
          points: checkin.points,
          visits: checkin.visits,
          unusedRewards,
          ...occasion,
        })
      : []
  return { ...closeDraft(draft), checkin: checkinOf(draft.account, checkinId), withdrawnRewardIds }
}

/**
 * Lowers an approved check-in to what its receipt earns after a refund, with the tier held then.
 * Never raises it, and never takes back more than it earned. The visit stays.
 */
export function correctCheckin(
  account: Account,
  program: Program,
  facts: {
    checkinId: number
    eligibleCents: Cents
    unusedRewards: readonly UnusedReward[]
    at: Instant
  },
): ({ kind: 'corrected' } & Reversal) | WrongState {
  const { checkinId, eligibleCents, unusedRewards, at } = facts
  const checkin = checkinOf(account, checkinId)
  if (checkin.state !== 'approved') return { kind: 'wrong_state', state: checkin.state }
  const draft = openDraft(account)
  const earned = earnedPoints(program, { tier: tierOf(program, checkin.tierId), eligibleCents })
  const kept = points(Math.min(earned, checkin.points))
  putCheckin(draft, { ...checkin, eligibleCents, points: kept })
  const withdrawnRewardIds = reverse(draft, program, {
    checkin,
    points: checkin.points - kept,
    visits: 0,
    unusedRewards,
    cause: { kind: 'correction', id: checkinId },
    at,
  })
  return {
    kind: 'corrected',
    ...closeDraft(draft),
    checkin: checkinOf(draft.account, checkinId),
    withdrawnRewardIds,
  }
}

type Part = Occasion & {
  checkin: Checkin
  points: number
  visits: number
  unusedRewards: readonly UnusedReward[]
}

function reverse(draft: Draft, program: Program, part: Part): number[] {
  const { checkin, visits, cause, at } = part
  const withdrawnRewardIds = part.points === 0 ? [] : reversePoints(draft, program, part)
  const visitLot = lotIn(draft, checkin, 'visits')
  if (visits > 0 && visitLot !== null) {
    takeBack(draft, { lotNo: visitLot.lotNo, amount: visits, cause, at })
    closeLot(draft, visitLot.lotNo)
  }
  const { approvedAt } = checkin
  const inPeriod = approvedAt !== null && approvedAt >= draft.account.qualifyingSince
  count(draft, {
    totalPointCredits: -part.points,
    qualificationPoints: inPeriod ? -part.points : 0,
    totalVisits: -visits,
  })
  moveTier(draft, program, at)
  return withdrawnRewardIds
}

function reversePoints(draft: Draft, program: Program, part: Part): number[] {
  const { checkin, points: amount, unusedRewards, cause, at } = part
  const lot = lotIn(draft, checkin, 'points')
  assert(lot !== null, 'points that were earned are in a lot', { checkin })
  const turnBack = (
    since: Instant | null,
    reservedPoints: number,
    rewards: typeof unusedRewards,
  ) => {
    const spare = Math.max(0, available(draft.account, 'points') - reservedPoints)
    const neededPoints = amount - lotOf(draft.account, lot.lotNo).expired - spare
    return undoConversions(draft, { neededPoints, since, unusedRewards: rewards, cause, at })
  }
  // Without these points, conversions since would have left the reserve whole; older ones did.
  const late = turnBack(checkin.approvedAt, program.reservedPoints, unusedRewards)
  const older = unusedRewards.filter((reward) => !late.includes(reward.rewardId))
  const withdrawn = [...late, ...turnBack(null, 0, older)]
  takeBack(draft, { lotNo: lot.lotNo, amount, cause, at })
  if (amount === checkin.points) closeLot(draft, lot.lotNo)
  return withdrawn
}

/** The lot that holds what the check-in earned of one unit; amended ones leave reversed lots behind. */
function lotIn(draft: Draft, checkin: Checkin, unit: Unit): Lot | null {
  const lots = lotsOfCheckin(draft.account, checkin.checkinId)
  return lots.find((lot) => lot.unit === unit && lot.state !== 'reversed') ?? null
}

function closeLot(draft: Draft, lotNo: number): void {
  const lot = lotOf(draft.account, lotNo)
  if (lot.remaining === 0) putLot(draft, { ...lot, state: 'reversed' })
}
