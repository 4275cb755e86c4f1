import type { RunRecord, StreamState } from '../destination.ts'
import type { Connection } from './connection.ts'
import { syncRun, syncState } from './own-tables.ts'
import { deleteStaged, insertStaged } from './sql.ts'

/** What is stored of a source, by location and stream. */
export async function readStates(on: Connection, source: string): Promise<StreamState[]> {
  const rows = await on.read(
    `select location, stream, state from ${on.name(syncState)}
      where source = $1 order by location, stream`,
    [source],
  )
  return rows.map((row) => ({
    location: String(row.location),
    stream: String(row.stream),
    state: String(row.state),
  }))
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
