import type { Instant } from '@regulars/contract/values/instants'
import type { LocationDocument, SettingsDocument } from '../catalog/catalog-rows.ts'
import type { EntryKind } from './catalogs.ts'
import type { Queries, Statement } from './db.ts'

/** What is stored of a business, as far as applying a program file compares with it. */
export type StoredBusiness = {
  businessId: number
  appliedHash: string | null
  locations: readonly (StoredEntry & { shortKey: number | null })[]
  entries: readonly (StoredEntry & { kind: EntryKind })[]
  /** External ids of the guests that a program file brought. */
  guestIds: readonly string[]
}

/** `appliedHash`, hex, is of the entry in the file last applied; null when no file brought it. */
export type StoredEntry = { id: number; externalId: string; appliedHash: string | null }

const businessStatement: Statement = {
  name: 'stored_business',
  text: `
select b.business_id, encode(b.applied_hash, 'hex') as applied_hash,
       (select json_agg(json_build_object('id', l.location_id, 'externalId', l.external_id,
                                          'appliedHash', encode(l.applied_hash, 'hex'),
                                          'shortKey', l.definition->'short_key')
                        order by l.location_id)
          from locations l where l.business_id = b.business_id) as locations,
       (select json_agg(json_build_object('kind', e.kind, 'id', e.entry_id,
                                          'externalId', e.external_id,
                                          'appliedHash', encode(e.applied_hash, 'hex'))
                        order by e.entry_id)
          from catalog_entries e where e.business_id = b.business_id) as entries,
       (select json_agg(g.external_id order by g.guest_id)
          from guests g where g.business_id = b.business_id and g.external_id is not null) as guests
  from businesses b
 where b.external_id = $1`,
}

/** The business with this key in its program file. Null when there is none. Locks nothing. */
export async function findStoredBusiness(
  queries: Queries,
  externalId: string,
): Promise<StoredBusiness | null> {
  const [row] = await queries.query(businessStatement, [externalId])
  if (row === undefined) return null
  return {
    businessId: row.business_id as number,
    appliedHash: row.applied_hash as string | null,
    locations: (row.locations ?? []) as StoredBusiness['locations'],
    entries: (row.entries ?? []) as StoredBusiness['entries'],
    guestIds: (row.guests ?? []) as string[],
  }
}

const locationIdsStatement: Statement = {
  name: 'location_ids',
  text: `select external_id, location_id from locations where business_id = $1`,
}

/** The numbers of a business's locations on the wire, by their keys in the program file. */
export async function findLocationIds(
  queries: Queries,
  businessId: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query(locationIdsStatement, [businessId])
  return new Map(rows.map((row) => [row.external_id as string, row.location_id as number]))
}

const programGuestsStatement: Statement = {
  name: 'program_guests',
  text: `
select external_id, guest_id from guests where business_id = $1 and external_id is not null`,
}

/** The numbers on the wire of the guests that a program file brought, by their keys in it. */
export async function findProgramGuests(
  queries: Queries,
  businessId: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query(programGuestsStatement, [businessId])
  return new Map(rows.map((row) => [row.external_id as string, row.guest_id as number]))
}

// Any number will do, as long as it is not that of the migrations.
const applyingLock = 7_314_529

const lockStatement: Statement = {
  name: 'lock_applying',
  text: `select pg_advisory_xact_lock($1)`,
}

const lockBusinessStatement: Statement = {
  name: 'lock_business',
  text: `select from businesses where external_id = $1 for update`,
}

/**
 * Waits until no other transaction applies a program or changes this business's catalog, and keeps
 * others out until this one ends.
 */
export async function lockApplying(queries: Queries, externalId: string): Promise<void> {
  await queries.query(lockStatement, [applyingLock])
  // Changes of the catalog over the API start with this row, so that neither waits for the other.
  await queries.query(lockBusinessStatement, [externalId])
}

/** A business as it is written. Hashes are hex. */
export type BusinessRow = {
  businessId: number
  externalId: string
  name: string
  businessKeyHash: Buffer
  clientId: string
  clientSecretSealed: Buffer
  adminKeyHash: Buffer
  settings: SettingsDocument
  appliedHash: string
}

const writeBusinessStatement: Statement = {
  name: 'write_business',
  text: `
insert into businesses (business_id, external_id, name, business_key_hash, client_id,
                        client_secret_sealed, admin_key_hash, definition, applied_hash, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10)
on conflict (business_id) do update
   set name = excluded.name, business_key_hash = excluded.business_key_hash,
       client_id = excluded.client_id, client_secret_sealed = excluded.client_secret_sealed,
       admin_key_hash = excluded.admin_key_hash, definition = excluded.definition,
       applied_hash = excluded.applied_hash, changed_in = excluded.changed_in`,
}

/** Makes a business, or replaces what is stored of it. Throws ConstraintError for a key in use. */
export async function writeBusiness(
  queries: Queries,
  row: BusinessRow,
  now: Instant,
): Promise<void> {
  await queries.query(writeBusinessStatement, [
    row.businessId,
    row.externalId,
    row.name,
    row.businessKeyHash,
    row.clientId,
    row.clientSecretSealed,
    row.adminKeyHash,
    JSON.stringify(row.settings),
    row.appliedHash,
    new Date(now).toISOString(),
  ])
}

/** A location as it is written. Hashes are hex. */
export type LocationRow = {
  id: number
  externalId: string
  locationKeyHash: string
  document: LocationDocument
  appliedHash: string
}

const writeLocationsStatement: Statement = {
  name: 'write_locations',
  text: `
insert into locations (business_id, location_id, external_id, store_number, location_key_hash,
                       definition, applied_hash, updated_at)
select $1, x.id, x."externalId", x.document->>'store_number', decode(x."locationKeyHash", 'hex'),
       x.document, decode(x."appliedHash", 'hex'), $3
  from json_to_recordset($2::json) as x (
    id bigint, "externalId" text, "locationKeyHash" text, document jsonb, "appliedHash" text)
on conflict (business_id, external_id) do update
   set store_number = excluded.store_number, location_key_hash = excluded.location_key_hash,
       definition = excluded.definition, applied_hash = excluded.applied_hash,
       updated_at = excluded.updated_at, changed_in = excluded.changed_in`,
}

/** Makes locations, or replaces what is stored of them. Throws ConstraintError for a key in use. */
export async function writeLocations(
  queries: Queries,
  businessId: number,
  rows: readonly LocationRow[],
  now: Instant,
): Promise<void> {
  const at = new Date(now).toISOString()
  await queries.query(writeLocationsStatement, [businessId, JSON.stringify(rows), at])
}

/** A catalog entry as it is written. `appliedHash` is hex. */
export type EntryRow = {
  kind: EntryKind
  id: number
  externalId: string
  document: object
  appliedHash: string
}

const writeEntriesStatement: Statement = {
  name: 'write_entries',
  text: `
insert into catalog_entries (business_id, kind, entry_id, external_id, definition, applied_hash)
select $1, x.kind, x.id, x."externalId", x.document, decode(x."appliedHash", 'hex')
  from json_to_recordset($2::json) as x (
    kind text, id bigint, "externalId" text, document jsonb, "appliedHash" text)
on conflict (business_id, kind, external_id) do update
   set definition = excluded.definition, applied_hash = excluded.applied_hash`,
}

/** Makes catalog entries, or replaces what is stored of them. */
export async function writeEntries(
  queries: Queries,
  businessId: number,
  rows: readonly EntryRow[],
): Promise<void> {
  await queries.query(writeEntriesStatement, [businessId, JSON.stringify(rows)])
}

/** A promo's code or one of a campaign's. `usesMax` null is no limit. */
export type SharedCode = { code: string; campaignId: number; usesMax: number | null }

const writeCodesStatement: Statement = {
  name: 'write_shared_codes',
  text: `
insert into codes (business_id, code, campaign_id, uses_max, created_at)
select $1, x.code, x."campaignId", x."usesMax", $3
  from json_to_recordset($2::json) as x (code text, "campaignId" bigint, "usesMax" int)
on conflict (business_id, code) do update
   set uses_max = greatest(excluded.uses_max, case when excluded.uses_max is not null then codes.uses end),
       active = true
 where codes.campaign_id = excluded.campaign_id
returning code`,
}

/**
 * Makes codes, or sets the limit of those the same promo or campaign has; never below what was
 * used. Answers the codes written: one that is missing belongs to something else.
 */
export async function writeSharedCodes(
  queries: Queries,
  businessId: number,
  codes: readonly SharedCode[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const at = new Date(now).toISOString()
  const rows = await queries.query(writeCodesStatement, [businessId, JSON.stringify(codes), at])
  return new Set(rows.map((row) => row.code as string))
}

const retireCodesStatement: Statement = {
  name: 'retire_promo_codes',
  text: `
update codes c set active = false
  from json_to_recordset($2::json) as x (code text, "campaignId" bigint)
 where c.business_id = $1 and c.campaign_id = x."campaignId" and c.code <> x.code`,
}

/** A promo has one code: what it was called before is no longer accepted. */
export async function retireOtherCodes(
  queries: Queries,
  businessId: number,
  promoCodes: readonly Pick<SharedCode, 'code' | 'campaignId'>[],
): Promise<void> {
  await queries.query(retireCodesStatement, [businessId, JSON.stringify(promoCodes)])
}

const movedStatement: Statement = {
  name: 'catalog_moved',
  text: `
with moved as (
  update businesses
     set catalog_version = catalog_version + 1, changed_in = pg_current_xact_id()
   where business_id = $1
  returning business_id
)
insert into audit_log (business_id, audit_id, at, actor, action, subject, details)
select business_id, $2, $3, 'program file', 'apply', $4, $5 from moved`,
}

/** Tells every server that the catalog is another one now, and the audit log by what. */
export async function markCatalogMoved(
  queries: Queries,
  moved: {
    businessId: number
    auditId: number
    at: Instant
    externalId: string
    details: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  const { businessId, auditId, at, externalId, details } = moved
  const when = new Date(at).toISOString()
  await queries.query(movedStatement, [
    businessId,
    auditId,
    when,
    externalId,
    JSON.stringify(details),
  ])
}
