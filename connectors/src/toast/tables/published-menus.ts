import {
  as,
  boolean,
  double,
  given,
  guidNamed,
  integer,
  json,
  money,
  number,
  text,
  timestamp,
} from '../../mapping/columns.ts'
import type { Columns, Part, RecordShape, Shape } from '../../mapping/shape.ts'
import { inRestaurant, ordinal } from './reference.ts'
import { withIdsForReferences } from './resolve-menu-references.ts'

// Menus v2: one document per restaurant. A menu, a group and an item have a row for each path that
// leads to them; `path` is the guids from the menu down. Groups of modifiers and their options stand
// in the document once and are pointed to by numbers that are good only there: here they are ids.

const path = given('path', 'text', { given: 'path' })
const parentPath = given('parent_path', 'text', { given: 'parentPath' })

const identityColumns: Columns = {
  ...text('guid', 'multiLocationId', 'masterId', 'name'),
}

/** What is told apart by its place, or by an id of ours, has its guid beside that. */
const ownGuid: Columns = { guid: { type: 'text', from: 'guid' } }

const looks = text('posName', 'posButtonColorLight', 'posButtonColorDark')

/** What items and modifier options, which are items too, have in common. */
const itemColumns: Columns = {
  ...text('kitchenName', 'description'),
  ...looks,
  ...text('image'),
  ...json('images', 'visibility'),
  ...money('price'),
  ...text('pricingStrategy'),
  ...text('pricingRules.sizeSpecificPricingGuid'),
  ...guidNamed('sales_category_id', 'salesCategory'),
  ...text('salesCategory.name'),
  ...json('taxInfo'),
  ...text('plu', 'sku'),
  ...integer('calories'),
  ...as('contains_alcohol', 'text', 'contentAdvisories.alcohol.containsAlcohol'),
  ...json('allergens'),
  ...text('unitOfMeasure'),
  ...integer('prepTime'),
  ...json('prepStations'),
  ...as('modifier_group_ids', 'json', 'modifierGroupReferences'),
  ...double('length', 'height', 'width'),
  ...text('dimensionUnitOfMeasure'),
  ...double('weight'),
  ...text('weightUnitOfMeasure'),
  ...number('guestCount'),
  ...integer('sortOrder'),
}

/** A group of modifiers that is offered, from a list of ids. */
const offeredGroup = as('published_modifier_group_id', 'text', 'value')

/** Which table's row a tag, a portion or a price rule is of, and that row's path or id. */
function ofOwner(owner: string): Columns {
  return {
    ...inRestaurant,
    ...given('owner', 'text', { constant: owner }),
    ...given('owner_path', 'text', { given: 'parentPath' }),
    ...ordinal,
  }
}

const ownerKey = ['restaurant_id', 'owner', 'owner_path', 'ordinal'] as const

function itemTags(owner: string): Part {
  const shape: Shape = {
    table: 'published_item_tag',
    source: 'itemTags[] of groups, items and modifier options',
    key: ownerKey,
    identity: 'none',
    columns: { ...ofOwner(owner), ...ownGuid, ...text('name') },
  }
  return { from: 'itemTags', as: 'list', shape: () => shape }
}

function portions(owner: string): Part {
  const modifierGroup: Shape = {
    table: 'published_item_portion_modifier_group',
    source: 'modifierGroupReferences[] of portions',
    key: ['restaurant_id', 'owner', 'owner_path', 'portion_ordinal', 'ordinal'],
    identity: 'none',
    columns: {
      ...ofOwner(owner),
      ...given('portion_ordinal', 'integer', { given: 'parentOrdinal' }),
      ...offeredGroup,
    },
  }
  const shape: Shape = {
    table: 'published_item_portion',
    source: 'portions[] of items and modifier options',
    key: ownerKey,
    identity: 'none',
    columns: {
      ...ofOwner(owner),
      ...ownGuid,
      ...text('name'),
      ...number('priceScaleFactor'),
      ...as('modifier_group_ids', 'json', 'modifierGroupReferences'),
    },
    parts: [{ from: 'modifierGroupReferences', as: 'values', shape: () => modifierGroup }],
  }
  return { from: 'portions', as: 'list', shape: () => shape }
}

/** Prices by time of day, and prices by size and by how many were chosen before. */
function priceRules(owner: string): Part[] {
  return priceRuleKinds.map(([kind, member]) => {
    const shape: Shape = {
      table: 'published_price_rule',
      source: 'pricingRules of items, modifier groups and options',
      key: ['restaurant_id', 'owner', 'owner_path', 'kind', 'ordinal'],
      identity: 'none',
      columns: {
        ...ofOwner(owner),
        ...given('kind', 'text', { constant: kind }),
        ...money('timeSpecificPrice', 'basePrice'),
        ...json('schedule'),
        ...text('sizeName', 'sizeGuid'),
        ...json('sequencePrices'),
      },
    }
    return { from: `pricingRules.${member}`, as: 'list', shape: () => shape }
  })
}

const priceRuleKinds = [
  ['time', 'timeSpecificPricingRules'],
  ['size_sequence', 'sizeSequencePricingRules'],
] as const

/** Which groups of modifiers an item offers, in their order. */
const itemModifierGroup: Shape = {
  table: 'published_menu_item_modifier_group',
  source: 'modifierGroupReferences[] of items',
  key: ['restaurant_id', 'path', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('path', 'text', { given: 'parentPath' }),
    ...ordinal,
    ...offeredGroup,
  },
}

/** The same of an option: its modifiers are modifiers of a modifier. */
const optionModifierGroup: Shape = {
  table: 'published_modifier_option_modifier_group',
  source: 'modifierGroupReferences[] of modifier options',
  key: ['restaurant_id', 'published_modifier_option_id', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('published_modifier_option_id', 'text', { given: 'parentId' }),
    ...ordinal,
    ...offeredGroup,
  },
}

const menuItem: Shape = {
  table: 'published_menu_item',
  source: 'menuItems[] of groups',
  key: ['restaurant_id', 'id', 'path'],
  identity: 'path',
  columns: {
    ...inRestaurant,
    ...identityColumns,
    ...path,
    ...given('published_menu_id', 'text', { idOf: 'published_menu' }),
    ...given('published_menu_group_id', 'text', { idOf: 'published_menu_group' }),
    ...parentPath,
    ...ordinal,
    ...itemColumns,
    ...boolean('isDeferred', 'isDiscountable', 'isComboParent'),
    ...text('taxInclusion'),
    ...json('eligiblePaymentAssistancePrograms', 'catalogProductInfo'),
  },
  parts: [
    { from: 'modifierGroupReferences', as: 'values', shape: () => itemModifierGroup },
    itemTags('published_menu_item'),
    portions('published_menu_item'),
    ...priceRules('published_menu_item'),
  ],
}

const menuGroup: Shape = {
  table: 'published_menu_group',
  source: 'menuGroups[] of menus and of groups',
  key: ['restaurant_id', 'id', 'path'],
  identity: 'path',
  columns: {
    ...inRestaurant,
    ...identityColumns,
    ...path,
    ...given('published_menu_id', 'text', { idOf: 'published_menu' }),
    ...given('parent_group_id', 'text', { idOf: 'published_menu_group' }),
    ...parentPath,
    ...given('depth', 'integer', { given: 'depth' }),
    ...ordinal,
    ...text('description'),
    ...looks,
    ...text('image'),
    ...json('visibility'),
  },
  parts: [
    { from: 'menuGroups', as: 'list', shape: () => menuGroup },
    { from: 'menuItems', as: 'list', shape: () => menuItem },
    itemTags('published_menu_group'),
  ],
}

const menu: Shape = {
  table: 'published_menu',
  source: 'menus[]',
  key: ['restaurant_id', 'id'],
  identity: 'path',
  columns: {
    ...inRestaurant,
    ...identityColumns,
    ...ordinal,
    ...text('description'),
    ...looks,
    ...text('highResImage', 'image'),
    ...json('visibility'),
    ...boolean('availability.alwaysAvailable'),
    ...json('availability.schedule'),
  },
  parts: [{ from: 'menuGroups', as: 'list', shape: () => menuGroup }],
}

/** Which options a group of modifiers has, in their order. */
const groupOption: Shape = {
  table: 'published_modifier_group_option',
  source: 'modifierOptionReferences[] of modifier groups',
  key: ['restaurant_id', 'published_modifier_group_id', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('published_modifier_group_id', 'text', { given: 'parentId' }),
    ...ordinal,
    ...as('published_modifier_option_id', 'text', 'value'),
  },
}

/** Columns of what the document keeps by number: its id here, and its own guid. */
const keptOnce: Columns = {
  ...inRestaurant,
  id: { type: 'text', from: '#id' },
  ...ownGuid,
  ...text('multiLocationId', 'masterId', 'name'),
}

const modifierGroup: Shape = {
  table: 'published_modifier_group',
  source: 'modifierGroupReferences',
  key: ['restaurant_id', 'id'],
  identity: 'generated',
  columns: {
    ...keptOnce,
    ...looks,
    ...json('visibility'),
    ...text('pricingStrategy', 'pricingRules.sizeSpecificPricingGuid'),
    ...text('defaultOptionsChargePrice', 'defaultOptionsSubstitutionPricing'),
    ...integer('minSelections', 'maxSelections'),
    ...text('requiredMode'),
    ...boolean('isMultiSelect'),
    ...as('published_pre_modifier_group_id', 'text', 'preModifierGroupReference'),
  },
  parts: [
    { from: 'modifierOptionReferences', as: 'values', shape: () => groupOption },
    ...priceRules('published_modifier_group'),
  ],
  dropped: ['referenceId'],
}

const modifierOption: Shape = {
  table: 'published_modifier_option',
  source: 'modifierOptionReferences',
  key: ['restaurant_id', 'id'],
  identity: 'generated',
  columns: {
    ...keptOnce,
    ...itemColumns,
    ...boolean('isDefault', 'allowsDuplicates'),
    ...json('modifierOptionTaxInfo.taxRateGuids'),
    ...boolean('modifierOptionTaxInfo.overrideItemTaxRates'),
  },
  parts: [
    { from: 'modifierGroupReferences', as: 'values', shape: () => optionModifierGroup },
    itemTags('published_modifier_option'),
    portions('published_modifier_option'),
    ...priceRules('published_modifier_option'),
  ],
  dropped: ['referenceId'],
}

const preModifier: Shape = {
  table: 'published_pre_modifier',
  source: 'preModifiers[] of pre-modifier groups',
  key: ['restaurant_id', 'published_pre_modifier_group_id', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('published_pre_modifier_group_id', 'text', { given: 'parentId' }),
    ...ordinal,
    ...ownGuid,
    ...text('multiLocationId', 'masterId', 'name'),
    ...money('fixedPrice'),
    ...number('multiplicationFactor'),
    ...text('displayMode'),
    ...looks,
    ...boolean('chargeAsExtra'),
    ...text('plu'),
  },
}

const preModifierGroup: Shape = {
  table: 'published_pre_modifier_group',
  source: 'preModifierGroupReferences',
  key: ['restaurant_id', 'id'],
  identity: 'generated',
  columns: keptOnce,
  parts: [{ from: 'preModifiers', as: 'list', shape: () => preModifier }],
  dropped: ['referenceId'],
}

/** The document itself; its id is the restaurant's. */
export const publishedMenus: RecordShape = {
  table: 'published_menus',
  source: 'menus/v2/menus',
  key: ['restaurant_id', 'id'],
  identity: 'required',
  columns: {
    ...inRestaurant,
    ...given('id', 'text', { given: 'location' }),
    ...timestamp('lastUpdated'),
    ...text('restaurantTimeZone'),
  },
  parts: [
    { from: 'menus', as: 'list', shape: () => menu },
    { from: 'modifierGroupReferences', as: 'list', shape: () => modifierGroup },
    { from: 'modifierOptionReferences', as: 'list', shape: () => modifierOption },
    { from: 'preModifierGroupReferences', as: 'list', shape: () => preModifierGroup },
  ],
  dropped: ['restaurantGuid'],
  prepare: withIdsForReferences,
}
