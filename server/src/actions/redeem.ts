import { type Refusal, type RefusalCode, refuse } from '@regulars/contract/refusals'
import { assert, unreachable } from '@regulars/contract/values/assert'
import {
  type Account,
  type Consumption,
  type Debit,
  type Entry,
  type Evaluation,
  evaluate,
  explainChange,
  type Granted,
  type Receipt,
  spend,
  type Unit,
} from '@regulars/engine'
import type { Deps } from '../deps.ts'
import type { Reader } from '../replies/discount-details.ts'
import { explanationOf } from '../replies/explanation.ts'
import { batchReply } from '../replies/result-reply.ts'
import type { Location } from '../store/callers.ts'
import type {
  Commit,
  GuestChange,
  GuestState,
  Redemption,
  Reward,
  Subscription,
} from '../store/guest-state.ts'
import { recordQuery } from '../store/last-queries.ts'
import {
  featureRefusal,
  isStoredReply,
  lockRefusal,
  lockUntil,
  standingRefusal,
} from './basket-gates.ts'
import { changeGuest, type Decision, type Facts, type GuestId } from './change-guest.ts'
import { evaluationFacts } from './evaluation-facts.ts'
import { fingerprintOf } from './fingerprint.ts'
import { walletOf } from './resolve-basket.ts'
import { keptItems } from './select.ts'

export type RedeemRequest = GuestId & {
  isQuery: boolean
  location: Location
  receipt: Receipt
  externalUid: string | null
  transactionNo: string | null
  language: string | null
}

type BatchReply = ReturnType<typeof batchReply>

export type RedeemResult =
  | { kind: 'evaluated'; reply: BatchReply; explanation: unknown; replayed: boolean }
  | Refusal

/**
 * Previews or commits the guest's basket on a check. Both run the same rules; a commit also records.
 *
 * A commit is known by its `external_uid` at its location, or else by its transaction number and the
 * receipt's moment. Asked again with the same check it answers what it answered, and writes nothing,
 * whatever became of the guest's standing since: the till that lost the reply must learn what was
 * redeemed. With another check it is refused, unless the earlier one was voided or the basket holds
 * only what the earlier one did not redeem.
 *
 * Refused, in this order: guest_banned, feature_disabled, missing_parameter (external_uid while
 * locking is on), key_reused, basket_locked, no_basket_found; then, when every item fails for a
 * reason that is published for the whole call, the first item's.
 */
export async function redeem(deps: Deps, request: RedeemRequest): Promise<RedeemResult> {
  const key = commitKey(request)
  const wanted = request.isQuery ? {} : { commitKey: key }
  return changeGuest(deps, request, wanted, async (facts): Promise<Decision<RedeemResult>> => {
    const earlier = request.isQuery ? null : earlierCommit(facts, { key, request })
    if (isStoredReply(earlier, facts)) return earlier
    const gate = gateRefusal(facts, request)
    if (gate !== null) return gate
    if (earlier !== null) return earlier
    const locked = lockRefusal(facts, request.externalUid)
    if (locked !== null) return locked
    const { basket } = facts.state
    if (basket === null || basket.items.length === 0) return refuse('no_basket_found')

    const evaluation = evaluate(evaluationFacts(facts, request))
    const wholeCall = wholeCallRefusal(evaluation, facts)
    if (wholeCall !== null) return wholeCall
    return request.isQuery
      ? preview(deps, { request, facts, evaluation })
      : commit(deps, { request, facts, evaluation, key })
  })
}

function gateRefusal(facts: Facts, request: RedeemRequest): Refusal | null {
  const gate =
    standingRefusal(facts, 'guest_banned') ?? featureRefusal(facts.catalog, request.location)
  if (gate !== null) return gate
  const lacksUid = facts.catalog.counter.locking.enabled && request.externalUid === null
  return lacksUid ? refuse('missing_parameter', { name: 'external_uid' }) : null
}

/** What a commit is known by; null when the till sent nothing to know it by. */
function commitKey({ externalUid, transactionNo, location, receipt }: RedeemRequest) {
  if (externalUid !== null) return `uid ${location.locationId} ${externalUid}`
  if (transactionNo === null) return null
  return `transaction ${location.locationId} ${transactionNo} ${receipt.receiptAt.at}`
}

function earlierCommit(
  { state }: Facts,
  { key, request }: { key: string | null; request: RedeemRequest },
): Decision<RedeemResult> | null {
  const standing = state.commits.filter((one) => one.key === key && one.state === 'committed')
  if (key === null || standing.length === 0) return null
  const fingerprint = fingerprintOf(request.receipt)
  const same = standing.findLast((one) => one.fingerprint === fingerprint)
  if (same !== undefined) {
    const reply = same.reply as BatchReply
    const result = {
      kind: 'evaluated',
      reply,
      explanation: same.explanation,
      replayed: true,
    } as const
    return { kind: 'unchanged', result }
  }
  const redeemed = new Set(standing.flatMap((one) => one.itemIds))
  const items = state.basket?.items ?? []
  const isNew = items.length > 0 && items.every((item) => !redeemed.has(item.itemId))
  return isNew ? null : refuse('key_reused', { externalUid: request.externalUid ?? '' })
}

/** Published for the whole call when nothing else comes of it. */
const wholeCallCodes: ReadonlySet<RefusalCode> = new Set([
  'redemption_limit',
  'category_limit',
  'insufficient_points',
])

function wholeCallRefusal(evaluation: Evaluation, { catalog }: Facts): Refusal | null {
  const { http422 } = catalog.counter
  const [first] = evaluation.failures.filter((failed) => wholeCallCodes.has(failed.code))
  if (first === undefined || http422 === 'never') return null
  const allFail =
    evaluation.success.length === 0 &&
    evaluation.failures.every((failed) => wholeCallCodes.has(failed.code))
  if (http422 === 'when_all_fail' && !allFail) return null
  return refuse(first.code, first.facts)
}

type Evaluated = { request: RedeemRequest; facts: Facts; evaluation: Evaluation }

async function preview(
  deps: Deps,
  { request, facts, evaluation }: Evaluated,
): Promise<Decision<RedeemResult>> {
  const { state, catalog, now } = facts
  const { basket } = state
  assert(basket !== null, 'a basket was evaluated')
  const reader: Reader = { catalog, language: request.language, codes: state.codes }
  const { receipt } = request
  const reply = batchReply(basket.redemptionRef, evaluation, {
    receipt,
    reader,
    redemptionIds: new Map(),
  })
  const explanation = explanationOf(evaluation, null)
  const owner = catalog.counter.locking.enabled ? request.externalUid : null
  const held = await recordQuery(deps.db, state.guest, {
    redemptionRef: basket.redemptionRef,
    owner,
    changesHands: owner !== null && basket.lock?.owner !== owner,
    lockUntil: lockUntil(catalog, now),
    at: now,
    asked: { externalUid: request.externalUid, receipt, explanation },
  })
  if (!held) return { kind: 'overtaken' }
  return {
    kind: 'unchanged',
    result: { kind: 'evaluated', reply, explanation, replayed: false },
  }
}

function commit(
  deps: Deps,
  { request, facts, evaluation, key }: Evaluated & { key: string | null },
): Decision<RedeemResult> {
  const { state, catalog, now } = facts
  const { basket } = state
  assert(basket !== null, 'a basket was evaluated')
  const { receipt } = request
  const redemptionIds = new Map(
    evaluation.success.map(({ item }) => [item.basketItemId, deps.ids.next()]),
  )
  const reader: Reader = { catalog, language: request.language, codes: state.codes }
  const reply = batchReply(basket.redemptionRef, evaluation, { receipt, reader, redemptionIds })
  const explanation = explanationOf(evaluation, changesSinceQuery(facts, request))
  const result = { kind: 'evaluated', reply, explanation, replayed: false } as const
  // A commit that grants nothing uses up nothing, its key included.
  if (evaluation.success.length === 0) return { kind: 'unchanged', result }

  const debited = debitAll(facts, { granted: evaluation.success, redemptionIds })
  assertFunded(evaluation, { before: state, after: debited.account, facts })
  const redeemed = new Set(redemptionIds.keys())
  const left = keptItems(facts).filter((item) => !redeemed.has(item.itemId))
  const record: Commit = {
    redemptionRef: basket.redemptionRef,
    key,
    round: state.commits.filter((one) => one.key === key && key !== null).length,
    fingerprint: fingerprintOf(receipt),
    locationId: request.location.locationId,
    externalUid: request.externalUid,
    state: 'committed',
    committedAt: now,
    voidedAt: null,
    itemIds: [...redeemed],
    lotNos: [...new Set(debited.redemptions.flatMap((one) => one.consumed.map((c) => c.lotNo)))],
    receipt,
    reply,
    explanation,
  }
  const change: Omit<GuestChange, 'before'> = {
    after: {
      ...state,
      account: debited.account,
      rewards: debited.rewards,
      subscriptions: debited.subscriptions,
      commits: [...state.commits, record],
      redemptions: [...state.redemptions, ...debited.redemptions],
      // What was not redeemed waits in a new basket: one reference is one commit.
      basket:
        left.length === 0
          ? null
          : { ...basket, redemptionRef: deps.random.token(15), lock: null, items: left },
    },
    closedBasket: {
      ...basket,
      state: 'committed',
      items: basket.items.filter((item) => redeemed.has(item.itemId)),
    },
    codeUses: evaluation.success.flatMap((granted) =>
      granted.debits.flatMap((debit) =>
        debit.kind === 'code'
          ? [{ code: debit.code, redemptionRef: basket.redemptionRef, at: now, undo: false }]
          : [],
      ),
    ),
    entries: debited.entries,
  }
  return { kind: 'changed', result, change }
}

/** What differs from this basket's last query, if it was under the same uid; null without one. */
function changesSinceQuery({ state }: Facts, request: RedeemRequest) {
  const { basket, lastQuery } = state
  if (lastQuery === null || lastQuery.externalUid !== request.externalUid) return null
  if (lastQuery.redemptionRef !== basket?.redemptionRef) return null
  return explainChange(lastQuery.receipt, request.receipt)
}

type Debited = {
  account: Account
  entries: Entry[]
  rewards: readonly Reward[]
  subscriptions: readonly Subscription[]
  redemptions: Redemption[]
}

function debitAll(
  { state, catalog, now }: Facts,
  {
    granted,
    redemptionIds,
  }: { granted: readonly Granted[]; redemptionIds: ReadonlyMap<number, number> },
): Debited {
  const debited: Debited = {
    account: state.account,
    entries: [],
    rewards: state.rewards,
    subscriptions: state.subscriptions,
    redemptions: [],
  }
  const redemptionRef = state.basket?.redemptionRef ?? ''
  for (const one of granted) {
    const redemptionId = redemptionIds.get(one.item.basketItemId)
    assert(redemptionId !== undefined, 'every granted item has its id')
    const consumed = one.debits.flatMap((debit) =>
      applyDebit(debited, debit, {
        redemptionId,
        redemptionRef,
        now,
        visitsPerCard: catalog.program.visitsPerCard,
      }),
    )
    debited.redemptions.push({
      redemptionId,
      redemptionRef,
      basketItemId: one.item.basketItemId,
      discountType: one.item.discountType,
      discountId: one.item.discountId,
      discountCents: one.discountCents,
      shares: one.shares,
      debits: one.debits,
      consumed,
      state: 'honored',
      redeemedAt: now,
      voidedAt: null,
    })
  }
  return debited
}

type Occasion = {
  redemptionId: number
  redemptionRef: string
  now: Facts['now']
  visitsPerCard: number
}

function applyDebit(debited: Debited, debit: Debit, occasion: Occasion): readonly Consumption[] {
  switch (debit.kind) {
    case 'reward':
      debited.rewards = debited.rewards.map((reward) =>
        reward.rewardId === debit.rewardId
          ? { ...reward, status: 'honored' as const, updatedAt: occasion.now }
          : reward,
      )
      return []
    case 'points':
      return take(debited, { unit: 'points', amount: debit.points }, occasion)
    case 'card':
      return take(debited, { unit: 'visits', amount: occasion.visitsPerCard }, occasion)
    case 'currency':
      return take(debited, { unit: 'currency', amount: debit.cents }, occasion)
    case 'fuel':
      return take(debited, { unit: 'fuel', amount: debit.rate }, occasion)
    case 'code':
      return []
    case 'benefit':
      debited.subscriptions = debited.subscriptions.map((subscription) =>
        subscription.subscriptionId === debit.subscriptionId
          ? {
              ...subscription,
              uses: [
                ...subscription.uses,
                {
                  benefitId: debit.benefitId,
                  at: occasion.now,
                  units: debit.units,
                  cents: debit.cents,
                  redemptionRef: occasion.redemptionRef,
                },
              ],
            }
          : subscription,
      )
      return []
    default:
      return unreachable(debit)
  }
}

function take(
  debited: Debited,
  { unit, amount }: { unit: Unit; amount: number },
  { redemptionId, now }: Occasion,
): readonly Consumption[] {
  const spent = spend(debited.account, {
    unit,
    amount,
    cause: { kind: 'redemption', id: redemptionId },
    at: now,
  })
  assert(spent.kind === 'spent', 'what was granted was affordable', { spent, unit, amount })
  debited.account = spent.account
  debited.entries.push(...spent.entries)
  return spent.consumed
}

/** What is left after the debits is what the rules said would be left. */
function assertFunded(
  { walletAfter }: Evaluation,
  { before, after, facts }: { before: GuestState; after: Account; facts: Facts },
): void {
  const left = walletOf({ ...before, account: after }, facts)
  assert(
    left.points === walletAfter.points &&
      left.currencyCents === walletAfter.currencyCents &&
      left.cards === walletAfter.cards &&
      left.fuelRate === walletAfter.fuelRate,
    'the account holds what the rules left',
    { left, walletAfter },
  )
}
