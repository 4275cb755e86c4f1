import type Type from 'typebox'
import Value from 'typebox/value'
import { parseLocalInstant } from '../values/instants.ts'
import {
  inlineCriterion,
  qualificationCriterion,
  type ReceiptRule,
  receiptRule,
  redeemable,
} from '../wire/offers.ts'
import { signUp } from './business.ts'
import { findMembers } from './find-members.ts'
import { guest } from './guests.ts'
import { codes, subscriptionPlan } from './offers.ts'
import type { Problem } from './problem.ts'
import { program } from './program.ts'

/**
 * What members must be to each other: a rule that needs an amount has one, a window does not end
 * before it starts. Only parts whose own members are allowed are looked at.
 */
export function ruleProblems(file: unknown): readonly Problem[] {
  return [
    ...each(file, ['program'], program, programProblems),
    ...each(file, ['sign_up'], signUp, signUpProblems),
    ...each(file, ['qualification_criteria[]'], qualificationCriterion, criterionProblems),
    ...each(
      file,
      [
        'redeemables[].receipt_rule.redeeming_criterion',
        'subscription_plans[].benefits[].receipt_rule.redeeming_criterion',
      ],
      inlineCriterion,
      criterionProblems,
    ),
    ...each(
      file,
      ['redeemables[].receipt_rule', 'subscription_plans[].benefits[].receipt_rule'],
      receiptRule,
      receiptRuleProblems,
    ),
    ...each(file, ['redeemables[]'], redeemable, redeemableWindow),
    ...each(file, ['codes'], codes, codeWindows),
    ...each(file, ['subscription_plans[]'], subscriptionPlan, benefitWindows),
    ...each(file, ['guests[]'], guest, guestProblems),
  ]
}

function each<Schema extends Type.TSchema>(
  file: unknown,
  patterns: readonly string[],
  schema: Schema,
  check: (entry: Type.Static<Schema>, path: string) => readonly Problem[],
): readonly Problem[] {
  return patterns
    .flatMap((pattern) => findMembers(file, pattern))
    .flatMap(({ path, value }) => (Value.Check(schema, value) ? check(value, path) : []))
}

function programProblems(rules: Type.Static<typeof program>, path: string): readonly Problem[] {
  const conversion = rules.points_conversion_type ?? 'none'
  const allowed = conversionsOf[rules.program_type]
  return [
    ...when(!allowed.includes(conversion), {
      path: `${path}.points_conversion_type`,
      found: JSON.stringify(conversion),
      allowed: `${allowed.map((word) => JSON.stringify(word)).join(' or ')} in a ${rules.program_type} program`,
    }),
    ...conversionProblems(rules, { conversion, path }),
    ...(rules.tiers ?? []).flatMap((tier, index) =>
      tier.points_conversion_threshold === undefined
        ? []
        : conversionProblems(tier, { conversion, path: `${path}.tiers[${index}]` }),
    ),
    ...tierGaps(rules.tiers ?? [], `${path}.tiers`),
    ...expiryProblems(rules, path),
    ...when(rules.tier_reset?.kind === 'annual' && rules.tier_reset.month_day === undefined, {
      path: `${path}.tier_reset.month_day`,
      found: 'nothing',
      allowed: 'a day of the year such as 12-31, for "annual"',
    }),
  ]
}

const conversionsOf: Readonly<Record<string, readonly string[]>> & {
  [type in Type.Static<typeof program>['program_type']]: readonly string[]
} = {
  visits: ['none'],
  points: ['currency', 'rewards', 'none'],
  points_unlock_redeemables: ['staged', 'none'],
}

type ConversionMembers = Pick<
  Type.Static<typeof program>,
  'points_conversion_threshold' | 'currency_earned' | 'conversion_redeemable'
>

function conversionProblems(
  members: ConversionMembers,
  { conversion, path }: { conversion: string; path: string },
): readonly Problem[] {
  if (conversion !== 'currency' && conversion !== 'rewards') return []
  return [
    ...when(members.points_conversion_threshold === undefined, {
      path: `${path}.points_conversion_threshold`,
      found: 'nothing',
      allowed: `a whole number from 1, because points turn into ${conversion}`,
    }),
    ...when(conversion === 'currency' && members.currency_earned === undefined, {
      path: `${path}.currency_earned`,
      found: 'nothing',
      allowed: 'an amount, because points turn into currency',
    }),
    ...when(conversion === 'rewards' && members.conversion_redeemable === undefined, {
      path: `${path}.conversion_redeemable`,
      found: 'nothing',
      allowed: 'the id of a redeemable, because points turn into rewards',
    }),
  ]
}

type Tiers = NonNullable<Type.Static<typeof program>['tiers']>

function tierGaps(tiers: Tiers, path: string): readonly Problem[] {
  return tiers.flatMap((tier, index) => {
    const next = tiers[index + 1]
    const end = tier.maximum_points ?? null
    return [
      ...when(index === 0 && tier.minimum_points !== 0, {
        path: `${path}[0].minimum_points`,
        found: String(tier.minimum_points),
        allowed: '0 in the lowest tier',
      }),
      ...when(next !== undefined && end !== next.minimum_points, {
        path: `${path}[${index}].maximum_points`,
        found: end === null ? 'no end' : String(end),
        allowed: `${next?.minimum_points}, where the next tier begins`,
      }),
      ...when(next === undefined && end !== null, {
        path: `${path}[${index}].maximum_points`,
        found: String(end),
        allowed: 'no end in the highest tier',
      }),
    ]
  })
}

function expiryProblems(rules: Type.Static<typeof program>, path: string): readonly Problem[] {
  return (['points_expiry', 'visits_expiry', 'currency_expiry'] as const).flatMap((name) => {
    const entry = rules[name]
    if (entry === null || entry === undefined) return []
    const fixed = entry.kind === 'fixed'
    return [
      ...when(fixed && entry.month_day === undefined, {
        path: `${path}.${name}.month_day`,
        found: 'nothing',
        allowed: 'a day of the year such as 12-31, for "fixed"',
      }),
      ...when(!fixed && entry.days === undefined, {
        path: `${path}.${name}.days`,
        found: 'nothing',
        allowed: `a whole number from 1, for "${entry.kind}"`,
      }),
    ]
  })
}

function signUpProblems(rules: Type.Static<typeof signUp>, path: string): readonly Problem[] {
  return (rules.gifts ?? []).flatMap((gift, index) =>
    exactlyOne(gift, ['redeemable', 'points', 'visits', 'currency'], `${path}.gifts[${index}]`),
  )
}

/** What each processing function cannot do without. */
const neededBy: Readonly<Record<string, 'target_price' | 'unit_discount' | 'amount_cap'>> = {
  hit_target_price: 'target_price',
  hit_target_price_max_price_once: 'target_price',
  hit_target_price_min_price_once: 'target_price',
  bundle_price_target: 'target_price',
  bundle_price_target_advanced: 'target_price',
  rate_rollback: 'unit_discount',
  static_amount: 'amount_cap',
}

/** What a criterion's members must be to each other. */
export function criterionProblems(
  criterion: Type.Static<typeof inlineCriterion>,
  path: string,
): readonly Problem[] {
  const needed = neededBy[criterion.qc_processing_function]
  const lacks = needed !== undefined && (criterion[needed] ?? null) === null
  const groupsBy = Object.values(criterion.aggregator_grouping_attributes ?? {})
  return [
    ...when(lacks, {
      path: `${path}.${needed}`,
      found: 'nothing',
      allowed: `an amount, for "${criterion.qc_processing_function}"`,
    }),
    ...when(criterion.enable_menu_item_aggregator === true && !groupsBy.includes(true), {
      path: `${path}.aggregator_grouping_attributes`,
      found: 'none that is true',
      allowed: 'at least one, because the aggregator is on',
    }),
    ...(criterion.item_qualifiers ?? []).flatMap((qualifier, index) =>
      when(
        qualifierNeedsValue(qualifier.expression_type) && (qualifier.net_value ?? null) === null,
        {
          path: `${path}.item_qualifiers[${index}].net_value`,
          found: 'nothing',
          allowed: `a number above 0, for "${qualifier.expression_type}"`,
        },
      ),
    ),
  ]
}

function qualifierNeedsValue(expressionType: string | undefined): boolean {
  return expressionType?.startsWith('net_') ?? false
}

/** Whether a rule has what its kind works with. */
export function receiptRuleProblems(rule: ReceiptRule, path: string): readonly Problem[] {
  const [member, what] = neededByQualifier[rule.qualifier_type]
  return when((rule[member] ?? null) === null, {
    path: `${path}.${member}`,
    found: 'nothing',
    allowed: `${what}, for "${rule.qualifier_type}"`,
  })
}

const neededByQualifier = {
  existing: ['redeeming_criterion_id', 'the external id of a qualification criterion'],
  new: ['redeeming_criterion', 'a criterion'],
  flat_discount: ['discount_amount', 'an amount'],
} as const

/** Whether a redeemable ends after it starts. */
export function redeemableWindow(
  entry: Type.Static<typeof redeemable>,
  path: string,
): readonly Problem[] {
  return entry.indefinetely === true || entry.activate_now === true ? [] : reversed(entry, path)
}

function codeWindows(entry: Type.Static<typeof codes>, path: string): readonly Problem[] {
  return [
    ...(entry.promo_codes ?? []).flatMap((code, index) =>
      reversed(code, `${path}.promo_codes[${index}]`),
    ),
    ...(entry.coupon_campaigns ?? []).flatMap((campaign, index) =>
      reversed(campaign, `${path}.coupon_campaigns[${index}]`),
    ),
  ]
}

function benefitWindows(
  plan: Type.Static<typeof subscriptionPlan>,
  path: string,
): readonly Problem[] {
  return plan.benefits.flatMap((benefit, index) => reversed(benefit, `${path}.benefits[${index}]`))
}

type Window = { start_time?: string | null; end_time?: string | null }

function reversed({ start_time, end_time }: Window, path: string): readonly Problem[] {
  const start = parseLocalInstant(start_time ?? '', 'UTC')
  const end = parseLocalInstant(end_time ?? '', 'UTC')
  return when(start !== null && end !== null && end.at <= start.at, {
    path: `${path}.end_time`,
    found: JSON.stringify(end_time),
    allowed: `a moment after start_time, ${start_time}`,
  })
}

function guestProblems(entry: Type.Static<typeof guest>, path: string): readonly Problem[] {
  const rewardIds = (entry.rewards ?? []).map(({ id }) => id)
  const identified = entry.email ?? entry.phone ?? entry.card_number
  return [
    ...when(identified === undefined, {
      path,
      found: 'neither email, phone nor card_number',
      allowed: 'at least one of them',
    }),
    ...(['points', 'visits', 'currency', 'rewards', 'subscriptions'] as const).flatMap((list) =>
      (entry[list] ?? []).flatMap((owned, index) =>
        when(owned.expires_on !== undefined && owned.expires_in_days !== undefined, {
          path: `${path}.${list}[${index}].expires_in_days`,
          found: 'expires_on as well',
          allowed: 'one of the two',
        }),
      ),
    ),
    ...(entry.staged_codes ?? []).flatMap((code, index) => {
      const at = `${path}.staged_codes[${index}]`
      return [
        ...exactlyOne(code, ['reward', 'redeemable', 'currency', 'card'], at),
        ...when(code.reward !== undefined && !rewardIds.includes(code.reward), {
          path: `${at}.reward`,
          found: JSON.stringify(code.reward),
          allowed: 'the id of a reward of this guest',
        }),
      ]
    }),
  ]
}

function exactlyOne<Entry extends object>(
  entry: Entry,
  members: readonly (keyof Entry & string)[],
  path: string,
): readonly Problem[] {
  const present = members.filter((name) => entry[name] !== undefined)
  return when(present.length !== 1, {
    path,
    found: present.length === 0 ? `none of ${members.join(', ')}` : present.join(' and '),
    allowed: `exactly one of ${members.join(', ')}`,
  })
}

function when(isWrong: boolean, problem: Omit<Problem, 'nearest'>): readonly Problem[] {
  return isWrong ? [{ ...problem, nearest: null }] : []
}
