import { divideHalfUp, microsPerUnit } from '@regulars/contract/values/exact'
import type { Cents } from '@regulars/contract/values/money'
import { type Points, points } from '@regulars/contract/values/points'
import type { Program, Tier } from './program.ts'

const centsPerUnit = 100n
const one = BigInt(microsPerUnit)

/**
 * The points that an eligible amount earns: amount × rate × the tier's multiplier, rounded once by
 * the program's rule. With the stage `before` the rule rounds the amount to whole currency units
 * instead, and what a broken multiplier leaves is dropped. An amount below zero earns nothing.
 */
export function earnedPoints(
  program: Program,
  { tier, eligibleCents }: { tier: Tier | null; eligibleCents: Cents },
): Points {
  if (program.programType === 'visits' || eligibleCents <= 0) return points(0)
  const { rule, stage } = program.rounding
  const amount = BigInt(eligibleCents)
  const factor = BigInt(program.earningRate) * BigInt(tier?.earningMultiplier ?? microsPerUnit)
  const earned =
    stage === 'before'
      ? (divide(amount, centsPerUnit, rule) * factor) / (one * one)
      : divide(amount * factor, centsPerUnit * one * one, rule)
  return points(Number(earned))
}

/** Neither side is below zero. */
function divide(numerator: bigint, denominator: bigint, rule: Program['rounding']['rule']): bigint {
  switch (rule) {
    case 'floor':
      return numerator / denominator
    case 'ceil':
      return (numerator + denominator - 1n) / denominator
    case 'round':
      return divideHalfUp(numerator, denominator)
  }
}
