import { dayMs, type LocalInstant, minuteMs } from '@regulars/contract/values/instants'
import type { ReceiptAttribute } from './catalog.ts'
import type { Subject } from './clause.ts'
import { presentText } from './line-subjects.ts'
import type { Receipt } from './receipt.ts'

/** How each attribute is compared. */
export const receiptAttributeKinds = {
  subtotal_amount: 'number',
  total_amount: 'number',
  receipt_hour: 'number',
  receipt_minute: 'number',
  receipt_day: 'number',
  receipt_week_day: 'number',
  receipt_week: 'number',
  receipt_month: 'number',
  receipt_year: 'number',
  revenue_code: 'text',
  revenue_id: 'text',
  employee_id: 'text',
  employee_name: 'text',
  channel: 'text',
  transaction_no: 'text',
} as const satisfies Record<ReceiptAttribute, 'text' | 'number'>

/** What one receipt clause reads. Time parts are those of the offset the receipt was written in. */
export function receiptSubject(
  receipt: Receipt,
  attribute: ReceiptAttribute,
  amounts: { subtotalCents: number; totalCents: number },
): Subject {
  switch (attribute) {
    case 'subtotal_amount':
      return amounts.subtotalCents * 10_000
    case 'total_amount':
      return amounts.totalCents * 10_000
    case 'revenue_code':
      return presentText(receipt.revenueCode)
    case 'revenue_id':
      return presentText(receipt.revenueId)
    case 'employee_id':
      return presentText(receipt.employeeId)
    case 'employee_name':
      return presentText(receipt.employeeName)
    case 'channel':
      return presentText(receipt.channel)
    case 'transaction_no':
      return presentText(receipt.transactionNo)
    default:
      return timePart(receipt.receiptAt, attribute) * 1_000_000
  }
}

type TimeAttribute = Extract<ReceiptAttribute, `receipt_${string}`>

function timePart({ at, offsetMinutes }: LocalInstant, attribute: TimeAttribute): number {
  // A clock is not read here: the moment is the receipt's own, shifted to its wall time.
  const wall = new Date(at + offsetMinutes * minuteMs)
  switch (attribute) {
    case 'receipt_hour':
      return wall.getUTCHours()
    case 'receipt_minute':
      return wall.getUTCMinutes()
    case 'receipt_day':
      return wall.getUTCDate()
    case 'receipt_week_day':
      return wall.getUTCDay()
    case 'receipt_week':
      return isoWeek(wall)
    case 'receipt_month':
      return wall.getUTCMonth() + 1
    case 'receipt_year':
      return wall.getUTCFullYear()
  }
}

/** The week of the year that holds this day's Thursday; weeks begin on Monday. */
function isoWeek(wall: Date): number {
  const midnight = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate())
  const daysSinceMonday = (wall.getUTCDay() + 6) % 7
  const thursday = midnight + (3 - daysSinceMonday) * dayMs
  const january1 = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)
  return Math.floor((thursday - january1) / (7 * dayMs)) + 1
}

const weekDays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** Week days may be written by name or its first three letters; Sunday is 0. */
export function readableValue(attribute: ReceiptAttribute, value: string): string {
  if (attribute !== 'receipt_week_day') return value
  return value.replace(/[a-z]+/gi, (word) => {
    const day = weekDays.findIndex(
      (name) => name === word.toLowerCase() || name.slice(0, 3) === word.toLowerCase(),
    )
    return day < 0 ? word : String(day)
  })
}
