import { charges } from '../world/catalogue.ts'
import { type ChargeState, type DiscountState, nonTaxCents } from '../world/order-state.ts'
import { at } from '../world/random.ts'
import { dollars, dollarsOrNull } from './numbers.ts'
import type { Parent } from './parent.ts'
import { refundPayload, taxPayload } from './tax-payload.ts'

/** A discount as it is applied to a check, a line or a modifier. */
export function discountPayload({ to }: Parent, discount: DiscountState): Record<string, unknown> {
  const { loyalty } = discount
  return {
    guid: discount.guid,
    entityType: loyalty === null ? 'AppliedCustomDiscount' : 'AppliedLoyaltyProviderDiscount',
    externalId: null,
    name: discount.name,
    discount: discount.discount === null ? null : to.ref('discounts', discount.discount),
    discountType: discount.type,
    discountAmount: dollars(discount.amountCents),
    nonTaxDiscountAmount: dollarsOrNull(nonTaxCents(discount)),
    discountPercent: discount.percent,
    approver: to.employeeOrNull(discount.approver),
    processingState: loyalty?.state ?? null,
    appliedDiscountReason:
      discount.reason === null
        ? null
        : { name: discount.reason, description: null, comment: null, discountReason: null },
    appliedPromoCode: discount.promoCode,
    loyaltyDetails:
      loyalty === null ? null : { vendor: loyalty.vendor, referenceId: loyalty.reference },
    triggers: discount.triggers.map(({ line, quantity }) => ({
      selection: selectionReference(line),
      quantity,
    })),
    comboItems: discount.comboItems.map(selectionReference),
  }
}

function selectionReference(guid: string): Record<string, unknown> {
  return { guid, entityType: 'MenuItemSelection', externalId: null }
}

/** A service charge, surcharge, campaign or rounding on a check. */
export function chargePayload({ to }: Parent, charge: ChargeState): Record<string, unknown> {
  const kind = at(charges, charge.charge)
  return {
    guid: charge.guid,
    entityType: 'AppliedServiceCharge',
    externalId: null,
    name: kind.name,
    serviceCharge: to.xref('serviceCharges', charge.charge),
    chargeType: kind.type,
    chargeAmount: dollars(charge.amountCents),
    delivery: kind.name === 'Delivery fee',
    takeout: false,
    dineIn: kind.gratuity,
    gratuity: kind.gratuity,
    taxable: kind.taxes.length > 0,
    appliedTaxes: charge.taxes.map((tax) => taxPayload(to, tax)),
    serviceChargeCalculation: kind.calculation,
    serviceChargeCategory: kind.category,
    paymentGuid: charge.paymentGuid,
    refundDetails: refundPayload(charge.refund),
    destination: kind.destination,
  }
}
