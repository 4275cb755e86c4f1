import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { findHolder, openEmbedded, openTemporary } from './embedded/embedded.ts'
import { openKeyFile } from './secret-key.ts'
import { migrate, postgresMajor, schemaMismatch, schemaVersions } from './store/migrate.ts'

/** A Postgres to work on and the key its secrets are sealed with. */
export type OpenedPostgres = {
  databaseUrl: string
  secretKey: Buffer
  /** What it is, for a person. */
  described: string
  /** Stops what was started here; a Postgres that was there already runs on. */
  close(): Promise<void>
}

export type PostgresOptions = {
  config: Config
  /** False refuses a schema that is not the program's own. */
  migrates: boolean
  /** True works on the database of a server that has the folder open; false refuses the folder. */
  shares: boolean
  onProgress(line: string): void
}

/**
 * Opens the Postgres that the configuration names, with the schema this program needs.
 *
 * Throws `CannotOpen` or `CannotStart`, each a sentence for the operator.
 */
export async function openPostgres(options: PostgresOptions): Promise<OpenedPostgres> {
  const opened = await openAsConfigured(options)
  try {
    await prepareSchema(opened.databaseUrl, options.migrates)
    const secretKey = options.config.secretKey ?? (await openKeyFile(opened.keyFolder))
    return { ...opened, secretKey }
  } catch (error) {
    await opened.close()
    throw error
  }
}

type Opened = Omit<OpenedPostgres, 'secretKey'> & { keyFolder: string }

async function openAsConfigured({ config, shares, onProgress }: PostgresOptions): Promise<Opened> {
  const { databaseUrl, data } = config
  if (databaseUrl !== null) {
    return { databaseUrl, keyFolder: data, described: 'Postgres at DATABASE_URL', close: nothing }
  }
  if (data === 'memory') {
    const embedded = await openTemporary({ onLog: onProgress })
    return {
      databaseUrl: embedded.databaseUrl,
      keyFolder: embedded.folder,
      described: 'a temporary folder, removed at the end',
      close: embedded.stop,
    }
  }
  const running = shares ? (findHolder(data)?.databaseUrl ?? null) : null
  if (running !== null) {
    return { databaseUrl: running, keyFolder: data, described: data, close: nothing }
  }
  const embedded = await openEmbedded({ dataFolder: data, onLog: onProgress })
  return {
    databaseUrl: embedded.databaseUrl,
    keyFolder: embedded.folder,
    described: embedded.folder,
    close: embedded.stop,
  }
}

async function nothing(): Promise<void> {}

const postgresMajorMin = 15

async function prepareSchema(databaseUrl: string, migrates: boolean): Promise<void> {
  const major = await postgresMajor(databaseUrl).catch((error: unknown) => {
    throw new CannotStart(
      `The database cannot be reached (${reasonOf(error)}); mend DATABASE_URL, or start Postgres.`,
    )
  })
  if (major < postgresMajorMin) {
    throw new CannotStart(
      `The database is a Postgres ${major}, and ${postgresMajorMin} or later is needed; upgrade it, ` +
        'or name another with DATABASE_URL.',
    )
  }
  const versions = await schemaVersions(databaseUrl)
  const mismatch = schemaMismatch(versions)
  if (mismatch === null) return
  if (!migrates || versions.database > versions.program) throw new CannotStart(mismatch)
  await migrate(databaseUrl)
}

// A refused connection to several addresses comes as one error without words of its own.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
