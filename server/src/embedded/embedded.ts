import { mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import {
  type Cluster,
  clusterFolderIn,
  createCluster,
  embeddedUser,
  folderForPostgres,
  readPassword,
  recordLayout,
} from './cluster.ts'
import { lockFolder } from './folder-lock.ts'
import { clearLeftover } from './leftover.ts'
import { type Listening, startPostmaster, stopPostmaster } from './postmaster.ts'
import { chooseServerAccount, letThrough } from './server-account.ts'
import { startWatchdog } from './watchdog.ts'

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

/** What `openEmbedded` is told; `settings` are Postgres' own and win over ours. */
export type EmbeddedOptions = {
  readonly dataFolder: string
  readonly onLog?: (line: string) => void
  readonly settings?: Readonly<Record<string, string | number>>
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
 * Opens an embedded Postgres in a temporary folder that is removed at `stop`, and at the end of
 * this process if that comes first. Nothing in it survives a power cut.
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
    const cluster = await openCluster({ dataFolder, durable: !isTemporary, onLog })
    await clearLeftover(cluster, onLog)
    const listening = await startPostmaster(cluster, settings)
    const watchdog = startWatchdog({
      pid: listening.pid,
      clusterFolder: cluster.folder,
      removeFolder: isTemporary ? dataFolder : null,
    })
    await ensureDatabase(cluster, listening)
    const connection = connectionOf(cluster, listening)
    const databaseUrl = urlOf(connection)
    lock.publish(databaseUrl)
    const stop = once(async () => {
      await stopPostmaster(cluster)
      watchdog.dismiss()
      lock.release()
      if (isTemporary) await rm(dataFolder, { recursive: true, force: true })
    })
    return { folder: dataFolder, connection, databaseUrl, stop }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function makeFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o711 })
  return realpath(path)
}

async function openCluster(input: {
  dataFolder: string
  durable: boolean
  onLog: (line: string) => void
}): Promise<Cluster> {
  const { dataFolder, durable, onLog } = input
  const folder = clusterFolderIn(dataFolder)
  const account = chooseServerAccount(folder)
  if (account !== null) await letThrough(dataFolder, account)
  const binaries = await findBinaries({ account, copyFolder: join(dataFolder, 'binaries') })
  if ((await stat(folder).catch(() => null)) === null) {
    onLog(`Creating a database in ${dataFolder}.`)
    await createCluster({ dataFolder, account, binaries, durable })
    await recordLayout(dataFolder)
  }
  const password = await readPassword(dataFolder)
  return {
    folder,
    folderForPostgres: folderForPostgres(dataFolder, account),
    account,
    binaries,
    password,
    durable,
  }
}

async function ensureDatabase(cluster: Cluster, listening: Listening): Promise<void> {
  const client = new pg.Client({ ...connectionOf(cluster, listening), database: 'postgres' })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [embeddedUser])
    if (found.rowCount === 0) await client.query(`create database ${embeddedUser}`)
  } finally {
    await client.end()
  }
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
