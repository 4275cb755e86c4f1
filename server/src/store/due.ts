import type { Instant } from '@regulars/contract/values/instants'
import type { Db, Statement } from './db.ts'

/** A guest for whom time moves something, and when it fell due. */
export type DueGuest = { businessId: number; guestId: number; dueAt: Instant }

const dueStatement: Statement = {
  name: 'due_guests',
  text: `
select business_id, guest_id, next_due_at
  from guests
 where next_due_at <= $1
   and ($2::timestamptz is null or (next_due_at, business_id, guest_id) > ($2, $3, $4))
 order by next_due_at, business_id, guest_id
 limit $5`,
}

/** Guests due by `now`, those due longest first, after the one given. Locks nothing. */
export async function findDueGuests(
  db: Db,
  page: { now: Instant; after: DueGuest | null; limit: number },
): Promise<DueGuest[]> {
  const { now, after, limit } = page
  const rows = await db.query(dueStatement, [
    new Date(now).toISOString(),
    after === null ? null : new Date(after.dueAt).toISOString(),
    after?.businessId ?? null,
    after?.guestId ?? null,
    limit,
  ])
  return rows.map((row) => ({
    businessId: row.business_id as number,
    guestId: row.guest_id as number,
    dueAt: row.next_due_at as Instant,
  }))
}
