import type { Micros } from '@regulars/contract/values/exact'
import type { Instant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import type { Points } from '@regulars/contract/values/points'
import type {
  AcquisitionClass,
  Benefit,
  LocationScope,
  RedemptionSettings,
  Rule,
  Selector,
} from './catalog.ts'
import type { Receipt } from './receipt.ts'

/** What one basket item is, resolved: nothing is looked up while rules run. */
export type BasketItem = {
  basketItemId: number
  createdAt: Instant
  /** Null for an id that no longer stands for anything. */
  discount: Discount | null
  discountType: DiscountType
  discountId: string | null
}

/** The kinds of a basket item, as the wire names them. */
export const discountTypes = [
  'card_completion',
  'discount_amount',
  'redemption_code',
  'reward',
  'fuel_reward',
  'redeemable',
  'subscription',
] as const
export type DiscountType = (typeof discountTypes)[number]

/** A discount with its rule, window and places. A window includes its first and last moment. */
export type Discount = {
  acquisition: AcquisitionClass
  startsAt: Instant | null
  expiresAt: Instant | null
  /** True when it was honoured, used up or withdrawn. */
  used: boolean
  locations: LocationScope
  autoApplicable: boolean
  source: DiscountSource
}

/** Where a discount comes from, and so what pays for it. */
export type DiscountSource =
  | { kind: 'reward'; rewardId: number; redeemableId: number; rule: Rule }
  | { kind: 'redeemable'; redeemableId: number; costPoints: Points; rule: Rule }
  | { kind: 'card_completion' }
  | { kind: 'discount_amount'; askedCents: Cents }
  | {
      kind: 'redemption_code'
      code: string
      redeemableId: number | null
      rule: Rule
      staged: Staged
    }
  | {
      kind: 'subscription'
      subscriptionId: number
      planId: number
      benefits: readonly Benefit[]
      uses: readonly BenefitUse[]
    }
  | { kind: 'fuel_reward' }

/** What a code made in the app stands for besides itself; a coupon or promo stands for nothing else. */
export type Staged =
  | { kind: 'nothing' }
  | { kind: 'reward'; rewardId: number }
  | { kind: 'points'; costPoints: Points }
  | { kind: 'currency'; cents: Cents }
  | { kind: 'card' }

/** One earlier use of a benefit: whole units, and what it took off. */
export type BenefitUse = { benefitId: number; at: Instant; units: number; cents: Cents }

/** What the guest has to spend. Nothing pending is in it. */
export type Wallet = {
  points: Points
  currencyCents: Cents
  cards: number
  /** Fuel discount per unit of volume, millionths of the currency unit. */
  fuelRate: Micros
}

/** All that an evaluation reads. Balances must be of one moment, `now`. */
export type EvaluationFacts = {
  now: Instant
  guestName: string
  location: { locationId: number; name: string; tags: readonly string[] }
  settings: RedemptionSettings
  receipt: Receipt
  basket: readonly BasketItem[]
  wallet: Wallet
  /** The rule behind banked currency and cards; null lets them reach every menu line. */
  baseRule: Rule | null
  cardValueCents: Cents
  fuel: {
    minimumPayablePrice: Micros | null
    maximumQuantity: Micros | null
    /** Which lines are fuel; null lets the rate reach every menu line. */
    selector: Selector | null
  }
  /** Left to pay when a check-in follows the redemption; zero when none does. */
  leavePayableCents: Cents
  /** Whether to write the trace; without it every `trace` is empty. Decides nothing else. */
  explain: boolean
}

/** One line's part of a discount. `line` is its place in `receipt.lines`. */
export type LineShare = { line: number; quantity: Micros; cents: Cents }

/** What a commit takes from the guest for one granted item. */
export type Debit =
  | { kind: 'reward'; rewardId: number }
  | { kind: 'points'; points: Points }
  | { kind: 'card' }
  | { kind: 'currency'; cents: Cents }
  | { kind: 'code'; code: string }
  | { kind: 'benefit'; subscriptionId: number; benefitId: number; units: number; cents: Cents }
  | { kind: 'fuel'; rate: Micros }

/** One item that takes something off: always more than zero, and the sum of its shares. */
export type Granted = {
  item: BasketItem
  discountCents: Cents
  shares: readonly LineShare[]
  debits: readonly Debit[]
  /** Currency left after this item; null on everything but `discount_amount`. */
  remainingCurrencyCents: Cents | null
  maxApplicableQuantity: number | null
  trace: readonly TraceStep[]
}

/** Why one item is refused, in the order in which reasons are looked for. */
export const itemRefusalCodes = [
  'unknown_discount',
  'discount_used',
  'discount_expired',
  'discount_not_started',
  'restricted_location',
  'redemption_limit',
  'category_limit',
  'interoperability',
  'insufficient_points',
  'insufficient_balance',
  'insufficient_cards',
  'not_qualified',
  'zero_amount',
] as const
export type ItemRefusalCode = (typeof itemRefusalCodes)[number]

/** One item that takes nothing off. It left the receipt, the wallet and every limit untouched. */
export type Failed = {
  item: BasketItem
  code: ItemRefusalCode
  /** What the text of the refusal names: `acquisition`, `startsAt`, `guestName`, `locationName`. */
  facts: Readonly<Record<string, string | number>>
  /** "needs 2 more entrees", "subtotal 4.90 of 5.00"; null when nothing was near. */
  nearestMiss: string | null
  trace: readonly TraceStep[]
}

/** One step of why: which clause matched which line, what was consumed, which step reduced the amount. */
export type TraceStep = {
  step: TraceStepName
  /** One plain sentence. */
  text: string
  facts: Readonly<Record<string, unknown>>
}

/** What a step of the trace is about. */
export type TraceStepName =
  | 'order'
  | 'check'
  | 'selector'
  | 'receipt_qualifier'
  | 'item_qualifier'
  | 'function'
  | 'rounding'
  | 'percentage'
  | 'cap'
  | 'clamp'
  | 'distribution'
  | 'consumed'
  | 'benefit'

/** What a basket comes to. Every item is in exactly one of `success`, `failures` and `withheld`. */
export type Evaluation = {
  /** Both in processing order. */
  success: readonly Granted[]
  failures: readonly Failed[]
  /** What would have been granted, had nothing failed under the batch policy `all`; else empty. */
  withheld: readonly Granted[]
  walletAfter: Wallet
  totalDiscountCents: Cents
}
