import type { Instant } from '@regulars/contract/values/instants'
import type { LocationDocument } from '../catalog/catalog-rows.ts'
import type { Db, Row, Statement } from './db.ts'

/** One store, as far as calls from its tills need it. */
export type Location = {
  businessId: number
  locationId: number
  name: string
  storeNumber: string
  zone: string
  tags: readonly string[]
  /** False: the location may not redeem baskets. */
  redeems: boolean
  /** False: receipts of the location do not earn. */
  earns: boolean
  document: LocationDocument
  updatedAt: Instant
}

const locationColumns = `
  l.business_id, l.location_id, l.store_number, l.definition, l.updated_at,
  b.definition->'business'->>'time_zone' as zone`

const byKeysStatement: Statement = {
  name: 'location_by_keys',
  text: `
select ${locationColumns}
  from locations l join businesses b on b.business_id = l.business_id
 where l.location_key_hash = $1 and b.business_key_hash = $2`,
}

/** The location that a till's two keys name together. Null when either is unknown or they differ. */
export async function findLocationByKeys(
  db: Db,
  hashes: { locationKey: Buffer; businessKey: Buffer },
): Promise<Location | null> {
  const [row] = await db.query(byKeysStatement, [hashes.locationKey, hashes.businessKey])
  return row === undefined ? null : parseLocation(row)
}

const byNumberStatement: Statement = {
  name: 'location_by_store_number',
  text: `
select ${locationColumns}
  from locations l join businesses b on b.business_id = l.business_id
 where l.business_id = $1
   and ($2::text is null or l.store_number = $2) and ($3::bigint is null or l.location_id = $3)`,
}

/** One location of a business by its store number or its number on the wire. */
export async function findLocation(
  db: Db,
  businessId: number,
  by: { storeNumber: string } | { locationId: number },
): Promise<Location | null> {
  const storeNumber = 'storeNumber' in by ? by.storeNumber : null
  const locationId = 'locationId' in by ? by.locationId : null
  const [row] = await db.query(byNumberStatement, [businessId, storeNumber, locationId])
  return row === undefined ? null : parseLocation(row)
}

const allStatement: Statement = {
  name: 'locations_of_business',
  text: `
select ${locationColumns}
  from locations l join businesses b on b.business_id = l.business_id
 where l.business_id = $1
 order by l.location_id`,
}

export async function listLocations(db: Db, businessId: number): Promise<Location[]> {
  return (await db.query(allStatement, [businessId])).map(parseLocation)
}

function parseLocation(row: Row): Location {
  const document = row.definition as LocationDocument
  return {
    businessId: row.business_id as number,
    locationId: row.location_id as number,
    name: document.name,
    storeNumber: row.store_number as string,
    zone: document.time_zone ?? (row.zone as string),
    tags: document.tags ?? [],
    redeems: document.multiple_redemption_on_location ?? true,
    earns: document.checkins_allowed ?? true,
    document,
    updatedAt: row.updated_at as Instant,
  }
}

export type Client = { businessId: number; clientId: string; secretSealed: Buffer }

const clientStatement: Statement = {
  name: 'business_by_client',
  text: `
select business_id, client_id, client_secret_sealed from businesses where client_id = $1`,
}

/** The business that online ordering and apps name by `client`. */
export async function findClient(db: Db, clientId: string): Promise<Client | null> {
  const [row] = await db.query(clientStatement, [clientId])
  if (row === undefined) return null
  return {
    businessId: row.business_id as number,
    clientId: row.client_id as string,
    secretSealed: row.client_secret_sealed as Buffer,
  }
}

const adminStatement: Statement = {
  name: 'business_by_admin_key',
  text: `select business_id from businesses where admin_key_hash = $1`,
}

/** The business whose admin key has this hash. */
export async function findBusinessByAdminKey(db: Db, keyHash: Buffer): Promise<number | null> {
  const [row] = await db.query(adminStatement, [keyHash])
  return row === undefined ? null : (row.business_id as number)
}
