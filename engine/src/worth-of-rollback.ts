import { microsPerUnit } from '@regulars/contract/values/exact'
import type { Pick } from './picks.ts'
import { addExact, type ExactCents, isAbove } from './ratio.ts'
import { chosenPicks, type FunctionRun, type Part, type Worth } from './worth.ts'
import { sumOf } from './worth-of-sums.ts'

/** Rates in millionths of the currency unit for each unit; the most units in millionths. */
export type Rollback = { unitDiscount: number; minimumUnitRate: number; unitsMax: number | null }

/**
 * Lowers the rate of each unit, never under the minimum rate, for the first units in filter order.
 * A line of a fractional quantity is cut at the most units.
 */
export function rollback(
  run: FunctionRun,
  { unitDiscount, minimumUnitRate, unitsMax }: Rollback,
): Worth {
  // The method of a filter orders here; only a quantity limits.
  const picks = chosenPicks(run, ({ quantity }) => quantity)
  const parts: Part[] = []
  let left = unitsMax ?? Number.POSITIVE_INFINITY
  for (const pick of picks) {
    const volume = Math.min(left, pick.quantity)
    if (volume <= 0) break
    left -= volume
    const cut = cutOf(pick, { volume, unitDiscount, minimumUnitRate })
    // A unit at its floor uses up one of the most units, but is not discounted.
    if (isAbove(cut, 0)) parts.push({ pick, volume, cents: cut })
  }
  const value = parts.reduce<ExactCents>((sum, part) => addExact(sum, part.cents), 0)
  return { ...sumOf(parts.map(({ pick }) => pick)), value, parts }
}

type Cut = { volume: number; unitDiscount: number; minimumUnitRate: number }

const microsPerCent = microsPerUnit / 100

/** The exact cut for `volume` millionths of a unit: the unit discount, or what the rate is above the floor. */
function cutOf(pick: Pick, { volume, unitDiscount, minimumUnitRate }: Cut): ExactCents {
  if (pick.quantity === microsPerUnit && volume === microsPerUnit) {
    const cut = Math.max(0, Math.min(unitDiscount, pick.cents * microsPerCent - minimumUnitRate))
    if (cut % microsPerCent === 0) return cut / microsPerCent
    return { numerator: BigInt(cut), denominator: BigInt(microsPerCent) }
  }
  const quantity = BigInt(pick.quantity)
  const micros = BigInt(microsPerUnit)
  const discountCut = BigInt(unitDiscount) * quantity
  const floorCut = BigInt(pick.cents * microsPerCent) * micros - BigInt(minimumUnitRate) * quantity
  const smaller = discountCut < floorCut ? discountCut : floorCut
  if (smaller <= 0n) return 0
  return {
    numerator: smaller * BigInt(volume),
    denominator: quantity * micros * BigInt(microsPerCent),
  }
}
