import type { Line } from './receipt.ts'

/** Where a line stands: the base it belongs to, and its place under it (0 is the base itself). */
type Serial = { base: number; modifier: number }

const serialText = /^(\d{1,9})(?:\.(\d{1,9}))?$/

/** Null when there is no serial, or not one of the form `n` or `n.k`: such a line is a base. */
function serialOf(line: Line): Serial | null {
  const match = line.serial === null ? null : serialText.exec(line.serial.trim())
  if (match === null) return null
  return { base: Number(match[1]), modifier: Number(match[2] ?? 0) }
}

/** A line with its zero-based place among the lines the till sent. */
export type PlacedLine = { line: Line; place: number; serial: Serial | null }

/**
 * The order that breaks every tie and stands for "as on the receipt": base serial, modifier serial,
 * item id, item name, and only then the order in which the till sent the lines.
 */
export function inCanonicalOrder(lines: readonly Line[]): PlacedLine[] {
  const placed = lines.map((line, place) => ({ line, place, serial: serialOf(line) }))
  return placed.sort(
    (a, b) =>
      (a.serial?.base ?? unplaced) - (b.serial?.base ?? unplaced) ||
      (a.serial?.modifier ?? 0) - (b.serial?.modifier ?? 0) ||
      byText(a.line.itemId, b.line.itemId) ||
      byText(a.line.name, b.line.name) ||
      a.place - b.place,
  )
}

/** Lines without a serial come after those that have one. */
const unplaced = 1_000_000_000

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
