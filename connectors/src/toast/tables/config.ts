import { boolean, given, integer, json, money, number, text } from '../../mapping/columns.ts'
import type { Columns, Members, Part, RecordShape, Shape } from '../../mapping/shape.ts'
import {
  entity,
  externalEntity,
  guid,
  inReferences,
  inRestaurant,
  links,
  ordinal,
  reference,
} from './reference.ts'

/** Config v2. The menu's raw trees: what hangs from what is in link tables, beside the lists as JSON. */
export const configShapes = {
  alternate_payment_types: config('alternate_payment_types', 'alternatePaymentTypes', {
    ...externalEntity,
    ...text('name'),
  }),
  break_type: config('break_type', 'breakTypes', {
    ...entity,
    ...text('name'),
    ...boolean('active', 'paid'),
    ...integer('duration'),
    ...boolean('enforceMinimumTime', 'trackMissedBreaks'),
    ...integer('breakIntervalHrs', 'breakIntervalMins'),
    ...boolean('trackBreakAcknowledgement'),
  }),
  cash_drawer: config('cash_drawer', 'cashDrawers', {
    ...entity,
    ...text('name'),
    ...reference('printer'),
  }),
  dining_option: config('dining_option', 'diningOptions', {
    ...externalEntity,
    ...text('name', 'behavior'),
    ...boolean('curbside'),
  }),
  discounts: config(
    'discounts',
    'discounts',
    {
      ...entity,
      ...text('name'),
      ...boolean('active', 'nonExclusive'),
      ...money('amount'),
      ...number('percentage'),
      ...money('fixedTotal'),
      ...text('type', 'selectionType', 'itemPickingPriority'),
    },
    [{ from: 'promoCodes', as: 'list', shape: () => promoCode }],
  ),
  menu: config(
    'menu',
    'menus',
    {
      ...externalEntity,
      ...text('name'),
      ...json('groups', 'images'),
      ...text('orderableOnline', 'visibility', 'unitOfMeasure'),
    },
    [links('menu', { table: 'menu_menu_group', from: 'groups', other: 'menu_group_id' })],
  ),
  menu_group: config(
    'menu_group',
    'menuGroups',
    {
      ...externalEntity,
      ...text('name'),
      menu_id: { type: 'text', from: 'menu.guid', isReference: true },
      ...json('parent'),
      parent_id: { type: 'text', from: 'parent.guid', isReference: true },
      ...json('items', 'subgroups', 'optionGroups', 'images'),
      ...text('orderableOnline', 'visibility', 'unitOfMeasure'),
      ...boolean('inheritOptionGroups', 'inheritUnitOfMeasure'),
    },
    [
      links('menu_group', { table: 'menu_group_item', from: 'items', other: 'menu_item_id' }),
      links('menu_group', {
        table: 'menu_group_subgroup',
        from: 'subgroups',
        other: 'subgroup_id',
      }),
      links('menu_group', {
        table: 'menu_group_option_group',
        from: 'optionGroups',
        other: 'menu_option_group_id',
      }),
    ],
  ),
  menu_item: config(
    'menu_item',
    'menuItems',
    {
      ...externalEntity,
      ...text('name', 'sku', 'plu'),
      ...integer('calories'),
      ...text('type'),
      ...json('optionGroups', 'images'),
      ...text('orderableOnline', 'visibility', 'unitOfMeasure'),
      ...boolean('inheritOptionGroups', 'inheritUnitOfMeasure'),
    },
    [
      links('menu_item', {
        table: 'menu_item_option_group',
        from: 'optionGroups',
        other: 'menu_option_group_id',
      }),
    ],
  ),
  menu_option_group: {
    ...config(
      'menu_option_group',
      'menuOptionGroups',
      {
        ...externalEntity,
        ...text('name'),
        ...json('options'),
        ...integer('minSelections', 'maxSelections'),
      },
      [
        links('menu_option_group', {
          table: 'menu_option_group_item',
          from: 'options',
          other: 'menu_item_id',
        }),
      ],
    ),
    prepare: withOptions,
  },
  no_sale_reason: named('no_sale_reason', 'noSaleReasons'),
  payout_reason: named('payout_reason', 'payoutReasons'),
  pre_modifier_group: config('pre_modifier_group', 'preModifierGroups', {
    ...entity,
    ...text('name'),
    ...boolean('isDefault'),
  }),
  pre_modifier: config('pre_modifier', 'preModifiers', {
    ...entity,
    ...text('name'),
    ...boolean('scalePrice'),
    ...money('basePrice'),
    ...number('scaleFactor'),
    ...text('displayMode'),
    ...reference('parent'),
    ...boolean('chargeAsExtra'),
  }),
  price_group: named('price_group', 'priceGroups'),
  printer: named('printer', 'printers'),
  restaurant_service: named('restaurant_service', 'restaurantServices'),
  revenue_center: config('revenue_center', 'revenueCenters', {
    ...entity,
    ...text('name', 'description'),
  }),
  sale_category: named('sale_category', 'salesCategories'),
  service_area: config('service_area', 'serviceAreas', {
    ...entity,
    ...text('name'),
    ...guid('revenueCenter'),
  }),
  service_charge: config(
    'service_charge',
    'serviceCharges',
    {
      ...externalEntity,
      ...text('name', 'amountType'),
      ...money('amount'),
      ...number('percent'),
      ...money('criteria.minCheckAmount', 'criteria.maxCheckAmount'),
      ...number('criteria.minDeliveryDistance'),
      ...boolean('criteria.delivery', 'criteria.takeout', 'criteria.dineIn'),
      ...boolean('gratuity', 'taxable'),
      ...json('applicableTaxes'),
      ...text('serviceChargeCalculation', 'destination'),
      ...boolean('taxInclusive', 'taxProrated'),
    },
    [chargeTaxRates()],
  ),
  tables: config('tables', 'tables', {
    ...entity,
    ...text('name'),
    ...guid('serviceArea', 'revenueCenter'),
  }),
  tax_rate: config(
    'tax_rate',
    'taxRates',
    {
      ...entity,
      ...text('name'),
      ...boolean('isDefault'),
      ...number('rate'),
      ...text('type', 'roundingType'),
    },
    [
      { from: 'taxTable', as: 'list', shape: () => taxTableRow },
      { from: 'conditionalTaxRates', as: 'list', shape: () => taxCondition },
    ],
  ),
  /** One object per restaurant, which is its id here; the object's own guid is beside it. */
  tip_withholding: config('tip_withholding', 'tipWithholding', {
    ...given('id', 'text', { given: 'location' }),
    guid: { type: 'text', from: 'guid' },
    ...text('entityType'),
    ...boolean('enabled'),
    ...number('percentage'),
  }),
  void_reason: named('void_reason', 'voidReasons'),
} as const satisfies Record<string, RecordShape>

function config(
  table: string,
  resource: string,
  columns: Columns,
  parts: readonly Part[] = [],
): RecordShape {
  return {
    table,
    source: `config/v2/${resource}`,
    key: ['restaurant_id', 'id'],
    identity: 'required',
    columns: { ...inRestaurant, ...columns },
    parts,
    ...inReferences,
  }
}

/** Entities that are no more than a name. */
function named(table: string, resource: string): RecordShape {
  return config(table, resource, { ...entity, ...text('name') })
}

/** The description calls the list `options`, the guide `items`. */
function withOptions(payload: Members): Members {
  const { items, ...others } = payload
  const isOfGuide = items !== undefined && payload.options === undefined
  return isOfGuide ? { ...others, options: items } : payload
}

/** Whole tax rates are sent where the id would do: they stand in tax_rate, and as JSON in the charge. */
function chargeTaxRates(): Part {
  const from = 'applicableTaxes'
  const part = links('service_charge', {
    table: 'service_charge_tax_rate',
    from,
    other: 'tax_rate_id',
  })
  const taxRate = ['name', 'isDefault', 'rate', 'type', 'roundingType']
  const lists = ['taxTable', 'conditionalTaxRates']
  const shape: Shape = {
    ...part.shape(),
    dropped: [...inReferences.dropped, ...taxRate, ...lists],
  }
  return { from, as: 'list', shape: () => shape }
}

const promoCode: Shape = {
  table: 'discounts_promo_code',
  source: 'promoCodes[]',
  key: ['restaurant_id', 'discounts_id', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('discounts_id', 'text', { given: 'parentId' }),
    ...ordinal,
    ...entity,
    ...text('code', 'name', 'usageType'),
  },
  ...inReferences,
}

const ofTaxRate: Columns = {
  ...inRestaurant,
  ...given('tax_rate_id', 'text', { given: 'parentId' }),
  ...ordinal,
}

const taxTableRow: Shape = {
  table: 'tax_rate_table_row',
  source: 'taxTable[]',
  key: ['restaurant_id', 'tax_rate_id', 'ordinal'],
  identity: 'none',
  columns: { ...ofTaxRate, ...money('start', 'end'), ...number('tax'), ...boolean('pattern') },
}

const taxCondition: Shape = {
  table: 'tax_rate_condition',
  source: 'conditionalTaxRates[]',
  key: ['restaurant_id', 'tax_rate_id', 'ordinal'],
  identity: 'none',
  columns: { ...ofTaxRate, ...text('condition'), ...number('rate') },
}
