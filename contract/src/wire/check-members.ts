import { Type } from 'typebox'
import { identifier, instantWithOffset, receiptAmount } from './fields.ts'
import { lineItems } from './line-items.ts'

/** The total before tax, after discounts; most tills send it twice. */
export const subtotalAmount = Type.Optional(
  receiptAmount({ description: 'The receipt amount when it is not sent.' }),
)

/** The check that a call of Redemptions 2.0 is about, in the order its members are refused. */
export const checkMembers = {
  line_items: lineItems(),
  receipt_amount: receiptAmount(),
  subtotal_amount: subtotalAmount,
  receipt_datetime: instantWithOffset(),
  transaction_no: Type.Optional(identifier()),
}
