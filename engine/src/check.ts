import { type Micros, micros, microsPerUnit } from '@regulars/contract/values/exact'
import { inCanonicalOrder, type PlacedLine } from './canonical-order.ts'
import type { Line, Receipt } from './receipt.ts'

/**
 * A receipt opened up for rules to work on: its lines as units, what is left of each unit's price,
 * and what earlier discounts did to it. It belongs to one evaluation, which changes it as it grants.
 */
export type Check = {
  receipt: Receipt
  /** Every line that is selectable at all, in canonical order. */
  lines: readonly PlacedLine[]
  bases: readonly BaseUnit[]
  atoms: readonly Atom[]
  /** Discounts of the till that belong to no line. */
  offsetCents: number
  /** Running values: what the receipt declared, less what this evaluation granted. */
  subtotalCents: number
  totalCents: number
  serviceCents: number
}

/** One unit of a line; or a whole line whose quantity is a fraction, such as fuel. */
export type Atom = {
  /** Its place in canonical order. */
  order: number
  /** The place of its line in `receipt.lines`. */
  line: number
  quantity: Micros
  priceCents: number
  isService: boolean
  /** A unit given away before rules run: itself and its modifiers cost nothing. */
  isComped: boolean
  /** The price left after the till's own discounts on it, before rules run. */
  openingCents: number
  remainingCents: number
  /** What the discounts granted so far on it allow others to do. */
  targeted: 'no' | 'stacking' | 'alone'
  qualifying: 'no' | 'reusable' | 'alone'
}

/** One unit of a base line with the units of modifiers that belong to it. */
export type BaseUnit = { atom: Atom; modifiers: readonly Atom[] }

/**
 * A line of more units than this is one piece, like a fractional quantity: a bound on work, far
 * above what a restaurant sells on one line.
 */
const unitsPerLineMax = 500

/** Opens a receipt. The lines a till sent as discounts are taken off what they are attached to. */
export function openCheck(receipt: Receipt): Check {
  const placed = inCanonicalOrder(receipt.lines)
  const lines = placed.filter(({ line }) => isSelectable(line))
  const atomsOf = new Map<PlacedLine, Atom[]>()
  const atoms: Atom[] = []
  for (const placedLine of lines) {
    const own = explode(placedLine, atoms.length)
    atomsOf.set(placedLine, own)
    atoms.push(...own)
  }
  const families = familiesOf(lines)
  const offsetCents = attachDiscounts(placed, families, atomsOf)
  const bases = baseUnitsOf(families, atomsOf)
  markComps(bases)
  for (const atom of atoms) atom.openingCents = atom.remainingCents
  return { receipt, lines, bases, atoms, offsetCents, ...openingTotals(receipt) }
}

/** Puts a check back to how it was opened, so that another basket can be evaluated on it. */
export function resetCheck(check: Check): void {
  for (const atom of check.atoms) {
    atom.remainingCents = atom.openingCents
    atom.targeted = 'no'
    atom.qualifying = 'no'
  }
  Object.assign(check, openingTotals(check.receipt))
}

/** What a receipt declares, before this evaluation grants anything. */
export function openingTotals(receipt: Receipt) {
  const serviceCents = sumOfType(receipt, 'S')
  const taxCents = sumOfType(receipt, 'T')
  return {
    subtotalCents: receipt.subtotalCents,
    totalCents: receipt.payableCents ?? receipt.subtotalCents + serviceCents + taxCents,
    serviceCents,
  }
}

function sumOfType({ lines }: Receipt, type: 'S' | 'T'): number {
  let sum = 0
  for (const line of lines) if (line.type === type) sum += line.amountCents
  return sum
}

function isSelectable({ type, amountCents }: Line): boolean {
  return (type === 'M' || type === 'X' || type === 'S') && amountCents >= 0
}

function isDiscount({ type, amountCents }: Line): boolean {
  if (type === 'D' || type === 'R') return true
  return (type === 'M' || type === 'X') && amountCents < 0
}

/** The cents that do not divide go one each to the first units. No quantity counts as one. */
function explode({ line, place }: PlacedLine, firstOrder: number): Atom[] {
  const units = line.quantity / microsPerUnit
  const isBulk = line.quantity > 0 && (!Number.isInteger(units) || units > unitsPerLineMax)
  const count = isBulk || line.quantity <= 0 ? 1 : units
  const extra = line.amountCents % count
  const each = (line.amountCents - extra) / count
  return Array.from({ length: count }, (_, unit) => {
    const priceCents = each + (unit < extra ? 1 : 0)
    return {
      order: firstOrder + unit,
      line: place,
      quantity: isBulk ? line.quantity : micros(microsPerUnit),
      priceCents,
      isService: line.type === 'S',
      isComped: false,
      openingCents: priceCents,
      remainingCents: priceCents,
      targeted: 'no',
      qualifying: 'no',
    }
  })
}

type Family = { base: PlacedLine; modifiers: PlacedLine[] }

/** A modifier whose base is not on the check stands as a base itself. */
function familiesOf(lines: readonly PlacedLine[]): Family[] {
  const families: Family[] = []
  const byBase = new Map<number, Family>()
  for (const placed of lines) {
    const { serial } = placed
    const family = serial === null || serial.modifier === 0 ? undefined : byBase.get(serial.base)
    if (family !== undefined) {
      family.modifiers.push(placed)
      continue
    }
    const own = { base: placed, modifiers: [] }
    families.push(own)
    if (serial?.modifier === 0 && !byBase.has(serial.base)) byBase.set(serial.base, own)
  }
  return families
}

/**
 * A discount line with the serial of a modifier lowers its family before any rule runs, so that an
 * item the till comped is not discounted twice: first what has the same item id, then the base,
 * then the other modifiers. Returns what belongs to no family, or is more than its family costs.
 */
function attachDiscounts(
  placed: readonly PlacedLine[],
  families: readonly Family[],
  atomsOf: ReadonlyMap<PlacedLine, Atom[]>,
): number {
  let offsetCents = 0
  for (const { line, serial } of placed) {
    if (!isDiscount(line)) continue
    const family =
      serial === null || serial.modifier === 0
        ? undefined
        : families.find(
            ({ base }) => base.serial?.base === serial.base && base.serial.modifier === 0,
          )
    const members = family === undefined ? [] : [family.base, ...family.modifiers]
    const sameItem = members.filter((member) => member.line.itemId === line.itemId)
    const others = members.filter((member) => member.line.itemId !== line.itemId)
    const atoms = [...sameItem, ...others].flatMap((member) => atomsOf.get(member) ?? [])
    offsetCents += takeOff(atoms, Math.abs(line.amountCents))
  }
  return offsetCents
}

function takeOff(atoms: readonly Atom[], cents: number): number {
  let left = cents
  for (const atom of atoms) {
    const taken = Math.min(left, atom.remainingCents)
    atom.remainingCents -= taken
    left -= taken
  }
  return left
}

/** A modifier's quantity covers all units of its base: spread evenly, the first units take more. */
function baseUnitsOf(
  families: readonly Family[],
  atomsOf: ReadonlyMap<PlacedLine, Atom[]>,
): BaseUnit[] {
  return families.flatMap(({ base, modifiers }) => {
    const units = (atomsOf.get(base) ?? []).map((atom) => ({ atom, modifiers: [] as Atom[] }))
    for (const modifier of modifiers) {
      const atoms = atomsOf.get(modifier) ?? []
      const extra = atoms.length % units.length
      const each = (atoms.length - extra) / units.length
      let next = 0
      units.forEach((unit, place) => {
        const end = next + each + (place < extra ? 1 : 0)
        unit.modifiers.push(...atoms.slice(next, end))
        next = end
      })
    }
    return units
  })
}

function markComps(bases: readonly BaseUnit[]): void {
  for (const { atom, modifiers } of bases) {
    const isComped = atom.remainingCents === 0 && modifiers.every((m) => m.remainingCents === 0)
    if (!isComped) continue
    atom.isComped = true
    for (const modifier of modifiers) modifier.isComped = true
  }
}
