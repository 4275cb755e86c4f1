import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'

export type TokenKind = 'access' | 'authentication' | 'refresh' | 'id'

const findStatement: Statement = {
  name: 'guest_by_token',
  text: `
select guest_id, kind from access_tokens
 where business_id = $1 and token_hash = $2 and kind in ('access', 'authentication')
   and revoked_at is null and (expires_at is null or expires_at > $3)`,
}

/** The guest whose live token has this hash. */
export async function findGuestByToken(
  db: Db,
  token: { businessId: number; tokenHash: Buffer; now: Instant },
): Promise<{ guestId: number; kind: TokenKind } | null> {
  const now = new Date(token.now).toISOString()
  const [row] = await db.query(findStatement, [token.businessId, token.tokenHash, now])
  if (row === undefined) return null
  return { guestId: row.guest_id as number, kind: row.kind as TokenKind }
}
