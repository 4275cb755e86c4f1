import { type Micros, microsToNumber } from '@regulars/contract/values/exact'
import { type Instant, instant, toWireInstant } from '@regulars/contract/values/instants'
import { type Cents, cents, toDecimal } from '@regulars/contract/values/money'
import type {
  exportBusinesses,
  exportCheckins,
  exportGuests,
  exportLedgerEntries,
  exportLocations,
  exportReceipts,
  exportRedemptions,
} from '@regulars/contract/wire/exports'
import type { ReplyOf } from '@regulars/contract/wire/operation'
import type { LineShare, Receipt, Unit } from '@regulars/engine'
import type { LocationDocument } from '../catalog/catalog-rows.ts'
import type { Row } from '../store/db.ts'
import type { Profile } from '../store/guest-state.ts'
import { parseBalances } from '../store/ledger.ts'

type RowOf<Reply extends { rows: unknown[] }> = Reply['rows'][number]

export function businessRow(row: Row): RowOf<ReplyOf<typeof exportBusinesses>> {
  return {
    business_id: row.business_id as number,
    external_id: row.external_id as string,
    name: row.name as string,
    time_zone: row.time_zone as string,
    currency: row.currency as string | null,
    created_at: moment(row.created_at),
  }
}

export function locationRow(row: Row): RowOf<ReplyOf<typeof exportLocations>> {
  const document = row.definition as LocationDocument
  return {
    location_id: row.location_id as number,
    external_id: row.external_id as string,
    name: document.name,
    store_number: row.store_number as string,
    time_zone: document.time_zone ?? null,
    address: document.address ?? null,
    city: document.city ?? null,
    state: document.state ?? null,
    post_code: document.post_code ?? null,
    country: document.country ?? null,
    updated_at: moment(row.updated_at),
  }
}

export function guestRow(row: Row): RowOf<ReplyOf<typeof exportGuests>> {
  const balances = parseBalances(row)
  const balance = (unit: Unit) => ({
    available: unitAmount(unit, balances[unit].available),
    pending: unitAmount(unit, balances[unit].pending),
    owed: unitAmount(unit, balances[unit].debt),
  })
  return {
    guest_id: row.guest_id as number,
    external_id: row.external_id as string | null,
    status: row.status as string,
    email: row.email as string | null,
    phone: row.phone as string | null,
    first_name: row.first_name as string | null,
    last_name: row.last_name as string | null,
    ...profileMembers(row.profile as Profile),
    joined_at: moment(row.joined_at),
    last_activity_at: moment(row.last_activity_at),
    tier_id: row.tier_id as number | null,
    tier_since: momentOrNull(row.tier_since),
    balances: {
      points: balance('points'),
      visits: balance('visits'),
      currency: balance('currency'),
      fuel: balance('fuel'),
    },
  }
}

function profileMembers(profile: Profile) {
  return {
    card_number: profile.cardNumber ?? null,
    birthday: profile.birthday ?? null,
    anniversary: profile.anniversary ?? null,
    gender: profile.gender ?? null,
    title: profile.title ?? null,
    address: profile.addressLine1 ?? null,
    city: profile.city ?? null,
    state: profile.state ?? null,
    zip_code: profile.zipCode ?? null,
    preferred_locale: profile.preferredLocale ?? null,
    favourite_locations: profile.favouriteLocations ?? null,
    secondary_email: profile.secondaryEmail ?? null,
    email_verified: profile.emailVerified ?? null,
    phone_verified: profile.phoneVerified ?? null,
    marketing_email: profile.marketingEmail ?? null,
    marketing_push: profile.marketingPush ?? null,
    sms: profile.sms ?? null,
    terms_and_conditions: profile.termsAndConditions ?? null,
    privacy_policy: profile.privacyPolicy ?? null,
    age_verified: profile.ageVerified ?? null,
    signup_channel: profile.signupChannel ?? null,
    external_source: profile.externalSource ?? null,
    external_source_id: profile.externalSourceId ?? null,
    ban_reason: profile.banReason ?? null,
  }
}

export function checkinRow(row: Row): RowOf<ReplyOf<typeof exportCheckins>> {
  return {
    checkin_id: row.checkin_id as number,
    guest_id: row.guest_id as number,
    location_id: row.location_id as number,
    kind: row.kind as string,
    state: row.state as string,
    external_uid: row.external_uid as string | null,
    punchh_key: row.punchh_key as string | null,
    business_date: row.business_date as string,
    transaction_no: row.transaction_no as string | null,
    channel: row.channel as string | null,
    receipt_at: moment(row.receipt_at),
    approves_at: momentOrNull(row.approves_at),
    approved_at: momentOrNull(row.approved_at),
    not_counted: row.not_counted as string | null,
    eligible_amount: decimal(row.eligible_cents),
    subtotal_amount: decimal(row.subtotal_cents),
    points: row.points as number,
    visits: row.visits as number,
    tier_id: row.tier_id as number | null,
    created_at: moment(row.created_at),
  }
}

export function receiptRow(row: Row): RowOf<ReplyOf<typeof exportReceipts>> {
  const body = row.body as Receipt
  return {
    receipt_id: row.receipt_id as number,
    version_no: row.version_no as number,
    location_id: row.location_id as number,
    punchh_key: row.punchh_key as string,
    business_date: row.business_date as string,
    vendor_transaction_no: row.vendor_transaction_no as string | null,
    void: row.void as boolean,
    test: row.test as boolean,
    posted_at: moment(row.posted_at),
    ...saleMembers(body),
    // The columns are what the counter goes by.
    transaction_no: row.transaction_no as string | null,
    receipt_at: moment(row.receipt_at),
    subtotal_amount: decimal(row.subtotal_cents),
    payable: row.payable_cents === null ? null : decimal(row.payable_cents),
    lines: body.lines.map((line) => ({
      serial_number: line.serial,
      item_name: line.name,
      item_qty: microsToNumber(line.quantity),
      amount: toDecimal(line.amountCents),
      item_type: line.type,
      item_id: line.itemId,
      item_family: line.family,
      item_group: line.group,
    })),
  }
}

function saleMembers(receipt: Receipt) {
  return {
    transaction_no: receipt.transactionNo,
    receipt_at: toWireInstant(receipt.receiptAt.at),
    subtotal_amount: toDecimal(receipt.subtotalCents),
    receipt_amount: toDecimal(receipt.receiptAmountCents),
    payable: receipt.payableCents === null ? null : toDecimal(receipt.payableCents),
    channel: receipt.channel,
    revenue_id: receipt.revenueId,
    revenue_code: receipt.revenueCode,
    employee_id: receipt.employeeId,
    employee_name: receipt.employeeName,
  }
}

/** An item as its statement builds it: moments are ISO 8601 with an offset. */
type StoredItem = {
  redemptionId: number
  basketItemId: number
  discountType: string
  discountId: string | null
  discountCents: Cents
  shares: readonly LineShare[]
  state: string
  redeemedAt: string
  voidedAt: string | null
}

export function redemptionRow(row: Row): RowOf<ReplyOf<typeof exportRedemptions>> {
  const receipt = row.receipt as Receipt
  return {
    redemption_ref: row.redemption_ref as string,
    guest_id: row.guest_id as number,
    location_id: row.location_id as number,
    external_uid: row.external_uid as string | null,
    state: row.state as string,
    committed_at: moment(row.committed_at),
    voided_at: momentOrNull(row.voided_at),
    ...saleMembers(receipt),
    items: ((row.items ?? []) as readonly StoredItem[]).map((item) => ({
      redemption_id: item.redemptionId,
      discount_basket_item_id: item.basketItemId,
      discount_type: item.discountType,
      discount_id: item.discountId,
      discount_amount: toDecimal(item.discountCents),
      state: item.state,
      redeemed_at: moment(Date.parse(item.redeemedAt)),
      voided_at: item.voidedAt === null ? null : moment(Date.parse(item.voidedAt)),
      lines: item.shares.map((share) => ({
        line: share.line,
        item_id: receipt.lines[share.line]?.itemId ?? '',
        item_qty: microsToNumber(share.quantity),
        amount: toDecimal(share.cents),
      })),
    })),
  }
}

export function ledgerEntryRow(row: Row): RowOf<ReplyOf<typeof exportLedgerEntries>> {
  return {
    guest_id: row.guest_id as number,
    seq: row.seq as number,
    unit: row.unit as string,
    from: row.from_account as string,
    to: row.to_account as string,
    amount: unitAmount(row.unit as Unit, row.amount as number),
    lot_no: row.lot_no as number,
    cause: row.cause_kind as string,
    cause_id: row.cause_id as number,
    due_at: moment(row.due_at),
    recorded_at: moment(row.recorded_at),
  }
}

function unitAmount(unit: Unit, amount: number): number {
  if (unit === 'currency') return toDecimal(cents(amount))
  return unit === 'fuel' ? microsToNumber(amount as Micros) : amount
}

function decimal(value: unknown): number {
  return toDecimal(value as Cents)
}

function moment(value: unknown): string {
  return toWireInstant(instant(value as number))
}

function momentOrNull(value: unknown): string | null {
  return value === null ? null : toWireInstant(value as Instant)
}
