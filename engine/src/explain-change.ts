import { microsToNumber } from '@regulars/contract/values/exact'
import { toDecimalText } from '@regulars/contract/values/money'
import type { Line, Receipt } from './receipt.ts'

/** One attribute that differs between two receipts, as text under its name on the wire. */
export type Change = {
  /** The line's zero-based place on the later receipt, or on the earlier when it is gone; null is the receipt itself. */
  line: number | null
  serial: string | null
  /** `line` for a line that was added or removed. */
  attribute: string
  from: string | null
  to: string | null
}

/**
 * What changed between the receipt of the last query and the one of the commit, to explain a commit
 * that differs. Lines are the same when their serial is; without one, when their item is.
 */
export function explainChange(before: Receipt, after: Receipt): Change[] {
  return [...receiptChanges(before, after), ...lineChanges(before, after)]
}

function receiptChanges(before: Receipt, after: Receipt): Change[] {
  return differences(receiptTexts(before), receiptTexts(after)).map((difference) => ({
    line: null,
    serial: null,
    ...difference,
  }))
}

function lineChanges(before: Receipt, after: Receipt): Change[] {
  const earlier = keyed(before.lines)
  const later = keyed(after.lines)
  const changes: Change[] = []
  for (const [key, { line, place }] of later) {
    const old = earlier.get(key)
    if (old === undefined) changes.push(presence(place, line, { from: null, to: line.name }))
    else {
      for (const difference of differences(lineTexts(old.line), lineTexts(line))) {
        changes.push({ line: place, serial: line.serial, ...difference })
      }
    }
  }
  for (const [key, { line, place }] of earlier) {
    if (!later.has(key)) changes.push(presence(place, line, { from: line.name, to: null }))
  }
  return changes
}

function presence(place: number, { serial }: Line, names: Pick<Change, 'from' | 'to'>): Change {
  return { line: place, serial, attribute: 'line', ...names }
}

/** Lines by what identifies them; equal ones are told apart by their count. */
function keyed(lines: readonly Line[]): Map<string, { line: Line; place: number }> {
  const byKey = new Map<string, { line: Line; place: number }>()
  lines.forEach((line, place) => {
    const identity =
      line.serial === null ? ['item', line.itemId, line.name] : ['serial', line.serial]
    let count = 0
    while (byKey.has(JSON.stringify([...identity, count]))) count += 1
    byKey.set(JSON.stringify([...identity, count]), { line, place })
  })
  return byKey
}

type Texts = Readonly<Record<string, string | null>>

function differences(before: Texts, after: Texts): Pick<Change, 'attribute' | 'from' | 'to'>[] {
  return Object.keys(after)
    .filter((attribute) => before[attribute] !== after[attribute])
    .map((attribute) => ({
      attribute,
      from: before[attribute] ?? null,
      to: after[attribute] ?? null,
    }))
}

function lineTexts(line: Line): Texts {
  return {
    item_name: line.name,
    item_qty: String(microsToNumber(line.quantity)),
    amount: toDecimalText(line.amountCents),
    item_type: line.type,
    item_id: line.itemId,
    item_family: line.family,
    item_group: line.group,
  }
}

function receiptTexts(receipt: Receipt): Texts {
  const { receiptAt, payableCents } = receipt
  return {
    subtotal_amount: toDecimalText(receipt.subtotalCents),
    receipt_amount: toDecimalText(receipt.receiptAmountCents),
    payable: payableCents === null ? null : toDecimalText(payableCents),
    receipt_datetime: wallTime(receiptAt),
    channel: receipt.channel,
    revenue_id: receipt.revenueId,
    revenue_code: receipt.revenueCode,
    employee_id: receipt.employeeId,
    employee_name: receipt.employeeName,
    transaction_no: receipt.transactionNo,
  }
}

/** The moment as the till wrote it, offset included, since rules read its wall time. */
function wallTime({ at, offsetMinutes }: Receipt['receiptAt']): string {
  const wall = new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 19)
  const size = Math.abs(offsetMinutes)
  const digits = [Math.trunc(size / 60), size % 60].map((part) => String(part).padStart(2, '0'))
  return `${wall}${offsetMinutes < 0 ? '-' : '+'}${digits.join(':')}`
}
