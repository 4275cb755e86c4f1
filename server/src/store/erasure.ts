import type { Db, Statement } from './db.ts'
import type { AuditEntry, Guest } from './guest-state.ts'
import { isoOrNull } from './iso.ts'

const eraseStatement: Statement = {
  name: 'erase_guest',
  text: `
with erased as (
  update guests
     set version = version + 1, changed_in = pg_current_xact_id(), status = 'deleted', email = null, phone = null, first_name = null,
         last_name = null, profile = '{}', password_hash = null
   where business_id = $1 and guest_id = $2 and version = $3
  returning business_id, guest_id
), identifiers as (
  delete from guest_identifiers x using erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
), tokens as (
  delete from access_tokens x using erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
  returning x.token_hash
), families as (
  delete from token_families x using erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
     -- Reading the tokens makes their deletion come first: they refer to the family.
     and (select count(*) from tokens) >= 0
), scan_codes as (
  delete from scan_codes x using erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
), queries as (
  delete from last_queries x using erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
), own_codes as (
  update codes x set active = false from erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id and x.campaign_id is null
), basket as (
  update baskets x
     set state = 'emptied', items = '[]', lock_owner = null, locked_at = null, lock_until = null
    from erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id and x.state = 'active'
), claims as (
  update receipt_claims x set state = 'lapsed', settled_at = $4
    from erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id and x.state = 'waiting'
), checkin_replies as (
  update checkins x set reply = '{}', changed_in = pg_current_xact_id() from erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
), commit_replies as (
  update commits x set reply = '{}', changed_in = pg_current_xact_id() from erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id
), gift_reasons as (
  update rewards x set gift_reason = null from erased e
   where x.business_id = e.business_id and x.guest_id = e.guest_id and x.gift_reason is not null
), challenges as (
  delete from otp_challenges x using erased e
   where x.business_id = e.business_id
     and (lower(x.recipient) = any($5::text[])
       or regexp_replace(x.recipient, '\\D', '', 'g') in ($6::text, '1' || $6::text))
), messages as (
  delete from outbox x using erased e
   where x.business_id = e.business_id
     and (lower(x.recipient) = any($5::text[])
       or regexp_replace(x.recipient, '\\D', '', 'g') in ($6::text, '1' || $6::text))
), told as (
  update audit_log x set details = '{}' from erased e
   where x.business_id = e.business_id and x.subject = $9
)
insert into audit_log (business_id, audit_id, at, actor, action, subject, details)
select business_id, $7, $4, $8, $10, $9, $11::jsonb from erased
returning business_id`,
}

/**
 * Takes everything personal out of every table, in one statement, if the guest's version is still
 * the gathered one; an action that gathered before then gathers again and finds nobody. False when
 * the version has moved; nothing is then changed.
 */
export async function eraseStored(
  db: Db,
  {
    guest,
    sentTo,
    audit,
  }: {
    guest: Guest
    /** Where codes were sent to: addresses, and the phone as it is stored: a leading 1 is left out. */
    sentTo: { addresses: readonly string[]; phone: string | null }
    audit: AuditEntry
  },
): Promise<boolean> {
  const rows = await db.query(eraseStatement, [
    guest.businessId,
    guest.guestId,
    guest.version,
    isoOrNull(audit.at),
    sentTo.addresses.map((address) => address.toLowerCase()),
    sentTo.phone,
    audit.auditId,
    audit.actor,
    audit.subject,
    audit.action,
    JSON.stringify(audit.details),
  ])
  return rows.length > 0
}
