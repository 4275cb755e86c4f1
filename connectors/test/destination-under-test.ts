import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { freshDatabase } from '../../server/test/fresh-database.ts'
import type { Destination } from '../src/destination.ts'
import { openDestination } from '../src/destinations/open-destination.ts'
import { type ColumnType, standardColumns, type Table } from '../src/table.ts'

/** A place that destinations are opened on, and what a test sees of it from outside. */
export type Place = {
  target: string
  open(source?: string, schema?: string): Promise<Destination>
  /** Runs sentences from outside; in DuckDB no destination may be open then. */
  query(sentences: readonly string[]): Promise<Record<string, unknown>[][]>
  remove(): Promise<void>
}

export type Stored = Record<string, unknown>

export const kinds = ['DuckDB', 'Postgres'] as const
export type Kind = (typeof kinds)[number]

export const makePlace: Record<Kind, () => Promise<Place>> = {
  DuckDB: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-destination-'))
    const target = join(folder, 'warehouse.duckdb')
    return {
      target,
      open: (source = 'toast', schema = 'main') => openDestination(target, { source, schema }),
      query: (sentences) => queryDuckdb(target, sentences),
      remove: async () => rmSync(folder, { recursive: true }),
    }
  },
  Postgres: async () => {
    const database = await freshDatabase()
    return {
      target: database.url,
      open: (source = 'toast', schema = 'main') =>
        openDestination(database.url, { source, schema }),
      query: (sentences) => queryPostgres(database.url, sentences),
      remove: database.drop,
    }
  },
}

async function queryDuckdb(
  target: string,
  sentences: readonly string[],
): Promise<Record<string, unknown>[][]> {
  const instance = await DuckDBInstance.create(target)
  const connection = await instance.connect()
  try {
    await connection.run(`set TimeZone = 'UTC'`)
    const results = []
    for (const sentence of sentences) {
      results.push((await connection.runAndReadAll(sentence)).getRowObjectsJS())
    }
    return results
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function queryPostgres(
  url: string,
  sentences: readonly string[],
): Promise<Record<string, unknown>[][]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`set timezone = 'UTC'`)
    const results = []
    for (const sentence of sentences) results.push((await client.query(sentence)).rows)
    return results
  } finally {
    await client.end()
  }
}

export const newSchema = (): string => `s_${randomUUID().replaceAll('-', '')}`

/** What is asked of one table: columns by type, in the order of some of them. */
export type Asked = {
  schema?: string
  name: string
  columns: Readonly<Record<string, ColumnType>>
  order: readonly string[]
}

/** All columns of a table but those that tell when it was written. */
export function wholeTable(table: Table, schema = 'main'): Asked {
  const { _synced_at, _fivetran_synced, ...standard } = standardColumns
  const columns = { ...table.columns, ...standard }
  return { schema, name: table.name, columns, order: table.key }
}

export async function storedRows(place: Place, table: Table, schema?: string): Promise<Stored[]> {
  return readRows(place, wholeTable(table, schema))
}

export async function readRows(place: Place, asked: Asked): Promise<Stored[]> {
  const [rows] = await readTables(place, [asked])
  return rows!
}

/** Rows with every value as it was given, so that both databases say the same. */
export async function readTables(place: Place, asked: readonly Asked[]): Promise<Stored[][]> {
  const results = await place.query(asked.map(selection))
  return results.map((rows, index) => rows.map((row) => asStored(asked[index]!, row)))
}

function selection({ schema = 'main', name, columns, order }: Asked): string {
  const texts = Object.entries(columns).map(([column, type], index) => {
    const micros = `cast(extract(epoch from ${quoted(column)}) * 1000000 as bigint)`
    return `cast(${type === 'timestamp' ? micros : quoted(column)} as text) as c${index}`
  })
  return `select ${texts.join(', ')} from ${quoted(schema)}.${quoted(name)}
           order by ${order.map(quoted).join(', ')}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function asStored({ columns }: Asked, row: Record<string, unknown>): Stored {
  return Object.fromEntries(
    Object.entries(columns).map(([name, type], index) => {
      const text = row[`c${index}`]
      return [name, text === null ? null : asGiven[type](String(text))]
    }),
  )
}

const same = (text: string) => text

const asGiven: Record<ColumnType, (text: string) => unknown> = {
  text: same,
  date: same,
  money: same,
  number: same,
  boolean: (text) => text === 'true',
  integer: Number,
  double: Number,
  timestamp: (micros) => new Date(Number(micros) / 1000).toISOString(),
  // Wrapped, so that the JSON null is not the null of SQL.
  json: (text) => ({ json: JSON.parse(text) }),
}
