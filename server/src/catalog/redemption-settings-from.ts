import type { MultipleRedemptions } from '@regulars/contract/program-file'
import { Fault } from '@regulars/contract/values/assert'
import {
  type AcquisitionClass,
  defaultSettings,
  defaultSwitches,
  type RedemptionSettings,
  type Switches,
} from '@regulars/engine'

/** The engine's settings of the file's `multiple_redemptions`; what it leaves out is the engine's default. */
export function redemptionSettingsFrom(document: MultipleRedemptions): RedemptionSettings {
  return {
    autoRedemption: document.auto_redemption ?? defaultSettings.autoRedemption,
    autoRedemptionDiscounts:
      document.auto_redemption_discounts ?? defaultSettings.autoRedemptionDiscounts,
    maxRedemptionsInTransaction:
      document.max_redemptions_in_transaction ?? defaultSettings.maxRedemptionsInTransaction,
    allowMultipleRedemptionOnItem:
      document.allow_multiple_redemption_on_item ?? defaultSettings.allowMultipleRedemptionOnItem,
    allowQualifyingItemsReused:
      document.allow_qualifying_items_reused ?? defaultSettings.allowQualifyingItemsReused,
    processingPriorityByDiscountType:
      document.processing_priority_by_discount_type ??
      defaultSettings.processingPriorityByDiscountType,
    processingPriorityByAcquisitionType: (
      document.processing_priority_by_acquisition_type ?? []
    ).map(({ code, priority, multiplication_factor }) => ({
      code,
      priority,
      multiplicationFactor: multiplication_factor ?? null,
    })),
    excludeInteroperabilityBetween: (document.exclude_interoperability_strategy_between ?? []).map(
      acquisitionPair,
    ),
    switches: switchesFrom(document.switches ?? {}),
  }
}

function switchesFrom(document: NonNullable<MultipleRedemptions['switches']>): Switches {
  return {
    thresholdBasis: document.threshold_basis ?? defaultSwitches.thresholdBasis,
    qualifierLockScope: document.qualifier_lock_scope ?? defaultSwitches.qualifierLockScope,
    zeroPricedUnits: document.zero_priced_units ?? defaultSwitches.zeroPricedUnits,
    tenderLast: document.tender_last ?? defaultSwitches.tenderLast,
    currencyIsTender: document.currency_is_tender ?? defaultSwitches.currencyIsTender,
    currencyOverAsk: document.currency_over_ask ?? defaultSwitches.currencyOverAsk,
    batchPolicy: document.batch_policy ?? defaultSwitches.batchPolicy,
    bogofDefaultPairs: document.bogof_default_pairs ?? defaultSwitches.bogofDefaultPairs,
    modifierLimitScope: document.modifier_limit_scope ?? defaultSwitches.modifierLimitScope,
    roundingStage: document.rounding_stage ?? defaultSwitches.roundingStage,
    autoSelect: document.auto_select ?? defaultSwitches.autoSelect,
    repeatRedeemable: document.repeat_redeemable ?? defaultSwitches.repeatRedeemable,
  }
}

/** `offer|loyalty` as two classes. */
function acquisitionPair(text: string): readonly [AcquisitionClass, AcquisitionClass] {
  const [one, other] = text
    .split('|')
    .map((name) => acquisitionClasses.find((known) => known === name))
  if (one === undefined || other === undefined) {
    throw new Fault('a stored pair of acquisition classes is well formed', { text })
  }
  return [one, other]
}

const acquisitionClasses = [
  'loyalty',
  'pre_purchased',
  'offer',
  'promo_coupon',
] as const satisfies readonly AcquisitionClass[]
