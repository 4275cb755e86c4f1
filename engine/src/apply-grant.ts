import { type Micros, micros } from '@regulars/contract/values/exact'
import { cents } from '@regulars/contract/values/money'
import type { Check } from './check.ts'
import type { LineShare } from './evaluation.ts'
import type { Grant } from './judge-rule.ts'
import type { Claim } from './picks.ts'
import type { AtomShare } from './spread.ts'

/** Takes a grant off the check and marks the units it discounted and used up. Tender marks nothing. */
export function applyGrant(check: Check, { shares, consumed }: Grant, claim: Claim): void {
  for (const { atom, cents: share } of shares) {
    atom.remainingCents -= share
    check.totalCents -= share
    if (atom.isService) check.serviceCents -= share
    else check.subtotalCents -= share
    if (claim.isTender) continue
    atom.targeted = claim.stacks && atom.targeted !== 'alone' ? 'stacking' : 'alone'
  }
  if (claim.isTender) return
  for (const atom of consumed) {
    atom.qualifying = claim.reuses && atom.qualifying !== 'alone' ? 'reusable' : 'alone'
  }
}

/** The shares of each line, in canonical order; lines that bear nothing are left out. */
export function lineShares(shares: readonly AtomShare[]): LineShare[] {
  const byLine = new Map<number, { order: number; quantity: number; cents: number }>()
  for (const { atom, cents: share, volume } of shares) {
    if (share === 0) continue
    const line = byLine.get(atom.line) ?? { order: atom.order, quantity: 0, cents: 0 }
    line.cents += share
    line.quantity += volume
    byLine.set(atom.line, line)
  }
  return [...byLine]
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([line, { quantity, cents: share }]) => ({
      line,
      quantity: micros(quantity),
      cents: cents(share),
    }))
}

/** The volume that bears a discount, in millionths of a unit. */
export function discountedVolume(shares: readonly AtomShare[]): Micros {
  let volume = 0
  for (const share of shares) if (share.cents > 0) volume += share.volume
  return micros(volume)
}
