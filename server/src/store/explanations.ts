import type { Db, Statement } from './db.ts'

const statement: Statement = {
  name: 'explanations_of_basket',
  text: `
select q.explanation as query, c.explanation as commit
  from baskets b
  left join last_queries q on q.business_id = b.business_id and q.guest_id = b.guest_id
       and q.redemption_ref = b.redemption_ref
  left join commits c on c.business_id = b.business_id and c.guest_id = b.guest_id
       and c.redemption_ref = b.redemption_ref
 where b.business_id = $1 and b.redemption_ref = $2`,
}

/** Why the last query and the commit of a basket came out as they did; null for either not there. */
export async function findExplanations(
  db: Db,
  businessId: number,
  redemptionRef: string,
): Promise<{ query: unknown; commit: unknown } | null> {
  const [row] = await db.query(statement, [businessId, redemptionRef])
  if (row === undefined || (row.query === null && row.commit === null)) return null
  return { query: row.query, commit: row.commit }
}
