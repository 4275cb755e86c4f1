import type { MemberSchema } from './allowed.ts'
import { isObject } from './check-members.ts'
import { findMembers } from './find-members.ts'
import { nearestValue, type Problem, shown } from './problem.ts'

/** Where the keys of each list that is referred to stand. */
const keysOf: Readonly<Record<string, string>> = {
  locations: 'locations[].id',
  line_item_selectors: 'line_item_selectors[].external_id',
  qualification_criteria: 'qualification_criteria[].external_id',
  redeemables: 'redeemables[].external_id',
  subscription_plans: 'subscription_plans[].id',
  menu_modifiers: 'menu.modifiers[].item_id',
}

/** Members that must differ from each other: in the file, or within one entry of the outer list. */
const unique: readonly { members: readonly string[]; perEntry?: true; anyCase?: true }[] = [
  { members: ['locations[].id'] },
  { members: ['locations[].location_id'] },
  { members: ['locations[].store_number'] },
  { members: ['locations[].location_key'] },
  { members: ['locations[].short_key'] },
  { members: ['program.tiers[].id'] },
  { members: ['line_item_selectors[].external_id'] },
  {
    members: ['line_item_selectors[].base_items.clauses[].attribute'],
    perEntry: true,
  },
  {
    members: ['line_item_selectors[].modifiers.clauses[].attribute'],
    perEntry: true,
  },
  { members: ['qualification_criteria[].external_id'] },
  {
    members: ['qualification_criteria[].receipt_qualifiers[].attribute'],
    perEntry: true,
  },
  { members: ['redeemables[].external_id'] },
  { members: ['subscription_plans[].id'] },
  { members: ['subscription_plans[].benefits[].benefit_id'], perEntry: true },
  { members: ['subscription_plans[].benefits[].benefit_priority'], perEntry: true },
  { members: ['sign_up.gifts[].id'] },
  { members: ['codes.promo_codes[].id'] },
  { members: ['codes.coupon_campaigns[].id'] },
  { members: ['codes.promo_codes[].code', 'codes.coupon_campaigns[].codes[]'], anyCase: true },
  { members: ['menu.items[].item_id', 'menu.modifiers[].item_id'] },
  { members: ['guests[].id'] },
  { members: ['guests[].email'], anyCase: true },
  { members: ['guests[].phone'] },
  { members: ['guests[].card_number'] },
  { members: ['guests[].rewards[].id'], perEntry: true },
  { members: ['guests[].subscriptions[].id'], perEntry: true },
  { members: ['guests[].staged_codes[].id'], perEntry: true },
  { members: ['guests[].staged_codes[].code'] },
]

/** Every reference to an entry that is not there, and every key that stands twice. */
export function referenceProblems(json: unknown, schema: MemberSchema): readonly Problem[] {
  return [...unknownReferences(json, { schema, path: '', file: json }), ...duplicates(json)]
}

type Place = { schema: MemberSchema; path: string; file: unknown }

function unknownReferences(value: unknown, { schema, path, file }: Place): readonly Problem[] {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.flatMap((one) => unknownReferences(value, { schema: one, path, file }))
  }
  if (schema.items !== undefined && Array.isArray(value)) {
    const items = schema.items
    return value.flatMap((entry, index) =>
      unknownReferences(entry, { schema: items, path: `${path}[${index}]`, file }),
    )
  }
  if (schema.properties !== undefined && isObject(value)) {
    return Object.entries(schema.properties).flatMap(([name, member]) =>
      unknownReferences(value[name], {
        schema: member,
        path: path === '' ? name : `${path}.${name}`,
        file,
      }),
    )
  }
  if (schema.refersTo === undefined || typeof value !== 'string') return []
  return schema.refersTo === 'location_or_tag'
    ? unknownScope(value, { path, file })
    : unknownKey(value, { list: schema.refersTo, path, file })
}

function unknownKey(
  key: string,
  { list, path, file }: { list: string; path: string; file: unknown },
): readonly Problem[] {
  const known = textsAt(file, keysOf[list] ?? '')
  if (known.includes(key)) return []
  return [
    {
      path,
      found: shown(key),
      allowed: `the id of an entry in ${list}`,
      nearest: nearestValue(key, known),
    },
  ]
}

function unknownScope(
  scope: string,
  { path, file }: { path: string; file: unknown },
): readonly Problem[] {
  const known = [
    ...textsAt(file, 'locations[].id').map((id) => `location:${id}`),
    // As offers that come over the wire name a location.
    ...findMembers(file, 'locations[].location_id').map(({ value }) => `location:${value}`),
    ...new Set(textsAt(file, 'locations[].tags[]').map((tag) => `tag:${tag}`)),
  ]
  if (known.includes(scope) || !/^(location|tag):/.test(scope)) return []
  return [
    {
      path,
      found: shown(scope),
      allowed: 'location: and the id of a location, or tag: and a tag of one',
      nearest: nearestValue(scope, known),
    },
  ]
}

function duplicates(file: unknown): readonly Problem[] {
  return unique.flatMap(({ members, perEntry, anyCase }) => {
    const first = new Map<string, string>()
    return members
      .flatMap((pattern) => findMembers(file, pattern))
      .flatMap(({ path, value }) => {
        const scope = perEntry === true ? path.slice(0, path.indexOf(']') + 1) : ''
        const key = `${scope} ${anyCase === true ? String(value).toLowerCase() : String(value)}`
        const earlier = first.get(key)
        if (earlier === undefined) {
          first.set(key, path)
          return []
        }
        return [
          { path, found: `the same as ${earlier}`, allowed: 'a value of its own', nearest: null },
        ]
      })
  })
}

function textsAt(file: unknown, pattern: string): readonly string[] {
  return findMembers(file, pattern)
    .map(({ value }) => value)
    .filter((value): value is string => typeof value === 'string')
}
