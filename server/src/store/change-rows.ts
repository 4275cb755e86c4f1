import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import type { Account, Unit } from '@regulars/engine'
import type { Row } from './db.ts'
import { type Chain, chained } from './entry-chain.ts'
import type { Guest, GuestChange } from './guest-state.ts'
import { isoOrNull as iso } from './iso.ts'

/** The rows of a group of changes, a JSON list for each parameter of the recording statement. */
export function rowsOf(changes: readonly GuestChange[], now: Instant): string[] {
  const tables: Row[][] = Array.from({ length: 16 }, () => [])
  for (const change of changes) {
    const rows = rowsOfChange(change, now)
    for (const [index, added] of rows.entries()) tables[index]?.push(...added)
  }
  return tables.map((table) => JSON.stringify(table))
}

// In the order of the statement's parameters.
function rowsOfChange(change: GuestChange, now: Instant): Row[][] {
  const { before, after } = change
  const guestId = after.guest.guestId
  const chain = chained(after.guest, change.entries, now)
  const of = (rows: readonly Row[]) => rows.map((row) => ({ guest_id: guestId, ...row }))
  const closed = change.closedBasket
  const identifiers = change.identifiers
  return [
    [guestRow(after.guest, after.account, chain)],
    of([
      ...(identifiers?.remove ?? []).map((identifier) => ({ ...identifier, add: false })),
      ...(identifiers?.add ?? []).map((identifier) => ({ ...identifier, add: true })),
    ]),
    of(
      changed(before?.account.lots, after.account.lots).map((lot) => ({
        lot_no: lot.lotNo,
        unit: lot.unit,
        amount: lot.amount,
        remaining: lot.remaining,
        expired: lot.expired,
        state: lot.state,
        earned_at: iso(lot.earnedAt),
        expires_at: iso(lot.expiresAt),
        source_kind: lot.source.kind,
        source_id: lot.source.id,
        converted_from: lot.convertedFrom,
      })),
    ),
    of(chain.rows),
    of(
      changed(before?.rewards, after.rewards).map((reward) => ({
        reward_id: reward.rewardId,
        external_id: reward.externalId,
        redeemable_id: reward.redeemableId,
        status: reward.status,
        loyalty: reward.loyalty,
        starts_at: iso(reward.startsAt),
        ends_at: iso(reward.endsAt),
        gifted_for_type: reward.giftedForType,
        gift_reason: reward.giftReason,
        consumed: reward.consumed,
        created_at: iso(reward.createdAt),
        updated_at: iso(reward.updatedAt),
      })),
    ),
    of(
      changed(before?.subscriptions, after.subscriptions).map((subscription) => ({
        subscription_id: subscription.subscriptionId,
        external_id: subscription.externalId,
        plan_id: subscription.planId,
        status: subscription.status,
        starts_at: iso(subscription.startsAt),
        ends_at: iso(subscription.endsAt),
        cancelled_at: iso(subscription.cancelledAt),
        uses: subscription.uses,
      })),
    ),
    of(
      closed === undefined
        ? []
        : [{ redemption_ref: closed.redemptionRef, state: closed.state, items: closed.items }],
    ),
    of(
      after.basket === null || after.basket === before?.basket
        ? []
        : [
            {
              redemption_ref: after.basket.redemptionRef,
              state: after.basket.state,
              location_id: after.basket.locationId,
              lock_owner: after.basket.lock?.owner ?? null,
              locked_at: iso(after.basket.lock?.since),
              lock_until: iso(after.basket.lock?.until),
              items: after.basket.items,
              created_at: iso(after.basket.createdAt),
            },
          ],
    ),
    of(
      changed(before?.commits, after.commits).map((commit) => ({
        redemption_ref: commit.redemptionRef,
        commit_key: commit.key,
        round: commit.round,
        fingerprint: commit.fingerprint,
        location_id: commit.locationId,
        external_uid: commit.externalUid,
        state: commit.state,
        committed_at: iso(commit.committedAt),
        voided_at: iso(commit.voidedAt),
        item_ids: commit.itemIds,
        lot_nos: commit.lotNos,
        receipt: commit.receipt,
        reply: commit.reply,
        explanation: commit.explanation,
      })),
    ),
    of(
      changed(before?.redemptions, after.redemptions).map((redemption) => ({
        redemption_id: redemption.redemptionId,
        redemption_ref: redemption.redemptionRef,
        basket_item_id: redemption.basketItemId,
        discount_type: redemption.discountType,
        discount_id: redemption.discountId,
        discount_cents: redemption.discountCents,
        shares: redemption.shares,
        debits: redemption.debits,
        consumed: redemption.consumed,
        state: redemption.state,
        redeemed_at: iso(redemption.redeemedAt),
        voided_at: iso(redemption.voidedAt),
      })),
    ),
    of([...checkinRows(change), ...visitRows(change)]),
    of(
      (change.receipts ?? []).map((receipt) => ({
        location_id: receipt.locationId,
        punchh_key: receipt.punchhKey,
        business_date: receipt.businessDate,
        version_no: receipt.versionNo,
        receipt_id: receipt.receiptId,
        transaction_no: receipt.transactionNo,
        vendor_transaction_no: receipt.vendorTransactionNo,
        receipt_at: iso(receipt.receiptAt),
        void: receipt.void,
        test: receipt.test,
        subtotal_cents: receipt.subtotalCents,
        payable_cents: receipt.payableCents,
        body: receipt.body,
        posted_at: iso(receipt.postedAt),
      })),
    ),
    of(
      changed(before?.claims, after.claims).map((claim) => ({
        punchh_key: claim.punchhKey,
        kind: claim.kind,
        location_id: claim.locationId,
        state: claim.state,
        claimed_at: iso(claim.claimedAt),
        waits_until: iso(claim.waitsUntil),
        settled_at: iso(claim.settledAt),
        checkin_id: claim.checkinId,
      })),
    ),
    of(
      (change.codeUses ?? []).map((use) => ({
        code: use.code,
        redemption_ref: use.redemptionRef,
        at: iso(use.at),
        undo: use.undo,
      })),
    ),
    of(
      (change.newCodes ?? []).map((code) => ({
        code: code.code,
        campaign_id: code.campaignId,
        owner_id: code.guestId,
        redeemable_id: code.redeemableId,
        staged: code.staged,
        uses_max: code.usesMax,
        created_at: iso(code.createdAt),
        starts_at: iso(code.startsAt),
        expires_at: iso(code.expiresAt),
      })),
    ),
    of(
      (change.audit ?? []).map((entry) => ({
        audit_id: entry.auditId,
        at: iso(entry.at),
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        details: entry.details,
      })),
    ),
  ]
}

/** The members of `after` that are new or were replaced: rules keep the object when nothing moved. */
function changed<Item extends object>(
  before: readonly Item[] | undefined,
  after: readonly Item[],
): Item[] {
  if (before === after) return []
  const known = new Set(before)
  return after.filter((item) => !known.has(item))
}

function checkinRows({ before, after }: GuestChange): Row[] {
  const moved = new Set([
    ...changed(before?.account.checkins, after.account.checkins).map((item) => item.checkinId),
    ...changed(before?.checkinRecords, after.checkinRecords).map((item) => item.checkinId),
  ])
  return after.checkinRecords
    .filter((record) => moved.has(record.checkinId))
    .map((record) => {
      const checkin = after.account.checkins.find((item) => item.checkinId === record.checkinId)
      assert(checkin !== undefined, 'a check-in record has its check-in', { record })
      return {
        checkin_id: record.checkinId,
        location_id: checkin.locationId,
        external_uid: checkin.externalUid,
        punchh_key: record.punchhKey,
        business_date: record.businessDate,
        transaction_no: record.transactionNo,
        channel: record.channel,
        kind: record.kind,
        state: checkin.state,
        receipt_at: iso(checkin.receiptAt),
        approves_at: iso(checkin.approvesAt),
        approved_at: iso(checkin.approvedAt),
        not_counted: checkin.notCounted,
        eligible_cents: checkin.eligibleCents,
        subtotal_cents: record.subtotalCents,
        points: checkin.points,
        visits: checkin.visits,
        tier_id: checkin.tierId,
        fingerprint: record.fingerprint,
        reply: record.reply,
        created_at: iso(record.createdAt),
      }
    })
}

function visitRows({ before, after }: GuestChange): Row[] {
  return changed(before?.visits, after.visits).map((visit) => ({
    checkin_id: visit.checkinId,
    location_id: visit.locationId,
    external_uid: visit.externalUid,
    punchh_key: visit.punchhKey,
    business_date: visit.businessDate,
    transaction_no: visit.transactionNo,
    channel: visit.channel,
    kind: 'visit',
    state: 'approved',
    receipt_at: iso(visit.receiptAt),
    approves_at: null,
    approved_at: null,
    not_counted: null,
    eligible_cents: 0,
    subtotal_cents: visit.subtotalCents,
    points: 0,
    visits: 0,
    tier_id: null,
    fingerprint: visit.fingerprint,
    reply: visit.reply,
    created_at: iso(visit.createdAt),
  }))
}

function guestRow(guest: Guest, account: Account, chain: Chain): Row {
  return {
    business_id: guest.businessId,
    guest_id: guest.guestId,
    version: guest.version,
    external_id: guest.externalId,
    status: guest.status,
    email: guest.email,
    phone: guest.phone,
    first_name: guest.firstName,
    last_name: guest.lastName,
    profile: guest.profile,
    password_hash: guest.passwordHash,
    joined_at: iso(account.joinedAt),
    last_activity_at: iso(account.lastActivityAt),
    tier_id: account.tierId,
    tier_since: iso(account.tierSince),
    tier_floor_id: account.tierFloorId,
    qualifying_since: iso(account.qualifyingSince),
    counters: account.counters,
    debt: account.debt,
    next_lot_no: account.nextLotNo,
    points_available: held(account, 'points', 'open'),
    points_pending: held(account, 'points', 'pending'),
    visits_available: held(account, 'visits', 'open'),
    visits_pending: held(account, 'visits', 'pending'),
    currency_available: held(account, 'currency', 'open'),
    fuel_available: held(account, 'fuel', 'open'),
    entry_seq: chain.seq,
    entry_hash: chain.hash,
    next_due_at: iso(guest.nextDueAt),
  }
}

function held(account: Account, unit: Unit, state: 'open' | 'pending'): number {
  return account.lots
    .filter((lot) => lot.unit === unit && lot.state === state)
    .reduce((sum, lot) => sum + lot.remaining, 0)
}
