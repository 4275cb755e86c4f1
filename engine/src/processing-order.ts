import type { RedemptionSettings } from './catalog.ts'
import type { BasketItem, DiscountType } from './evaluation.ts'

/**
 * The order in which a basket is processed, whatever order it was filled in: tender last, then the
 * priority of the acquisition class, the place of the discount type, the soonest expiry, the time of
 * selection, the item's id. What is not listed or never expires comes last of its kind.
 */
export function inProcessingOrder(
  basket: readonly BasketItem[],
  settings: RedemptionSettings,
): BasketItem[] {
  const keyed = basket.map((item) => ({ item, key: orderKey(item, settings) }))
  keyed.sort((a, b) => {
    for (let place = 0; place < a.key.length; place += 1) {
      const [left = 0, right = 0] = [a.key[place], b.key[place]]
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  })
  return keyed.map(({ item }) => item)
}

const last = Number.POSITIVE_INFINITY

function orderKey(item: BasketItem, settings: RedemptionSettings): number[] {
  const { discount } = item
  const classes = settings.processingPriorityByAcquisitionType
  const priority = classes.find(({ code }) => code === discount?.acquisition)?.priority ?? last
  const place = settings.processingPriorityByDiscountType.indexOf(sortsAs[item.discountType])
  return [
    settings.switches.tenderLast && isCurrency(item) ? 1 : 0,
    priority,
    place < 0 ? last : place,
    discount?.expiresAt ?? last,
    item.createdAt,
    item.basketItemId,
  ]
}

const sortsAs = {
  reward: 'reward',
  redeemable: 'reward',
  card_completion: 'reward',
  redemption_code: 'promo_coupon',
  subscription: 'subscription',
  fuel_reward: 'discount_amount',
  discount_amount: 'discount_amount',
} as const satisfies Record<
  DiscountType,
  RedemptionSettings['processingPriorityByDiscountType'][number]
>

/** Banked currency, also when a code stands for it. */
export function isCurrency({ discount, discountType }: BasketItem): boolean {
  if (discountType === 'discount_amount') return true
  return discount?.source.kind === 'redemption_code' && discount.source.staged.kind === 'currency'
}
