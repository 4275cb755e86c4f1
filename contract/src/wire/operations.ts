import {
  onlineBatchRedemptions,
  onlineVoidBatch,
  posBatchRedemptions,
  posVoidBatch,
} from './batch-redemptions.ts'
import {
  mobileActive,
  mobileSelect,
  mobileUnselect,
  onlineActive,
  onlineAutoSelect,
  onlineSelect,
  onlineUnlock,
  onlineUnselect,
  posActive,
  posAutoSelect,
  posLookup,
  posSelect,
  posUnlock,
  posUnselect,
} from './discounts.ts'
import type { Operation } from './operation.ts'

/** Every operation of the wire, once, in the order documents show them. */
export const operations: readonly Operation[] = [
  posAutoSelect,
  posLookup,
  posSelect,
  posUnselect,
  posActive,
  posUnlock,
  posBatchRedemptions,
  posVoidBatch,
  onlineAutoSelect,
  onlineSelect,
  onlineUnselect,
  onlineActive,
  onlineUnlock,
  onlineBatchRedemptions,
  onlineVoidBatch,
  mobileSelect,
  mobileUnselect,
  mobileActive,
]
