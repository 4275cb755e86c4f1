import type { RefusalCode } from '@regulars/contract/refusals'
import { toWireInstant } from '@regulars/contract/values/instants'
import { toDecimal } from '@regulars/contract/values/money'
import { itemMessage } from '@regulars/contract/wire/refusal-replies'
import type { BasketItem } from '@regulars/engine'
import type { Facts } from '../actions/change-guest.ts'
import { resolveItem } from '../actions/resolve-basket.ts'
import type { Basket } from '../store/guest-state.ts'
import { discountDetails, type Reader } from './discount-details.ts'

/** A basket as calls return it. Members a surface does not have are left out by its route. */
export function basketReply(basket: Basket, facts: Facts, language: string | null) {
  const reader: Reader = { catalog: facts.catalog, language, codes: facts.state.codes }
  return {
    redemption_ref: basket.redemptionRef,
    locked: basket.lock !== null,
    created_at: toWireInstant(basket.createdAt),
    discount_basket_items: basket.items.map((item) => {
      const resolved = resolveItem(item, facts)
      const gone = goneCode(resolved, facts)
      return {
        discount_basket_item_id: item.itemId,
        discount_type: item.discountType,
        discount_id: item.discountId,
        discount_value: item.valueCents === null ? null : toDecimal(item.valueCents),
        created_at: toWireInstant(item.createdAt),
        ...(gone === null
          ? { discount_details: discountDetails(resolved, reader) }
          : {
              message: [itemMessage('discount_used', item.discountType, {})],
              code: gone,
              discount_details: null,
            }),
      }
    }),
  }
}

/** Why an item no longer stands for anything; null while it does. */
export function goneCode({ discount }: BasketItem, { now }: Facts): RefusalCode | null {
  if (discount === null) return 'unknown_discount'
  if (discount.used) return 'discount_used'
  if (discount.expiresAt !== null && discount.expiresAt < now) return 'discount_expired'
  return null
}
