import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import type { Row } from '../store/db.ts'
import {
  type ExportPosition,
  exportStart,
  readCursor,
  writeCursor,
} from '../store/export-cursor.ts'
import {
  type ExportStreamName,
  exportStreams,
  findExportHistory,
  findExportRows,
} from '../store/exports.ts'

/** `next` is also given when there are no rows: it can be kept and asked again. */
export type ExportedPage = { kind: 'page'; rows: readonly Row[]; next: string; more: boolean }

/**
 * One page of a stream. Whoever follows `next` holds every row as it was last written, once nothing
 * is being written: nothing that commits later than the page was read is passed over.
 *
 * Refused: invalid_parameter for text that is no cursor of this stream; export_cursor_lost for one
 * of another database, or of a later state of this one.
 */
export async function readExport(
  deps: Pick<Deps, 'db'>,
  {
    businessId,
    stream,
    after,
    limit,
  }: { businessId: number; stream: ExportStreamName; after: string | null; limit: number },
): Promise<ExportedPage | Refusal> {
  const { key } = exportStreams[stream]
  const { history, ahead } = await findExportHistory(deps.db)
  let position: ExportPosition = exportStart(key)
  if (after !== null) {
    const cursor = readCursor(stream, key, after)
    if (cursor === null) {
      const problem = 'it must be the next of an earlier page of this stream'
      return refuse('invalid_parameter', { name: 'after', problem })
    }
    const isFuture = BigInt(cursor.position.changedIn) >= BigInt(ahead)
    if (cursor.history !== history || isFuture) return refuse('export_cursor_lost')
    position = cursor.position
  }
  const { rows, last, more } = await findExportRows(deps.db, stream, {
    businessId,
    after: position,
    limit,
  })
  return { kind: 'page', rows, next: writeCursor(stream, { history, position: last }), more }
}
