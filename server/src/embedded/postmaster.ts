import { appendFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { CannotOpen } from './cannot-open.ts'
import { type Cluster, lastLineOf } from './cluster.ts'
import { runProgram } from './run-program.ts'
import { giveTo } from './server-account.ts'

/** Where a running Postgres listens: `host` is a folder when it starts with a slash. */
export type Listening = { readonly host: string; readonly port: number; readonly pid: number }

const startAttemptsMax = 5
const startSecondsMax = 60
const stopSecondsMax = 30
const logBytesMax = 10_000_000

// sun_path holds 104 bytes on macOS and 108 on Linux; the socket's own name takes 18 of them.
const socketPathBytesMax = 100
const socketPort = 5432

/**
 * Starts Postgres and returns when it takes connections.
 *
 * It listens on a socket in its own cluster folder (mode 0700) where the platform has such sockets
 * and the path fits: faster than loopback, no port to collide on, closed to other accounts.
 * Otherwise on a free loopback port, where the password alone keeps others out.
 */
export async function startPostmaster(
  cluster: Cluster,
  settings: Readonly<Record<string, string | number>>,
): Promise<Listening> {
  await prepareLog(cluster)
  let output = ''
  let socketsWork = true
  for (let attempt = 1; attempt <= startAttemptsMax; attempt += 1) {
    const place = socketsWork ? await listenPlace(cluster) : await loopbackPlace()
    await writeSettings(cluster, { ...settingsOf(cluster), ...place.settings, ...settings })
    const logBytesBefore = await logBytes(cluster)
    const result = await pgCtl(cluster, [
      'start',
      '-w',
      '-t',
      `${startSecondsMax}`,
      '-s',
      '-l',
      '../postgres.log',
    ])
    if (result.exitCode === 0) {
      const pid = await readPid(cluster)
      if (pid === null)
        throw new CannotOpen(`Postgres started in ${cluster.folder} and ended at once.`)
      return { ...place.listening, pid }
    }
    const log = await readFile(logFileOf(cluster))
    output = log.subarray(logBytesBefore).toString('utf8') || result.output
    if (/Unix-domain socket/.test(output)) socketsWork = false
    else if (!/Address already in use|pre-existing shared memory block/.test(output)) break
  }
  throw new CannotOpen(
    `Postgres did not start on ${cluster.folder}: ${complaintIn(output)}; its log is ${logFileOf(cluster)}.`,
  )
}

/** Stops Postgres in order; after 30 seconds, without ceremony, which loses nothing committed. */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  const fast = await pgCtl(cluster, ['stop', '-w', '-s', '-t', `${stopSecondsMax}`, '-m', 'fast'])
  if (fast.exitCode === 0 || (await readPid(cluster)) === null) return
  const immediate = await pgCtl(cluster, [
    'stop',
    '-w',
    '-s',
    '-t',
    `${stopSecondsMax}`,
    '-m',
    'immediate',
  ])
  if (immediate.exitCode === 0 || (await readPid(cluster)) === null) return
  throw new CannotOpen(
    `The Postgres on ${cluster.folder} does not stop: ${lastLineOf(immediate.output)}.`,
  )
}

/** The first line of postmaster.pid; null when Postgres was stopped in order or never started. */
export async function readPid(cluster: Pick<Cluster, 'folder'>): Promise<number | null> {
  const content = await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(content, 10)
  return Number.isInteger(pid) && pid > 0 ? pid : null
}

function pgCtl(cluster: Cluster, args: readonly string[]) {
  return runProgram(cluster.binaries.pgCtl, [...args, '-D', cluster.folderForPostgres], {
    cwd: cluster.folder,
    account: cluster.account,
  })
}

function settingsOf(cluster: Cluster): Record<string, string | number> {
  return {
    fsync: cluster.durable ? 'on' : 'off',
    synchronous_commit: cluster.durable ? 'on' : 'off',
    full_page_writes: cluster.durable ? 'on' : 'off',
    ssl: 'off',
    jit: 'off',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    max_connections: 100,
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
  }
}

async function writeSettings(
  cluster: Cluster,
  settings: Readonly<Record<string, string | number>>,
): Promise<void> {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
  )
  const file = join(cluster.folder, 'regulars.conf')
  await writeFile(file, `# Written at every start; changes here are lost.\n${lines.join('')}`)
  await giveTo(cluster.account, file)
}

type Place = {
  readonly settings: Record<string, string | number>
  readonly listening: Omit<Listening, 'pid'>
}

async function listenPlace(cluster: Cluster): Promise<Place> {
  const socketPath = join(cluster.folder, `.s.PGSQL.${socketPort}`)
  const fits = Buffer.byteLength(socketPath) < socketPathBytesMax
  if (process.platform === 'win32' || !fits) return loopbackPlace()
  return {
    // Relative to the cluster folder, where Postgres stays once started.
    settings: { listen_addresses: '', unix_socket_directories: '.', port: socketPort },
    listening: { host: cluster.folder, port: socketPort },
  }
}

async function loopbackPlace(): Promise<Place> {
  const port = await freePort()
  return {
    settings: { listen_addresses: '127.0.0.1', unix_socket_directories: '', port },
    listening: { host: '127.0.0.1', port },
  }
}

/** Another program may take it before Postgres does; starting is tried again with another then. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

function logFileOf(cluster: Cluster): string {
  return join(cluster.folder, '..', 'postgres.log')
}

async function logBytes(cluster: Cluster): Promise<number> {
  return (await stat(logFileOf(cluster)).catch(() => null))?.size ?? 0
}

async function prepareLog(cluster: Cluster): Promise<void> {
  const file = logFileOf(cluster)
  if ((await logBytes(cluster)) > logBytesMax) {
    await rm(`${file}.1`, { force: true })
    await rename(file, `${file}.1`)
  }
  await appendFile(file, '', { mode: 0o600 })
  await giveTo(cluster.account, file)
}

function complaintIn(output: string): string {
  const complaint = output.split('\n').findLast((line) => /\b(FATAL|PANIC):/.test(line))
  return complaint?.replace(/^.*\b(FATAL|PANIC):\s*/, '') ?? lastLineOf(output)
}
