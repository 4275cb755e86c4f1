import { type Instant, toWireInstant } from '@regulars/contract/values/instants'
import { toDecimal } from '@regulars/contract/values/money'
import type { BasketItem, DiscountSource } from '@regulars/engine'
import type { Catalog, CatalogRedeemable } from '../catalog/catalog.ts'
import { codeTerms } from '../catalog/code-terms.ts'
import { localised, localisedSubscription } from '../catalog/localised.ts'
import type { Code } from '../store/guest-state.ts'

/** In which language and on whose behalf a reply is written. */
export type Reader = {
  catalog: Catalog
  language: string | null
  /** The guest's, which know the campaign a coupon is of. */
  codes: readonly Code[]
}

export type DiscountDetails = {
  item_id: number
  name: string
  campaign_name: string | null
  image: string
  points: number | null
  base_amount: number | null
  description: string
  item_properties: string | null
  meta_detail: string | null
  start_date_tz: string | null
  end_date_tz: string | null
  created_at: string
  auto_select: boolean
  max_applicable_quantity?: number | null
}

/** The offer behind a basket item; null for money, cards and fuel, which are no offer, and for what is gone. */
export function discountDetails(item: BasketItem, reader: Reader): DiscountDetails | null {
  const { discount } = item
  if (discount === null) return null
  const window = {
    start_date_tz: wireOrNull(discount.startsAt),
    end_date_tz: wireOrNull(discount.expiresAt),
    created_at: toWireInstant(item.createdAt),
    auto_select: discount.autoApplicable,
  }
  const { source } = discount
  if (source.kind === 'subscription') {
    const plan = reader.catalog.plans.get(source.planId)
    if (plan === undefined) return null
    return {
      item_id: plan.planId,
      name: localisedSubscription(plan.name, reader.language) ?? '',
      campaign_name: null,
      image: plan.image,
      points: null,
      base_amount: null,
      description: localisedSubscription(plan.description, reader.language) ?? '',
      item_properties: null,
      meta_detail: plan.metaData,
      ...window,
    }
  }
  const redeemable = redeemableOf(source, reader.catalog)
  if (redeemable === null) return null
  return {
    item_id: redeemable.redeemableId,
    name: localised(redeemable.name, reader.language),
    campaign_name: null,
    image: redeemable.image,
    points: source.kind === 'redeemable' ? source.costPoints : null,
    base_amount: redeemable.flatCents > 0 ? toDecimal(redeemable.flatCents) : null,
    description: localised(redeemable.description, reader.language),
    item_properties: redeemable.itemProperties,
    meta_detail: metaData(source, redeemable, reader),
    ...window,
  }
}

/** The redeemable that a discount is of; null when it is of none. */
function redeemableOf(source: DiscountSource, catalog: Catalog): CatalogRedeemable | null {
  const id = 'redeemableId' in source ? source.redeemableId : null
  return id === null ? null : (catalog.redeemables.get(id) ?? null)
}

// Only codes have meta data in other languages, as published.
function metaData(
  source: DiscountSource,
  redeemable: CatalogRedeemable,
  { catalog, language, codes }: Reader,
): string | null {
  const code =
    source.kind === 'redemption_code' ? codes.find((one) => one.code === source.code) : undefined
  const texts = code === undefined ? null : (codeTerms(code, catalog)?.metaData ?? null)
  return texts === null ? redeemable.metaData : localised(texts, language)
}

export function wireOrNull(at: Instant | null): string | null {
  return at === null ? null : toWireInstant(at)
}
