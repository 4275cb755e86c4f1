import type { AcquisitionClass } from './catalog.ts'
import type { Check } from './check.ts'
import type { EvaluationFacts, Wallet } from './evaluation.ts'
import type { MatchMemory } from './selector-matches.ts'

/** One batch under way: what is left of the check and the wallet, and what was granted so far. */
export type Batch = {
  facts: EvaluationFacts
  check: Check
  memory: MatchMemory
  wallet: Wallet
  /** The acquisition class of each success, in order. */
  granted: AcquisitionClass[]
}
