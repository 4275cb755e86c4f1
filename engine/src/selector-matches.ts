import type { AggregateAttribute, Clause, LineAttribute, Selector } from './catalog.ts'
import type { Atom, BaseUnit, Check } from './check.ts'
import { compileClause, type Test } from './clause.ts'
import { type LineTotals, lineAttributeKinds, lineSubject, lineTotals } from './line-subjects.ts'
import type { Line } from './receipt.ts'

/** The base units a selector matches, each with the modifiers it matches, whatever their state. */
export type Matches = readonly BaseUnit[]

/** Remembers matches while one receipt is evaluated: they do not change as discounts are granted. */
export type MatchMemory = Map<readonly AggregateAttribute[] | null, Map<Selector, Matches>>

/** Which units of a check a selector speaks of. Service lines only when a clause names the type. */
export function matchesOf(
  check: Check,
  memory: MatchMemory,
  selector: Selector,
  aggregateBy: readonly AggregateAttribute[] | null,
): Matches {
  let remembered = memory.get(aggregateBy)
  if (remembered === undefined) {
    remembered = new Map()
    memory.set(aggregateBy, remembered)
  }
  const known = remembered.get(selector)
  if (known !== undefined) return known
  const matches = findMatches(check, selector, lineTotals(check, aggregateBy))
  remembered.set(selector, matches)
  return matches
}

function findMatches(
  check: Check,
  selector: Selector,
  totals: (place: number) => LineTotals,
): Matches {
  const isBase = lineTest(check, selector.baseClauses, totals)
  const isModifier = lineTest(check, selector.modifiers.clauses, totals)
  const matches: BaseUnit[] = []
  for (const { atom, modifiers } of check.bases) {
    if (isBase(atom)) matches.push({ atom, modifiers: modifiers.filter(isModifier) })
  }
  return matches
}

/** Asks each line once, however many units it has. */
function lineTest(
  check: Check,
  clauses: readonly Clause<LineAttribute>[],
  totals: (place: number) => LineTotals,
): (atom: Atom) => boolean {
  const tests = compileLineClauses(clauses)
  const takesService = clauses.some(({ attribute }) => attribute === 'line_item_type')
  const answers = new Map<number, boolean>()
  return ({ line: place, isService }) => {
    if (isService && !takesService) return false
    const known = answers.get(place)
    if (known !== undefined) return known
    const line = check.receipt.lines[place]
    const answer = line !== undefined && failingClause(tests, line, totals(place)) === null
    answers.set(place, answer)
    return answer
  }
}

/** A clause with its test, so that a line can be told which one it failed. */
export type CompiledClause = { clause: Clause<LineAttribute>; test: Test }

/** One clause for each attribute: the first one given. */
export function compileLineClauses(clauses: readonly Clause<LineAttribute>[]): CompiledClause[] {
  return firstOfEachAttribute(clauses).map((clause) => ({
    clause,
    test: compileClause(lineAttributeKinds[clause.attribute], clause.operator, clause.value),
  }))
}

/** A repeated attribute is left out: the first clause counts, as published. */
export function firstOfEachAttribute<A extends string>(clauses: readonly Clause<A>[]): Clause<A>[] {
  return clauses.filter(
    (clause, place) => clauses.findIndex((c) => c.attribute === clause.attribute) === place,
  )
}

/** The first clause a line does not meet; null when it meets all. */
export function failingClause(
  clauses: readonly CompiledClause[],
  line: Line,
  totals: LineTotals,
): Clause<LineAttribute> | null {
  const failing = clauses.find(
    ({ clause, test }) => !test(lineSubject(line, clause.attribute, totals)),
  )
  return failing?.clause ?? null
}
