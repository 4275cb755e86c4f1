import { dateNumber, dateText } from '../world/instants.ts'
import type { TruthValue } from './truth-row.ts'

/** Decimal text of a whole number of parts, without zeros at the end: `12.5`, `-0.07`, `3`. */
export function decimal(parts: number, decimals: number): string {
  const digits = String(Math.abs(parts)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, -decimals)
  const fraction = digits.slice(-decimals).replace(/0+$/, '')
  return `${parts < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

export function money(cents: number): string {
  return decimal(cents, 2)
}

export function moneyOrNull(cents: number | null): string | null {
  return cents === null ? null : decimal(cents, 2)
}

/** Ten-millionths of a dollar. */
export function tax(units: number): string {
  return decimal(units, 7)
}

/** ISO 8601 in UTC with milliseconds. */
export function instant(at: number): string {
  return new Date(at).toISOString()
}

export function instantOrNull(at: number | null): string | null {
  return at === null ? null : instant(at)
}

/** A business date both as the integer it came as and as a date. */
export function bothDates(name: string, day: number | null): Record<string, TruthValue> {
  return {
    [`${name}_date`]: day === null ? null : dateNumber(day),
    [`${name}_day`]: day === null ? null : dateText(day),
  }
}
