import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'

/** A destination under test: what to name to `openDestination`, and a way to look into it. */
export type Warehouse = {
  kind: 'duckdb' | 'postgres'
  target: string
  /** Rows of a query, every value as text in one form whatever the database. */
  read(sql: string): Promise<Record<string, string | null>[]>
}

export function duckdbFile(): Warehouse {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-warehouse-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const target = join(folder, 'warehouse.duckdb')
  return { kind: 'duckdb', target, read: (sql) => readDuckdb(target, sql) }
}

async function readDuckdb(file: string, sql: string): Promise<Record<string, string | null>[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    await connection.run(`set TimeZone = 'UTC'`)
    const reader = await connection.runAndReadAll(sql)
    return reader.getRowObjectsJson().map((row) => plainRow(row))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

let databases = 0

/** A fresh database in the test run's own Postgres. */
export async function postgresDatabase(): Promise<Warehouse> {
  const { url } = inject('postgresForTests')
  databases += 1
  const name = `warehouse_${process.pid}_${databases}`
  await onPostgres(url, (client) => client.query(`create database ${name}`))
  onTestFinished(() =>
    onPostgres(url, async (client) => {
      await client.query(`drop database ${name} with (force)`)
    }),
  )
  const own = new URL(url)
  own.pathname = `/${name}`
  const target = own.href
  return {
    kind: 'postgres',
    target,
    read: (sql) =>
      onPostgres(target, async (client) => {
        await client.query(`set timezone = 'UTC'`)
        const { rows } = await client.query({ text: sql, types: { getTypeParser: () => String } })
        return rows.map((row) => plainRow(row))
      }),
  }
}

async function onPostgres<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function plainRow(row: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))
}

const instantText = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d(:?\d\d)?|Z)$/
const decimalText = /^-?\d+\.\d+$/

/** Instants to milliseconds in UTC, decimals without zeros at their end, flags as true and false. */
export function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (instantText.test(text)) return new Date(text.replace(/([+-]\d\d)$/, '$1:00')).toISOString()
  if (decimalText.test(text)) return text.replace(/\.?0+$/, '')
  if (text === 't') return 'true'
  return text === 'f' ? 'false' : text
}
