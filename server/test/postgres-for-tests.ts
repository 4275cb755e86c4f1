import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openTemporary } from '../src/embedded/embedded.ts'
import { migrate } from '../src/store/migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's Postgres, and the database in it that `freshDatabase` copies. */
    postgresForTests: { readonly url: string; readonly template: string }
  }
}

const template = 'template_for_tests'

/**
 * Starts one temporary Postgres for the test run, with a template database that has every
 * migration, and stops it at the end. Killing the run stops it too (see watchdog.ts), and runs at
 * the same time do not meet: each has its own folder.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await openTemporary({ settings: { max_connections: 400 } })
  try {
    await makeTemplate(postgres.databaseUrl)
  } catch (error) {
    await postgres.stop()
    throw error
  }
  project.provide('postgresForTests', { url: postgres.databaseUrl, template })
  return postgres.stop
}

async function makeTemplate(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query(`create database ${template}`)
  await client.end()
  await migrate(databaseOf(databaseUrl, template))
}

/** The same server's address with another database. */
function databaseOf(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl)
  url.pathname = `/${database}`
  return url.href
}
