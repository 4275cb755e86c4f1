import type { Row, Value } from '../table.ts'
import { contentHash, type Members } from './coerce.ts'
import type { PunchhTable } from './tables.ts'
import type { ReadAt, ReadingBuilder } from './unit.ts'

/** The version of a thing that is valid now, as it was stored. */
type OpenVersion = { hash: string; row: Row }

/**
 * The valid versions of a program and of its redeemables, by id. It is kept between readings, as
 * JSON, because a version is closed by writing its row again with `valid_to`.
 */
export type ProgramHistory = {
  program: OpenVersion | null
  redeemables: Readonly<Record<string, OpenVersion>>
}

/**
 * Adds rows of history for what differs from `history`; answers with what is valid now.
 *
 * A version is valid from the reading that first showed it, `valid_from`, until the reading that
 * first showed another one or none, `valid_to`: half-open, so that every instant has one version.
 */
export function recordHistory(
  builder: ReadingBuilder,
  {
    at,
    history,
    program,
    offers,
  }: { at: ReadAt; history: ProgramHistory | null; program: Members; offers: readonly Row[] },
): ProgramHistory {
  const before = history?.redeemables ?? {}
  const writer = { builder, from: at.fetchedAt }
  const redeemables: Record<string, OpenVersion> = {}
  for (const offer of offers) {
    const id = String(offer.redeemable_id)
    // Where it stands among the others is no property of an offer.
    const content = { ...offer, ordinal: null }
    const open = Object.hasOwn(before, id) ? (before[id] ?? null) : null
    redeemables[id] = moveOn(writer, 'redeemable_history', { open, content })
  }
  for (const [id, open] of Object.entries(before)) {
    if (!Object.hasOwn(redeemables, id)) close(writer, 'redeemable_history', open)
  }
  const open = history?.program ?? null
  return {
    program: moveOn(writer, 'program_meta_history', { open, content: program }),
    redeemables,
  }
}

type HistoryTable = Extract<PunchhTable, 'program_meta_history' | 'redeemable_history'>
type Writer = { builder: ReadingBuilder; from: string }

function moveOn(
  writer: Writer,
  table: HistoryTable,
  { open, content }: { open: OpenVersion | null; content: Members },
): OpenVersion {
  const hash = contentHash(content)
  if (open?.hash === hash) return open
  if (open !== null) close(writer, table, open)
  const { _extra: extra, ...members } = content
  const validity = { version: writer.from, valid_from: writer.from, valid_to: null }
  const read = writer.builder.row(table, { ...members, ...validity })
  const row = typeof extra === 'string' ? { ...read, _extra: extra } : read
  writer.builder.unit(table, { root: row, payload: content })
  return { hash, row }
}

function close({ builder, from }: Writer, table: HistoryTable, { row }: OpenVersion): void {
  const root: Row = { ...row, valid_to: from satisfies Value }
  builder.unit(table, { root, payload: root })
}
