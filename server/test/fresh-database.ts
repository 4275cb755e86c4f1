import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** A database of one test file's own; `drop` also ends connections that were left open. */
export type FreshDatabase = { readonly url: string; readonly drop: () => Promise<void> }

/** Makes a database with every migration and no rows, on the test run's own Postgres. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url: serverUrl, template } = inject('postgresForTests')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await runOn(serverUrl, `create database ${name} template ${template}`)
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
