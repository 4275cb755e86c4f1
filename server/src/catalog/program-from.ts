import type { ExpiryEntry, ProgramRules, TierEntry } from '@regulars/contract/program-file'
import { assert } from '@regulars/contract/values/assert'
import { micros, microsPerUnit } from '@regulars/contract/values/exact'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import type { Conversion, Criterion, Expiry, Program, Tier } from '@regulars/engine'
import type { CatalogRow } from './catalog-rows.ts'
import { centsOrNull, microsOrNull } from './rules-from.ts'

export type ProgramReferences = {
  zone: string
  tiers: readonly CatalogRow<TierEntry>[]
  criteria: ReadonlyMap<string, Criterion>
  redeemableIds: ReadonlyMap<string, number>
}

/** The engine's program of the file's. `tiers` are rows of their own, because guests refer to them. */
export function programFrom(rules: ProgramRules, references: ProgramReferences): Program {
  const conversionType = rules.points_conversion_type ?? 'none'
  const conversionOf = (members: ConversionMembers) =>
    conversionFrom(members, { conversionType, redeemableIds: references.redeemableIds })
  const visitHours = rules.minimum_visit_hours ?? 0
  return {
    programType: rules.program_type,
    conversionType,
    zone: references.zone,
    earningRate: microsOrNull(rules.earning_rate) ?? micros(microsPerUnit),
    rounding: { rule: rules.rounding_rule ?? 'floor', stage: rules.rounding_stage ?? 'after' },
    earningCriterion: references.criteria.get(rules.earning_criterion ?? '') ?? null,
    minimumVisitCents: centsOrNull(rules.minimum_visit_amount) ?? cents(0),
    visitLimit:
      visitHours === 0
        ? null
        : { receipts: rules.receipts_per_visit_window ?? 1, hours: visitHours },
    conversion: conversionOf(rules),
    reservedPoints: points(rules.reserved_points ?? 0),
    visitsPerCard: rules.visits_per_card ?? 10,
    cardValueCents: centsOrNull(rules.card_redemption_value) ?? cents(0),
    pending:
      rules.pending_points === true
        ? {
            delayMinutes: rules.pending_points_duration ?? 15,
            endOfDay: rules.configurable_default_time_eod ?? '23:59:59',
          }
        : null,
    expiry: {
      points: expiryFrom(rules.points_expiry),
      visits: expiryFrom(rules.visits_expiry),
      currency: expiryFrom(rules.currency_expiry),
    },
    tiers: references.tiers.map(({ id, document }) => tierFrom(id, document, conversionOf)),
    tierReset: tierResetFrom(rules.tier_reset),
  }
}

type ConversionMembers = Pick<
  ProgramRules,
  'points_conversion_threshold' | 'currency_earned' | 'conversion_redeemable'
>

/** Null when the program does not convert, or the tier keeps the program's conversion. */
function conversionFrom(
  members: ConversionMembers,
  program: {
    conversionType: Program['conversionType']
    redeemableIds: ReadonlyMap<string, number>
  },
): Conversion | null {
  if (members.points_conversion_threshold === undefined) return null
  const thresholdPoints = points(members.points_conversion_threshold)
  if (program.conversionType === 'currency') {
    const banked = centsOrNull(members.currency_earned)
    assert(banked !== null, 'a conversion to currency says how much', { members })
    return { thresholdPoints, into: { kind: 'currency', cents: banked } }
  }
  if (program.conversionType === 'rewards') {
    const redeemableId = program.redeemableIds.get(members.conversion_redeemable ?? '')
    assert(redeemableId !== undefined, 'a conversion to rewards says which', { members })
    return { thresholdPoints, into: { kind: 'reward', redeemableId } }
  }
  return null
}

function tierFrom(
  tierId: number,
  document: TierEntry,
  conversionOf: (members: ConversionMembers) => Conversion | null,
): Tier {
  return {
    tierId,
    name: document.name,
    minimumPoints: document.minimum_points,
    maximumPoints: document.maximum_points ?? null,
    earningMultiplier: microsOrNull(document.earning_multiplier) ?? micros(microsPerUnit),
    conversion: conversionOf(document),
  }
}

function expiryFrom(entry: ExpiryEntry | null | undefined): Expiry | null {
  if (entry === null || entry === undefined) return null
  if (entry.kind === 'fixed') {
    assert(entry.month_day !== undefined, 'a fixed expiry names its day', { entry })
    return { kind: 'fixed', monthDay: entry.month_day }
  }
  assert(entry.days !== undefined, 'an expiry in days says how many', { entry })
  return { kind: entry.kind, days: entry.days }
}

function tierResetFrom(entry: ProgramRules['tier_reset']): Program['tierReset'] {
  if (entry === undefined || entry.kind === 'never') return { kind: 'never' }
  if (entry.kind === 'anniversary') return { kind: 'anniversary' }
  assert(entry.month_day !== undefined, 'an annual reset names its day', { entry })
  return { kind: 'annual', monthDay: entry.month_day }
}
