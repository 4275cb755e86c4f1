import Type from 'typebox'
import {
  expressionTypes,
  lineAttributes,
  operators,
  processingFunctions,
  receiptAttributes,
} from './offers-words.ts'
import { nullable } from './operation.ts'

/** The shape that a name or description takes in another language. */
export const translation = Type.Object(
  {
    language: Type.String({ description: 'A language tag, such as `es` or `fr-ca`.' }),
    translation: Type.String({ description: 'The text in that language.' }),
  },
  { additionalProperties: false },
)

const externalId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  looksLike: 'a key of 1 to 64 letters, digits, dots, dashes and underscores',
  description: 'Your own key for this entry; other entries refer to it by this.',
})

const displayName = Type.String({ minLength: 1, maxLength: 255, description: 'The name shown.' })

const clauseValue = Type.String({
  description: 'What to compare with, as text; comma-separated for `in`, `lo..hi` for `in_range`.',
})

/** One test of one line. */
export const lineClause = Type.Object(
  {
    attribute: Type.Enum([...lineAttributes], { description: 'The member of the line to test.' }),
    operator: Type.Enum([...operators], { description: 'How it is compared.' }),
    value: clauseValue,
  },
  { additionalProperties: false },
)

/** One test of the receipt as a whole. */
export const receiptClause = Type.Object(
  {
    attribute: Type.Enum([...receiptAttributes], {
      description: 'The member of the receipt to test.',
    }),
    operator: Type.Enum([...operators], { description: 'How it is compared.' }),
    value: clauseValue,
  },
  { additionalProperties: false },
)

/** Where a rule holds: nowhere listed is everywhere. */
export const effectiveLocation = Type.Array(
  Type.String({
    pattern: '^(location|tag):.+$',
    looksLike: 'location: and the id of a location, or tag: and a tag of one',
    refersTo: 'location_or_tag',
    description: '`location:<id>` or `tag:<id>`.',
  }),
  { maxItems: 50, description: 'Where this holds. Empty or absent is everywhere.' },
)

/** Which lines of a receipt a rule speaks of, as published for offers ingestion. */
export const lineItemSelector = Type.Object(
  {
    external_id: externalId,
    name: displayName,
    filter_item_set: Type.Enum(['base_only', 'modifiers_only', 'base_and_modifiers'], {
      description: 'Bases alone, their modifiers alone, or each base together with its modifiers.',
    }),
    exclude_non_payable: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'With `base_and_modifiers`: leave out modifiers already netted to zero.',
      }),
    ),
    base_items: Type.Optional(
      Type.Object(
        {
          clauses: Type.Optional(
            Type.Array(lineClause, {
              description: 'All must hold. One clause per attribute; none is any base.',
            }),
          ),
        },
        { additionalProperties: false, description: 'Which base lines.' },
      ),
    ),
    modifiers: Type.Optional(
      Type.Object(
        {
          clauses: Type.Optional(
            Type.Array(lineClause, {
              description: 'All must hold. One clause per attribute; none is any modifier.',
            }),
          ),
          max_discount_units: Type.Optional(
            nullable(
              Type.Integer({
                minimum: 1,
                description: 'At most this many modifier units for each base unit.',
              }),
            ),
          ),
          processing_method: Type.Optional(
            nullable(
              Type.Enum(['max_price', 'min_price'], {
                description: 'Which modifiers first; null is the order of the receipt.',
              }),
            ),
          ),
        },
        { additionalProperties: false, description: 'Which modifiers of those bases.' },
      ),
    ),
  },
  { additionalProperties: false },
)

const selectorReference = Type.String({
  refersTo: 'line_item_selectors',
  description: 'The external id of a line item selector.',
})

/** One kind of line that a criterion adds up, or leaves out. */
export const lineItemFilter = Type.Object(
  {
    line_item_selector_id: selectorReference,
    processing_method: Type.Optional(
      Type.Enum(['sum_of_amount', 'max_price', 'min_price', 'exclude'], {
        default: 'sum_of_amount',
        description: 'All of them, the dearest, the cheapest, or none of them.',
      }),
    ),
    quantity: Type.Optional(
      nullable(Type.Integer({ minimum: 1, maximum: 5, description: 'How many units.' })),
    ),
  },
  { additionalProperties: false },
)

/** One thing that must be on the receipt before a criterion gives anything. */
export const itemQualifier = Type.Object(
  {
    line_item_selector_id: selectorReference,
    expression_type: Type.Optional(
      Type.Enum([...expressionTypes], {
        default: 'line_item_exists',
        description: 'What must be true of the selected lines.',
      }),
    ),
    net_value: Type.Optional(
      nullable(
        Type.Number({
          exclusiveMinimum: 0,
          decimals: 6,
          description: 'Units or currency, by expression; not used by the two existence tests.',
        }),
      ),
    ),
  },
  { additionalProperties: false },
)

/** On which members lines count as one for `quantity` and `item_total_amount` clauses. */
export const aggregatorGroupingAttributes = Type.Object(
  {
    item_name: Type.Optional(Type.Boolean({ description: 'Lines of one name.' })),
    item_id: Type.Optional(Type.Boolean({ description: 'Lines of one item id.' })),
    item_major_group: Type.Optional(Type.Boolean({ description: 'Lines of one major group.' })),
    item_family: Type.Optional(Type.Boolean({ description: 'Lines of one family.' })),
    line_item_type: Type.Optional(Type.Boolean({ description: 'Lines of one type.' })),
  },
  {
    additionalProperties: false,
    description: 'On which members lines are alike; at least one, when the aggregator is on.',
  },
)

const criterionMembers = {
  qc_processing_function: Type.Enum([...processingFunctions], {
    description: 'How the discount is worked out from the selected lines.',
  }),
  line_item_filters: Type.Optional(
    Type.Array(lineItemFilter, { description: 'What is added up. None is the whole menu.' }),
  ),
  item_filter_expressions_operator: Type.Optional(
    Type.Enum(['All', 'Any'], {
      default: 'All',
      description: 'Whether every filter must find something, or one is enough.',
    }),
  ),
  discount_evaluation_strategy: Type.Optional(
    Type.Enum(['Min', 'Max'], {
      default: 'Min',
      description: 'With `Any`: keep the smallest or the largest discount of the filters.',
    }),
  ),
  item_qualifiers: Type.Optional(
    Type.Array(itemQualifier, { description: 'What must be on the receipt.' }),
  ),
  qualifying_expressions_operator: Type.Optional(
    Type.Enum(['All', 'Any'], {
      default: 'All',
      description: 'Whether every item qualifier must hold, or one is enough.',
    }),
  ),
  receipt_qualifiers: Type.Optional(
    Type.Array(receiptClause, {
      description: 'What must be true of the receipt. All must hold; one per attribute.',
    }),
  ),
  percentage_of_processed_amount: Type.Optional(
    nullable(
      Type.Number({ minimum: 0, maximum: 99_999, decimals: 6, description: 'Null is 100 %.' }),
    ),
  ),
  amount_cap: Type.Optional(
    nullable(
      Type.Number({
        minimum: 0,
        maximum: 99_999,
        decimals: 2,
        description: 'The most one receipt gets.',
      }),
    ),
  ),
  rounding_rule: Type.Optional(
    nullable(
      Type.Enum(['round', 'ceil', 'floor', ''], {
        description: 'To whole currency units, before the percentage. Null or empty is none.',
      }),
    ),
  ),
  max_discount_units: Type.Optional(
    nullable(Type.Integer({ minimum: 1, description: 'At most this many units or bundles.' })),
  ),
  unit_discount: Type.Optional(
    nullable(
      Type.Number({
        minimum: 0.01,
        maximum: 99_999,
        decimals: 6,
        description: 'For `rate_rollback`: off each unit.',
      }),
    ),
  ),
  minimum_unit_rate: Type.Optional(
    nullable(
      Type.Number({
        minimum: 0.01,
        maximum: 99_999,
        decimals: 6,
        description: 'For `rate_rollback`: a unit never goes below this.',
      }),
    ),
  ),
  target_price: Type.Optional(
    nullable(
      Type.Number({
        minimum: 0.01,
        maximum: 99_999,
        decimals: 2,
        description: 'For the target price functions: what the item or bundle ends up at.',
      }),
    ),
  ),
  effective_location: Type.Optional(effectiveLocation),
  stack_discounting: Type.Optional(
    nullable(
      Type.Boolean({
        description: 'May share a line with another discount. Null takes the business flag.',
      }),
    ),
  ),
  reuse_qualifying_items: Type.Optional(
    nullable(
      Type.Boolean({
        description: 'May qualify by lines another discount used. Null takes the business flag.',
      }),
    ),
  ),
  enable_menu_item_aggregator: Type.Optional(
    Type.Boolean({ default: false, description: 'Count alike lines as one. See the next member.' }),
  ),
  aggregator_grouping_attributes: Type.Optional(aggregatorGroupingAttributes),
}

/** A qualification criterion: which lines earn a discount, and how much, as published. */
export const qualificationCriterion = Type.Object(
  { external_id: externalId, name: displayName, ...criterionMembers },
  { additionalProperties: false },
)

/** A criterion that stands inside one redeemable and needs no key of its own. */
export const inlineCriterion = Type.Object(
  {
    external_id: Type.Optional(externalId),
    name: Type.Optional(displayName),
    ...criterionMembers,
  },
  { additionalProperties: false, description: 'For `new`: the criterion itself.' },
)

/** Where a redeemable's discount comes from. */
export const receiptRule = Type.Object(
  {
    qualifier_type: Type.Enum(['existing', 'new', 'flat_discount'], {
      description: 'A criterion of the list, one written here, or an amount off the receipt.',
    }),
    redeeming_criterion_id: Type.Optional(
      nullable(
        Type.String({
          refersTo: 'qualification_criteria',
          description: 'For `existing`: the external id of a qualification criterion.',
        }),
      ),
    ),
    redeeming_criterion: Type.Optional(nullable(inlineCriterion)),
    discount_amount: Type.Optional(
      nullable(
        Type.Number({
          minimum: 0.01,
          maximum: 99_999,
          decimals: 2,
          description: 'For `flat_discount`: the amount.',
        }),
      ),
    ),
  },
  { additionalProperties: false, description: 'How the discount is worked out.' },
)

/** An offer a business defines, as published for offers ingestion. */
export const redeemable = Type.Object(
  {
    external_id: externalId,
    name: displayName,
    description: Type.Optional(Type.String({ description: 'What the guest reads about it.' })),
    note: Type.Optional(nullable(Type.String({ description: 'For staff; guests never see it.' }))),
    alternate_locale_name: Type.Optional(
      Type.Array(translation, { description: 'The name in other languages.' }),
    ),
    alternate_locale_description: Type.Optional(
      Type.Array(translation, { description: 'The description in other languages.' }),
    ),
    receipt_rule: receiptRule,
    points: Type.Optional(
      nullable(
        Type.Integer({
          minimum: 0,
          maximum: 99_999_999,
          description: 'What it costs in points, where points unlock redeemables.',
        }),
      ),
    ),
    applicable_as_loyalty_redemption: Type.Optional(
      Type.Boolean({ default: true, description: 'Guests may buy it with points.' }),
    ),
    allow_for_support_gifting: Type.Optional(
      Type.Boolean({ default: true, description: 'Staff may gift it.' }),
    ),
    available_as_template: Type.Optional(Type.Boolean({ description: 'Kept, not acted on.' })),
    auto_applicable: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Rewards of it may be selected by themselves (auto-select).',
      }),
    ),
    distributable: Type.Optional(Type.Boolean({ description: 'Kept, not acted on.' })),
    distributable_to_all_users: Type.Optional(Type.Boolean({ description: 'Kept, not acted on.' })),
    segment_definition_id: Type.Optional(
      nullable(Type.Union([Type.Integer(), Type.String()], { description: 'Kept, not acted on.' })),
    ),
    activate_now: Type.Optional(
      Type.Boolean({ description: 'Starts when it is created, whatever `start_time` says.' }),
    ),
    start_time: Type.Optional(
      nullable(Type.String({ format: 'moment', description: 'Not before this moment.' })),
    ),
    end_time: Type.Optional(
      nullable(Type.String({ format: 'moment', description: 'Not after this moment.' })),
    ),
    timezone: Type.Optional(
      nullable(
        Type.String({ format: 'time-zone', description: 'For times written without an offset.' }),
      ),
    ),
    indefinetely: Type.Optional(
      Type.Boolean({ description: 'No end, whatever `end_time` says. Spelled as published.' }),
    ),
    expiry_days: Type.Optional(
      nullable(
        Type.Integer({
          minimum: 1,
          maximum: 3650,
          description: 'Rewards of it last so many days; the day of the gift is the first.',
        }),
      ),
    ),
    remind_before: Type.Optional(
      nullable(Type.Integer({ minimum: 0, description: 'Kept, not acted on.' })),
    ),
    discount_channel: Type.Optional(
      Type.Enum(['all', 'online_only', 'offline_only'], {
        default: 'all',
        description: 'Told to tills; never enforced, as published.',
      }),
    ),
    redemption_code_expiry_mins: Type.Optional(
      nullable(
        Type.Integer({ minimum: 1, description: 'How long a code made for it in the app lasts.' }),
      ),
    ),
    expire_redemption_code_with_reward_end_date: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Such a code ends no later than its reward.',
      }),
    ),
    template: Type.Optional(
      nullable(
        Type.Object(
          {
            redemption_message: Type.Optional(Type.String({ description: 'Kept.' })),
            short_prompt: Type.Optional(
              Type.String({ description: 'A short text for the till, `prompt_text_short`.' }),
            ),
            standard_prompt: Type.Optional(
              Type.String({ description: 'A longer text for the till, `prompt_text_long`.' }),
            ),
          },
          { additionalProperties: false, description: 'Texts shown when it is used.' },
        ),
      ),
    ),
    lag_duration: Type.Optional(
      nullable(
        Type.Object(
          {
            value: Type.Integer({ minimum: 0, description: 'How many.' }),
            units: Type.Enum(['days', 'hours'], { description: 'Of what.' }),
          },
          {
            additionalProperties: false,
            description: 'A gifted reward becomes usable so long after the gift.',
          },
        ),
      ),
    ),
    recurrence_schedule: Type.Optional(
      nullable(
        Type.Object(
          {
            occurrences: Type.Integer({ minimum: 1, description: 'How often in all.' }),
            days_distance: Type.Integer({ minimum: 1, maximum: 395, description: 'Days between.' }),
          },
          { additionalProperties: false, description: 'Kept, not acted on.' },
        ),
      ),
    ),
    effective_location: Type.Optional(effectiveLocation),
    meta_data: Type.Optional(
      nullable(Type.String({ maxLength: 255, description: 'Sent along for programs to read.' })),
    ),
    redeemable_image_url: Type.Optional(
      nullable(Type.String({ description: 'The address of a picture.' })),
    ),
    redeemable_properties: Type.Optional(
      nullable(Type.String({ description: 'Comma-separated tags, `item_properties`.' })),
    ),
  },
  { additionalProperties: false },
)

export type Translation = Type.Static<typeof translation>
export type LineItemSelector = Type.Static<typeof lineItemSelector>
export type LineItemFilterEntry = Type.Static<typeof lineItemFilter>
export type ItemQualifierEntry = Type.Static<typeof itemQualifier>
export type InlineCriterion = Type.Static<typeof inlineCriterion>
export type QualificationCriterion = Type.Static<typeof qualificationCriterion>
export type ReceiptRule = Type.Static<typeof receiptRule>
export type Redeemable = Type.Static<typeof redeemable>
