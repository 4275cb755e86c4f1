import type { Value } from '../table.ts'
import type { Members } from './shape.ts'

/** Where, when and under which business date (yyyymmdd) a record was read. */
export type ReadAt = {
  readonly location: string
  /** ISO 8601 in UTC. */
  readonly fetchedAt: string
  readonly businessDate?: number
}

/**
 * Hears of a member that no column takes, since nothing declares it or it is not of its type: once
 * per table and member for as long as it is handed in.
 */
export type OnUnknown = (table: string, member: string) => void

/** What is known while one record is mapped. */
export type Walk = {
  readonly at: ReadAt
  readonly version: string
  readonly rows: Map<string, MutableRow[]>
  /** Ids and paths that tables already have in this record. */
  readonly taken: Map<string, Set<string>>
  readonly onUnknown: OnUnknown
}

export type MutableRow = Record<string, Value>

/** One row while it is made. */
export type Frame = {
  readonly table: string
  readonly walk: Walk
  readonly row: MutableRow
  readonly parent: Frame | null
  readonly level: number
  readonly id: string
  readonly path: string
  readonly ordinal: number
  /** How many rows of its own table it is below, itself included. */
  readonly depth: number
  readonly deletedAt: string | null
  extra: Record<string, unknown> | null
}

/** Where an object stands that becomes a row. */
export type Place = {
  readonly members: Members
  readonly ordinal: number
  readonly parent: Frame | null
  readonly walk: Walk
}

/** Whether it is a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
