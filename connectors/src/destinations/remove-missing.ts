import type { Removal, Within } from '../destination.ts'
import { sortable } from './instant.ts'
import { boundName, findMissing, markMissing, removeRoots } from './sql.ts'
import { columnsOf, type StoredTable } from './stored-table.ts'
import type { Writing } from './writing.ts'

/**
 * Marks roots that full readings did not show, with their parts; how many rows that were. Readings
 * narrowed alike are looked at together: a restaurant has one for each of its days.
 */
export async function removeMissing(
  writing: Writing,
  removals: readonly Removal[],
): Promise<number> {
  let removed = 0
  for (const alike of Map.groupBy(removals, likeness).values()) {
    const [first] = alike
    if (first === undefined) continue
    removed += await removeAlike(writing, writing.tables.root(first.table), alike)
  }
  return removed
}

function likeness({ table, within }: Removal): string {
  return JSON.stringify([table, within.map((one) => [one.column, 'equals' in one])])
}

async function removeAlike(
  { on, tables, writtenAt }: Writing,
  root: StoredTable,
  removals: readonly Removal[],
): Promise<number> {
  const within = removals[0]?.within ?? []
  const bounds = within.flatMap(boundsOf).map((_, index) => [boundName(index), 'text'] as const)
  const scopes = await on.stage({
    use: 'scopes',
    table: root.name,
    columns: [
      ...columnsOf({ position: 'integer', location: 'text', read_at: 'timestamp' }),
      ...columnsOf(Object.fromEntries(bounds)),
    ],
    rows: removals.map((removal, position) => [
      position,
      removal.location,
      removal.readAt,
      ...removal.within.flatMap(boundsOf),
    ]),
  })
  const kept = await on.stage({
    use: 'ids',
    table: root.name,
    columns: columnsOf({ position: 'integer', id: 'text' }),
    rows: removals.flatMap(({ keep }, position) => keep.map((id) => [position, id] as const)),
  })
  const found = await on.read(findMissing(on, root, { within, scopes, kept }))
  if (found.length === 0) return 0
  const gone = await on.stage({
    use: 'replaced',
    table: root.name,
    columns: columnsOf({ location: 'text', id: 'text', gone_at: 'timestamp' }),
    rows: newestOfEach(found, removals),
  })
  let removed = await on.run(removeRoots(on, root, gone), [writtenAt])
  for (const part of tables.partsOf(root)) {
    removed += await on.run(markMissing(on, part, { replaced: gone, held: null }), [writtenAt])
  }
  return removed
}

function boundsOf(one: Within): string[] {
  return 'equals' in one ? [String(one.equals)] : [one.from, one.before]
}

/** A root that several readings did not show is gone since the last of them. */
function newestOfEach(
  found: readonly Record<string, unknown>[],
  removals: readonly Removal[],
): Iterable<readonly [location: string, id: string, goneAt: string]> {
  const newest = new Map<string, readonly [string, string, string]>()
  for (const { position, id } of found) {
    const removal = removals[Number(position)]
    if (removal === undefined) continue
    const { location, readAt } = removal
    const key = `${location}\0${id}`
    const other = newest.get(key)
    if (other !== undefined && sortable(other[2]) >= sortable(readAt)) continue
    newest.set(key, [location, String(id), readAt])
  }
  return newest.values()
}
