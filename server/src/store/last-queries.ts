import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'
import type { LastQuery } from './guest-state.ts'

const statement: Statement = {
  name: 'record_query',
  text: `
with touched as (
  update guests set version = version + 1, changed_in = pg_current_xact_id()
   where business_id = $1 and guest_id = $2 and version = $4 and $7::bool
  returning guest_id
), locked as (
  update baskets
     set lock_owner = $5, lock_until = $8,
         locked_at = case when lock_owner = $5 then locked_at else $6 end
   where business_id = $1 and guest_id = $2 and redemption_ref = $3 and state = 'active'
     and $5::text is not null
     and (not $7::bool or exists (select from touched))
     and (lock_owner is null or lock_owner = $5 or lock_until <= $6)
  returning guest_id
), asked as (
  insert into last_queries (business_id, guest_id, redemption_ref, external_uid, queried_at,
                            receipt, explanation)
  select $1, $2, $3, $11::text, $6, $9::jsonb, $10::json
   where $9::jsonb is not null and ($5::text is null or exists (select from locked))
  on conflict (business_id, guest_id) do update
    set redemption_ref = excluded.redemption_ref, external_uid = excluded.external_uid,
        queried_at = excluded.queried_at, receipt = excluded.receipt,
        explanation = excluded.explanation
)
select $5::text is null or exists (select from locked) as held`,
}

/**
 * What a query or a look-up leaves behind: the lock, and the query itself for the commit to be
 * compared with. The guest's version moves only when the lock changes hands, so that a commit by
 * somebody else who gathered before it gathers again.
 *
 * False when the lock could not be had because somebody was quicker: gather again.
 */
export async function recordQuery(
  db: Db,
  id: { businessId: number; guestId: number; version: number },
  query: {
    redemptionRef: string
    /** Null takes no lock. */
    owner: string | null
    changesHands: boolean
    lockUntil: Instant | null
    at: Instant
    /** Null for a look-up, which is not compared with anything. */
    asked: Pick<LastQuery, 'externalUid' | 'receipt' | 'explanation'> | null
  },
): Promise<boolean> {
  const [row] = await db.query(statement, [
    id.businessId,
    id.guestId,
    query.redemptionRef,
    id.version,
    query.owner,
    new Date(query.at).toISOString(),
    query.changesHands,
    query.lockUntil === null ? null : new Date(query.lockUntil).toISOString(),
    query.asked === null ? null : JSON.stringify(query.asked.receipt),
    query.asked === null ? null : JSON.stringify(query.asked.explanation),
    query.asked?.externalUid ?? null,
  ])
  return row?.held === true
}
