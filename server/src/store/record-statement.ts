import type { Statement } from './db.ts'

/**
 * Everything a change of guests writes, as one statement. `held` are the guests whose version was the
 * gathered one; every other part joins it, so a stale member of a group writes nothing. Parameters are
 * JSON lists of rows, in the order of `change-rows.ts`.
 */
export const recordStatement: Statement = {
  name: 'record',
  text: `
with change as (
  select * from json_to_recordset($1::json) as x (
    business_id bigint, guest_id bigint, version bigint, external_id text, status text, email text,
    phone text, first_name text, last_name text, profile jsonb, password_hash text,
    joined_at timestamptz, last_activity_at timestamptz, tier_id bigint, tier_since timestamptz,
    tier_floor_id bigint, qualifying_since timestamptz,
    counters jsonb, debt jsonb, next_lot_no int, points_available bigint, points_pending bigint,
    visits_available bigint, visits_pending bigint, currency_available bigint,
    fuel_available bigint, entry_seq int, entry_hash text, next_due_at timestamptz)
), moved as (
  update guests g
     set version = g.version + 1, changed_in = pg_current_xact_id(), status = x.status, email = x.email, phone = x.phone,
         first_name = x.first_name, last_name = x.last_name, profile = x.profile,
         password_hash = x.password_hash, last_activity_at = x.last_activity_at,
         tier_id = x.tier_id, tier_since = x.tier_since,
         tier_floor_id = x.tier_floor_id, qualifying_since = x.qualifying_since, counters = x.counters, debt = x.debt,
         next_lot_no = x.next_lot_no, points_available = x.points_available,
         points_pending = x.points_pending, visits_available = x.visits_available,
         visits_pending = x.visits_pending, currency_available = x.currency_available,
         fuel_available = x.fuel_available, entry_seq = x.entry_seq,
         entry_hash = decode(x.entry_hash, 'hex'), next_due_at = x.next_due_at
    from change x
   where g.business_id = x.business_id and g.guest_id = x.guest_id and g.version = x.version
  returning g.business_id, g.guest_id
), made as (
  insert into guests (
    business_id, guest_id, version, external_id, status, email, phone, first_name, last_name,
    profile, password_hash, joined_at, last_activity_at, tier_id, tier_since,
    tier_floor_id, qualifying_since, counters, debt,
    next_lot_no, points_available, points_pending, visits_available, visits_pending,
    currency_available, fuel_available, entry_seq, entry_hash, next_due_at)
  select business_id, guest_id, 1, external_id, status, email, phone, first_name, last_name,
         profile, password_hash, joined_at, last_activity_at, tier_id, tier_since,
         tier_floor_id, qualifying_since, counters, debt,
         next_lot_no, points_available, points_pending, visits_available, visits_pending,
         currency_available, fuel_available, entry_seq, decode(entry_hash, 'hex'), next_due_at
    from change where version = 0
  returning business_id, guest_id
), held as (
  select * from moved union all select * from made
), identifiers_removed as (
  delete from guest_identifiers i
   using held h, json_to_recordset($2::json) as x (guest_id bigint, kind text, value text, add bool)
   where h.guest_id = x.guest_id and not x.add and i.business_id = h.business_id
     and i.guest_id = h.guest_id and i.kind = x.kind and i.value = x.value
), identifiers_added as (
  insert into guest_identifiers (business_id, kind, value, guest_id)
  select h.business_id, x.kind, x.value, h.guest_id
    from held h
    join json_to_recordset($2::json) as x (guest_id bigint, kind text, value text, add bool)
      on h.guest_id = x.guest_id and x.add
), lots_written as (
  insert into lots (business_id, guest_id, lot_no, unit, amount, remaining, expired, state,
                    earned_at, expires_at, source_kind, source_id, converted_from)
  select h.business_id, h.guest_id, lot_no, unit, amount, remaining, expired, state, earned_at,
         expires_at, source_kind, source_id, converted_from
    from held h
    join json_to_recordset($3::json) as x (
      guest_id bigint, lot_no int, unit text, amount bigint, remaining bigint, expired bigint,
      state text, earned_at timestamptz, expires_at timestamptz, source_kind text,
      source_id bigint, converted_from jsonb)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, lot_no) do update
    set amount = excluded.amount, remaining = excluded.remaining, expired = excluded.expired,
        state = excluded.state, expires_at = excluded.expires_at,
        converted_from = excluded.converted_from
), entries_written as (
  insert into ledger_entries (business_id, guest_id, seq, unit, from_account, to_account, amount,
                              lot_no, cause_kind, cause_id, due_at, recorded_at, hash)
  select h.business_id, h.guest_id, seq, unit, from_account, to_account, amount, lot_no,
         cause_kind, cause_id, due_at, recorded_at, decode(hash, 'hex')
    from held h
    join json_to_recordset($4::json) as x (
      guest_id bigint, seq int, unit text, from_account text, to_account text, amount bigint,
      lot_no int, cause_kind text, cause_id bigint, due_at timestamptz, recorded_at timestamptz,
      hash text)
      on h.guest_id = x.guest_id
), rewards_written as (
  insert into rewards (business_id, guest_id, reward_id, external_id, redeemable_id, status,
                       loyalty, starts_at, ends_at, gifted_for_type, gift_reason, consumed,
                       created_at, updated_at)
  select h.business_id, h.guest_id, reward_id, external_id, redeemable_id, status, loyalty,
         starts_at, ends_at, gifted_for_type, gift_reason, consumed, created_at, updated_at
    from held h
    join json_to_recordset($5::json) as x (
      guest_id bigint, reward_id bigint, external_id text, redeemable_id bigint, status text,
      loyalty bool, starts_at timestamptz, ends_at timestamptz, gifted_for_type text,
      gift_reason text, consumed jsonb, created_at timestamptz, updated_at timestamptz)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, reward_id) do update
    set status = excluded.status, ends_at = excluded.ends_at, updated_at = excluded.updated_at
), subscriptions_written as (
  insert into subscriptions (business_id, guest_id, subscription_id, external_id, plan_id, status,
                             starts_at, ends_at, cancelled_at, uses)
  select h.business_id, h.guest_id, subscription_id, external_id, plan_id, status, starts_at,
         ends_at, cancelled_at, uses
    from held h
    join json_to_recordset($6::json) as x (
      guest_id bigint, subscription_id bigint, external_id text, plan_id bigint, status text,
      starts_at timestamptz, ends_at timestamptz, cancelled_at timestamptz, uses jsonb)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, subscription_id) do update
    set status = excluded.status, ends_at = excluded.ends_at,
        cancelled_at = excluded.cancelled_at, uses = excluded.uses
), baskets_closed as (
  update baskets b
     set state = x.state, items = x.items, lock_owner = null, locked_at = null, lock_until = null
    from held h
    join json_to_recordset($7::json) as x (
      guest_id bigint, redemption_ref text, state text, items jsonb)
      on h.guest_id = x.guest_id and x.state <> 'active'
   where b.business_id = h.business_id and b.guest_id = h.guest_id
     and b.redemption_ref = x.redemption_ref
  returning b.redemption_ref
), baskets_written as (
  insert into baskets (business_id, guest_id, redemption_ref, state, location_id, lock_owner,
                       locked_at, lock_until, items, created_at)
  select h.business_id, h.guest_id, redemption_ref, state, location_id, lock_owner, locked_at,
         lock_until, items, created_at
    from held h
    join json_to_recordset($8::json) as x (
      guest_id bigint, redemption_ref text, state text, location_id bigint, lock_owner text,
      locked_at timestamptz, lock_until timestamptz, items jsonb, created_at timestamptz)
      on h.guest_id = x.guest_id
   -- Reading what was closed makes the closing come first: a guest has one active basket.
   where (select count(*) from baskets_closed) >= 0
  on conflict (business_id, guest_id, redemption_ref) do update
    set location_id = excluded.location_id, lock_owner = excluded.lock_owner,
        locked_at = excluded.locked_at, lock_until = excluded.lock_until, items = excluded.items
), commits_written as (
  insert into commits (business_id, guest_id, redemption_ref, commit_key, round, fingerprint,
                       location_id, external_uid, state, committed_at, voided_at, item_ids,
                       lot_nos, receipt, reply, explanation)
  select h.business_id, h.guest_id, redemption_ref, commit_key, round, decode(fingerprint, 'hex'),
         location_id, external_uid, state, committed_at, voided_at, item_ids, lot_nos, receipt,
         reply, explanation
    from held h
    join json_to_recordset($9::json) as x (
      guest_id bigint, redemption_ref text, commit_key text, round int, fingerprint text,
      location_id bigint, external_uid text, state text, committed_at timestamptz,
      voided_at timestamptz, item_ids jsonb, lot_nos jsonb, receipt jsonb, reply json,
      explanation json)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, redemption_ref) do update
    set state = excluded.state, voided_at = excluded.voided_at, changed_in = excluded.changed_in
), redemptions_written as (
  insert into redemptions (business_id, guest_id, redemption_id, redemption_ref, basket_item_id,
                           discount_type, discount_id, discount_cents, shares, debits, consumed,
                           state, redeemed_at, voided_at)
  select h.business_id, h.guest_id, redemption_id, redemption_ref, basket_item_id, discount_type,
         discount_id, discount_cents, shares, debits, consumed, state, redeemed_at, voided_at
    from held h
    join json_to_recordset($10::json) as x (
      guest_id bigint, redemption_id bigint, redemption_ref text, basket_item_id bigint,
      discount_type text, discount_id text, discount_cents bigint, shares jsonb, debits jsonb,
      consumed jsonb, state text, redeemed_at timestamptz, voided_at timestamptz)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, redemption_id) do update
    set state = excluded.state, voided_at = excluded.voided_at
), checkins_written as (
  insert into checkins (business_id, guest_id, checkin_id, location_id, external_uid, punchh_key,
                        business_date, transaction_no, channel, kind, state, receipt_at,
                        approves_at, approved_at, not_counted, eligible_cents, subtotal_cents,
                        points, visits, tier_id, fingerprint, reply, created_at)
  select h.business_id, h.guest_id, checkin_id, location_id, external_uid, punchh_key,
         business_date, transaction_no, channel, kind, state, receipt_at, approves_at,
         approved_at, not_counted, eligible_cents, subtotal_cents, points, visits, tier_id, decode(fingerprint, 'hex'),
         reply, created_at
    from held h
    join json_to_recordset($11::json) as x (
      guest_id bigint, checkin_id bigint, location_id bigint, external_uid text, punchh_key text,
      business_date date, transaction_no text, channel text, kind text, state text,
      receipt_at timestamptz, approves_at timestamptz, approved_at timestamptz, not_counted text,
      eligible_cents bigint, subtotal_cents bigint, points bigint, visits int, tier_id bigint, fingerprint text,
      reply json, created_at timestamptz)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, checkin_id) do update
    set state = excluded.state, approves_at = excluded.approves_at,
        approved_at = excluded.approved_at, not_counted = excluded.not_counted, receipt_at = excluded.receipt_at, transaction_no = excluded.transaction_no,
        eligible_cents = excluded.eligible_cents, subtotal_cents = excluded.subtotal_cents,
        points = excluded.points, visits = excluded.visits, fingerprint = excluded.fingerprint,
        reply = excluded.reply, changed_in = excluded.changed_in
), receipts_written as (
  insert into receipts (business_id, location_id, punchh_key, business_date, version_no,
                        receipt_id, transaction_no, vendor_transaction_no, receipt_at, void, test,
                        subtotal_cents, payable_cents, body, posted_at)
  select h.business_id, location_id, punchh_key, business_date, version_no, receipt_id,
         transaction_no, vendor_transaction_no, receipt_at, void, test, subtotal_cents,
         payable_cents, body, posted_at
    from held h
    join json_to_recordset($12::json) as x (
      guest_id bigint, location_id bigint, punchh_key text, business_date date, version_no int,
      receipt_id bigint, transaction_no text, vendor_transaction_no text, receipt_at timestamptz, void bool, test bool,
      subtotal_cents bigint, payable_cents bigint, body jsonb, posted_at timestamptz)
      on h.guest_id = x.guest_id
  on conflict (business_id, location_id, punchh_key, business_date, version_no) do update
    set transaction_no = excluded.transaction_no,
        vendor_transaction_no = excluded.vendor_transaction_no, receipt_at = excluded.receipt_at,
        void = excluded.void, test = excluded.test, subtotal_cents = excluded.subtotal_cents,
        payable_cents = excluded.payable_cents, body = excluded.body,
        posted_at = excluded.posted_at, changed_in = excluded.changed_in
), claims_written as (
  insert into receipt_claims (business_id, guest_id, punchh_key, kind, location_id, state,
                              claimed_at, waits_until, settled_at, checkin_id)
  select h.business_id, h.guest_id, punchh_key, kind, location_id, state, claimed_at, waits_until,
         settled_at, checkin_id
    from held h
    join json_to_recordset($13::json) as x (
      guest_id bigint, punchh_key text, kind text, location_id bigint, state text,
      claimed_at timestamptz, waits_until timestamptz, settled_at timestamptz, checkin_id bigint)
      on h.guest_id = x.guest_id
  on conflict (business_id, guest_id, punchh_key, claimed_at) do update
    set state = excluded.state, settled_at = excluded.settled_at, checkin_id = excluded.checkin_id
), code_uses_written as (
  insert into code_uses (business_id, guest_id, code, redemption_ref, used_at)
  select h.business_id, h.guest_id, code, redemption_ref, at
    from held h
    join json_to_recordset($14::json) as x (
      guest_id bigint, code text, redemption_ref text, at timestamptz, undo bool)
      on h.guest_id = x.guest_id and not x.undo
), code_uses_undone as (
  update code_uses u set undone_at = x.at
    from held h
    join json_to_recordset($14::json) as x (
      guest_id bigint, code text, redemption_ref text, at timestamptz, undo bool)
      on h.guest_id = x.guest_id and x.undo
   where u.business_id = h.business_id and u.guest_id = h.guest_id and u.code = x.code
     and u.redemption_ref = x.redemption_ref
), codes_counted as (
  update codes c set uses = c.uses + d.change
    from (
      select h.business_id, x.code, sum(case when x.undo then -1 else 1 end)::int as change
        from held h
        join json_to_recordset($14::json) as x (guest_id bigint, code text, undo bool)
          on h.guest_id = x.guest_id
       group by h.business_id, x.code
       order by h.business_id, x.code
    ) d
   where c.business_id = d.business_id and c.code = d.code
), codes_made as (
  insert into codes (business_id, code, campaign_id, guest_id, redeemable_id, staged, uses_max,
                     created_at, starts_at, expires_at)
  select h.business_id, code, campaign_id, owner_id, redeemable_id, staged, uses_max, created_at,
         starts_at, expires_at
    from held h
    join json_to_recordset($15::json) as x (
      guest_id bigint, code text, campaign_id bigint, owner_id bigint, redeemable_id bigint,
      staged jsonb, uses_max int, created_at timestamptz, starts_at timestamptz,
      expires_at timestamptz)
      on h.guest_id = x.guest_id
), audit_written as (
  insert into audit_log (business_id, audit_id, at, actor, action, subject, details)
  select h.business_id, audit_id, at, actor, action, subject, details
    from held h
    join json_to_recordset($16::json) as x (
      guest_id bigint, audit_id bigint, at timestamptz, actor text, action text, subject text,
      details jsonb)
      on h.guest_id = x.guest_id
)
select guest_id from held`,
}
