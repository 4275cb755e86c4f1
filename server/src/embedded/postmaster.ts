import { appendFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotOpen } from './cannot-open.ts'
import { type Cluster, lastLineOf, nameForPostgres } from './cluster.ts'
import { isPostmasterOf, readPid } from './postmaster-process.ts'
import { type ProgramResult, runProgram } from './run-program.ts'
import { giveTo } from './server-account.ts'

/** Where a running Postgres listens: `host` is a folder when it starts with a slash. */
export type Listening = { readonly host: string; readonly port: number; readonly pid: number }

/** Postgres settings by name, as in postgresql.conf. */
export type Settings = Readonly<Record<string, string | number>>

const startAttemptsMax = 10
const startRetryMs = 300
const startSecondsMax = 300 // replaying the log after a power cut included
const stopSecondsMax = 30
const logBytesMax = 10_000_000

// A socket's path holds 103 bytes on macOS and 107 on Linux.
const socketPathBytesMax = 100
const socketPort = 5432

/**
 * Starts Postgres and returns when it takes connections.
 *
 * It listens on a socket in its own cluster folder (mode 0700) where the platform has such sockets
 * and the path fits: faster than loopback, no port to collide on, closed to other accounts.
 * Otherwise on a free loopback port, where the password alone keeps others out.
 */
export async function startPostmaster(cluster: Cluster, settings: Settings): Promise<Listening> {
  await prepareLog(cluster)
  let canListenOnSocket =
    process.platform !== 'win32' && Buffer.byteLength(socketPathOf(cluster)) <= socketPathBytesMax
  let complaint = ''
  for (let attempt = 1; attempt <= startAttemptsMax; attempt += 1) {
    const place = canListenOnSocket ? socketPlace(cluster) : await loopbackPlace()
    await writeSettings(cluster, { ...settingsOf(cluster), ...settings, ...place.settings })
    const outcome = await tryStart(cluster)
    if (outcome.kind === 'started') return { ...place.listening, pid: outcome.pid }
    complaint = outcome.complaint
    const next = afterFailure(outcome.output)
    if (next === 'give-up') break
    if (next === 'use-loopback') canListenOnSocket = false
    await sleep(startRetryMs)
  }
  throw new CannotOpen(
    `Postgres did not start on ${cluster.folder}: ${complaint}; see ${cluster.logFile}.`,
  )
}

/**
 * Stops Postgres in order; after 30 seconds, without ceremony, which loses nothing committed. One
 * that has ended by itself is as good as stopped.
 */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (!(await isRunning(cluster))) return
    const { exitCode } = await pgCtl(cluster, ['stop', '-m', mode, '-t', `${stopSecondsMax}`])
    if (exitCode === 0) return
  }
  if (!(await isRunning(cluster))) return
  throw new CannotOpen(
    `The Postgres on ${cluster.folder} (process ${await readPid(cluster)}) does not stop; end ` +
      'that process by hand and start again.',
  )
}

async function isRunning(cluster: Cluster): Promise<boolean> {
  const pid = await readPid(cluster)
  return pid !== null && isPostmasterOf(cluster, pid)
}

/** Where the socket is when Postgres listens on one. */
export function socketPathOf(cluster: Cluster): string {
  return join(cluster.folder, `.s.PGSQL.${socketPort}`)
}

type StartOutcome =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly output: string; readonly complaint: string }

async function tryStart(cluster: Cluster): Promise<StartOutcome> {
  const logBytesBefore = (await stat(cluster.logFile)).size
  const result = await pgCtl(cluster, [
    'start',
    '-t',
    `${startSecondsMax}`,
    '-l',
    '../postgres.log',
  ])
  const pid = await readPid(cluster)
  if (result.exitCode === 0 && pid !== null) return { kind: 'started', pid }
  await stopPostmaster(cluster) // it may still be starting, with our patience at its end
  const log = (await readFile(cluster.logFile)).subarray(logBytesBefore).toString('utf8')
  const output = log === '' ? result.output : log
  return { kind: 'failed', output, complaint: complaintIn(output) }
}

/** A server just killed needs a moment to let go of its memory; a free port may have been taken. */
function afterFailure(output: string): 'use-loopback' | 'try-again' | 'give-up' {
  if (/could not create any Unix-domain sockets/.test(output)) return 'use-loopback'
  const isPassing = /Address already in use|pre-existing shared memory block/.test(output)
  return isPassing ? 'try-again' : 'give-up'
}

function complaintIn(output: string): string {
  const complaint = output.split('\n').findLast((line) => /\b(FATAL|PANIC):/.test(line))
  return complaint?.replace(/^.*\b(FATAL|PANIC):\s*/, '') ?? lastLineOf(output)
}

function pgCtl(cluster: Cluster, args: readonly string[]): Promise<ProgramResult> {
  const { folder, account, binaries } = cluster
  return runProgram(binaries.pgCtl, [...args, '-w', '-s', '-D', nameForPostgres(folder, account)], {
    cwd: folder,
    account,
  })
}

function settingsOf(cluster: Cluster): Settings {
  const durability = cluster.isDurable ? 'on' : 'off'
  return {
    fsync: durability,
    full_page_writes: durability,
    synchronous_commit: durability,
    ssl: 'off', // the package's OpenSSL is past its end of life, and nothing leaves the machine
    jit: 'off',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    max_connections: 100,
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
  }
}

async function writeSettings(cluster: Cluster, settings: Settings): Promise<void> {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
  )
  const file = join(cluster.folder, 'regulars.conf')
  await writeFile(file, `# Written at every start; changes made here are lost.\n${lines.join('')}`)
  await giveTo(cluster.account, file)
}

type Place = { readonly settings: Settings; readonly listening: Omit<Listening, 'pid'> }

function socketPlace(cluster: Cluster): Place {
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

/** Our own file, given to the server's account: it could not make one in our folder. */
async function prepareLog(cluster: Cluster): Promise<void> {
  const { logFile, account } = cluster
  await appendFile(logFile, '', { mode: 0o600 })
  if ((await stat(logFile)).size > logBytesMax) {
    await rm(`${logFile}.1`, { force: true })
    await rename(logFile, `${logFile}.1`)
    await appendFile(logFile, '', { mode: 0o600 })
  }
  await giveTo(account, logFile)
}
