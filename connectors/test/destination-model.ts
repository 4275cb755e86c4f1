import type { Batch, Removal, Unit, Within, Written } from '../src/destination.ts'
import type { Row, Table } from '../src/table.ts'

type Kept = Record<string, unknown>
type Open = { location: string; table_name: string; id: string | null; payload: string }

const time = (instant: unknown): number => Date.parse(String(instant))

/** What a destination holds after a batch, worked out one row at a time. */
export class DestinationModel {
  readonly rows: Map<string, Map<string, Kept>>
  readonly states = new Map<string, string>()
  readonly quarantined = new Map<string, Open & { resolved_at: boolean }>()
  readonly #tables: readonly Table[]

  constructor(tables: readonly Table[]) {
    this.#tables = tables
    this.rows = new Map(tables.map(({ name }) => [name, new Map()]))
  }

  write(batch: Batch): Written {
    const said = { rows: 0, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 }
    const present: Unit[] = []
    const changed: { unit: Unit; isNew: boolean }[] = []
    for (const [position, unit] of batch.units.entries()) {
      const root = this.#root(unit)
      const rivals = batch.units.slice(position + 1).filter((other) => isSameUnit(unit, other))
      const earlier = batch.units.slice(0, position).filter((other) => isSameUnit(unit, other))
      const isNewest =
        rivals.every((other) => time(other.version) < time(unit.version)) &&
        earlier.every((other) => time(other.version) <= time(unit.version))
      if (!isNewest || (root && time(root._version) > time(unit.version))) {
        said.unitsOlder += 1
        continue
      }
      present.push(unit)
      if (root?._source_hash === unit.hash && !root._deleted_at === !unit.deletedAt) {
        said.unitsUnchanged += 1
      } else {
        said.unitsWritten += 1
        changed.push({ unit, isNew: root === undefined })
      }
    }
    // The newest last, so that it wins a part that two units claim.
    const inOrder = [...changed].sort((a, b) => time(a.unit.version) - time(b.unit.version))
    const touched = new Set<string>()
    for (const { unit } of inOrder) this.#put(unit, touched)
    said.rows = touched.size
    for (const { unit, isNew } of changed) if (!isNew) said.removed += this.#markMissing(unit)
    for (const removal of batch.removals) said.removed += this.#remove(removal)
    for (const { location, stream, state } of batch.states) {
      this.states.set(`${location} ${stream}`, state)
    }
    this.#quarantine(batch, present)
    return said
  }

  #put(unit: Unit, touched: Set<string>): void {
    for (const [name, rows] of unit.rows) {
      for (const row of rows) {
        const table = this.#table(name)
        const kept = this.rows.get(name)?.get(keyOf(table, row))
        if (kept && time(kept._version) > time(unit.version)) continue
        touched.add(`${name} ${keyOf(table, row)}`)
        this.rows.get(name)?.set(keyOf(table, row), {
          ...Object.fromEntries(Object.keys(table.columns).map((column) => [column, null])),
          _extra: null,
          ...row,
          _root_id: table.root === null ? null : unit.id,
          _version: new Date(unit.version).toISOString(),
          _source_hash: table.root === null ? unit.hash : null,
          _deleted_at: unit.deletedAt ?? row._deleted_at ?? null,
        })
      }
    }
  }

  #markMissing(unit: Unit): number {
    let marked = 0
    for (const part of this.#parts(unit.table)) {
      const held = new Set((unit.rows.get(part.name) ?? []).map((row) => keyOf(part, row)))
      for (const [key, row] of this.rows.get(part.name) ?? []) {
        if (row._root_id !== unit.id || row[part.key[0]!] !== unit.location) continue
        if (row._deleted_at || held.has(key)) continue
        row._deleted_at = unit.deletedAt ?? new Date(unit.version).toISOString()
        marked += 1
      }
    }
    return marked
  }

  #remove(removal: Removal): number {
    let marked = 0
    const root = this.#table(removal.table)
    for (const row of this.rows.get(root.name)?.values() ?? []) {
      const id = String(row[root.key.at(-1)!])
      if (row[root.key[0]!] !== removal.location || removal.keep.includes(id)) continue
      if (row._deleted_at || time(row._version) > time(removal.readAt)) continue
      if (!removal.within.every((within) => isWithin(row, within))) continue
      row._deleted_at = removal.readAt
      marked += 1
      for (const part of this.#parts(root.name)) {
        for (const each of this.rows.get(part.name)?.values() ?? []) {
          if (each._root_id !== id || each[part.key[0]!] !== removal.location) continue
          if (each._deleted_at) continue
          each._deleted_at = removal.readAt
          marked += 1
        }
      }
    }
    return marked
  }

  #quarantine(batch: Batch, present: readonly Unit[]): void {
    for (const kept of this.quarantined.values()) {
      if (
        present.some((unit) =>
          isSameUnit(unit, { ...kept, table: kept.table_name, id: kept.id ?? '' }),
        )
      ) {
        kept.resolved_at = true
      }
    }
    for (const each of batch.quarantined) {
      const named = each.id === null ? ['by payload', each.payload] : ['by id', each.id]
      const key = [each.stream, each.location, each.table, ...named, each.reason].join(' ')
      const kept = this.quarantined.get(key)
      if (kept && !kept.resolved_at) continue
      this.quarantined.set(key, { ...each, table_name: each.table, resolved_at: false })
    }
  }

  #root(unit: Unit): Kept | undefined {
    const table = this.#table(unit.table)
    return this.rows.get(unit.table)?.get(keyOf(table, unit.rows.get(unit.table)![0]!))
  }

  #table = (name: string): Table => this.#tables.find((table) => table.name === name)!
  #parts = (root: string): Table[] => this.#tables.filter((table) => table.root === root)
}

type Named = { table: string; location: string; id: string }

function isSameUnit(unit: Named, other: Named): boolean {
  return unit.table === other.table && unit.location === other.location && unit.id === other.id
}

function keyOf(table: Table, row: Row): string {
  return table.key.map((name) => row[name]).join(' ')
}

function isWithin(row: Kept, within: Within): boolean {
  const value = row[within.column]
  if (value === null || value === undefined) return false
  if ('equals' in within) return value === within.equals
  return String(value) >= within.from && String(value) < within.before
}
