import { unitsPerCent } from '../world/price-check.ts'

/** Cents as Toast sends money: a number of dollars. */
export function dollars(cents: number): number {
  return cents / 100
}

export function dollarsOrNull(cents: number | null): number | null {
  return cents === null ? null : cents / 100
}

/** Ten-millionths of a dollar: JSON keeps all seven decimals. */
export function taxDollars(units: number): number {
  return units / (unitsPerCent * 100)
}
