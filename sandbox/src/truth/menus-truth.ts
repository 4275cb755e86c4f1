import { items, optionGroups, preModifiers } from '../world/catalogue.ts'
import { prepStationGuid, prepStations } from '../world/prep-stations.ts'
import {
  builtMenu,
  itemTags,
  optionItems,
  type PublishedGroup,
  type PublishedMenu,
  portionsOf,
  tagOf,
  timePriceCents,
  timePricedItem,
} from '../world/published-menu.ts'
import { at } from '../world/random.ts'
import { stockOf } from '../world/stock.ts'
import { rowOf, type TruthRow } from './truth-row.ts'
import { instant, money, moneyOrNull } from './values.ts'
import type { Where } from './where.ts'

/** The published menus: an item has a row for each path that leads to it. */
export function* menusTruth(where: Where, now: number): Iterable<TruthRow> {
  const { facts, restaurant, config } = where
  const menu = builtMenu(facts, restaurant, now)
  if (menu === null) return
  const restaurant_id = restaurant.guid
  yield rowOf('published_menus', {
    restaurant_id,
    id: restaurant_id,
    last_updated: instant(menu.lastUpdated),
  })
  for (const { number, groups } of menu.menus) {
    const id = config('menus', number)
    yield rowOf('published_menu', { restaurant_id, id, name: menu.nameOf('menus', number) })
    for (const group of groups) {
      yield* groupTruth(where, menu, { group, path: id ?? '', menuId: id, parentId: null })
    }
  }
  yield* modifierTruth(where, menu)
}

type Within = {
  group: PublishedGroup
  path: string
  menuId: string | null
  parentId: string | null
}

function* groupTruth(where: Where, menu: PublishedMenu, within: Within): Iterable<TruthRow> {
  const { restaurant, config } = where
  const restaurant_id = restaurant.guid
  const { group, menuId, parentId } = within
  const id = config('menuGroups', group.number)
  const path = `${within.path}/${id}`
  yield rowOf('published_menu_group', {
    restaurant_id,
    id,
    path,
    published_menu_id: menuId,
    parent_group_id: parentId,
    name: menu.nameOf('menuGroups', group.number),
  })
  if (group.number === 0) {
    yield rowOf('published_item_tag', {
      restaurant_id,
      owner: 'published_menu_group',
      owner_path: path,
      ordinal: 0,
      guid: where.facts.guids.of('itemTag', 0, 0, 0, 0),
      name: at(itemTags, 0),
    })
  }
  for (const { number, cents } of group.items) {
    const item = config('menuItems', number)
    yield rowOf('published_menu_item', {
      restaurant_id,
      id: item,
      path: `${path}/${item}`,
      published_menu_id: menuId,
      published_menu_group_id: id,
      name: menu.nameOf('menuItems', number),
      price: moneyOrNull(cents),
      plu: at(items, number).plu,
    })
    for (const [ordinal, offered] of at(items, number).options.entries()) {
      yield rowOf('published_menu_item_modifier_group', {
        restaurant_id,
        path: `${path}/${item}`,
        ordinal,
        published_modifier_group_id: config('menuOptionGroups', offered),
      })
    }
    const owner = { owner: 'published_menu_item', owner_path: `${path}/${item}` }
    yield* itemPartsTruth(where, number, owner)
    if (number !== timePricedItem || cents === null) continue
    yield rowOf('published_price_rule', {
      restaurant_id,
      ...owner,
      kind: 'time',
      ordinal: 0,
      time_specific_price: money(timePriceCents),
      base_price: money(cents),
    })
  }
  for (const inner of group.groups) {
    yield* groupTruth(where, menu, { group: inner, path, menuId, parentId: id })
  }
}

/** Tags and portions of an item, under a menu or as an option. */
function* itemPartsTruth(
  { facts, restaurant, config }: Where,
  item: number,
  owner: { owner: string; owner_path: string },
): Iterable<TruthRow> {
  const key = { restaurant_id: restaurant.guid, ...owner }
  const tag = tagOf(item)
  if (tag !== null) {
    const guid = facts.guids.of('itemTag', 0, 0, 0, tag)
    yield rowOf('published_item_tag', { ...key, ordinal: 0, guid, name: at(itemTags, tag) })
  }
  for (const [ordinal, name] of portionsOf(item).entries()) {
    const guid = facts.guids.of('portion', 0, 0, 0, ordinal)
    yield rowOf('published_item_portion', { ...key, ordinal, guid, name })
    for (const [place, group] of at(items, item).options.entries()) {
      yield rowOf('published_item_portion_modifier_group', {
        ...key,
        portion_ordinal: ordinal,
        ordinal: place,
        published_modifier_group_id: config('menuOptionGroups', group),
      })
    }
  }
}

function* modifierTruth(where: Where, menu: PublishedMenu): Iterable<TruthRow> {
  const { restaurant, config } = where
  const restaurant_id = restaurant.guid
  for (const [number, { least, most }] of optionGroups.entries()) {
    yield rowOf('published_modifier_group', {
      restaurant_id,
      id: config('menuOptionGroups', number),
      name: menu.nameOf('menuOptionGroups', number),
      min_selections: least,
      max_selections: most,
    })
  }
  for (const item of optionItems) {
    yield rowOf('published_modifier_option', {
      restaurant_id,
      id: config('menuItems', item),
      name: menu.nameOf('menuItems', item),
      price: money(at(items, item).cents),
    })
    const id = config('menuItems', item) ?? ''
    for (const [ordinal, offered] of at(items, item).options.entries()) {
      yield rowOf('published_modifier_option_modifier_group', {
        restaurant_id,
        published_modifier_option_id: id,
        ordinal,
        published_modifier_group_id: config('menuOptionGroups', offered),
      })
    }
    yield* itemPartsTruth(where, item, { owner: 'published_modifier_option', owner_path: id })
  }
  const preGroup = config('preModifierGroups', 0)
  yield rowOf('published_pre_modifier_group', {
    restaurant_id,
    id: preGroup,
    name: menu.nameOf('preModifierGroups', 0),
  })
  for (const [ordinal, { cents }] of preModifiers.entries()) {
    yield rowOf('published_pre_modifier', {
      restaurant_id,
      published_pre_modifier_group_id: preGroup,
      ordinal,
      guid: config('preModifiers', ordinal),
      name: menu.nameOf('preModifiers', ordinal),
      fixed_price: money(cents),
    })
  }
}

/** What is out or counted, and the stations of the kitchen. */
export function* kitchenTruth({ facts, restaurant }: Where, now: number): Iterable<TruthRow> {
  const restaurant_id = restaurant.guid
  for (const { guid, multiLocationId, status, quantity } of stockOf(facts, restaurant.index, now)) {
    if (status === 'IN_STOCK') continue
    yield rowOf('stock_level', {
      restaurant_id,
      id: guid,
      multi_location_id: multiLocationId,
      status,
      quantity: quantity === null ? null : String(quantity),
    })
  }
  const stationId = (number: number) => prepStationGuid(facts, restaurant.index, number)
  for (const [number, { name, routing, connected }] of prepStations.entries()) {
    const id = stationId(number)
    yield rowOf('prep_station', { restaurant_id, id, name, expo_routing: routing })
    for (const [ordinal, other] of connected.entries()) {
      yield rowOf('prep_station_connected_prep_station', {
        restaurant_id,
        prep_station_id: id,
        ordinal,
        connected_prep_station_id: stationId(other),
      })
    }
  }
}
