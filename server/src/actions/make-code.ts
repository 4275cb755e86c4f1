import { type Refusal, refuse } from '@regulars/contract/refusals'
import { assert } from '@regulars/contract/values/assert'
import { type Instant, minuteMs, plusMs } from '@regulars/contract/values/instants'
import { type Cents, toDecimalText } from '@regulars/contract/values/money'
import type { Deps } from '../deps.ts'
import { findLocation, type Location } from '../store/callers.ts'
import { ConstraintError } from '../store/db.ts'
import type { ScanPayment } from '../store/identifiers.ts'
import { putScanCodes, type WantedCode } from '../store/scan-codes.ts'
import { standingRefusal } from './basket-gates.ts'
import type { Facts, GuestId } from './change-guest.ts'
import { existingGuest } from './find-guest.ts'

export type ScanCodeRequest = GuestId & {
  /** As the app spelled it; null makes a code that only identifies. */
  paymentType: string | null
  giftCardUuid: string | null
  transactionToken: string | null
  tipCents: Cents | null
  /** A drive-thru code in front of the single scan code. */
  wantsShortCode: boolean
  locationId: number | null
}

export type ScanCode = {
  kind: 'single_scan_code'
  code: string
  expiresAt: Instant
  createdAt: Instant
}

export type ShortCode = {
  kind: 'short_code'
  code: string
  locationId: number
  expiresAt: Instant
  /** False when the guest's live short code was kept and stands for something new. */
  isNew: boolean
}

/**
 * Makes the code that a guest shows at the till; the one before stops working. With a short code, the
 * guest's live one is kept and stands for the new code.
 *
 * Refused, in this order: user_not_found, guest_banned_code, invalid_payment_type, missing_parameter
 * (what that payment needs), short_code_location, location_not_found, location_feature_disabled.
 */
export async function makeScanCode(
  deps: Deps,
  request: ScanCodeRequest,
): Promise<ScanCode | ShortCode | Refusal> {
  const guest = await guestWhoMay(deps, request)
  if (guest.kind === 'refused') return guest
  const refusal = requestRefusal(request)
  if (refusal !== null) return refusal
  const place = await placeOf(deps, request)
  if (place.kind === 'refused') return place
  const { location } = place
  const { facts } = guest
  const { singleScan, driveThru } = facts.catalog.counter
  const isOff =
    location?.document.single_scan_enabled === false ||
    !singleScan.enabled ||
    (request.wantsShortCode && !driveThru.enabled)
  if (isOff) return refuse('location_feature_disabled')

  const shortAt = request.wantsShortCode ? location : null
  const payment = paymentOf(request)
  const { scan, short } = await putCodes(deps, facts, () => {
    const scanning = scanCode(deps, facts, payment)
    return shortAt === null
      ? [scanning]
      : [scanning, shortCode(deps, facts, { location: shortAt, behind: scanning })]
  })
  if (short !== null && shortAt !== null) return { ...short, locationId: shortAt.locationId }
  assert(scan !== null, 'a single scan code was made', { request })
  return scan
}

/**
 * Makes the code that a guest says at a drive-through. A live one is kept and lasts anew.
 *
 * Refused, in this order: user_not_found, guest_banned_code, location_not_found, drive_thru_disabled.
 */
export async function makeDriveThruCode(
  deps: Deps,
  request: GuestId & { locationId: number },
): Promise<ShortCode | Refusal> {
  const guest = await guestWhoMay(deps, request)
  if (guest.kind === 'refused') return guest
  const place = await placeOf(deps, request)
  if (place.kind === 'refused') return place
  const { facts } = guest
  const { location } = place
  if (!facts.catalog.counter.driveThru.enabled) return refuse('drive_thru_disabled')
  assert(location !== null, 'a location that was asked for was found', { request })
  const { short } = await putCodes(deps, facts, () => [
    shortCode(deps, facts, { location, behind: null }),
  ])
  assert(short !== null, 'a short code was made', { request })
  return { ...short, locationId: location.locationId }
}

async function guestWhoMay(deps: Deps, id: GuestId) {
  const guest = await existingGuest(deps, id)
  if (guest.kind === 'refused') return guest
  return standingRefusal(guest.facts, 'guest_banned_code') ?? guest
}

const paymentTypes = ['GiftCard', 'CreditCard', 'recurring'] as const

function requestRefusal(request: ScanCodeRequest): Refusal | null {
  if (request.paymentType !== null) {
    const type = paymentTypeOf(request.paymentType)
    if (type === null) return refuse('invalid_payment_type')
    if (type === 'GiftCard' && request.giftCardUuid === null) {
      return refuse('missing_parameter', { name: 'gift_card_uuid' })
    }
    if (type !== 'GiftCard' && request.transactionToken === null) {
      return refuse('missing_parameter', { name: 'transaction_token' })
    }
  }
  const lacksPlace = request.wantsShortCode && request.locationId === null
  return lacksPlace ? refuse('short_code_location') : null
}

function paymentTypeOf(sent: string): (typeof paymentTypes)[number] | null {
  return paymentTypes.find((known) => known.toLowerCase() === sent.toLowerCase()) ?? null
}

function paymentOf({ paymentType, tipCents }: ScanCodeRequest): ScanPayment | null {
  const type = paymentType === null ? null : paymentTypeOf(paymentType)
  return type && { type, tip: tipCents === null ? null : toDecimalText(tipCents) }
}

async function placeOf(
  deps: Deps,
  { businessId, locationId }: { businessId: number; locationId: number | null },
): Promise<{ kind: 'place'; location: Location | null } | Refusal> {
  if (locationId === null) return { kind: 'place', location: null }
  const location = await findLocation(deps.db, businessId, { locationId })
  if (location === null) return refuse('location_not_found', { storeNumber: locationId })
  return { kind: 'place', location }
}

function scanCode(deps: Deps, { catalog, now }: Facts, payment: ScanPayment | null): WantedCode {
  const { codeLength, lifetimeMinutes } = catalog.counter.singleScan
  return {
    kind: 'single_scan',
    code: deps.random.hex(codeLength),
    locationId: null,
    scanCode: null,
    payment,
    expiresAt: plusMs(now, lifetimeMinutes * minuteMs),
  }
}

function shortCode(
  deps: Deps,
  { catalog, now }: Facts,
  { location, behind }: { location: Location; behind: WantedCode | null },
): WantedCode {
  const { codeLength, lifetimeMinutes } = catalog.counter.driveThru
  return {
    kind: 'short',
    code: deps.random.code(codeLength),
    locationId: location.locationId,
    scanCode: behind?.code ?? null,
    payment: behind?.payment ?? null,
    expiresAt: plusMs(now, lifetimeMinutes * minuteMs),
  }
}

/** Tries with other codes before another guest's code in the way is taken for a fault. */
const attemptsMax = 8

type PutCodes = { scan: ScanCode | null; short: Omit<ShortCode, 'locationId'> | null }

async function putCodes(
  deps: Deps,
  { state: { guest }, now }: Facts,
  make: () => WantedCode[],
): Promise<PutCodes> {
  for (let attempt = 1; ; attempt += 1) {
    const codes = make()
    try {
      const kept = await putScanCodes(deps.db, guest, { codes, now })
      const wantedShort = codes.find(({ kind }) => kind === 'short')
      const scan = kept.find(({ kind }) => kind === 'single_scan')
      const short = kept.find(({ kind }) => kind === 'short')
      return {
        scan: scan === undefined ? null : { ...scan, kind: 'single_scan_code', createdAt: now },
        short:
          short === undefined
            ? null
            : { ...short, kind: 'short_code', isNew: short.code === wantedShort?.code },
      }
    } catch (error) {
      const isInTheWay =
        error instanceof ConstraintError && error.constraint === 'scan_codes_code_once'
      if (!isInTheWay || attempt === attemptsMax) throw error
    }
  }
}
