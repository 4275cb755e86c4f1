import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'

type TokenKind = 'access' | 'authentication'

export type GuestOfToken = {
  guestId: number
  /** What must come in the `id-token` header with this token; null when nothing must. */
  idTokenHash: Buffer | null
  /** False: it was good once. Whoever shows it guesses nothing. */
  live: boolean
}

const findStatement: Statement = {
  name: 'guest_by_token',
  text: `
select t.guest_id, f.id_token_hash,
       t.revoked_at is null and f.revoked_at is null
         and (t.expires_at is null or t.expires_at > $3) and g.status <> 'deleted' as live
  from access_tokens t
  join guests g on g.business_id = t.business_id and g.guest_id = t.guest_id
  left join token_families f on f.business_id = t.business_id and f.family_hash = t.family_hash
 where t.business_id = $1 and t.token_hash = $2`,
}

/** The guest a token was given to, also when it no longer counts. Null when it never was one. */
export async function findGuestByToken(
  db: Db,
  token: { businessId: number; tokenHash: Buffer; now: Instant },
): Promise<GuestOfToken | null> {
  const [row] = await db.query(findStatement, [token.businessId, token.tokenHash, iso(token.now)])
  if (row === undefined) return null
  return {
    guestId: row.guest_id as number,
    idTokenHash: row.id_token_hash as Buffer | null,
    live: row.live as boolean,
  }
}

/** A guest's tokens beyond so many are forgotten, the oldest first. */
const tokensPerGuestMax = 100

const insertStatement: Statement = {
  name: 'insert_tokens',
  text: `
with family as (
  insert into token_families (business_id, guest_id, family_hash, refresh_hash, id_token_hash,
                              created_at, expires_at)
  select $1, $2, decode(x.family_hash, 'hex'), decode(x.refresh_hash, 'hex'),
         decode(x.id_token_hash, 'hex'), $3, x.expires_at
    from json_to_record($5::json) as x (
      family_hash text, refresh_hash text, id_token_hash text, expires_at timestamptz)
   where x.family_hash is not null
  returning family_hash
), families_forgotten as (
  delete from token_families where business_id = $1 and guest_id = $2 and expires_at <= $3
), tokens_forgotten as (
  delete from access_tokens
   where business_id = $1 and token_hash in (
     select token_hash from access_tokens where business_id = $1 and guest_id = $2
      order by created_at desc offset $6)
)
insert into access_tokens (business_id, guest_id, token_hash, kind, family_hash, device_id,
                           created_at, expires_at)
select $1, $2, decode(x.token_hash, 'hex'), x.kind, (select family_hash from family), x.device_id,
       $3, x.expires_at
  from json_to_recordset($4::json) as x (
    token_hash text, kind text, device_id text, expires_at timestamptz)`,
}

export type NewToken = {
  tokenHash: Buffer
  kind: TokenKind
  deviceId: string | null
  expiresAt: Instant | null
}

export type NewFamily = {
  familyHash: Buffer
  refreshHash: Buffer
  idTokenHash: Buffer | null
  /** Null never expires. */
  expiresAt: Instant | null
}

/** Stores the tokens of one sign-in, and the family they are renewed by, if any. */
export async function insertTokens(
  db: Db,
  guest: { businessId: number; guestId: number; now: Instant },
  { tokens, family }: { tokens: readonly NewToken[]; family: NewFamily | null },
): Promise<void> {
  await db.query(insertStatement, [
    guest.businessId,
    guest.guestId,
    iso(guest.now),
    JSON.stringify(
      tokens.map((token) => ({
        token_hash: token.tokenHash.toString('hex'),
        kind: token.kind,
        device_id: token.deviceId,
        expires_at: isoOrNull(token.expiresAt),
      })),
    ),
    JSON.stringify({
      family_hash: family?.familyHash.toString('hex') ?? null,
      refresh_hash: family?.refreshHash.toString('hex') ?? null,
      id_token_hash: family?.idTokenHash?.toString('hex') ?? null,
      expires_at: isoOrNull(family?.expiresAt ?? null),
    }),
    tokensPerGuestMax,
  ])
}

const renewStatement: Statement = {
  name: 'renew_tokens',
  text: `
with family as (
  update token_families f set refresh_hash = $4, expires_at = $6
    from guests g
   where f.business_id = $1 and f.family_hash = $2 and f.refresh_hash = $3
     and f.revoked_at is null and (f.expires_at is null or f.expires_at > $5)
     and g.business_id = f.business_id and g.guest_id = f.guest_id and g.status = 'active'
  returning f.guest_id
), retired as (
  update access_tokens set revoked_at = $5
   where business_id = $1 and family_hash = $2 and revoked_at is null
     and exists (select from family)
)
insert into access_tokens (business_id, guest_id, token_hash, kind, family_hash, created_at,
                           expires_at)
select $1, guest_id, $7, 'access', $2, $5, $8 from family
returning guest_id`,
}

export type Renewal = {
  businessId: number
  familyHash: Buffer
  /** What was shown, and what replaces it. */
  refreshHash: Buffer
  newRefreshHash: Buffer
  newAccessHash: Buffer
  now: Instant
  refreshExpiresAt: Instant
  accessExpiresAt: Instant
}

/**
 * Replaces both tokens of a family if `refreshHash` is its current one, in one statement; of two at
 * once the second comes too late. Null when it is not the current one,
 * the family has ended, or the guest is not active.
 */
export async function renewTokens(db: Db, renewal: Renewal): Promise<{ guestId: number } | null> {
  const [row] = await db.query(renewStatement, [
    renewal.businessId,
    renewal.familyHash,
    renewal.refreshHash,
    renewal.newRefreshHash,
    iso(renewal.now),
    iso(renewal.refreshExpiresAt),
    renewal.newAccessHash,
    iso(renewal.accessExpiresAt),
  ])
  return row === undefined ? null : { guestId: row.guest_id as number }
}

const endStatement: Statement = {
  name: 'end_token_family',
  text: `
update token_families set revoked_at = $3
 where business_id = $1 and family_hash = $2 and revoked_at is null`,
}

/** Ends a family: none of its tokens counts from now on. */
export async function endTokenFamily(
  db: Db,
  family: { businessId: number; familyHash: Buffer; now: Instant },
): Promise<void> {
  await db.query(endStatement, [family.businessId, family.familyHash, iso(family.now)])
}

const deviceStatement: Statement = {
  name: 'guests_of_device',
  text: `
select count(distinct t.guest_id)::int as guests,
       coalesce(bool_or(g.status = 'banned' and g.profile @> '{"devicesBanned": true}'), false) as banned
  from access_tokens t
  join guests g on g.business_id = t.business_id and g.guest_id = t.guest_id
 where t.business_id = $1 and t.device_id = $2`,
}

/** How many guests of the business signed up or in on a device, and whether a ban reaches it. */
export async function readDevice(
  db: Db,
  device: { businessId: number; deviceId: string },
): Promise<{ guests: number; banned: boolean }> {
  const [row] = await db.query(deviceStatement, [device.businessId, device.deviceId])
  return { guests: row?.guests as number, banned: row?.banned === true }
}

function iso(at: Instant): string {
  return new Date(at).toISOString()
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : iso(at)
}
