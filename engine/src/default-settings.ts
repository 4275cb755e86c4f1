import type { RedemptionSettings, Switches } from './catalog.ts'

/** Ours where the publications leave a rule open; each can be set for a business. */
export const defaultSwitches: Switches = {
  thresholdBasis: 'running',
  qualifierLockScope: 'qualifier_and_target',
  zeroPricedUnits: 'ignore',
  tenderLast: true,
  currencyIsTender: true,
  currencyOverAsk: 'clamp',
  batchPolicy: 'partial',
  bogofDefaultPairs: 1,
  modifierLimitScope: 'base_unit',
  roundingStage: 'before_percent',
  autoSelect: 'date_of_expiry',
  repeatRedeemable: false,
}

/** How discounts meet when a business says nothing: everything may stack, ten to a transaction. */
export const defaultSettings: RedemptionSettings = {
  autoRedemption: true,
  autoRedemptionDiscounts: ['offer', 'subscription'],
  maxRedemptionsInTransaction: 10,
  allowMultipleRedemptionOnItem: true,
  allowQualifyingItemsReused: true,
  processingPriorityByDiscountType: ['reward', 'promo_coupon', 'subscription', 'discount_amount'],
  processingPriorityByAcquisitionType: [],
  excludeInteroperabilityBetween: [],
  switches: defaultSwitches,
}
