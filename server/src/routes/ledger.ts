import { microsPerUnit } from '@regulars/contract/values/exact'
import { toWireInstant } from '@regulars/contract/values/instants'
import { adminLedger, ledgerPage } from '@regulars/contract/wire/ledger'
import type { Unit } from '@regulars/engine'
import { readLedger } from '../actions/read-ledger.ts'
import type { LedgerPage, StoredEntry } from '../store/ledger.ts'
import { ok, type Route, route } from './call.ts'

export const ledgerRoutes: readonly Route[] = [
  route(adminLedger, async (deps, { caller, params, request }) => {
    const { guest_id: guestId } = params
    const limit = Math.min(request.limit ?? ledgerPage.entriesByDefault, ledgerPage.entriesMax)
    // One more than is shown tells whether there is more.
    const read = await readLedger(deps, {
      businessId: caller.businessId,
      guestId,
      afterSeq: Math.min(request.after ?? 0, seqMax),
      limit: limit + 1,
    })
    if (read.kind === 'refused') return read
    const shown = read.entries.slice(0, limit)
    return ok({
      user_id: guestId,
      balances: balancesReply(read),
      entries: shown.map(entryReply),
      next_after: read.entries.length > limit ? (shown.at(-1)?.seq ?? null) : null,
    })
  }),
]

/** What the column of an entry's place can hold. */
const seqMax = 2_147_483_647

function balancesReply({ balances }: LedgerPage) {
  const balance = (unit: Unit) => ({
    available: toWire(unit, balances[unit].available),
    pending: toWire(unit, balances[unit].pending),
    owed: toWire(unit, balances[unit].debt),
  })
  return {
    points: balance('points'),
    visits: balance('visits'),
    currency: balance('currency'),
    fuel: balance('fuel'),
  }
}

function entryReply(entry: StoredEntry) {
  return {
    seq: entry.seq,
    unit: entry.unit,
    from: entry.from,
    to: entry.to,
    amount: toWire(entry.unit, entry.amount),
    lot_no: entry.lotNo,
    cause: entry.cause.kind,
    cause_id: entry.cause.id,
    due_at: toWireInstant(entry.at),
    recorded_at: toWireInstant(entry.recordedAt),
    hash: entry.hash,
  }
}

const perWhole: Record<Unit, number> = {
  points: 1,
  visits: 1,
  currency: 100,
  fuel: microsPerUnit,
}

function toWire(unit: Unit, amount: number): number {
  return amount / perWhole[unit]
}
