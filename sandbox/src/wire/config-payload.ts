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
import type { ConfigEntity } from '../world/config-entities.ts'
import { configName } from '../world/config-names.ts'
import type { ConfigResource } from '../world/config-resources.ts'
import type { Facts } from '../world/facts.ts'
import { at } from '../world/random.ts'
import { dollarsOrNull } from './numbers.ts'
import { type References, referencesOf } from './references.ts'

type Payload = Record<string, unknown>
type Members = (number: number, to: References, facts: Facts) => Payload

/** An entity as the configuration API sends it, in a list or alone. */
export function configPayload(facts: Facts, restaurant: number, entity: ConfigEntity): Payload {
  const { resource, number } = entity
  const to = referencesOf(facts, restaurant)
  const own = members[resource](number, to, facts)
  return {
    ...(withExternalId.has(resource) ? to.xref(resource, number) : to.ref(resource, number)),
    // The specification gives cash drawers no name.
    ...(resource === 'cashDrawers' ? {} : { name: configName(entity) }),
    ...own,
  }
}

const withExternalId: ReadonlySet<ConfigResource> = new Set([
  'alternatePaymentTypes',
  'diningOptions',
  'menus',
  'menuGroups',
  'menuItems',
  'menuOptionGroups',
  'serviceCharges',
])

const nothing: Members = () => ({})

const members: Record<ConfigResource, Members> = {
  alternatePaymentTypes: nothing,
  breakTypes: (number) => {
    const { minutes, paid, missedTracked } = at(breakTypes, number)
    return {
      active: true,
      paid,
      duration: minutes,
      enforceMinimumTime: !paid,
      trackMissedBreaks: missedTracked,
      breakIntervalHrs: missedTracked ? 6 : null,
      breakIntervalMins: missedTracked ? 0 : null,
      trackBreakAcknowledgement: false,
    }
  },
  cashDrawers: (number, to) => ({ printer: number === 0 ? to.ref('printers', 0) : null }),
  diningOptions: (number) => {
    const { behavior, curbside } = at(diningOptions, number)
    return { behavior, curbside }
  },
  discounts: discount,
  menus: (number, to) => ({
    orderableOnline: 'YES',
    visibility: 'ALL',
    groups: numbersOf(groups, (group) => group.menu === number && group.parent === null).map(
      (group) => to.xref('menuGroups', group),
    ),
    images: number === 0 ? [{ url: 'https://images.example.com/menu-é.jpg' }] : [],
    unitOfMeasure: 'NONE',
  }),
  menuGroups: menuGroup,
  menuItems: (number, to) => {
    const { calories, sku, plu, type, options, byWeight } = at(items, number)
    return {
      calories,
      sku,
      plu,
      type,
      optionGroups: options.map((group) => to.xref('menuOptionGroups', group)),
      inheritOptionGroups: true,
      inheritUnitOfMeasure: !byWeight,
      unitOfMeasure: byWeight ? 'OZ' : 'NONE',
      images: number % 5 === 0 ? null : [],
      orderableOnline: number % 3 === 0 ? 'NO' : 'YES',
      visibility: 'ALL',
    }
  },
  menuOptionGroups: (number, to) => {
    const { items: offered, least, most } = at(optionGroups, number)
    const options = offered.map((item) => to.xref('menuItems', item))
    return { options, minSelections: least, maxSelections: most }
  },
  noSaleReasons: nothing,
  payoutReasons: nothing,
  preModifierGroups: () => ({ isDefault: true }),
  preModifiers: (number, to) => {
    const { cents, mode } = at(preModifiers, number)
    return {
      scalePrice: false,
      basePrice: dollarsOrNull(cents),
      scaleFactor: 1,
      displayMode: mode,
      parent: to.ref('preModifierGroups', 0),
      chargeAsExtra: cents > 0,
    }
  },
  priceGroups: nothing,
  printers: nothing,
  restaurantServices: nothing,
  revenueCenters: (number) => ({ description: number === 0 ? null : `Centre nº ${number}` }),
  salesCategories: nothing,
  serviceAreas: (number, to) => ({
    revenueCenter: number === 2 ? null : to.xref('revenueCenters', number),
  }),
  serviceCharges: serviceCharge,
  tables: (number, to) => ({
    serviceArea: to.ref('serviceAreas', number % serviceAreas.length),
    revenueCenter: number % 4 === 3 ? null : to.xref('revenueCenters', number % 2),
  }),
  taxRates: (number) => taxRate(number),
  voidReasons: nothing,
}

function numbersOf<Thing>(list: readonly Thing[], wanted: (thing: Thing) => boolean): number[] {
  return list.flatMap((thing, number) => (wanted(thing) ? [number] : []))
}

function discount(number: number, _to: References, { guids }: Facts): Payload {
  const { type, level, percent, cents, promoCode } = at(discounts, number)
  return {
    active: true,
    type,
    percentage: percent,
    amount: type === 'FIXED_TOTAL' ? null : dollarsOrNull(cents),
    selectionType: level,
    nonExclusive: number % 2 === 0,
    itemPickingPriority: number % 2 === 0 ? 'FIRST' : 'LEAST_EXPENSIVE',
    fixedTotal: type === 'FIXED_TOTAL' ? dollarsOrNull(cents) : null,
    promoCodes:
      promoCode === null
        ? []
        : [
            {
              guid: guids.of('promoCode', 0, 0, 0, number),
              entityType: 'PromoCode',
              code: promoCode,
              name: `${promoCode} ’26`,
              usageType: 'MULTI_USE',
            },
          ],
  }
}

function menuGroup(number: number, to: References): Payload {
  const { menu, parent, items: sold } = at(groups, number)
  const within = numbersOf(groups, (group) => group.parent === number)
  return {
    menu: to.xref('menus', menu),
    parent: parent === null ? null : to.xref('menuGroups', parent),
    items: sold.map((item) => to.xref('menuItems', item)),
    subgroups: within.length === 0 ? null : within.map((group) => to.xref('menuGroups', group)),
    optionGroups: number === 1 ? [to.xref('menuOptionGroups', 2)] : [],
    inheritOptionGroups: true,
    inheritUnitOfMeasure: true,
    unitOfMeasure: 'NONE',
    images: [],
    orderableOnline: 'YES',
    visibility: 'ALL',
  }
}

function serviceCharge(number: number, to: References): Payload {
  const { type, percent, cents, gratuity, taxes, calculation, destination, name } = at(
    charges,
    number,
  )
  return {
    amountType: type,
    amount: dollarsOrNull(cents),
    percent,
    criteria: {
      minCheckAmount: 0,
      maxCheckAmount: null,
      minDeliveryDistance: null,
      delivery: name === 'Delivery fee',
      takeout: false,
      dineIn: gratuity,
    },
    gratuity,
    taxable: taxes.length > 0,
    applicableTaxes: taxes.map((rate) => ({ ...to.ref('taxRates', rate), ...taxRate(rate) })),
    serviceChargeCalculation: calculation,
    destination,
    taxInclusive: false,
    taxProrated: false,
  }
}

/** The last rate also carries a table and a condition, so that both arrive somewhere. */
function taxRate(number: number): Payload {
  const { rate, type } = at(taxRates, number)
  const last = number === taxRates.length - 1
  return {
    isDefault: number === 0,
    rate: rate / 100_000,
    type,
    roundingType: number % 2 === 0 ? 'HALF_UP' : 'HALF_EVEN',
    taxTable: last ? taxTable : [],
    conditionalTaxRates: last ? [{ condition: 'DINING_OPTION', rate: 0.05 }] : [],
  }
}

const taxTable = [
  { start: 0, end: 0.1, tax: 0, pattern: false },
  { start: 0.1, end: 0.3, tax: 0.01, pattern: true },
] as const
