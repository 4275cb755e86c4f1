import type { Quarantined, Unit } from '../destination.ts'
import type { Connection } from './connection.ts'
import { quarantine } from './own-tables.ts'
import { forgetResolved, keepUnknown, resolveUnits } from './sql.ts'
import { columnsOf } from './stored-table.ts'
import type { Writing } from './writing.ts'

/** How many records of a source are kept whose unit has not been stored since. */
export async function countQuarantined(on: Connection, source: string): Promise<number> {
  const [row] = await on.read(
    `select count(*) as count from ${on.name(quarantine)} where source = $1 and resolved_at is null`,
    [source],
  )
  return Number(row?.count)
}

/** Marks open records of units that are stored now as resolved. */
export async function resolveQuarantined(
  { on, source, writtenAt }: Writing,
  units: readonly Unit[],
): Promise<void> {
  if (units.length === 0) return
  const open = `select 1 from ${on.name(quarantine)} where source = $1 and resolved_at is null limit 1`
  if ((await on.read(open, [source])).length === 0) return
  const staged = await on.stage({
    use: 'own',
    table: quarantine.name,
    columns: columnsOf({ table_name: 'text', location: 'text', id: 'text' }),
    rows: units.map((unit) => [unit.table, unit.location, unit.id]),
  })
  await on.run(resolveUnits(on, quarantine, staged), [writtenAt, source])
}

/** Keeps records with their reason, each once while it is open. */
export async function keepQuarantined(
  { on, source, run, writtenAt }: Writing,
  records: readonly Quarantined[],
): Promise<void> {
  if (records.length === 0) return
  const staged = await on.stage({
    use: 'own',
    table: quarantine.name,
    columns: quarantine.columns,
    rows: firstOfEach(records).map((record) => [
      source,
      record.location,
      record.stream,
      record.table,
      record.id,
      record.reason,
      record.payload,
      writtenAt,
      run,
      null,
    ]),
  })
  await on.run(forgetResolved(on, quarantine, staged))
  await on.run(keepUnknown(on, quarantine, staged))
}

function firstOfEach(records: readonly Quarantined[]): Quarantined[] {
  const first = new Map<string, Quarantined>()
  for (const record of records) {
    const { location, stream, table, id, reason, payload } = record
    const name = JSON.stringify([location, stream, table, reason, id, id === null ? payload : null])
    if (!first.has(name)) first.set(name, record)
  }
  return [...first.values()]
}
