import type { Row, Table } from './table.ts'

/** One thing of the source with all its parts, stored as a whole or not at all. */
export type Unit = {
  /** The root table's name. */
  table: string
  /** The first key column's value: the location or the business. */
  location: string
  /** The root row's id, unique within location and table. */
  id: string
  /** The instant the content is of: its modified date, or when it was fetched. ISO 8601 in UTC. */
  version: string
  /** Of the whole content: a unit stored with the same hash is left as it is. */
  hash: string
  /** When the source says it is gone; its parts are gone with it. */
  deletedAt: string | null
  /**
   * Rows per table, the root's among them. A row may carry `_extra` and, when only that part is
   * gone, `_deleted_at`; the other standard columns are the destination's to fill.
   */
  rows: ReadonlyMap<string, readonly Row[]>
}

/** What a full reading did not show: rows of a root table that are marked deleted, parts included. */
export type Removal = {
  table: string
  location: string
  /** Narrows what was read in full: `column = value`, or a half-open range of instants or dates. */
  within: readonly Within[]
  /** The ids that were there. */
  keep: readonly string[]
  /** When the reading began; rows of a later version stay. */
  readAt: string
}

/** The same where nobody has said yet as of when. */
export type Missing = Omit<Removal, 'readAt'>

export type Within =
  | { column: string; equals: string | number }
  | { column: string; from: string; before: string }

/** Where one stream of one location stands; the run alone knows what `state` says. */
export type StreamState = {
  location: string
  stream: string
  /** A JSON object as text. */
  state: string
}

export type SourceState = StreamState & { source: string }

/** A record that could not be stored as rows, kept whole with the reason. */
export type Quarantined = {
  location: string
  stream: string
  /** The root table it would have been a unit of; storing that unit later resolves this. */
  table: string
  /** The record's id where one could be read. */
  id: string | null
  reason: string
  /** JSON text. */
  payload: string
}

export type Batch = {
  units: readonly Unit[]
  removals: readonly Removal[]
  states: readonly StreamState[]
  quarantined: readonly Quarantined[]
}

/** How many rows a batch changed. Units that were older or unchanged count as `unchanged`. */
export type Written = {
  rows: number
  removed: number
  unitsWritten: number
  unitsUnchanged: number
  unitsOlder: number
}

/** One run, as its record keeps it. */
export type RunRecord = {
  id: string
  startedAt: string
  /** Null while it runs. */
  endedAt: string | null
  /** running, complete, partial, stopped, failed. */
  outcome: string
  startedBy: string
  /** JSON text without secrets. */
  configuration: string
  /** JSON text: calls, response times, retries, rows and memory per stream. */
  figures: string
}

/**
 * Where rows go. It keeps one promise: a batch and the states that cover it become visible together
 * or not at all.
 *
 * An older version of a unit or of a part never overwrites a newer one. Parts that a newer version
 * of their unit does not hold are marked deleted and keep their values. A row that comes back is
 * no longer deleted.
 */
export type Destination = {
  /** What it is, for a person. */
  readonly described: string
  /** Makes missing tables and columns; throws `DestinationRefused` for a column of another type. */
  prepare(tables: readonly Table[]): Promise<void>
  /** Throws `DestinationFailed`, as everything after `prepare` does. */
  write(batch: Batch): Promise<Written>
  /** What was stored of the source it was opened for. */
  states(): Promise<StreamState[]>
  /** The ids of a location's rows that are there, not deleted; `where` a column has a value. */
  idsWhere(
    table: string,
    location: string,
    where?: { column: string; equals: string | number },
  ): Promise<string[]>
  /** The locations of which a table has rows that are there, not deleted. */
  locationsIn(table: string): Promise<string[]>
  /** How many records are set aside whose unit has not been stored since. */
  quarantinedOpen(): Promise<number>
  recordRun(record: RunRecord): Promise<void>
  close(): Promise<void>
}

/** Whose rows, and where in the destination they are. */
export type RowsOf = { source: string; schema?: string }

/**
 * Opens a destination for one source; a second process is refused while the first has it open,
 * after `waitMs`.
 */
export type OpenDestination = (
  target: string,
  options: RowsOf & { waitMs?: number },
) => Promise<Destination>

/**
 * What is stored of all sources, read without changing anything; null where nothing was ever synced.
 */
export type StoredStates = (
  target: string,
  where: { schema?: string },
) => Promise<SourceState[] | null>

/** A sentence for the person who named the destination: what is wrong and what to do next. */
export class DestinationRefused extends Error {}

/**
 * A sentence for whoever runs a sync: what befell the destination under way, and what to do next.
 * What it had written until then stands.
 */
export class DestinationFailed extends Error {}
