import { as, given, json, money, number, text } from '../../mapping/columns.ts'
import type { Columns, Part, Shape } from '../../mapping/shape.ts'
import {
  externalEntity,
  guidAndType,
  inReferences,
  inRestaurant,
  ordinal,
  reference,
} from './reference.ts'

/** The discounts of a check, a line or a modifier, with what triggered them and what they combine. */
export function appliedDiscounts(owner: string): Part {
  const table = `${owner}_applied_discount`
  const trigger = triggerOf(table)
  const comboItem = comboItemOf(table)
  const shape: Shape = {
    table,
    source: `appliedDiscounts[] of ${owner}`,
    key: ['restaurant_id', 'id'],
    identity: 'generated',
    columns: {
      ...inRestaurant,
      ...given(`${owner}_id`, 'text', { given: 'parentId' }),
      ...ordinal,
      ...externalEntity,
      ...text('name'),
      ...money('discountAmount', 'nonTaxDiscountAmount'),
      ...number('discountPercent'),
      ...text('discountType', 'processingState', 'appliedPromoCode'),
      ...reference('discount', 'approver'),
      ...text('appliedDiscountReason.name', 'appliedDiscountReason.description'),
      ...text('appliedDiscountReason.comment'),
      ...reference('appliedDiscountReason.discountReason'),
      ...json('loyaltyDetails'),
      ...text('loyaltyDetails.vendor', 'loyaltyDetails.referenceId'),
    },
    parts: [
      { from: 'triggers', as: 'list', shape: () => trigger },
      { from: 'comboItems', as: 'list', shape: () => comboItem },
    ],
    ...inReferences,
  }
  return { from: 'appliedDiscounts', as: 'list', shape: () => shape }
}

/** A line that made the discount apply, and how many of it. */
function triggerOf(discount: string): Shape {
  return {
    table: `${discount}_trigger`,
    source: `triggers[] of ${discount}`,
    key: ['restaurant_id', `${discount}_id`, 'ordinal'],
    identity: 'none',
    columns: {
      ...ofDiscount(discount),
      ...guidAndType('selection', 'selection'),
      ...number('quantity'),
    },
    ...inReferences,
  }
}

/** A line that is one of the items of a combo. */
function comboItemOf(discount: string): Shape {
  return {
    table: `${discount}_combo_item`,
    source: `comboItems[] of ${discount}`,
    key: ['restaurant_id', `${discount}_id`, 'ordinal'],
    identity: 'none',
    columns: {
      ...ofDiscount(discount),
      id: { type: 'text', from: 'guid', isReference: true },
      ...as('entity_type', 'text', 'entityType'),
    },
    ...inReferences,
  }
}

function ofDiscount(discount: string): Columns {
  return { ...inRestaurant, ...given(`${discount}_id`, 'text', { given: 'parentId' }), ...ordinal }
}
