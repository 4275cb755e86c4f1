import type { PromoCodeEntry, SubscriptionPlanEntry } from '@regulars/contract/program-file'
import { assert } from '@regulars/contract/values/assert'
import {
  dayMs,
  hourMs,
  type Instant,
  minuteMs,
  parseLocalInstant,
} from '@regulars/contract/values/instants'
import { type Cents, cents } from '@regulars/contract/values/money'
import { type Points, points } from '@regulars/contract/values/points'
import type { Redeemable } from '@regulars/contract/wire/offers'
import type {
  Benefit,
  Criterion,
  EvaluationFacts,
  LocationScope,
  Program,
  RedemptionSettings,
  Rule,
  Selector,
} from '@regulars/engine'
import type {
  CatalogRow,
  CatalogRows,
  CouponCampaignDocument,
  SettingsDocument,
} from './catalog-rows.ts'
import { type CounterSettings, counterSettingsFrom } from './counter-settings-from.ts'
import { type Texts, textsFrom } from './localised.ts'
import { programFrom } from './program-from.ts'
import { redemptionSettingsFrom } from './redemption-settings-from.ts'
import {
  centsOrNull,
  criterionFrom,
  locationScopeFrom,
  microsOrNull,
  type RuleReferences,
  ruleFrom,
  selectorFrom,
} from './rules-from.ts'

/** Everything stored of one business in the engine's types, with every default filled in and every reference resolved. */
export type Catalog = {
  businessName: string
  zone: string
  currency: string
  /** The first is what is fallen back to. */
  languages: readonly string[]
  program: Program
  redemptions: RedemptionSettings
  counter: CounterSettings
  /** By external id. */
  selectors: ReadonlyMap<string, Selector>
  criteria: ReadonlyMap<string, Criterion>
  /** By their numbers on the wire, in the order they were defined. */
  redeemables: ReadonlyMap<number, CatalogRedeemable>
  plans: ReadonlyMap<number, CatalogPlan>
  /** By code, upper case. */
  promoCodes: ReadonlyMap<string, CatalogPromoCode>
  couponCampaigns: ReadonlyMap<number, CatalogCouponCampaign>
  /** The rule behind banked currency and cards; null lets them reach every menu line. */
  baseRule: Rule | null
  fuel: EvaluationFacts['fuel']
  /** What banked currency leaves to pay. */
  leavePayableCents: Cents
}

export type CatalogRedeemable = {
  redeemableId: number
  externalId: string
  name: Texts
  description: Texts
  rule: Rule
  /** What a flat discount takes off, for replies that name it; zero for every other rule. */
  flatCents: Cents
  /** Null when points do not buy it. */
  points: Points | null
  /** The redeemable's own window; a reward's may be shorter. */
  startsAt: Instant | null
  endsAt: Instant | null
  /** Rewards of it last so many days, the day of the gift being the first. */
  expiryDays: number | null
  /** A gifted reward becomes usable so long after the gift. */
  lagMs: number
  autoApplicable: boolean
  giftable: boolean
  channel: 'all' | 'online_only' | 'offline_only'
  locations: LocationScope
  /** How long a code made for it in the app lasts; the program's own when it sets none. */
  codeExpiryMinutes: number
  codeEndsWithReward: boolean
  image: string
  metaData: string | null
  itemProperties: string | null
  promptShort: string | null
  promptLong: string | null
}

type CatalogPlan = {
  planId: number
  externalId: string
  name: Texts
  description: Texts
  miscellaneous: Texts
  benefits: readonly Benefit[]
  durationDays: number
  priceCents: Cents
  autoApplicable: boolean
  locations: LocationScope
  metaData: string | null
  image: string
}

type CodeTerms = {
  externalId: string
  redeemableId: number
  active: boolean
  /** It cannot be put into a basket. */
  mobileOnly: boolean
  startsAt: Instant | null
  endsAt: Instant | null
  /** Null when the code has none and the redeemable's stands. */
  metaData: Texts | null
}

export type CatalogPromoCode = CodeTerms & {
  promoCodeId: number
  code: string
  /** Null is no limit. */
  usesMax: number | null
  usesPerGuestMax: number | null
  usesPerGuestPerDayMax: number | null
}

/** Its codes are rows of their own, each used once. */
export type CatalogCouponCampaign = CodeTerms & { couponCampaignId: number; name: string }

/**
 * Translates what is stored into what rules are evaluated with. Pure; reads nothing.
 *
 * Throws when a stored entry refers to one that is not stored: readers refuse that at the edge.
 */
export function catalogFrom(rows: CatalogRows): Catalog {
  const { settings } = rows
  const rules = settings.program
  const zone = settings.business.time_zone
  const locationIds = idsOf(rows.locations)
  const selectors = new Map(
    rows.selectors.map((row) => [row.externalId, selectorFrom(row.document)]),
  )
  const criteria = new Map(
    rows.criteria.map((row) => [
      row.externalId,
      criterionFrom(row.document, { selectors, locationIds }),
    ]),
  )
  const references: RuleReferences = { selectors, criteria, locationIds }
  const redeemableIds = idsOf(rows.redeemables)
  const redeemables = byId(rows.redeemables, (row) =>
    redeemableFrom(row, { references, zone, rules }),
  )
  // A tier that the file no longer lists stays stored, and its guests are judged by their points.
  const tiers = (rules.tiers ?? []).flatMap(({ id }) =>
    rows.tiers.filter((row) => row.externalId === id),
  )
  const program = programFrom(rules, { zone, tiers, criteria, redeemableIds })
  const base = redeemables.get(redeemableIds.get(rules.base_redeemable ?? '') ?? 0)
  return {
    businessName: settings.business.name,
    zone,
    currency: settings.business.currency ?? 'USD',
    languages: settings.business.languages ?? ['en'],
    program,
    redemptions: redemptionSettingsFrom(settings.multiple_redemptions ?? {}),
    counter: counterSettingsFrom(settings, redeemableIds),
    selectors,
    criteria,
    redeemables,
    plans: byId(rows.plans, (row) => planFrom(row, references, zone)),
    promoCodes: new Map(
      rows.promoCodes.map((row) => [
        foldCode(row.document.code),
        promoCodeFrom(row, { redeemableIds, zone }),
      ]),
    ),
    couponCampaigns: byId(rows.couponCampaigns, (row) => ({
      ...codeTermsFrom(row, { redeemableIds, zone }),
      couponCampaignId: row.id,
      name: row.document.name,
    })),
    baseRule: base?.rule ?? null,
    fuel: {
      minimumPayablePrice: microsOrNull(rules.minimum_payable_price),
      maximumQuantity: microsOrNull(rules.maximum_discountable_quantity),
      selector: selectors.get(rules.fuel_selector ?? '') ?? null,
    },
    leavePayableCents:
      settings.multiple_redemptions?.leave_minimum_visit_amount === true
        ? program.minimumVisitCents
        : cents(0),
  }
}

/** Codes are the same in upper and lower case. */
export function foldCode(code: string): string {
  return code.trim().toUpperCase()
}

function redeemableFrom(
  { id, externalId, document }: CatalogRow<Redeemable>,
  {
    references,
    zone,
    rules,
  }: { references: RuleReferences; zone: string; rules: SettingsDocument['program'] },
): CatalogRedeemable {
  const rule = ruleFrom(document.receipt_rule, references)
  const ownZone = document.timezone ?? zone
  const buyable = document.applicable_as_loyalty_redemption ?? true
  const price = document.points ?? 0
  return {
    redeemableId: id,
    externalId,
    name: textsFrom(document.name, document.alternate_locale_name),
    description: textsFrom(document.description, document.alternate_locale_description),
    rule,
    flatCents: rule.kind === 'flat' ? rule.discountCents : cents(0),
    points: buyable && price > 0 ? points(price) : null,
    startsAt: document.activate_now === true ? null : momentFrom(document.start_time, ownZone),
    endsAt: document.indefinetely === true ? null : momentFrom(document.end_time, ownZone),
    expiryDays: document.expiry_days ?? null,
    lagMs: lagMsFrom(document.lag_duration),
    autoApplicable: document.auto_applicable ?? false,
    giftable: document.allow_for_support_gifting ?? true,
    channel: document.discount_channel ?? 'all',
    locations: locationScopeFrom(document.effective_location, references.locationIds),
    codeExpiryMinutes:
      document.redemption_code_expiry_mins ?? rules.redemption_expiry_minutes ?? 1_440,
    codeEndsWithReward: document.expire_redemption_code_with_reward_end_date ?? false,
    image: document.redeemable_image_url ?? '',
    metaData: document.meta_data ?? null,
    itemProperties: document.redeemable_properties ?? null,
    promptShort: document.template?.short_prompt ?? null,
    promptLong: document.template?.standard_prompt ?? null,
  }
}

function planFrom(
  { id, externalId, document }: CatalogRow<SubscriptionPlanEntry>,
  references: RuleReferences,
  zone: string,
): CatalogPlan {
  return {
    planId: id,
    externalId,
    name: textsFrom(document.name, document.alternate_locale_name),
    description: textsFrom(document.description, document.alternate_locale_description),
    miscellaneous: textsFrom(document.miscellaneous, document.alternate_locale_miscellaneous),
    benefits: document.benefits
      .map((benefit) => benefitFrom(benefit, references, zone))
      .sort((one, other) => one.priority - other.priority),
    durationDays: document.duration_days ?? 30,
    priceCents: centsOrNull(document.price) ?? cents(0),
    autoApplicable: document.auto_applicable ?? true,
    locations: locationScopeFrom(document.effective_location, references.locationIds),
    metaData: document.meta_data ?? null,
    image: document.image_url ?? '',
  }
}

function benefitFrom(
  document: SubscriptionPlanEntry['benefits'][number],
  references: RuleReferences,
  zone: string,
): Benefit {
  const gapUnits = document.gap_units ?? null
  return {
    benefitId: document.benefit_id,
    priority: document.benefit_priority,
    rule: ruleFrom(document.receipt_rule, references),
    unitDiscount: microsOrNull(document.unit_discount),
    thresholdUnits: document.threshold ?? null,
    thresholdDiscountCents: centsOrNull(document.threshold_discount),
    occurrences: document.occurrence ?? null,
    gapMs: gapUnits === null ? null : gapUnits * gapUnitMs[document.gap_unit_type ?? 'days'],
    startsAt: momentFrom(document.start_time, zone),
    endsAt: momentFrom(document.end_time, zone),
  }
}

const gapUnitMs = { minutes: minuteMs, hours: hourMs, days: dayMs, weeks: 7 * dayMs } as const

function promoCodeFrom(
  row: CatalogRow<PromoCodeEntry>,
  references: CodeReferences,
): CatalogPromoCode {
  const { document } = row
  return {
    ...codeTermsFrom(row, references),
    promoCodeId: row.id,
    code: document.code,
    usesMax: document.uses ?? null,
    // As published, zero uses for one guest is no limit.
    usesPerGuestMax: document.uses_per_guest || null,
    usesPerGuestPerDayMax: document.uses_per_guest_per_day || null,
  }
}

type CodeReferences = { redeemableIds: ReadonlyMap<string, number>; zone: string }

function codeTermsFrom(
  { externalId, document }: CatalogRow<PromoCodeEntry | CouponCampaignDocument>,
  { redeemableIds, zone }: CodeReferences,
): CodeTerms {
  const redeemableId = redeemableIds.get(document.redeemable)
  assert(redeemableId !== undefined, 'a stored code gives a stored redeemable', { document })
  return {
    externalId,
    redeemableId,
    active: document.active ?? true,
    mobileOnly: document.mobile_only ?? false,
    startsAt: momentFrom(document.start_time, zone),
    endsAt: momentFrom(document.end_time, zone),
    metaData:
      document.meta_data === null || document.meta_data === undefined
        ? null
        : textsFrom(document.meta_data, document.alternate_locale_meta_data),
  }
}

function momentFrom(text: string | null | undefined, zone: string): Instant | null {
  if (text === null || text === undefined) return null
  const moment = parseLocalInstant(text, zone)
  assert(moment !== null, 'a stored moment is a moment', { text })
  return moment.at
}

function lagMsFrom(lag: Redeemable['lag_duration']): number {
  if (lag === null || lag === undefined) return 0
  return lag.value * (lag.units === 'days' ? dayMs : hourMs)
}

function idsOf(rows: readonly CatalogRow<unknown>[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row.externalId, row.id]))
}

function byId<Row extends { id: number }, Value>(
  rows: readonly Row[],
  translate: (row: Row) => Value,
): ReadonlyMap<number, Value> {
  return new Map(rows.map((row) => [row.id, translate(row)]))
}
