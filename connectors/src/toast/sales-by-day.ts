/**
 * Net sales by restaurant and business day, by Toast's recipe: what live lines cost before discounts,
 * less the discounts, with charges that are no gratuity. Waste, test orders, gift cards, voids and
 * collections for others are no sales. A discount that does not say what of it was tax counts whole,
 * and those of modifiers are in their line's price already: both are our reading of the recipe. The
 * same sentence runs on DuckDB and Postgres.
 */
export const salesByDay = `
with live_check as (
  select c.restaurant_id, c.id, o.business_day
    from orders_check as c
    join orders as o on o.restaurant_id = c.restaurant_id and o.id = c.orders_id
   where o._deleted_at is null and c._deleted_at is null
     and not coalesce(o.voided, false) and not coalesce(c.voided, false)
     and not coalesce(o.created_in_test_mode, false) and not coalesce(o.excess_food, false)
),
live_line as (
  select s.restaurant_id, s.id, c.business_day, s.pre_discount_price
    from orders_check_selection as s
    join live_check as c on c.restaurant_id = s.restaurant_id and c.id = s.orders_check_id
   where s._deleted_at is null
     and not coalesce(s.voided, false) and not coalesce(s.deferred, false)
     and coalesce(s.display_name, '') <> 'Gift Card'
),
amount as (
  select restaurant_id, business_day, pre_discount_price as amount from live_line
  union all
  select l.restaurant_id, l.business_day, -coalesce(d.non_tax_discount_amount, d.discount_amount)
    from live_line as l
    join orders_check_selection_applied_discount as d
      on d.restaurant_id = l.restaurant_id and d.orders_check_selection_id = l.id
   where d._deleted_at is null
     and coalesce(d.processing_state, 'APPLIED') not in ('PENDING_VOID', 'VOID')
  union all
  select c.restaurant_id, c.business_day, -coalesce(d.non_tax_discount_amount, d.discount_amount)
    from live_check as c
    join orders_check_applied_discount as d
      on d.restaurant_id = c.restaurant_id and d.orders_check_id = c.id
   where d._deleted_at is null
     and coalesce(d.processing_state, 'APPLIED') not in ('PENDING_VOID', 'VOID')
  union all
  select c.restaurant_id, c.business_day, g.charge_amount
    from live_check as c
    join orders_check_applied_service_charge as g
      on g.restaurant_id = c.restaurant_id and g.orders_check_id = c.id
   where g._deleted_at is null and not coalesce(g.gratuity, false)
     and coalesce(g.service_charge_category, 'SERVICE_CHARGE') <> 'FUNDRAISING_CAMPAIGN'
)
select restaurant_id, business_day, cast(sum(amount) as decimal(18, 2)) as net_sales
  from amount
 group by restaurant_id, business_day
 order by restaurant_id, business_day`
