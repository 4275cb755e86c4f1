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
    name: 'verify_rewards',
    text: `
select w.business_id, w.guest_id, 'standing redemptions of reward ' || w.reward_id as what,
       case w.status when 'honored' then '1' else '0' end as expected,
       coalesce(r.standing, 0)::text as found
  from rewards w
  left join (
    select p.business_id, p.guest_id, (d.value->>'rewardId')::bigint as reward_id,
           count(*) as standing
      from redemptions p cross join lateral jsonb_array_elements(p.debits) d
     where p.state = 'honored' and d.value->>'kind' = 'reward'
     group by 1, 2, 3) r
    on r.business_id = w.business_id and r.guest_id = w.guest_id and r.reward_id = w.reward_id
 where coalesce(r.standing, 0) <> case w.status when 'honored' then 1 else 0 end
 order by w.business_id, w.guest_id, w.reward_id
 limit 100`,
  },
  {
    name: 'verify_benefit_uses',
    text: `
select s.business_id, s.guest_id, 'uses of subscription ' || s.subscription_id as what,
       coalesce(r.standing, 0)::text as expected, jsonb_array_length(s.uses)::text as found
  from subscriptions s
  left join (
    select p.business_id, p.guest_id, (d.value->>'subscriptionId')::bigint as subscription_id,
           count(*) as standing
      from redemptions p cross join lateral jsonb_array_elements(p.debits) d
     where p.state = 'honored' and d.value->>'kind' = 'benefit'
     group by 1, 2, 3) r
    on r.business_id = s.business_id and r.guest_id = s.guest_id
       and r.subscription_id = s.subscription_id
 where coalesce(r.standing, 0) <> jsonb_array_length(s.uses)
 order by s.business_id, s.guest_id, s.subscription_id
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
