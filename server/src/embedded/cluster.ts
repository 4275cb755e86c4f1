import { randomBytes } from 'node:crypto'
import { appendFile, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Binaries, embeddedMajor } from './binaries.ts'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'
import { runProgram } from './run-program.ts'
import { giveTo, mayEnter, type ServerAccount } from './server-account.ts'

/** The one database role and database of an embedded Postgres. */
export const embeddedUser = 'regulars'

/** The cluster of one data folder and how Postgres' programs are to be run on it. */
export type Cluster = {
  /** The cluster folder by its real path, for us. */
  readonly folder: string
  /**
   * The same folder as Postgres should call it. Where its account cannot come in by path (a data
   * folder under /root), Linux lets a process that was started inside call it this instead.
   */
  readonly folderForPostgres: string
  readonly account: ServerAccount | null
  readonly binaries: Binaries
  readonly password: string
  readonly durable: boolean
}

const layoutVersion = 1
const ownFolderOnLinux = '/proc/self/cwd'

/** The cluster's place in a data folder. */
export function clusterFolderIn(dataFolder: string): string {
  return join(dataFolder, 'postgres')
}

/** What the account will call the cluster folder; throws `CannotOpen` where it cannot get there. */
export function folderForPostgres(dataFolder: string, account: ServerAccount | null): string {
  if (account === null || mayEnter(dataFolder, account)) return clusterFolderIn(dataFolder)
  if (process.platform === 'linux') return ownFolderOnLinux
  throw new CannotOpen(
    `Postgres refuses to run as root, and the account ${account.name} may not enter ` +
      `${dataFolder}; choose a data folder it can enter with --data, or start as another user.`,
  )
}

/**
 * Creates the cluster under a temporary name and renames it, so a kill at any moment leaves either
 * no cluster or a whole one.
 *
 * Only the one role of ours may log in, with a random password kept in a 0600 file: other accounts
 * of the machine are kept out even where Postgres listens on loopback. Collation is Postgres' own
 * C.UTF-8, which no system library's upgrade can change under an index.
 */
export async function createCluster(input: {
  dataFolder: string
  account: ServerAccount | null
  binaries: Binaries
  durable: boolean
}): Promise<void> {
  const { dataFolder, account, binaries, durable } = input
  const unfinished = join(dataFolder, 'postgres.new')
  const passwordForInitdb = join(dataFolder, 'password.new')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordForInitdb, await ensurePassword(dataFolder), { mode: 0o600 })
  await giveTo(account, unfinished)
  await giveTo(account, passwordForInitdb)
  const viaParent = folderForPostgres(dataFolder, account) === ownFolderOnLinux
  const { exitCode, output } = await runProgram(
    binaries.initdb,
    [
      `--pgdata=${viaParent ? ownFolderOnLinux : unfinished}`,
      `--username=${embeddedUser}`,
      '--pwfile=../password.new',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { cwd: unfinished, account },
  )
  await rm(passwordForInitdb, { force: true })
  if (exitCode !== 0) {
    throw new CannotOpen(
      `Postgres could not create its database in ${dataFolder}: ${lastLineOf(output)}.`,
    )
  }
  await appendFile(
    join(unfinished, 'postgresql.conf'),
    "\ninclude = 'regulars.conf' # written at every start\n",
  )
  await rename(unfinished, clusterFolderIn(dataFolder))
}

async function ensurePassword(dataFolder: string): Promise<string> {
  const file = passwordFileIn(dataFolder)
  const password = randomBytes(24).toString('hex')
  await writeFile(file, password, { mode: 0o600 })
  await chmod(file, 0o600)
  return password
}

function passwordFileIn(dataFolder: string): string {
  return join(dataFolder, 'postgres-password')
}

/** The password of the cluster's role. */
export async function readPassword(dataFolder: string): Promise<string> {
  const file = passwordFileIn(dataFolder)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new CannotOpen(
      `The database password in ${file} cannot be read (${systemErrorCode(error)}); ` +
        'put the file back, or restore a backup into a new data folder.',
    )
  }
}

/** Records which Postgres made the folder, so that another major can refuse it. */
export async function recordLayout(dataFolder: string): Promise<void> {
  const record = { layout: layoutVersion, postgresMajor: embeddedMajor }
  await writeFile(join(dataFolder, 'regulars.json'), `${JSON.stringify(record)}\n`)
}

/** The last line of a program's output that says something. */
export function lastLineOf(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  return lines.findLast((line) => line !== '')?.replace(/\.$/, '') ?? 'it said nothing'
}
