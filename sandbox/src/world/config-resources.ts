import {
  breakTypes,
  cashDrawerCount,
  categories,
  charges,
  diningOptions,
  discounts,
  groups,
  items,
  menus,
  optionGroups,
  otherPayments,
  preModifiers,
  revenueCenters,
  serviceAreas,
  services,
  tableCount,
  taxRates,
  voidReasons,
} from './catalogue.ts'

type Resource = {
  /** Entities that are always there. */
  count: number
  /** Whether others come and go. */
  seasonal: boolean
  /** Whether one entity, with one guid, belongs to all restaurants. */
  shared: (number: number) => boolean
}

const own = () => false
const everywhere = () => true
const listOf = (members: readonly unknown[], shared: Resource['shared'] = own): Resource => ({
  count: members.length,
  seasonal: true,
  shared,
})
const few = (count: number): Resource => ({ count, seasonal: false, shared: own })

/** The 23 resources that are lists; tip withholding is one object per restaurant. */
export const configResources = {
  alternatePaymentTypes: listOf(otherPayments),
  breakTypes: { ...listOf(breakTypes), seasonal: false },
  cashDrawers: few(cashDrawerCount),
  diningOptions: listOf(diningOptions),
  discounts: listOf(discounts, everywhere),
  menus: { ...listOf(menus), seasonal: false },
  menuGroups: { ...listOf(groups), seasonal: false },
  // Half of the dishes are versions that the whole group of restaurants uses.
  menuItems: listOf(items, (number) => number % 2 === 0),
  menuOptionGroups: { ...listOf(optionGroups), seasonal: false },
  noSaleReasons: few(2),
  payoutReasons: few(3),
  preModifierGroups: few(1),
  preModifiers: { ...listOf(preModifiers), seasonal: false },
  priceGroups: few(2),
  printers: few(2),
  restaurantServices: { ...listOf(services), seasonal: false },
  revenueCenters: { ...listOf(revenueCenters), seasonal: false },
  salesCategories: listOf(categories, everywhere),
  serviceAreas: { ...listOf(serviceAreas), seasonal: false },
  serviceCharges: listOf(charges),
  tables: { count: tableCount, seasonal: true, shared: own },
  taxRates: { ...listOf(taxRates), seasonal: false },
  voidReasons: listOf(voidReasons),
} as const satisfies Record<string, Resource>

export type ConfigResource = keyof typeof configResources

export const resourceNames = Object.keys(configResources).sort() as ConfigResource[]

/** What stands for a resource in a guid. */
export const resourceNumbers = Object.fromEntries(
  resourceNames.map((name, number) => [name, number]),
) as Record<ConfigResource, number>
