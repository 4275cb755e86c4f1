import { instant } from '@regulars/contract/values/instants'
import { balancesFromEntries, type Entry, type Unit } from '@regulars/engine'
import type { Db, Row, Statement } from '../store/db.ts'
import { entryHash, firstEntryHash } from '../store/entry-chain.ts'

/** One thing that is not as the ledger says. `expected` is what the entries add up to. */
export type Difference = {
  businessId: number
  /** Null for what guests share. */
  guestId: number | null
  what: string
  expected: string
  found: string
}

export type Verified = { guests: number; entries: number; differences: readonly Difference[] }

const guestsPerPage = 500

/** At most this many differences are listed; a ledger with more is broken in one way, not in many. */
const differencesMax = 1_000

/**
 * Holds everything that is kept about balances to the ledger's entries: the hash chain of each guest,
 * what is left in each lot, the balances on the guest, the debts, and the uses of codes. Reads only.
 */
export async function verifyLedger(db: Db): Promise<Verified> {
  const differences: Difference[] = []
  let guests = 0
  let entries = 0
  let after = { businessId: 0, guestId: 0 }
  for (;;) {
    const page = await readPage(db, after)
    for (const guest of page) {
      guests += 1
      entries += guest.entries.length
      differences.push(...guestDifferences(guest))
    }
    const last = page.at(-1)
    if (last === undefined || differences.length >= differencesMax) break
    after = last
  }
  differences.push(...(await codeDifferences(db)))
  return { guests, entries, differences: differences.slice(0, differencesMax) }
}

type StoredEntry = Entry & { seq: number; hash: string }
type StoredLot = { lotNo: number; unit: Unit; remaining: number; state: string }
type StoredGuest = {
  businessId: number
  guestId: number
  entrySeq: number
  entryHash: string
  balances: Record<Unit, { available: number; pending: number }>
  debt: Record<Unit, number>
  lots: StoredLot[]
  entries: StoredEntry[]
}

const pageStatement: Statement = {
  name: 'verify_page',
  text: `
select g.business_id, g.guest_id, g.entry_seq, encode(g.entry_hash, 'hex') as entry_hash,
       g.points_available, g.points_pending, g.visits_available, g.visits_pending,
       g.currency_available, g.fuel_available, g.debt,
       (select json_agg(json_build_object('lotNo', l.lot_no, 'unit', l.unit,
                                          'remaining', l.remaining, 'state', l.state)
                        order by l.lot_no)
          from lots l where l.business_id = g.business_id and l.guest_id = g.guest_id) as lots,
       (select json_agg(json_build_object(
                 'seq', e.seq, 'unit', e.unit, 'from', e.from_account, 'to', e.to_account,
                 'amount', e.amount, 'lotNo', e.lot_no, 'causeKind', e.cause_kind,
                 'causeId', e.cause_id, 'at', (extract(epoch from e.due_at) * 1000)::bigint,
                 'hash', encode(e.hash, 'hex')) order by e.seq)
          from ledger_entries e
         where e.business_id = g.business_id and e.guest_id = g.guest_id) as entries
  from guests g
 where (g.business_id, g.guest_id) > ($1, $2)
 order by g.business_id, g.guest_id
 limit $3`,
}

async function readPage(
  db: Db,
  after: { businessId: number; guestId: number },
): Promise<StoredGuest[]> {
  const rows = await db.query(pageStatement, [after.businessId, after.guestId, guestsPerPage])
  return rows.map(parseGuest)
}

function parseGuest(row: Row): StoredGuest {
  const entries = (row.entries ?? []) as (Omit<StoredEntry, 'cause'> & {
    causeKind: Entry['cause']['kind']
    causeId: number
  })[]
  return {
    businessId: row.business_id as number,
    guestId: row.guest_id as number,
    entrySeq: row.entry_seq as number,
    entryHash: row.entry_hash as string,
    balances: {
      points: { available: row.points_available as number, pending: row.points_pending as number },
      visits: { available: row.visits_available as number, pending: row.visits_pending as number },
      currency: { available: row.currency_available as number, pending: 0 },
      fuel: { available: row.fuel_available as number, pending: 0 },
    },
    debt: row.debt as Record<Unit, number>,
    lots: (row.lots ?? []) as StoredLot[],
    entries: entries.map(({ causeKind, causeId, ...entry }) => ({
      ...entry,
      at: instant(entry.at),
      cause: { kind: causeKind, id: causeId },
    })),
  }
}

function guestDifferences(guest: StoredGuest): Difference[] {
  const { businessId, guestId } = guest
  const differ = (what: string, expected: unknown, found: unknown): Difference[] =>
    expected === found
      ? []
      : [{ businessId, guestId, what, expected: String(expected), found: String(found) }]
  return [
    ...chainDifferences(guest, differ),
    ...balanceDifferences(guest, differ),
    ...lotDifferences(guest, differ),
  ]
}

type Differ = (what: string, expected: unknown, found: unknown) => Difference[]

function chainDifferences(guest: StoredGuest, differ: Differ): Difference[] {
  const { businessId, guestId } = guest
  let earlier = firstEntryHash
  let seq = 0
  for (const entry of guest.entries) {
    seq += 1
    const hash = entryHash({ businessId, guestId, seq, entry, earlier })
    const broken = [
      ...differ(`place of entry ${entry.seq}`, seq, entry.seq),
      ...differ(`hash of entry ${entry.seq}`, hash, entry.hash),
    ]
    // Every later hash differs too; the first broken link is the one that says something.
    if (broken.length > 0) return broken
    earlier = hash
  }
  return [
    ...differ('number of entries', seq, guest.entrySeq),
    ...differ('hash of the newest entry', earlier, guest.entryHash),
  ]
}

function balanceDifferences(guest: StoredGuest, differ: Differ): Difference[] {
  const sums = balancesFromEntries(guest.entries)
  const held = (unit: Unit, state: string) =>
    guest.lots
      .filter((lot) => lot.unit === unit && lot.state === state)
      .reduce((sum, lot) => sum + lot.remaining, 0)
  return (['points', 'visits', 'currency', 'fuel'] as const).flatMap((unit) => [
    ...differ(`${unit} available`, sums[unit].guest, guest.balances[unit].available),
    ...differ(`${unit} pending`, sums[unit].guest_pending, guest.balances[unit].pending),
    ...differ(`${unit} in open lots`, sums[unit].guest, held(unit, 'open')),
    ...differ(`${unit} in pending lots`, sums[unit].guest_pending, held(unit, 'pending')),
    ...differ(`${unit} owed`, -sums[unit].guest_debt, guest.debt[unit] ?? 0),
  ])
}

function lotDifferences(guest: StoredGuest, differ: Differ): Difference[] {
  const left = new Map<number, number>()
  const move = (account: string, lotNo: number, amount: number) => {
    if (account !== 'guest' && account !== 'guest_pending') return
    left.set(lotNo, (left.get(lotNo) ?? 0) + amount)
  }
  for (const entry of guest.entries) {
    move(entry.to, entry.lotNo, entry.amount)
    move(entry.from, entry.lotNo, -entry.amount)
  }
  return guest.lots.flatMap((lot) =>
    differ(`left in lot ${lot.lotNo}`, left.get(lot.lotNo) ?? 0, lot.remaining),
  )
}

const codesStatement: Statement = {
  name: 'verify_codes',
  text: `
select c.business_id, c.code, c.uses,
       (select count(*) from code_uses u
         where u.business_id = c.business_id and u.code = c.code and u.undone_at is null) as used
  from codes c
 where c.uses <> (select count(*) from code_uses u
                   where u.business_id = c.business_id and u.code = c.code and u.undone_at is null)
 order by c.business_id, c.code
 limit 100`,
}

async function codeDifferences(db: Db): Promise<Difference[]> {
  const rows = await db.query(codesStatement, [])
  return rows.map((row) => ({
    businessId: row.business_id as number,
    guestId: null,
    what: `uses of code ${row.code}`,
    expected: String(row.used),
    found: String(row.uses),
  }))
}
