import type {
  CouponCampaignEntry,
  LocationEntry,
  ProgramFile,
  PromoCodeEntry,
  SubscriptionPlanEntry,
  TierEntry,
} from '@regulars/contract/program-file'
import type {
  LineItemSelector,
  QualificationCriterion,
  Redeemable,
} from '@regulars/contract/wire/offers'

/** One stored entry: its number on the wire, its key in the file, and its document as published. */
export type CatalogRow<Document> = { id: number; externalId: string; document: Document }

/** The members of the program file that are one document for the whole business. No keys in it. */
export type SettingsDocument = Pick<
  ProgramFile,
  | 'program'
  | 'multiple_redemptions_enabled'
  | 'multiple_redemptions'
  | 'sign_up'
  | 'single_scan'
  | 'drive_thru'
  | 'claims'
  | 'advanced_authentication'
> & {
  business: Pick<
    ProgramFile['business'],
    'name' | 'time_zone' | 'currency' | 'languages' | 'expose_program_structure'
  >
  codes?: { coupon_prefix?: string }
}

/** A location as it is stored: without its key, of which only the hash is kept. */
export type LocationDocument = Omit<LocationEntry, 'location_key'>

/** A coupon campaign as it is stored: its codes are rows of their own. */
export type CouponCampaignDocument = Omit<CouponCampaignEntry, 'codes'>

/** Everything of one business that rules and replies are made of, as it is stored. */
export type CatalogRows = {
  settings: SettingsDocument
  locations: readonly CatalogRow<LocationDocument>[]
  tiers: readonly CatalogRow<TierEntry>[]
  selectors: readonly CatalogRow<LineItemSelector>[]
  criteria: readonly CatalogRow<QualificationCriterion>[]
  redeemables: readonly CatalogRow<Redeemable>[]
  plans: readonly CatalogRow<SubscriptionPlanEntry>[]
  promoCodes: readonly CatalogRow<PromoCodeEntry>[]
  couponCampaigns: readonly CatalogRow<CouponCampaignDocument>[]
}
