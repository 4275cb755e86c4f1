import { type TUnsafe, Type } from 'typebox'
import { type Refusal, refuse } from '../refusals.ts'
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
  text,
} from './fields.ts'
import {
  amountFrom,
  identifierFrom,
  isBlank,
  quantityFrom,
  serialFrom,
  textFrom,
} from './scalars.ts'

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

type Dialect = {
  name: string
  quantity: string
  amount: string
  type: string
  itemId: string
  family: string
  group: string
}

const dialects: Record<LinesName, Dialect> = {
  line_items: {
    name: 'item_name',
    quantity: 'item_qty',
    amount: 'amount',
    type: 'item_type',
    itemId: 'item_id',
    family: 'item_family',
    group: 'item_group',
  },
  menu_items: {
    name: 'item_name',
    quantity: 'item_qty',
    amount: 'item_amount',
    type: 'menu_item_type',
    itemId: 'menu_item_id',
    family: 'menu_family',
    group: 'menu_major_group',
  },
}

/** The lines of Redemptions 2.0: at least one. */
export function lineItems(options: FieldOptions = {}): TUnsafe<Line[]> {
  return lines('line_items', 1, options)
}

/** The lines of check-ins and receipts; an empty list is a check without items. */
export function menuItems(options: FieldOptions = {}): TUnsafe<Line[]> {
  return lines('menu_items', 0, options)
}

function lines(as: LinesName, minItems: number, options: FieldOptions): TUnsafe<Line[]> {
  const names = dialects[as]
  const item = Type.Object({
    [names.name]: text({ description: 'As on the check.' }),
    [names.quantity]: quantity(),
    [names.amount]: amount({ description: 'For the whole quantity, in decimal currency.' }),
    [names.type]: choice(lineTypes),
    [names.itemId]: identifier({
      description: "The till's own id of the item.",
      type: as === 'line_items' ? 'integer' : 'string',
    }),
    [names.family]: Type.Optional(text({ description: 'Blank when the item has none.' })),
    [names.group]: Type.Optional(text({ description: 'Blank when the item has none.' })),
    serial_number: Type.Optional(
      identifier({ description: 'n.0 for a base item, n.1, n.2 … for its modifiers.' }),
    ),
  })
  return field(as, { type: 'array', items: item, minItems, maxItems: linesMax }, '', options)
}

/**
 * Reads the lines of a check. Refuses the first problem in line order, then in member order, its
 * name carrying the line's zero-based index: `item_qty_0`.
 */
export function linesFrom(value: unknown, as: LinesName, member: string): Line[] | Refusal {
  if (!Array.isArray(value)) return unreadable(member, 'it must be a list of items')
  if (value.length > linesMax) return refuse('too_many_lines', { limit: linesMax })
  const read: Line[] = []
  for (let index = 0; index < value.length; index += 1) {
    const line = lineFrom(value[index], dialects[as], index)
    if ('kind' in line) return line
    read.push(line)
  }
  return read
}

function lineFrom(value: unknown, names: Dialect, index: number): Line | Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unreadable(`item_${index}`, 'it must be an object')
  }
  const sent = value as Record<string, unknown>
  for (const name of [names.name, names.quantity, names.amount, names.type, names.itemId]) {
    if (isBlank(sent[name])) return refuse('missing_parameter', { name: `${name}_${index}` })
  }
  const name = textFrom(sent[names.name])
  if (name === null) return unreadable(`${names.name}_${index}`, 'it must be text')
  const qty = quantityFrom(sent[names.quantity])
  if (qty === null) return unreadable(`${names.quantity}_${index}`, 'it must be a decimal number')
  const amountCents = amountFrom(sent[names.amount])
  if (amountCents === null) {
    return unreadable(`${names.amount}_${index}`, 'it must be a decimal amount')
  }
  const type = lineTypeFrom(sent[names.type])
  if (type === null) {
    return unreadable(`${names.type}_${index}`, `it must be one of ${lineTypes.join(', ')}`)
  }
  const itemId = identifierFrom(sent[names.itemId])
  if (itemId === null) return unreadable(`${names.itemId}_${index}`, 'it must be text or a number')
  const family = isBlank(sent[names.family]) ? '' : textFrom(sent[names.family])
  if (family === null) return unreadable(`${names.family}_${index}`, 'it must be text')
  const group = isBlank(sent[names.group]) ? '' : textFrom(sent[names.group])
  if (group === null) return unreadable(`${names.group}_${index}`, 'it must be text')
  const blankSerial = isBlank(sent.serial_number)
  const serial = blankSerial ? null : serialFrom(sent.serial_number)
  if (serial === null && !blankSerial) {
    return unreadable(`serial_number_${index}`, 'it must be n.0 for an item or n.k for a modifier')
  }
  // D lines lower the check whichever sign is sent; R lines are negative in 1.0 and positive in 2.0.
  const signless = type === 'D' || type === 'R'
  return {
    name,
    quantity: qty,
    amountCents: signless ? (Math.abs(amountCents) as Cents) : amountCents,
    type,
    itemId,
    family,
    group,
    serial,
  }
}

function lineTypeFrom(value: unknown): LineType | null {
  const word = typeof value === 'string' ? value.trim().toUpperCase() : value
  return lineTypes.find((type) => type === word) ?? null
}

function unreadable(name: string, problem: string): Refusal {
  return refuse('invalid_parameter', { name, problem })
}
