import {
  type Catalog,
  type CatalogCouponCampaign,
  type CatalogPromoCode,
  foldCode,
} from './catalog.ts'

/** The campaign's terms of a coupon or promo; null for a code of the guest's own app. */
export function codeTerms(
  code: { code: string; campaignId: number | null },
  catalog: Catalog,
): CatalogPromoCode | CatalogCouponCampaign | null {
  const promo = catalog.promoCodes.get(foldCode(code.code))
  if (promo !== undefined) return promo
  return code.campaignId === null ? null : (catalog.couponCampaigns.get(code.campaignId) ?? null)
}
