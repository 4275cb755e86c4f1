import type { ColumnType } from '../table.ts'
import { type Column, columnsOf } from './stored-table.ts'

/** A table the destination keeps for itself beside those of the sources. */
export type OwnTable = {
  readonly name: string
  readonly columns: readonly Column[]
  /** What tells its rows apart: a table without these columns is somebody else's. */
  readonly told: readonly Column[]
}

/** Where each stream of each location stands. `state` is the text the run gave, to the letter. */
export const syncState = own('sync_state', ['source', 'location', 'stream', 'state'], {
  source: 'text',
  location: 'text',
  stream: 'text',
  state: 'text',
  updated_at: 'timestamp',
})

export const syncRun = own('sync_run', ['id', 'source'], {
  id: 'text',
  source: 'text',
  started_at: 'timestamp',
  ended_at: 'timestamp',
  outcome: 'text',
  started_by: 'text',
  configuration: 'json',
  figures: 'json',
})

/**
 * Records that could not be stored as rows. One that is seen again while open stays as it was first
 * seen; `run` and `seen_at` are of that moment. `resolved_at` is when its unit was stored after all.
 */
export const quarantine = own('quarantine', ['source', 'location', 'stream', 'table_name', 'id'], {
  source: 'text',
  location: 'text',
  stream: 'text',
  table_name: 'text',
  id: 'text',
  reason: 'text',
  payload: 'text',
  seen_at: 'timestamp',
  run: 'text',
  resolved_at: 'timestamp',
})

export const ownTables: readonly OwnTable[] = [syncState, syncRun, quarantine]

function own(
  name: string,
  told: readonly string[],
  types: Readonly<Record<string, ColumnType>>,
): OwnTable {
  const columns = columnsOf(types)
  return { name, columns, told: columns.filter((column) => told.includes(column.name)) }
}
