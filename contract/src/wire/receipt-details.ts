import { Type } from 'typebox'
import { subtotalAmount } from './check-members.ts'
import { amount, flag, identifier, instantWithOffset, receiptAmount, text } from './fields.ts'
import { menuItems } from './line-items.ts'
import type { Operation } from './operation.ts'

const optionalId = Type.Optional(identifier())
const optionalText = Type.Optional(text())

/** Stores a check, its corrections and its void; every check is sent, with a guest or without. */
export const receiptDetails = {
  name: 'receipt-details',
  method: 'POST',
  path: '/receipt_details',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Store a check, a newer version of it, or its void',
  request: Type.Object({
    transaction_no: identifier(),
    vendor_transaction_no: optionalId,
    receipt_amount: receiptAmount(),
    subtotal_amount: subtotalAmount,
    amount: Type.Optional(receiptAmount()),
    payable: Type.Optional(amount()),
    receipt_datetime: instantWithOffset(),
    punchh_key: identifier({ description: '11, 12 or 20 digits, without the check digit.' }),
    pos_type: optionalText,
    pos_version: optionalText,
    menu_items: menuItems(),
    employee_id: optionalId,
    employee_name: optionalText,
    revenue_id: optionalId,
    revenue_code: optionalId,
    cc_last4: optionalId,
    status: Type.Optional(text({ description: '`void` cancels the check.' })),
    is_test: Type.Optional(flag()),
    channel: optionalText,
    external_uid: optionalId,
  }),
  replies: { 200: Type.Object({}) },
  refusals: ['missing_parameter', 'invalid_receipt_amount', 'invalid_location_key'],
} as const satisfies Operation
