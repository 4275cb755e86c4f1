import Type from 'typebox'
import {
  advancedAuthentication,
  business,
  claims,
  driveThru,
  location,
  signUp,
  singleScan,
} from './program-file/business.ts'
import { guest } from './program-file/guests.ts'
import { codes, menu, subscriptionPlan } from './program-file/offers.ts'
import { multipleRedemptions, program } from './program-file/program.ts'
import { lineItemSelector, qualificationCriterion, redeemable } from './wire/offers.ts'

/**
 * Everything of a business that no publication covers, and its offers in the published shapes.
 *
 * Each entry has a key of its own (`id`, or `external_id` where the shape is published), and
 * entries refer to each other by it.
 */
export const programFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'For editors; not read.' })),
    business,
    locations: Type.Array(location, { minItems: 1, maxItems: 8191, description: 'The stores.' }),
    program,
    multiple_redemptions_enabled: Type.Optional(
      Type.Boolean({ default: true, description: 'Baskets may hold and redeem discounts.' }),
    ),
    multiple_redemptions: Type.Optional(multipleRedemptions),
    sign_up: Type.Optional(signUp),
    codes: Type.Optional(codes),
    subscription_plans: Type.Optional(
      Type.Array(subscriptionPlan, { description: 'Plans guests buy.' }),
    ),
    menu: Type.Optional(menu),
    line_item_selectors: Type.Optional(
      Type.Array(lineItemSelector, { description: 'Which lines rules speak of.' }),
    ),
    qualification_criteria: Type.Optional(
      Type.Array(qualificationCriterion, { description: 'Which lines earn how much.' }),
    ),
    redeemables: Type.Optional(Type.Array(redeemable, { description: 'The offers.' })),
    single_scan: Type.Optional(singleScan),
    drive_thru: Type.Optional(driveThru),
    claims: Type.Optional(claims),
    advanced_authentication: Type.Optional(advancedAuthentication),
    guests: Type.Optional(Type.Array(guest, { description: 'Guests who are there at the start.' })),
  },
  { additionalProperties: false, description: 'One business and its loyalty program.' },
)

export type ProgramFile = Type.Static<typeof programFile>
export type BusinessEntry = ProgramFile['business']
export type LocationEntry = ProgramFile['locations'][number]
export type ProgramRules = ProgramFile['program']
export type TierEntry = NonNullable<ProgramRules['tiers']>[number]
export type ExpiryEntry = NonNullable<ProgramRules['points_expiry']>
export type MultipleRedemptions = NonNullable<ProgramFile['multiple_redemptions']>
export type SignUpRules = NonNullable<ProgramFile['sign_up']>
export type SubscriptionPlanEntry = NonNullable<ProgramFile['subscription_plans']>[number]
export type CodeRules = NonNullable<ProgramFile['codes']>
export type PromoCodeEntry = NonNullable<CodeRules['promo_codes']>[number]
export type CouponCampaignEntry = NonNullable<CodeRules['coupon_campaigns']>[number]
export type GuestEntry = NonNullable<ProgramFile['guests']>[number]
