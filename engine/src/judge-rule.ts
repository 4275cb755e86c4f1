import type { Atom } from './check.ts'
import { consumedBy } from './item-qualifiers.ts'
import { type Judging, type Miss, type Priced, priceRule, type RuleUse } from './price-rule.ts'
import { type AtomShare, spread } from './spread.ts'
import { counted, inCurrency, step } from './trace.ts'

/** What a granted rule does to the check, not yet done. */
export type Grant = {
  kind: 'granted'
  cents: number
  shares: readonly AtomShare[]
  consumed: ReadonlySet<Atom>
  /** Whether the value is of units; one of the whole receipt counts as a single unit. */
  countsUnits: boolean
}

/**
 * Judges one rule on what earlier discounts left: what it comes to, spread over units, and the units
 * it uses up to qualify. Changes nothing.
 */
export function judgeRule(judging: Judging, use: RuleUse): Grant | Miss {
  const priced = priceRule(judging, use)
  if (priced.kind === 'missed') return priced
  if (priced.cents === 0) return { kind: 'missed', code: 'zero_amount', nearestMiss: priced.reason }
  return grantOf(judging, priced)
}

/** What a criterion measures on a check: its value after percentage and cap, whatever room is left. */
export function measureRule(judging: Judging, use: RuleUse): number {
  const priced = priceRule(judging, use)
  return priced.kind === 'missed' ? 0 : priced.wantedCents
}

function grantOf({ trace }: Judging, { cents, satisfied, worth, room }: Priced): Grant {
  const shares = spread(cents, worth, room)
  const targets = new Set(shares.map(({ atom }) => atom))
  const consumed = consumedBy(satisfied, targets, worth.times)
  for (const atom of worth.consumed) consumed.add(atom)
  trace?.push(
    step('distribution', `${inCurrency(cents)} is spread over ${counted(shares.length, 'unit')}`, {
      shares: shares.map(({ atom, cents: share }) => ({ line: atom.line, cents: share })),
    }),
  )
  if (consumed.size > 0) {
    trace?.push(
      step('consumed', `used up to qualify: ${counted(consumed.size, 'unit')}`, {
        lines: [...consumed].map(({ line }) => line),
      }),
    )
  }
  return { kind: 'granted', cents, shares, consumed, countsUnits: worth.countsUnits }
}
