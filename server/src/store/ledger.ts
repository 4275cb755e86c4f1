import { type Instant, instant } from '@regulars/contract/values/instants'
import type { Balances, Entry, Unit } from '@regulars/engine'
import type { Db, Row, Statement } from './db.ts'

/** An entry as it is stored: its place in the guest's ledger, when it was written, its hash. */
export type StoredEntry = Entry & { seq: number; recordedAt: Instant; hash: string }

/** Some of a guest's entries, oldest first, and the balances that all of them add up to. */
export type LedgerPage = { balances: Balances; entries: readonly StoredEntry[] }

const pageStatement: Statement = {
  name: 'ledger_page',
  text: `
select g.points_available, g.points_pending, g.visits_available, g.visits_pending,
       g.currency_available, g.fuel_available, g.debt,
       e.seq, e.unit, e.from_account, e.to_account, e.amount, e.lot_no, e.cause_kind, e.cause_id,
       e.due_at, e.recorded_at, encode(e.hash, 'hex') as hash
  from guests g
  left join lateral (
    select * from ledger_entries l
     where l.business_id = g.business_id and l.guest_id = g.guest_id and l.seq > $3
     order by l.seq limit $4) e on true
 where g.business_id = $1 and g.guest_id = $2
 order by e.seq`,
}

/** The entries of one guest after a place, at most `limit`. Null without the guest. Locks nothing. */
export async function findLedgerPage(
  db: Db,
  id: { businessId: number; guestId: number },
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<LedgerPage | null> {
  const rows = await db.query(pageStatement, [id.businessId, id.guestId, afterSeq, limit])
  const [guest] = rows
  if (guest === undefined) return null
  // Without an entry the guest comes alone.
  const entries = guest.seq === null ? [] : rows.map(parseEntry)
  return { balances: parseBalances(guest), entries }
}

/** A row of `ledger_entries` with its hash in hex. */
export function parseEntry(row: Row): StoredEntry {
  return {
    seq: row.seq as number,
    unit: row.unit as Unit,
    from: row.from_account as Entry['from'],
    to: row.to_account as Entry['to'],
    amount: row.amount as number,
    lotNo: row.lot_no as number,
    cause: { kind: row.cause_kind as Entry['cause']['kind'], id: row.cause_id as number },
    at: instant(row.due_at as number),
    recordedAt: instant(row.recorded_at as number),
    hash: row.hash as string,
  }
}

/** The balances that are kept on a row of `guests`. */
export function parseBalances(row: Row): Balances {
  const owed = row.debt as Record<Unit, number>
  const balance = (unit: Unit, pending: number) => ({
    available: row[`${unit}_available`] as number,
    pending,
    debt: owed[unit] ?? 0,
  })
  return {
    points: balance('points', row.points_pending as number),
    visits: balance('visits', row.visits_pending as number),
    currency: balance('currency', 0),
    fuel: balance('fuel', 0),
  }
}
