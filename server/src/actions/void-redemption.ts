import { type Refusal, refuse } from '@regulars/contract/refusals'
import { assert } from '@regulars/contract/values/assert'
import { hourMs, type Instant } from '@regulars/contract/values/instants'
import { type Account, type Entry, restore } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'
import type { CodeUse, Commit, GuestState, Redemption } from '../store/guest-state.ts'
import { featureRefusal } from './basket-gates.ts'
import { changeGuest, type Facts, type GuestId } from './change-guest.ts'

/**
 * Gives back the whole committed basket: points and currency into the lots they came from, rewards,
 * cards, code uses and benefits as they were. A second void changes nothing.
 *
 * Refused, in this order: feature_disabled, redemption_not_found, checkin_committed,
 * coupon_void_window.
 */
export async function voidRedemption(
  deps: Deps,
  request: GuestId & { redemptionRef: string; location: Location | null },
): Promise<{ kind: 'voided' } | Refusal> {
  const { redemptionRef } = request
  return changeGuest(deps, request, { redemptionRef }, (facts) => {
    const gate = featureRefusal(facts.catalog, request.location)
    if (gate !== null) return gate
    const commit = facts.state.commits.find((one) => one.redemptionRef === redemptionRef)
    if (commit === undefined) return refuse('redemption_not_found')
    if (commit.state === 'voided') return { kind: 'unchanged', result: { kind: 'voided' } }
    const refusal = committedRefusal(commit, facts) ?? couponWindowRefusal(commit, facts)
    if (refusal !== null) return refusal
    const { after, entries, codeUses } = undoCommit(facts.state, commit, facts.now)
    return { kind: 'changed', result: { kind: 'voided' }, change: { after, entries, codeUses } }
  })
}

// Once the receipt has earned for good, what it redeemed is settled too.
function committedRefusal(commit: Commit, { state }: Facts): Refusal | null {
  const { externalUid } = commit
  if (externalUid === null) return null
  const earned = state.account.checkins.some(
    (checkin) =>
      checkin.externalUid === externalUid &&
      checkin.locationId === commit.locationId &&
      checkin.state === 'approved',
  )
  return earned ? refuse('checkin_committed', { externalUid }) : null
}

function couponWindowRefusal(commit: Commit, { state, catalog, now }: Facts): Refusal | null {
  const hours = catalog.counter.couponVoidHours
  if (hours === null || now - commit.committedAt <= hours * hourMs) return null
  const campaignCodes = new Set(
    state.codes.filter((code) => code.campaignId !== null).map((code) => code.code),
  )
  const usedCoupon = redemptionsOf(state, commit).some((redemption) =>
    redemption.debits.some((debit) => debit.kind === 'code' && campaignCodes.has(debit.code)),
  )
  return usedCoupon ? refuse('coupon_void_window', { hours }) : null
}

function redemptionsOf(state: GuestState, commit: Commit): readonly Redemption[] {
  return state.redemptions.filter((one) => one.redemptionRef === commit.redemptionRef)
}

/** The guest as if the commit had not been; its rows stay, marked void. */
export function undoCommit(
  state: GuestState,
  commit: Commit,
  at: Instant,
): { after: GuestState; entries: readonly Entry[]; codeUses: readonly CodeUse[] } {
  const redemptions = redemptionsOf(state, commit)
  assert(redemptions.length > 0, 'a commit has its redemptions', { commit })
  let account: Account = state.account
  const entries: Entry[] = []
  for (const { redemptionId, consumed } of redemptions) {
    if (consumed.length === 0) continue
    const restored = restore(account, {
      consumed,
      cause: { kind: 'redemption_void', id: redemptionId },
      at,
    })
    account = restored.account
    entries.push(...restored.entries)
  }
  const debits = redemptions.flatMap((one) => one.debits)
  const rewardIds = new Set(debits.flatMap((one) => (one.kind === 'reward' ? [one.rewardId] : [])))
  const undone = new Set(redemptions)
  const after: GuestState = {
    ...state,
    account,
    rewards: state.rewards.map((reward) =>
      rewardIds.has(reward.rewardId) && reward.status === 'honored'
        ? { ...reward, status: 'unredeemed' as const, updatedAt: at }
        : reward,
    ),
    subscriptions: state.subscriptions.map((subscription) =>
      subscription.uses.some((use) => use.redemptionRef === commit.redemptionRef)
        ? {
            ...subscription,
            uses: subscription.uses.filter((use) => use.redemptionRef !== commit.redemptionRef),
          }
        : subscription,
    ),
    commits: state.commits.map((one) =>
      one === commit ? { ...one, state: 'voided' as const, voidedAt: at } : one,
    ),
    redemptions: state.redemptions.map((one) =>
      undone.has(one) ? { ...one, state: 'voided' as const, voidedAt: at } : one,
    ),
  }
  const codeUses = debits.flatMap((debit) =>
    debit.kind === 'code'
      ? [{ code: debit.code, redemptionRef: commit.redemptionRef, at, undo: true }]
      : [],
  )
  return { after, entries, codeUses }
}
