import { configGuid, multiLocationId } from '../world/config-entities.ts'
import type { ConfigResource } from '../world/config-resources.ts'
import { employeeGuid } from '../world/employees.ts'
import type { Facts } from '../world/facts.ts'

/** What Toast calls the entities of a resource. */
const entityTypes: Record<ConfigResource, string> = {
  alternatePaymentTypes: 'AlternatePaymentType',
  breakTypes: 'BreakType',
  cashDrawers: 'CashDrawer',
  diningOptions: 'DiningOption',
  discounts: 'CustomDiscount',
  menus: 'Menu',
  menuGroups: 'MenuGroup',
  menuItems: 'MenuItem',
  menuOptionGroups: 'MenuOptionGroup',
  noSaleReasons: 'NoSaleReason',
  payoutReasons: 'PayoutReason',
  preModifierGroups: 'PreModifierGroup',
  preModifiers: 'PreModifier',
  priceGroups: 'PriceGroup',
  printers: 'Printer',
  restaurantServices: 'RestaurantService',
  revenueCenters: 'RevenueCenter',
  salesCategories: 'SalesCategory',
  serviceAreas: 'ServiceArea',
  serviceCharges: 'ServiceCharge',
  tables: 'Table',
  taxRates: 'TaxRate',
  voidReasons: 'VoidReason',
}

export type Reference = { guid: string; entityType: string; externalId?: string | null }

/** References of one restaurant's payloads. */
export type References = {
  ref(resource: ConfigResource, number: number): Reference
  xref(resource: ConfigResource, number: number): Reference
  xrefOrNull(resource: ConfigResource, number: number | null): Reference | null
  cref(resource: ConfigResource, number: number | null): Record<string, unknown> | null
  employee(number: number): Reference
  employeeOrNull(number: number | null): Reference | null
}

export function referencesOf(facts: Facts, restaurant: number): References {
  const ref: References['ref'] = (resource, number) => ({
    guid: configGuid(facts, restaurant, resource, number),
    entityType: entityTypes[resource],
  })
  const xref: References['xref'] = (resource, number) => ({
    ...ref(resource, number),
    externalId: null,
  })
  const employee = (number: number) => employeeReference(employeeGuid(facts, restaurant, number))
  return {
    ref,
    xref,
    xrefOrNull: (resource, number) => (number === null ? null : xref(resource, number)),
    cref: (resource, number) =>
      number === null
        ? null
        : {
            ...ref(resource, number),
            multiLocationId: multiLocationId(resource, number),
            externalId: null,
          },
    employee,
    employeeOrNull: (number) => (number === null ? null : employee(number)),
  }
}

export function employeeReference(guid: string): Reference {
  return { guid, entityType: 'RestaurantUser', externalId: null }
}

export function jobReference(guid: string): Reference {
  return { guid, entityType: 'RestaurantJob', externalId: null }
}
