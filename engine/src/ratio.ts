import { divideHalfUp } from '@regulars/contract/values/exact'

/** An exact fraction; the denominator is above zero. Money in it is counted in cents. */
export type Ratio = { numerator: bigint; denominator: bigint }

/** Whole cents, or an exact fraction of them where a rule leaves one. */
export type ExactCents = number | Ratio

/** The same value as a fraction. */
export function asRatio(value: ExactCents): Ratio {
  return typeof value === 'number' ? { numerator: BigInt(value), denominator: 1n } : value
}

/** Stays a plain number as long as both are, which is the common case and the fast one. */
export function addExact(left: ExactCents, right: ExactCents): ExactCents {
  if (typeof left === 'number' && typeof right === 'number') return left + right
  const [a, b] = [asRatio(left), asRatio(right)]
  // The least common denominator: a plain product grows with every addition.
  const denominator = leastCommonMultiple(a.denominator, b.denominator)
  return {
    numerator:
      a.numerator * (denominator / a.denominator) + b.numerator * (denominator / b.denominator),
    denominator,
  }
}

/** Of two numbers above zero. */
export function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return a % b === 0n ? a : (a / greatestCommonDivisor(a, b)) * b
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

/** True when `left` is more than `right` whole cents. */
export function isAbove(left: ExactCents, right: number): boolean {
  if (typeof left === 'number') return left > right
  return left.numerator > BigInt(right) * left.denominator
}

/** Whole cents, half a cent rounded up. */
export function ratioHalfUp(value: Ratio): number {
  return Number(divideHalfUp(value.numerator, value.denominator))
}

/** The largest multiple of `step` at or under a value that is not below zero, and the smallest at or over it. */
export function ratioToMultiple(
  value: Ratio,
  step: bigint,
  rule: 'round' | 'ceil' | 'floor',
): Ratio {
  const size = value.denominator * step
  const steps =
    rule === 'floor'
      ? value.numerator / size
      : rule === 'ceil'
        ? (value.numerator + size - 1n) / size
        : divideHalfUp(value.numerator, size)
  return { numerator: steps * step, denominator: 1n }
}
