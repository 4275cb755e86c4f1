import { assert } from '@regulars/contract/values/assert'
import type { Db, Row, Statement } from './db.ts'
import type { ExportKey, ExportPosition } from './export-cursor.ts'

/**
 * How one stream of rows is read: the statement, and which of its columns tell apart the rows that
 * one transaction wrote.
 *
 * Parameters: the business, the transaction, the most rows, then the key. Every statement stays
 * below the oldest transaction that is still open as its own snapshot sees it: whatever committed
 * below that is visible, and nothing will ever commit there again. A row that is being changed right
 * now is shown as it was, and comes again.
 */
export type ExportStream = {
  statement: Statement
  key: ExportKey
  keyColumns: readonly string[]
}

/**
 * Rows of one page take at most about so much room in the database; the first row is always shown.
 * A receipt may have 500 lines, so that the most rows alone would not bound a reply.
 */
const pageBytesMax = 4_194_304

const businesses: ExportStream = {
  key: [],
  keyColumns: [],
  statement: {
    name: 'export_businesses',
    text: `
select b.changed_in, b.business_id, b.external_id, b.name, b.created_at,
       b.definition->'business'->>'time_zone' as time_zone,
       b.definition->'business'->>'currency' as currency
  from businesses b
 where b.business_id = $1 and b.changed_in > $2::xid8
   and b.changed_in < pg_snapshot_xmin(pg_current_snapshot())
 limit $3`,
  },
}

const locations: ExportStream = {
  key: ['number'],
  keyColumns: ['location_id'],
  statement: {
    name: 'export_locations',
    text: `
select l.changed_in, l.location_id, l.external_id, l.store_number, l.definition, l.updated_at
  from locations l
 where l.business_id = $1 and (l.changed_in, l.location_id) > ($2::xid8, $4::bigint)
   and l.changed_in < pg_snapshot_xmin(pg_current_snapshot())
 order by l.changed_in, l.location_id
 limit $3`,
  },
}

const guests: ExportStream = {
  key: ['number'],
  keyColumns: ['guest_id'],
  statement: {
    name: 'export_guests',
    text: `
select q.*
  from (
    select p.*, count(*) over () as found,
           sum(p.row_bytes) over (order by p.changed_in, p.guest_id) - p.row_bytes as bytes_before
      from (
        select g.changed_in, g.guest_id, g.external_id, g.status, g.email, g.phone, g.first_name,
               g.last_name, g.profile, g.joined_at, g.last_activity_at, g.tier_id, g.tier_since,
               g.points_available, g.points_pending, g.visits_available, g.visits_pending,
               g.currency_available, g.fuel_available, g.debt,
               pg_column_size(g.profile) as row_bytes
          from guests g
         where g.business_id = $1 and (g.changed_in, g.guest_id) > ($2::xid8, $4::bigint)
           and g.changed_in < pg_snapshot_xmin(pg_current_snapshot())
         order by g.changed_in, g.guest_id
         limit $3) p) q
 where q.bytes_before < ${pageBytesMax}
 order by q.changed_in, q.guest_id`,
  },
}

const checkins: ExportStream = {
  key: ['number', 'number'],
  keyColumns: ['guest_id', 'checkin_id'],
  statement: {
    name: 'export_checkins',
    text: `
select k.changed_in, k.guest_id, k.checkin_id, k.location_id, k.kind, k.state, k.external_uid,
       k.punchh_key, k.business_date, k.transaction_no, k.channel, k.receipt_at, k.approves_at,
       k.approved_at, k.not_counted, k.eligible_cents, k.subtotal_cents, k.points, k.visits,
       k.tier_id, k.created_at
  from checkins k
 where k.business_id = $1
   and (k.changed_in, k.guest_id, k.checkin_id) > ($2::xid8, $4::bigint, $5::bigint)
   and k.changed_in < pg_snapshot_xmin(pg_current_snapshot())
 order by k.changed_in, k.guest_id, k.checkin_id
 limit $3`,
  },
}

// A version that a newer one has replaced is passed over: the newer one has come already or will,
// and one receipt never stands twice in a page.
const receipts: ExportStream = {
  key: ['number', 'number'],
  keyColumns: ['receipt_id', 'version_no'],
  statement: {
    name: 'export_receipts',
    text: `
select q.*,
       exists (
         select from receipts v
          where v.business_id = $1 and v.location_id = q.location_id
            and v.punchh_key = q.punchh_key and v.business_date = q.business_date
            and v.version_no > q.version_no) as superseded
  from (
    select p.*, count(*) over () as found,
           sum(p.row_bytes) over (order by p.changed_in, p.receipt_id, p.version_no) - p.row_bytes
             as bytes_before
      from (
        select r.changed_in, r.receipt_id, r.version_no, r.location_id, r.punchh_key,
               r.business_date, r.transaction_no, r.vendor_transaction_no, r.receipt_at, r.void,
               r.test, r.subtotal_cents, r.payable_cents, r.body, r.posted_at,
               pg_column_size(r.body) as row_bytes
          from receipts r
         where r.business_id = $1
           and (r.changed_in, r.receipt_id, r.version_no) > ($2::xid8, $4::bigint, $5::int)
           and r.changed_in < pg_snapshot_xmin(pg_current_snapshot())
         order by r.changed_in, r.receipt_id, r.version_no
         limit $3) p) q
 where q.bytes_before < ${pageBytesMax}
 order by q.changed_in, q.receipt_id, q.version_no`,
  },
}

// The items of a commit are written and voided by the statement that writes the commit.
const redemptions: ExportStream = {
  key: ['number', 'text'],
  keyColumns: ['guest_id', 'redemption_ref'],
  statement: {
    name: 'export_redemptions',
    text: `
select q.*, (
         select json_agg(json_build_object(
                  'redemptionId', d.redemption_id, 'basketItemId', d.basket_item_id,
                  'discountType', d.discount_type, 'discountId', d.discount_id,
                  'discountCents', d.discount_cents, 'shares', d.shares, 'state', d.state,
                  'redeemedAt', d.redeemed_at, 'voidedAt', d.voided_at)
                order by d.redemption_id)
           from redemptions d
          where d.business_id = $1 and d.guest_id = q.guest_id
            and d.redemption_ref = q.redemption_ref) as items
  from (
    select p.*, count(*) over () as found,
           sum(p.row_bytes) over (order by p.changed_in, p.guest_id, p.redemption_ref) - p.row_bytes
             as bytes_before
      from (
        select m.changed_in, m.guest_id, m.redemption_ref, m.location_id, m.external_uid, m.state,
               m.committed_at, m.voided_at, m.receipt, pg_column_size(m.receipt) as row_bytes
          from commits m
         where m.business_id = $1
           and (m.changed_in, m.guest_id, m.redemption_ref) > ($2::xid8, $4::bigint, $5::text)
           and m.changed_in < pg_snapshot_xmin(pg_current_snapshot())
         order by m.changed_in, m.guest_id, m.redemption_ref
         limit $3) p) q
 where q.bytes_before < ${pageBytesMax}
 order by q.changed_in, q.guest_id, q.redemption_ref`,
  },
}

const ledgerEntries: ExportStream = {
  key: ['number', 'number'],
  keyColumns: ['guest_id', 'seq'],
  statement: {
    name: 'export_ledger_entries',
    text: `
select e.changed_in, e.guest_id, e.seq, e.unit, e.from_account, e.to_account, e.amount, e.lot_no,
       e.cause_kind, e.cause_id, e.due_at, e.recorded_at
  from ledger_entries e
 where e.business_id = $1
   and (e.changed_in, e.guest_id, e.seq) > ($2::xid8, $4::bigint, $5::int)
   and e.changed_in < pg_snapshot_xmin(pg_current_snapshot())
 order by e.changed_in, e.guest_id, e.seq
 limit $3`,
  },
}

export const exportStreams = {
  businesses,
  locations,
  guests,
  checkins,
  receipts,
  redemptions,
  'ledger-entries': ledgerEntries,
} as const satisfies Record<string, ExportStream>

export type ExportStreamName = keyof typeof exportStreams

/** Rows in the order of their last change, as their statement names them. */
export type ExportRows = { rows: readonly Row[]; last: ExportPosition; more: boolean }

/** A page of a stream after a position, at most `limit` rows. Locks nothing. */
export async function findExportRows(
  db: Db,
  name: ExportStreamName,
  { businessId, after, limit }: { businessId: number; after: ExportPosition; limit: number },
): Promise<ExportRows> {
  const { statement, keyColumns }: ExportStream = exportStreams[name]
  // One more than is shown tells whether there is more.
  const values = [businessId, after.changedIn, limit + 1, ...after.key]
  const read = await db.query(statement, values)
  const passed = read.slice(0, limit)
  const found = (read[0]?.found ?? read.length) as number
  const last = passed.at(-1)
  return {
    rows: passed.filter((row) => row.superseded !== true),
    last: last === undefined ? after : positionOf(last, keyColumns),
    more: found > passed.length,
  }
}

function positionOf(row: Row, keyColumns: readonly string[]): ExportPosition {
  assert(typeof row.changed_in === 'string', 'a transaction is text', { row: row.changed_in })
  return {
    changedIn: row.changed_in,
    key: keyColumns.map((column) => row[column] as number | string),
  }
}

const historyStatement: Statement = {
  name: 'export_history',
  text: `
select md5(concat_ws(' ', s.system_identifier, c.timeline_id, d.oid)) as history,
       pg_snapshot_xmax(pg_current_snapshot())::text as ahead
  from pg_control_system() s, pg_control_checkpoint() c, pg_database d
 where d.datname = current_database()`,
}

/**
 * What the numbers of transactions are counted in: the cluster, its timeline and the database. A
 * restored database counts anew, so a cursor of another history says nothing about this one.
 * `ahead` is a number that no row has reached, as text.
 */
export async function findExportHistory(db: Db): Promise<{ history: string; ahead: string }> {
  const [row] = await db.query(historyStatement, [])
  assert(row !== undefined, 'a database knows itself', {})
  return { history: row.history as string, ahead: row.ahead as string }
}

const settleStatement: Statement = {
  name: 'settle_changes',
  text: `
with ahead as (
  select business_id, pg_snapshot_xmax(pg_current_snapshot()) as number from businesses
), of_locations as (
  update locations x set changed_in = pg_current_xact_id()
    from ahead a where x.business_id = a.business_id and x.changed_in >= a.number
), of_guests as (
  update guests x set changed_in = pg_current_xact_id()
    from ahead a where x.business_id = a.business_id and x.changed_in >= a.number
), of_checkins as (
  update checkins x set changed_in = pg_current_xact_id()
    from ahead a where x.business_id = a.business_id and x.changed_in >= a.number
), of_receipts as (
  update receipts x set changed_in = pg_current_xact_id()
    from ahead a where x.business_id = a.business_id and x.changed_in >= a.number
), of_commits as (
  update commits x set changed_in = pg_current_xact_id()
    from ahead a where x.business_id = a.business_id and x.changed_in >= a.number
), of_ledger_entries as (
  update ledger_entries x set changed_in = pg_current_xact_id()
    from ahead a where x.business_id = a.business_id and x.changed_in >= a.number
)
update businesses x set changed_in = pg_current_xact_id()
  from ahead a where x.business_id = a.business_id and x.changed_in >= a.number`,
}

/**
 * Makes rows this database's own whose transactions it has not reached yet: a dump that was loaded
 * into a younger cluster brings such numbers, and no reader would see the rows until they are
 * reached. Our own restore leaves the numbers behind. Where there are none, nothing is written.
 */
export async function settleChanges(db: Db): Promise<void> {
  await db.query(settleStatement, [])
}
