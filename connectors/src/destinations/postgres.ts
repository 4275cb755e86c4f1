import type pg from 'pg'
import type { Destination, OpenDestination } from '../destination.ts'
import type { Connection } from './connection.ts'
import { inTurn } from './in-turn.ts'
import { ownTables } from './own-tables.ts'
import { withPostgres } from './postgres-client.ts'
import { postgresConnection } from './postgres-connection.ts'
import { failureOf } from './postgres-failure.ts'
import { holdLock, requireLock } from './postgres-lock.ts'
import { refusalOf } from './postgres-refusal.ts'
import { countQuarantined } from './quarantined.ts'
import { readIds, readLocations, readStates, recordRun } from './records.ts'
import { nameBytesMax } from './schema-name.ts'
import { quoted } from './sql.ts'
import { type Standing, tableChanges, type Wanted } from './table-changes.ts'
import { Tables } from './tables.ts'
import { writeBatch } from './write-batch.ts'

/**
 * Opens a Postgres for one source; the schema, `public` unless named, is made where it is missing.
 * It holds one connection and, while that lasts, the right to write what this source has there.
 *
 * Throws `DestinationRefused`.
 */
export const openPostgres: OpenDestination = (target, options) => {
  const { source, schema = 'public', waitMs = 0 } = options
  const called = { name: `regulars sync ${source}`, schema, use: 'writing' } as const
  return withPostgres(target, called, async (client, where) => {
    await holdLock(client, { schema, source, where }, waitMs)
    const on = postgresConnection(client, { schema })
    await together(client, async () => {
      await makeSchema(client, schema)
      await makeTables(client, { on, schema }, ownTables)
    })
    return destination({ described: `${where}, schema ${schema}`, client, on, schema, source })
  })
}

type Opened = {
  described: string
  client: pg.Client
  on: Connection
  schema: string
  source: string
}

function destination({ described, client, on, schema, source }: Opened): Destination {
  const tables = new Tables()
  const inOrder = inTurn()
  const connection = watched(client)
  const turn = <T>(work: () => Promise<T>): Promise<T> =>
    inOrder(work).catch((error: unknown) => {
      throw failureOf(error, { where: described, lost: connection.lost() }) ?? error
    })
  let run: string | null = null
  /** A transaction of whoever holds the lock: a connection that lost it must not write. */
  const writing = <T>(work: () => Promise<T>): Promise<T> =>
    turn(() =>
      together(client, async () => {
        await requireLock(client, { schema, source, where: described })
        return work()
      }),
    )
  return {
    described,
    prepare: async (declared) => {
      const added = tables.add(declared)
      try {
        await writing(() => makeTables(client, { on, schema }, added))
      } catch (error) {
        throw refusalOf(error, { where: described, schema, use: 'writing' }) ?? error
      }
    },
    write: (batch) =>
      writing(() => {
        const writtenAt = new Date().toISOString()
        return writeBatch({ on, tables, source, run, writtenAt }, batch)
      }),
    states: () => turn(() => readStates(on, source)),
    idsWhere: (table, location, where) =>
      turn(() => readIds(on, tables.named(table), location, where)),
    locationsIn: (table) => turn(() => readLocations(on, tables.named(table))),
    quarantinedOpen: () => turn(() => countQuarantined(on, source)),
    recordRun: (record) =>
      writing(async () => {
        run = record.id
        await recordRun(on, source, record)
      }),
    close: () => turn(() => client.end()),
  }
}

/** What ended the connection, once it is ended. */
function watched(client: pg.Client): { lost(): Error | null } {
  let cause: Error | null = null
  client.on('error', (error) => {
    cause ??= error
  })
  client.on('end', () => {
    cause ??= new Error('it was ended')
  })
  return { lost: () => cause }
}

async function together<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    // Where the connection is gone, so is the transaction.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

// `create schema if not exists` asks for the right to make one even where it is there.
async function makeSchema(client: pg.Client, schema: string): Promise<void> {
  const found = await client.query('select 1 from pg_namespace where nspname = $1', [schema])
  if (found.rowCount === 0) await client.query(`create schema ${quoted(schema)}`)
}

type Place = { on: Connection; schema: string }

async function makeTables(
  client: pg.Client,
  { on, schema }: Place,
  wanted: readonly (Wanted & { root?: string | null })[],
): Promise<void> {
  // Two sources may prepare one schema at the same moment.
  await client.query(`select pg_advisory_xact_lock(hashtext('regulars prepares'), hashtext($1))`, [
    schema,
  ])
  const standing = await standingTables(client, schema)
  for (const table of wanted) {
    requireShortNames(table)
    const found = standing.get(table.name)
    for (const change of tableChanges(on, table, found)) await on.run(change)
    const [location] = table.key ?? []
    if (found !== undefined || !table.root || location === undefined) continue
    await on.run(`create index on ${on.name(table)} (${quoted(location.name)}, _root_id)`)
  }
}

// What is declared is ours: a longer name is a mistake.
function requireShortNames({ name, columns }: Wanted): void {
  for (const each of [name, ...columns.map((column) => column.name)]) {
    if (Buffer.byteLength(each) > nameBytesMax) throw new Error(`${each} is too long a name`)
  }
}

type StandingRow = {
  name: string
  is_table: boolean
  column: string | null
  type: string | null
  is_key: boolean
}

async function standingTables(client: pg.Client, schema: string): Promise<Map<string, Standing>> {
  const { rows } = await client.query<StandingRow>(
    `select relation.relname as name,
            relation.relkind in ('r', 'p') as is_table,
            attribute.attname as column,
            format_type(attribute.atttypid, attribute.atttypmod) as type,
            coalesce(attribute.attnum = any (key.conkey), false) as is_key
       from pg_class as relation
       join pg_namespace as namespace on namespace.oid = relation.relnamespace
       left join pg_attribute as attribute
         on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped
       left join pg_constraint as key on key.conrelid = relation.oid and key.contype = 'p'
      where namespace.nspname = $1 and relation.relkind in ('r', 'p', 'v', 'm', 'f')`,
    [schema],
  )
  const standing = new Map<
    string,
    { isTable: boolean; columns: Map<string, string>; key: string[] }
  >()
  for (const row of rows) {
    const table = standing.get(row.name) ?? {
      isTable: row.is_table,
      columns: new Map<string, string>(),
      key: [] as string[],
    }
    standing.set(row.name, table)
    if (row.column === null || row.type === null) continue
    table.columns.set(row.column, row.type)
    if (row.is_key) table.key.push(row.column)
  }
  return standing
}
