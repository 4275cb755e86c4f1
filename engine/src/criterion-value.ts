import { type Cents, cents } from '@regulars/contract/values/money'
import type { Criterion } from './catalog.ts'
import { openCheck } from './check.ts'
import { defaultSettings } from './default-settings.ts'
import { measureRule } from './judge-rule.ts'
import type { Receipt } from './receipt.ts'

/**
 * What a criterion is worth on a receipt when it measures instead of discounting: the value that
 * earns, after percentage and cap. A criterion whose qualifiers or filters do not hold is worth 0.
 *
 * The receipt stands alone: nothing was granted on it, and locations are not looked at.
 */
export function criterionValueCents(criterion: Criterion, receipt: Receipt): Cents {
  const judging = {
    check: openCheck(receipt),
    memory: new Map(),
    settings: defaultSettings,
    trace: null,
  }
  const use = {
    criterion,
    claim: { stacks: true, reuses: true, isTender: false },
    limitCents: null,
    leaveCents: 0,
    unitsLeft: null,
    volumeMax: null,
  }
  return cents(measureRule(judging, use))
}
