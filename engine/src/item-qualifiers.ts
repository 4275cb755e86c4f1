import type { Criterion, ExpressionType, ItemQualifier } from './catalog.ts'
import type { Atom } from './check.ts'
import { type Pick, type RuleRun, usablePicks } from './picks.ts'
import { matchesOf } from './selector-matches.ts'
import { inCurrency, inUnits, step } from './trace.ts'

/** A qualifier that holds, with the picks it may consume. */
export type Satisfied = { qualifier: ItemQualifier; picks: readonly Pick[] }

/** Whether all that must be on the receipt is there, and what of it may be used up. */
export type Qualification =
  | { kind: 'met'; satisfied: readonly Satisfied[] }
  | { kind: 'missed'; nearestMiss: string }

/** Whether a criterion's item qualifiers hold. With `Any` only the first that holds will consume. */
export function qualify(
  run: RuleRun,
  { itemQualifiers, qualifyingOperator }: Criterion,
): Qualification {
  const satisfied: Satisfied[] = []
  let firstMiss: string | null = null
  for (const qualifier of itemQualifiers) {
    const picks = usablePicks(run, qualifier.selector, 'qualifier')
    const nearestMiss = missOf(run, qualifier, picks)
    run.trace?.push(
      step('item_qualifier', `${describe(qualifier)}: ${nearestMiss ?? 'met'}`, {
        selector: qualifier.selector.name,
        expression: qualifier.expressionType,
        netValue: qualifier.netValue === null ? null : inUnits(qualifier.netValue),
        usableUnits: picks.length,
        holds: nearestMiss === null,
      }),
    )
    if (nearestMiss === null) satisfied.push({ qualifier, picks })
    firstMiss ??= nearestMiss
    if (nearestMiss !== null && qualifyingOperator === 'All') return { kind: 'missed', nearestMiss }
    if (nearestMiss === null && qualifyingOperator === 'Any') return { kind: 'met', satisfied }
  }
  if (qualifyingOperator === 'Any' && firstMiss !== null) {
    return { kind: 'missed', nearestMiss: firstMiss }
  }
  return { kind: 'met', satisfied }
}

/** Null when the expression holds; else what is missing, in plain words. */
function missOf(run: RuleRun, qualifier: ItemQualifier, usable: readonly Pick[]): string | null {
  const { selector, expressionType, netValue } = qualifier
  const needed = netValue ?? 0
  const tally = tallyOf(usable)
  const { quantity } = tally
  switch (expressionType) {
    case 'line_item_exists':
      return usable.length > 0 ? null : `needs 1 more ${selector.name}`
    case 'line_item_does_not_exist': {
      const isThere = isOnReceipt(run, selector)
      return isThere ? `works only without ${selector.name}` : null
    }
    case 'net_quantity_greater_than_or_equal_to':
      return quantity >= needed ? null : missingUnits(needed - quantity, selector.name)
    case 'net_quantity_equal_to': {
      const onReceipt = receiptQuantity(run, selector)
      if (onReceipt === needed && quantity >= needed) return null
      if (onReceipt <= needed) return missingUnits(needed - quantity, selector.name)
      return `needs exactly ${inUnits(needed)} ${selector.name}, the receipt has ${inUnits(onReceipt)}`
    }
    default: {
      const cents = countedCents(expressionType, tally)
      if (reaches(cents, needed)) return null
      return `${selector.name} ${inCurrency(cents)} of ${inCurrency(needed / 10_000)}`
    }
  }
}

function missingUnits(missing: number, name: string): string {
  return `needs ${inUnits(missing)} more ${name}`
}

function isOnReceipt(run: RuleRun, selector: ItemQualifier['selector']): boolean {
  const matches = matchesOf(run.check, run.memory, selector, run.aggregateBy)
  if (selector.filterItemSet !== 'modifiers_only') return matches.length > 0
  return matches.some(({ modifiers }) => modifiers.length > 0)
}

/** What the receipt holds of a selector, whatever earlier discounts did to it. */
function receiptQuantity(run: RuleRun, selector: ItemQualifier['selector']): number {
  const alone = { ...run, claim: { stacks: true, reuses: true, isTender: true } }
  return tallyOf(usablePicks(alone, selector, 'qualifier')).quantity
}

/** What a set of picks adds up to, kept as picks are added one by one. */
type Tally = { picks: number; quantity: number; cents: number; least: number; most: number }

function tallyOf(picks: readonly Pick[]): Tally {
  const tally = { picks: 0, quantity: 0, cents: 0, least: Number.MAX_SAFE_INTEGER, most: 0 }
  for (const pick of picks) addTo(tally, pick)
  return tally
}

function addTo(tally: Tally, { cents, quantity }: Pick): void {
  tally.picks += 1
  tally.quantity += quantity
  tally.cents += cents
  tally.least = Math.min(tally.least, cents)
  tally.most = Math.max(tally.most, cents)
}

/** The part of the picks' amount that an amount expression counts. */
function countedCents(expressionType: ExpressionType, tally: Tally): number {
  if (tally.picks === 0) return 0
  if (expressionType === excludingMin) return tally.cents - tally.least
  if (expressionType === excludingMax) return tally.cents - tally.most
  return tally.cents
}

const excludingMin = 'net_amount_excluding_min_priced_item_equal_to_or_more_than'
const excludingMax = 'net_amount_excluding_max_priced_item_equal_to_or_more_than'

function reaches(cents: number, neededMicros: number): boolean {
  return cents * 10_000 >= neededMicros
}

/**
 * The units a granted discount uses up to qualify: its own targets first, then the dearest, then as
 * on the receipt, until the expression holds on them. `times` is how often a rule that grows with
 * its qualifiers used them.
 */
export function consumedBy(
  satisfied: readonly Satisfied[],
  targets: ReadonlySet<Atom>,
  times = 1,
): Set<Atom> {
  const consumed = new Set<Atom>()
  for (const { qualifier, picks } of satisfied) {
    if (qualifier.expressionType === 'line_item_does_not_exist') continue
    const isTarget = (pick: Pick) => (pick.atoms.some((atom) => targets.has(atom)) ? 0 : 1)
    const inTurn = picks.toSorted((a, b) => isTarget(a) - isTarget(b) || b.cents - a.cents)
    const used = tallyOf([])
    for (const pick of inTurn) {
      if (holdsOn(qualifier, used, times)) break
      addTo(used, pick)
      for (const atom of pick.atoms) consumed.add(atom)
    }
  }
  return consumed
}

function holdsOn({ expressionType, netValue }: ItemQualifier, used: Tally, times: number): boolean {
  const needed = (netValue ?? 0) * times
  switch (expressionType) {
    case 'line_item_exists':
      return used.picks >= times
    case 'net_quantity_greater_than_or_equal_to':
    case 'net_quantity_equal_to':
      return used.quantity >= needed
    default:
      return used.picks > 0 && reaches(countedCents(expressionType, used), needed)
  }
}

/** How many times the qualifiers fit into what is usable: the fewest over those that count. */
export function timesQualified(satisfied: readonly Satisfied[]): number {
  let times = Number.POSITIVE_INFINITY
  for (const { qualifier, picks } of satisfied) {
    const { expressionType, netValue } = qualifier
    if (expressionType === 'line_item_does_not_exist') continue
    const tally = tallyOf(picks)
    const size = netValue === null || expressionType === 'line_item_exists' ? 1_000_000 : netValue
    const counted = expressionType.startsWith('net_amount')
      ? countedCents(expressionType, tally) * 10_000
      : tally.quantity
    times = Math.min(times, size === 0 ? 1 : Math.floor(counted / size))
  }
  return Number.isFinite(times) ? times : 1
}

function describe({ selector, expressionType, netValue }: ItemQualifier): string {
  return `${selector.name} ${expressionType}${netValue === null ? '' : ` ${inUnits(netValue)}`}`
}
