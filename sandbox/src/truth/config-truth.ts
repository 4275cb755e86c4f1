import {
  breakTypes,
  charges,
  diningOptions,
  discounts,
  groups,
  items,
  optionGroups,
  preModifiers,
  serviceAreas,
  taxRates,
} from '../world/catalogue.ts'
import { type ConfigEntity, configEntities } from '../world/config-entities.ts'
import { configName } from '../world/config-names.ts'
import { type ConfigResource, resourceNames } from '../world/config-resources.ts'
import { at } from '../world/random.ts'
import { rowOf, type TruthRow, type TruthValue } from './truth-row.ts'
import { decimal, moneyOrNull } from './values.ts'
import type { Where } from './where.ts'

/** What each resource is stored in. */
const tables: Record<ConfigResource, string> = {
  alternatePaymentTypes: 'alternate_payment_types',
  breakTypes: 'break_type',
  cashDrawers: 'cash_drawer',
  diningOptions: 'dining_option',
  discounts: 'discounts',
  menus: 'menu',
  menuGroups: 'menu_group',
  menuItems: 'menu_item',
  menuOptionGroups: 'menu_option_group',
  noSaleReasons: 'no_sale_reason',
  payoutReasons: 'payout_reason',
  preModifierGroups: 'pre_modifier_group',
  preModifiers: 'pre_modifier',
  priceGroups: 'price_group',
  printers: 'printer',
  restaurantServices: 'restaurant_service',
  revenueCenters: 'revenue_center',
  salesCategories: 'sale_category',
  serviceAreas: 'service_area',
  serviceCharges: 'service_charge',
  tables: 'tables',
  taxRates: 'tax_rate',
  voidReasons: 'void_reason',
}

/** The configuration of a restaurant as it was last published, with the links within it. */
export function* configTruth(where: Where, now: number): Iterable<TruthRow> {
  const { facts, restaurant } = where
  const restaurant_id = restaurant.guid
  for (const resource of resourceNames) {
    for (const entity of configEntities(facts, { restaurant: restaurant.index, resource, now })) {
      yield rowOf(tables[resource], {
        restaurant_id,
        id: entity.guid,
        ...(resource === 'cashDrawers' ? {} : { name: configName(entity) }),
        ...columnsOf(where, entity),
      })
      yield* linksOf(where, entity)
    }
  }
  yield rowOf('tip_withholding', {
    restaurant_id,
    id: restaurant_id,
    enabled: restaurant.index % 2 === 0,
    percentage: '0.03',
  })
}

function columnsOf({ config }: Where, entity: ConfigEntity): Record<string, TruthValue> {
  const { resource, number } = entity
  switch (resource) {
    case 'breakTypes': {
      const { minutes, paid } = at(breakTypes, number)
      return { duration: minutes, paid, active: true }
    }
    case 'diningOptions': {
      const { behavior, curbside } = at(diningOptions, number)
      return { behavior, curbside }
    }
    case 'discounts':
      return discountColumns(number)
    case 'menuGroups':
      return { menu_id: config('menus', at(groups, number).menu) }
    case 'menuItems': {
      const { plu, sku, calories, type } = at(items, number)
      return { plu, sku, calories, type }
    }
    case 'menuOptionGroups': {
      const { least, most } = at(optionGroups, number)
      return { min_selections: least, max_selections: most }
    }
    case 'preModifiers': {
      const { cents, mode } = at(preModifiers, number)
      return { base_price: moneyOrNull(cents), display_mode: mode }
    }
    case 'serviceAreas':
      return { revenue_center_guid: number === 2 ? null : config('revenueCenters', number) }
    case 'serviceCharges':
      return chargeColumns(number)
    case 'tables':
      return {
        service_area_guid: config('serviceAreas', number % serviceAreas.length),
        revenue_center_guid: number % 4 === 3 ? null : config('revenueCenters', number % 2),
      }
    case 'taxRates': {
      const { rate, type } = at(taxRates, number)
      return { rate: decimal(rate, 5), type, is_default: number === 0 }
    }
    default:
      return {}
  }
}

function discountColumns(number: number): Record<string, TruthValue> {
  const { type, level, percent, cents } = at(discounts, number)
  const total = type === 'FIXED_TOTAL'
  return {
    active: true,
    type,
    selection_type: level,
    percentage: percent === null ? null : String(percent),
    amount: total ? null : moneyOrNull(cents),
    fixed_total: total ? moneyOrNull(cents) : null,
  }
}

function chargeColumns(number: number): Record<string, TruthValue> {
  const { type, percent, cents, gratuity, taxes, destination } = at(charges, number)
  return {
    amount_type: type,
    amount: moneyOrNull(cents),
    percent: percent === null ? null : String(percent),
    gratuity,
    taxable: taxes.length > 0,
    destination,
  }
}

/** Link tables: the first column and the others of each row, in the order of the list. */
function* linksOf({ restaurant, config }: Where, entity: ConfigEntity): Iterable<TruthRow> {
  const { resource, number, guid } = entity
  const restaurant_id = restaurant.guid
  for (const { table, from, to, resource: linked, numbers } of linkLists(resource, number)) {
    for (const [ordinal, other] of numbers.entries()) {
      yield rowOf(table, { restaurant_id, [from]: guid, ordinal, [to]: config(linked, other) })
    }
  }
  const promoCode = resource === 'discounts' ? at(discounts, number).promoCode : null
  if (promoCode !== null) {
    yield rowOf('discounts_promo_code', {
      restaurant_id,
      discounts_id: guid,
      ordinal: 0,
      code: promoCode,
    })
  }
  if (resource !== 'taxRates' || number !== taxRates.length - 1) return
  for (const [ordinal, row] of (
    [
      ['0', '0.1', '0'],
      ['0.1', '0.3', '0.01'],
    ] as const
  ).entries()) {
    const [start, end, tax] = row
    yield rowOf('tax_rate_table_row', {
      restaurant_id,
      tax_rate_id: guid,
      ordinal,
      start,
      end,
      tax,
    })
  }
  yield rowOf('tax_rate_condition', {
    restaurant_id,
    tax_rate_id: guid,
    ordinal: 0,
    condition: 'DINING_OPTION',
    rate: '0.05',
  })
}

type LinkList = {
  table: string
  from: string
  to: string
  resource: ConfigResource
  numbers: readonly number[]
}

function linkLists(resource: ConfigResource, number: number): LinkList[] {
  const groupsWhere = (wanted: (group: (typeof groups)[number]) => boolean) =>
    groups.flatMap((group, index) => (wanted(group) ? [index] : []))
  const list = (
    table: string,
    [from, to]: readonly [string, string],
    linked: ConfigResource,
    numbers: readonly number[],
  ): LinkList => ({ table, from, to, resource: linked, numbers })
  switch (resource) {
    case 'menus': {
      const top = groupsWhere(({ menu, parent }) => menu === number && parent === null)
      return [list('menu_menu_group', ['menu_id', 'menu_group_id'], 'menuGroups', top)]
    }
    case 'menuGroups': {
      const from = 'menu_group_id'
      const { items: sold } = at(groups, number)
      const within = groupsWhere(({ parent }) => parent === number)
      const options = number === 1 ? [2] : []
      return [
        list('menu_group_item', [from, 'menu_item_id'], 'menuItems', sold),
        list('menu_group_subgroup', [from, 'subgroup_id'], 'menuGroups', within),
        list(
          'menu_group_option_group',
          [from, 'menu_option_group_id'],
          'menuOptionGroups',
          options,
        ),
      ]
    }
    case 'menuItems': {
      const names = ['menu_item_id', 'menu_option_group_id'] as const
      const { options } = at(items, number)
      return [list('menu_item_option_group', names, 'menuOptionGroups', options)]
    }
    case 'menuOptionGroups': {
      const names = ['menu_option_group_id', 'menu_item_id'] as const
      return [list('menu_option_group_item', names, 'menuItems', at(optionGroups, number).items)]
    }
    case 'serviceCharges': {
      const names = ['service_charge_id', 'tax_rate_id'] as const
      return [list('service_charge_tax_rate', names, 'taxRates', at(charges, number).taxes)]
    }
    default:
      return []
  }
}
