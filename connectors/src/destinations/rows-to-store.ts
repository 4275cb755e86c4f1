import type { Unit } from '../destination.ts'
import { type Row, standardColumns, type Value } from '../table.ts'
import { sortable } from './instant.ts'
import type { StoredTable } from './stored-table.ts'

/** A row with what its unit says of it. */
export type RowToStore = { readonly row: Row; readonly unit: Unit }

/**
 * The rows that units hold of one table, one for each key: of rows that two units claim, that of
 * the newer unit, and of equal versions the one that came last.
 */
export function rowsToStore(table: StoredTable, units: readonly Unit[]): RowToStore[] {
  const known = new Set(table.columns.map((column) => column.name))
  const rows = new Map<string, RowToStore>()
  for (const unit of units) {
    for (const row of unit.rows.get(table.name) ?? []) {
      requireKnown(table, known, row)
      const key = keyOf(table, row)
      const other = rows.get(key)
      if (other === undefined || isAtLeast(unit, other.unit)) rows.set(key, { row, unit })
    }
  }
  return [...rows.values()]
}

/** A row's key as text, unlike that of any other row of the table. Throws where a part is null. */
export function keyOf(table: StoredTable, row: Row): string {
  let key = ''
  for (const { name } of table.key) {
    const value = row[name]
    if (value === null || value === undefined) {
      throw new Error(`${table.name}.${name} is part of the key and was null`)
    }
    key += `${value}\0`
  }
  return key
}

/** The values of `table.staged`, in that order. */
export function stagedValues(table: StoredTable, { row, unit }: RowToStore): Value[] {
  const isRoot = table.root === null
  return table.staged.map(({ name }) => {
    switch (name) {
      case '_root_id':
        return isRoot ? null : unit.id
      case '_version':
        return unit.version
      case '_source_hash':
        return isRoot ? unit.hash : null
      case '_deleted_at':
        return unit.deletedAt ?? row[name] ?? null
      default:
        return row[name] ?? null
    }
  })
}

function isAtLeast(unit: Unit, other: Unit): boolean {
  return unit === other || sortable(unit.version) >= sortable(other.version)
}

const givenByRows: ReadonlySet<string> = new Set(['_extra', '_deleted_at'])

// A value nobody has a column for would be lost without a word.
function requireKnown(table: StoredTable, known: ReadonlySet<string>, row: Row): void {
  for (const name of Object.keys(row)) {
    if (known.has(name) && (!(name in standardColumns) || givenByRows.has(name))) continue
    throw new Error(`${table.name} has no column ${name} for a row to fill`)
  }
}
