import type { BusinessDate, Instant } from '@regulars/contract/values/instants'
import { instant } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import type { Checkin, Counters, Lot, Unit } from '@regulars/engine'
import type { Db, Statement } from './db.ts'
import type {
  Basket,
  CheckinRecord,
  Code,
  Commit,
  Guest,
  GuestState,
  LastQuery,
  ReceiptClaim,
  ReceiptVersion,
  Redemption,
  Reward,
  Subscription,
  Visit,
} from './guest-state.ts'

/** What an action needs beyond what every action reads. Absent means none. */
export type Wanted = {
  commitKey?: string | null
  redemptionRef?: string
  /** Standing commits under this external_uid, and what they took. */
  commitUid?: string | null
  /** Codes by name; those in the basket and the guest's own live ones are always read. */
  codes?: readonly string[]
  /** Rewards by id, whatever their status; unredeemed ones are always read. */
  rewards?: readonly number[]
  /** A check-in by its key. */
  checkinUid?: string | null
  /** A check-in, a receipt and claims by the receipt's key. */
  receiptKey?: { locationId: number; punchhKey: string; businessDate: BusinessDate }
  /** Every lot the guest ever had: what reverses a check-in needs them. */
  allLots?: boolean
  /** Check-ins from this moment of receipt time on; pending ones are always read. */
  checkinsSince?: Instant
}

const gatherStatement: Statement = {
  name: 'gather',
  text: `
select json_build_object(
  'catalog_version', (select b.catalog_version from businesses b where b.business_id = g.business_id),
  'guest', row_to_json(g),
  'lots', (
    select json_agg(l order by l.lot_no) from lots l
     where l.business_id = g.business_id and l.guest_id = g.guest_id
       and (l.remaining > 0 or $13::bool
         or l.lot_no in (
           select n.lot_no::int from commits c, jsonb_array_elements_text(c.lot_nos) n (lot_no)
            where c.business_id = g.business_id and c.guest_id = g.guest_id
              and c.redemption_ref = any(named.refs)))),
  'rewards', (
    select json_agg(r order by r.reward_id) from rewards r
     where r.business_id = g.business_id and r.guest_id = g.guest_id
       and (r.status = 'unredeemed' or r.reward_id = any($6::bigint[])
         or r.reward_id in (
           select (d.value->>'rewardId')::bigint
             from redemptions p, jsonb_array_elements(p.debits) d
            where p.business_id = g.business_id and p.guest_id = g.guest_id
              and p.redemption_ref = any(named.refs) and d.value ? 'rewardId'))),
  'subscriptions', (
    select json_agg(s order by s.subscription_id) from subscriptions s
     where s.business_id = g.business_id and s.guest_id = g.guest_id),
  'basket', (
    select row_to_json(b) from baskets b
     where b.business_id = g.business_id and b.guest_id = g.guest_id and b.state = 'active'),
  'codes', (
    select json_agg(json_build_object('code', row_to_json(c), 'used_at', (
        select json_agg(u.used_at order by u.used_at) from code_uses u
         where u.business_id = c.business_id and u.guest_id = g.guest_id
           and u.code = c.code and u.undone_at is null)) order by c.code)
      from codes c
     where c.business_id = g.business_id
       and (c.guest_id = g.guest_id and c.uses = 0
         or c.code = any($5::text[])
         or c.code in (
           select i.value->>'discountId' from baskets b, jsonb_array_elements(b.items) i
            where b.business_id = g.business_id and b.guest_id = g.guest_id and b.state = 'active'
              and i.value->>'discountType' = 'redemption_code')
         or c.code in (
           select u.code from code_uses u
            where u.business_id = g.business_id and u.guest_id = g.guest_id
              and u.redemption_ref = any(named.refs)))),
  'commits', (
    select json_agg(c order by c.round) from commits c
     where c.business_id = g.business_id and c.guest_id = g.guest_id
       and (c.commit_key = $3::text or c.redemption_ref = any(named.refs))),
  'redemptions', (
    select json_agg(p order by p.redemption_id) from redemptions p
     where p.business_id = g.business_id and p.guest_id = g.guest_id
       and p.redemption_ref = any(named.refs)),
  'checkins', (
    select json_agg(k order by k.receipt_at) from checkins k
     where k.business_id = g.business_id and k.guest_id = g.guest_id
       and (k.state = 'pending' or k.receipt_at >= $11::timestamptz
         or k.checkin_id = any(named.checkin_ids))),
  'claims', (
    select json_agg(w order by w.claimed_at) from receipt_claims w
     where w.business_id = g.business_id and w.guest_id = g.guest_id and w.state = 'waiting'),
  'last_query', (
    select row_to_json(q) from last_queries q
     where q.business_id = g.business_id and q.guest_id = g.guest_id),
  'receipt', (
    select row_to_json(v) from receipts v
     where v.business_id = g.business_id and v.location_id = $8::bigint
       and v.punchh_key = $9::text and v.business_date = $10::date
     order by v.version_no desc limit 1)
)::text as state
  from guests g
  cross join lateral (
    select array(
             select c.redemption_ref from commits c
              where c.business_id = g.business_id and c.guest_id = g.guest_id
                and (c.redemption_ref = $4::text
                  or c.state = 'committed' and c.external_uid = $12::text)) as refs,
           array(
             select k.checkin_id from checkins k
              where k.business_id = g.business_id and k.guest_id = g.guest_id
                and (k.external_uid = $7::text
                  or k.external_uid in (
                    select c.external_uid from commits c
                     where c.business_id = g.business_id and c.guest_id = g.guest_id
                       and c.redemption_ref = $4::text)
                  or (k.location_id = $8::bigint and k.punchh_key = $9::text
                    and k.business_date = $10::date))) as checkin_ids
  ) named
 where g.business_id = $1 and g.guest_id = $2`,
}

/**
 * One guest and all that an action on it may need, as one consistent read. Locks nothing; what is
 * decided on it is recorded only if the guest's version has not moved. Null when there is none.
 */
export async function gatherGuest(
  db: Db,
  id: { businessId: number; guestId: number },
  wanted: Wanted = {},
): Promise<{ state: GuestState; catalogVersion: number } | null> {
  const [row] = await db.query(gatherStatement, [
    id.businessId,
    id.guestId,
    wanted.commitKey ?? null,
    wanted.redemptionRef ?? null,
    wanted.codes ?? [],
    wanted.rewards ?? [],
    wanted.checkinUid ?? null,
    wanted.receiptKey?.locationId ?? null,
    wanted.receiptKey?.punchhKey ?? null,
    wanted.receiptKey?.businessDate ?? null,
    wanted.checkinsSince === undefined ? null : new Date(wanted.checkinsSince).toISOString(),
    wanted.commitUid ?? null,
    wanted.allLots ?? false,
  ])
  if (row === undefined) return null
  const gathered = JSON.parse(row.state as string) as GatheredJson
  return { state: parseState(gathered), catalogVersion: gathered.catalog_version }
}

// biome-ignore lint/suspicious/noExplicitAny: one row as the statement built it; the parsers name its columns.
type Json = Record<string, any>
type GatheredJson = {
  catalog_version: number
  guest: Json
  lots: Json[] | null
  rewards: Json[] | null
  subscriptions: Json[] | null
  basket: Json | null
  codes: { code: Json; used_at: string[] | null }[] | null
  commits: Json[] | null
  redemptions: Json[] | null
  checkins: Json[] | null
  claims: Json[] | null
  last_query: Json | null
  receipt: Json | null
}

function parseState(json: GatheredJson): GuestState {
  const checkins = json.checkins ?? []
  return {
    guest: parseGuest(json.guest),
    account: {
      lots: (json.lots ?? []).map(parseLot),
      nextLotNo: json.guest.next_lot_no,
      checkins: checkins.filter((row) => row.kind !== 'visit').map(parseCheckin),
      counters: json.guest.counters as Counters,
      debt: json.guest.debt as Record<Unit, number>,
      tierId: json.guest.tier_id,
      tierSince: at(json.guest.tier_since),
      tierFloorId: json.guest.tier_floor_id,
      qualifyingSince: moment(json.guest.qualifying_since),
      lastActivityAt: moment(json.guest.last_activity_at),
      joinedAt: moment(json.guest.joined_at),
    },
    rewards: (json.rewards ?? []).map(parseReward),
    subscriptions: (json.subscriptions ?? []).map(parseSubscription),
    basket: json.basket === null ? null : parseBasket(json.basket),
    codes: (json.codes ?? []).map(({ code, used_at }) => parseCode(code, used_at ?? [])),
    commits: (json.commits ?? []).map(parseCommit),
    redemptions: (json.redemptions ?? []).map(parseRedemption),
    checkinRecords: checkins.filter((row) => row.kind !== 'visit').map(parseCheckinRecord),
    visits: checkins.filter((row) => row.kind === 'visit').map(parseVisit),
    claims: (json.claims ?? []).map(parseClaim),
    lastQuery: json.last_query === null ? null : parseLastQuery(json.last_query),
    receipt: json.receipt === null ? null : parseReceiptVersion(json.receipt),
  }
}

function moment(text: string): Instant {
  return instant(Date.parse(text))
}

function at(text: string | null): Instant | null {
  return text === null ? null : moment(text)
}

function parseGuest(row: Json): Guest {
  return {
    businessId: row.business_id,
    guestId: row.guest_id,
    version: row.version,
    externalId: row.external_id,
    status: row.status,
    email: row.email,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
    profile: row.profile,
    passwordHash: row.password_hash,
    entrySeq: row.entry_seq,
    entryHash: hexOf(row.entry_hash),
    nextDueAt: at(row.next_due_at),
  }
}

// JSON shows a bytea as `\x…`.
function hexOf(text: string): string {
  return text.slice(2)
}

function parseLot(row: Json): Lot {
  return {
    lotNo: row.lot_no,
    unit: row.unit,
    amount: row.amount,
    remaining: row.remaining,
    expired: row.expired,
    state: row.state,
    earnedAt: moment(row.earned_at),
    expiresAt: at(row.expires_at),
    source: { kind: row.source_kind, id: row.source_id },
    convertedFrom: row.converted_from,
  }
}

function parseCheckin(row: Json): Checkin {
  return {
    checkinId: row.checkin_id,
    externalUid: row.external_uid,
    locationId: row.location_id,
    receiptAt: moment(row.receipt_at),
    state: row.state,
    approvesAt: at(row.approves_at),
    approvedAt: at(row.approved_at),
    eligibleCents: cents(row.eligible_cents),
    points: points(row.points),
    visits: row.visits,
    notCounted: row.not_counted,
    tierId: row.tier_id,
  }
}

function parseCheckinRecord(row: Json): CheckinRecord {
  return { kind: row.kind, ...parseKept(row) }
}

function parseVisit(row: Json): Visit {
  return {
    ...parseKept(row),
    locationId: row.location_id,
    externalUid: row.external_uid,
    receiptAt: moment(row.receipt_at),
  }
}

function parseKept(row: Json): Omit<CheckinRecord, 'kind'> {
  return {
    checkinId: row.checkin_id,
    punchhKey: row.punchh_key,
    businessDate: row.business_date,
    transactionNo: row.transaction_no,
    channel: row.channel,
    subtotalCents: cents(row.subtotal_cents),
    fingerprint: hexOf(row.fingerprint),
    reply: row.reply,
    createdAt: moment(row.created_at),
  }
}

function parseReward(row: Json): Reward {
  return {
    rewardId: row.reward_id,
    externalId: row.external_id,
    redeemableId: row.redeemable_id,
    status: row.status,
    loyalty: row.loyalty,
    startsAt: at(row.starts_at),
    endsAt: at(row.ends_at),
    giftedForType: row.gifted_for_type,
    giftReason: row.gift_reason,
    consumed: row.consumed,
    createdAt: moment(row.created_at),
    updatedAt: moment(row.updated_at),
  }
}

function parseSubscription(row: Json): Subscription {
  return {
    subscriptionId: row.subscription_id,
    externalId: row.external_id,
    planId: row.plan_id,
    status: row.status,
    startsAt: moment(row.starts_at),
    endsAt: moment(row.ends_at),
    cancelledAt: at(row.cancelled_at),
    uses: row.uses,
  }
}

function parseBasket(row: Json): Basket {
  const owner: string | null = row.lock_owner
  return {
    redemptionRef: row.redemption_ref,
    state: row.state,
    locationId: row.location_id,
    lock:
      owner === null ? null : { owner, since: moment(row.locked_at), until: at(row.lock_until) },
    items: row.items,
    createdAt: moment(row.created_at),
  }
}

function parseCode(row: Json, usedAt: string[]): Code {
  return {
    code: row.code,
    campaignId: row.campaign_id,
    guestId: row.guest_id,
    redeemableId: row.redeemable_id,
    staged: row.staged,
    uses: row.uses,
    usesMax: row.uses_max,
    active: row.active,
    createdAt: moment(row.created_at),
    startsAt: at(row.starts_at),
    expiresAt: at(row.expires_at),
    usedAt: usedAt.map(moment),
  }
}

function parseCommit(row: Json): Commit {
  return {
    redemptionRef: row.redemption_ref,
    key: row.commit_key,
    round: row.round,
    fingerprint: hexOf(row.fingerprint),
    locationId: row.location_id,
    externalUid: row.external_uid,
    state: row.state,
    committedAt: moment(row.committed_at),
    voidedAt: at(row.voided_at),
    itemIds: row.item_ids,
    lotNos: row.lot_nos,
    receipt: row.receipt,
    reply: row.reply,
    explanation: row.explanation,
  }
}

function parseRedemption(row: Json): Redemption {
  return {
    redemptionId: row.redemption_id,
    redemptionRef: row.redemption_ref,
    basketItemId: row.basket_item_id,
    discountType: row.discount_type,
    discountId: row.discount_id,
    discountCents: cents(row.discount_cents),
    shares: row.shares,
    debits: row.debits,
    consumed: row.consumed,
    state: row.state,
    redeemedAt: moment(row.redeemed_at),
    voidedAt: at(row.voided_at),
  }
}

function parseClaim(row: Json): ReceiptClaim {
  return {
    punchhKey: row.punchh_key,
    kind: row.kind,
    locationId: row.location_id,
    state: row.state,
    claimedAt: moment(row.claimed_at),
    waitsUntil: moment(row.waits_until),
    settledAt: at(row.settled_at),
    checkinId: row.checkin_id,
  }
}

function parseLastQuery(row: Json): LastQuery {
  return {
    redemptionRef: row.redemption_ref,
    externalUid: row.external_uid,
    queriedAt: moment(row.queried_at),
    receipt: row.receipt,
    explanation: row.explanation,
  }
}

/** One stored version of a receipt, from a row as JSON shows it. */
export function parseReceiptVersion(row: Json): ReceiptVersion {
  return {
    locationId: row.location_id,
    punchhKey: row.punchh_key,
    businessDate: row.business_date,
    versionNo: row.version_no,
    receiptId: row.receipt_id,
    transactionNo: row.transaction_no,
    vendorTransactionNo: row.vendor_transaction_no,
    receiptAt: moment(row.receipt_at),
    void: row.void,
    test: row.test,
    subtotalCents: cents(row.subtotal_cents),
    payableCents: row.payable_cents === null ? null : cents(row.payable_cents),
    body: row.body,
    postedAt: moment(row.posted_at),
  }
}
