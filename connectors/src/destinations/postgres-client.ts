import { hostname } from 'node:os'
import pg from 'pg'
import { DestinationRefused } from '../destination.ts'
import type { Use } from './connection.ts'
import { refusalOf } from './postgres-refusal.ts'

const versionMin = 15

const connectMsMax = 10_000

/** One statement, the merge of a whole batch into a large table included. */
const statementMsMax = 600_000

/** A statement that waits longer for a table that somebody else has locked is given up. */
const lockMsMax = 60_000

/**
 * Connects and begins with `work`, which is told where that is. The connection stays open, unless
 * `work` throws. Throws `DestinationRefused` for what a person can mend.
 */
export async function withPostgres<Result>(
  target: string,
  { name, schema, use }: { name: string; schema: string; use: Use },
  work: (client: pg.Client, where: string) => Promise<Result>,
): Promise<Result> {
  const where = placeOf(target)
  const client = new pg.Client({
    connectionString: target,
    application_name: `${name}, process ${process.pid} on ${hostname()}`,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: statementMsMax,
    lock_timeout: lockMsMax,
    query_timeout: statementMsMax + connectMsMax,
    keepAlive: true,
    keepAliveInitialDelayMillis: connectMsMax,
  })
  // A connection that is lost while nobody waits for it fails the next call, which says so.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(
      `set timezone = 'UTC'; set datestyle = 'ISO'; set client_min_messages = error`,
    )
    await requireVersion(client, where)
    return await work(client, where)
  } catch (error) {
    await client.end().catch(() => undefined)
    throw refusalOf(error, { where, schema, use }) ?? error
  }
}

/** Host, port and database, without the password. */
function placeOf(target: string): string {
  try {
    const url = new URL(target)
    const host = url.searchParams.get('host') ?? url.hostname
    return `Postgres at ${host || 'localhost'}:${url.port || 5432}${url.pathname}`
  } catch {
    throw new DestinationRefused(
      'The address of the Postgres cannot be read; write postgres://user:password@host:5432/database, ' +
        'with %-escapes for special characters of the password.',
    )
  }
}

async function requireVersion(client: pg.Client, where: string): Promise<void> {
  const result = await client.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  )
  const major = result.rows[0]?.major ?? 0
  if (major >= versionMin) return
  throw new DestinationRefused(
    `${where} is version ${major}, and ${versionMin} or later is needed; upgrade it, or name another.`,
  )
}
