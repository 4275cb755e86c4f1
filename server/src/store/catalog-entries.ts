import type { EntryKind } from './catalogs.ts'
import type { Db, Statement } from './db.ts'
import type { AuditEntry } from './guest-state.ts'
import { isoOrNull } from './iso.ts'

/** An entry that an admin makes, or what becomes of one. */
export type EntryChange = { id: number; externalId: string; document: object }

const changeStatement: Statement = {
  name: 'change_entries',
  text: `
with moved as (
  update businesses
     set catalog_version = catalog_version + 1, changed_in = pg_current_xact_id()
   where business_id = $1 and catalog_version = $2
  returning business_id
), written as (
  insert into catalog_entries (business_id, kind, entry_id, external_id, definition)
  select m.business_id, $3, x.id, x."externalId", x.document
    from moved m,
         json_to_recordset($4::json) as x (id bigint, "externalId" text, document jsonb)
  on conflict (business_id, kind, external_id) do update set definition = excluded.definition
)
insert into audit_log (business_id, audit_id, at, actor, action, subject, details)
select business_id, $5, $6, $7, $8, $9, $10::jsonb from moved
returning business_id`,
}

/**
 * Makes entries of one kind, or replaces their documents, and moves the catalog's version, if it is
 * still the one that was read. What a program file brought stays its own: applying the file again
 * overwrites an entry only when the file's own entry has changed. False when the version has moved;
 * nothing is then written.
 */
export async function changeEntries(
  db: Db,
  change: {
    businessId: number
    version: number
    kind: EntryKind
    entries: readonly EntryChange[]
    audit: AuditEntry
  },
): Promise<boolean> {
  const { businessId, version, kind, entries, audit } = change
  const rows = await db.query(changeStatement, [
    businessId,
    version,
    kind,
    JSON.stringify(entries),
    audit.auditId,
    isoOrNull(audit.at),
    audit.actor,
    audit.action,
    audit.subject,
    JSON.stringify(audit.details),
  ])
  return rows.length > 0
}
