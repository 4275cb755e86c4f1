import { toDecimal } from '@regulars/contract/values/money'
import type { evaluateAlone, Receipt } from '@regulars/engine'
import { discountDetails, type Reader } from './discount-details.ts'
import { allFailures, failedReply, grantedReply, qualifiedItems, resultId } from './result-reply.ts'

/** What a look-up returns: the basket's items in processing order, then what else there is. */
export function lookupReply(
  { selected, alone }: ReturnType<typeof evaluateAlone>,
  { receipt, reader }: { receipt: Receipt; reader: Reader },
) {
  const reading = { receipt, reader, redemptionIds: new Map<number, number>() }
  return {
    selected_discounts: [
      ...selected.success.map((granted) => grantedReply(granted, reading)),
      ...allFailures(selected).map((failed) => ({
        ...failedReply(failed, reading),
        discount_id: resultId(failed.item.discountId),
      })),
    ],
    unselected_discounts: alone.map((outcome) => {
      const { item } = outcome.kind === 'granted' ? outcome.granted : outcome.failed
      const granted = outcome.kind === 'granted' ? outcome.granted : null
      return {
        discount_amount: granted === null ? null : toDecimal(granted.discountCents),
        discount_type: item.discountType,
        discount_id: resultId(item.discountId),
        qualified: granted !== null,
        qualified_items: granted === null ? [] : qualifiedItems(granted.shares, receipt),
        discount_details: discountDetails(item, reader),
      }
    }),
  }
}
