import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'
import type { ScanPayment } from './identifiers.ts'

/** A code as it would be made now. */
export type WantedCode = {
  kind: 'single_scan' | 'short'
  code: string
  locationId: number | null
  /** The single scan code behind a short code, if any. */
  scanCode: string | null
  payment: ScanPayment | null
  expiresAt: Instant
}

export type KeptCode = Pick<WantedCode, 'kind' | 'code' | 'expiresAt'>

const statement: Statement = {
  name: 'put_scan_codes',
  text: `
insert into scan_codes (business_id, guest_id, kind, code, location_id, scan_code, payment,
                        created_at, expires_at)
select $1, $2, kind, code, location_id, scan_code, payment, $3, expires_at
  from json_to_recordset($4::json) as x (
    kind text, code text, location_id bigint, scan_code text, payment jsonb,
    expires_at timestamptz)
on conflict (business_id, guest_id, kind) do update
  set code = case
        when scan_codes.kind = 'short' and scan_codes.expires_at > $3 then scan_codes.code
        else excluded.code end,
      location_id = excluded.location_id, scan_code = excluded.scan_code,
      payment = excluded.payment, created_at = excluded.created_at,
      expires_at = excluded.expires_at
returning kind, code, expires_at`,
}

/**
 * Makes a guest's codes in one statement. Each replaces the guest's earlier one of its kind, but a
 * short code that is still alive stays the same and lasts anew.
 *
 * Throws ConstraintError when another guest has one of the codes.
 */
export async function putScanCodes(
  db: Db,
  guest: { businessId: number; guestId: number },
  { codes, now }: { codes: readonly WantedCode[]; now: Instant },
): Promise<KeptCode[]> {
  const rows = await db.query(statement, [
    guest.businessId,
    guest.guestId,
    new Date(now).toISOString(),
    JSON.stringify(
      codes.map((one) => ({
        kind: one.kind,
        code: one.code,
        location_id: one.locationId,
        scan_code: one.scanCode,
        payment: one.payment,
        expires_at: new Date(one.expiresAt).toISOString(),
      })),
    ),
  ])
  return rows.map((row) => ({
    kind: row.kind as KeptCode['kind'],
    code: row.code as string,
    expiresAt: row.expires_at as Instant,
  }))
}
