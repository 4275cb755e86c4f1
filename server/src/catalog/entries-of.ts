import type {
  CouponCampaignEntry,
  ProgramFile,
  PromoCodeEntry,
} from '@regulars/contract/program-file'
import type { EntryKind } from '../store/catalogs.ts'
import type { CouponCampaignDocument, LocationDocument, SettingsDocument } from './catalog-rows.ts'

/** One entry of a program file as it is stored; its number is given out there. */
export type DefinedEntry = {
  kind: EntryKind
  externalId: string
  document: object
  /** What guests type or scan for it; each is a row of its own. Empty for most kinds. */
  codes: readonly DefinedCode[]
}

/** A code as the file has it. `usesMax` null is no limit. */
type DefinedCode = { code: string; usesMax: number | null }

/** Everything a program file defines beside its business, locations and guests, in file order. */
export function entriesOf(program: ProgramFile): readonly DefinedEntry[] {
  return [
    ...byId('tier', program.program.tiers),
    ...byExternalId('selector', program.line_item_selectors),
    ...byExternalId('criterion', program.qualification_criteria),
    ...byExternalId('redeemable', program.redeemables),
    ...byId('plan', program.subscription_plans),
    ...(program.codes?.promo_codes ?? []).map(promoCode),
    ...(program.codes?.coupon_campaigns ?? []).map(couponCampaign),
  ]
}

/** What of a program file is one document for the business. The keys stay behind. */
export function settingsOf(program: ProgramFile): SettingsDocument {
  const { business_key, client, client_secret, admin_key, id, ...business } = program.business
  const { program: rules, codes, multiple_redemptions_enabled, multiple_redemptions } = program
  const { sign_up, single_scan, drive_thru, claims, advanced_authentication } = program
  return {
    business,
    program: rules,
    ...(codes?.coupon_prefix === undefined
      ? {}
      : { codes: { coupon_prefix: codes.coupon_prefix } }),
    ...defined({ multiple_redemptions_enabled, multiple_redemptions, sign_up }),
    ...defined({ single_scan, drive_thru, claims, advanced_authentication }),
  }
}

/** A location without its key, of which only a hash is stored. */
export function locationDocumentOf(entry: ProgramFile['locations'][number]): LocationDocument {
  const { location_key, ...document } = entry
  return document
}

function promoCode(entry: PromoCodeEntry): DefinedEntry {
  const codes = [{ code: entry.code, usesMax: entry.uses ?? null }]
  return { kind: 'promo_code', externalId: entry.id, document: entry, codes }
}

// A campaign may have thousands of codes: they stay out of its document.
function couponCampaign(entry: CouponCampaignEntry): DefinedEntry {
  const { codes, ...document } = entry satisfies CouponCampaignDocument
  return {
    kind: 'coupon_campaign',
    externalId: entry.id,
    document,
    codes: codes.map((code) => ({ code, usesMax: 1 })),
  }
}

function byId(
  kind: EntryKind,
  entries: readonly { id: string }[] | undefined,
): readonly DefinedEntry[] {
  return (entries ?? []).map((document) => ({
    kind,
    externalId: document.id,
    document,
    codes: [],
  }))
}

function byExternalId(
  kind: EntryKind,
  entries: readonly { external_id: string }[] | undefined,
): readonly DefinedEntry[] {
  return (entries ?? []).map((document) => ({
    kind,
    externalId: document.external_id,
    document,
    codes: [],
  }))
}

/** The members that are there; an optional member is absent, never undefined. */
function defined<Members extends object>(
  members: Members,
): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Members]?: Exclude<Members[Name], undefined>
  }
}
