import type { Criterion, Switches } from './catalog.ts'
import { asRatio, type ExactCents, type Ratio, ratioHalfUp, ratioToMultiple } from './ratio.ts'
import { inCurrency, inUnits, step, type Trace } from './trace.ts'

/**
 * From the value a processing function found to whole cents: the rounding rule, the percentage with
 * one rounding half up, then the cap. Never below zero.
 */
export function discountBeforeRoom(
  criterion: Criterion,
  value: ExactCents,
  { roundingStage }: Switches,
  trace: Trace,
): number {
  trace?.push(
    step('function', `${criterion.processingFunction} gives ${exactText(value)}`, {
      function: criterion.processingFunction,
      value: exactText(value),
    }),
  )
  const isEarly = roundingStage === 'before_percent'
  const first = isEarly ? rounded(criterion, value, trace) : value
  const share = percentOf(criterion, first, trace)
  const exact = isEarly ? share : rounded(criterion, share, trace)
  const cents = typeof exact === 'number' ? exact : ratioHalfUp(exact)
  return capped(criterion, cents, trace)
}

function rounded({ roundingRule }: Criterion, value: ExactCents, trace: Trace): ExactCents {
  if (roundingRule === null) return value
  const whole = ratioToMultiple(asRatio(value), 100n, roundingRule)
  trace?.push(step('rounding', `${roundingRule} makes it ${exactText(whole)}`, { roundingRule }))
  return whole
}

/** 100 % is 100 000 000. */
function percentOf({ percentage }: Criterion, value: ExactCents, trace: Trace): ExactCents {
  if (percentage === null) return value
  const { numerator, denominator } = asRatio(value)
  const share: Ratio = {
    numerator: numerator * BigInt(percentage),
    denominator: denominator * 100_000_000n,
  }
  trace?.push(
    step('percentage', `${inUnits(percentage)} % of it is ${inCurrency(ratioHalfUp(share))}`, {
      percentage: inUnits(percentage),
    }),
  )
  return share
}

function capped({ amountCapCents }: Criterion, cents: number, trace: Trace): number {
  if (amountCapCents === null || cents <= amountCapCents) return cents
  trace?.push(
    step('cap', `the cap of ${inCurrency(amountCapCents)} lowers ${inCurrency(cents)}`, {
      amountCapCents,
      cents,
    }),
  )
  return amountCapCents
}

function exactText(value: ExactCents): string {
  return inCurrency(typeof value === 'number' ? value : ratioHalfUp(value))
}
