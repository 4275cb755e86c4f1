import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Shape } from '../src/mapping/shape.ts'
import { recordShapes } from '../src/toast/tables.ts'

// The published descriptions are not ours to keep. Who has them names their folder in
// REGULARS_PUBLISHED_TOAST: JSON schemas in toast/json-schema, OpenAPI in toast-docs/openapi.

const published = process.env.REGULARS_PUBLISHED_TOAST ?? ''

type Definition = {
  title?: string
  properties?: Record<string, Definition>
  allOf?: Definition[]
  items?: Definition
  $ref?: string
}
type Definitions = Record<string, Definition>

const inJson = {
  orders: { orders: 'Order' },
  labor: { job: 'Job', employee: 'Employee', shift: 'Shift', time_entry: 'TimeEntry' },
  partners: { restaurant: 'PartnerAccessExternalRep' },
  restaurants: { restaurant_details: 'RestaurantInfo' },
  stock: { stock_level: 'MenuItemInventory' },
} as const

const inYaml = {
  'toast-cashmgmt-api.yaml': { cash_entry: 'CashEntry', cash_deposit: 'Deposit' },
  'toast-kitchen-api-docs.yaml': { prep_station: 'PrepStation' },
  'toast-config-api.yaml': {
    alternate_payment_types: 'AlternatePaymentType',
    break_type: 'BreakType',
    cash_drawer: 'CashDrawer',
    dining_option: 'DiningOption',
    discounts: 'Discount',
    menu: 'Menu',
    menu_group: 'MenuGroup',
    menu_item: 'MenuItem',
    menu_option_group: 'MenuOptionGroup',
    no_sale_reason: 'NoSaleReason',
    payout_reason: 'PayoutReason',
    pre_modifier: 'PreModifier',
    pre_modifier_group: 'PreModifierGroup',
    price_group: 'PriceGroup',
    printer: 'Printer',
    restaurant_service: 'RestaurantService',
    revenue_center: 'RevenueCenter',
    sale_category: 'SalesCategory',
    service_area: 'ServiceArea',
    service_charge: 'ServiceCharge',
    tables: 'Table',
    tax_rate: 'TaxRate',
    tip_withholding: 'TipWithholding',
    void_reason: 'VoidReason',
  },
} as const

describe.skipIf(published === '')(
  'every published member has a column, a table or a reason',
  () => {
    for (const [prefix, records] of Object.entries(inJson)) {
      check(records, () => definitionsInJson(prefix))
    }
    for (const [file, records] of Object.entries(inYaml)) {
      check(records, () => definitionsInYaml(file))
    }
  },
)

function check(records: Readonly<Record<string, string>>, read: () => Definitions): void {
  for (const [record, name] of Object.entries(records)) {
    test(`of ${name}`, () => {
      const definitions = read()
      const definition = definitions[name]
      if (definition === undefined) throw new Error(`${name} is not published there`)
      expect(Object.keys(membersOf(definition, definitions))).not.toEqual([])
      expect(
        undeclared(recordShapes[record as keyof typeof recordShapes], definition, definitions),
      ).toEqual([])
    })
  }
}

/** Members, as paths, that the shape or one below it would call unknown. */
function undeclared(root: Shape, whole: Definition, definitions: Definitions): string[] {
  const found: string[] = []
  const visited = new Set([root])
  const visit = (shape: Shape, definition: Definition, prefix: string): void => {
    const { dropped = [], quiet = [], parts = [] } = shape
    const columns = Object.values(shape.columns).flatMap(({ from }) => from ?? [])
    const read = parts.flatMap((part) => ('from' in part ? [part] : []))
    const paths = [...columns, ...read.map(({ from }) => from)]
    for (const [member, below] of Object.entries(membersOf(definition, definitions))) {
      const path = prefix + member
      const isNested = paths.some((one) => one.startsWith(`${path}.`))
      const isKnown = [...dropped, ...quiet].includes(member) || paths.includes(path) || isNested
      if (!isKnown) found.push(`${shape.table}: ${path}`)
      if (isNested) visit(shape, below, `${path}.`)
      for (const { as, shape: next } of read.filter(({ from }) => from === path)) {
        if (as === 'values' || visited.has(next())) continue
        visited.add(next())
        visit(next(), as === 'list' ? (resolved(below, definitions).items ?? {}) : below, '')
      }
    }
  }
  visit(root, whole, '')
  return found
}

function resolved(definition: Definition, definitions: Definitions): Definition {
  const name = definition.$ref?.split('/').at(-1)
  return name === undefined ? definition : (definitions[name] ?? {})
}

function membersOf(definition: Definition, definitions: Definitions): Definitions {
  const whole = resolved(definition, definitions)
  const inherited = (whole.allOf ?? []).map((one) => membersOf(one, definitions))
  return Object.assign({}, ...inherited, whole.properties)
}

function definitionsInJson(prefix: string): Definitions {
  const folder = join(published, 'toast/json-schema')
  const files = readdirSync(folder).filter((file) => file.startsWith(`${prefix}-`))
  const schemas = files.map(
    (file): Definition => JSON.parse(readFileSync(join(folder, file), 'utf8')),
  )
  return Object.fromEntries(schemas.map((schema) => [schema.title ?? '', schema]))
}

/** Enough of YAML for the keys of an OpenAPI file: what is indented below what. */
function definitionsInYaml(file: string): Definitions {
  const top: Record<string, unknown> = {}
  const open = [{ indent: -1, members: top }]
  for (const line of readFileSync(join(published, 'toast-docs/openapi', file), 'utf8').split(
    '\n',
  )) {
    const match = /^( *)(- )?([$\w]+):(?: +(.*))?$/.exec(line)
    if (match === null) continue
    const [, spaces = '', dash = '', name = '', value = ''] = match
    const indent = spaces.length + dash.length
    while ((open.at(-1)?.indent ?? -1) >= (dash === '' ? indent : spaces.length + 1)) open.pop()
    const members: Record<string, unknown> = {}
    const owner = open.at(-1)?.members ?? top
    const place = dash === '' ? owner : { [name]: null }
    if (dash !== '') {
      owner['-'] = [...((owner['-'] as unknown[] | undefined) ?? []), place]
      open.push({ indent: spaces.length + 1, members: place })
    }
    place[name] = value === '' ? members : value.replaceAll(/^['"]|['"]$/g, '')
    if (value === '') open.push({ indent, members })
  }
  return definitionsOf(top)
}

function definitionsOf(document: Record<string, unknown>): Definitions {
  const components = document.components as { schemas?: Record<string, unknown> } | undefined
  return withLists(components?.schemas ?? {}) as Definitions
}

/** `allOf: {'-': […]}`, as it was read, to `allOf: […]`. */
function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('-' in value) return (value['-'] as unknown[]).map(withLists)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withLists(one)]))
}
