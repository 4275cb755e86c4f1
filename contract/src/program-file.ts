import Type from 'typebox'
import Value from 'typebox/value'
import type { MemberSchema } from './program-file/allowed.ts'
import {
  advancedAuthentication,
  business,
  claims,
  driveThru,
  location,
  signUp,
  singleScan,
} from './program-file/business.ts'
import { isObject, memberProblems } from './program-file/check-members.ts'
import { referenceProblems } from './program-file/check-references.ts'
import { ruleProblems } from './program-file/check-rules.ts'
import { guest } from './program-file/guests.ts'
import { codes, menu, subscriptionPlan } from './program-file/offers.ts'
import type { Problem } from './program-file/problem.ts'
import { multipleRedemptions, program } from './program-file/program.ts'
import { assert } from './values/assert.ts'
import { lineItemSelector, qualificationCriterion, redeemable } from './wire/offers.ts'
import { publishedSchema } from './wire/published-schema.ts'

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

export { type Problem, problemText } from './program-file/problem.ts'

export type ReadProgramFile =
  | { kind: 'read'; program: ProgramFile }
  | { kind: 'refused'; problems: readonly Problem[] }

/**
 * Reads a program file, its includes already in place (`withIncludes`). Refused with every problem
 * at once: members first, then references and keys that stand twice, then what members must be to
 * each other.
 */
export function readProgramFile(json: unknown): ReadProgramFile {
  const schema: MemberSchema = programFile
  const problems = [
    ...memberProblems(json, schema, ''),
    ...referenceProblems(json, schema),
    ...ruleProblems(json),
  ]
  if (problems.length > 0) return { kind: 'refused', problems }
  assert(Value.Check(programFile, json), 'our checks allow what the schema allows')
  return { kind: 'read', program: json }
}

/** The members of a program file that name a JSON file beside it, such as `"menu": "menu.json"`. */
export function includesOf(json: unknown): readonly { member: string; fileName: string }[] {
  if (!isObject(json)) return []
  return Object.entries(json)
    .filter((entry): entry is [string, string] => isFileName(entry[1]) && entry[0] !== '$schema')
    .map(([member, fileName]) => ({ member, fileName }))
}

/** The program file with what stood in those files in the place of their names. */
export function withIncludes(json: unknown, contents: ReadonlyMap<string, unknown>): unknown {
  if (!isObject(json)) return json
  const included = includesOf(json).map(({ member, fileName }) => [member, contents.get(fileName)])
  return { ...json, ...Object.fromEntries(included) }
}

function isFileName(value: unknown): boolean {
  return typeof value === 'string' && value.endsWith('.json')
}

/**
 * The JSON Schema of a program file, for editors. Every member may also be the name of a file with
 * its value; our own words (`decimals`, `refersTo`) are left out.
 */
export function programJsonSchema(): Record<string, unknown> {
  const { properties, ...rest } = publishedSchema<unknown>(programFile) as Record<string, unknown>
  assert(isObject(properties), 'the schema of the file is an object')
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Regulars program file',
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [
        name,
        name === '$schema' ? schema : { anyOf: [schema, fileNameSchema] },
      ]),
    ),
  }
}

const fileNameSchema = {
  type: 'string',
  pattern: '\\.json$',
  description: 'A JSON file beside this one that holds the value.',
}

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
