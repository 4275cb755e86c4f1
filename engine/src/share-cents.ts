import { assert } from '@regulars/contract/values/assert'
import { asRatio, type ExactCents, leastCommonMultiple } from './ratio.ts'

/**
 * Divides `totalCents` in proportion to `weights`: one whole number each, summing to the total
 * exactly and each within one cent of its exact share. Cents missing after rounding down go to the
 * largest fractions, equal fractions to the earlier place; a weight of zero gets nothing.
 */
export function shareCents(totalCents: number, weights: readonly ExactCents[]): number[] {
  assert(totalCents >= 0, 'share the amount, then apply its sign', { totalCents })
  return (wholeShares(totalCents, weights) ?? exactShares(totalCents, weights)).shares
}

type Shares = { shares: number[] }

/** Null when a product would leave what a double holds exactly, or a weight is a fraction. */
function wholeShares(totalCents: number, weights: readonly ExactCents[]): Shares | null {
  let sum = 0
  let largest = 0
  for (const weight of weights) {
    if (typeof weight !== 'number') return null
    sum += weight
    if (weight > largest) largest = weight
  }
  if (!Number.isSafeInteger(sum) || !Number.isSafeInteger(totalCents * largest)) return null
  assert(sum > 0, 'at least one weight is above zero', { weights })
  const fractions: number[] = []
  let missing = totalCents
  const shares = weights.map((weight) => {
    const product = totalCents * (weight as number)
    const fraction = product % sum
    fractions.push(fraction)
    const share = (product - fraction) / sum
    missing -= share
    return share
  })
  giveMissing(shares, missing, (a, b) => (fractions[b] ?? 0) - (fractions[a] ?? 0))
  return { shares }
}

function exactShares(totalCents: number, weights: readonly ExactCents[]): Shares {
  const ratios = weights.map(asRatio)
  const common = ratios.reduce(
    (found, { denominator }) => leastCommonMultiple(found, denominator),
    1n,
  )
  const whole = ratios.map((ratio) => (ratio.numerator * common) / ratio.denominator)
  const sum = whole.reduce((total, weight) => total + weight, 0n)
  assert(sum > 0n, 'at least one weight is above zero', { weights: weights.length })
  const products = whole.map((weight) => BigInt(totalCents) * weight)
  const shares = products.map((product) => Number(product / sum))
  const missing = totalCents - shares.reduce((total, share) => total + share, 0)
  const fractions = products.map((product) => product % sum)
  giveMissing(shares, missing, (a, b) => {
    const difference = (fractions[b] ?? 0n) - (fractions[a] ?? 0n)
    return difference > 0n ? 1 : difference < 0n ? -1 : 0
  })
  return { shares }
}

/** `shares` is changed in place; the sort is stable, so equal fractions keep their order. */
function giveMissing(
  shares: number[],
  missing: number,
  byFraction: (a: number, b: number) => number,
): void {
  if (missing === 0) return
  const places = shares.map((_, place) => place).sort(byFraction)
  for (const place of places.slice(0, missing)) shares[place] = (shares[place] ?? 0) + 1
}
