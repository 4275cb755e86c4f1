import { type Micros, microsToNumber } from '@regulars/contract/values/exact'
import { cents, toDecimal } from '@regulars/contract/values/money'
import type { Catalog } from '../catalog/catalog.ts'
import { localised } from '../catalog/localised.ts'

/** The rules of the program as tills read them. */
export function metaReply(catalog: Catalog, language: string | null) {
  const { program, counter, fuel } = catalog
  const into = program.conversion?.into
  const enabled = counter.multipleRedemptionsEnabled
  return {
    program_type: program.programType,
    points_conversion_type: program.conversionType,
    earning_unit: counter.earningUnit,
    currency_earned: toDecimal(into?.kind === 'currency' ? into.cents : cents(0)),
    points_conversion_threshold: program.conversion?.thresholdPoints ?? null,
    visits_per_card: program.visitsPerCard,
    card_redemption_value: toDecimal(program.cardValueCents),
    minimum_visit_amount: toDecimal(program.minimumVisitCents),
    minimum_visit_hours: program.visitLimit?.hours ?? 0,
    minimum_age_to_signup: counter.signUp.minimumAge,
    minimum_payable_price: decimalOrNull(fuel.minimumPayablePrice),
    maximum_discountable_quantity: decimalOrNull(fuel.maximumQuantity),
    redemption_expiry_minutes: counter.redemptionExpiryMinutes,
    pending_points: program.pending !== null,
    pending_points_duration: program.pending?.delayMinutes ?? null,
    configurable_default_time_eod: program.pending?.endOfDay ?? '23:59:59',
    autocreate_user_phone: counter.signUp.byPhoneAlone,
    coupon_prefix: counter.couponPrefix,
    redeemables: redeemables(catalog, language),
    multiple_redemptions_enabled: enabled,
    ...(enabled ? { multiple_redemptions: multipleRedemptions(catalog) } : {}),
  }
}

function redeemables(catalog: Catalog, language: string | null) {
  return [...catalog.redeemables.values()].map((redeemable) => ({
    redeemable_id: redeemable.redeemableId,
    name: localised(redeemable.name, language),
    description: localised(redeemable.description, language),
    redeemable_image_url: redeemable.image,
    redeemable_properties: redeemable.itemProperties,
    points_required_to_redeem: redeemable.points,
    ...(redeemable.metaData === null ? {} : { meta_data: redeemable.metaData }),
  }))
}

function multipleRedemptions({ redemptions, counter }: Catalog) {
  const { enabled, autoUnlockMinutes } = counter.locking
  return {
    auto_redemption: redemptions.autoRedemption,
    auto_redemption_discounts: redemptions.autoRedemptionDiscounts,
    enable_discount_locking: enabled,
    enable_auto_unlock: autoUnlockMinutes !== null,
    auto_unlock_duration: autoUnlockMinutes,
    max_redemptions_in_transaction: redemptions.maxRedemptionsInTransaction,
    allow_multiple_redemption_on_item: redemptions.allowMultipleRedemptionOnItem,
    allow_qualifying_items_reused: redemptions.allowQualifyingItemsReused,
    discount_processing_strategy: 'date_of_expiry',
    processing_priority_by_discount_type: redemptions.processingPriorityByDiscountType,
    processing_priority_by_acquisition_type: redemptions.processingPriorityByAcquisitionType.map(
      ({ code, priority, multiplicationFactor }) => ({
        code,
        priority,
        // Without a limit of its own a class is limited by the whole transaction.
        multiplication_factor: multiplicationFactor ?? redemptions.maxRedemptionsInTransaction,
      }),
    ),
    exclude_interoperability_strategy_between: redemptions.excludeInteroperabilityBetween.map(
      (pair) => pair.join('|'),
    ),
  }
}

function decimalOrNull(value: Micros | null): number | null {
  return value === null ? null : microsToNumber(value)
}
