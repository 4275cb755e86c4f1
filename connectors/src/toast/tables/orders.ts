import {
  as,
  boolean,
  businessDate,
  businessDateNamed,
  double,
  given,
  guidNamed,
  integer,
  json,
  money,
  number,
  personal,
  text,
  timestamp,
} from '../../mapping/columns.ts'
import type { Columns, Part, RecordShape, Shape } from '../../mapping/shape.ts'
import { appliedDiscounts } from './applied-discounts.ts'
import { appliedTaxes } from './applied-taxes.ts'
import {
  entity,
  externalEntity,
  guid,
  guidAndType,
  inReferences,
  inRestaurant,
  menuReference,
  ordinal,
  reference,
} from './reference.ts'

const orderId = given('orders_id', 'text', { idOf: 'orders' })
const checkId = given('orders_check_id', 'text', { idOf: 'orders_check' })
/** The line of the check, however deep a modifier is below it. */
const selectionId = given('orders_check_selection_id', 'text', { idOf: 'orders_check_selection' })

/** What lines of a check and their modifiers have in common. */
const selectionColumns: Columns = {
  ...externalEntity,
  ...timestamp('createdDate', 'modifiedDate', 'voidDate'),
  ...boolean('deferred', 'voided'),
  ...businessDate('voidBusinessDate'),
  ...text('displayName', 'plu', 'premodifierPlu'),
  ...number('quantity'),
  ...text('unitOfMeasure', 'selectionType'),
  ...money('price', 'preDiscountPrice', 'receiptLinePrice'),
  ...number('tax'),
  ...text('taxInclusion'),
  ...integer('seatNumber'),
  ...text('fulfillmentStatus'),
  ...number('fulfillment.quantity'),
  ...text('fulfillment.unit'),
  ...menuReference('item', 'itemGroup', 'optionGroup', 'preModifier', 'salesCategory'),
  ...text('optionGroupPricingMode'),
  ...reference('diningOption', 'voidReason', 'splitOrigin'),
  ...refundColumns(),
}

/** Members that only callers who write orders send. */
const writtenOnly = ['openPriceAmount', 'externalPriceAmount']

const ofSelections = {
  dropped: inReferences.dropped,
  quiet: [...inReferences.quiet, ...writtenOnly],
} as const

/** A refund keeps its members' names; its transaction joins payments, lines and charges. */
function refundColumns(): Columns {
  return {
    ...as('refund_amount', 'money', 'refundDetails.refundAmount'),
    ...as('tax_refund_amount', 'number', 'refundDetails.taxRefundAmount'),
    ...guidAndType('refund_transaction', 'refundDetails.refundTransaction'),
  }
}

/**
 * Every modifier at every depth. `depth` is 1 directly below a line, `parent_selection_id` is the
 * line or modifier it is attached to.
 */
const modifier: Shape = {
  table: 'orders_check_selection_modifier',
  source: 'modifiers[] of selections and of modifiers',
  key: ['restaurant_id', 'orders_check_selection_id', 'id'],
  identity: 'generated',
  columns: {
    ...inRestaurant,
    ...selectionId,
    ...given('parent_selection_id', 'text', { given: 'parentId' }),
    ...given('depth', 'integer', { given: 'depth' }),
    ...ordinal,
    ...selectionColumns,
    ...json('refundDetails', 'modifiers', 'appliedTaxes', 'appliedDiscounts'),
  },
  parts: [
    { from: 'modifiers', as: 'list', shape: () => modifier },
    appliedTaxes('orders_check_selection_modifier'),
    appliedDiscounts('orders_check_selection_modifier'),
  ],
  ...ofSelections,
}

const selection: Shape = {
  table: 'orders_check_selection',
  source: 'checks[].selections[]',
  key: ['restaurant_id', 'orders_check_id', 'id'],
  identity: 'generated',
  columns: { ...inRestaurant, ...checkId, ...ordinal, ...selectionColumns },
  parts: [
    { from: 'modifiers', as: 'list', shape: () => modifier },
    appliedTaxes('orders_check_selection'),
    appliedDiscounts('orders_check_selection'),
  ],
  ...ofSelections,
}

const serviceCharge: Shape = {
  table: 'orders_check_applied_service_charge',
  source: 'checks[].appliedServiceCharges[]',
  key: ['restaurant_id', 'orders_check_id', 'id'],
  identity: 'generated',
  columns: {
    ...inRestaurant,
    ...checkId,
    ...ordinal,
    ...externalEntity,
    ...text('name', 'chargeType'),
    ...money('chargeAmount'),
    ...boolean('delivery', 'dineIn', 'takeout', 'gratuity', 'taxable'),
    ...reference('serviceCharge'),
    ...text('serviceChargeCalculation', 'serviceChargeCategory', 'destination', 'paymentGuid'),
    ...refundColumns(),
    ...json('appliedTaxes'),
  },
  parts: [appliedTaxes('orders_check_applied_service_charge')],
  ...inReferences,
}

/** Which checks a payment stands in. */
const checkPayment: Shape = {
  table: 'orders_check_payment',
  source: 'checks[].payments[]',
  key: ['restaurant_id', 'orders_check_id', 'payment_id'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...checkId,
    ...given('payment_id', 'text', { given: 'parentId' }),
    ...given('orders_guid', 'text', { idOf: 'orders' }),
  },
}

const payment: Shape = {
  table: 'payment',
  source: 'checks[].payments[]',
  key: ['restaurant_id', 'id'],
  identity: 'generated',
  columns: {
    ...inRestaurant,
    ...externalEntity,
    order_guid: { type: 'text', from: 'orderGuid', otherwise: { idOf: 'orders' } },
    check_guid: { type: 'text', from: 'checkGuid', otherwise: { idOf: 'orders_check' } },
    ...timestamp('paidDate'),
    ...businessDate('paidBusinessDate'),
    ...text('type', 'paymentStatus', 'refundStatus'),
    ...money('amount', 'tipAmount', 'amountTendered'),
    ...money('originalProcessingFee', 'mcaRepaymentAmount'),
    ...text('cardType', 'cardEntryMode'),
    ...personal(text('first6Digits', 'last4Digits')),
    ...text('cardPaymentId', 'networkTransactionIdentifier', 'tenderTransactionGuid'),
    ...boolean('isProcessedOffline'),
    ...reference('server', 'cashDrawer', 'houseAccount', 'otherPayment'),
    ...as('refund_date', 'timestamp', 'refund.refundDate'),
    ...businessDateNamed('refund_business_date', 'refund.refundBusinessDate'),
    ...as('refund_amount', 'money', 'refund.refundAmount'),
    ...as('refund_tip_amount', 'money', 'refund.tipRefundAmount'),
    ...as('refund_strategy', 'text', 'refund.refundStrategy'),
    ...guidAndType('refund_transaction', 'refund.refundTransaction'),
    ...as('void_info_date', 'timestamp', 'voidInfo.voidDate'),
    ...businessDateNamed('void_info_business_date', 'voidInfo.voidBusinessDate'),
    ...guidNamed('void_info_user_guid', 'voidInfo.voidUser'),
    ...guidNamed('void_info_approver_guid', 'voidInfo.voidApprover'),
    ...guidNamed('void_info_reason_guid', 'voidInfo.voidReason'),
    ...as('void_info_reason_entity_type', 'text', 'voidInfo.voidReason.entityType'),
    ...text('createdDevice.id', 'lastModifiedDevice.id'),
  },
  parts: [{ as: 'self', shape: () => checkPayment }],
  ...inReferences,
}

/** How a check's guest is known to a loyalty program. */
const checkLoyalty: Shape = {
  table: 'orders_check_loyalty',
  source: 'checks[].appliedLoyaltyInfo',
  key: ['restaurant_id', 'orders_check_id'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...checkId,
    ...entity,
    ...personal(text('loyaltyIdentifier', 'maskedLoyaltyIdentifier')),
    ...text('vendor', 'accrualFamilyGuid', 'accrualText'),
  },
}

const check: Shape = {
  table: 'orders_check',
  source: 'checks[]',
  key: ['restaurant_id', 'id'],
  identity: 'generated',
  columns: {
    ...inRestaurant,
    ...orderId,
    ...ordinal,
    ...externalEntity,
    ...timestamp('createdDate', 'openedDate', 'modifiedDate', 'closedDate', 'paidDate'),
    ...timestamp('deletedDate', 'voidDate'),
    ...boolean('deleted', 'voided', 'taxExempt'),
    ...businessDate('voidBusinessDate'),
    ...money('amount'),
    ...number('taxAmount'),
    ...money('totalAmount'),
    ...text('paymentStatus'),
    ...personal(text('tabName')),
    ...text('displayNumber'),
    ...integer('duration'),
    ...text('customer.guid', 'customer.entityType'),
    ...personal(text('customer.firstName', 'customer.lastName', 'customer.phone')),
    ...text('customer.phoneCountryCode'),
    ...personal(text('customer.email')),
    ...text('createdDevice.id', 'lastModifiedDevice.id'),
    ...json('openedBy'),
    ...reference('openedBy'),
    ...personal(json('appliedLoyaltyInfo')),
  },
  parts: [
    { from: 'selections', as: 'list', shape: () => selection },
    { from: 'payments', as: 'list', shape: () => payment },
    { from: 'appliedServiceCharges', as: 'list', shape: () => serviceCharge },
    { from: 'appliedLoyaltyInfo', as: 'object', shape: () => checkLoyalty },
    appliedDiscounts('orders_check'),
  ],
  ...inReferences,
}

const delivery: Shape = {
  table: 'orders_delivery',
  source: 'deliveryInfo',
  key: ['restaurant_id', 'orders_id'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...orderId,
    ...personal(text('address1', 'address2', 'city')),
    ...text('administrativeArea', 'state'),
    ...personal(text('zipCode')),
    ...text('country'),
    ...personal(double('latitude', 'longitude')),
    ...personal(text('notes')),
    ...timestamp('deliveredDate', 'dispatchedDate'),
    ...reference('deliveryEmployee'),
    ...text('deliveryState'),
  },
  ...inReferences,
}

const curbside: Shape = {
  table: 'orders_curbside',
  source: 'curbsidePickupInfo',
  key: ['restaurant_id', 'orders_id'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...orderId,
    ...entity,
    ...personal(text('transportColor', 'transportDescription', 'notes')),
  },
}

const packagingItem: Shape = {
  table: 'orders_packaging_item',
  source: 'appliedPackagingInfo.appliedPackagingItems[]',
  key: ['restaurant_id', 'orders_id', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...orderId,
    ...ordinal,
    ...entity,
    ...text('itemConfigId', 'inclusion', 'guestDisplayName'),
    ...json('itemTypes'),
  },
}

const pricingFeature: Shape = {
  table: 'orders_pricing_feature',
  source: 'pricingFeatures[]',
  key: ['restaurant_id', 'orders_id', 'pricing_feature'],
  identity: 'none',
  columns: { ...inRestaurant, ...orderId, ...as('pricing_feature', 'text', 'value') },
}

const orderParts: readonly Part[] = [
  { from: 'checks', as: 'list', shape: () => check },
  { from: 'deliveryInfo', as: 'object', shape: () => delivery },
  { from: 'curbsidePickupInfo', as: 'object', shape: () => curbside },
  {
    from: 'appliedPackagingInfo.appliedPackagingItems',
    as: 'list',
    shape: () => packagingItem,
  },
  { from: 'pricingFeatures', as: 'values', shape: () => pricingFeature, isSet: true },
]

/** An order with all that is in it. */
export const orders: RecordShape = {
  table: 'orders',
  source: 'orders/v2/ordersBulk',
  key: ['restaurant_id', 'id'],
  identity: 'required',
  versionFrom: 'modifiedDate',
  columns: {
    ...inRestaurant,
    ...externalEntity,
    ...timestamp('openedDate', 'createdDate', 'modifiedDate', 'closedDate', 'paidDate'),
    ...timestamp('promisedDate', 'estimatedFulfillmentDate', 'deletedDate', 'voidDate'),
    ...boolean('deleted', 'voided', 'createdInTestMode', 'excessFood'),
    ...businessDate('businessDate', 'voidBusinessDate'),
    ...integer('duration', 'numberOfGuests'),
    ...text('displayNumber', 'source', 'approvalStatus', 'requiredPrepTime', 'channelGuid'),
    ...text('guestOrderStatus'),
    ...reference('server'),
    ...text('createdDevice.id', 'lastModifiedDevice.id'),
    ...guid('diningOption', 'table', 'serviceArea', 'revenueCenter'),
    ...json('restaurantService'),
    ...reference('restaurantService'),
    ...personal(json('deliveryInfo', 'curbsidePickupInfo')),
    ...json('appliedPackagingInfo'),
    ...text('appliedPackagingInfo.guid'),
  },
  parts: orderParts,
  dropped: inReferences.dropped,
  quiet: [...inReferences.quiet, 'marketplaceFacilitatorTaxInfo'],
}
