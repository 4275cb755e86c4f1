import type { Connection } from './connection.ts'
import type { Tables } from './tables.ts'

/** Everything the steps of one batch have in common. */
export type Writing = {
  readonly on: Connection
  readonly tables: Tables
  readonly source: string
  /** The id of the run that writes, where one was recorded. */
  readonly run: string | null
  /** The instant of writing. */
  readonly writtenAt: string
}
