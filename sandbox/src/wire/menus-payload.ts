import { categories, items, optionGroups, preModifiers } from '../world/catalogue.ts'
import { configGuid, multiLocationId } from '../world/config-entities.ts'
import type { ConfigResource } from '../world/config-resources.ts'
import type { Facts } from '../world/facts.ts'
import { toastTime } from '../world/instants.ts'
import { prepStationGuid } from '../world/prep-stations.ts'
import {
  itemTags,
  optionItems,
  type PublishedGroup,
  type PublishedMenu,
  portionsOf,
  sizePricedGroup,
  tagOf,
  timePriceCents,
  timePricedItem,
} from '../world/published-menu.ts'
import { at } from '../world/random.ts'
import type { Restaurant } from '../world/restaurants.ts'
import { dollars, dollarsOrNull } from './numbers.ts'

type Payload = Record<string, unknown>

/** What the parts of one document have in common. */
type Document = {
  facts: Facts
  restaurant: Restaurant
  menu: PublishedMenu
  /** Reference numbers are good in this document only: the next one has others. */
  groupReference(number: number): number
  optionReference(item: number): number
  preGroupReference: number
}

/** The menus document: everything that is published, nothing else. */
export function menusPayload(facts: Facts, restaurant: Restaurant, menu: PublishedMenu): Payload {
  const first = 10 + (menu.publish % 7) * 100
  const document: Document = {
    facts,
    restaurant,
    menu,
    groupReference: (number) => first + number,
    optionReference: (item) => first + 200 + item,
    preGroupReference: first + 400,
  }
  const groupEntries = optionGroups.map((_, number) => [
    document.groupReference(number),
    modifierGroup(document, number),
  ])
  const optionEntries = optionItems.map((item) => [
    document.optionReference(item),
    modifierOption(document, item),
  ])
  return {
    restaurantGuid: restaurant.guid,
    lastUpdated: toastTime(menu.lastUpdated),
    restaurantTimeZone: restaurant.zone,
    menus: menu.menus.map(({ number, groups }) => menuOf(document, number, groups)),
    modifierGroupReferences: Object.fromEntries(groupEntries),
    modifierOptionReferences: Object.fromEntries(optionEntries),
    preModifierGroupReferences: { [document.preGroupReference]: preModifierGroup(document) },
  }
}

function identity({ facts, restaurant, menu }: Document, resource: ConfigResource, number: number) {
  return {
    name: menu.nameOf(resource, number),
    guid: configGuid(facts, restaurant.index, resource, number),
    multiLocationId: multiLocationId(resource, number),
    masterId: null,
  }
}

const looks = { posName: '', posButtonColorLight: '#DCDCDC', posButtonColorDark: '#2F2F2F' }
const visibility = ['POS', 'TOAST_ONLINE_ORDERING', 'KIOSK']

function menuOf(document: Document, number: number, groups: PublishedGroup[]): Payload {
  const schedule = [
    { days: ['FRIDAY', 'SATURDAY'], timeRanges: [{ start: '22:00', end: '02:00' }] },
  ]
  return {
    ...identity(document, 'menus', number),
    description: number === 0 ? 'Toute la journée' : '',
    ...looks,
    highResImage: null,
    image: null,
    visibility,
    availability:
      number === 2 ? { alwaysAvailable: false, schedule } : { alwaysAvailable: true, schedule: [] },
    menuGroups: groups.map((group) => groupOf(document, group)),
  }
}

function groupOf(document: Document, group: PublishedGroup): Payload {
  return {
    ...identity(document, 'menuGroups', group.number),
    description: '',
    ...looks,
    image: null,
    visibility,
    itemTags: group.number === 0 ? [tag(document, 0)] : [],
    menuGroups: group.groups.map((each) => groupOf(document, each)),
    menuItems: group.items.map((item) => itemOf(document, item)),
  }
}

function itemOf(
  document: Document,
  { number, cents }: { number: number; cents: number | null },
): Payload {
  return {
    ...itemMembers(document, number),
    price: dollarsOrNull(cents),
    pricingStrategy: strategy(number, cents),
    pricingRules: number === timePricedItem && cents !== null ? timeRules(cents) : null,
    isDeferred: false,
    isDiscountable: true,
    taxInclusion: 'TAX_NOT_INCLUDED',
    eligiblePaymentAssistancePrograms: [],
    catalogProductInfo: null,
  }
}

/** What items and options have in common. */
function itemMembers(document: Document, number: number): Payload {
  const { facts, restaurant, groupReference } = document
  const { plu, sku, calories, byWeight, category, taxes, options } = at(items, number)
  const tagged = tagOf(number)
  return {
    ...identity(document, 'menuItems', number),
    kitchenName: '',
    description: number % 3 === 0 ? 'Fait maison – “the best”' : '',
    ...looks,
    image: null,
    images: [],
    visibility,
    salesCategory: {
      name: at(categories, category),
      guid: configGuid(facts, restaurant.index, 'salesCategories', category),
    },
    taxInfo: taxes.map((rate) => configGuid(facts, restaurant.index, 'taxRates', rate)),
    itemTags: tagged === null ? [] : [tag(document, tagged)],
    plu,
    sku,
    calories,
    contentAdvisories: { alcohol: { containsAlcohol: category === 4 ? 'YES' : 'NO' } },
    unitOfMeasure: byWeight ? 'OZ' : 'NONE',
    portions: portionsOf(number).map((name, part) => ({
      name,
      guid: facts.guids.of('portion', 0, 0, 0, part),
      modifierGroupReferences: options.map(groupReference),
      priceScaleFactor: part === 0 ? 1 : 0.5,
    })),
    prepTime: number % 2 === 0 ? 300 : null,
    prepStations: [prepStationGuid(facts, restaurant.index, number % 2)],
    modifierGroupReferences: options.map(groupReference),
  }
}

function strategy(number: number, cents: number | null): string {
  if (cents === null) return 'OPEN_PRICE'
  return number === timePricedItem ? 'TIME_SPECIFIC_PRICE' : 'BASE_PRICE'
}

function timeRules(cents: number): Payload {
  const schedule = [{ days: ['MONDAY', 'TUESDAY'], timeRanges: [{ start: '16:00', end: '18:00' }] }]
  const rule = { timeSpecificPrice: dollars(timePriceCents), basePrice: dollars(cents), schedule }
  return {
    timeSpecificPricingRules: [rule],
    sizeSpecificPricingGuid: null,
    sizeSequencePricingRules: [],
  }
}

function tag({ facts }: Document, number: number): Payload {
  return { name: at(itemTags, number), guid: facts.guids.of('itemTag', 0, 0, 0, number) }
}

function modifierGroup(document: Document, number: number): Payload {
  const { least, most, items: offered } = at(optionGroups, number)
  return {
    ...identity(document, 'menuOptionGroups', number),
    referenceId: document.groupReference(number),
    ...looks,
    visibility,
    pricingStrategy: number === sizePricedGroup ? 'SIZE_PRICE' : 'NONE',
    pricingRules: null,
    defaultOptionsChargePrice: 'NO',
    defaultOptionsSubstitutionPricing: 'NO',
    minSelections: least,
    maxSelections: most,
    requiredMode: least > 0 ? 'REQUIRED' : 'OPTIONAL',
    isMultiSelect: most !== 1,
    preModifierGroupReference: number === 1 ? document.preGroupReference : null,
    modifierOptionReferences: offered.map(document.optionReference),
  }
}

function modifierOption(document: Document, item: number): Payload {
  return {
    ...itemMembers(document, item),
    referenceId: document.optionReference(item),
    price: dollars(at(items, item).cents),
    pricingStrategy: 'BASE_PRICE',
    pricingRules: null,
    modifierOptionTaxInfo: { taxRateGuids: [], overrideItemTaxRates: false },
    isDefault: false,
    allowsDuplicates: item % 2 === 0,
  }
}

function preModifierGroup(document: Document): Payload {
  return {
    ...identity(document, 'preModifierGroups', 0),
    referenceId: document.preGroupReference,
    preModifiers: preModifiers.map(({ cents, mode }, number) => ({
      ...identity(document, 'preModifiers', number),
      fixedPrice: dollars(cents),
      multiplicationFactor: null,
      displayMode: mode,
      ...looks,
      chargeAsExtra: cents > 0,
      plu: null,
    })),
  }
}
