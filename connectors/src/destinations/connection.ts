import type { ColumnType, Value } from '../table.ts'
import type { Column, StoredTable } from './stored-table.ts'

/**
 * What the sentences in sql.ts need of a database. Calls come one after the other.
 *
 * Values are bound as `$1`, `$2` … and are text or null; the sentence casts them.
 */
export type Connection = {
  readonly types: Readonly<Record<ColumnType, string>>
  /** Whether tables are made with a primary key. */
  readonly keepsKeys: boolean
  /** The table's name, quoted and with its schema. */
  name(table: { readonly name: string }): string
  /** How many rows it changed. */
  run(sentence: string, values?: readonly (string | null)[]): Promise<number>
  read(sentence: string, values?: readonly (string | null)[]): Promise<Record<string, unknown>[]>
  /** Fills a temporary table of these columns, which holds until the next one for the same use. */
  stage(staging: Staging): Promise<string>
  /** Writes the staged rows over older ones of the same key; how many it wrote. */
  merge(table: StoredTable, staged: string, writtenAt: string): Promise<number>
}

export type Staging = {
  readonly use: 'rows' | 'lookup' | 'replaced' | 'scopes' | 'ids' | 'own'
  /** For messages: the table the values are for. */
  readonly table: string
  readonly columns: readonly Column[]
  readonly rows: Iterable<readonly Value[]>
}
