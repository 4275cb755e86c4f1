import Type from 'typebox'
import { nullable } from '../wire/operation.ts'
import { count, entry, flag, money, monthDay, reference, slug, text } from './members.ts'

const conversionMembers = {
  points_conversion_threshold: Type.Optional(
    count('Points that convert at a time, where points become currency or rewards.', {
      minimum: 1,
    }),
  ),
  currency_earned: Type.Optional(
    money('Currency banked at each threshold, where points become currency.', { minimum: 0.01 }),
  ),
  conversion_redeemable: Type.Optional(
    reference('redeemables', 'The reward issued at each threshold, where points become rewards.'),
  ),
}

const expiry = (of: string) =>
  Type.Optional(
    nullable(
      entry(
        {
          kind: Type.Enum(['rolling', 'fixed', 'inactivity'], {
            description:
              'So many days after it was earned, on one day of the year, or after inactivity.',
          }),
          days: Type.Optional(
            count('For `rolling` and `inactivity`: how many days.', { minimum: 1, maximum: 3_650 }),
          ),
          month_day: Type.Optional(monthDay('For `fixed`: the last day, `MM-DD`.')),
        },
        `How ${of} run out. Null or absent: they do not.`,
      ),
    ),
  )

const tier = entry(
  {
    id: slug('Your own key for the tier.'),
    name: text('The name shown.', { minLength: 1, maxLength: 255 }),
    minimum_points: count('A guest with exactly so many qualification points is in the tier.'),
    maximum_points: Type.Optional(
      nullable(count('A guest with exactly so many is in the next tier. Null has no end.')),
    ),
    earning_multiplier: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 1_000,
        decimals: 6,
        default: 1,
        description: 'Points earned in the tier are times this.',
      }),
    ),
    ...conversionMembers,
  },
  'One membership level. Its own conversion members replace those of the program.',
)

/** How guests earn, and what that turns into. Published names where program meta has one. */
export const program = entry(
  {
    program_type: Type.Enum(['visits', 'points', 'points_unlock_redeemables'], {
      description: 'What a guest collects and spends.',
    }),
    points_conversion_type: Type.Optional(
      Type.Enum(['currency', 'rewards', 'staged', 'none'], {
        default: 'none',
        description:
          'What points turn into: `currency` or `rewards` in a `points` program; `staged` or `none` where points unlock redeemables.',
      }),
    ),
    earning_unit: Type.Optional(
      Type.Enum(['point', 'visit'], { description: 'The word told to tills.' }),
    ),
    earning_rate: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100_000,
        decimals: 6,
        default: 1,
        description: 'Points for each unit of currency.',
      }),
    ),
    rounding_rule: Type.Optional(
      Type.Enum(['floor', 'ceil', 'round'], {
        default: 'floor',
        description: 'How earned points become whole.',
      }),
    ),
    rounding_stage: Type.Optional(
      Type.Enum(['before', 'after'], {
        default: 'after',
        description: 'Round the amount before it is multiplied, or the points after.',
      }),
    ),
    earning_criterion: Type.Optional(
      reference('qualification_criteria', 'What of a receipt earns; its subtotal when absent.'),
    ),
    ...conversionMembers,
    reserved_points: Type.Optional(
      count('Points up to this many are kept out of conversion.', { default: 0 }),
    ),
    visits_per_card: Type.Optional(
      count('Visits that fill a card.', { minimum: 1, maximum: 100, default: 10 }),
    ),
    card_redemption_value: Type.Optional(
      money('What a full card takes off at most.', { default: 0 }),
    ),
    base_redeemable: Type.Optional(
      reference(
        'redeemables',
        'The rule behind banked currency and cards: which lines they may pay for.',
      ),
    ),
    minimum_visit_amount: Type.Optional(
      money('A receipt under this earns nothing.', { default: 0 }),
    ),
    minimum_visit_hours: Type.Optional(
      count('The window of the next member; 0 is no limit.', { maximum: 720, default: 0 }),
    ),
    receipts_per_visit_window: Type.Optional(
      count('At most so many receipts whose times lie within that window.', {
        minimum: 1,
        maximum: 100,
        default: 1,
      }),
    ),
    pending_points: Type.Optional(flag('Points wait before they can be spent.', false)),
    pending_points_duration: Type.Optional(
      count('Minutes they wait, from the time of the receipt.', { maximum: 10_080, default: 15 }),
    ),
    configurable_default_time_eod: Type.Optional(
      Type.String({
        format: 'time-of-day',
        default: '23:59:59',
        description: 'The local time at which waiting ends at the latest, `HH:MM:SS`.',
      }),
    ),
    redemption_expiry_minutes: Type.Optional(
      count('How long a code made in the app lasts.', {
        minimum: 1,
        maximum: 10_080,
        default: 1_440,
      }),
    ),
    points_expiry: expiry('points'),
    visits_expiry: expiry('visits'),
    currency_expiry: expiry('lots of banked currency'),
    tiers: Type.Optional(
      Type.Array(tier, { description: 'Membership levels, lowest first, without gaps.' }),
    ),
    tier_reset: Type.Optional(
      entry(
        {
          kind: Type.Enum(['never', 'annual', 'anniversary'], {
            description: 'When qualification points start again from zero.',
          }),
          month_day: Type.Optional(monthDay('For `annual`: the day, `MM-DD`.')),
        },
        'When tiers are evaluated anew. Absent: never.',
      ),
    ),
    fuel_selector: Type.Optional(
      reference('line_item_selectors', 'Fuel: which lines are fuel; every line when absent.'),
    ),
    minimum_payable_price: Type.Optional(
      nullable(
        Type.Number({
          minimum: 0,
          maximum: 99_999,
          decimals: 6,
          description: 'Fuel: a unit of volume never costs less.',
        }),
      ),
    ),
    maximum_discountable_quantity: Type.Optional(
      nullable(
        Type.Number({
          minimum: 0,
          maximum: 99_999,
          decimals: 6,
          description: 'Fuel: at most this much volume is discounted.',
        }),
      ),
    ),
  },
  'The rules for earning.',
)

/** How several discounts meet on one receipt: the published members, then switches of ours. */
export const multipleRedemptions = entry(
  {
    auto_redemption: Type.Optional(flag('Tills may ask for discounts to be selected.', true)),
    auto_redemption_discounts: Type.Optional(
      Type.Array(Type.Enum(['offer', 'subscription', 'fuel_reward', 'discount_amount']), {
        default: ['offer', 'subscription'],
        description: 'What may be selected by itself.',
      }),
    ),
    max_redemptions_in_transaction: Type.Optional(
      count('Discounts on one receipt.', { minimum: 1, maximum: 100, default: 10 }),
    ),
    allow_multiple_redemption_on_item: Type.Optional(
      flag('Several discounts may share a line (stacking).', true),
    ),
    allow_qualifying_items_reused: Type.Optional(
      flag('A line may qualify several discounts.', true),
    ),
    enable_discount_locking: Type.Optional(
      flag('A till holds the basket by its `external_uid`.', false),
    ),
    enable_auto_unlock: Type.Optional(flag('Such a hold lapses by itself.', true)),
    auto_unlock_duration: Type.Optional(
      count('Minutes after which it lapses.', { minimum: 1, maximum: 10_080, default: 30 }),
    ),
    discount_processing_strategy: Type.Optional(
      Type.Enum(['date_of_expiry'], {
        default: 'date_of_expiry',
        description: 'Among equals, the one that ends first goes first.',
      }),
    ),
    processing_priority_by_discount_type: Type.Optional(
      Type.Array(Type.Enum(['reward', 'promo_coupon', 'subscription', 'discount_amount']), {
        default: ['reward', 'promo_coupon', 'subscription', 'discount_amount'],
        description: 'Which types go first.',
      }),
    ),
    processing_priority_by_acquisition_type: Type.Optional(
      Type.Array(
        entry(
          {
            code: Type.Enum(['loyalty', 'pre_purchased', 'offer', 'promo_coupon'], {
              description: 'The class.',
            }),
            priority: count('Lower goes first.'),
            multiplication_factor: Type.Optional(
              nullable(count('At most so many of it on one receipt; null is no limit.')),
            ),
          },
          'One class.',
        ),
        { description: 'How a discount was come by, and what that means for its turn.' },
      ),
    ),
    exclude_interoperability_strategy_between: Type.Optional(
      Type.Array(
        Type.String({
          pattern:
            '^(loyalty|pre_purchased|offer|promo_coupon)\\|(loyalty|pre_purchased|offer|promo_coupon)$',
          looksLike: 'two of loyalty, pre_purchased, offer and promo_coupon, such as offer|loyalty',
          description: 'Two classes, such as `offer|loyalty`.',
        }),
        { default: [], description: 'Classes that may not meet on one receipt.' },
      ),
    ),
    leave_minimum_visit_amount: Type.Optional(
      flag('Banked currency leaves `minimum_visit_amount` to pay.', false),
    ),
    show_qualifying_conditions: Type.Optional(
      flag('A discount that fails on a receipt is returned with the rule behind it.', false),
    ),
    switches: Type.Optional(
      entry(
        {
          threshold_basis: choice('Amount tests see what earlier discounts left, or not.', [
            'running',
            'original',
          ]),
          qualifier_lock_scope: choice('What a discount without reuse keeps from others.', [
            'qualifier_and_target',
            'qualifier_only',
          ]),
          zero_priced_units: choice('Whether a free unit counts.', ['ignore', 'legacy']),
          tender_last: Type.Optional(flag('Banked currency goes after everything else.', true)),
          currency_is_tender: Type.Optional(
            flag('Banked currency takes no line from other discounts.', true),
          ),
          currency_over_ask: choice('When more is asked than the receipt has room for.', [
            'clamp',
            'fail',
          ]),
          batch_policy: choice('Whether one failure fails them all.', ['partial', 'all']),
          http_422: choice('When a commit answers 422 rather than 200.', [
            'when_all_fail',
            'always',
            'never',
          ]),
          bogof_default_pairs: Type.Optional(
            Type.Union([Type.Literal(1), Type.Literal('unlimited')], {
              default: 1,
              description: 'Free units of `bogof` when the criterion sets no limit.',
            }),
          ),
          modifier_limit_scope: choice('What a limit on modifier units is counted by.', [
            'base_unit',
            'receipt',
          ]),
          rounding_stage: choice('When whole units are rounded to.', [
            'before_percent',
            'after_percent',
          ]),
          auto_select: choice('Which discounts are selected.', ['date_of_expiry', 'best_value']),
          repeat_redeemable: Type.Optional(
            flag('The same redeemable may stand in a basket twice.', false),
          ),
          coupon_void_hours: Type.Optional(
            nullable(
              count('Hours in which a coupon or promo can be voided; null is no limit.', {
                minimum: 1,
                maximum: 8_760,
                default: 24,
              }),
            ),
          ),
        },
        'What the publications leave open. The first value of each is the default.',
      ),
    ),
  },
  'How several discounts meet on one receipt.',
)

function choice<Values extends [string, ...string[]]>(description: string, values: [...Values]) {
  return Type.Optional(Type.Enum(values, { default: values[0], description }))
}
