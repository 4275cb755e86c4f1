import {
  breakTypes,
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
  taxRates,
  voidReasons,
} from './catalogue.ts'
import { type ConfigEntity, seasonalFrom } from './config-entities.ts'
import type { ConfigResource } from './config-resources.ts'
import { at } from './random.ts'

/** What an entity is called: an edit shows in the name, and so does that it comes and goes. */
export function configName({ resource, number, revision }: ConfigEntity): string {
  const seasonal = number < seasonalFrom ? '' : ` (season ${number - seasonalFrom})`
  return `${names[resource](number)}${seasonal}${revision === 0 ? '' : ` ·${revision}`}`
}

const named = (list: readonly { name: string }[]) => (number: number) => at(list, number).name
const listed = (list: readonly string[]) => (number: number) => at(list, number)

const names: Record<ConfigResource, (number: number) => string> = {
  alternatePaymentTypes: listed(otherPayments),
  breakTypes: named(breakTypes),
  cashDrawers: (number) => `Drawer ${number + 1}`,
  diningOptions: named(diningOptions),
  discounts: named(discounts),
  menus: listed(menus),
  menuGroups: named(groups),
  menuItems: named(items),
  menuOptionGroups: named(optionGroups),
  noSaleReasons: listed(['Change', 'Drawer check']),
  payoutReasons: listed(['Groceries', 'Tips', 'Réparation']),
  preModifierGroups: listed(['How much']),
  preModifiers: named(preModifiers),
  priceGroups: listed(['Happy hour', 'Brunch']),
  printers: listed(['Kitchen', 'Bar']),
  restaurantServices: listed(services),
  revenueCenters: listed(revenueCenters),
  salesCategories: listed(categories),
  serviceAreas: listed(serviceAreas),
  serviceCharges: named(charges),
  tables: (number) => `T${number + 1}`,
  taxRates: named(taxRates),
  voidReasons: listed(voidReasons),
}
