import type { Quarantined, Unit } from '../destination.ts'
import type { Row } from '../table.ts'
import {
  contentHash,
  jsonText,
  type Members,
  type Notice,
  type Notices,
  readRow,
} from './coerce.ts'
import { idColumnsOf, type PunchhTable, punchhColumns } from './tables.ts'

/** Where and when a payload was read. `fetchedAt` is ISO 8601 in UTC; `business` the label. */
export type ReadAt = { business: string; fetchedAt: string }

/** A payload as rows: what could be stored, what could not, and what a person should know. */
export type Reading = {
  units: readonly Unit[]
  setAside: readonly Omit<Quarantined, 'stream'>[]
  notices: readonly Notice[]
}

/** Gathers what one payload comes to. Opened for one payload, read at its end. */
export class ReadingBuilder {
  readonly #at: ReadAt
  readonly #notices: Notices = new Map()
  readonly #units: Unit[] = []
  readonly #setAside: Omit<Quarantined, 'stream'>[] = []

  constructor(at: ReadAt) {
    this.#at = at
  }

  /** A row of a table; the business is added. */
  row(table: PunchhTable, source: Members): Row {
    const named = { ...source, business: this.#at.business }
    return readRow(table, punchhColumns[table], { source: named, notices: this.#notices })
  }

  /** Keeps a record that cannot be rows of its own, with the reason. */
  setAside(
    table: PunchhTable,
    id: string | null,
    { reason, payload }: { reason: string; payload: unknown },
  ): void {
    const { business: location } = this.#at
    this.#setAside.push({ location, table, id, reason, payload: jsonText(payload) })
  }

  /**
   * A root row with its parts. One without a key is set aside. The version is when it was read: a
   * source that is read in order, by one reader, only ever gets newer.
   */
  unit(
    table: PunchhTable,
    {
      root,
      parts = {},
      payload,
      isGone = false,
    }: {
      root: Row
      parts?: Partial<Record<PunchhTable, readonly Row[]>>
      payload: unknown
      isGone?: boolean
    },
  ): void {
    const ids = idColumnsOf(table).map((column) => root[column])
    if (ids.some((id) => id === null || id === undefined || id === '')) {
      const reason = `${table} without ${idColumnsOf(table).join(', ')}`
      this.setAside(table, null, { reason, payload })
      return
    }
    const rows = new Map<string, readonly Row[]>([[table, [root]], ...Object.entries(parts)])
    this.#units.push({
      table,
      location: this.#at.business,
      id: ids.join('/'),
      version: this.#at.fetchedAt,
      hash: contentHash([...rows]),
      deletedAt: isGone ? this.#at.fetchedAt : null,
      rows,
    })
  }

  reading(): Reading {
    return { units: this.#units, setAside: this.#setAside, notices: [...this.#notices.values()] }
  }
}
