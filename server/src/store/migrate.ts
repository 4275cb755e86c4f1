import { fileURLToPath } from 'node:url'
import pg from 'pg'
import Postgrator from 'postgrator'

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

// Any number will do, as long as every server of the project uses the same one.
const advisoryLock = 7_314_528

export type SchemaVersions = { database: number; program: number }

/**
 * Brings the schema up to what this program needs, under an advisory lock, so that several servers
 * may start at once. Each migration is one transaction.
 *
 * `toVersion` stops at an earlier schema, as a backup's restore needs. Throws a sentence for the
 * operator when the database is newer than the program.
 */
export async function migrate(
  databaseUrl: string,
  { toVersion }: { toVersion?: number } = {},
): Promise<SchemaVersions> {
  return withPostgrator(databaseUrl, async (postgrator, client) => {
    await client.query('select pg_advisory_lock($1)', [advisoryLock])
    try {
      const versions = await versionsOf(postgrator)
      if (versions.database > versions.program) throw new Error(newerSchema(versions))
      await postgrator.migrate(toVersion === undefined ? 'max' : `${toVersion}`)
      return await versionsOf(postgrator)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [advisoryLock])
    }
  })
}

/** What the database has and what the program needs, changing nothing. */
export async function schemaVersions(databaseUrl: string): Promise<SchemaVersions> {
  return withPostgrator(databaseUrl, (postgrator) => versionsOf(postgrator))
}

/** The major version of the Postgres itself. */
export async function postgresMajor(databaseUrl: string): Promise<number> {
  return withPostgrator(databaseUrl, async (_postgrator, client) => {
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    )
    return Math.floor(Number(rows[0]?.version) / 10_000)
  })
}

/** The sentence for a schema that is not what this program needs, with the way out. */
export function schemaMismatch(versions: SchemaVersions): string | null {
  if (versions.database === versions.program) return null
  if (versions.database > versions.program) return newerSchema(versions)
  return (
    `The database has schema ${versions.database}, this program needs ${versions.program}. ` +
    'Start once without --no-migrate, or run `regulars migrate`.'
  )
}

function newerSchema({ database, program }: SchemaVersions): string {
  return (
    `The database has schema ${database}, newer than this program's ${program}. ` +
    'Start it with the newer version of Regulars, or restore a backup made before the upgrade.'
  )
}

async function withPostgrator<Result>(
  databaseUrl: string,
  work: (postgrator: Postgrator, client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const postgrator = new Postgrator({
      driver: 'pg',
      migrationPattern: `${migrationsFolder.replaceAll('\\', '/')}/*`,
      schemaTable: 'schema_migrations',
      newline: 'LF',
      execQuery: (sql) => client.query(sql),
      execSqlScript: async (sql) => {
        await client.query(`begin;\n${sql}\n;commit`)
      },
    })
    return await work(postgrator, client)
  } finally {
    await client.end()
  }
}

async function versionsOf(postgrator: Postgrator): Promise<SchemaVersions> {
  const program = await postgrator.getMaxVersion()
  const database = await postgrator.getDatabaseVersion().catch(() => 0)
  return { database: Number(database), program: Number(program) }
}
