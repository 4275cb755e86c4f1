import { type Refusal, refuse } from '@regulars/contract/refusals'
import { foldCode } from '../catalog/catalog.ts'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'
import type { IdentifierKind } from '../store/guest-state.ts'
import {
  findByIdentifier,
  findByRedemptionCode,
  findByReward,
  findByScanCode,
  type ScanPayment,
} from '../store/identifiers.ts'

/** The ways a till may name a guest; the first that was sent counts, in this order. */
export type Identity = {
  email?: string
  phone?: string
  card_number?: string
  user_as_qrcode?: string
  single_scan_code?: string
  redemption_code?: string
  reward_id?: string
  apple_nfc_data?: string
  nfc_token?: string
  drive_thru_code?: string
}

export type Identified = {
  kind: 'identified'
  guestId: number
  /** The single scan code that a payment-enabled short code stands for. */
  singleScanCode: string | null
  /** How the guest pays, when the code that was shown says so. */
  payment: ScanPayment | null
}

/**
 * Finds the guest that one identifier names to a till of the location.
 *
 * Refused: missing_parameter when none was sent, invalid_single_scan_code, the short_code_* family,
 * user_not_found.
 */
export async function identifyGuest(
  deps: Deps,
  location: Location,
  identity: Identity,
): Promise<Identified | Refusal> {
  const { businessId } = location
  const standIn = standInGuestId(identity.email)
  if (standIn !== null) return found(standIn)
  for (const kind of plainKinds) {
    const value = identity[kind]
    if (value === undefined) continue
    const normal = normaliseIdentifier(kind, value)
    return found(await findByIdentifier(deps.db, { businessId, kind, value: normal }))
  }
  if (identity.single_scan_code !== undefined) {
    return bySingleScanCode(deps, location, identity.single_scan_code)
  }
  if (identity.redemption_code !== undefined) {
    const code = foldCode(identity.redemption_code)
    return found(await findByRedemptionCode(deps.db, businessId, code))
  }
  if (identity.reward_id !== undefined) return byRewardId(deps, businessId, identity.reward_id)
  if (identity.drive_thru_code !== undefined) {
    return byShortCode(deps, businessId, identity.drive_thru_code)
  }
  return refuse('missing_parameter', { name: 'email' })
}

const plainKinds = [
  'email',
  'phone',
  'card_number',
  'user_as_qrcode',
  'apple_nfc_data',
  'nfc_token',
] as const satisfies readonly IdentifierKind[]

/** An identifier as it is stored and compared: e-mail folded, a phone's digits, codes in upper case. */
export function normaliseIdentifier(kind: IdentifierKind, value: string): string {
  const trimmed = value.trim()
  switch (kind) {
    case 'email':
      return trimmed.toLowerCase()
    case 'phone':
      return normalisePhone(trimmed)
    case 'card_number':
      return trimmed.replace(/[\s-]/g, '')
    case 'user_as_qrcode':
      return qrCode(trimmed.toUpperCase())
    case 'apple_nfc_data':
    case 'nfc_token':
      return trimmed.toUpperCase()
  }
}

// The long form wraps the user code: PUNCHH1000042PUNCHH is P1000042.
function qrCode(code: string): string {
  const long = /^PUNCHH(.+)PUNCHH$/.exec(code)
  return long === null ? code : `P${long[1]}`
}

/** Ten digits: separators dropped, and a North American 1 in front of ten digits. */
export function normalisePhone(text: string): string {
  const digits = text.replace(/\D/g, '')
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits
}

/**
 * The address that stands in for a guest's own, which nobody can receive at: check-ins name guests
 * by what a look-up returned, and guests without an address have this.
 */
export function standInEmail(guestId: number): string {
  return `guest-${guestId}@anonymous.invalid`
}

/** Whose stand-in an address is; null when it is none. */
export function standInGuestId(email: string | undefined): number | null {
  const match = /^guest-(\d{1,15})@anonymous\.invalid$/i.exec(email?.trim() ?? '')
  return match === null ? null : Number(match[1])
}

async function bySingleScanCode(deps: Deps, { businessId, document }: Location, sent: string) {
  if (document.single_scan_enabled === false) return refuse('invalid_single_scan_code')
  const code = sent.trim().toUpperCase()
  const scan = await findByScanCode(deps.db, { businessId, kind: 'single_scan', code })
  if (scan === null || scan.expiresAt <= deps.now()) return refuse('invalid_single_scan_code')
  return found(scan.guestId, { singleScanCode: null, payment: scan.payment })
}

async function byShortCode(deps: Deps, businessId: number, sent: string) {
  const code = sent.trim().toUpperCase()
  const { codeLength } = (await deps.catalogs.newest(businessId)).counter.driveThru
  if (!/^[A-Z0-9]+$/.test(code)) return refuse('short_code_invalid')
  if (code.length !== codeLength) return refuse('short_code_length')
  const scan = await findByScanCode(deps.db, { businessId, kind: 'short', code })
  if (scan === null) return refuse('short_code_not_found')
  if (scan.expiresAt <= deps.now()) return refuse('short_code_expired')
  return found(scan.guestId, { singleScanCode: scan.scanCode, payment: scan.payment })
}

async function byRewardId(deps: Deps, businessId: number, sent: string) {
  const rewardId = Number(sent)
  if (!Number.isSafeInteger(rewardId)) return refuse('user_not_found')
  return found(await findByReward(deps.db, businessId, rewardId))
}

function found(
  guestId: number | null,
  shown: Omit<Identified, 'kind' | 'guestId'> = { singleScanCode: null, payment: null },
): Identified | Refusal {
  if (guestId === null) return refuse('user_not_found')
  return { kind: 'identified', guestId, ...shown }
}
