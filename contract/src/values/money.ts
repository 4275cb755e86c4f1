import { assert } from './assert.ts'
import { scaledFrom } from './exact.ts'

/** Whole cents of the business's currency. Arithmetic gives a bare number; give it its unit again. */
export type Cents = number & { readonly unit: 'cents' }

export function cents(value: number): Cents {
  assert(Number.isSafeInteger(value), 'cents are whole', { value })
  // Adding zero turns -0 into 0, so that two equal amounts are one value.
  return (value + 0) as Cents
}

/**
 * Reads an amount in decimal currency (`10.72`, `"10.72"`) exactly; a third decimal rounds half up.
 * Null when it is not a plain decimal.
 */
export function centsFrom(value: unknown): Cents | null {
  return scaledFrom(value, 2) as Cents | null
}

/** The wire's decimal number: 10.72 for 1072 cents. */
export function toDecimal(value: Cents): number {
  return value / 100
}

/** Two decimals always, as `banked_rewards` is written: "10.70" for 1070 cents. */
export function toDecimalText(value: Cents): string {
  const sign = value < 0 ? '-' : ''
  const size = Math.abs(value)
  return `${sign}${Math.trunc(size / 100)}.${String(size % 100).padStart(2, '0')}`
}
