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

/** Whom a receipt concerns: who earned, whose claim waits for it, who redeemed on the same order. */
export type ReceiptLinks = {
  newest: ReceiptVersion | null
  credited: { guestId: number; checkinId: number; externalUid: string | null } | null
  claimedBy: number | null
  redeemedBy: number | null
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
     order by c.claimed_at limit 1),
  'redeemedBy', (
    select m.guest_id from commits m
     where m.business_id = $1 and m.location_id = $2 and m.external_uid = $5::text
       and m.state = 'committed'
     order by m.committed_at desc limit 1)
)::text as links`,
}

/** What is known about a receipt before its next version is stored. Locks nothing. */
export async function findReceiptLinks(
  db: Db,
  key: ReceiptKey & { externalUid: string | null },
): Promise<ReceiptLinks> {
  const [row] = await db.query(linksStatement, [
    key.businessId,
    key.locationId,
    key.punchhKey,
    key.businessDate,
    key.externalUid,
  ])
  const links = JSON.parse(row?.links as string)
  return { ...links, newest: links.newest === null ? null : parseReceiptVersion(links.newest) }
}

const claimableStatement: Statement = {
  name: 'claimable_receipts',
  text: `
select json_build_object(
  'receipts', (
    select json_agg(json_build_object('receipt', row_to_json(v), 'used', exists (
               select from checkins k
                where k.business_id = v.business_id and k.location_id = v.location_id
                  and k.state <> 'void' and k.kind <> 'visit'
                  and (k.punchh_key = v.punchh_key and k.business_date = v.business_date
                    or k.transaction_no = v.vendor_transaction_no
                      and k.business_date between v.business_date - 1 and v.business_date + 1)))
             order by v.receipt_at desc)
      from (
        select distinct on (r.location_id, r.business_date) r.* from receipts r
         where r.business_id = $1 and r.punchh_key = $2 and not r.test
           and ($3::bigint is null or r.location_id = $3)
         order by r.location_id, r.business_date, r.version_no desc) v),
  'earned', exists (
    select from checkins k
     where k.business_id = $1 and k.punchh_key = $2 and k.state <> 'void' and k.kind <> 'visit'
       and ($3::bigint is null or k.location_id = $3))
)::text as found`,
}

const orderUsedStatement: Statement = {
  name: 'order_used',
  text: `
select exists (
  select from receipts v
    join checkins k on k.business_id = v.business_id and k.location_id = v.location_id
     and k.punchh_key = v.punchh_key and k.business_date = v.business_date
     and k.state <> 'void' and k.kind <> 'visit'
   where v.business_id = $1 and v.location_id = $2 and v.vendor_transaction_no = $3
     and v.business_date between $4::date - 1 and $4::date + 1
) as used`,
}

/**
 * Whether somebody earned for the store's own receipt of an order that another channel took: the
 * receipt names the order's number, of the same day or the next. Locks nothing.
 */
export async function isOrderUsed(
  db: Db,
  order: {
    businessId: number
    locationId: number
    transactionNo: string
    businessDate: BusinessDate
  },
): Promise<boolean> {
  const [row] = await db.query(orderUsedStatement, [
    order.businessId,
    order.locationId,
    order.transactionNo,
    order.businessDate,
  ])
  return row?.used === true
}

/** What a printed code leads to. `used`: somebody earned for it, or for the order it came from. */
export type Claimable =
  | { kind: 'receipt'; receipt: ReceiptVersion; used: boolean }
  /** A till let somebody earn for it before it was stored. */
  | { kind: 'earned' }
  | { kind: 'nothing' }

/**
 * The receipt under a key, at one location or anywhere in the business: the newest that nobody used,
 * or else the newest. Keys come back after months, so there may be several. Locks nothing.
 */
export async function findClaimable(
  db: Db,
  key: { businessId: number; punchhKey: string; locationId: number | null },
): Promise<Claimable> {
  const [row] = await db.query(claimableStatement, [key.businessId, key.punchhKey, key.locationId])
  const { receipts, earned } = JSON.parse(row?.found as string) as {
    receipts: { receipt: Parameters<typeof parseReceiptVersion>[0]; used: boolean }[] | null
    earned: boolean
  }
  const found = receipts?.find(({ used }) => !used) ?? receipts?.[0]
  if (found === undefined) return { kind: earned ? 'earned' : 'nothing' }
  return { kind: 'receipt', receipt: parseReceiptVersion(found.receipt), used: found.used }
}

const insertStatement: Statement = {
  name: 'insert_receipt',
  text: `
insert into receipts (business_id, location_id, punchh_key, business_date, version_no, receipt_id,
                      transaction_no, vendor_transaction_no, receipt_at, void, test, subtotal_cents,
                      payable_cents, body, posted_at)
values ($1, $2, $3, $4::date, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15)
on conflict (business_id, location_id, punchh_key, business_date, version_no) do update
  set transaction_no = excluded.transaction_no,
      vendor_transaction_no = excluded.vendor_transaction_no, receipt_at = excluded.receipt_at,
      void = excluded.void, test = excluded.test, subtotal_cents = excluded.subtotal_cents,
      payable_cents = excluded.payable_cents, body = excluded.body, posted_at = excluded.posted_at,
      changed_in = excluded.changed_in`,
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
    receipt.vendorTransactionNo,
    new Date(receipt.receiptAt).toISOString(),
    receipt.void,
    receipt.test,
    receipt.subtotalCents,
    receipt.payableCents,
    JSON.stringify(receipt.body),
    new Date(receipt.postedAt).toISOString(),
  ])
}

const ripeStatement: Statement = {
  name: 'ripe_claims',
  text: `
select c.business_id, c.guest_id, c.punchh_key, c.location_id, c.claimed_at
  from receipt_claims c
 where c.state = 'waiting' and ($2::timestamptz is null or c.claimed_at > $2)
   and (c.waits_until <= $1::timestamptz
     or exists (select from receipts v
                 where v.business_id = c.business_id and v.punchh_key = c.punchh_key
                   and not v.test and (c.location_id is null or v.location_id = c.location_id)))
 order by c.claimed_at
 limit $3`,
}

export type WaitingClaim = {
  businessId: number
  guestId: number
  punchhKey: string
  locationId: number | null
  claimedAt: Instant
}

/**
 * Claims whose receipt is here after all, or that have waited long enough: a page of them after one
 * moment, the oldest first.
 */
export async function findRipeClaims(
  db: Db,
  { now, after, limit }: { now: Instant; after: Instant | null; limit: number },
): Promise<WaitingClaim[]> {
  const rows = await db.query(ripeStatement, [
    new Date(now).toISOString(),
    after === null ? null : new Date(after).toISOString(),
    limit,
  ])
  return rows.map((row) => ({
    businessId: row.business_id as number,
    guestId: row.guest_id as number,
    punchhKey: row.punchh_key as string,
    locationId: row.location_id as number | null,
    claimedAt: row.claimed_at as Instant,
  }))
}
