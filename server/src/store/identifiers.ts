import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'
import type { IdentifierKind } from './guest-state.ts'

const byIdentifierStatement: Statement = {
  name: 'guest_by_identifier',
  text: `
select guest_id from guest_identifiers where business_id = $1 and kind = $2 and value = $3`,
}

/** The guest who has an identifier, as `normaliseIdentifier` writes it. */
export async function findByIdentifier(
  db: Db,
  by: { businessId: number; kind: IdentifierKind; value: string },
): Promise<number | null> {
  const [row] = await db.query(byIdentifierStatement, [by.businessId, by.kind, by.value])
  return row === undefined ? null : (row.guest_id as number)
}

const byScanCodeStatement: Statement = {
  name: 'guest_by_scan_code',
  text: `
select guest_id, expires_at, scan_code, payment from scan_codes
 where business_id = $1 and kind = $2 and code = $3`,
}

export type ScanCode = {
  guestId: number
  expiresAt: Instant
  /** The single scan code behind a short code, if any. */
  scanCode: string | null
  /** How the guest wants to pay with it; null when it only identifies. */
  payment: ScanPayment | null
}

/** What an app sent with a code, as it sent it. */
export type ScanPayment = { type: string; tip: string | null }

/** Who shows a single scan code or says a short code; expired ones are found too. */
export async function findByScanCode(
  db: Db,
  by: { businessId: number; kind: 'single_scan' | 'short'; code: string },
): Promise<ScanCode | null> {
  const [row] = await db.query(byScanCodeStatement, [by.businessId, by.kind, by.code])
  if (row === undefined) return null
  return {
    guestId: row.guest_id as number,
    expiresAt: row.expires_at as Instant,
    scanCode: row.scan_code as string | null,
    payment: row.payment as ScanPayment | null,
  }
}

const byCodeStatement: Statement = {
  name: 'guest_by_redemption_code',
  text: `
select guest_id from codes where business_id = $1 and code = $2 and guest_id is not null`,
}

/** The guest whose app made a redemption code, or whom a coupon was issued to. */
export async function findByRedemptionCode(
  db: Db,
  businessId: number,
  code: string,
): Promise<number | null> {
  const [row] = await db.query(byCodeStatement, [businessId, code])
  return row === undefined ? null : (row.guest_id as number)
}

const byRewardStatement: Statement = {
  name: 'guest_by_reward',
  text: `select guest_id from rewards where business_id = $1 and reward_id = $2`,
}

export async function findByReward(
  db: Db,
  businessId: number,
  rewardId: number,
): Promise<number | null> {
  const [row] = await db.query(byRewardStatement, [businessId, rewardId])
  return row === undefined ? null : (row.guest_id as number)
}
