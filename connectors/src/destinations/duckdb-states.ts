import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { SourceState, StoredStates } from '../destination.ts'
import { claimFile } from './duckdb-claim.ts'
import { duckdbReading, placeOf } from './duckdb-connection.ts'
import { syncState } from './own-tables.ts'
import { readAllStates } from './records.ts'

/** A round that has little to read is over by then. */
const waitMs = 5_000

/**
 * Reads while no sync has the file open, for which it waits a moment. What a killed sync left in
 * the log beside the file is read with it, and stays there for the next sync to write into the
 * file (seen with DuckDB 1.5.6, also where the log or a checkpoint is cut short).
 */
export const duckdbStates: StoredStates = async (target, { schema = 'main' }) => {
  const path = resolve(target)
  if (!existsSync(path)) return null
  const claim = await claimFile(path, 'reading')
  try {
    const instance = await claim.open(() => openReadOnly(path), waitMs)
    try {
      return await statesIn(instance, schema)
    } finally {
      instance.closeSync()
    }
  } finally {
    claim.release()
  }
}

function openReadOnly(path: string): Promise<DuckDBInstance> {
  return DuckDBInstance.create(path, {
    access_mode: 'READ_ONLY',
    threads: '1',
    // Without a folder for what does not fit into memory: nothing is to appear beside the file.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
}

async function statesIn(instance: DuckDBInstance, schema: string): Promise<SourceState[] | null> {
  const duckdb = await instance.connect()
  try {
    const on = duckdbReading(duckdb, await placeOf(duckdb, schema))
    const found = await on.read(
      `select lower(column_name) as name from duckdb_columns()
        where database_name = current_database()
          and lower(schema_name) = lower($1) and lower(table_name) = $2`,
      [schema, syncState.name],
    )
    const names = new Set(found.map(({ name }) => name))
    const isOurs = syncState.told.every(({ name }) => names.has(name))
    return isOurs ? await readAllStates(on) : null
  } finally {
    duckdb.closeSync()
  }
}
