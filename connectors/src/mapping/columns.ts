import type { ColumnType } from '../table.ts'
import type { Column, Columns, Given } from './shape.ts'

// Words to declare columns with. A column without a name of its own is named after its path.

export const text = (...paths: string[]) => columnsOf('text', paths)
export const boolean = (...paths: string[]) => columnsOf('boolean', paths)
export const integer = (...paths: string[]) => columnsOf('integer', paths)
export const money = (...paths: string[]) => columnsOf('money', paths)
export const number = (...paths: string[]) => columnsOf('number', paths)
export const double = (...paths: string[]) => columnsOf('double', paths)
export const timestamp = (...paths: string[]) => columnsOf('timestamp', paths)
export const json = (...paths: string[]) => columnsOf('json', paths)

/** `business_date`, the whole number yyyymmdd that was sent, and `business_day`, the same as a date. */
export function businessDate(...paths: string[]): Columns {
  return Object.assign({}, ...paths.map((path) => businessDateNamed(columnName(path), path)))
}

/** The two columns of a business date under another name, which ends in `_date`. */
export function businessDateNamed(name: string, from: string): Columns {
  return { [name]: { type: 'integer', from }, [dayName(name)]: { type: 'date', from } }
}

/** The two columns of the business date the record was asked for under. */
export function businessDateAsked(): Columns {
  const otherwise: Given = { given: 'businessDate' }
  return {
    business_date: { type: 'integer', otherwise },
    business_day: { type: 'date', otherwise },
  }
}

/** Columns that hold a person's data. */
export function personal(columns: Columns): Columns {
  const marked = Object.entries(columns).map(([name, column]) => [
    name,
    { ...column, personal: true },
  ])
  return Object.fromEntries(marked)
}

/** One column under a name of its own. */
export function as(name: string, type: ColumnType, from: string): Columns {
  return { [name]: { type, from } }
}

/** One column that is not read from the object. */
export function given(name: string, type: ColumnType, otherwise: Given): Columns {
  return { [name]: { type, otherwise } }
}

/** One column with the guid of a reference, which may also be given as the guid alone. */
export function guidNamed(name: string, path: string): Columns {
  const column: Column = { type: 'text', from: `${path}.guid`, isReference: true }
  return { [name]: column }
}

/** `lastModifiedDevice.id` to `last_modified_device_id`; a last member `guid` is called `id`. */
export function columnName(path: string): string {
  return path
    .replace(/(^|\.)guid$/, '$1id')
    .replaceAll('.', '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([a-zA-Z])(\d)/g, '$1_$2')
    .replace(/(\d)([a-zA-Z])/g, '$1_$2')
    .toLowerCase()
}

function columnsOf(type: ColumnType, paths: readonly string[]): Columns {
  return Object.fromEntries(paths.map((from) => [columnName(from), { type, from }]))
}

function dayName(name: string): string {
  return name.replace(/_date$/, '_day')
}
