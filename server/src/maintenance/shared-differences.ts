import type { Queries, Statement } from '../store/db.ts'
import type { Difference } from './difference.ts'

// Each statement returns a row for each difference: business_id, guest_id, what, expected, found.
const statements: readonly Statement[] = [
  {
    name: 'verify_codes',
    text: `
select c.business_id, null::bigint as guest_id, 'uses of code ' || c.code as what,
       coalesce(u.used, 0)::text as expected, c.uses::text as found
  from codes c
  left join (
    select business_id, code, count(*) as used from code_uses
     where undone_at is null group by business_id, code) u
    on u.business_id = c.business_id and u.code = c.code
 where c.uses <> coalesce(u.used, 0)
 order by c.business_id, c.code
 limit 100`,
  },
  {
    name: 'verify_commit_replies',
    text: `
select c.business_id, c.guest_id,
       'redemption ' || (s.value->>'redemption_id') || ' of commit ' || c.redemption_ref as what,
       case c.state when 'voided' then 'voided' else 'honored' end as expected,
       coalesce(r.state, 'no redemption') as found
  from commits c
  cross join lateral json_array_elements(c.reply->'success') s
  left join redemptions r
    on r.business_id = c.business_id and r.guest_id = c.guest_id
       and r.redemption_ref = c.redemption_ref
       and r.redemption_id = (s.value->>'redemption_id')::bigint
 where r.redemption_id is null or (r.state = 'voided') <> (c.state = 'voided')
 order by c.business_id, c.guest_id, c.redemption_ref
 limit 100`,
  },
  {
    name: 'verify_redemption_commits',
    text: `
select r.business_id, r.guest_id, 'commit of redemption ' || r.redemption_id as what,
       r.redemption_ref as expected, 'no commit' as found
  from redemptions r
  left join commits c
    on c.business_id = r.business_id and c.guest_id = r.guest_id
       and c.redemption_ref = r.redemption_ref
 where c.redemption_ref is null
 order by r.business_id, r.guest_id, r.redemption_id
 limit 100`,
  },
  {
    name: 'verify_baskets',
    text: `
select business_id, guest_id, 'active baskets' as what, '1' as expected, count(*)::text as found
  from baskets
 where state = 'active'
 group by business_id, guest_id
having count(*) > 1
 order by business_id, guest_id
 limit 100`,
  },
  {
    name: 'verify_receipts',
    text: `
select business_id, null::bigint as guest_id,
       'versions of receipt ' || punchh_key || ' of ' || business_date
         || ' at location ' || location_id as what,
       '1 to ' || count(*) as expected,
       string_agg(version_no::text, ', ' order by version_no) as found
  from receipts
 group by business_id, location_id, punchh_key, business_date
having min(version_no) <> 1 or max(version_no) <> count(*)
 order by business_id, location_id, business_date, punchh_key
 limit 100`,
  },
]

/** What is kept beside the guests' ledgers and does not agree with itself. */
export async function findSharedDifferences(queries: Queries): Promise<Difference[]> {
  const differences: Difference[] = []
  for (const statement of statements) {
    const rows = await queries.query(statement, [])
    for (const row of rows) {
      differences.push({
        businessId: row.business_id as number,
        guestId: row.guest_id as number | null,
        what: row.what as string,
        expected: row.expected as string,
        found: row.found as string,
      })
    }
  }
  return differences
}
