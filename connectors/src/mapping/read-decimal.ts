/** How many digits a decimal column holds before and after its point. */
export type Scale = { readonly whole: number; readonly decimals: number }

/** DECIMAL(18,4), as table.ts says. */
export const moneyScale: Scale = { whole: 14, decimals: 4 }

/** DECIMAL(28,12), as table.ts says. */
export const numberScale: Scale = { whole: 16, decimals: 12 }

/** A decimal as it is stored, and whether that is all of what was sent. */
export type Decimal = { readonly text: string; readonly isExact: boolean }

/**
 * The decimal text of a number that fits as it is, which nearly all do. Null: ask `readDecimal`,
 * which knows exponents, rounding and what is out of range.
 */
export function exactDecimal(value: number, scale: Scale): string | null {
  const size = Math.abs(value)
  if (Number.isInteger(value)) return size < 10 ** scale.whole ? `${value}` : null
  // Smaller numbers are written with an exponent.
  if (!(size >= 1e-6 && size < 10 ** scale.whole)) return null
  const text = `${value}`
  return text.length - text.indexOf('.') - 1 <= scale.decimals ? text : null
}

/**
 * Reads decimal text with or without an exponent, of at most 400 digits on either side of its point.
 * Decimals beyond the scale are rounded, halves to the even neighbour. Null: it is no number, or it
 * has more digits before its point than the scale.
 */
export function readDecimal(text: string, scale: Scale): Decimal | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const [, sign = '', wholeDigits = '', fractionDigits = '', exponent = '0'] = match
  const digits = wholeDigits + fractionDigits
  if (digits === '') return null

  const { whole, fraction } = splitAt(digits, wholeDigits.length + Number(exponent))
  const isExact = fraction.length <= scale.decimals
  const size = isExact ? joined(whole, fraction) : rounded(whole, fraction, scale.decimals)
  if (lengthBeforePoint(size) > scale.whole) return null
  return { text: sign === '-' && size !== '0' ? `-${size}` : size, isExact }
}

const pattern = /^([+-]?)(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/

/** Without zeros that say nothing; `whole` keeps one digit. */
function splitAt(digits: string, point: number): { whole: string; fraction: string } {
  const whole = digits.slice(0, Math.max(point, 0)).padEnd(point, '0')
  const fraction = '0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0))
  return { whole: whole.replace(/^0+/, '') || '0', fraction: fraction.replace(/0+$/, '') }
}

function lengthBeforePoint(size: string): number {
  const point = size.indexOf('.')
  return point < 0 ? size.length : point
}

function joined(whole: string, fraction: string): string {
  return fraction === '' ? whole : `${whole}.${fraction}`
}

function rounded(whole: string, fraction: string, decimals: number): string {
  const kept = BigInt(whole + fraction.slice(0, decimals))
  const rest = fraction.slice(decimals)
  // The last zeros of a fraction are gone, so that exactly a half is a single 5.
  const isUp = rest === '5' ? kept % 2n === 1n : rest > '5'
  const digits = String(kept + (isUp ? 1n : 0n)).padStart(decimals + 1, '0')
  const parts = splitAt(digits, digits.length - decimals)
  return joined(parts.whole, parts.fraction)
}
