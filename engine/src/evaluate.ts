import { cents } from '@regulars/contract/values/money'
import type { Batch } from './batch.ts'
import { type Check, openCheck, resetCheck } from './check.ts'
import type {
  BasketItem,
  Evaluation,
  EvaluationFacts,
  Failed,
  Granted,
  TraceStep,
} from './evaluation.ts'
import type { ItemRefusal } from './first-refusal.ts'
import { judgeItem } from './judge-item.ts'
import { inProcessingOrder } from './processing-order.ts'
import type { MatchMemory } from './selector-matches.ts'
import { step } from './trace.ts'

/**
 * Evaluates a basket on a receipt: what each item takes off, where, and what it costs the guest, or
 * why not. A preview and a commit of the same facts are the same evaluation.
 *
 * Each item sees what the earlier ones left of the receipt and the wallet; one that fails leaves
 * both untouched. Shares of a grant add up to its discount, and no line is discounted below zero.
 */
export function evaluate(facts: EvaluationFacts): Evaluation {
  return evaluateOn(openReceipt(facts.receipt), facts)
}

/** A receipt opened once, for several evaluations one after the other. */
export type OpenReceipt = { check: Check; memory: MatchMemory }

/** Opens a receipt with nothing granted on it yet. */
export function openReceipt(receipt: EvaluationFacts['receipt']): OpenReceipt {
  return { check: openCheck(receipt), memory: new Map() }
}

/** `evaluate` on a receipt that is already open; what earlier evaluations did to it is undone first. */
export function evaluateOn({ check, memory }: OpenReceipt, facts: EvaluationFacts): Evaluation {
  resetCheck(check)
  const batch: Batch = { facts, check, memory, wallet: facts.wallet, granted: [] }
  const success: Granted[] = []
  const failures: Failed[] = []
  const ordered = inProcessingOrder(facts.basket, facts.settings)
  ordered.forEach((item, place) => {
    const trace: TraceStep[] | null = facts.explain ? [] : null
    trace?.push(step('order', `processed as item ${place + 1} of ${ordered.length}`, { place }))
    const outcome = judgeItem(batch, item, trace)
    if (outcome.kind === 'refused') failures.push(failedItem(facts, item, outcome, trace))
    else success.push({ ...outcome.granted, trace: trace ?? [] })
  })
  return concluded(batch, success, failures)
}

function failedItem(
  { guestName, location }: EvaluationFacts,
  item: BasketItem,
  { code, facts, nearestMiss }: ItemRefusal,
  trace: TraceStep[] | null,
): Failed {
  const named = code === 'not_qualified' ? { guestName, locationName: location.name } : {}
  trace?.push(step('check', nearestMiss === null ? code : `${code}: ${nearestMiss}`, { code }))
  return { item, code, facts: { ...facts, ...named }, nearestMiss, trace: trace ?? [] }
}

/** Under the batch policy `all` one failure withholds every grant. */
function concluded({ facts, wallet }: Batch, success: Granted[], failures: Failed[]): Evaluation {
  const isWithheld = facts.settings.switches.batchPolicy === 'all' && failures.length > 0
  const granted = isWithheld ? [] : success
  return {
    success: granted,
    failures,
    withheld: isWithheld ? success : [],
    walletAfter: isWithheld ? facts.wallet : wallet,
    totalDiscountCents: cents(granted.reduce((sum, { discountCents }) => sum + discountCents, 0)),
  }
}
