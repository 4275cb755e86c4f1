import { microsPerUnit } from '@regulars/contract/values/exact'
import type { AggregateAttribute, LineAttribute } from './catalog.ts'
import type { Check } from './check.ts'
import type { Subject } from './clause.ts'
import type { Line } from './receipt.ts'

/** What a line's `quantity` and `item_total_amount` clauses read: its own, or its group's. */
export type LineTotals = { quantity: number; amountCents: number }

/** How each attribute is compared: `007` and `7` are one number but two texts. */
export const lineAttributeKinds = {
  item_name: 'text',
  item_id: 'text',
  quantity: 'number',
  item_family: 'text',
  item_major_group: 'text',
  item_serial_number: 'text',
  line_item_type: 'text',
  item_total_amount: 'number',
} as const satisfies Record<LineAttribute, 'text' | 'number'>

/** What one clause reads from a line. Empty text is an absent attribute. */
export function lineSubject(line: Line, attribute: LineAttribute, totals: LineTotals): Subject {
  switch (attribute) {
    case 'item_name':
      return presentText(line.name)
    case 'item_id':
      return presentText(line.itemId)
    case 'quantity':
      return totals.quantity
    case 'item_family':
      return presentText(line.family)
    case 'item_major_group':
      return presentText(line.group)
    case 'item_serial_number':
      return presentText(line.serial)
    case 'line_item_type':
      return line.type
    case 'item_total_amount':
      return totals.amountCents * (microsPerUnit / 100)
  }
}

/** Null for text that is missing or blank. */
export function presentText(text: string | null): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}

/**
 * The totals of each line by its place on the receipt. With `aggregateBy`, lines equal on those
 * attributes count as one; bases and modifiers are not counted together.
 */
export function lineTotals(
  check: Check,
  aggregateBy: readonly AggregateAttribute[] | null,
): (place: number) => LineTotals {
  const own = (place: number): LineTotals => {
    const line = check.receipt.lines[place]
    return { quantity: line?.quantity ?? 0, amountCents: line?.amountCents ?? 0 }
  }
  if (aggregateBy === null || aggregateBy.length === 0) return own
  const groupOf = new Map<number, LineTotals>()
  const groups = new Map<string, LineTotals>()
  for (const { line, place, serial } of check.lines) {
    const key = JSON.stringify([
      (serial?.modifier ?? 0) > 0,
      ...aggregateBy.map((attribute) => lineSubject(line, attribute, own(place))),
    ])
    const group = groups.get(key) ?? { quantity: 0, amountCents: 0 }
    group.quantity += line.quantity
    group.amountCents += line.amountCents
    groups.set(key, group)
    groupOf.set(place, group)
  }
  return (place) => groupOf.get(place) ?? own(place)
}
