import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Destination, OpenDestination } from '../destination.ts'
import type { Connection } from './connection.ts'
import { claimFile } from './duckdb-claim.ts'
import { duckdbConnection, placeOf } from './duckdb-connection.ts'
import { failureOf } from './duckdb-failure.ts'
import { inTurn } from './in-turn.ts'
import { ownTables } from './own-tables.ts'
import { countQuarantined } from './quarantined.ts'
import { readIds, readLocations, readStates, recordRun } from './records.ts'
import { type Standing, tableChanges, type Wanted } from './table-changes.ts'
import { Tables } from './tables.ts'
import { writeBatch } from './write-batch.ts'

/** What DuckDB may hold of tables, joins and what it sorts; more goes to its temporary folder. */
const memoryLimit = '192MB'

/**
 * Beside the thread that reads and maps. A batch is too small to share out: with two, measured on
 * two cores, the same rows took a third more processor time and were there later.
 */
const threads = 1

/** How far the log beside the file grows before it is written into the file. */
const checkpointThreshold = '64MB'

/** What is freed goes back to the system in pieces of this size, and not of the 128 MB it waits for. */
const flushThreshold = '32MB'

/**
 * Opens a DuckDB file, or makes it. Its folder must be there. `schema` is `main` unless named.
 *
 * Throws `DestinationRefused` for a file that another process has open, that is no database, or
 * that cannot be written.
 */
export const openDuckdb: OpenDestination = async (target, options) => {
  const { source, schema = 'main', waitMs = 0 } = options
  const path = resolve(target)
  const claim = await claimFile(path, 'writing')
  try {
    const stageFolder = `${path}.staging`
    const create = () =>
      DuckDBInstance.create(path, {
        memory_limit: memoryLimit,
        threads: String(threads),
        temp_directory: `${path}.tmp`,
        checkpoint_threshold: checkpointThreshold,
        allocator_flush_threshold: flushThreshold,
        allocator_bulk_deallocation_flush_threshold: flushThreshold,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      })
    const instance = await claim.open(create, waitMs)
    // Only the process that holds the file comes this far: what is there a killed one left.
    await rm(stageFolder, { recursive: true, force: true })
    await mkdir(stageFolder, { mode: 0o700 })
    const duckdb = await instance.connect()
    const place = await placeOf(duckdb, schema)
    const on = duckdbConnection(duckdb, { place, stageFile: join(stageFolder, 'rows.csv') })
    await on.run(`set TimeZone = 'UTC'`)
    await on.run(`create schema if not exists ${place}`)
    await prepareTables(duckdb, { on, schema }, ownTables)
    return destination({
      described: `DuckDB file ${path} (memory limit ${memoryLimit})`,
      duckdb,
      on,
      schema,
      source,
      close: async () => {
        // Here and not in closing, which would hold up everything else. What cannot be written into
        // the file now stays in the log beside it, and is when it is opened again.
        await on.run('checkpoint').catch(() => undefined)
        duckdb.closeSync()
        instance.closeSync()
        await rm(stageFolder, { recursive: true, force: true })
        claim.release()
      },
    })
  } catch (error) {
    claim.release()
    throw error
  }
}

type Opened = {
  described: string
  duckdb: DuckDBConnection
  on: Connection
  schema: string
  source: string
  close: () => Promise<void>
}

function destination({ described, duckdb, on, schema, source, close }: Opened): Destination {
  const tables = new Tables()
  const inOrder = inTurn()
  const turn = <T>(work: () => Promise<T>): Promise<T> =>
    inOrder(work).catch((error: unknown) => {
      throw failureOf(error, described) ?? error
    })
  let run: string | null = null
  return {
    described,
    prepare: (declared) => turn(() => prepareTables(duckdb, { on, schema }, tables.add(declared))),
    write: (batch) =>
      turn(() => {
        const writing = { on, tables, source, run, writtenAt: new Date().toISOString() }
        return together(duckdb, () => writeBatch(writing, batch))
      }),
    states: () => turn(() => readStates(on, source)),
    idsWhere: (table, location, where) =>
      turn(() => readIds(on, tables.named(table), location, where)),
    locationsIn: (table) => turn(() => readLocations(on, tables.named(table))),
    quarantinedOpen: () => turn(() => countQuarantined(on, source)),
    recordRun: (record) =>
      turn(async () => {
        run = record.id
        await together(duckdb, () => recordRun(on, source, record))
      }),
    close: () => turn(close),
  }
}

/** One transaction: what `work` writes stands as a whole or not at all. */
async function together<T>(duckdb: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await duckdb.run('begin transaction')
  try {
    const result = await work()
    await duckdb.run('commit')
    return result
  } catch (error) {
    // A commit that failed has ended the transaction itself.
    await duckdb.run('rollback').catch(() => undefined)
    throw error
  }
}

type Place = { on: Connection; schema: string }

function prepareTables(
  duckdb: DuckDBConnection,
  { on, schema }: Place,
  wanted: readonly Wanted[],
): Promise<void> {
  return together(duckdb, async () => {
    const standing = await standingTables(on, schema)
    for (const table of wanted) {
      for (const change of tableChanges(on, table, standing.get(table.name.toLowerCase()))) {
        await on.run(change)
      }
    }
  })
}

/** What is in the schema, by name; DuckDB's names are the same in upper and lower case. */
async function standingTables(on: Connection, schema: string): Promise<Map<string, Standing>> {
  const rows = await on.read(
    `select lower(columns.table_name) as name, lower(column_name) as column, data_type as type,
            views.view_name is null as is_table
       from duckdb_columns() as columns
       left join duckdb_views() as views
         on views.view_oid = columns.table_oid and views.database_oid = columns.database_oid
      where columns.database_name = current_database() and lower(columns.schema_name) = lower($1)`,
    [schema],
  )
  const standing = new Map<string, Standing & { columns: Map<string, string> }>()
  for (const row of rows) {
    const name = String(row.name)
    const table = standing.get(name) ?? {
      isTable: row.is_table === true,
      columns: new Map<string, string>(),
      key: null,
    }
    standing.set(name, table)
    table.columns.set(String(row.column), String(row.type))
  }
  return standing
}
