import { type ColumnType, standardColumns, type Table } from '../table.ts'

export type Column = { readonly name: string; readonly type: ColumnType }

/** A declared table as a destination keeps it. */
export type StoredTable = {
  readonly name: string
  /** Every column it has, the standard ones last. */
  readonly columns: readonly Column[]
  /** Those that come with a row; the others follow from the moment of writing. */
  readonly staged: readonly Column[]
  readonly key: readonly Column[]
  /** The key's first column. */
  readonly location: Column
  /**
   * What a root row's id is made of: the key without the location, or the whole key where it is
   * one column. Several are joined by `/`.
   */
  readonly id: readonly Column[]
  readonly root: string | null
}

const computed: ReadonlySet<string> = new Set([
  '_synced_at',
  '_fivetran_synced',
  '_fivetran_deleted',
])

/** Throws for a declaration that contradicts itself: that is a mistake of ours. */
export function storedTable(table: Table): StoredTable {
  const columns = columnsOf({ ...table.columns, ...standardColumns })
  const key = table.key.map((name) => {
    const column = columns.find((candidate) => candidate.name === name)
    if (column === undefined) throw new Error(`${table.name} has no key column ${name}`)
    return column
  })
  const [location] = key
  if (location === undefined) throw new Error(`${table.name} has no key`)
  return {
    name: table.name,
    columns,
    staged: columns.filter((column) => !computed.has(column.name)),
    key,
    location,
    id: key.length === 1 ? key : key.slice(1),
    root: table.root,
  }
}

/** Columns as a list, in the order they were named. */
export function columnsOf(types: Readonly<Record<string, ColumnType>>): Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }))
}
