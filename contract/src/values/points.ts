import { assert } from './assert.ts'

/** Whole loyalty points. */
export type Points = number & { readonly unit: 'points' }

export function points(value: number): Points {
  assert(Number.isSafeInteger(value), 'points are whole', { value })
  return (value + 0) as Points
}
