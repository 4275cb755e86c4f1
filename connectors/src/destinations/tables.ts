import type { Table } from '../table.ts'
import { ownTables } from './own-tables.ts'
import { type StoredTable, storedTable } from './stored-table.ts'

/** The tables a destination was prepared for. */
export class Tables {
  readonly #tables = new Map<string, StoredTable>()
  readonly #parts = new Map<string, StoredTable[]>()

  /** A table that was known before is replaced. Throws for the name of one of our own. */
  add(tables: readonly Table[]): StoredTable[] {
    const added = tables.map(storedTable)
    const own = added.find(({ name }) => ownTables.some((table) => table.name === name))
    if (own !== undefined) throw new Error(`${own.name} is the destination's own table`)
    for (const table of added) this.#tables.set(table.name, table)
    this.#parts.clear()
    for (const table of this.#tables.values()) {
      if (table.root === null) continue
      const parts = this.#parts.get(table.root)
      if (parts === undefined) this.#parts.set(table.root, [table])
      else parts.push(table)
    }
    return added
  }

  /** Throws for a table that is not prepared. */
  named(name: string): StoredTable {
    const table = this.#tables.get(name)
    if (table === undefined) throw new Error(`the destination was not prepared for ${name}`)
    return table
  }

  /** Throws for a table that is not prepared or is itself a part. */
  root(name: string): StoredTable {
    const table = this.named(name)
    if (table.root !== null) throw new Error(`${name} holds parts of ${table.root}, not units`)
    return table
  }

  partsOf(root: StoredTable): readonly StoredTable[] {
    return this.#parts.get(root.name) ?? []
  }
}
