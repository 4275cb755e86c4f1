/**
 * What a column holds. Every column of every table is declared.
 *
 * | type | given as | DuckDB | Postgres |
 * |---|---|---|---|
 * | text | string | VARCHAR | text |
 * | boolean | boolean | BOOLEAN | boolean |
 * | integer | whole number within 2^53 | BIGINT | bigint |
 * | money | decimal text, 4 decimals at most | DECIMAL(18,4) | numeric(18,4) |
 * | number | decimal text, 12 decimals at most | DECIMAL(28,12) | numeric(28,12) |
 * | double | number | DOUBLE | double precision |
 * | timestamp | ISO 8601 in UTC: `2026-11-20T21:09:58.000Z` | TIMESTAMPTZ | timestamptz |
 * | date | `2026-11-20` | DATE | date |
 * | json | JSON text | JSON | jsonb |
 */
export type ColumnType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'money'
  | 'number'
  | 'double'
  | 'timestamp'
  | 'date'
  | 'json'

/** One value of a row, in the form its column's type asks for. */
export type Value = string | number | boolean | null

/** Column name to value; a column that is left out is null. */
export type Row = Readonly<Record<string, Value>>

/**
 * One table as a source declares it. A table with a `root` holds parts of that table's rows, which
 * are replaced together with them.
 */
export type Table = {
  readonly name: string
  /** In the order they are made; without the standard columns. */
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Never null in any row; the first column names the location or the business. */
  readonly key: readonly string[]
  /** The table whose rows these are parts of. */
  readonly root: string | null
  /** What columns are read from, as `_extra` names it where a value could not be taken. */
  readonly sentAs?: Readonly<Record<string, readonly string[]>>
}

/**
 * The columns every table has besides its own.
 *
 * `_root_id` is the id of the row the parts belong to (null in root tables), `_version` the instant
 * its content is of, `_source_hash` (root tables) what the content came to. `_synced_at` is when
 * the row was last written, `_deleted_at` when it was seen to be gone, and the two `_fivetran_`
 * columns say the same the way the example connectors do. `_extra` keeps members nobody declared.
 */
export const standardColumns = {
  _extra: 'json',
  _root_id: 'text',
  _version: 'timestamp',
  _source_hash: 'text',
  _synced_at: 'timestamp',
  _deleted_at: 'timestamp',
  _fivetran_synced: 'timestamp',
  _fivetran_deleted: 'boolean',
} as const satisfies Record<string, ColumnType>
