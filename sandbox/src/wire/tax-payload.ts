import { taxRates } from '../world/catalogue.ts'
import type { TaxState } from '../world/order-state.ts'
import { at } from '../world/random.ts'
import { dollars, taxDollars } from './numbers.ts'
import type { References } from './references.ts'

/** One tax of a line or a charge. */
export function taxPayload(to: References, { rate, units }: TaxState): Record<string, unknown> {
  const { name, rate: perHundredThousand, type } = at(taxRates, rate)
  return {
    // Toast leaves it out more often than not.
    guid: null,
    entityType: 'AppliedTaxRate',
    taxRate: to.ref('taxRates', rate),
    name,
    displayName: name,
    rate: perHundredThousand / 100_000,
    type,
    taxAmount: taxDollars(units),
    facilitatorCollectAndRemitTax: rate === 1 ? false : null,
    jurisdiction: null,
    jurisdictionType: null,
  }
}

export function refundPayload(
  refund: { cents: number; taxUnits: number; transaction: string } | null,
): Record<string, unknown> | null {
  if (refund === null) return null
  return {
    refundAmount: dollars(refund.cents),
    taxRefundAmount: taxDollars(refund.taxUnits),
    refundTransaction: { guid: refund.transaction, entityType: 'RefundTransaction' },
  }
}
