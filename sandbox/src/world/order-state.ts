import type { LifeKind } from './order-timeline.ts'

/**
 * An order as it stands at an instant. Money is whole cents; taxes are ten-millionths of a dollar,
 * so that the fractions some restaurants keep are exact. Instants are milliseconds since 1970.
 * Numbers that name configuration are indexes of the catalogue.
 */
export type OrderState = {
  guid: string
  kind: LifeKind
  /** 0 or 1 within its slot. */
  index: 0 | 1
  displayNumber: string
  businessDay: number
  testMode: boolean
  excessFood: boolean
  openedAt: number
  createdAt: number
  modifiedAt: number
  promisedAt: number | null
  estimatedAt: number | null
  paidAt: number | null
  closedAt: number | null
  voidedAt: number | null
  deletedAt: number | null
  source: string
  dining: number
  table: number | null
  serviceArea: number | null
  revenueCenter: number
  service: number
  /** Employee numbers. */
  server: number
  guests: number | null
  device: string | null
  delivery: DeliveryState | null
  curbside: { guid: string; color: string; description: string; notes: string | null } | null
  packaging: { guid: string; items: { guid: string; included: boolean; name: string }[] } | null
  pricingFeatures: string[]
  checks: CheckState[]
}

export type DeliveryState = {
  address1: string
  address2: string | null
  city: string
  state: string
  zip: string
  latitude: number
  longitude: number
  notes: string | null
  employee: number | null
  dispatchedAt: number | null
  deliveredAt: number | null
}

export type CheckState = {
  guid: string
  displayNumber: string
  tabName: string | null
  openedAt: number
  modifiedAt: number
  paidAt: number | null
  closedAt: number | null
  voidedAt: number | null
  deletedAt: number | null
  taxExempt: boolean
  openedBy: number
  customer: CustomerState | null
  loyalty: { guid: string | null; identifier: string; vendor: string; accrual: string } | null
  lines: LineState[]
  discounts: DiscountState[]
  charges: ChargeState[]
  payments: PaymentState[]
  /** Made by `priceCheck`. */
  amountCents: number
  taxUnits: number
  taxCents: number
  totalCents: number
}

export type CustomerState = {
  guid: string
  firstName: string
  lastName: string
  phone: string
  email: string
}

export type LineState = {
  guid: string
  kind: 'item' | 'special' | 'giftCard' | 'modifier'
  /** Index in the catalogue; null for special requests and gift cards. */
  item: number | null
  group: number | null
  optionGroup: number | null
  preModifier: number | null
  name: string
  /** Thousandths of a piece or pound. */
  quantity: number
  unitCents: number
  taxRates: readonly number[]
  seat: number
  sentAt: number | null
  createdAt: number
  modifiedAt: number
  voidedAt: number | null
  voidReason: number | null
  deferred: boolean
  splitFrom: string | null
  refund: { cents: number; taxUnits: number; transaction: string } | null
  discounts: DiscountState[]
  modifiers: LineState[]
  /** Made by `priceCheck`. */
  grossCents: number
  netCents: number
  taxes: TaxState[]
  taxUnits: number
}

export type TaxState = { rate: number; units: number }

export type LoyaltyState = 'PENDING_APPLIED' | 'APPLIED' | 'PENDING_VOID' | 'VOID'

export type DiscountState = {
  guid: string
  /** Index in the catalogue; null for a loyalty provider's. */
  discount: number | null
  name: string
  type: 'PERCENT' | 'FIXED' | 'OPEN_PERCENT' | 'OPEN_FIXED' | 'BOGO' | 'FIXED_TOTAL' | null
  percent: number | null
  /** What it takes off at most; null when the percentage says it. */
  cents: number | null
  approver: number | null
  loyalty: { state: LoyaltyState; vendor: string; reference: string } | null
  reason: string | null
  promoCode: string | null
  /** Guids of lines of the check. */
  triggers: { line: string; quantity: number }[]
  comboItems: string[]
  /** What of it is tax, in per cent; null where that is not told. */
  taxPercent: number | null
  /** Made by `priceCheck`. */
  amountCents: number
}

export type ChargeState = {
  guid: string
  charge: number
  /** Set for what is worked out when it is paid; else `priceCheck` does. */
  fixedCents: number | null
  paymentGuid: string | null
  refund: { cents: number; taxUnits: number; transaction: string } | null
  /** Made by `priceCheck`. */
  amountCents: number
  taxes: TaxState[]
  taxUnits: number
}

export type PaymentState = {
  guid: string
  type: 'CASH' | 'CREDIT' | 'GIFTCARD' | 'OTHER' | 'HOUSE_ACCOUNT'
  amountCents: number
  tipCents: number
  tenderedCents: number
  paidAt: number
  /** Null where it is no card. */
  status:
    | 'AUTHORIZED'
    | 'AUTHORIZED_AT_RISK'
    | 'CAPTURE_IN_PROGRESS'
    | 'CAPTURED'
    | 'DENIED'
    | 'VOIDED'
    | null
  cardType: string | null
  first6: string | null
  last4: string | null
  entryMode: string | null
  feeCents: number | null
  repaymentCents: number | null
  server: number
  drawer: number | null
  other: number | null
  offline: boolean | null
  refund: { cents: number; tipCents: number; at: number; transaction: string; full: boolean } | null
  voided: { at: number; user: number; approver: number | null; reason: number | null } | null
}

/** Whether a discount takes anything off: one that is being or was taken off does not. */
export function counts({ loyalty }: DiscountState): boolean {
  return loyalty === null || loyalty.state === 'PENDING_APPLIED' || loyalty.state === 'APPLIED'
}

/** What a discount takes off without its part of tax; null where that is not told. */
export function nonTaxCents({ amountCents, taxPercent }: DiscountState): number | null {
  return taxPercent === null ? null : amountCents - Math.round((amountCents * taxPercent) / 100)
}
