export type TruthValue = string | number | boolean | null

/** One row that a complete warehouse holds. */
export type TruthRow = { table: string; row: Record<string, TruthValue> }

/** A row from its table and values. */
export function rowOf(table: string, row: Record<string, TruthValue>): TruthRow {
  return { table, row }
}
