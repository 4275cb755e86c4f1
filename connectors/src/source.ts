import type { Quarantined, Unit } from './destination.ts'
import type { Table } from './table.ts'

/** One request, without host and credentials. */
export type Call = {
  path: string
  query: Readonly<Record<string, string>>
  headers: Readonly<Record<string, string>>
  /** The limits it falls under beside those of every call, by their names in `Source.limits`. */
  limits: readonly string[]
}

/**
 * How the pages of a reading follow each other.
 *
 * `whole`: one reply holds everything. `numbered`: `page` from 1, `pageSize`, until `Link` names no
 * next. `token`: the header `Toast-Next-Page-Token` goes back as `pageToken`. `cursor`: the body's
 * `next` goes back as `after`, while `more` says so.
 */
type Paging = 'whole' | 'numbered' | 'token' | 'cursor'

/** How a stream is read over time. Every span is in the unit its name says. */
export type Reading =
  /** The whole list; what it no longer shows is marked deleted. */
  | { kind: 'list'; everyHours: number; lookUp?: LookUp }
  /** The whole list once a while, and what changed since in between. */
  | { kind: 'changed-list'; parameter: string; lookBackMinutes: number; wholeEveryHours: number }
  /** Windows of modification time, with late arrivals looked for again. */
  | {
      kind: 'modified'
      parameters: readonly [from: string, before: string]
      settleMinutes: number
      lookBackMinutes: number
      /** The widest window of a reading that catches up, and of one that goes back in time. */
      windowHours: number
      /** How long before its first business date a location can have had a record. */
      daysBeforeFirst?: number
      repairs: readonly Repair[]
    }
  /** Windows of the records' own time, read again and again; what they no longer show is deleted. */
  | {
      kind: 'span'
      parameters: readonly [from: string, before: string]
      daysBack: number
      daysAhead: number
      windowDays: number
      overlapHours: number
      /** The column the windows are of. */
      column: string
    }
  /** One call per business date. */
  | { kind: 'days'; parameter: string; trailingDays: number }
  /** One document, fetched when a small call says that it is another one. */
  | { kind: 'document'; probePath: string; member: string; everyHours: number }
  /** One record, read with what the last reading left to be remembered. */
  | { kind: 'remembered' }
  /** Pages that begin where the last ones ended. */
  | { kind: 'feed' }

/**
 * What a list no longer shows is asked for by its ids, so many at once and with commas between
 * them: the source then says since when it is gone.
 */
export type LookUp = { parameter: string; atOnce: number }

/** A second look for what a modified window can miss. */
export type Repair =
  | { name: string; everyHours: number; by: 'modified'; hoursBack: number }
  | { name: string; everyHours: number; by: 'business-date'; parameter: string; daysBack: number }
  /** The ids a list names for a business date are compared with those stored; the missing are fetched. */
  | {
      name: string
      everyHours: number
      by: 'ids'
      path: string
      parameter: string
      daysBack: number
      stored: { table: string; column: string }
      follow: readonly Follow[]
    }

/** From an id to the record it belongs to: the path's `{id}` is filled, `member` is the next id. */
type Follow = { path: string; member: string | null }

/** What a record's mapper is told besides the record. */
export type RecordContext = {
  location: string
  fetchedAt: string
  /** yyyymmdd, where the call asked for one. */
  businessDate?: number
}

export type Unknowns = (table: string, member: string) => void

/** One thing to keep in step, described; the run does the rest. */
export type Stream = {
  name: string
  /** The root tables it fills. */
  tables: readonly string[]
  path: string
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  limits: readonly string[]
  /** Those that bind readings of the past besides. */
  backfillLimits?: readonly string[]
  /** Whether 404 says that a location has none of it; elsewhere it ends the reading. */
  mayBeAbsent?: boolean
  paging: Paging
  reading: Reading
  /** The records of a reply's body; throws when it is not what the vendor publishes. */
  recordsOf(body: unknown): readonly unknown[]
  /** Throws `Unstorable` for a record that cannot become rows. */
  unitsOf(record: unknown, context: RecordContext, onUnknown: Unknowns): Unit[]
  /** For `remembered`, in the place of `unitsOf`; `mark` is what it answered with the last time. */
  recall?(
    record: unknown,
    context: RecordContext,
    known: { mark: string | null; onUnknown: Unknowns },
  ): Recalled
  /** Whether a location has this stream; all have it without. */
  isOf?(location: Location): boolean
}

export type Recalled = { units: Unit[]; quarantined: Quarantined[]; mark: string }

/** Fixed slices: at most so many calls from one moment that divides by the slice to the next. */
export type Limit = { calls: number; seconds: number }

/** A restaurant, or a store of a program. */
export type Location = {
  id: string
  label: string
  /** IANA. */
  timeZone: string
  /** The local hour at which one business day ends and the next begins. */
  closeoutHour: number
  /** `2024-03-01`; nothing of the location is older. */
  firstBusinessDate: string | null
  /** Where it stands in the configuration, for messages; absent where the vendor lists it. */
  member?: string
}

/** What is known of a vendor, as data. */
export type Source = {
  name: string
  tables: readonly Table[]
  /** Of every location. */
  streams: readonly Stream[]
  /** `every` binds all calls of one location; the others by the name a stream gives. */
  /** How many streams of a location, and how many locations, are read at a time. */
  atOnce: { streams: number; locations: number }
  /** How queries write an instant. */
  instantText(ms: number): string
  limits: { every: readonly Limit[]; named: Readonly<Record<string, readonly Limit[]>> }
}
