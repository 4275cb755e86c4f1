import { Fault } from '@regulars/contract/values/assert'
import pg from 'pg'

/** A table with the columns that can be written, in their order. */
export type UserTable = { readonly name: string; readonly columns: readonly string[] }

/** A sequence and where it stands. `lastValue` is text: it may be beyond 2^53. */
export type UserSequence = {
  readonly sequence: string
  readonly lastValue: string
  readonly isCalled: boolean
}

/**
 * Every table of the current schema, each after the tables it refers to. The migrations' own record
 * is left out: migrating writes it. So are numbers of transactions, which mean nothing elsewhere: a
 * restored row is of the transaction that restored it.
 */
export async function findTables(client: pg.ClientBase): Promise<UserTable[]> {
  const found = await client.query<UserTable & { refersTo: string[] }>(
    `select c.relname::text as name,
            array(select a.attname::text
                    from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0
                     and not a.attisdropped and a.attgenerated = ''
                     and a.atttypid <> 'xid8'::regtype
                   order by a.attnum) as columns,
            array(select r.relname::text
                    from pg_constraint k join pg_class r on r.oid = k.confrelid
                   where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid
                 ) as "refersTo"
       from pg_class c
      where c.relnamespace = current_schema()::regnamespace
        and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> 'schema_migrations'
      order by c.relname`,
  )
  const ordered: UserTable[] = []
  const waiting = new Map(found.rows.map((table) => [table.name, table]))
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(
      ({ refersTo }) => !refersTo.some((name) => waiting.has(name)),
    )
    if (ready.length === 0) {
      throw new Fault('tables that refer to each other in a circle have no order to restore in', {
        tables: [...waiting.keys()],
      })
    }
    for (const { name, columns } of ready) {
      waiting.delete(name)
      ordered.push({ name, columns })
    }
  }
  return ordered
}

/** Every sequence of the current schema. Reading one is outside any snapshot. */
export async function findSequences(client: pg.ClientBase): Promise<UserSequence[]> {
  const found = await client.query<{ name: string }>(
    `select sequencename::text as name from pg_sequences
      where schemaname = current_schema() order by sequencename`,
  )
  const sequences: UserSequence[] = []
  for (const { name } of found.rows) {
    const { rows } = await client.query<UserSequence>(
      `select $1::text as sequence, last_value::text as "lastValue", is_called as "isCalled"
         from ${pg.escapeIdentifier(name)}`,
      [name],
    )
    sequences.push(...rows)
  }
  return sequences
}

/** The schema as of this transaction's snapshot; 0 before the first migration. */
export async function findSchemaVersion(client: pg.ClientBase): Promise<number> {
  const table = await client.query(`select from pg_tables
    where schemaname = current_schema() and tablename = 'schema_migrations'`)
  if (table.rowCount === 0) return 0
  const { rows } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0)::int as version from schema_migrations',
  )
  return rows[0]?.version ?? 0
}

/** Makes values read and write as text the same way on every server and in every time zone. */
export async function settleTextForms(client: pg.ClientBase): Promise<void> {
  await client.query(
    "set datestyle = 'ISO'; set timezone = 'UTC'; set intervalstyle = 'iso_8601'; " +
      "set bytea_output = 'hex'; set extra_float_digits = 1",
  )
}

/** `table (column, …)`, quoted, as COPY takes it. */
export function copyTarget(table: UserTable): string {
  return `${pg.escapeIdentifier(table.name)} (${table.columns.map(pg.escapeIdentifier).join(', ')})`
}
