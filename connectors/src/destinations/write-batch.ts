import type { Batch, Quarantined, Removal, StreamState, Unit, Written } from '../destination.ts'
import type { Row, Value } from '../table.ts'
import { newestUnits } from './choose-units.ts'
import type { Connection } from './connection.ts'
import { quarantine, syncState } from './own-tables.ts'
import { keyOf, rowsToStore, stagedValues } from './rows-to-store.ts'
import {
  compareRoots,
  deleteStaged,
  forgetResolved,
  insertStaged,
  keepUnknown,
  markMissing,
  removeParts,
  removeRoots,
  resolveQuarantined,
} from './sql.ts'
import { type Column, columnsOf, type StoredTable } from './stored-table.ts'
import type { Tables } from './tables.ts'

/** Everything the steps of one batch have in common. */
type Writing = {
  readonly on: Connection
  readonly tables: Tables
  readonly source: string
  /** The id of the run that writes, where one was recorded. */
  readonly run: string | null
  /** The instant of writing. */
  readonly writtenAt: string
}

/** Writes a batch inside the transaction that the caller opened. */
export async function writeBatch(writing: Writing, batch: Batch): Promise<Written> {
  const written = { rows: 0, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 }
  const present: Unit[] = []
  for (const [root, units] of byTable(writing.tables, batch.units)) {
    const compared = await compare(writing, root, units)
    written.unitsOlder += units.length - compared.changed.length - compared.unchanged.length
    written.unitsUnchanged += compared.unchanged.length
    written.unitsWritten += compared.changed.length
    const changes = await writeUnits(writing, root, compared)
    written.rows += changes.rows
    written.removed += changes.removed
    present.push(...compared.changed, ...compared.unchanged)
  }
  for (const removal of batch.removals) written.removed += await remove(writing, removal)
  await saveStates(writing, batch.states)
  await resolve(writing, present)
  await keepQuarantined(writing, batch.quarantined)
  return { ...written, unitsOlder: written.unitsOlder + superseded(batch.units) }
}

/** How many units of a batch a newer one of the same batch stands for. */
function superseded(units: readonly Unit[]): number {
  return units.length - newestUnits(units).length
}

function byTable(tables: Tables, units: readonly Unit[]): Map<StoredTable, Unit[]> {
  const grouped = new Map<StoredTable, Unit[]>()
  for (const unit of newestUnits(units)) {
    const root = tables.root(unit.table)
    const group = grouped.get(root)
    if (group === undefined) grouped.set(root, [unit])
    else group.push(unit)
  }
  return grouped
}

type Compared = {
  readonly changed: readonly Unit[]
  readonly unchanged: readonly Unit[]
  /** Those of the changed that some version is stored of. */
  readonly replaced: readonly Unit[]
}

async function compare(
  { on }: Writing,
  root: StoredTable,
  units: readonly Unit[],
): Promise<Compared> {
  const lookup: readonly Column[] = [
    ...root.key,
    ...columnsOf({ position: 'integer', version: 'timestamp', hash: 'text', is_live: 'boolean' }),
  ]
  const staged = await on.stage({
    use: 'lookup',
    table: root.name,
    columns: lookup,
    rows: units.map((unit, position) => {
      const row = rootRow(root, unit)
      const key = root.key.map(({ name }) => row[name] ?? null)
      return [...key, position, unit.version, unit.hash, unit.deletedAt === null]
    }),
  })
  const standing = new Map<number, unknown>()
  for (const row of await on.read(compareRoots(on, root, staged))) {
    standing.set(Number(row.position), row.standing)
  }
  const changed = (at: number) => standing.get(at) === undefined || standing.get(at) === 'changed'
  return {
    changed: units.filter((_, at) => changed(at)),
    unchanged: units.filter((_, at) => standing.get(at) === 'unchanged'),
    replaced: units.filter((_, at) => standing.get(at) === 'changed'),
  }
}

/** The one row of the root table that a unit is about. */
function rootRow(root: StoredTable, unit: Unit): Row {
  const rows = unit.rows.get(root.name) ?? []
  const [row] = rows
  if (row === undefined || rows.length > 1) {
    throw new Error(`a unit of ${root.name} has one row of it, and this has ${rows.length}`)
  }
  keyOf(root, row)
  if (String(row[root.location.name]) !== unit.location) {
    throw new Error(`a unit of ${root.name} names another location than its row`)
  }
  return row
}

type Changes = { rows: number; removed: number }

async function writeUnits(
  writing: Writing,
  root: StoredTable,
  { changed, replaced }: Compared,
): Promise<Changes> {
  const { on, tables } = writing
  if (changed.length === 0) return { rows: 0, removed: 0 }
  requireFamily(tables, root, changed)
  const replacedRoots = replaced.length === 0 ? null : await stageReplaced(on, root, replaced)
  let { rows } = await mergeRows(writing, root, changed)
  let removed = 0
  for (const part of tables.partsOf(root)) {
    const merged = await mergeRows(writing, part, changed)
    rows += merged.rows
    if (replacedRoots === null) continue
    const sentence = markMissing(on, part, { replaced: replacedRoots, staged: merged.staged })
    removed += await on.run(sentence, [writing.writtenAt])
  }
  return { rows, removed }
}

async function mergeRows(
  { on, writtenAt }: Writing,
  table: StoredTable,
  units: readonly Unit[],
): Promise<{ rows: number; staged: string | null }> {
  const rows = rowsToStore(table, units)
  if (rows.length === 0) return { rows: 0, staged: null }
  const staged = await on.stage({
    use: 'rows',
    table: table.name,
    columns: table.staged,
    rows: valuesOf(table, rows),
  })
  return { rows: await on.merge(table, staged, writtenAt), staged }
}

function* valuesOf(
  table: StoredTable,
  rows: ReturnType<typeof rowsToStore>,
): Iterable<readonly Value[]> {
  for (const row of rows) yield stagedValues(table, row)
}

function stageReplaced(on: Connection, root: StoredTable, units: readonly Unit[]): Promise<string> {
  return on.stage({
    use: 'replaced',
    table: root.name,
    columns: columnsOf({ location: 'text', id: 'text', gone_at: 'timestamp' }),
    rows: units.map((unit) => [unit.location, unit.id, unit.deletedAt ?? unit.version]),
  })
}

function requireFamily(tables: Tables, root: StoredTable, units: readonly Unit[]): void {
  const family = new Set([root, ...tables.partsOf(root)].map(({ name }) => name))
  for (const unit of units) {
    for (const name of unit.rows.keys()) {
      if (!family.has(name)) throw new Error(`${name} is no part of ${root.name}`)
    }
  }
}

async function remove({ on, tables, writtenAt }: Writing, removal: Removal): Promise<number> {
  const root = tables.root(removal.table)
  const kept = await stageIds(on, root, removal.keep)
  const { sentence, values } = removeRoots(on, root, removal, kept)
  const gone = await on.read(sentence, [writtenAt, removal.readAt, ...values])
  if (gone.length === 0) return 0
  let removed = gone.length
  const ids = gone.map((row) => String(row.id))
  const staged = await stageIds(on, root, ids)
  for (const part of tables.partsOf(root)) {
    const bound = [writtenAt, removal.readAt, removal.location]
    removed += await on.run(removeParts(on, part, staged), bound)
  }
  return removed
}

function stageIds(on: Connection, root: StoredTable, ids: readonly string[]): Promise<string> {
  return on.stage({
    use: 'ids',
    table: root.name,
    columns: columnsOf({ id: 'text' }),
    rows: ids.map((id) => [id]),
  })
}

async function saveStates(
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

async function resolve({ on, source, writtenAt }: Writing, units: readonly Unit[]): Promise<void> {
  if (units.length === 0) return
  const open = `select 1 from ${on.name(quarantine)} where source = $1 and resolved_at is null limit 1`
  if ((await on.read(open, [source])).length === 0) return
  const staged = await on.stage({
    use: 'own',
    table: quarantine.name,
    columns: columnsOf({ table_name: 'text', location: 'text', id: 'text' }),
    rows: units.map((unit) => [unit.table, unit.location, unit.id]),
  })
  await on.run(resolveQuarantined(on, quarantine, staged), [writtenAt, source])
}

async function keepQuarantined(
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
