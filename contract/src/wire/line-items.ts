import { type Static, type TSchema, type TUnsafe, Type } from 'typebox'
import type { Micros } from '../values/exact.ts'
import type { Cents } from '../values/money.ts'
import {
  amount,
  choice,
  type FieldOptions,
  field,
  identifier,
  type LinesName,
  quantity,
  serial,
  text,
} from './fields.ts'

/** M menu, D discount, S service, T tax, P payment, X extra, R a redemption line of ours. */
export const lineTypes = ['M', 'D', 'S', 'T', 'P', 'X', 'R'] as const
export type LineType = (typeof lineTypes)[number]

/**
 * One line of a check, from either dialect. `amountCents` is for the whole quantity; on D and R
 * lines it is never negative, whichever sign was sent. Family and group may be "".
 */
export type Line = {
  name: string
  quantity: Micros
  amountCents: Cents
  type: LineType
  itemId: string
  family: string
  group: string
  /** `n.0` is a base, `n.k` a modifier of it; null when the till sends none. */
  serial: string | null
}

/** The most lines one receipt may have. */
export const linesMax = 500

const blankable = Type.Optional(text({ description: 'Blank when the item has none.' }))
const itemId = { description: "The till's own id of the item." }
const lineTotal = { description: 'For the whole quantity, in decimal currency.' }

const lineItem = Type.Object({
  item_name: text(),
  item_qty: quantity(),
  amount: amount(lineTotal),
  item_type: choice(lineTypes),
  item_id: identifier({ ...itemId, type: 'integer' }),
  item_family: blankable,
  item_group: blankable,
  serial_number: Type.Optional(serial()),
})

const menuItem = Type.Object({
  item_name: text(),
  item_qty: quantity(),
  item_amount: amount(lineTotal),
  menu_item_type: choice(lineTypes),
  menu_item_id: identifier(itemId),
  menu_family: blankable,
  menu_major_group: blankable,
  serial_number: Type.Optional(serial()),
})

/** The lines of Redemptions 2.0: at least one. */
export function lineItems(options: FieldOptions = {}): TUnsafe<Line[]> {
  return lines('line_items', { items: lineItem, minItems: 1 }, options)
}

/** The lines of check-ins and receipts; an empty list is a check without items. */
export function menuItems(options: FieldOptions = {}): TUnsafe<Line[]> {
  return lines('menu_items', { items: menuItem }, options)
}

function lines(
  as: LinesName,
  published: { items: TSchema; minItems?: number },
  options: FieldOptions,
): TUnsafe<Line[]> {
  return field(as, { type: 'array', ...published, maxItems: linesMax }, options)
}

/** One line from an item as its dialect's schema reads it. */
export const lineFrom: Record<LinesName, (item: never) => Line> = {
  line_items: (item: Static<typeof lineItem>) => ({
    name: item.item_name,
    quantity: item.item_qty,
    amountCents: unsigned(item.amount, item.item_type),
    type: item.item_type,
    itemId: item.item_id,
    family: item.item_family ?? '',
    group: item.item_group ?? '',
    serial: item.serial_number ?? null,
  }),
  menu_items: (item: Static<typeof menuItem>) => ({
    name: item.item_name,
    quantity: item.item_qty,
    amountCents: unsigned(item.item_amount, item.menu_item_type),
    type: item.menu_item_type,
    itemId: item.menu_item_id,
    family: item.menu_family ?? '',
    group: item.menu_major_group ?? '',
    serial: item.serial_number ?? null,
  }),
}

// D lines lower the check whichever sign is sent; R lines are negative in 1.0 and positive in 2.0.
function unsigned(amountCents: Cents, type: LineType): Cents {
  return type === 'D' || type === 'R' ? (Math.abs(amountCents) as Cents) : amountCents
}
