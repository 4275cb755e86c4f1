import type { AggregateAttribute, LineItemFilter, Selector, Switches } from './catalog.ts'
import type { Atom, BaseUnit, Check } from './check.ts'
import { type MatchMemory, matchesOf } from './selector-matches.ts'
import type { Trace } from './trace.ts'

/** What one selector yields for one base unit: a base, a modifier, or a base with its modifiers. */
export type Pick = {
  atoms: readonly Atom[]
  /** What is left of its price. */
  cents: number
  /** Units of its first atom, in millionths. */
  quantity: number
}

/** How one discount meets others on a unit. Tender, which is banked currency, meets nothing. */
export type Claim = { stacks: boolean; reuses: boolean; isTender: boolean }

/** One rule at work on a check. */
export type RuleRun = {
  check: Check
  memory: MatchMemory
  claim: Claim
  switches: Switches
  aggregateBy: readonly AggregateAttribute[] | null
  /** Units taken out by `exclude` filters. */
  excluded: ReadonlySet<Atom>
  trace: Trace
}

/** What a unit is wanted for: to be discounted, or to qualify a discount. */
export type Use = 'target' | 'qualifier'

/** Whether what earlier discounts did to a unit lets this one use it. The rules are symmetric. */
function isFree(atom: Atom, use: Use, { claim, switches }: RuleRun): boolean {
  if (atom.isComped && switches.zeroPricedUnits === 'ignore') return false
  if (claim.isTender) return true
  const crosses = switches.qualifierLockScope === 'qualifier_and_target'
  if (use === 'target') {
    if (atom.targeted === 'alone' || (atom.targeted === 'stacking' && !claim.stacks)) return false
    return !(crosses && atom.qualifying === 'alone')
  }
  if (atom.qualifying === 'alone' || (atom.qualifying === 'reusable' && !claim.reuses)) return false
  return !(crosses && atom.targeted !== 'no' && !claim.reuses)
}

/** A unit with nothing left cannot be discounted; `legacy` lets a unit priced 0.00 be the cheapest. */
function isPayable(atom: Atom, switches: Switches): boolean {
  return atom.remainingCents > 0 || (switches.zeroPricedUnits === 'legacy' && atom.priceCents === 0)
}

/** Every pick of a selector that this rule may use, in canonical order. `taken` serve another filter. */
export function usablePicks(
  run: RuleRun,
  selector: Selector,
  use: Use,
  taken?: ReadonlySet<Atom>,
): Pick[] {
  const matches = matchesOf(run.check, run.memory, selector, run.aggregateBy)
  const isUsable = (atom: Atom) =>
    isFree(atom, use, run) &&
    (use === 'qualifier' || !run.excluded.has(atom)) &&
    taken?.has(atom) !== true
  const modifiersOf =
    selector.filterItemSet === 'base_only'
      ? () => []
      : chosenModifiers(run, selector, matches, isUsable)
  const picks: Pick[] = []
  for (const unit of matches) addPicks(picks, { run, selector, use, unit, modifiersOf, isUsable })
  return picks
}

type UnitToPick = {
  run: RuleRun
  selector: Selector
  use: Use
  unit: BaseUnit
  modifiersOf: (unit: BaseUnit) => readonly Atom[]
  isUsable: (atom: Atom) => boolean
}

function addPicks(picks: Pick[], { run, selector, use, unit, modifiersOf, isUsable }: UnitToPick) {
  const { switches } = run
  const counts = (atom: Atom) => use === 'qualifier' || isPayable(atom, switches)
  const base = unit.atom
  switch (selector.filterItemSet) {
    case 'base_only':
      if (isUsable(base) && counts(base)) picks.push(pickOf([base]))
      return
    case 'modifiers_only':
      for (const modifier of modifiersOf(unit)) {
        if (counts(modifier)) picks.push(pickOf([modifier]))
      }
      return
    case 'base_and_modifiers': {
      // A base that costs nothing itself still carries modifiers that do.
      if (!isUsable(base) || (!counts(base) && base.priceCents > 0)) return
      const atoms = [base, ...modifiersOf(unit)].filter(counts)
      if (atoms.length > 0) picks.push(pickOf(atoms))
    }
  }
}

/** One pick of units that go together, at what is left of their prices. */
export function pickOf(atoms: readonly Atom[]): Pick {
  let cents = 0
  for (const atom of atoms) cents += atom.remainingCents
  return { atoms, cents, quantity: atoms[0]?.quantity ?? 0 }
}

/** The modifiers a selector chooses for each base unit, within its limit. */
function chosenModifiers(
  run: RuleRun,
  { filterItemSet, excludeNonPayable, modifiers }: Selector,
  matches: readonly BaseUnit[],
  isUsable: (atom: Atom) => boolean,
): (unit: BaseUnit) => readonly Atom[] {
  const dropsNonPayable = excludeNonPayable && filterItemSet === 'base_and_modifiers'
  const candidatesOf = (unit: BaseUnit) =>
    unit.modifiers.filter(
      (atom) => isUsable(atom) && !(dropsNonPayable && atom.remainingCents === 0),
    )
  const limit = modifiers.maxDiscountUnits
  if (limit === null) return candidatesOf
  const best = (atoms: readonly Atom[]) =>
    byPrice(atoms, (atom) => atom.remainingCents, modifiers.processingMethod).slice(0, limit)
  if (run.switches.modifierLimitScope === 'base_unit') {
    return (unit) => inOrder(best(candidatesOf(unit)))
  }
  const chosen = new Set(best(inOrder(matches.flatMap(candidatesOf))))
  return (unit) => unit.modifiers.filter((atom) => chosen.has(atom))
}

/** Dearest or cheapest first, equal prices as on the receipt; without a method, as on the receipt. */
export function byPrice<T>(
  items: readonly T[],
  centsOf: (item: T) => number,
  method: LineItemFilter['processingMethod'] | null,
): T[] {
  if (method === 'max_price') return items.toSorted((a, b) => centsOf(b) - centsOf(a))
  if (method === 'min_price') return items.toSorted((a, b) => centsOf(a) - centsOf(b))
  return [...items]
}

function inOrder(atoms: readonly Atom[]): Atom[] {
  return atoms.toSorted((a, b) => a.order - b.order)
}

/** Every unit of the menu this rule may discount, each its own pick, when no filter names any. */
export function menuPicks(run: RuleRun): Pick[] {
  return run.check.atoms
    .filter(
      (atom) =>
        !atom.isService &&
        !run.excluded.has(atom) &&
        isFree(atom, 'target', run) &&
        isPayable(atom, run.switches),
    )
    .map((atom) => pickOf([atom]))
}

/** What `exclude` filters take out of every other filter and of the menu, whatever its state. */
export function excludedAtoms(
  check: Check,
  memory: MatchMemory,
  filters: readonly LineItemFilter[],
  aggregateBy: readonly AggregateAttribute[] | null,
): ReadonlySet<Atom> {
  const excluded = new Set<Atom>()
  for (const { selector, processingMethod } of filters) {
    if (processingMethod !== 'exclude') continue
    for (const { atom, modifiers } of matchesOf(check, memory, selector, aggregateBy)) {
      if (selector.filterItemSet !== 'modifiers_only') excluded.add(atom)
      if (selector.filterItemSet === 'base_only') continue
      for (const modifier of modifiers) excluded.add(modifier)
    }
  }
  return excluded
}
