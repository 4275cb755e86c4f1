import { diningOptions } from '../world/catalogue.ts'
import type { Facts } from '../world/facts.ts'
import { dateNumber, epochTime, toastTime, toastTimeOrNull } from '../world/instants.ts'
import type { CheckState, OrderState } from '../world/order-state.ts'
import { at } from '../world/random.ts'
import { businessDay, type Restaurant } from '../world/restaurants.ts'
import { dollars } from './numbers.ts'
import { chargePayload, discountPayload } from './order-reductions.ts'
import type { Parent } from './parent.ts'
import { paymentPayload } from './payment-payload.ts'
import { referencesOf } from './references.ts'
import { selectionPayload } from './selection-payload.ts'

/** What a client may see of guests. */
export type Sight = { guests: boolean; addresses: boolean }

/** An order as `GET /orders/v2/orders/{guid}` sends it. */
export function orderPayload(
  facts: Facts,
  restaurant: Restaurant,
  { order, sight }: { order: OrderState; sight: Sight },
): Record<string, unknown> {
  const to = referencesOf(facts, restaurant.index)
  const voidedOn = order.voidedAt === null ? null : businessDay(restaurant, order.voidedAt)
  return {
    guid: order.guid,
    entityType: 'Order',
    externalId: null,
    openedDate: toastTime(order.openedAt),
    createdDate: toastTime(order.createdAt),
    modifiedDate: toastTime(order.modifiedAt),
    promisedDate: toastTimeOrNull(order.promisedAt),
    estimatedFulfillmentDate: toastTimeOrNull(order.estimatedAt),
    paidDate: toastTimeOrNull(order.paidAt),
    closedDate: toastTimeOrNull(order.closedAt),
    voided: order.voidedAt !== null,
    voidDate: toastTimeOrNull(order.voidedAt),
    voidBusinessDate: voidedOn === null ? null : dateNumber(voidedOn),
    deleted: order.deletedAt !== null,
    deletedDate: order.deletedAt === null ? epochTime : toastTime(order.deletedAt),
    businessDate: dateNumber(order.businessDay),
    source: order.source,
    duration: order.paidAt === null ? null : Math.floor((order.paidAt - order.createdAt) / 1000),
    diningOption: to.xref('diningOptions', order.dining),
    table: to.xrefOrNull('tables', order.table),
    serviceArea: to.xrefOrNull('serviceAreas', order.serviceArea),
    restaurantService: to.xref('restaurantServices', order.service),
    revenueCenter: to.xref('revenueCenters', order.revenueCenter),
    server: to.employee(order.server),
    channelGuid: order.source === 'Grubhub' ? facts.guids.of('channel', 0, 0, 0, 0) : null,
    numberOfGuests: order.guests,
    requiredPrepTime: order.promisedAt === null ? 'PT0S' : 'PT30M',
    approvalStatus: 'APPROVED',
    displayNumber: order.displayNumber,
    pricingFeatures: order.pricingFeatures,
    createdDevice: { id: order.device },
    lastModifiedDevice: { id: order.closedAt === null ? order.device : null },
    deliveryInfo: sight.addresses ? deliveryPayload(order, to.employeeOrNull) : null,
    curbsidePickupInfo: sight.guests ? curbsidePayload(order) : null,
    appliedPackagingInfo: packagingPayload(order),
    createdInTestMode: order.testMode,
    excessFood: order.excessFood,
    checks: order.checks.map((check) =>
      checkPayload({ facts, restaurant, to, order }, check, sight),
    ),
  }
}

function deliveryPayload(
  { delivery }: OrderState,
  employee: (number: number | null) => unknown,
): Record<string, unknown> | null {
  if (delivery === null) return null
  const { dispatchedAt, deliveredAt } = delivery
  return {
    address1: delivery.address1,
    address2: delivery.address2,
    city: delivery.city,
    administrativeArea: delivery.state,
    state: delivery.state,
    zipCode: delivery.zip,
    country: 'US',
    latitude: delivery.latitude,
    longitude: delivery.longitude,
    notes: delivery.notes,
    deliveredDate: toastTimeOrNull(deliveredAt),
    dispatchedDate: toastTimeOrNull(dispatchedAt),
    deliveryEmployee: employee(delivery.employee),
    deliveryState:
      deliveredAt !== null ? 'DELIVERED' : dispatchedAt !== null ? 'PICKED_UP' : 'PENDING',
  }
}

function curbsidePayload({ curbside }: OrderState): Record<string, unknown> | null {
  if (curbside === null) return null
  return {
    guid: curbside.guid,
    entityType: 'CurbsidePickup',
    transportColor: curbside.color,
    transportDescription: curbside.description,
    notes: curbside.notes,
  }
}

function packagingPayload({ packaging }: OrderState): Record<string, unknown> | null {
  if (packaging === null) return null
  return {
    guid: packaging.guid,
    entityType: 'AppliedPackagingInfo',
    appliedPackagingItems: packaging.items.map(({ guid, included, name }) => ({
      guid,
      entityType: 'AppliedPackagingItem',
      itemConfigId: guid,
      inclusion: included ? 'YES' : 'NO',
      itemTypes: [name.toUpperCase()],
      guestDisplayName: name,
    })),
  }
}

function checkPayload(parent: Parent, check: CheckState, sight: Sight): Record<string, unknown> {
  const { restaurant, to } = parent
  const voidedOn = check.voidedAt === null ? null : businessDay(restaurant, check.voidedAt)
  return {
    guid: check.guid,
    entityType: 'Check',
    externalId: null,
    createdDate: toastTime(check.openedAt),
    openedDate: toastTime(check.openedAt),
    modifiedDate: toastTime(check.modifiedAt),
    closedDate: toastTimeOrNull(check.closedAt),
    paidDate: toastTimeOrNull(check.paidAt),
    deleted: check.deletedAt !== null,
    deletedDate: check.deletedAt === null ? epochTime : toastTime(check.deletedAt),
    voided: check.voidedAt !== null,
    voidDate: toastTimeOrNull(check.voidedAt),
    voidBusinessDate: voidedOn === null ? null : dateNumber(voidedOn),
    displayNumber: check.displayNumber,
    tabName: check.tabName,
    paymentStatus: paymentStatus(check),
    amount: dollars(check.amountCents),
    taxAmount: dollars(check.taxCents),
    totalAmount: dollars(check.totalCents),
    taxExempt: check.taxExempt,
    duration: check.paidAt === null ? null : Math.floor((check.paidAt - check.openedAt) / 1000),
    openedBy: to.employee(check.openedBy),
    createdDevice: { id: parent.order.device },
    lastModifiedDevice: { id: null },
    customer: customerPayload(parent.order, check, sight),
    appliedLoyaltyInfo: loyaltyPayload(check),
    selections: check.lines.map((line) => selectionPayload(parent, line)),
    payments: check.payments.map((payment) => paymentPayload(parent, check, payment)),
    appliedDiscounts:
      check.discounts.length === 0 && check.taxExempt
        ? null
        : check.discounts.map((discount) => discountPayload(parent, discount)),
    appliedServiceCharges: check.charges.map((charge) => chargePayload(parent, charge)),
  }
}

function paymentStatus({ closedAt, paidAt }: CheckState): 'OPEN' | 'PAID' | 'CLOSED' {
  if (paidAt === null) return closedAt === null ? 'OPEN' : 'CLOSED'
  return closedAt === null ? 'PAID' : 'CLOSED'
}

/** Guests show on take-out and delivery only; a check with Toast's own loyalty shows the guid. */
function customerPayload(
  { dining }: OrderState,
  { customer, loyalty }: CheckState,
  { guests }: Sight,
): Record<string, unknown> | null {
  if (customer === null || !guests) return null
  const shown = at(diningOptions, dining).behavior !== 'DINE_IN'
  if (!shown && loyalty?.vendor !== 'TOAST') return null
  return {
    guid: customer.guid,
    entityType: 'Customer',
    firstName: shown ? customer.firstName : null,
    lastName: shown ? customer.lastName : null,
    phone: shown ? customer.phone : null,
    phoneCountryCode: shown ? '1' : null,
    email: shown ? customer.email : null,
  }
}

function loyaltyPayload({ loyalty }: CheckState): Record<string, unknown> | null {
  if (loyalty === null) return null
  return {
    guid: loyalty.guid,
    entityType: 'AppliedLoyaltyInfo',
    loyaltyIdentifier: loyalty.identifier,
    maskedLoyaltyIdentifier: null,
    vendor: loyalty.vendor,
    accrualFamilyGuid: null,
    accrualText: loyalty.accrual,
  }
}
