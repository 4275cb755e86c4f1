import { type Db, openDatabase, type Queries, type Row, type Statement } from '../store/db.ts'
import { parseBalances, parseEntry, type StoredEntry } from '../store/ledger.ts'
import type { Difference } from './difference.ts'
import { guestDifferences, type StoredGuest } from './guest-differences.ts'
import { findSharedDifferences } from './shared-differences.ts'

export type { Difference } from './difference.ts'

/** How far a verification is. */
export type VerifyProgress = { guests: number; guestsTotal: number; entries: number }

export type Verified = { guests: number; entries: number; differences: readonly Difference[] }

const guestsPerPage = 200
const entriesPerPage = 5_000

/** At most this many differences are listed; a ledger with more is broken in one way, not in many. */
export const differencesMax = 1_000

/**
 * Holds everything that is kept to the ledger's entries: the hash chain of each guest, what is left
 * in each lot, the balances on the guest, the debts, what redemptions took; then the uses of codes
 * and benefits, the replies of commits, what became of rewards, baskets and the versions of receipts.
 *
 * Reads the database as of one moment, so that a counter may go on working, and holds a page of
 * guests and the entries of one guest in memory. Stops early once it has `differencesMax`.
 */
export function verifyLedger(
  db: Db,
  onProgress: (progress: VerifyProgress) => void = () => {},
): Promise<Verified> {
  return db.snapshot(async (queries) => {
    const differences: Difference[] = []
    const guestsTotal = await countGuests(queries)
    const entriesOf = openEntries(queries)
    let guests = 0
    let entries = 0
    for await (const page of guestPages(queries)) {
      for (const guest of page) {
        const own = await entriesOf(guest)
        guests += 1
        entries += own.length
        differences.push(...guestDifferences(guest, own))
      }
      onProgress({ guests, guestsTotal, entries })
      if (differences.length >= differencesMax) break
    }
    if (differences.length < differencesMax) {
      differences.push(...(await findSharedDifferences(queries)))
    }
    return { guests, entries, differences: differences.slice(0, differencesMax) }
  })
}

/** The same for a database at its URL. */
export async function verifyDatabase(
  databaseUrl: string,
  onProgress: (progress: VerifyProgress) => void = () => {},
): Promise<Verified> {
  const db = openDatabase({ databaseUrl, connectionsMax: 1 })
  return verifyLedger(db, onProgress).finally(db.close)
}

const countStatement: Statement = {
  name: 'verify_count',
  text: 'select count(*) as guests from guests',
}

async function countGuests(queries: Queries): Promise<number> {
  const [row] = await queries.query(countStatement, [])
  return row?.guests as number
}

const guestsStatement: Statement = {
  name: 'verify_guests',
  text: `
select g.business_id, g.guest_id, g.entry_seq, encode(g.entry_hash, 'hex') as entry_hash,
       g.points_available, g.points_pending, g.visits_available, g.visits_pending,
       g.currency_available, g.fuel_available, g.debt,
       (select json_agg(json_build_object('lotNo', l.lot_no, 'unit', l.unit,
                                          'remaining', l.remaining, 'state', l.state)
                        order by l.lot_no)
          from lots l where l.business_id = g.business_id and l.guest_id = g.guest_id) as lots,
       (select json_agg(json_build_object('redemptionId', r.redemption_id, 'state', r.state,
                                          'debits', r.debits, 'consumed', r.consumed)
                        order by r.redemption_id)
          from redemptions r
         where r.business_id = g.business_id and r.guest_id = g.guest_id) as redemptions
  from guests g
 where (g.business_id, g.guest_id) > ($1, $2)
 order by g.business_id, g.guest_id
 limit $3`,
}

async function* guestPages(queries: Queries): AsyncGenerator<StoredGuest[]> {
  let after = { businessId: 0, guestId: 0 }
  for (;;) {
    const rows = await queries.query(guestsStatement, [
      after.businessId,
      after.guestId,
      guestsPerPage,
    ])
    const page = rows.map(parseGuest)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last
  }
}

function parseGuest(row: Row): StoredGuest {
  return {
    businessId: row.business_id as number,
    guestId: row.guest_id as number,
    entrySeq: row.entry_seq as number,
    entryHash: row.entry_hash as string,
    balances: parseBalances(row),
    lots: (row.lots ?? []) as StoredGuest['lots'],
    redemptions: (row.redemptions ?? []) as StoredGuest['redemptions'],
  }
}

const entriesStatement: Statement = {
  name: 'verify_entries',
  text: `
select business_id, guest_id, seq, unit, from_account, to_account, amount, lot_no, cause_kind,
       cause_id, due_at, recorded_at, encode(hash, 'hex') as hash
  from ledger_entries
 where (business_id, guest_id, seq) > ($1, $2, $3)
 order by business_id, guest_id, seq
 limit $4`,
}

type GuestKey = Pick<StoredGuest, 'businessId' | 'guestId'>
type OwnedEntry = { owner: GuestKey; entry: StoredEntry }

/** The entries of one guest after the other, asked for in the order of guests. */
function openEntries(queries: Queries): (guest: GuestKey) => Promise<StoredEntry[]> {
  let page: OwnedEntry[] = []
  let place = 0
  let isLast = false

  async function turnPage(): Promise<void> {
    const last = page.at(-1)
    const rows = await queries.query(entriesStatement, [
      last?.owner.businessId ?? 0,
      last?.owner.guestId ?? 0,
      last?.entry.seq ?? 0,
      entriesPerPage,
    ])
    page = rows.map((row) => ({
      owner: { businessId: row.business_id as number, guestId: row.guest_id as number },
      entry: parseEntry(row),
    }))
    place = 0
    isLast = rows.length < entriesPerPage
  }

  return async ({ businessId, guestId }) => {
    const entries: StoredEntry[] = []
    for (;;) {
      if (place === page.length) {
        if (isLast) return entries
        await turnPage()
        continue
      }
      const next = page[place]
      if (next?.owner.businessId !== businessId || next.owner.guestId !== guestId) return entries
      entries.push(next.entry)
      place += 1
    }
  }
}
