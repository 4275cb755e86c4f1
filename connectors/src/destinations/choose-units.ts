import type { Unit } from '../destination.ts'
import { sortable } from './instant.ts'

/** The newest of each unit; of equal versions the one that came last. In the order they came. */
export function newestUnits(units: readonly Unit[]): Unit[] {
  const newest = new Map<string, { unit: Unit; version: string }>()
  for (const unit of units) {
    const name = [unit.table, unit.location, unit.id].join('\0')
    const version = sortable(unit.version)
    const other = newest.get(name)
    if (other !== undefined && version < other.version) continue
    // Where it stands in the order counts for parts that two units claim.
    newest.delete(name)
    newest.set(name, { unit, version })
  }
  return [...newest.values()].map(({ unit }) => unit)
}
