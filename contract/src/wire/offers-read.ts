import type { MemberSchema } from '../program-file/allowed.ts'
import { isObject, memberProblems } from '../program-file/check-members.ts'
import {
  criterionProblems,
  receiptRuleProblems,
  redeemableWindow,
} from '../program-file/check-rules.ts'
import { type Problem, problemText } from '../program-file/problem.ts'
import {
  type LineItemSelector,
  lineItemSelector,
  type QualificationCriterion,
  qualificationCriterion,
  type Redeemable,
  redeemable,
} from './offers.ts'
import { receiptAttributes } from './offers-words.ts'
import { isBlank } from './scalars.ts'

/** What an entry may refer to. Scopes are `location:<id>` by number or key, and `tag:<tag>`. */
export type KnownOffers = {
  selectors: ReadonlySet<string>
  criteria: ReadonlySet<string>
  scopes: ReadonlySet<string>
}

/** One entry of a write. `value` is null when there are errors; warnings are by member. */
export type OfferRead<Entry> = {
  value: Entry | null
  errors: readonly string[]
  warnings: Readonly<Record<string, readonly string[]>>
}

/**
 * Reads a line item selector as offers ingestion takes it: numbers and flags as text, any case of a
 * word, unknown members dropped. Of two clauses on one attribute the first counts; the other is
 * skipped with a warning. `newId` is its key when it sends none.
 */
export function readSelector(sent: unknown, newId: string): OfferRead<LineItemSelector> {
  return readOffer(sent, { schema: lineItemSelector, newId, known: nothingKnown, check: () => [] })
}

/**
 * The same for a qualification criterion. A receipt qualifier of an unknown attribute is skipped, as
 * published. What refers to an unknown selector or place is refused: without it the criterion would
 * reach more than was meant.
 */
export function readCriterion(
  sent: unknown,
  { known, newId }: { known: KnownOffers; newId: string },
): OfferRead<QualificationCriterion> {
  return readOffer(sent, {
    schema: qualificationCriterion,
    newId,
    known,
    check: (entry) => criterionProblems(entry as QualificationCriterion, ''),
  })
}

/** The same for a redeemable. A criterion it refers to must be known. */
export function readRedeemable(
  sent: unknown,
  { known, newId }: { known: KnownOffers; newId: string },
): OfferRead<Redeemable> {
  return readOffer(sent, {
    schema: redeemable,
    newId,
    known,
    check: (entry) => redeemableProblems(entry as Redeemable, known),
  })
}

/**
 * What to read for a PATCH: what is stored with what was sent in its place. A nested object is
 * replaced whole, an empty list empties, what is not sent stays, as published.
 */
export function patchedOffer(stored: object, sent: unknown): unknown {
  return isObject(sent) ? { ...stored, ...withoutAliases(sent) } : sent
}

type OfferReader = {
  schema: MemberSchema
  newId: string
  known: KnownOffers
  /** What members must be to each other; runs when each by itself is allowed. */
  check: (entry: unknown) => readonly Problem[]
}

const nothingKnown: KnownOffers = {
  selectors: new Set(),
  criteria: new Set(),
  scopes: new Set(),
}

function readOffer<Entry>(
  sent: unknown,
  { schema, newId, known, check }: OfferReader,
): OfferRead<Entry> {
  if (!isObject(sent)) return { value: null, errors: ['An entry is an object.'], warnings: {} }
  const warnings: Record<string, string[]> = {}
  const warn = (member: string, text: string) => {
    warnings[member] = [...(warnings[member] ?? []), text]
  }
  const dangling: Problem[] = []
  const entry = normalObject({ external_id: newId, ...withoutBlanks(sent) }, schema, {
    path: '',
    known,
    warn,
    dangling,
  })
  const problems = [...memberProblems(entry, schema, ''), ...dangling]
  const errors = (problems.length > 0 ? problems : check(entry)).map((problem) =>
    problemText({ ...problem, path: problem.path.replace(/^\./, '') }),
  )
  return { value: errors.length > 0 ? null : (entry as Entry), errors, warnings }
}

function redeemableProblems(entry: Redeemable, known: KnownOffers): readonly Problem[] {
  const rule = entry.receipt_rule
  const criterionId = rule.redeeming_criterion_id ?? ''
  const isUnknown = rule.qualifier_type === 'existing' && !known.criteria.has(criterionId)
  const path = 'receipt_rule.redeeming_criterion_id'
  return [
    ...receiptRuleProblems(rule, 'receipt_rule'),
    ...(isUnknown && criterionId !== ''
      ? [
          {
            path,
            found: JSON.stringify(criterionId),
            allowed: 'the external id of a qualification criterion',
            nearest: null,
          },
        ]
      : []),
    ...(rule.qualifier_type === 'new' && rule.redeeming_criterion
      ? criterionProblems(rule.redeeming_criterion, 'receipt_rule.redeeming_criterion')
      : []),
    ...redeemableWindow(entry, ''),
  ]
}

/** Under which other names a member is accepted: reads and writes name them differently. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['min_post_rollback_rate', 'minimum_unit_rate'],
  ['receipt_qualifier', 'receipt_qualifiers'],
  ['filter_type', 'filter_item_set'],
  ['item_type', 'line_item_type'],
])

/** The same for attributes of clauses. */
const attributeAliases: ReadonlyMap<unknown, string> = new Map([
  ['amount', 'total_amount'],
  ['item_group', 'item_major_group'],
  ['item_type', 'line_item_type'],
])

type Normalising = {
  /** Of the object that is read, from the entry on. */
  path: string
  known: KnownOffers
  warn: (member: string, text: string) => void
  /** What entries of lists refer to but is not there, and what they lack for what they say. */
  dangling: Problem[]
}

/** The members the schema knows, each in its own type. What cannot be read stays as it was sent. */
function normalObject(
  sent: Record<string, unknown>,
  schema: MemberSchema,
  context: Normalising,
): Record<string, unknown> {
  const named = withoutAliases(sent)
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .map(([name, member]) => {
        const path = `${context.path}.${name}`
        return [name, normal(named[name], member, { ...context, name, path })] as const
      })
      .filter(([, value]) => value !== undefined),
  )
}

function normal(
  sent: unknown,
  schema: MemberSchema,
  context: Normalising & { name: string },
): unknown {
  if (sent === undefined) return undefined
  if (schema.anyOf !== undefined) {
    const [meant = {}] = schema.anyOf
    return isBlank(sent) ? null : normal(sent, meant, context)
  }
  if (schema.enum !== undefined) return knownWord(sent, schema.enum)
  switch (schema.type) {
    case 'boolean':
      return truthy.has(String(sent).trim().toUpperCase())
    case 'integer':
    case 'number':
      return numberFrom(sent)
    case 'array':
      return Array.isArray(sent) ? normalList(sent, schema, context) : sent
    case 'object':
      return isObject(sent) ? normalObject(sent, schema, context) : sent
    default:
      return typeof sent === 'number' || typeof sent === 'string' ? String(sent).trim() : sent
  }
}

/** As published: these are true in any case, everything else is false. */
const truthy: ReadonlySet<string> = new Set(['Y', 'YES', '1', 'TRUE', 'ON'])

function normalList(
  sent: readonly unknown[],
  { items = {}, maxItems = Number.POSITIVE_INFINITY }: MemberSchema,
  context: Normalising & { name: string },
): readonly unknown[] {
  const { name, path, known, warn, dangling } = context
  const attributes = new Set<unknown>()
  const kept = sent.flatMap((one, index) => {
    const place = { ...context, path: `${path}[${index}]` }
    const entry = isObject(one) ? normalObject(listEntry(one), items, place) : one
    const attribute = isObject(entry) ? entry.attribute : undefined
    if (name === 'receipt_qualifiers' && !isKnownAttribute(attribute)) {
      warn(name, `Skipped. ${name}[${index}] has no attribute of a receipt.`)
      return []
    }
    if (attribute !== undefined && attributes.has(attribute)) {
      warn(name, `Skipped. ${name}[${index}] repeats ${String(attribute)}; the first one counts.`)
      return []
    }
    attributes.add(attribute)
    dangling.push(...entryProblems(entry, { name, path: place.path, known }))
    return [entry]
  })
  if (kept.length > maxItems) warn(name, `Only the first ${maxItems} count.`)
  return kept.slice(0, maxItems)
}

function isKnownAttribute(attribute: unknown): boolean {
  return receiptAttributes.some((known) => known === attribute)
}

/** An entry of a list in the shape of a write: reads nest the selector, and name attributes anew. */
function listEntry(sent: Record<string, unknown>): Record<string, unknown> {
  const selector = sent.line_item_selector
  const selectorId = isObject(selector) ? selector.external_id : undefined
  const attribute = attributeAliases.get(sent.attribute)
  return {
    ...(selectorId === undefined ? {} : { line_item_selector_id: selectorId }),
    ...sent,
    ...(attribute === undefined ? {} : { attribute }),
  }
}

/** What an entry of a list refers to but is not there, or lacks for what it says. */
function entryProblems(
  entry: unknown,
  { name, path, known }: { name: string; path: string; known: KnownOffers },
): readonly Problem[] {
  if (name === 'effective_location' && typeof entry === 'string') {
    const allowed = 'location: and the id of a location, or tag: and a tag of one'
    return known.scopes.has(entry)
      ? []
      : [{ path, found: JSON.stringify(entry), allowed, nearest: null }]
  }
  if (!isObject(entry)) return []
  const selectorId = entry.line_item_selector_id
  if (selectorId !== undefined && !known.selectors.has(String(selectorId))) {
    const allowed = 'the external id of a line item selector'
    return [
      {
        path: `${path}.line_item_selector_id`,
        found: JSON.stringify(selectorId),
        allowed,
        nearest: null,
      },
    ]
  }
  const needsValue = String(entry.expression_type ?? '').startsWith('net_')
  if (!needsValue || typeof entry.net_value === 'number') return []
  const allowed = `a number above 0, for ${JSON.stringify(entry.expression_type)}`
  return [{ path: `${path}.net_value`, found: 'nothing', allowed, nearest: null }]
}

function knownWord(sent: unknown, words: readonly unknown[]): unknown {
  const folded = String(sent).trim().toLowerCase()
  return words.find((word) => String(word).toLowerCase() === folded) ?? sent
}

function numberFrom(sent: unknown): unknown {
  if (typeof sent !== 'string' || !/^\s*[+-]?\d{1,12}(\.\d{1,12})?\s*$/.test(sent)) return sent
  return Number(sent)
}

function withoutAliases(sent: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([name]) => sent[aliases.get(name) ?? ''] === undefined)
      .map(([name, value]) => [aliases.get(name) ?? name, value]),
  )
}

/** A blank member counts as not sent, so that a key is made for a blank key. */
function withoutBlanks(sent: Record<string, unknown>): Record<string, unknown> {
  const { external_id: id, ...rest } = sent
  return isBlank(id) ? rest : sent
}
