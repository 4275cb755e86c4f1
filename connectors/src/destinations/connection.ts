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
  /** Writes rows of a table's `staged` columns over older ones of the same key. */
  merge(table: StoredTable, rows: Iterable<readonly Value[]>, writtenAt: string): Promise<Merged>
}

export type Merged = {
  /** How many rows it wrote. */
  readonly rows: number
  /** A temporary table with key and `_root_id` of what was given, which holds until the next merge. */
  readonly held: string
}

/** What a destination is opened for. */
export type Use = 'reading' | 'writing'

/** As much of a database as is read without changing anything. */
export type Reading = Pick<Connection, 'name' | 'read'>

export type Staging = {
  readonly use: 'lookup' | 'replaced' | 'scopes' | 'ids' | 'own' | 'merge'
  /** For messages: the table the values are for. */
  readonly table: string
  readonly columns: readonly Column[]
  readonly rows: Iterable<readonly Value[]>
}
