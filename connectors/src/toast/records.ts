import type { Unit } from '../destination.ts'
import { compileShape, type MapRecord } from '../mapping/compile-shape.ts'
import { recordShapes } from './tables.ts'

export { personalColumns, toastTables } from './tables.ts'

/** A kind of record, named after its root table. */
export type ToastRecord = keyof typeof recordShapes

/** Where and when a record was read; `businessDate` (yyyymmdd) is the one cash was asked for under. */
export type ReadFrom = { restaurantId: string; fetchedAt: string; businessDate?: number }

const records = Object.fromEntries(
  Object.entries(recordShapes).map(([record, shape]) => [record, compileShape(shape)]),
) as Record<ToastRecord, MapRecord>

/**
 * One record of Toast's as the rows of all its tables.
 *
 * The version is `modifiedDate` where the record has one to be relied on (orders, time entries,
 * shifts, employees, jobs), otherwise the instant it was fetched. The hash is of the whole payload,
 * and of the business date it was asked for under where that is a column. `onUnknown` hears of each
 * member that no column takes, unknown or not of its type, once per function handed in; such members
 * are in `_extra`.
 *
 * Throws `Unstorable`, and nothing else, for a payload that cannot be stored as rows.
 */
export function unitOf(
  record: ToastRecord,
  payload: unknown,
  { restaurantId, ...at }: ReadFrom,
  onUnknown: (table: string, member: string) => void,
): Unit {
  return records[record](payload, { ...at, location: restaurantId }, onUnknown)
}
