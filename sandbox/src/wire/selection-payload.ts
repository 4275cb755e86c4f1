import { items, optionGroups } from '../world/catalogue.ts'
import { dateNumber, toastTime, toastTimeOrNull } from '../world/instants.ts'
import type { LineState } from '../world/order-state.ts'
import { at } from '../world/random.ts'
import { businessDay } from '../world/restaurants.ts'
import { dollars, taxDollars } from './numbers.ts'
import { discountPayload } from './order-reductions.ts'
import type { Parent } from './parent.ts'
import { refundPayload, taxPayload } from './tax-payload.ts'

/** A line or, at any depth, what was chosen with it. */
export function selectionPayload(parent: Parent, line: LineState): Record<string, unknown> {
  const { restaurant, to, order } = parent
  const item = line.item === null ? null : at(items, line.item)
  const voidedOn = line.voidedAt === null ? null : businessDay(restaurant, line.voidedAt)
  return {
    guid: line.guid,
    entityType: 'MenuItemSelection',
    externalId: null,
    item: to.cref('menuItems', line.item),
    itemGroup: to.cref('menuGroups', line.group),
    optionGroup: to.cref('menuOptionGroups', line.optionGroup),
    preModifier: to.cref('preModifiers', line.preModifier),
    salesCategory: to.cref('salesCategories', item?.category ?? null),
    diningOption: to.xref('diningOptions', order.dining),
    voidReason: to.xrefOrNull('voidReasons', line.voidReason),
    splitOrigin:
      line.splitFrom === null
        ? null
        : { guid: line.splitFrom, entityType: 'MenuItemSelection', externalId: null },
    displayName: line.name,
    plu: item?.plu ?? null,
    premodifierPlu: null,
    quantity: line.quantity / 1000,
    unitOfMeasure: item?.byWeight ? 'OZ' : 'NONE',
    selectionType: selectionType(line),
    optionGroupPricingMode:
      line.optionGroup === null ? null : at(optionGroups, line.optionGroup).pricing,
    receiptLinePrice: dollars(line.unitCents),
    preDiscountPrice: dollars(line.grossCents),
    price: dollars(line.netCents),
    tax: taxDollars(line.taxUnits),
    taxInclusion: 'NOT_INCLUDED',
    appliedTaxes: line.taxes.map((tax) => taxPayload(to, tax)),
    appliedDiscounts: line.discounts.map((discount) => discountPayload(parent, discount)),
    deferred: line.deferred,
    seatNumber: line.seat,
    fulfillmentStatus: line.sentAt === null ? 'NEW' : 'SENT',
    fulfillment: null,
    voided: line.voidedAt !== null,
    voidDate: toastTimeOrNull(line.voidedAt),
    voidBusinessDate: voidedOn === null ? null : dateNumber(voidedOn),
    refundDetails: refundPayload(line.refund),
    createdDate: toastTime(line.createdAt),
    modifiedDate: toastTime(line.modifiedAt),
    // An empty list is sent as null now and then: at the table's shared seat, in this world.
    modifiers:
      line.modifiers.length === 0 && line.seat === 0
        ? null
        : line.modifiers.map((modifier) => selectionPayload(parent, modifier)),
  }
}

function selectionType({ kind, item }: LineState): string {
  if (kind === 'giftCard') return 'TOAST_CARD_SELL'
  if (kind === 'special') return 'SPECIAL_REQUEST'
  return item === null ? 'NONE' : at(items, item).type
}
