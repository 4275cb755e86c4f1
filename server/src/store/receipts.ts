import type { BusinessDate, Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'
import { parseReceiptVersion } from './gather.ts'
import type { ReceiptVersion } from './guest-state.ts'

export type ReceiptKey = {
  businessId: number
  locationId: number
  punchhKey: string
  businessDate: BusinessDate
}

/** Whom a receipt concerns: the guest it earned for, or one whose claim waits for it. */
export type ReceiptLinks = {
  newest: ReceiptVersion | null
  credited: { guestId: number; checkinId: number; externalUid: string | null } | null
  claimedBy: number | null
}

const linksStatement: Statement = {
  name: 'receipt_links',
  text: `
select json_build_object(
  'newest', (
    select row_to_json(v) from receipts v
     where v.business_id = $1 and v.location_id = $2 and v.punchh_key = $3
       and v.business_date = $4::date
     order by v.version_no desc limit 1),
  'credited', (
    select json_build_object('guestId', k.guest_id, 'checkinId', k.checkin_id,
                             'externalUid', k.external_uid)
      from checkins k
     where k.business_id = $1 and k.location_id = $2 and k.punchh_key = $3
       and k.business_date = $4::date and k.state <> 'void' and k.kind <> 'visit'),
  'claimedBy', (
    select c.guest_id from receipt_claims c
     where c.business_id = $1 and c.punchh_key = $3 and c.state = 'waiting'
       and (c.location_id is null or c.location_id = $2)
     order by c.claimed_at limit 1)
)::text as links`,
}

/** What is known about a receipt before its next version is stored. Locks nothing. */
export async function findReceiptLinks(db: Db, key: ReceiptKey): Promise<ReceiptLinks> {
  const [row] = await db.query(linksStatement, [
    key.businessId,
    key.locationId,
    key.punchhKey,
    key.businessDate,
  ])
  const links = JSON.parse(row?.links as string)
  return { ...links, newest: links.newest === null ? null : parseReceiptVersion(links.newest) }
}

const byKeyStatement: Statement = {
  name: 'receipt_by_punchh_key',
  text: `
select row_to_json(v)::text as receipt from receipts v
 where v.business_id = $1 and v.punchh_key = $2 and ($3::bigint is null or v.location_id = $3)
 order by v.receipt_at desc, v.version_no desc limit 1`,
}

/** The newest stored receipt under a key, at one location or anywhere in the business. */
export async function findReceiptByKey(
  db: Db,
  key: { businessId: number; punchhKey: string; locationId: number | null },
): Promise<ReceiptVersion | null> {
  const [row] = await db.query(byKeyStatement, [key.businessId, key.punchhKey, key.locationId])
  return row === undefined ? null : parseReceiptVersion(JSON.parse(row.receipt as string))
}

const insertStatement: Statement = {
  name: 'insert_receipt',
  text: `
insert into receipts (business_id, location_id, punchh_key, business_date, version_no, receipt_id,
                      transaction_no, receipt_at, void, test, subtotal_cents, payable_cents, body,
                      posted_at)
values ($1, $2, $3, $4::date, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14)
on conflict (business_id, location_id, punchh_key, business_date, version_no) do update
  set transaction_no = excluded.transaction_no, receipt_at = excluded.receipt_at,
      void = excluded.void, test = excluded.test, subtotal_cents = excluded.subtotal_cents,
      payable_cents = excluded.payable_cents, body = excluded.body, posted_at = excluded.posted_at`,
}

/** Stores a version of a receipt that concerns no guest. The same version again overwrites it. */
export async function insertReceipt(
  db: Db,
  businessId: number,
  receipt: ReceiptVersion,
): Promise<void> {
  await db.query(insertStatement, [
    businessId,
    receipt.locationId,
    receipt.punchhKey,
    receipt.businessDate,
    receipt.versionNo,
    receipt.receiptId,
    receipt.transactionNo,
    new Date(receipt.receiptAt).toISOString(),
    receipt.void,
    receipt.test,
    receipt.subtotalCents,
    receipt.payableCents,
    JSON.stringify(receipt.body),
    new Date(receipt.postedAt).toISOString(),
  ])
}

const waitingStatement: Statement = {
  name: 'waiting_claims_with_receipts',
  text: `
select distinct c.business_id, c.guest_id
  from receipt_claims c
 where c.state = 'waiting'
   and (c.claimed_at < $1::timestamptz
     or exists (select from receipts v
                 where v.business_id = c.business_id and v.punchh_key = c.punchh_key
                   and (c.location_id is null or v.location_id = c.location_id)))
 limit 100`,
}

/** Guests with a claim whose receipt is here after all, or that waited since before `lapsedBefore`. */
export async function guestsWithRipeClaims(
  db: Db,
  lapsedBefore: Instant,
): Promise<{ businessId: number; guestId: number }[]> {
  const rows = await db.query(waitingStatement, [new Date(lapsedBefore).toISOString()])
  return rows.map((row) => ({
    businessId: row.business_id as number,
    guestId: row.guest_id as number,
  }))
}
