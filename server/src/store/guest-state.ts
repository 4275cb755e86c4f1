import type { RefusalCode } from '@regulars/contract/refusals'
import type { BusinessDate, Instant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import type {
  Account,
  BenefitUse,
  Consumption,
  Debit,
  DiscountType,
  Entry,
  LineShare,
  Receipt,
  Staged,
} from '@regulars/engine'

type GuestStatus = 'active' | 'banned' | 'deactivated' | 'deleted'

/** What a guest told us about themselves. Erased when the guest is. */
export type Profile = {
  birthday?: string
  anniversary?: string
  gender?: string
  addressLine1?: string
  title?: string
  secondaryEmail?: string
  /** Proven by a code that was sent there; such a guest cannot be taken over by a sign-up. */
  emailVerified?: boolean
  phoneVerified?: boolean
  city?: string
  state?: string
  zipCode?: string
  cardNumber?: string
  preferredLocale?: string
  favouriteLocations?: string
  marketingEmail?: boolean
  marketingPush?: boolean
  sms?: boolean
  termsAndConditions?: boolean
  privacyPolicy?: boolean
  ageVerified?: boolean
  signupChannel?: string
  externalSource?: string
  externalSourceId?: string
  /** Why an admin banned them, and whether nobody may sign up on their devices either. */
  banReason?: string
  devicesBanned?: boolean
  profileFieldAnswers?: Record<string, string>
}

export type Guest = {
  businessId: number
  guestId: number
  /** 0 for a guest that is not stored yet. */
  version: number
  externalId: string | null
  status: GuestStatus
  email: string | null
  phone: string | null
  firstName: string | null
  lastName: string | null
  profile: Profile
  passwordHash: string | null
  /** Of the newest ledger entry: its place and its hash, hex. */
  entrySeq: number
  entryHash: string
  /** When time next moves something of this guest's; null when nothing is waiting. */
  nextDueAt: Instant | null
}

export const identifierKinds = [
  'email',
  'phone',
  'card_number',
  'user_as_qrcode',
  'apple_nfc_data',
  'nfc_token',
] as const
export type IdentifierKind = (typeof identifierKinds)[number]
export type Identifier = { kind: IdentifierKind; value: string }

export type Reward = {
  rewardId: number
  externalId: string | null
  redeemableId: number
  status: 'unredeemed' | 'honored' | 'expired' | 'withdrawn'
  /** Made by conversion of points: of the acquisition class `loyalty`, others are `offer`. */
  loyalty: boolean
  startsAt: Instant | null
  endsAt: Instant | null
  giftedForType: string
  giftReason: string | null
  /** The points a conversion made it from, so that a void can turn it back. */
  consumed: readonly Consumption[] | null
  createdAt: Instant
  updatedAt: Instant
}

export type Subscription = {
  subscriptionId: number
  externalId: string | null
  planId: number
  status: 'active' | 'expired' | 'soft_cancelled' | 'hard_cancelled' | 'renewed'
  startsAt: Instant
  endsAt: Instant
  cancelledAt: Instant | null
  uses: readonly (BenefitUse & { redemptionRef: string })[]
}

export type SelectedItem = {
  itemId: number
  discountType: DiscountType
  discountId: string | null
  valueCents: Cents | null
  createdAt: Instant
}

export type Basket = {
  redemptionRef: string
  state: 'active' | 'committed' | 'emptied'
  locationId: number | null
  lock: { owner: string; since: Instant; until: Instant | null } | null
  items: readonly SelectedItem[]
  createdAt: Instant
}

/** A coupon, a promo, or a code of the guest's own app, with how often this guest used it. */
export type Code = {
  code: string
  campaignId: number | null
  guestId: number | null
  redeemableId: number | null
  staged: Staged | null
  uses: number
  usesMax: number | null
  active: boolean
  createdAt: Instant
  startsAt: Instant | null
  expiresAt: Instant | null
  /** When this guest used it, uses that were voided left out. */
  usedAt: readonly Instant[]
}

export type Commit = {
  redemptionRef: string
  key: string | null
  round: number
  fingerprint: string
  locationId: number
  externalUid: string | null
  state: 'committed' | 'voided'
  committedAt: Instant
  voidedAt: Instant | null
  itemIds: readonly number[]
  lotNos: readonly number[]
  receipt: Receipt
  reply: unknown
  explanation: unknown
}

export type Redemption = {
  redemptionId: number
  redemptionRef: string
  basketItemId: number
  discountType: DiscountType
  discountId: string | null
  discountCents: Cents
  shares: readonly LineShare[]
  debits: readonly Debit[]
  consumed: readonly Consumption[]
  state: 'honored' | 'voided'
  redeemedAt: Instant
  voidedAt: Instant | null
}

export type CheckinKind = 'pos' | 'online_order' | 'barcode' | 'qrcode'

/** What is kept of a check-in beside what the rules need of it. */
export type CheckinRecord = {
  checkinId: number
  kind: CheckinKind
  punchhKey: string | null
  businessDate: BusinessDate
  transactionNo: string | null
  channel: string | null
  subtotalCents: Cents
  fingerprint: string
  reply: unknown
  createdAt: Instant
}

/** A visit that earned nothing; the rules do not see it. */
export type Visit = Omit<CheckinRecord, 'kind'> & {
  locationId: number
  externalUid: string | null
  receiptAt: Instant
}

export type ReceiptVersion = {
  locationId: number
  punchhKey: string
  businessDate: BusinessDate
  versionNo: number
  receiptId: number
  transactionNo: string | null
  /** Of the channel that the order came from. */
  vendorTransactionNo: string | null
  receiptAt: Instant
  void: boolean
  test: boolean
  subtotalCents: Cents
  payableCents: Cents | null
  body: Receipt
  postedAt: Instant
}

export type ReceiptClaim = {
  punchhKey: string
  kind: 'barcode' | 'qrcode'
  locationId: number | null
  state: 'waiting' | 'settled' | 'refused' | 'lapsed'
  claimedAt: Instant
  /** When waiting for the receipt ends. */
  waitsUntil: Instant
  settledAt: Instant | null
  checkinId: number | null
}

export type LastQuery = {
  redemptionRef: string
  externalUid: string | null
  queriedAt: Instant
  receipt: Receipt
  explanation: unknown
}

/** Everything of one guest that an action may read or change, from one statement. */
export type GuestState = {
  guest: Guest
  account: Account
  rewards: readonly Reward[]
  subscriptions: readonly Subscription[]
  /** The active one, or null. */
  basket: Basket | null
  codes: readonly Code[]
  commits: readonly Commit[]
  redemptions: readonly Redemption[]
  checkinRecords: readonly CheckinRecord[]
  visits: readonly Visit[]
  claims: readonly ReceiptClaim[]
  lastQuery: LastQuery | null
  /** The newest version of the receipt the action named. */
  receipt: ReceiptVersion | null
}

/**
 * What an action decided about one guest. Rows are written for every object of `after` that is not
 * the very object of `before`; `before` is null for a new guest.
 */
export type GuestChange = {
  before: GuestState | null
  after: GuestState
  entries: readonly Entry[]
  identifiers?: { add: readonly Identifier[]; remove: readonly Identifier[] }
  /** The basket that stops being active, when the action closes one. */
  closedBasket?: Basket
  codeUses?: readonly CodeUse[]
  newCodes?: readonly Code[]
  receipts?: readonly ReceiptVersion[]
  audit?: readonly AuditEntry[]
}

/** A use of a code (`undo` false) or the undoing of one. */
export type CodeUse = { code: string; redemptionRef: string; at: Instant; undo: boolean }

export type AuditEntry = {
  auditId: number
  at: Instant
  actor: string
  action: string
  subject: string
  details: Readonly<Record<string, unknown>>
}

export type Recorded =
  | { kind: 'recorded' }
  /** Somebody else changed the guest since it was gathered: gather again. */
  | { kind: 'conflict' }
  /** What guests share was taken in between. */
  | {
      kind: 'taken'
      code: RefusalCode
      constraint: string
      /** Which kind of identifier, for `identifier_taken`. */
      identifier: IdentifierKind | null
    }
