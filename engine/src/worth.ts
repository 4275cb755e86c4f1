import type { Criterion, LineItemFilter } from './catalog.ts'
import type { Atom } from './check.ts'
import type { Satisfied } from './item-qualifiers.ts'
import type { Pick, RuleRun } from './picks.ts'
import { byPrice, menuPicks, usablePicks } from './picks.ts'
import type { ExactCents } from './ratio.ts'

/** What a processing function found: the value before rounding, percentage and cap, and on what. */
export type Worth = {
  value: ExactCents
  /** Each target's part of the value; null when the value is not made of the targets' prices. */
  parts: readonly Part[] | null
  /** What the discount may be spread over: no pick whose part is nothing. */
  targets: readonly Pick[]
  /** Units a function used up itself, such as the paid half of a pair. */
  consumed: readonly Atom[]
  /** How often the item qualifiers were used. */
  times: number
  /** Whether units are given away; an amount of the whole receipt counts as a single unit. */
  countsUnits: boolean
}

/** What one pick brings to a value. */
export type Part = {
  pick: Pick
  cents: ExactCents
  /** The volume discounted, of a pick that is not one unit; null for all of it. */
  volume: number | null
}

/** A rule at work, with what its processing functions read. */
export type FunctionRun = RuleRun & {
  criterion: Criterion
  satisfied: readonly Satisfied[]
  /** Include filters only; with the `Any` operator one at a time. */
  filters: readonly LineItemFilter[]
  /** The most pairs, bundles or picks; for a rollback the most millionths of a unit. Null has no limit. */
  unitsMax: number | null
  /** What a subscription's benefit still holds, whatever the function; null is no limit. */
  unitsLeft: number | null
}

/**
 * What the include filters choose, in filter order; a unit serves the first filter that takes it.
 * Without include filters, every unit of the menu.
 */
export function chosenPicks(
  run: FunctionRun,
  quantityOf: (filter: LineItemFilter) => number | null = filterQuantity,
): readonly Pick[] {
  if (run.filters.length === 0) return withinUnitsLeft(run, menuPicks(run))
  const taken = new Set<Atom>()
  const picks: Pick[] = []
  for (const filter of run.filters) {
    const usable = usablePicks(run, filter.selector, 'target', taken)
    const sorted = byPrice(usable, (pick) => pick.cents, filter.processingMethod)
    for (const pick of sorted.slice(0, quantityOf(filter) ?? undefined)) {
      picks.push(pick)
      for (const atom of pick.atoms) taken.add(atom)
    }
  }
  return withinUnitsLeft(run, picks)
}

function withinUnitsLeft({ unitsLeft }: FunctionRun, picks: readonly Pick[]): readonly Pick[] {
  return unitsLeft === null ? picks : picks.slice(0, unitsLeft)
}

/** One for the dearest or the cheapest, no limit otherwise, when a filter does not say. */
export function filterQuantity({ quantity, processingMethod }: LineItemFilter): number | null {
  return quantity ?? (processingMethod === 'sum_of_amount' ? null : 1)
}
