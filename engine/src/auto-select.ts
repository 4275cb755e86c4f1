import { evaluateOn, type OpenReceipt, openReceipt } from './evaluate.ts'
import type { BasketItem, Evaluation, EvaluationFacts, Granted } from './evaluation.ts'
import { inProcessingOrder } from './processing-order.ts'

/** Which candidates to put into the basket, and which items no longer belong there. */
export type AutoSelection = {
  add: readonly BasketItem[]
  /** Items of the basket that fail on this receipt. */
  drop: readonly BasketItem[]
  /** The basket with both done. Nothing in it fails. */
  evaluation: Evaluation
}

/** With more candidates than this, `best_value` adds the best one at a time instead of trying all. */
const exhaustiveCandidatesMax = 10

/**
 * Chooses discounts for a guest. Only what is marked for it, and of a kind the business lists, is a
 * candidate; what costs points never is. Candidates have ids no basket item has.
 *
 * `date_of_expiry` walks the candidates in processing order and keeps one when it succeeds and no
 * selected amount falls. `best_value` takes the selection worth most; of equals the one with fewer
 * items, then the sooner expiry, then the lower id.
 */
export function autoSelect(
  facts: EvaluationFacts,
  candidates: readonly BasketItem[],
): AutoSelection {
  const open = openReceipt(facts.receipt)
  const { success, withheld, failures } = evaluateOn(open, facts)
  const basket = [...success, ...withheld].map(({ item }) => item)
  const kept = evaluateOn(open, { ...facts, basket })
  const eligible = inProcessingOrder(candidates, facts.settings).filter((candidate) =>
    isEligible(facts, basket, candidate),
  )
  const search = { open, facts, basket, kept }
  const byExpiry = keepByExpiry(search, eligible)
  const chosen =
    facts.settings.switches.autoSelect === 'date_of_expiry'
      ? byExpiry
      : [byExpiry, bestSelection(search, eligible)].reduce(better)
  return {
    add: chosen.added,
    drop: failures.map(({ item }) => item),
    evaluation: chosen.evaluation,
  }
}

type Search = {
  open: OpenReceipt
  facts: EvaluationFacts
  basket: readonly BasketItem[]
  kept: Evaluation
}

type Selection = { added: readonly BasketItem[]; evaluation: Evaluation }

function isEligible(
  { settings }: EvaluationFacts,
  basket: readonly BasketItem[],
  { discount, discountType, discountId }: BasketItem,
): boolean {
  const kind = autoKindOf[discountType]
  if (discount === null || kind === null || !discount.autoApplicable) return false
  if (!settings.autoRedemptionDiscounts.includes(kind)) return false
  return !basket.some(
    (item) => item.discountType === discountType && item.discountId === discountId,
  )
}

/** What a business may list for a discount type; null is never selected for a guest. */
const autoKindOf = {
  reward: 'offer',
  subscription: 'subscription',
  fuel_reward: 'fuel_reward',
  discount_amount: 'discount_amount',
  card_completion: null,
  redeemable: null,
  redemption_code: null,
} as const satisfies Record<
  BasketItem['discountType'],
  EvaluationFacts['settings']['autoRedemptionDiscounts'][number] | null
>

function keepByExpiry(search: Search, eligible: readonly BasketItem[]): Selection {
  let selection: Selection = { added: [], evaluation: search.kept }
  for (const candidate of eligible) {
    const next = withAdded(search, [...selection.added, candidate])
    if (next !== null && noAmountFalls(selection.evaluation, next.evaluation)) selection = next
  }
  return selection
}

/** Null when something fails, there are too many, or more than one subscription. */
function withAdded(
  { open, facts, basket }: Search,
  added: readonly BasketItem[],
): Selection | null {
  const items = [...basket, ...added]
  const subscriptions = items.filter(({ discountType }) => discountType === 'subscription')
  if (items.length > facts.settings.maxRedemptionsInTransaction || subscriptions.length > 1) {
    return null
  }
  const evaluation = evaluateOn(open, { ...facts, basket: items })
  return evaluation.failures.length > 0 ? null : { added, evaluation }
}

function noAmountFalls(before: Evaluation, after: Evaluation): boolean {
  const amountOf = ({ success }: Evaluation, item: BasketItem) =>
    success.find((granted: Granted) => granted.item === item)?.discountCents ?? 0
  return before.success.every(({ item, discountCents }) => amountOf(after, item) >= discountCents)
}

function bestSelection(search: Search, eligible: readonly BasketItem[]): Selection {
  const none: Selection = { added: [], evaluation: search.kept }
  return eligible.length <= exhaustiveCandidatesMax
    ? bestSubset(search, eligible, none)
    : bestByGain(search, eligible, none)
}

function bestSubset(search: Search, eligible: readonly BasketItem[], none: Selection): Selection {
  let best = none
  for (let subset = 1; subset < 2 ** eligible.length; subset += 1) {
    const added = eligible.filter((_, place) => (subset >> place) % 2 === 1)
    const selection = withAdded(search, added)
    if (selection !== null) best = better(best, selection)
  }
  return best
}

function bestByGain(search: Search, eligible: readonly BasketItem[], none: Selection): Selection {
  let best = none
  for (let size = 0; size < eligible.length; size += 1) {
    const grown = eligible
      .filter((candidate) => !best.added.includes(candidate))
      .map((candidate) => withAdded(search, [...best.added, candidate]))
      .filter((selection) => selection !== null)
      .reduce(better, best)
    if (grown === best) return best
    best = grown
  }
  return best
}

/** The first of two unless the second is worth more, or as much with fewer, sooner, lower items. */
function better(first: Selection, second: Selection): Selection {
  const keys = [first, second].map(({ added, evaluation }) => [
    -evaluation.totalDiscountCents,
    added.length,
    ...added.flatMap((item) => [item.discount?.expiresAt ?? Number.MAX_VALUE, item.basketItemId]),
  ])
  const [a = [], b = []] = keys
  for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
    const difference = (b[place] ?? 0) - (a[place] ?? 0)
    if (difference !== 0) return difference < 0 ? second : first
  }
  return first
}
