import { microsPerUnit } from '@regulars/contract/values/exact'
import { toWireInstant } from '@regulars/contract/values/instants'
import { toDecimal } from '@regulars/contract/values/money'
import { numberWhenNumeric } from '@regulars/contract/wire/baskets'
import { itemMessage } from '@regulars/contract/wire/refusal-replies'
import type {
  BasketItem,
  DiscountType,
  Evaluation,
  Failed,
  Granted,
  LineShare,
  Receipt,
} from '@regulars/engine'
import { qualifyingConditions } from '../catalog/qualifying-conditions.ts'
import { discountDetails, type Reader } from './discount-details.ts'

/** Redemption ids by basket item; empty on a query, which redeems nothing. */
export type RedemptionIds = ReadonlyMap<number, number>

/** What a query and a commit return. */
export function batchReply(
  redemptionRef: string,
  evaluation: Evaluation,
  reading: { receipt: Receipt; reader: Reader; redemptionIds: RedemptionIds },
) {
  return {
    redemption_ref: redemptionRef,
    success: evaluation.success.map((granted) => grantedReply(granted, reading)),
    failures: allFailures(evaluation).map((failed) => failedReply(failed, reading)),
  }
}

/** What failed, and under the batch policy `all` what one failure held back. */
export function allFailures({ failures, withheld }: Evaluation): Refused[] {
  const held = withheld.map(({ item }) => ({ item, code: 'withheld' as const, facts: {} }))
  return [...failures, ...held]
}

type Refused = Pick<Failed, 'item' | 'facts'> & { code: Failed['code'] | 'withheld' }

type Reading = { receipt: Receipt; reader: Reader; redemptionIds: RedemptionIds }

export function grantedReply(granted: Granted, { receipt, reader, redemptionIds }: Reading) {
  const { item } = granted
  return {
    discount_basket_item_id: item.basketItemId,
    discount_amount: toDecimal(granted.discountCents),
    redemption_id: redemptionIds.get(item.basketItemId) ?? null,
    redemption_type: redemptionTypes[item.discountType],
    discount_type: item.discountType,
    discount_id: resultId(item.discountId),
    discount_value: askedValue(item),
    message: null,
    qualified: true,
    remaining_balance:
      granted.remainingCurrencyCents === null ? null : toDecimal(granted.remainingCurrencyCents),
    meta_data: metaDataOf(item, reader),
    discount_details: detailsWithLimit(granted, reader),
    qualified_items: qualifiedItems(granted.shares, receipt),
  }
}

export function failedReply(failed: Refused, { reader }: Reading) {
  const { item, code } = failed
  const startsAt = item.discount?.startsAt ?? null
  const facts = {
    ...failed.facts,
    ...(startsAt === null ? {} : { startsAt: toWireInstant(startsAt) }),
  }
  const gone =
    code === 'discount_expired' || code === 'discount_used' || code === 'unknown_discount'
  return {
    discount_basket_item_id: item.basketItemId,
    discount_amount: null,
    redemption_id: null,
    redemption_type: null,
    discount_type: item.discountType,
    discount_id: item.discountId,
    discount_value: askedValue(item),
    message: [itemMessage(code, item.discountType, facts)],
    code: code,
    qualified: false,
    remaining_balance: null,
    meta_data: gone ? null : metaDataOf(item, reader),
    discount_details: gone ? null : discountDetails(item, reader),
    qualified_items: [],
    ...conditionsMember(failed, reader),
  }
}

function conditionsMember({ item, code }: Refused, { catalog }: Reader) {
  const source = item.discount?.source
  const rule = source !== undefined && 'rule' in source ? source.rule : null
  const shows = catalog.counter.showsQualifyingConditions && code === 'not_qualified'
  if (!shows || rule?.kind !== 'criterion') return {}
  return { qualifying_conditions: qualifyingConditions(rule.criterion) }
}

/** Ours where no sample is published: see docs/reference/redemptions.md, "redemption_type". */
const redemptionTypes: Record<DiscountType, string> = {
  reward: 'Redemption',
  redeemable: 'Redemption',
  redemption_code: 'Redemption',
  card_completion: 'CardRedemption',
  discount_amount: 'BankedRewardRedemption',
  subscription: 'SubscriptionRedemption',
  fuel_reward: 'FuelRewardRedemption',
}

/** The id of a discount that was evaluated; null for what has none. */
export function resultId(discountId: string | null): number | string | null {
  return discountId === null ? null : numberWhenNumeric(discountId)
}

function askedValue({ discount }: BasketItem): number | null {
  return discount?.source.kind === 'discount_amount' ? toDecimal(discount.source.askedCents) : null
}

function metaDataOf(item: BasketItem, reader: Reader): string | null {
  if (item.discount === null) return null
  return discountDetails(item, reader)?.meta_detail ?? null
}

function detailsWithLimit(granted: Granted, reader: Reader) {
  const details = discountDetails(granted.item, reader)
  if (details === null || granted.maxApplicableQuantity === null) return details
  return { ...details, max_applicable_quantity: granted.maxApplicableQuantity }
}

/** The lines to put on the check: one per receipt line that the discount touches. */
export function qualifiedItems(shares: readonly LineShare[], receipt: Receipt) {
  return shares.flatMap((share) => {
    const line = receipt.lines[share.line]
    if (line === undefined) return []
    return [
      {
        item_name: `${line.name} DISCOUNT`,
        item_qty: share.quantity / microsPerUnit,
        amount: toDecimal(share.cents),
        item_type: 'R' as const,
        item_id: numberWhenNumeric(line.itemId),
        item_family: line.family,
        item_group: line.group,
        serial_number: wireSerial(line.serial, share.line),
      },
    ]
  })
}

// A line without a serial is named by its place, counted from one.
function wireSerial(serial: string | null, place: number): string {
  if (serial === null) return `${place + 1}.0`
  return serial.includes('.') ? serial : `${serial}.0`
}
