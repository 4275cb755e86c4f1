import type { Criterion, LineItemFilter, RedemptionSettings } from './catalog.ts'
import type { Check } from './check.ts'
import { findWorth, isReceiptWide } from './find-worth.ts'
import { qualify, type Satisfied } from './item-qualifiers.ts'
import { type Claim, excludedAtoms, type RuleRun, usablePicks } from './picks.ts'
import { isAbove } from './ratio.ts'
import { receiptMiss } from './receipt-qualifiers.ts'
import type { MatchMemory } from './selector-matches.ts'
import type { Room } from './spread.ts'
import { inCurrency, step, type Trace } from './trace.ts'
import { traceSelectors } from './trace-selectors.ts'
import { discountBeforeRoom } from './value-pipeline.ts'
import type { FunctionRun, Worth } from './worth.ts'

/** One rule to be judged on a check, and what its discount type adds to it. */
export type RuleUse = {
  criterion: Criterion
  claim: Claim
  /** The most this use may take off: a card's value, the currency asked, a benefit's threshold. */
  limitCents: number | null
  /** Left to pay after it. */
  leaveCents: number
  /** What a subscription's benefit still holds; null is no limit. */
  unitsLeft: number | null
  /** Replaces the criterion's most units: millionths, for a rollback that is cut inside a unit. */
  volumeMax: number | null
}

/** Why a rule gives nothing. */
export type Miss = {
  kind: 'missed'
  code: 'not_qualified' | 'zero_amount'
  nearestMiss: string | null
}

/** Where rules are judged, and how discounts meet there. */
export type Judging = {
  check: Check
  memory: MatchMemory
  settings: RedemptionSettings
  trace: Trace
}

/** What a rule comes to, before it is spread over units. */
export type Priced = {
  kind: 'priced'
  /** After percentage and cap. */
  wantedCents: number
  /** After the limits of its type and what is left to give. */
  cents: number
  satisfied: readonly Satisfied[]
  worth: Worth
  room: Room
  /** Why it came to nothing; null when it did not. */
  reason: string | null
}

/**
 * What a rule comes to on what earlier discounts left: receipt qualifiers, item qualifiers, the
 * processing function, then percentage, cap and room, in this order. Changes nothing.
 */
export function priceRule(judging: Judging, use: RuleUse): Priced | Miss {
  const { check, settings, trace } = judging
  const { criterion } = use
  const missed = receiptMiss(check, criterion.receiptQualifiers, settings.switches, trace)
  if (missed !== null) return notQualified(missed)
  const run = ruleRun(judging, use)
  traceSelectors(run, criterion)
  const qualification = qualify(run, criterion)
  if (qualification.kind === 'missed') return notQualified(qualification.nearestMiss)
  return pricedChoices(functionRun(run, use, qualification.satisfied), use)
}

function notQualified(nearestMiss: string | null): Miss {
  return { kind: 'missed', code: 'not_qualified', nearestMiss }
}

function ruleRun(
  { check, memory, settings, trace }: Judging,
  { criterion, claim }: RuleUse,
): RuleRun {
  const { aggregateBy, lineItemFilters } = criterion
  return {
    check,
    memory,
    claim,
    switches: settings.switches,
    aggregateBy,
    excluded: excludedAtoms(check, memory, lineItemFilters, aggregateBy),
    trace,
  }
}

function functionRun(
  run: RuleRun,
  { criterion, unitsLeft, volumeMax }: RuleUse,
  satisfied: readonly Satisfied[],
): FunctionRun {
  const { maxDiscountUnits } = criterion
  const units = least(maxDiscountUnits, unitsLeft)
  const isRollback = criterion.processingFunction === 'rate_rollback'
  return {
    ...run,
    criterion,
    satisfied,
    filters: isReceiptWide(criterion) ? [] : includeFilters(criterion),
    unitsMax: isRollback ? least(volumeMax, units === null ? null : units * 1_000_000) : units,
    unitsLeft,
  }
}

function includeFilters({ lineItemFilters }: Criterion): LineItemFilter[] {
  return lineItemFilters.filter(({ processingMethod }) => processingMethod !== 'exclude')
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

/** With `All` the filters together; with `Any` each filter that yields, the least or the most of them. */
function pricedChoices(run: FunctionRun, use: RuleUse): Priced | Miss {
  const { itemFilterOperator, discountEvaluationStrategy, processingFunction } = run.criterion
  const yielding = run.filters.filter((filter) => yields(run, filter))
  const isAny = itemFilterOperator === 'Any' && processingFunction !== 'bogof2'
  const empty = run.filters.find((filter) => !yielding.includes(filter))
  if (empty !== undefined && (!isAny || yielding.length === 0)) {
    return notQualified(`needs 1 more ${empty.selector.name}`)
  }
  if (!isAny || run.filters.length === 0) return priced(run, use)
  const choices = yielding.map((filter) => {
    run.trace?.push(step('function', `${filter.selector.name} by itself`))
    return priced({ ...run, filters: [filter] }, use)
  })
  // Told by the value, not the amount: a small percentage must not change which filter is the least.
  const paying = choices.filter(({ worth }) => isAbove(worth.value, 0))
  const isBetter = (a: Priced, b: Priced) =>
    discountEvaluationStrategy === 'Max' ? a.cents > b.cents : a.cents < b.cents
  const [first, ...others] = paying.length > 0 ? paying : choices
  if (first === undefined) return notQualified(null)
  return others.reduce((best, other) => (isBetter(other, best) ? other : best), first)
}

/** A filter of pairs yields what can pay as well as what can be free. */
function yields(run: FunctionRun, { selector }: LineItemFilter): boolean {
  if (usablePicks(run, selector, 'target').length > 0) return true
  return (
    run.criterion.processingFunction.startsWith('bogof') &&
    usablePicks(run, selector, 'qualifier').length > 0
  )
}

function priced(run: FunctionRun, { limitCents, leaveCents }: RuleUse): Priced {
  const { criterion, check, switches, trace } = run
  const worth = findWorth(run)
  const wanted = discountBeforeRoom(criterion, worth.value, switches, trace)
  const limited = Math.min(wanted, limitCents ?? wanted)
  const room = roomFor(check, worth, leaveCents)
  const cents = Math.max(0, Math.min(limited, room.menuCents + room.serviceCents))
  if (cents < wanted) {
    trace?.push(
      step(
        'clamp',
        `${inCurrency(wanted)} is lowered to ${inCurrency(cents)}: no more can be given`,
        {
          wantedCents: wanted,
          limitCents,
          ...room,
        },
      ),
    )
  }
  const reason =
    cents > 0
      ? null
      : wanted > 0
        ? 'nothing is left to pay'
        : 'the rule comes to 0.00 on these lines'
  return {
    kind: 'priced',
    wantedCents: wanted,
    cents,
    satisfied: run.satisfied,
    worth,
    room,
    reason,
  }
}

/** Menu lines share the running subtotal; service lines what is left of the service lines. */
function roomFor(check: Check, { targets }: Worth, leaveCents: number): Room {
  let menuCents = 0
  let serviceCents = 0
  for (const { atoms } of targets) {
    for (const atom of atoms) {
      if (atom.isService) serviceCents += atom.remainingCents
      else menuCents += atom.remainingCents
    }
  }
  return {
    menuCents: Math.max(0, Math.min(menuCents, check.subtotalCents - leaveCents)),
    serviceCents: Math.max(0, Math.min(serviceCents, check.serviceCents)),
  }
}
