import type { LocalInstant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import type { Line } from '@regulars/contract/wire/line-items'
import type { Receipt } from '@regulars/engine'

/** The members of a check in either dialect, as far as an operation has them. */
type CheckMembers = {
  line_items?: readonly Line[]
  menu_items?: readonly Line[]
  receipt_amount: Cents
  subtotal_amount?: Cents
  payable?: Cents
  receipt_datetime: LocalInstant
  channel?: string
  revenue_id?: string
  revenue_code?: string
  employee_id?: string
  employee_name?: string
  transaction_no?: string
}

/**
 * The check as the rules see it. Its amount before tax has two names; the subtotal counts when both
 * were sent. `channel` stands in when the check names none.
 */
export function checkFrom(request: CheckMembers, channel: string): Receipt {
  return {
    lines: request.line_items ?? request.menu_items ?? [],
    subtotalCents: request.subtotal_amount ?? request.receipt_amount,
    receiptAmountCents: request.receipt_amount,
    payableCents: request.payable ?? null,
    receiptAt: request.receipt_datetime,
    channel: (request.channel ?? channel).toLowerCase(),
    revenueId: request.revenue_id ?? null,
    revenueCode: request.revenue_code ?? null,
    employeeId: request.employee_id ?? null,
    employeeName: request.employee_name ?? null,
    transactionNo: request.transaction_no ?? null,
  }
}
