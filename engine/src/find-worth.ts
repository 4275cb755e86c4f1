import { unreachable } from '@regulars/contract/values/assert'
import type { FunctionRun, Worth } from './worth.ts'
import { freeCheapest, freeOfEqualOrLess } from './worth-of-pairs.ts'
import { rollback } from './worth-of-rollback.ts'
import {
  fixedAmount,
  incrementalSum,
  receiptAmount,
  sumOfAmounts,
  sumOfQuantities,
} from './worth-of-sums.ts'
import {
  aboveTarget,
  aboveTargetCheapest,
  aboveTargetDearest,
  bundlesOneByOne,
  pooledBundles,
} from './worth-of-target-prices.ts'

/** Runs a criterion's processing function: the value before rounding, percentage and cap. */
export function findWorth(run: FunctionRun): Worth {
  const { criterion, check } = run
  switch (criterion.processingFunction) {
    case 'sum_amounts':
      return sumOfAmounts(run)
    case 'sum_amounts_incremental':
      return incrementalSum(run)
    case 'sum_qty':
      return sumOfQuantities(run)
    case 'static_amount':
      return fixedAmount(run, criterion.amountCapCents ?? 0)
    case 'receipt_subtotal':
      return receiptAmount(run, check.subtotalCents)
    case 'receipt_total_amount':
      return receiptAmount(run, check.totalCents)
    case 'hit_target_price':
      return aboveTarget(run)
    case 'hit_target_price_max_price_once':
      return aboveTargetDearest(run)
    case 'hit_target_price_min_price_once':
      return aboveTargetCheapest(run)
    case 'bundle_price_target':
      return pooledBundles(run)
    case 'bundle_price_target_advanced':
      return bundlesOneByOne(run)
    case 'rate_rollback':
      return rollback(run, {
        unitDiscount: criterion.unitDiscount ?? 0,
        minimumUnitRate: criterion.minimumUnitRate ?? 0,
        unitsMax: run.unitsMax,
      })
    case 'bogof':
      return freeCheapest(run)
    case 'bogof2':
      return freeOfEqualOrLess(run)
    default:
      return unreachable(criterion.processingFunction)
  }
}

/** Functions whose value is of the whole receipt: their filters only exclude. */
export function isReceiptWide({ processingFunction }: FunctionRun['criterion']): boolean {
  return processingFunction === 'receipt_subtotal' || processingFunction === 'receipt_total_amount'
}
