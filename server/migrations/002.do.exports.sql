-- What an export follows: the transaction that last wrote each row. Numbers of transactions are given
-- out in order, and everything below the oldest one still open has ended; so a reader who stays below
-- that one, in the order of this column, misses nothing, however writers overtake each other. A time
-- or a sequence would: it is taken before the commit, and commits do not come in its order.
--
-- Inserting needs nothing: the default is the writing transaction. Every update must set the column
-- (server/test/harbor-counter.ts holds every statement to it). The default is stable, so adding the
-- column rewrites no table.

alter table businesses add column changed_in xid8 not null default pg_current_xact_id();
alter table locations add column changed_in xid8 not null default pg_current_xact_id();
alter table guests add column changed_in xid8 not null default pg_current_xact_id();
alter table checkins add column changed_in xid8 not null default pg_current_xact_id();
alter table receipts add column changed_in xid8 not null default pg_current_xact_id();
alter table commits add column changed_in xid8 not null default pg_current_xact_id();
alter table ledger_entries add column changed_in xid8 not null default pg_current_xact_id();

-- In the order a page is read; what follows changed_in tells the rows of one transaction apart.
create index locations_by_change on locations (business_id, changed_in, location_id);
create index guests_by_change on guests (business_id, changed_in, guest_id);
create index checkins_by_change on checkins (business_id, changed_in, guest_id, checkin_id);
create index receipts_by_change on receipts (business_id, changed_in, receipt_id, version_no);
create index commits_by_change on commits (business_id, changed_in, guest_id, redemption_ref);
create index ledger_entries_by_change on ledger_entries (business_id, changed_in, guest_id, seq);
