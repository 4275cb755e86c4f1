-- Made by `npm run schema` from server/migrations. Do not edit: a review reads here what changed.

create sequence wire_ids increment by 20000 start with 1000000;

create table access_tokens (
  business_id bigint not null,
  guest_id bigint not null,
  token_hash bytea not null,
  kind text not null,
  family_hash bytea,
  device_id text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone
);
alter table access_tokens add constraint access_tokens_key PRIMARY KEY (business_id, token_hash);
alter table access_tokens add constraint access_tokens_family FOREIGN KEY (business_id, family_hash) REFERENCES token_families(business_id, family_hash) ON DELETE CASCADE;
alter table access_tokens add constraint access_tokens_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table access_tokens add constraint access_tokens_kind CHECK ((kind = ANY (ARRAY['access'::text, 'authentication'::text])));
CREATE INDEX access_tokens_by_device ON public.access_tokens USING btree (business_id, device_id) WHERE (device_id IS NOT NULL);
CREATE INDEX access_tokens_by_family ON public.access_tokens USING btree (business_id, family_hash) WHERE (family_hash IS NOT NULL);
CREATE INDEX access_tokens_by_guest ON public.access_tokens USING btree (business_id, guest_id, created_at);

create table audit_log (
  business_id bigint not null,
  audit_id bigint not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null
);
alter table audit_log add constraint audit_log_key PRIMARY KEY (business_id, audit_id);
alter table audit_log add constraint audit_log_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
CREATE INDEX audit_log_by_time ON public.audit_log USING btree (business_id, at);

create table baskets (
  business_id bigint not null,
  guest_id bigint not null,
  redemption_ref text not null,
  state text not null,
  location_id bigint,
  lock_owner text,
  locked_at timestamp with time zone,
  lock_until timestamp with time zone,
  items jsonb not null,
  created_at timestamp with time zone not null
);
alter table baskets add constraint baskets_key PRIMARY KEY (business_id, guest_id, redemption_ref);
alter table baskets add constraint baskets_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table baskets add constraint baskets_state CHECK ((state = ANY (ARRAY['active'::text, 'committed'::text, 'emptied'::text])));
CREATE UNIQUE INDEX baskets_one_active ON public.baskets USING btree (business_id, guest_id) WHERE (state = 'active'::text);
CREATE UNIQUE INDEX baskets_ref_once ON public.baskets USING btree (business_id, redemption_ref);

create table businesses (
  business_id bigint not null,
  external_id text not null,
  name text not null,
  business_key_hash bytea not null,
  client_id text not null,
  client_secret_sealed bytea not null,
  admin_key_hash bytea not null,
  definition jsonb not null,
  applied_hash bytea,
  catalog_version bigint not null default 1,
  created_at timestamp with time zone not null,
  changed_in xid8 not null default pg_current_xact_id()
);
alter table businesses add constraint businesses_admin_key_once UNIQUE (admin_key_hash);
alter table businesses add constraint businesses_business_key_once UNIQUE (business_key_hash);
alter table businesses add constraint businesses_client_once UNIQUE (client_id);
alter table businesses add constraint businesses_external_id_once UNIQUE (external_id);
alter table businesses add constraint businesses_key PRIMARY KEY (business_id);

create table catalog_entries (
  business_id bigint not null,
  kind text not null,
  entry_id bigint not null,
  external_id text not null,
  definition jsonb not null,
  applied_hash bytea
);
alter table catalog_entries add constraint catalog_entries_external_id_once UNIQUE (business_id, kind, external_id);
alter table catalog_entries add constraint catalog_entries_key PRIMARY KEY (business_id, kind, entry_id);
alter table catalog_entries add constraint catalog_entries_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
alter table catalog_entries add constraint catalog_entries_kind CHECK ((kind = ANY (ARRAY['tier'::text, 'selector'::text, 'criterion'::text, 'redeemable'::text, 'plan'::text, 'promo_code'::text, 'coupon_campaign'::text])));

create table checkins (
  business_id bigint not null,
  guest_id bigint not null,
  checkin_id bigint not null,
  location_id bigint not null,
  external_uid text,
  punchh_key text,
  business_date date not null,
  transaction_no text,
  channel text,
  kind text not null,
  state text not null,
  receipt_at timestamp with time zone not null,
  approves_at timestamp with time zone,
  approved_at timestamp with time zone,
  not_counted text,
  eligible_cents bigint not null,
  subtotal_cents bigint not null,
  points bigint not null,
  visits integer not null,
  tier_id bigint,
  fingerprint bytea not null,
  reply json not null,
  created_at timestamp with time zone not null,
  changed_in xid8 not null default pg_current_xact_id()
);
alter table checkins add constraint checkins_key PRIMARY KEY (business_id, guest_id, checkin_id);
alter table checkins add constraint checkins_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table checkins add constraint checkins_kind CHECK ((kind = ANY (ARRAY['pos'::text, 'online_order'::text, 'barcode'::text, 'qrcode'::text, 'visit'::text])));
alter table checkins add constraint checkins_not_counted CHECK ((not_counted = ANY (ARRAY['below_minimum'::text, 'too_many_receipts'::text])));
alter table checkins add constraint checkins_state CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'void'::text])));
CREATE INDEX checkins_by_change ON public.checkins USING btree (business_id, changed_in, guest_id, checkin_id);
CREATE INDEX checkins_by_key ON public.checkins USING btree (business_id, punchh_key) WHERE (punchh_key IS NOT NULL);
CREATE INDEX checkins_by_time ON public.checkins USING btree (business_id, guest_id, receipt_at);
CREATE INDEX checkins_by_transaction ON public.checkins USING btree (business_id, location_id, transaction_no) WHERE (transaction_no IS NOT NULL);
CREATE UNIQUE INDEX checkins_external_uid_once ON public.checkins USING btree (business_id, guest_id, external_uid) WHERE ((external_uid IS NOT NULL) AND (state <> 'void'::text) AND (kind <> 'visit'::text));
CREATE UNIQUE INDEX checkins_receipt_once ON public.checkins USING btree (business_id, location_id, punchh_key, business_date) WHERE ((punchh_key IS NOT NULL) AND (state <> 'void'::text) AND (kind <> 'visit'::text));

create table code_uses (
  business_id bigint not null,
  guest_id bigint not null,
  code text not null,
  redemption_ref text not null,
  used_at timestamp with time zone not null,
  undone_at timestamp with time zone
);
alter table code_uses add constraint code_uses_key PRIMARY KEY (business_id, guest_id, code, redemption_ref);
alter table code_uses add constraint code_uses_code FOREIGN KEY (business_id, code) REFERENCES codes(business_id, code);
alter table code_uses add constraint code_uses_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);

create table codes (
  business_id bigint not null,
  code text not null,
  campaign_id bigint,
  guest_id bigint,
  redeemable_id bigint,
  staged jsonb,
  uses integer not null default 0,
  uses_max integer,
  active boolean not null default true,
  created_at timestamp with time zone not null,
  starts_at timestamp with time zone,
  expires_at timestamp with time zone
);
alter table codes add constraint codes_key PRIMARY KEY (business_id, code);
alter table codes add constraint codes_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
alter table codes add constraint codes_uses_not_negative CHECK ((uses >= 0));
alter table codes add constraint codes_within_limit CHECK (((uses_max IS NULL) OR (uses <= uses_max)));
CREATE INDEX codes_by_campaign ON public.codes USING btree (business_id, campaign_id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX codes_by_guest ON public.codes USING btree (business_id, guest_id) WHERE (guest_id IS NOT NULL);

create table commits (
  business_id bigint not null,
  guest_id bigint not null,
  redemption_ref text not null,
  commit_key text,
  round integer not null,
  fingerprint bytea not null,
  location_id bigint not null,
  external_uid text,
  state text not null,
  committed_at timestamp with time zone not null,
  voided_at timestamp with time zone,
  item_ids jsonb not null,
  lot_nos jsonb not null,
  receipt jsonb not null,
  reply json not null,
  explanation json not null,
  changed_in xid8 not null default pg_current_xact_id()
);
alter table commits add constraint commits_key PRIMARY KEY (business_id, guest_id, redemption_ref);
alter table commits add constraint commits_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table commits add constraint commits_state CHECK ((state = ANY (ARRAY['committed'::text, 'voided'::text])));
CREATE INDEX commits_by_change ON public.commits USING btree (business_id, changed_in, guest_id, redemption_ref);
CREATE INDEX commits_by_location ON public.commits USING btree (business_id, location_id, committed_at);
CREATE UNIQUE INDEX commits_once ON public.commits USING btree (business_id, guest_id, commit_key, round) WHERE (commit_key IS NOT NULL);

create table counter (
  singleton boolean not null default true,
  mode text not null,
  clock_offset_ms bigint not null default 0,
  created_at timestamp with time zone not null default now()
);
alter table counter add constraint counter_one_row PRIMARY KEY (singleton);
alter table counter add constraint counter_mode CHECK ((mode = ANY (ARRAY['live'::text, 'sandbox'::text])));
alter table counter add constraint counter_singleton CHECK (singleton);

create table guest_identifiers (
  business_id bigint not null,
  kind text not null,
  value text not null,
  guest_id bigint not null
);
alter table guest_identifiers add constraint guest_identifiers_once PRIMARY KEY (business_id, kind, value);
alter table guest_identifiers add constraint guest_identifiers_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table guest_identifiers add constraint guest_identifiers_kind CHECK ((kind = ANY (ARRAY['email'::text, 'phone'::text, 'card_number'::text, 'user_as_qrcode'::text, 'apple_nfc_data'::text, 'nfc_token'::text])));
CREATE INDEX guest_identifiers_by_guest ON public.guest_identifiers USING btree (business_id, guest_id);

create table guests (
  business_id bigint not null,
  guest_id bigint not null,
  version bigint not null,
  external_id text,
  status text not null,
  email text,
  phone text,
  first_name text,
  last_name text,
  profile jsonb not null default '{}'::jsonb,
  password_hash text,
  joined_at timestamp with time zone not null,
  last_activity_at timestamp with time zone not null,
  tier_id bigint,
  tier_since timestamp with time zone,
  tier_floor_id bigint,
  qualifying_since timestamp with time zone not null,
  counters jsonb not null,
  debt jsonb not null,
  next_lot_no integer not null,
  points_available bigint not null default 0,
  points_pending bigint not null default 0,
  visits_available bigint not null default 0,
  visits_pending bigint not null default 0,
  currency_available bigint not null default 0,
  fuel_available bigint not null default 0,
  entry_seq integer not null default 0,
  entry_hash bytea not null,
  next_due_at timestamp with time zone,
  changed_in xid8 not null default pg_current_xact_id()
);
alter table guests add constraint guests_key PRIMARY KEY (business_id, guest_id);
alter table guests add constraint guests_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
alter table guests add constraint guests_currency_not_negative CHECK ((currency_available >= 0));
alter table guests add constraint guests_fuel_not_negative CHECK ((fuel_available >= 0));
alter table guests add constraint guests_points_not_negative CHECK (((points_available >= 0) AND (points_pending >= 0)));
alter table guests add constraint guests_status CHECK ((status = ANY (ARRAY['active'::text, 'banned'::text, 'deactivated'::text, 'deleted'::text])));
alter table guests add constraint guests_visits_not_negative CHECK (((visits_available >= 0) AND (visits_pending >= 0)));
CREATE INDEX guests_by_change ON public.guests USING btree (business_id, changed_in, guest_id);
CREATE INDEX guests_due ON public.guests USING btree (next_due_at) WHERE (next_due_at IS NOT NULL);
CREATE UNIQUE INDEX guests_external_id_once ON public.guests USING btree (business_id, external_id) WHERE (external_id IS NOT NULL);

create table last_queries (
  business_id bigint not null,
  guest_id bigint not null,
  redemption_ref text not null,
  external_uid text,
  queried_at timestamp with time zone not null,
  receipt jsonb not null,
  explanation json not null
);
alter table last_queries add constraint last_queries_key PRIMARY KEY (business_id, guest_id);
alter table last_queries add constraint last_queries_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);

create table ledger_entries (
  business_id bigint not null,
  guest_id bigint not null,
  seq integer not null,
  unit text not null,
  from_account text not null,
  to_account text not null,
  amount bigint not null,
  lot_no integer not null,
  cause_kind text not null,
  cause_id bigint not null,
  due_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  hash bytea not null,
  changed_in xid8 not null default pg_current_xact_id()
);
alter table ledger_entries add constraint ledger_entries_key PRIMARY KEY (business_id, guest_id, seq);
alter table ledger_entries add constraint ledger_entries_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table ledger_entries add constraint ledger_entries_amount_above_zero CHECK ((amount > 0));
alter table ledger_entries add constraint ledger_entries_two_accounts CHECK ((from_account <> to_account));
alter table ledger_entries add constraint ledger_entries_unit CHECK ((unit = ANY (ARRAY['points'::text, 'visits'::text, 'currency'::text, 'fuel'::text])));
CREATE INDEX ledger_entries_by_change ON public.ledger_entries USING btree (business_id, changed_in, guest_id, seq);

create table locations (
  business_id bigint not null,
  location_id bigint not null,
  external_id text not null,
  store_number text not null,
  location_key_hash bytea not null,
  definition jsonb not null,
  applied_hash bytea,
  updated_at timestamp with time zone not null default now(),
  changed_in xid8 not null default pg_current_xact_id()
);
alter table locations add constraint locations_external_id_once UNIQUE (business_id, external_id);
alter table locations add constraint locations_location_key_once UNIQUE (location_key_hash);
alter table locations add constraint locations_store_number_once UNIQUE (business_id, store_number);
alter table locations add constraint locations_key PRIMARY KEY (business_id, location_id);
alter table locations add constraint locations_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
CREATE INDEX locations_by_change ON public.locations USING btree (business_id, changed_in, location_id);

create table lots (
  business_id bigint not null,
  guest_id bigint not null,
  lot_no integer not null,
  unit text not null,
  amount bigint not null,
  remaining bigint not null,
  expired bigint not null,
  state text not null,
  earned_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  source_kind text not null,
  source_id bigint not null,
  converted_from jsonb
);
alter table lots add constraint lots_key PRIMARY KEY (business_id, guest_id, lot_no);
alter table lots add constraint lots_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table lots add constraint lots_amount_above_zero CHECK ((amount > 0));
alter table lots add constraint lots_remaining_within CHECK (((remaining >= 0) AND (expired >= 0) AND ((remaining + expired) <= amount)));
alter table lots add constraint lots_state CHECK ((state = ANY (ARRAY['pending'::text, 'open'::text, 'expired'::text, 'reversed'::text])));
alter table lots add constraint lots_unit CHECK ((unit = ANY (ARRAY['points'::text, 'visits'::text, 'currency'::text, 'fuel'::text])));

create table otp_challenges (
  business_id bigint not null,
  challenge_id bigint not null,
  channel text not null,
  recipient text not null,
  code_hash bytea not null,
  code_challenge text not null,
  attempts integer not null default 0,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
alter table otp_challenges add constraint otp_challenges_key PRIMARY KEY (business_id, challenge_id);
alter table otp_challenges add constraint otp_challenges_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
CREATE INDEX otp_challenges_by_recipient ON public.otp_challenges USING btree (business_id, recipient, created_at);

create table outbox (
  business_id bigint not null,
  message_id bigint not null,
  channel text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  code text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  attempts integer not null default 0,
  due_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  failed_at timestamp with time zone,
  last_error text
);
alter table outbox add constraint outbox_key PRIMARY KEY (business_id, message_id);
alter table outbox add constraint outbox_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
alter table outbox add constraint outbox_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])));
CREATE INDEX outbox_due ON public.outbox USING btree (due_at) WHERE ((sent_at IS NULL) AND (failed_at IS NULL));

create table receipt_claims (
  business_id bigint not null,
  guest_id bigint not null,
  punchh_key text not null,
  kind text not null,
  location_id bigint,
  state text not null,
  claimed_at timestamp with time zone not null,
  waits_until timestamp with time zone not null,
  settled_at timestamp with time zone,
  checkin_id bigint
);
alter table receipt_claims add constraint receipt_claims_key PRIMARY KEY (business_id, guest_id, punchh_key, claimed_at);
alter table receipt_claims add constraint receipt_claims_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table receipt_claims add constraint receipt_claims_state CHECK ((state = ANY (ARRAY['waiting'::text, 'settled'::text, 'refused'::text, 'lapsed'::text])));
CREATE INDEX receipt_claims_waiting ON public.receipt_claims USING btree (business_id, punchh_key) WHERE (state = 'waiting'::text);

create table receipts (
  business_id bigint not null,
  location_id bigint not null,
  punchh_key text not null,
  business_date date not null,
  version_no integer not null,
  receipt_id bigint not null,
  transaction_no text,
  vendor_transaction_no text,
  receipt_at timestamp with time zone not null,
  void boolean not null,
  test boolean not null,
  subtotal_cents bigint not null,
  payable_cents bigint,
  body jsonb not null,
  posted_at timestamp with time zone not null,
  changed_in xid8 not null default pg_current_xact_id()
);
alter table receipts add constraint receipts_key PRIMARY KEY (business_id, location_id, punchh_key, business_date, version_no);
alter table receipts add constraint receipts_business_id_fkey FOREIGN KEY (business_id) REFERENCES businesses(business_id);
CREATE INDEX receipts_by_change ON public.receipts USING btree (business_id, changed_in, receipt_id, version_no);
CREATE INDEX receipts_by_key ON public.receipts USING btree (business_id, punchh_key);

create table redemptions (
  business_id bigint not null,
  guest_id bigint not null,
  redemption_id bigint not null,
  redemption_ref text not null,
  basket_item_id bigint not null,
  discount_type text not null,
  discount_id text,
  discount_cents bigint not null,
  shares jsonb not null,
  debits jsonb not null,
  consumed jsonb not null,
  state text not null,
  redeemed_at timestamp with time zone not null,
  voided_at timestamp with time zone
);
alter table redemptions add constraint redemptions_key PRIMARY KEY (business_id, guest_id, redemption_id);
alter table redemptions add constraint redemptions_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table redemptions add constraint redemptions_cents_above_zero CHECK ((discount_cents > 0));
alter table redemptions add constraint redemptions_state CHECK ((state = ANY (ARRAY['honored'::text, 'voided'::text])));
CREATE INDEX redemptions_by_ref ON public.redemptions USING btree (business_id, redemption_ref);

create table rewards (
  business_id bigint not null,
  guest_id bigint not null,
  reward_id bigint not null,
  external_id text,
  redeemable_id bigint not null,
  status text not null,
  loyalty boolean not null,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  gifted_for_type text not null,
  gift_reason text,
  consumed jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null
);
alter table rewards add constraint rewards_key PRIMARY KEY (business_id, guest_id, reward_id);
alter table rewards add constraint rewards_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table rewards add constraint rewards_status CHECK ((status = ANY (ARRAY['unredeemed'::text, 'honored'::text, 'expired'::text, 'withdrawn'::text])));
CREATE UNIQUE INDEX rewards_id_once ON public.rewards USING btree (business_id, reward_id);

create table scan_codes (
  business_id bigint not null,
  guest_id bigint not null,
  kind text not null,
  code text not null,
  location_id bigint,
  scan_code text,
  payment jsonb,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null
);
alter table scan_codes add constraint scan_codes_key PRIMARY KEY (business_id, guest_id, kind);
alter table scan_codes add constraint scan_codes_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table scan_codes add constraint scan_codes_kind CHECK ((kind = ANY (ARRAY['single_scan'::text, 'short'::text])));
CREATE UNIQUE INDEX scan_codes_code_once ON public.scan_codes USING btree (business_id, kind, code);

create table subscriptions (
  business_id bigint not null,
  guest_id bigint not null,
  subscription_id bigint not null,
  external_id text,
  plan_id bigint not null,
  status text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  cancelled_at timestamp with time zone,
  uses jsonb not null default '[]'::jsonb
);
alter table subscriptions add constraint subscriptions_key PRIMARY KEY (business_id, guest_id, subscription_id);
alter table subscriptions add constraint subscriptions_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
alter table subscriptions add constraint subscriptions_status CHECK ((status = ANY (ARRAY['active'::text, 'expired'::text, 'soft_cancelled'::text, 'hard_cancelled'::text, 'renewed'::text])));

create table token_families (
  business_id bigint not null,
  guest_id bigint not null,
  family_hash bytea not null,
  refresh_hash bytea not null,
  id_token_hash bytea,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone
);
alter table token_families add constraint token_families_key PRIMARY KEY (business_id, family_hash);
alter table token_families add constraint token_families_guest FOREIGN KEY (business_id, guest_id) REFERENCES guests(business_id, guest_id);
CREATE INDEX token_families_by_guest ON public.token_families USING btree (business_id, guest_id);
