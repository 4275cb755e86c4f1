import { assert } from './assert.ts'

/**
 * A number with up to six decimals, held as a whole number of millionths: quantities (12.345 gallons),
 * percentages (12.5), rates per unit (0.05 a gallon).
 */
export type Micros = number & { readonly unit: 'micros' }

export const microsPerUnit = 1_000_000

export function micros(value: number): Micros {
  assert(Number.isSafeInteger(value), 'micros are whole', { value })
  return value as Micros
}

const decimalText = /^([+-]?)(\d{1,12})(?:\.(\d{1,18}))?$/

/**
 * Reads decimal text exactly and rounds half up (away from zero) to `decimals` places.
 * Null when the text is not a plain decimal of at most twelve whole digits.
 */
export function scaledFromText(text: string, decimals: number): number | null {
  const match = decimalText.exec(text.trim())
  if (match === null) return null
  const [, sign, whole = '0', fraction = ''] = match
  const digits = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  const roundsUp = Number(fraction[decimals] ?? '0') >= 5
  const scaled = Number(roundsUp ? digits + 1n : digits)
  if (!Number.isSafeInteger(scaled)) return null
  return sign === '-' && scaled !== 0 ? -scaled : scaled
}

/** Like `scaledFromText`, for a JSON number or its text. A double's shortest text is what was sent. */
export function scaledFrom(value: unknown, decimals: number): number | null {
  if (typeof value === 'string') return scaledFromText(value, decimals)
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  if (Number.isInteger(value)) {
    // Adding zero turns -0 into 0.
    const scaled = value * 10 ** decimals + 0
    return Number.isSafeInteger(scaled) ? scaled : null
  }
  const text = String(value)
  return scaledFromText(text.includes('e') ? value.toFixed(12) : text, decimals)
}

/** Null when the value is not a plain decimal. */
export function microsFrom(value: unknown): Micros | null {
  return scaledFrom(value, 6) as Micros | null
}

/** 12.345 for 12 345 000 millionths: exact for what a double can hold. */
export function microsToNumber(value: Micros): number {
  return value / microsPerUnit
}

/** `numerator / denominator` rounded half up (away from zero). The denominator is above zero. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, 'the denominator is above zero', { denominator: String(denominator) })
  const negative = numerator < 0n
  const size = negative ? -numerator : numerator
  const rounded = (size * 2n + denominator) / (denominator * 2n)
  return negative ? -rounded : rounded
}
