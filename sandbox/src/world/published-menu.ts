import {
  dishCount,
  type Group,
  groups,
  items,
  lateNightCents,
  menus,
  optionGroups,
} from './catalogue.ts'
import { configEntities } from './config-entities.ts'
import { configName } from './config-names.ts'
import type { ConfigResource } from './config-resources.ts'
import type { Facts } from './facts.ts'
import { publishAt, publishOf } from './publishes.ts'
import { at } from './random.ts'
import type { Restaurant } from './restaurants.ts'

/** What was published last; numbers are indexes of the catalogue. */
export type PublishedMenu = {
  publish: number
  lastUpdated: number
  /** What an entity was called when this was published. */
  nameOf(resource: ConfigResource, number: number): string
  menus: { number: number; groups: PublishedGroup[] }[]
}

export type PublishedGroup = {
  number: number
  groups: PublishedGroup[]
  items: { number: number; cents: number | null }[]
}

/** Null before a restaurant published for the first time. */
export function publishedMenu(
  facts: Facts,
  restaurant: Restaurant,
  now: number,
): PublishedMenu | null {
  const { index, firstPublishedAt } = restaurant
  if (firstPublishedAt !== null && now < firstPublishedAt) return null
  const publish = publishOf(facts, index, now)
  const names = new Map<string, string>()
  for (const resource of published) {
    for (const entity of configEntities(facts, { restaurant: index, resource, now })) {
      names.set(`${resource} ${entity.number}`, configName(entity))
    }
  }
  return {
    publish,
    lastUpdated: Math.max(publishAt(facts, index, publish), firstPublishedAt ?? 0),
    nameOf: (resource, number) => names.get(`${resource} ${number}`) ?? '',
    menus: menus.map((_, number) => ({ number, groups: groupsIn({ menu: number, parent: null }) })),
  }
}

/** What the menus document shows: the last publish it was built from. */
export function builtMenu(facts: Facts, restaurant: Restaurant, now: number): PublishedMenu | null {
  return publishedMenu(facts, restaurant, now - facts.menusBuiltAfterMs)
}

const published = [
  'menus',
  'menuGroups',
  'menuItems',
  'menuOptionGroups',
  'preModifierGroups',
  'preModifiers',
  'salesCategories',
] as const satisfies ConfigResource[]

function groupsIn({ menu, parent }: Pick<Group, 'menu' | 'parent'>): PublishedGroup[] {
  return groups.flatMap((group, number) => {
    if (group.menu !== menu || group.parent !== parent) return []
    return [
      {
        number,
        groups: groupsIn({ menu, parent: number }),
        items: group.items.map((item) => ({ number: item, cents: priceIn(item, menu) })),
      },
    ]
  })
}

/** Dishes cost more at night; what is priced when it is ordered has no price here. */
function priceIn(item: number, menu: number): number | null {
  const { cents, type } = at(items, item)
  if (type === 'OPEN_ITEM') return null
  return menu === 2 ? cents + lateNightCents : cents
}

/** Items that are options of a group, each of one group only. */
export const optionItems: readonly number[] = [
  ...new Set(optionGroups.flatMap(({ items: offered }) => offered)),
]

/** Prices by time of day hold for the wines, prices by size for pizza. */
export const timePricedItem = 20
export const timePriceCents = 800
export const sizePricedGroup = 0

/** Items with a tag or portions, whether they are published or not. */
export const itemTags = ['Vegan', 'Épicé 🌶️'] as const
export const tagOf = (item: number): number | null => (item % 4 === 1 ? (item >> 2) % 2 : null)
export const portionsOf = (item: number): readonly string[] =>
  item < dishCount && (item === 4 || item === 5) ? ['Whole', 'Left half', 'Right half'] : []
