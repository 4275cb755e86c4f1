import { assert } from '@regulars/contract/values/assert'
import { type Cents, cents } from '@regulars/contract/values/money'
import { type Points, points } from '@regulars/contract/values/points'
import type { SettingsDocument } from './catalog-rows.ts'
import { centsOrNull } from './rules-from.ts'

/** How the counter behaves around the rules: locking, signing up, codes, claims, signing in. */
export type CounterSettings = {
  multipleRedemptionsEnabled: boolean
  exposeProgramStructure: boolean
  /** The word for what is earned. */
  earningUnit: 'point' | 'visit'
  locking: { enabled: boolean /** Null never lapses. */; autoUnlockMinutes: number | null }
  /** Failed items carry the criterion they failed. */
  showsQualifyingConditions: boolean
  http422: 'when_all_fail' | 'always' | 'never'
  /** Null is no limit. */
  couponVoidHours: number | null
  couponPrefix: string
  redemptionExpiryMinutes: number
  signUp: { minimumAge: number; byPhoneAlone: boolean; gifts: readonly SignUpGift[] }
  singleScan: CodeSettings
  driveThru: CodeSettings
  claims: { receiptAgeDays: number; minimumCents: Cents; waitHours: number }
  advancedAuthentication: {
    enabled: boolean
    email: boolean
    sms: boolean
    codeLength: number
    codeMinutes: number
    attemptsMax: number
    accessTokenSeconds: number
    refreshTokenDays: number
  }
}

type CodeSettings = { enabled: boolean; codeLength: number; lifetimeMinutes: number }

export type SignUpGift = { externalId: string } & (
  | { kind: 'reward'; redeemableId: number }
  | { kind: 'points'; points: Points }
  | { kind: 'visits'; visits: number }
  | { kind: 'currency'; cents: Cents }
)

/** Every default filled in. */
export function counterSettingsFrom(
  settings: SettingsDocument,
  redeemableIds: ReadonlyMap<string, number>,
): CounterSettings {
  const redemptions = settings.multiple_redemptions ?? {}
  const signIn = settings.advanced_authentication ?? {}
  return {
    multipleRedemptionsEnabled: settings.multiple_redemptions_enabled ?? true,
    exposeProgramStructure: settings.business.expose_program_structure ?? true,
    earningUnit:
      settings.program.earning_unit ??
      (settings.program.program_type === 'visits' ? 'visit' : 'point'),
    locking: {
      enabled: redemptions.enable_discount_locking ?? false,
      autoUnlockMinutes:
        (redemptions.enable_auto_unlock ?? true) ? (redemptions.auto_unlock_duration ?? 30) : null,
    },
    showsQualifyingConditions: redemptions.show_qualifying_conditions ?? false,
    http422: redemptions.switches?.http_422 ?? 'when_all_fail',
    couponVoidHours:
      redemptions.switches?.coupon_void_hours === undefined
        ? 24
        : redemptions.switches.coupon_void_hours,
    couponPrefix: settings.codes?.coupon_prefix ?? '',
    redemptionExpiryMinutes: settings.program.redemption_expiry_minutes ?? 1_440,
    signUp: {
      minimumAge: settings.sign_up?.minimum_age_to_signup ?? 0,
      byPhoneAlone: settings.sign_up?.autocreate_user_phone ?? true,
      gifts: (settings.sign_up?.gifts ?? []).map((gift) => giftFrom(gift, redeemableIds)),
    },
    singleScan: codeSettingsFrom(settings.single_scan, { codeLength: 6, lifetimeMinutes: 10 }),
    driveThru: codeSettingsFrom(settings.drive_thru, { codeLength: 4, lifetimeMinutes: 30 }),
    claims: {
      receiptAgeDays: settings.claims?.receipt_age_days ?? 30,
      minimumCents: centsOrNull(settings.claims?.minimum_amount) ?? cents(1),
      waitHours: settings.claims?.wait_hours ?? 72,
    },
    advancedAuthentication: {
      enabled: signIn.enabled ?? false,
      email: signIn.email ?? true,
      sms: signIn.sms ?? true,
      codeLength: signIn.code_length ?? 6,
      codeMinutes: signIn.code_minutes ?? 10,
      attemptsMax: signIn.attempts ?? 5,
      accessTokenSeconds: signIn.access_token_seconds ?? 1_800,
      refreshTokenDays: signIn.refresh_token_days ?? 30,
    },
  }
}

function codeSettingsFrom(
  document: SettingsDocument['single_scan'],
  byDefault: Omit<CodeSettings, 'enabled'>,
): CodeSettings {
  return {
    enabled: document?.enabled ?? true,
    codeLength: document?.code_length ?? byDefault.codeLength,
    lifetimeMinutes: document?.lifetime_minutes ?? byDefault.lifetimeMinutes,
  }
}

type GiftEntry = NonNullable<NonNullable<SettingsDocument['sign_up']>['gifts']>[number]

function giftFrom(gift: GiftEntry, redeemableIds: ReadonlyMap<string, number>): SignUpGift {
  const externalId = gift.id
  if (gift.points !== undefined) return { externalId, kind: 'points', points: points(gift.points) }
  if (gift.visits !== undefined) return { externalId, kind: 'visits', visits: gift.visits }
  const currency = centsOrNull(gift.currency)
  if (currency !== null) return { externalId, kind: 'currency', cents: currency }
  const redeemableId = redeemableIds.get(gift.redeemable ?? '')
  assert(redeemableId !== undefined, 'a stored gift gives one stored thing', { gift })
  return { externalId, kind: 'reward', redeemableId }
}
