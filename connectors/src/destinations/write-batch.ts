import type { Batch, Unit, Written } from '../destination.ts'
import type { Row, Value } from '../table.ts'
import { newestUnits } from './choose-units.ts'
import type { Connection } from './connection.ts'
import { keepQuarantined, resolveQuarantined } from './quarantined.ts'
import { saveStates } from './records.ts'
import { removeMissing } from './remove-missing.ts'
import { keyOf, rowsToStore, stagedValues } from './rows-to-store.ts'
import { compareRoots, markMissing } from './sql.ts'
import { type Column, columnsOf, type StoredTable } from './stored-table.ts'
import type { Tables } from './tables.ts'
import type { Writing } from './writing.ts'

/** Writes a batch inside the transaction that the caller opened. */
export async function writeBatch(writing: Writing, batch: Batch): Promise<Written> {
  const newest = newestUnits(batch.units)
  const written = {
    rows: 0,
    removed: 0,
    unitsWritten: 0,
    unitsUnchanged: 0,
    unitsOlder: batch.units.length - newest.length,
  }
  const present: Unit[] = []
  for (const [root, units] of byTable(writing.tables, newest)) {
    const compared = await compare(writing, root, units)
    written.unitsOlder += units.length - compared.changed.length - compared.unchanged.length
    written.unitsUnchanged += compared.unchanged.length
    written.unitsWritten += compared.changed.length
    const changes = await writeUnits(writing, root, compared)
    written.rows += changes.rows
    written.removed += changes.removed
    present.push(...compared.changed, ...compared.unchanged)
  }
  written.removed += await removeMissing(writing, batch.removals)
  await saveStates(writing, batch.states)
  await resolveQuarantined(writing, present)
  await keepQuarantined(writing, batch.quarantined)
  return written
}

function byTable(tables: Tables, units: readonly Unit[]): Map<StoredTable, Unit[]> {
  const grouped = new Map<StoredTable, Unit[]>()
  for (const unit of units) {
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
    // Beside a root's own key, which may have columns of any plain name.
    ...columnsOf({
      _unit_position: 'integer',
      _unit_version: 'timestamp',
      _unit_hash: 'text',
      _unit_is_live: 'boolean',
    }),
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
    standing.set(Number(row._unit_position), row.standing)
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
    const sentence = markMissing(on, part, { replaced: replacedRoots, held: merged.held })
    removed += await on.run(sentence, [writing.writtenAt])
  }
  return { rows, removed }
}

async function mergeRows(
  { on, writtenAt }: Writing,
  table: StoredTable,
  units: readonly Unit[],
): Promise<{ rows: number; held: string | null }> {
  const rows = rowsToStore(table, units)
  if (rows.length === 0) return { rows: 0, held: null }
  return await on.merge(table, valuesOf(table, rows), writtenAt)
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
