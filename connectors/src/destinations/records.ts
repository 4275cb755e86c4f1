import type { RunRecord, SourceState, StreamState } from '../destination.ts'
import type { Connection, Reading } from './connection.ts'
import { syncRun, syncState } from './own-tables.ts'
import { castTo, deleteStaged, insertStaged, quoted } from './sql.ts'
import type { StoredTable } from './stored-table.ts'
import type { Writing } from './writing.ts'

/** What is stored of a source, by location and stream. */
export async function readStates(on: Reading, source: string): Promise<StreamState[]> {
  const rows = await on.read(
    `select location, stream, state from ${on.name(syncState)}
      where source = $1 order by location, stream`,
    [source],
  )
  return rows.map(stateIn)
}

/** The same of all sources. */
export async function readAllStates(on: Reading): Promise<SourceState[]> {
  const rows = await on.read(
    `select source, location, stream, state from ${on.name(syncState)}
      order by source, location, stream`,
  )
  return rows.map((row) => ({ source: String(row.source), ...stateIn(row) }))
}

function stateIn(row: Record<string, unknown>): StreamState {
  return {
    location: String(row.location),
    stream: String(row.stream),
    state: String(row.state),
  }
}

/** The ids of a location's rows that are there, not deleted, where a column has a value. */
export async function readIds(
  on: Connection,
  table: StoredTable,
  location: string,
  where?: { column: string; equals: string | number },
): Promise<string[]> {
  const narrowing = table.columns.find(({ name }) => name === where?.column)
  if (where !== undefined && narrowing === undefined) {
    throw new Error(`${table.name} has no column ${where.column}`)
  }
  const condition =
    narrowing === undefined
      ? ''
      : `and stored.${quoted(narrowing.name)} = ${castTo(on, narrowing, '$2')}`
  const rows = await on.read(
    `select id from ${on.name(table)} as stored
      where stored.${quoted(table.location.name)} = ${castTo(on, table.location, '$1')}
        and stored._deleted_at is null ${condition}`,
    where === undefined ? [location] : [location, String(where.equals)],
  )
  return rows.map(({ id }) => String(id))
}

/** The locations of a table's rows that are there, not deleted. */
export async function readLocations(on: Connection, table: StoredTable): Promise<string[]> {
  const rows = await on.read(
    `select distinct cast(${quoted(table.location.name)} as text) as location
       from ${on.name(table)} where _deleted_at is null`,
    [],
  )
  return rows.map(({ location }) => String(location))
}

/** Stores where streams stand; of one stream the last that was given. */
export async function saveStates(
  { on, source, writtenAt }: Writing,
  states: readonly StreamState[],
): Promise<void> {
  if (states.length === 0) return
  const last = new Map(states.map((state) => [`${state.location}\0${state.stream}`, state]))
  const staged = await on.stage({
    use: 'own',
    table: syncState.name,
    columns: syncState.columns,
    rows: [...last.values()].map(({ location, stream, state }) => [
      source,
      location,
      stream,
      state,
      writtenAt,
    ]),
  })
  await on.run(deleteStaged(on, syncState, staged, ['source', 'location', 'stream']))
  await on.run(insertStaged(on, syncState, staged))
}

/** Writes a run's record over what was recorded of the same run. */
export async function recordRun(on: Connection, source: string, record: RunRecord): Promise<void> {
  const { id, startedAt, endedAt, outcome, startedBy, configuration, figures } = record
  const staged = await on.stage({
    use: 'own',
    table: syncRun.name,
    columns: syncRun.columns,
    rows: [[id, source, startedAt, endedAt, outcome, startedBy, configuration, figures]],
  })
  await on.run(deleteStaged(on, syncRun, staged, ['id']))
  await on.run(insertStaged(on, syncRun, staged))
}
