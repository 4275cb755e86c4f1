import type { MultipleRedemptions } from '@regulars/contract/program-file'
import { Fault } from '@regulars/contract/values/assert'
import type { AcquisitionClass, RedemptionSettings } from '@regulars/engine'

/** The engine's settings of the file's `multiple_redemptions`, with every default filled in. */
export function redemptionSettingsFrom(document: MultipleRedemptions): RedemptionSettings {
  const switches = document.switches ?? {}
  return {
    autoRedemption: document.auto_redemption ?? true,
    autoRedemptionDiscounts: document.auto_redemption_discounts ?? ['offer', 'subscription'],
    maxRedemptionsInTransaction: document.max_redemptions_in_transaction ?? 10,
    allowMultipleRedemptionOnItem: document.allow_multiple_redemption_on_item ?? true,
    allowQualifyingItemsReused: document.allow_qualifying_items_reused ?? true,
    processingPriorityByDiscountType: document.processing_priority_by_discount_type ?? [
      'reward',
      'promo_coupon',
      'subscription',
      'discount_amount',
    ],
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
    switches: {
      thresholdBasis: switches.threshold_basis ?? 'running',
      qualifierLockScope: switches.qualifier_lock_scope ?? 'qualifier_and_target',
      zeroPricedUnits: switches.zero_priced_units ?? 'ignore',
      tenderLast: switches.tender_last ?? true,
      currencyIsTender: switches.currency_is_tender ?? true,
      currencyOverAsk: switches.currency_over_ask ?? 'clamp',
      batchPolicy: switches.batch_policy ?? 'partial',
      bogofDefaultPairs: switches.bogof_default_pairs ?? 1,
      modifierLimitScope: switches.modifier_limit_scope ?? 'base_unit',
      roundingStage: switches.rounding_stage ?? 'before_percent',
      autoSelect: switches.auto_select ?? 'date_of_expiry',
      repeatRedeemable: switches.repeat_redeemable ?? false,
    },
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
