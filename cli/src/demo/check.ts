import type { ProgramFile } from '@regulars/contract/program-file'
import { type Cents, cents, centsFrom, toDecimal } from '@regulars/contract/values/money'
import { CannotPlay } from './cannot-play.ts'

/** One line of the demo's check. Amounts of discounts are positive, as they are sent. */
export type CheckLine = {
  type: 'M' | 'D' | 'T' | 'P'
  name: string
  amountCents: Cents
  itemId: string
  family: string
  group: string
  serial: string
}

/** A line of the menu: its price is what it costs there. A modifier belongs to the base before it. */
export function menuLine(program: ProgramFile, itemId: string, serial: string): CheckLine {
  const { items = [], modifiers = [] } = program.menu ?? {}
  const item = [...items, ...modifiers].find((one) => one.item_id === itemId)
  const price = centsFrom(item?.price)
  if (item === undefined || price === null) {
    throw new CannotPlay(
      `The demo plays a sale of Harbor Coffee, and the menu of ${program.business.name} has no ` +
        `item ${itemId}; name that program with --program.`,
    )
  }
  return {
    type: 'M',
    name: item.item_name,
    amountCents: price,
    itemId,
    family: item.item_family ?? '',
    group: item.item_group ?? '',
    serial,
  }
}

/** A line that the till adds itself; its id means nothing on the menu. */
export function tillLine(
  type: 'D' | 'T' | 'P',
  { name, amountCents, serial }: { name: string; amountCents: Cents; serial: string },
): CheckLine {
  return { type, name, amountCents, itemId: '0', family: '', group: '', serial }
}

/** What was sold, less what was taken off: the subtotal that a check-in earns on. */
export function subtotalOf(lines: readonly CheckLine[]): Cents {
  const sums = lines.map(({ type, amountCents }) =>
    type === 'M' ? amountCents : type === 'D' ? -amountCents : 0,
  )
  return cents(sums.reduce((sum, amount) => sum + amount, 0))
}

/** The lines in the words of Redemptions 2.0. */
export function lineItems(lines: readonly CheckLine[]) {
  return lines.map((line) => ({
    item_name: line.name,
    item_qty: 1,
    amount: toDecimal(line.amountCents),
    item_type: line.type,
    item_id: Number(line.itemId),
    item_family: line.family,
    item_group: line.group,
    serial_number: line.serial,
  }))
}

/** The same in the words of check-ins and receipts. */
export function menuItems(lines: readonly CheckLine[]) {
  return lines.map((line) => ({
    item_name: line.name,
    item_qty: 1,
    item_amount: toDecimal(line.amountCents),
    menu_item_type: line.type,
    menu_item_id: line.itemId,
    menu_family: line.family,
    menu_major_group: line.group,
    serial_number: line.serial,
  }))
}
