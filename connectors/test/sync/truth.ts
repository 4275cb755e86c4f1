import type { StandIn } from '@regulars/sandbox'
import { toastTables } from '../../src/toast/records.ts'
import { salesByDay } from '../../src/toast/sales-by-day.ts'
import { plain, type Warehouse } from './warehouse.ts'

/** One table's difference from the truth, few examples of each kind. */
export type Difference = {
  table: string
  missing: string[]
  surplus: string[]
  different: string[]
}

/** What of a warehouse is compared; all of it without. */
export type Only = {
  tables?: ReadonlySet<string>
  /** Of the tables below the restaurant. */
  restaurants?: readonly string[]
}

const examplesMax = 3

/**
 * Where a warehouse differs from what is so in the stand-in's world: rows it lacks, rows it shows
 * as there that are not, and values that differ. Every column the truth speaks of is compared.
 */
export async function differences(
  warehouse: Warehouse,
  standIn: StandIn,
  only: Only = {},
): Promise<Difference[]> {
  const expected = new Map<string, Record<string, string | null>[]>()
  for await (const { table, row } of standIn.truth()) {
    if (!isAsked(only, table, row)) continue
    const rows = expected.get(table) ?? []
    rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
    expected.set(table, rows)
  }
  const found: Difference[] = []
  // What left keeps its rows and is no longer spoken of; its restaurant is marked.
  const connected = (expected.get('restaurant') ?? []).map(({ id }) => `${id}`)
  const asked = (only.restaurants ?? connected).map((id) => `'${id}'`).join(', ')
  for (const [table, rows] of expected) {
    const among = table === 'restaurant' ? 'true' : `restaurant_id in (${asked})`
    const difference = await compare(warehouse, { table, among }, rows)
    if (difference !== null) found.push(difference)
  }
  return found
}

function isAsked({ tables, restaurants }: Only, table: string, row: object): boolean {
  if (table === 'restaurant') return true
  if (tables !== undefined && !tables.has(table)) return false
  return restaurants === undefined || restaurants.includes(Object(row).restaurant_id)
}

/** Net sales in the warehouse by the guide's query, and in the world, where they differ. */
export async function salesDifferences(warehouse: Warehouse, standIn: StandIn): Promise<string[]> {
  const sold = new Map(
    (await warehouse.read(salesByDay)).map(({ restaurant_id, business_day, net_sales }) => [
      `${restaurant_id} ${business_day}`,
      plain(net_sales),
    ]),
  )
  const wrong: string[] = []
  for await (const day of standIn.salesByDay()) {
    const date = String(day.business_date).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
    const key = `${day.restaurant_id} ${date}`
    const here = sold.get(key) ?? '0'
    const there = plain(day.net_sales) ?? '0'
    if (Number(here) !== Number(there)) wrong.push(`${key}: ${here}, not ${there}`)
  }
  return wrong
}

async function compare(
  warehouse: Warehouse,
  { table, among }: { table: string; among: string },
  expected: readonly Record<string, string | null>[],
): Promise<Difference | null> {
  const declared = toastTables.find(({ name }) => name === table)
  if (declared === undefined)
    throw new Error(`the truth speaks of ${table}, which no source declares`)
  const columns = [...new Set(expected.flatMap((row) => Object.keys(row)))]
  const listed = columns.map((column) => `"${column}"`).join(', ')
  // The truth tells of deleted orders, whose rows are marked.
  const live = table === 'orders' ? '(_deleted_at is null or deleted)' : '_deleted_at is null'
  const actual = await warehouse.read(`select ${listed} from "${table}" where ${among} and ${live}`)
  const keyOf = (row: Record<string, string | null>) =>
    declared.key.map((name) => row[name]).join('|')
  const byKey = new Map(actual.map((row) => [keyOf(row), row]))
  const difference: Difference = { table, missing: [], surplus: [], different: [] }
  for (const row of expected) {
    const key = keyOf(row)
    const stored = byKey.get(key)
    byKey.delete(key)
    if (stored === undefined) difference.missing.push(key)
    else difference.different.push(...unequal(key, { row, stored }))
  }
  difference.surplus.push(...byKey.keys())
  const isSame = Object.values(difference).every((part) => part === table || part.length === 0)
  if (isSame) return null
  return {
    table,
    missing: cut(difference.missing),
    surplus: cut(difference.surplus),
    different: cut(difference.different),
  }
}

function unequal(
  key: string,
  { row, stored }: { row: Record<string, string | null>; stored: Record<string, string | null> },
): string[] {
  return Object.entries(row).flatMap(([column, value]) => {
    const here = stored[column] ?? null
    const same = here === value || (here !== null && value !== null && sameNumber(here, value))
    return same ? [] : [`${key} ${column}: ${here}, not ${value}`]
  })
}

function sameNumber(one: string, other: string): boolean {
  return /^-?[\d.]+$/.test(one) && /^-?[\d.]+$/.test(other) && Number(one) === Number(other)
}

function cut(list: readonly string[]): string[] {
  const rest = list.length - examplesMax
  return rest > 0 ? [...list.slice(0, examplesMax), `and ${rest} more`] : [...list]
}
