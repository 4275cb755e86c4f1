import type { Micros } from '@regulars/contract/values/exact'
import type { LocalInstant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'

/** M menu, D discount, S service, T tax, P payment, X extra, R a redemption line of ours. */
export type LineType = 'M' | 'D' | 'S' | 'T' | 'P' | 'X' | 'R'

/** One line as the till sent it. `amountCents` is for the whole quantity; ids and serials are text. */
export type Line = {
  name: string
  quantity: Micros
  amountCents: Cents
  type: LineType
  itemId: string
  family: string
  group: string
  /** `n.0` or `n` is a base, `n.k` a modifier of it; null when the till sends none. */
  serial: string | null
}

/** What was bought, as the till sent it. */
export type Receipt = {
  lines: readonly Line[]
  /** Before tax, after discounts: the first sent of subtotal, receipt amount, amount. */
  subtotalCents: Cents
  receiptAmountCents: Cents
  payableCents: Cents | null
  receiptAt: LocalInstant
  channel: string | null
  revenueId: string | null
  revenueCode: string | null
  employeeId: string | null
  employeeName: string | null
  transactionNo: string | null
}
