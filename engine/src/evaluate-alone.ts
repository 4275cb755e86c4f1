import { assert } from '@regulars/contract/values/assert'
import { evaluateOn, openReceipt } from './evaluate.ts'
import type { BasketItem, Evaluation, EvaluationFacts, Failed, Granted } from './evaluation.ts'

/** What one candidate would come to. */
export type Outcome = { kind: 'granted'; granted: Granted } | { kind: 'failed'; failed: Failed }

/**
 * A look-up: the basket as it is, and for each candidate by itself what selecting it would give. It
 * is evaluated in its place of the processing order beside the selected items, so that a query after
 * selecting it says the same; nothing is reserved. Candidates have ids no basket item has.
 */
export function evaluateAlone(
  facts: EvaluationFacts,
  candidates: readonly BasketItem[],
): { selected: Evaluation; alone: readonly Outcome[] } {
  const open = openReceipt(facts.receipt)
  const selected = evaluateOn(open, facts)
  const alone = candidates.map((candidate) =>
    outcomeOf(evaluateOn(open, { ...facts, basket: [...facts.basket, candidate] }), candidate),
  )
  return { selected, alone }
}

function outcomeOf({ success, withheld, failures }: Evaluation, candidate: BasketItem): Outcome {
  const granted = [...success, ...withheld].find(({ item }) => item === candidate)
  if (granted !== undefined) return { kind: 'granted', granted }
  const failed = failures.find(({ item }) => item === candidate)
  assert(failed !== undefined, 'every item of a basket is granted or failed', { candidate })
  return { kind: 'failed', failed }
}
