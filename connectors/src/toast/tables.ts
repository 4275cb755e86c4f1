import { type RecordShape, shapesOf, tablesOf } from '../mapping/shape.ts'
import type { Table } from '../table.ts'
import { cashDeposit, cashEntry } from './tables/cash.ts'
import { configShapes } from './tables/config.ts'
import { prepStation } from './tables/kitchen.ts'
import { employee, job, shift, timeEntry } from './tables/labor.ts'
import { orders } from './tables/orders.ts'
import { publishedMenus } from './tables/published-menus.ts'
import { restaurant, restaurantDetails } from './tables/restaurant.ts'
import { stockLevel } from './tables/stock.ts'

/** Every kind of record that is read from Toast, by the name of its root table. */
export const recordShapes = {
  restaurant,
  restaurant_details: restaurantDetails,
  job,
  employee,
  shift,
  time_entry: timeEntry,
  cash_entry: cashEntry,
  cash_deposit: cashDeposit,
  ...configShapes,
  orders,
  published_menus: publishedMenus,
  stock_level: stockLevel,
  prep_station: prepStation,
} as const satisfies Record<string, RecordShape>

/** Every table, roots before their parts. */
export const toastTables: readonly Table[] = Object.values(recordShapes).flatMap(tablesOf)

/** The columns that hold a person's data, as `table.column`: names, phones, e-mails, addresses, wages. */
export const personalColumns: readonly string[] = [
  ...new Set(Object.values(recordShapes).flatMap(shapesOf).flatMap(personalIn)),
]

function personalIn({ table, columns }: RecordShape): string[] {
  const marked = Object.entries(columns).filter(([, { personal }]) => personal === true)
  return marked.map(([name]) => `${table}.${name}`)
}
