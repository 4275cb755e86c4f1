-- The counter's first schema. Every key starts with business_id; what a guest owns has guest_id
-- next (docs/decisions/0005). Amounts are whole units: cents, points, visits, millionths for fuel.

-- Wire ids (guests, rewards, redemptions, check-ins, …) are handed out in large blocks, so that
-- a decision knows its ids before anything is written.
create sequence wire_ids increment by 20000 start with 1000000;

create table counter (
  singleton       boolean     not null default true,
  mode            text        not null,
  clock_offset_ms bigint      not null default 0,
  created_at      timestamptz not null default now(),
  constraint counter_one_row primary key (singleton),
  constraint counter_singleton check (singleton),
  constraint counter_mode check (mode in ('live', 'sandbox'))
);

create table businesses (
  business_id          bigint      not null,
  external_id          text        not null,
  name                 text        not null,
  business_key_hash    bytea       not null,
  client_id            text        not null,
  client_secret_sealed bytea       not null, -- needed to verify digests, so encrypted, not hashed
  admin_key_hash       bytea       not null,
  definition           jsonb       not null, -- the program file without its lists of entries
  applied_hash         bytea, -- of the definition last applied from a file
  catalog_version      bigint      not null default 1, -- moves with every change of what is below
  created_at           timestamptz not null,
  constraint businesses_key primary key (business_id),
  constraint businesses_external_id_once unique (external_id),
  constraint businesses_business_key_once unique (business_key_hash),
  constraint businesses_client_once unique (client_id),
  constraint businesses_admin_key_once unique (admin_key_hash)
);

create table locations (
  business_id       bigint not null references businesses,
  location_id       bigint not null,
  external_id       text   not null,
  store_number      text   not null,
  location_key_hash bytea  not null,
  definition        jsonb  not null,
  applied_hash      bytea,
  updated_at        timestamptz not null default now(),
  constraint locations_key primary key (business_id, location_id),
  constraint locations_external_id_once unique (business_id, external_id),
  constraint locations_store_number_once unique (business_id, store_number),
  constraint locations_location_key_once unique (location_key_hash)
);

-- What a business defines: selectors, criteria, redeemables, plans, code campaigns, as published.
create table catalog_entries (
  business_id  bigint not null references businesses,
  kind         text   not null,
  entry_id     bigint not null,
  external_id  text   not null,
  definition   jsonb  not null,
  applied_hash bytea,
  constraint catalog_entries_key primary key (business_id, kind, entry_id),
  constraint catalog_entries_external_id_once unique (business_id, kind, external_id),
  constraint catalog_entries_kind
    check (kind in (
      'tier', 'selector', 'criterion', 'redeemable', 'plan', 'promo_code', 'coupon_campaign'))
);

create table guests (
  business_id        bigint      not null references businesses,
  guest_id           bigint      not null,
  version            bigint      not null,
  external_id        text, -- in the program file
  status             text        not null,
  email              text,
  phone              text,
  first_name         text,
  last_name          text,
  profile            jsonb       not null default '{}',
  password_hash      text,
  joined_at          timestamptz not null,
  last_activity_at   timestamptz not null,
  tier_id            bigint,
  tier_since         timestamptz,
  tier_floor_id      bigint,
  qualifying_since   timestamptz not null,
  counters           jsonb       not null,
  debt               jsonb       not null,
  next_lot_no        int         not null,
  -- Caches of the ledger, held to it by assertions and by `regulars verify`.
  points_available   bigint      not null default 0,
  points_pending     bigint      not null default 0,
  visits_available   bigint      not null default 0,
  visits_pending     bigint      not null default 0,
  currency_available bigint      not null default 0,
  fuel_available     bigint      not null default 0,
  entry_seq          int         not null default 0,
  entry_hash         bytea       not null, -- of the newest ledger entry; zeros before the first
  next_due_at        timestamptz, -- when time next moves something; the sweeper reads it
  constraint guests_key primary key (business_id, guest_id),
  constraint guests_status check (status in ('active', 'banned', 'deactivated', 'deleted')),
  constraint guests_points_not_negative check (points_available >= 0 and points_pending >= 0),
  constraint guests_visits_not_negative check (visits_available >= 0 and visits_pending >= 0),
  constraint guests_currency_not_negative check (currency_available >= 0),
  constraint guests_fuel_not_negative check (fuel_available >= 0)
);
create unique index guests_external_id_once on guests (business_id, external_id)
  where external_id is not null;
create index guests_due on guests (next_due_at) where next_due_at is not null;

-- What a guest can be found by. Shared between guests, so the key stops two from having one.
create table guest_identifiers (
  business_id bigint not null,
  kind        text   not null,
  value       text   not null,
  guest_id    bigint not null,
  constraint guest_identifiers_once primary key (business_id, kind, value),
  constraint guest_identifiers_guest foreign key (business_id, guest_id) references guests,
  constraint guest_identifiers_kind check (
    kind in ('email', 'phone', 'card_number', 'user_as_qrcode', 'apple_nfc_data', 'nfc_token')
  )
);
create index guest_identifiers_by_guest on guest_identifiers (business_id, guest_id);

-- Single scan codes and drive-thru short codes: one live code of each kind for a guest.
create table scan_codes (
  business_id bigint      not null,
  guest_id    bigint      not null,
  kind        text        not null,
  code        text        not null,
  location_id bigint,
  scan_code   text, -- the single scan code that a short code stands for, if any
  payment     jsonb,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  constraint scan_codes_key primary key (business_id, guest_id, kind),
  constraint scan_codes_guest foreign key (business_id, guest_id) references guests,
  constraint scan_codes_kind check (kind in ('single_scan', 'short'))
);
create unique index scan_codes_code_once on scan_codes (business_id, kind, code);

-- One sign-in whose access token can be renewed. Renewing replaces the refresh token; an earlier one
-- that comes back was stolen from somebody, and ends the family.
create table token_families (
  business_id   bigint      not null,
  guest_id      bigint      not null,
  family_hash   bytea       not null, -- of the part that all refresh tokens of the family begin with
  refresh_hash  bytea       not null, -- of the only refresh token that is good
  id_token_hash bytea, -- must come with each access token of the family, if there is one
  created_at    timestamptz not null,
  expires_at    timestamptz, -- null never
  revoked_at    timestamptz,
  constraint token_families_key primary key (business_id, family_hash),
  constraint token_families_guest foreign key (business_id, guest_id) references guests
);
create index token_families_by_guest on token_families (business_id, guest_id);

create table access_tokens (
  business_id bigint      not null,
  guest_id    bigint      not null,
  token_hash  bytea       not null,
  kind        text        not null,
  family_hash bytea, -- null: cannot be renewed, and need not be
  device_id   text,
  created_at  timestamptz not null,
  expires_at  timestamptz,
  revoked_at  timestamptz,
  constraint access_tokens_key primary key (business_id, token_hash),
  constraint access_tokens_guest foreign key (business_id, guest_id) references guests,
  constraint access_tokens_family
    foreign key (business_id, family_hash) references token_families on delete cascade,
  constraint access_tokens_kind check (kind in ('access', 'authentication'))
);
create index access_tokens_by_guest on access_tokens (business_id, guest_id, created_at);
create index access_tokens_by_family on access_tokens (business_id, family_hash)
  where family_hash is not null;
create index access_tokens_by_device on access_tokens (business_id, device_id)
  where device_id is not null;

create table lots (
  business_id bigint      not null,
  guest_id    bigint      not null,
  lot_no      int         not null,
  unit        text        not null,
  amount      bigint      not null,
  remaining   bigint      not null,
  expired     bigint      not null,
  state       text        not null,
  earned_at   timestamptz not null,
  expires_at  timestamptz,
  source_kind text        not null,
  source_id   bigint      not null,
  converted_from jsonb, -- the points that became this currency
  constraint lots_key primary key (business_id, guest_id, lot_no),
  constraint lots_guest foreign key (business_id, guest_id) references guests,
  constraint lots_unit check (unit in ('points', 'visits', 'currency', 'fuel')),
  constraint lots_state check (state in ('pending', 'open', 'expired', 'reversed')),
  constraint lots_amount_above_zero check (amount > 0),
  constraint lots_remaining_within
    check (remaining >= 0 and expired >= 0 and remaining + expired <= amount)
);

-- Entries are never edited. Each carries a hash of itself and of the one before it.
create table ledger_entries (
  business_id  bigint      not null,
  guest_id     bigint      not null,
  seq          int         not null,
  unit         text        not null,
  from_account text        not null,
  to_account   text        not null,
  amount       bigint      not null,
  lot_no       int         not null,
  cause_kind   text        not null,
  cause_id     bigint      not null,
  due_at       timestamptz not null,
  recorded_at  timestamptz not null,
  hash         bytea       not null,
  constraint ledger_entries_key primary key (business_id, guest_id, seq),
  constraint ledger_entries_guest foreign key (business_id, guest_id) references guests,
  constraint ledger_entries_unit check (unit in ('points', 'visits', 'currency', 'fuel')),
  constraint ledger_entries_amount_above_zero check (amount > 0),
  constraint ledger_entries_two_accounts check (from_account <> to_account)
);

create table rewards (
  business_id     bigint      not null,
  guest_id        bigint      not null,
  reward_id       bigint      not null,
  external_id     text, -- in the program file
  redeemable_id   bigint      not null,
  status          text        not null,
  loyalty         boolean     not null, -- made by conversion, so of the acquisition class `loyalty`
  starts_at       timestamptz,
  ends_at         timestamptz,
  gifted_for_type text        not null,
  gift_reason     text,
  consumed        jsonb, -- the points that a conversion made it from
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint rewards_key primary key (business_id, guest_id, reward_id),
  constraint rewards_guest foreign key (business_id, guest_id) references guests,
  constraint rewards_status check (status in ('unredeemed', 'honored', 'expired', 'withdrawn'))
);
create unique index rewards_id_once on rewards (business_id, reward_id);

create table subscriptions (
  business_id     bigint      not null,
  guest_id        bigint      not null,
  subscription_id bigint      not null,
  external_id     text,
  plan_id         bigint      not null,
  status          text        not null,
  starts_at       timestamptz not null,
  ends_at         timestamptz not null,
  cancelled_at    timestamptz,
  uses            jsonb       not null default '[]', -- of its benefits, each with its redemption_ref
  constraint subscriptions_key primary key (business_id, guest_id, subscription_id),
  constraint subscriptions_guest foreign key (business_id, guest_id) references guests,
  constraint subscriptions_status
    check (status in ('active', 'expired', 'soft_cancelled', 'hard_cancelled', 'renewed'))
);

-- Codes are shared by guests: the last use is guarded here, not by any guest's version.
create table codes (
  business_id   bigint      not null references businesses,
  code          text        not null,
  campaign_id   bigint, -- a coupon or promo; null for a code that a guest's app made
  guest_id      bigint, -- whose app made it, or whom a coupon was issued to
  redeemable_id bigint,
  staged        jsonb, -- what a guest's own code stands for
  uses          int         not null default 0,
  uses_max      int, -- null is no limit
  active        boolean     not null default true,
  created_at    timestamptz not null,
  starts_at     timestamptz,
  expires_at    timestamptz,
  constraint codes_key primary key (business_id, code),
  constraint codes_uses_not_negative check (uses >= 0),
  constraint codes_within_limit check (uses_max is null or uses <= uses_max)
);
create index codes_by_campaign on codes (business_id, campaign_id) where campaign_id is not null;
create index codes_by_guest on codes (business_id, guest_id) where guest_id is not null;

create table code_uses (
  business_id    bigint      not null,
  guest_id       bigint      not null,
  code           text        not null,
  redemption_ref text        not null,
  used_at        timestamptz not null,
  undone_at      timestamptz,
  constraint code_uses_key primary key (business_id, guest_id, code, redemption_ref),
  constraint code_uses_guest foreign key (business_id, guest_id) references guests,
  constraint code_uses_code foreign key (business_id, code) references codes
);

create table baskets (
  business_id    bigint      not null,
  guest_id       bigint      not null,
  redemption_ref text        not null,
  state          text        not null,
  location_id    bigint,
  lock_owner     text, -- the external_uid that holds the lock
  locked_at      timestamptz,
  lock_until     timestamptz, -- null while locked: until unlocked
  items          jsonb       not null,
  created_at     timestamptz not null,
  constraint baskets_key primary key (business_id, guest_id, redemption_ref),
  constraint baskets_guest foreign key (business_id, guest_id) references guests,
  constraint baskets_state check (state in ('active', 'committed', 'emptied'))
);
create unique index baskets_one_active on baskets (business_id, guest_id) where state = 'active';
create unique index baskets_ref_once on baskets (business_id, redemption_ref);

-- The newest query of each guest's basket, overwritten: what a commit is compared with.
create table last_queries (
  business_id    bigint      not null,
  guest_id       bigint      not null,
  redemption_ref text        not null,
  external_uid   text,
  queried_at     timestamptz not null,
  receipt        jsonb       not null,
  explanation    json        not null,
  constraint last_queries_key primary key (business_id, guest_id),
  constraint last_queries_guest foreign key (business_id, guest_id) references guests
);

create table commits (
  business_id    bigint      not null,
  guest_id       bigint      not null,
  redemption_ref text        not null,
  commit_key     text, -- null when the request had nothing to be known by
  round          int         not null, -- of this key: a commit after a void, or of other items
  fingerprint    bytea       not null,
  location_id    bigint      not null,
  external_uid   text,
  state          text        not null,
  committed_at   timestamptz not null,
  voided_at      timestamptz,
  item_ids       jsonb       not null, -- basket items it redeemed
  lot_nos        jsonb       not null, -- lots it took from
  receipt        jsonb       not null,
  reply          json        not null, -- json, not jsonb: a repeat is answered byte for byte
  explanation    json        not null,
  constraint commits_key primary key (business_id, guest_id, redemption_ref),
  constraint commits_guest foreign key (business_id, guest_id) references guests,
  constraint commits_state check (state in ('committed', 'voided'))
);
create unique index commits_once on commits (business_id, guest_id, commit_key, round)
  where commit_key is not null;
create index commits_by_location on commits (business_id, location_id, committed_at);

create table redemptions (
  business_id    bigint      not null,
  guest_id       bigint      not null,
  redemption_id  bigint      not null,
  redemption_ref text        not null,
  basket_item_id bigint      not null,
  discount_type  text        not null,
  discount_id    text,
  discount_cents bigint      not null,
  shares         jsonb       not null, -- per line, frozen: a return never recomputes
  debits         jsonb       not null,
  consumed       jsonb       not null, -- lots and amounts, for a void
  state          text        not null,
  redeemed_at    timestamptz not null,
  voided_at      timestamptz,
  constraint redemptions_key primary key (business_id, guest_id, redemption_id),
  constraint redemptions_guest foreign key (business_id, guest_id) references guests,
  constraint redemptions_state check (state in ('honored', 'voided')),
  constraint redemptions_cents_above_zero check (discount_cents > 0)
);
create index redemptions_by_ref on redemptions (business_id, redemption_ref);

create table checkins (
  business_id    bigint      not null,
  guest_id       bigint      not null,
  checkin_id     bigint      not null,
  location_id    bigint      not null,
  external_uid   text,
  punchh_key     text,
  business_date  date        not null,
  transaction_no text,
  channel        text,
  kind           text        not null,
  state          text        not null,
  receipt_at     timestamptz not null,
  approves_at    timestamptz,
  approved_at    timestamptz,
  not_counted    text,
  eligible_cents bigint      not null,
  subtotal_cents bigint      not null,
  points         bigint      not null,
  visits         int         not null,
  tier_id        bigint,
  fingerprint    bytea       not null,
  reply          json        not null,
  created_at     timestamptz not null,
  constraint checkins_key primary key (business_id, guest_id, checkin_id),
  constraint checkins_guest foreign key (business_id, guest_id) references guests,
  constraint checkins_state check (state in ('pending', 'approved', 'void')),
  constraint checkins_not_counted check (not_counted in ('below_minimum', 'too_many_receipts')),
  constraint checkins_kind check (kind in ('pos', 'online_order', 'barcode', 'qrcode', 'visit'))
);
create unique index checkins_external_uid_once on checkins (business_id, guest_id, external_uid)
  where external_uid is not null and state <> 'void' and kind <> 'visit';
-- A receipt earns once, whoever asks.
create unique index checkins_receipt_once
  on checkins (business_id, location_id, punchh_key, business_date)
  where punchh_key is not null and state <> 'void' and kind <> 'visit';
create index checkins_by_time on checkins (business_id, guest_id, receipt_at);
create index checkins_by_key on checkins (business_id, punchh_key) where punchh_key is not null;
create index checkins_by_transaction on checkins (business_id, location_id, transaction_no)
  where transaction_no is not null;

create table receipts (
  business_id    bigint      not null references businesses,
  location_id    bigint      not null,
  punchh_key     text        not null,
  business_date  date        not null,
  version_no     int         not null,
  receipt_id     bigint      not null,
  transaction_no text,
  vendor_transaction_no text, -- of the channel the order came from, whose check-in it must not double
  receipt_at     timestamptz not null,
  void           boolean     not null,
  test           boolean     not null,
  subtotal_cents bigint      not null,
  payable_cents  bigint,
  body           jsonb       not null,
  posted_at      timestamptz not null,
  constraint receipts_key
    primary key (business_id, location_id, punchh_key, business_date, version_no)
);
create index receipts_by_key on receipts (business_id, punchh_key);

-- A guest's scan that came before its receipt; settled when the receipt lands.
create table receipt_claims (
  business_id bigint      not null,
  guest_id    bigint      not null,
  punchh_key  text        not null,
  kind        text        not null,
  location_id bigint,
  state       text        not null,
  claimed_at  timestamptz not null,
  waits_until timestamptz not null,
  settled_at  timestamptz,
  checkin_id  bigint,
  constraint receipt_claims_key primary key (business_id, guest_id, punchh_key, claimed_at),
  constraint receipt_claims_guest foreign key (business_id, guest_id) references guests,
  constraint receipt_claims_state check (state in ('waiting', 'settled', 'refused', 'lapsed'))
);
create index receipt_claims_waiting on receipt_claims (business_id, punchh_key)
  where state = 'waiting';

create table otp_challenges (
  business_id    bigint      not null references businesses,
  challenge_id   bigint      not null,
  channel        text        not null,
  recipient      text        not null,
  code_hash      bytea       not null,
  code_challenge text        not null, -- PKCE: the SHA-256 of what the caller must show
  attempts       int         not null default 0,
  created_at     timestamptz not null,
  expires_at     timestamptz not null,
  used_at        timestamptz,
  constraint otp_challenges_key primary key (business_id, challenge_id)
);
create index otp_challenges_by_recipient on otp_challenges (business_id, recipient, created_at);

-- What must be sent to the outside: written with the action, sent by a worker.
create table outbox (
  business_id bigint      not null references businesses,
  message_id  bigint      not null,
  channel     text        not null,
  recipient   text        not null,
  subject     text        not null,
  body        text        not null, -- emptied once sent or given up: it holds the code
  code        text        not null, -- for the practice mode's page; emptied likewise
  created_at  timestamptz not null,
  expires_at  timestamptz not null, -- a code that has run out is not sent any more
  attempts    int         not null default 0,
  due_at      timestamptz not null, -- a worker that takes a message moves it ahead
  sent_at     timestamptz,
  failed_at   timestamptz, -- given up
  last_error  text,
  constraint outbox_key primary key (business_id, message_id),
  constraint outbox_channel check (channel in ('email', 'sms'))
);
create index outbox_due on outbox (due_at) where sent_at is null and failed_at is null;

create table audit_log (
  business_id bigint      not null references businesses,
  audit_id    bigint      not null,
  at          timestamptz not null,
  actor       text        not null,
  action      text        not null,
  subject     text        not null,
  details     jsonb       not null,
  constraint audit_log_key primary key (business_id, audit_id)
);
create index audit_log_by_time on audit_log (business_id, at);
