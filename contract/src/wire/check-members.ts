import { Type } from 'typebox'
import { amount, identifier, instantWithOffset, receiptAmount, text } from './fields.ts'
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
  // Ours on these calls: what receipt qualifiers can ask for. Check-ins have them as published.
  channel: Type.Optional(text({ description: 'Ours here; `pos` or `online_order` without it.' })),
  payable: Type.Optional(amount({ description: 'Ours here: what is paid, with service and tax.' })),
  revenue_id: Type.Optional(identifier({ description: 'Ours here.' })),
  revenue_code: Type.Optional(identifier({ description: 'Ours here.' })),
  employee_id: Type.Optional(identifier({ description: 'Ours here.' })),
  employee_name: Type.Optional(text({ description: 'Ours here.' })),
}
