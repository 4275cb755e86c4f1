import type { Criterion, Selector } from './catalog.ts'
import { lineTotals } from './line-subjects.ts'
import type { RuleRun } from './picks.ts'
import { compileLineClauses, failingClause, matchesOf } from './selector-matches.ts'
import { step } from './trace.ts'

/** Writes, for each selector of a rule, which lines it matches and which clause each other line failed. */
export function traceSelectors(run: RuleRun, { lineItemFilters, itemQualifiers }: Criterion): void {
  if (run.trace === null) return
  const selectors = new Set([...lineItemFilters, ...itemQualifiers].map(({ selector }) => selector))
  for (const selector of selectors) run.trace.push(selectorStep(run, selector))
}

function selectorStep(run: RuleRun, selector: Selector) {
  const { check, memory, aggregateBy } = run
  const matched = new Set<number>()
  for (const { atom, modifiers } of matchesOf(check, memory, selector, aggregateBy)) {
    if (selector.filterItemSet !== 'modifiers_only') matched.add(atom.line)
    if (selector.filterItemSet === 'base_only') continue
    for (const modifier of modifiers) matched.add(modifier.line)
  }
  const clauses = compileLineClauses(selector.baseClauses)
  const totals = lineTotals(check, aggregateBy)
  const unmatched = check.lines
    .filter(({ place }) => !matched.has(place))
    .map(({ line, place }) => ({
      line: place,
      name: line.name,
      failed: failingClause(clauses, line, totals(place)),
    }))
  const names = [...matched].map((place) => check.receipt.lines[place]?.name)
  const text = names.length === 0 ? 'matches no line' : `matches ${names.join(', ')}`
  return step('selector', `${selector.name} ${text}`, {
    selector: selector.name,
    clauses: selector.baseClauses,
    matched: [...matched],
    unmatched,
  })
}
