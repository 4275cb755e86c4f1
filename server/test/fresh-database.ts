import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** A database of one test file's own; `drop` also ends connections that were left open. */
export type FreshDatabase = { readonly url: string; readonly drop: () => Promise<void> }

/** Makes a database with every migration and no rows, on the test run's own Postgres. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url: serverUrl, template } = inject('postgresForTests')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  // Copying files beats copying through the log here, where nothing waits for the disk: 23 to 38 ms
  // against 47 to 166 with four at once on two busy cores (2026-11-20).
  await runOn(serverUrl, `create database ${name} template ${template} strategy file_copy`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => runOn(serverUrl, `drop database ${name} with (force)`),
  }
}

async function runOn(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
