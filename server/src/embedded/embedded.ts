import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'
import { type Cluster, createCluster, embeddedUser, readPassword } from './cluster.ts'
import { inspectFolder, makeFolder, partsOf, recordMaker } from './data-folder.ts'
import { lockFolder } from './folder-lock.ts'
import { clearLeftover } from './leftover.ts'
import { type Listening, type Settings, startPostmaster, stopPostmaster } from './postmaster.ts'
import { chooseServerAccount, giveAllTo, letThrough } from './server-account.ts'
import { startWatchdog } from './watchdog.ts'

export { findHolder, type Holder } from './folder-lock.ts'
export { CannotOpen }

/** A running embedded Postgres, ours until `stop`. */
export type Embedded = {
  /** The data folder, by its real path. */
  readonly folder: string
  /** For `pg`; `host` is the socket's folder when it starts with a slash. */
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
    readonly database: string
  }
  /** The same as a URL. Holds the password. */
  readonly databaseUrl: string
  /** Stops Postgres in order and lets go of the folder. Calling it again changes nothing. */
  readonly stop: () => Promise<void>
}

/** `settings` are Postgres' own and win over ours, except for where it listens. */
export type EmbeddedOptions = {
  readonly dataFolder: string
  readonly onLog?: (line: string) => void
  readonly settings?: Settings
}

/**
 * Opens the embedded Postgres of a data folder, creating both when there are none.
 *
 * At most one process has a folder open. Commits are durable. Should this process be killed,
 * Postgres is stopped by a watchdog or, failing that, by the next start on the folder.
 *
 * Throws `CannotOpen`, with a sentence for the operator, when the folder is taken, damaged, of
 * another Postgres major, or out of reach.
 */
export function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  return open({ ...options, isTemporary: false })
}

/**
 * Opens an embedded Postgres in a temporary folder that is removed at `stop`, and by the watchdog
 * when this process ends first (not on Windows, which has none). It does not wait for the disk.
 */
export async function openTemporary(
  options: Omit<EmbeddedOptions, 'dataFolder'> = {},
): Promise<Embedded> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'regulars-'))
  try {
    return await open({ ...options, dataFolder, isTemporary: true })
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true })
    throw error
  }
}

async function open(options: EmbeddedOptions & { isTemporary: boolean }): Promise<Embedded> {
  const { isTemporary, onLog = () => {}, settings = {} } = options
  const dataFolder = await makeFolder(options.dataFolder)
  const lock = lockFolder(dataFolder)
  try {
    const cluster = await openCluster({ dataFolder, isDurable: !isTemporary, onLog })
    await clearLeftover(cluster, onLog)
    const running = await start(cluster, settings, isTemporary ? dataFolder : null)
    const databaseUrl = urlOf(running.connection)
    lock.publish(databaseUrl)
    const stop = once(async () => {
      await running.stop().finally(lock.release)
      if (isTemporary) await rm(dataFolder, { recursive: true, force: true })
    })
    return { folder: dataFolder, connection: running.connection, databaseUrl, stop }
  } catch (error) {
    lock.release()
    throw asCannotOpen(error, dataFolder)
  }
}

/** A full disk or a read-only one can show at any step; other errors are faults of ours. */
function asCannotOpen(error: unknown, dataFolder: string): unknown {
  if (error instanceof CannotOpen || systemErrorCode(error) === null) return error
  return new CannotOpen(
    `The data folder ${dataFolder} cannot be used: ${(error as Error).message}; make room or mend ` +
      'its permissions, then start again.',
  )
}

async function start(
  cluster: Cluster,
  settings: Settings,
  removeFolder: string | null,
): Promise<Pick<Embedded, 'connection' | 'stop'>> {
  const listening = await startPostmaster(cluster, settings)
  const connection = connectionOf(cluster, listening)
  const watchdog = startWatchdog({
    pid: listening.pid,
    clusterFolder: cluster.folder,
    removeFolder,
  })
  const stop = async () => {
    await stopPostmaster(cluster)
    watchdog.dismiss()
  }
  try {
    await ensureDatabase(connection)
  } catch (error) {
    await stop()
    throw isWrongPassword(error) ? wrongPassword(cluster) : error
  }
  return { connection, stop }
}

async function openCluster(input: {
  dataFolder: string
  isDurable: boolean
  onLog: (line: string) => void
}): Promise<Cluster> {
  const { dataFolder, isDurable, onLog } = input
  const { cluster: folder, log: logFile, binaries: copiesFolder } = partsOf(dataFolder)
  const found = await inspectFolder(dataFolder)
  const account = chooseServerAccount(folder)
  if (account !== null) await letThrough(dataFolder, account)
  const binaries = await findBinaries({ account, copiesFolder })
  if (found === 'empty') {
    onLog(`Creating a database in ${dataFolder}.`)
    await createCluster({ dataFolder, account, binaries, isDurable })
  }
  if (account !== null && statSync(folder).uid === 0) await giveAllTo(account, folder)
  await recordMaker(dataFolder)
  return {
    folder,
    logFile,
    account,
    binaries,
    password: await readPassword(dataFolder),
    isDurable,
  }
}

/** Not part of `createCluster`: a kill between the two must not leave a cluster without it. */
async function ensureDatabase(connection: Embedded['connection']): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [
      connection.database,
    ])
    if (found.rowCount === 0) await client.query(`create database ${connection.database}`)
  } finally {
    await client.end()
  }
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '28P01'
}

function wrongPassword(cluster: Cluster): CannotOpen {
  return new CannotOpen(
    `The password in ${partsOf(dirname(cluster.folder)).password} is not that of the database ` +
      'beside it; put the right file back, or restore a backup into a new folder.',
  )
}

function connectionOf(cluster: Cluster, { host, port }: Listening): Embedded['connection'] {
  return { host, port, user: embeddedUser, password: cluster.password, database: embeddedUser }
}

/** A socket's folder goes into the query, where every driver and `new URL` accept it. */
function urlOf({ host, port, user, password, database }: Embedded['connection']): string {
  const isSocket = host.startsWith('/')
  const place = isSocket ? `localhost:${port}` : `${host}:${port}`
  const socket = isSocket ? `?host=${encodeURIComponent(host)}` : ''
  return `postgresql://${user}:${password}@${place}/${database}${socket}`
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= work()
    return done
  }
}
