import type { Refusal } from '@regulars/contract/refusals'
import {
  exportBusinesses,
  exportCheckins,
  exportGuests,
  exportLedgerEntries,
  exportLocations,
  exportPage,
  exportReceipts,
  exportRedemptions,
} from '@regulars/contract/wire/exports'
import { readExport } from '../actions/read-export.ts'
import type { Deps } from '../deps.ts'
import {
  businessRow,
  checkinRow,
  guestRow,
  ledgerEntryRow,
  locationRow,
  receiptRow,
  redemptionRow,
} from '../replies/export-rows.ts'
import type { Row } from '../store/db.ts'
import type { ExportStreamName } from '../store/exports.ts'
import { type Call, ok, type Reply, type Route, route } from './call.ts'

export const exportRoutes: readonly Route[] = [
  route(exportBusinesses, pageOf('businesses', businessRow)),
  route(exportLocations, pageOf('locations', locationRow)),
  route(exportGuests, pageOf('guests', guestRow)),
  route(exportCheckins, pageOf('checkins', checkinRow)),
  route(exportReceipts, pageOf('receipts', receiptRow)),
  route(exportRedemptions, pageOf('redemptions', redemptionRow)),
  route(exportLedgerEntries, pageOf('ledger-entries', ledgerEntryRow)),
]

type ExportCall = Pick<Call<typeof exportGuests>, 'caller' | 'request'>

/** Every stream is asked for in the same way; a limit of 0 is one of 1. */
function pageOf(stream: ExportStreamName, rowReply: (row: Row) => object) {
  return async (deps: Deps, { caller, request }: ExportCall): Promise<Reply | Refusal> => {
    const { after, limit } = request
    const read = await readExport(deps, {
      businessId: caller.businessId,
      stream,
      after: after ?? null,
      limit: Math.max(1, Math.min(limit ?? exportPage.rowsByDefault, exportPage.rowsMax)),
    })
    if (read.kind === 'refused') return read
    return ok({ rows: read.rows.map(rowReply), next: read.next, more: read.more })
  }
}
