import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { inspectFolder } from './embedded/data-folder.ts'
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

/** Where a Postgres is: at its URL when there is one, else in the data folder. */
export type Place = Pick<Config, 'databaseUrl' | 'data'>

/** A Postgres as it stands. */
export type StandingPostgres = Omit<OpenedPostgres, 'secretKey'> & {
  /** Where its key file is, if it has one. */
  keyFolder: string
}

/**
 * Opens a Postgres that is there already, that of a running server too, and changes nothing in it.
 * Throws `CannotOpen` or `CannotStart`, the latter also for another schema when `needsSchema`.
 */
export async function openStanding(
  place: Place,
  { needsSchema, onProgress }: { needsSchema: boolean; onProgress(line: string): void },
): Promise<StandingPostgres> {
  await requireStanding(place)
  const opened = await openAsConfigured({ config: place, shares: true, onProgress })
  try {
    await requireReachable(opened.databaseUrl)
    if (needsSchema) await prepareSchema(opened.databaseUrl, false)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Opens the Postgres to restore into, making the data folder if there is none. */
export async function openToFill(
  place: Place,
  { onProgress }: Pick<PostgresOptions, 'onProgress'>,
): Promise<StandingPostgres> {
  requireLasting(place)
  const opened = await openAsConfigured({ config: place, shares: false, onProgress })
  try {
    await requireReachable(opened.databaseUrl)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function requireStanding(place: Place): Promise<void> {
  requireLasting(place)
  const { databaseUrl, data } = place
  if (databaseUrl === null && (await inspectFolder(data)) === 'empty') {
    throw new CannotStart(
      `There is no database in ${data}; name the folder of one with --data, or set DATABASE_URL.`,
    )
  }
}

function requireLasting({ databaseUrl, data }: Place): void {
  if (databaseUrl !== null || data !== 'memory') return
  throw new CannotStart(
    'A database in memory ends with its server; name a folder with --data, or set DATABASE_URL.',
  )
}

type Opening = { config: Place } & Pick<PostgresOptions, 'shares' | 'onProgress'>

async function openAsConfigured({
  config,
  shares,
  onProgress,
}: Opening): Promise<StandingPostgres> {
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
  await requireReachable(databaseUrl)
  const versions = await schemaVersions(databaseUrl)
  const mismatch = schemaMismatch(versions)
  if (mismatch === null) return
  if (!migrates || versions.database > versions.program) throw new CannotStart(mismatch)
  await migrate(databaseUrl)
}

async function requireReachable(databaseUrl: string): Promise<void> {
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
}

// A refused connection to several addresses comes as one error without words of its own.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
