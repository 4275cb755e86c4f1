import { configGuid } from '../world/config-entities.ts'
import type { ConfigResource } from '../world/config-resources.ts'
import { employeeGuid } from '../world/employees.ts'
import type { Facts } from '../world/facts.ts'
import type { Restaurant } from '../world/restaurants.ts'

/** What rows of one restaurant have in common. */
export type Where = {
  facts: Facts
  restaurant: Restaurant
  /** The guid of configuration, null for none. */
  config(resource: ConfigResource, number: number | null): string | null
  employee(number: number | null): string | null
  scopes: ReadonlySet<string>
}

export function whereOf(facts: Facts, restaurant: Restaurant, scopes: ReadonlySet<string>): Where {
  return {
    facts,
    restaurant,
    scopes,
    config: (resource, number) =>
      number === null ? null : configGuid(facts, restaurant.index, resource, number),
    employee: (number) => (number === null ? null : employeeGuid(facts, restaurant.index, number)),
  }
}
