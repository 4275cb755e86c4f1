import Type from 'typebox'
import { effectiveLocation, receiptRule, translation } from '../wire/offers.ts'
import { nullable } from '../wire/operation.ts'
import { count, entry, flag, moment, money, reference, slug, text } from './members.ts'

const metaDataTranslations = Type.Optional(
  Type.Array(translation, { description: 'The meta data in other languages.' }),
)

const codeRules = {
  redeemable: reference('redeemables', 'What the code gives.'),
  active: Type.Optional(flag('Whether it is accepted at all.', true)),
  mobile_only: Type.Optional(
    flag('For the app alone: it cannot be put into a basket, as published.', false),
  ),
  start_time: Type.Optional(nullable(moment('Not before this moment.'))),
  end_time: Type.Optional(nullable(moment('Not after this moment.'))),
  meta_data: Type.Optional(nullable(text('Sent along for programs to read.', { maxLength: 255 }))),
  alternate_locale_meta_data: metaDataTranslations,
}

const code = (description: string) =>
  Type.String({
    pattern: '^[A-Za-z0-9_-]{3,64}$',
    looksLike: 'a code of 3 to 64 letters, digits, dashes and underscores',
    description,
  })

/** A code many guests share, with its limits. */
const promoCode = entry(
  {
    id: slug('Your own key for the code.'),
    code: code('What is typed or scanned; upper and lower case are the same.'),
    ...codeRules,
    uses: Type.Optional(
      nullable(count('Uses by everybody together; null is no limit.', { minimum: 1 })),
    ),
    uses_per_guest: Type.Optional(
      count('Uses by one guest; 0 is no limit, as published.', { default: 0 }),
    ),
    uses_per_guest_per_day: Type.Optional(
      count('Uses by one guest on one day; 0 is no limit.', { default: 0 }),
    ),
  },
  'A promo code.',
)

/** Codes that are each used once. */
const couponCampaign = entry(
  {
    id: slug('Your own key for the campaign.'),
    name: text('The name shown.', { minLength: 1, maxLength: 255 }),
    ...codeRules,
    codes: Type.Array(code('One code; upper and lower case are the same.'), {
      minItems: 1,
      maxItems: 10_000,
      description: 'The codes, each used once by one guest.',
    }),
  },
  'A campaign of unique coupons.',
)

export const codes = entry(
  {
    coupon_prefix: Type.Optional(
      text('By which tills recognise a coupon.', { maxLength: 16, default: '' }),
    ),
    promo_codes: Type.Optional(Type.Array(promoCode, { description: 'Shared codes.' })),
    coupon_campaigns: Type.Optional(Type.Array(couponCampaign, { description: 'Unique codes.' })),
  },
  'Codes that guests type or scan.',
)

const benefit = entry(
  {
    benefit_id: count(
      'Stays with the benefit when its priority changes; what it has given is counted by it.',
      { minimum: 1 },
    ),
    benefit_priority: count('1 goes first; later ones see the receipt after earlier ones.', {
      minimum: 1,
      maximum: 5,
    }),
    receipt_rule: receiptRule,
    unit_discount: Type.Optional(
      nullable(
        Type.Number({
          minimum: 0.01,
          maximum: 99_999,
          decimals: 6,
          description: "Replaces the criterion's own.",
        }),
      ),
    ),
    threshold: Type.Optional(
      nullable(
        count('Units in all while the subscription runs; null is no limit.', { minimum: 1 }),
      ),
    ),
    threshold_discount: Type.Optional(
      nullable(money('The most one use takes off; null is no limit.', { minimum: 0.01 })),
    ),
    occurrence: Type.Optional(nullable(count('Uses in all; null is no limit.', { minimum: 1 }))),
    gap_units: Type.Optional(
      nullable(count('How long between two uses, counted in the next member.', { minimum: 1 })),
    ),
    gap_unit_type: Type.Optional(
      Type.Enum(['minutes', 'hours', 'days', 'weeks'], {
        default: 'days',
        description: 'The unit of `gap_units`.',
      }),
    ),
    start_time: Type.Optional(nullable(moment('Not before this moment.'))),
    end_time: Type.Optional(nullable(moment('Not after this moment.'))),
  },
  'One benefit.',
)

/** A plan guests buy, with up to five benefits in the order of their priority. */
export const subscriptionPlan = entry(
  {
    id: slug('Your own key for the plan.'),
    name: text('The name shown.', { minLength: 1, maxLength: 255 }),
    description: Type.Optional(text('What the guest reads about it.')),
    miscellaneous: Type.Optional(nullable(text('Anything else shown with it.'))),
    alternate_locale_name: Type.Optional(
      Type.Array(translation, { description: 'The name in other languages.' }),
    ),
    alternate_locale_description: Type.Optional(
      Type.Array(translation, { description: 'The description in other languages.' }),
    ),
    alternate_locale_miscellaneous: Type.Optional(
      Type.Array(translation, { description: 'The rest in other languages.' }),
    ),
    price: Type.Optional(money('What it costs; told, not charged.')),
    duration_days: Type.Optional(
      count('How long it runs once bought.', { minimum: 1, maximum: 3_650, default: 30 }),
    ),
    auto_applicable: Type.Optional(flag('It may be selected by itself.', true)),
    effective_location: Type.Optional(effectiveLocation),
    meta_data: Type.Optional(
      nullable(text('Sent along for programs to read.', { maxLength: 255 })),
    ),
    image_url: Type.Optional(nullable(text('The address of a picture.'))),
    benefits: Type.Array(benefit, { minItems: 1, maxItems: 5, description: 'What it gives.' }),
  },
  'A subscription plan.',
)

/** What is sold: for the demonstration, the console and tests. Rules never read it. */
export const menu = entry(
  {
    items: Type.Array(
      entry(
        {
          item_id: slug('The id on the line, as text.'),
          item_name: text('The name on the line.', { minLength: 1, maxLength: 255 }),
          item_family: text('The family on the line.', { maxLength: 64 }),
          item_group: text('The major group on the line.', { maxLength: 64 }),
          price: money('The price of one.'),
          modifiers: Type.Optional(
            Type.Array(reference('menu_modifiers', 'The `item_id` of a modifier.'), {
              description: 'What may be added to it.',
            }),
          ),
        },
        'One item.',
      ),
      { description: 'The items.' },
    ),
    modifiers: Type.Optional(
      Type.Array(
        entry(
          {
            item_id: slug('The id on the line, as text.'),
            item_name: text('The name on the line.', { minLength: 1, maxLength: 255 }),
            item_family: text('The family on the line.', { maxLength: 64 }),
            item_group: text('The major group on the line.', { maxLength: 64 }),
            price: money('The price of one; 0 is free.'),
          },
          'One modifier.',
        ),
        { description: 'What can be added to items.' },
      ),
    ),
  },
  'The menu.',
)
