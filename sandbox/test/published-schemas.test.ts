import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Body, connected } from './client.ts'

// A folder with the published descriptions of Toast's API; they are not ours to keep here.
const folder = process.env.REGULARS_PUBLISHED_TOAST

const month = 'startDate=2026-03-01T00:00:00.000Z&endDate=2026-03-20T00:00:00.000Z'
const day = 'businessDate=20260318'
const own = (api: string) => `toast-tab/openapi/_original/toast-tab-${api}-openapi.yml`
const config = 'toast-docs/openapi/toast-config-api.yaml'

const shapes = [
  [own('orders'), 'Order', `/orders/v2/ordersBulk?${month}`],
  [own('labor'), 'Employee', '/labor/v1/employees'],
  [own('labor'), 'Job', '/labor/v1/jobs'],
  [own('labor'), 'Shift', `/labor/v1/shifts?${month}`],
  [own('labor'), 'TimeEntry', `/labor/v1/timeEntries?${month}&includeMissedBreaks=true`],
  [own('partners'), 'PartnerAccessExternalRep', '/partners/v1/restaurants'],
  [own('partners'), 'PaginatedResponse', '/partners/v1/connectedRestaurants'],
  [own('restaurants'), 'RestaurantInfo', '/restaurants/v1/restaurants/{restaurant}'],
  [own('menus'), 'Restaurant', '/menus/v2/menus'],
  [own('menus'), 'Metadata', '/menus/v2/metadata'],
  [own('stock'), 'MenuItemInventory', '/stock/v1/inventory'],
  ['toast-docs/openapi/toast-cashmgmt-api.yaml', 'CashEntry', `/cashmgmt/v1/entries?${day}`],
  ['toast-docs/openapi/toast-cashmgmt-api.yaml', 'Deposit', `/cashmgmt/v1/deposits?${day}`],
  [
    'toast-docs/openapi/toast-kitchen-api-docs.yaml',
    'PrepStation',
    '/kitchen/v1/published/prepStations',
  ],
  [config, 'AlternatePaymentType', '/config/v2/alternatePaymentTypes'],
  [config, 'BreakType', '/config/v2/breakTypes'],
  [config, 'CashDrawer', '/config/v2/cashDrawers'],
  [config, 'DiningOption', '/config/v2/diningOptions'],
  [config, 'Discount', '/config/v2/discounts'],
  [config, 'Menu', '/config/v2/menus'],
  [config, 'MenuGroup', '/config/v2/menuGroups'],
  [config, 'MenuItem', '/config/v2/menuItems'],
  [config, 'MenuOptionGroup', '/config/v2/menuOptionGroups'],
  [config, 'NoSaleReason', '/config/v2/noSaleReasons'],
  [config, 'PayoutReason', '/config/v2/payoutReasons'],
  [config, 'PreModifierGroup', '/config/v2/preModifierGroups'],
  [config, 'PreModifier', '/config/v2/preModifiers'],
  [config, 'PriceGroup', '/config/v2/priceGroups'],
  [config, 'Printer', '/config/v2/printers'],
  [config, 'RestaurantService', '/config/v2/restaurantServices'],
  [config, 'RevenueCenter', '/config/v2/revenueCenters'],
  [config, 'SalesCategory', '/config/v2/salesCategories'],
  [config, 'ServiceArea', '/config/v2/serviceAreas'],
  [config, 'ServiceCharge', '/config/v2/serviceCharges'],
  [config, 'Table', '/config/v2/tables'],
  [config, 'TaxRate', '/config/v2/taxRates'],
  [config, 'TipWithholding', '/config/v2/tipWithholding'],
  [config, 'VoidReason', '/config/v2/voidReasons'],
] as const

/** Members seen in Toast's replies that its descriptions leave out. */
const unpublished = new Set(['destination', 'isProcessedOffline'])

/** Its description lists one of the two values that its own text names. */
const misread = '/printingMode'

/** Any member may be null, whatever the descriptions say. */
function withoutNulls(value: Body): Body {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}

/** Requirements are those of requests: replies leave most of them out. */
function withoutRequirements(value: Body): Body {
  if (Array.isArray(value)) return value.map(withoutRequirements)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(
    ([name, member]) => !(name === 'required' && Array.isArray(member)),
  )
  return Object.fromEntries(members.map(([name, member]) => [name, withoutRequirements(member)]))
}

/** Paths of members that the description of an object does not have. */
function unknownMembers(document: Body, schema: Body, value: Body, at = ''): string[] {
  const known = resolved(document, schema)
  if (Array.isArray(value)) {
    return value.flatMap((each) => unknownMembers(document, known.items ?? {}, each, `${at}[]`))
  }
  if (typeof value !== 'object' || value === null || known.properties === undefined) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const described = known.properties[name]
    if (described !== undefined) return unknownMembers(document, described, member, `${at}.${name}`)
    // Numbers are keys of a map: what one holds is described by an example alone.
    return unpublished.has(name) || /^\d+$/.test(name) ? [] : [`${at}.${name}`]
  })
}

/** A schema with its reference followed and its parts put together. */
function resolved(document: Body, schema: Body): Body {
  if (schema.$ref !== undefined) {
    const steps: string[] = schema.$ref.replace('#/', '').split('/')
    return resolved(
      document,
      steps.reduce((within, step) => within[step], document),
    )
  }
  const parts: Body[] = (schema.allOf ?? []).map((part: Body) => resolved(document, part))
  const properties = [schema, ...parts].flatMap((part) => Object.entries(part.properties ?? {}))
  return properties.length === 0 ? schema : { properties: Object.fromEntries(properties) }
}

describe.runIf(folder !== undefined && existsSync(folder))(
  'what is sent is as published',
  async () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
    const { get, restaurants } = await connected({ ordersPerDay: 40, days: 20 })
    for (const [file, name, asked] of shapes) {
      test(`${asked.split('?')[0]} sends ${name}`, async () => {
        const document = parse(readFileSync(path.join(folder ?? '', file), 'utf8'))
        const pointer = document.definitions ? '#/definitions/' : '#/components/schemas/'
        const schema = { ...withoutRequirements(document), $ref: `${pointer}${name}` }
        const validate = ajv.compile(schema)
        const { body } = await get(asked.replace('{restaurant}', restaurants[0] ?? ''), 0)
        const faults = new Set<string>()
        for (const thing of withoutNulls(Array.isArray(body) ? body : [body])) {
          for (const member of unknownMembers(document, { $ref: schema.$ref }, thing)) {
            faults.add(`${member} is not published`)
          }
          if (validate(thing)) continue
          for (const { instancePath, message, params } of validate.errors ?? []) {
            if (instancePath === misread) continue
            faults.add(`${instancePath.replace(/\d+/g, '#')} ${message} ${JSON.stringify(params)}`)
          }
        }
        expect([...faults]).toEqual([])
      })
    }
  },
)
