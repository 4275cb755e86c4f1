import type { TraceStep, TraceStepName } from './evaluation.ts'

/** Where steps of why are written; null when nobody asked, so that no text is made. */
export type Trace = TraceStep[] | null

/** Write `trace?.push(step(…))`: the arguments are not evaluated when nobody asked. */
export function step(
  name: TraceStepName,
  text: string,
  facts: Readonly<Record<string, unknown>> = {},
): TraceStep {
  return { step: name, text, facts }
}

/** 4.90 for 490 cents, as a person writes it. */
export function inCurrency(cents: number): string {
  return (cents / 100).toFixed(2)
}

/** 2 for 2 000 000 millionths, 12.345 for 12 345 000. */
export function inUnits(micros: number): string {
  return String(micros / 1_000_000)
}

/** `1 unit`, `2 units`. */
export function counted(count: number | string, noun: string): string {
  return `${count} ${noun}${String(count) === '1' ? '' : 's'}`
}
