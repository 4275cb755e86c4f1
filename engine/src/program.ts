import type { Micros } from '@regulars/contract/values/exact'
import type { Cents } from '@regulars/contract/values/money'
import type { Points } from '@regulars/contract/values/points'
import type { Criterion } from './catalog.ts'

export type ProgramType = 'visits' | 'points' | 'points_unlock_redeemables'
export type ConversionType = 'currency' | 'rewards' | 'staged' | 'none'

/** How value of one unit runs out. */
export type Expiry =
  /** Each lot, so many days after it was earned, at the end of that local day. */
  | { kind: 'rolling'; days: number }
  /** Every lot at the end of this local day each year, `MM-DD`. */
  | { kind: 'fixed'; monthDay: string }
  /** Every lot, so many days after the guest's last activity. */
  | { kind: 'inactivity'; days: number }

export type Tier = {
  tierId: number
  name: string
  /** Half open: a guest with exactly `maximumPoints` is in the next tier. Null has no end. */
  minimumPoints: number
  maximumPoints: number | null
  /** 1.5 is 1 500 000. */
  earningMultiplier: Micros
  /** Replaces the program's own while the guest is in this tier; null keeps it. */
  conversion: Conversion | null
}

/** Points that turn into something by themselves at each threshold. */
export type Conversion = {
  thresholdPoints: Points
  into: { kind: 'currency'; cents: Cents } | { kind: 'reward'; redeemableId: number }
}

/** A business's rules for earning. What a discount takes off is the catalog's. */
export type Program = {
  programType: ProgramType
  conversionType: ConversionType
  /** The zone of the business, for end of day, fixed dates and expiry. */
  zone: string
  /** Points for each unit of currency, 10 is 10 000 000. */
  earningRate: Micros
  rounding: { rule: 'floor' | 'ceil' | 'round'; stage: 'before' | 'after' }
  /** What of a receipt earns; null is its subtotal. */
  earningCriterion: Criterion | null
  minimumVisitCents: Cents
  /** At most `receipts` whose receipt times lie within `hours` of each other; null is no limit. */
  visitLimit: { receipts: number; hours: number } | null
  conversion: Conversion | null
  /** Points up to this many are kept out of conversion. */
  reservedPoints: Points
  visitsPerCard: number
  cardValueCents: Cents
  /** Null credits at once. `endOfDay` is local, `HH:MM:SS`. */
  pending: { delayMinutes: number; endOfDay: string } | null
  expiry: { points: Expiry | null; visits: Expiry | null; currency: Expiry | null }
  tiers: readonly Tier[]
  tierReset: { kind: 'never' } | { kind: 'annual'; monthDay: string } | { kind: 'anniversary' }
}
