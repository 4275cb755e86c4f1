import { randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'
import { partsOf, renameDurably, writeWhole } from './data-folder.ts'
import { runProgram } from './run-program.ts'
import { giveTo, mayEnter, type ServerAccount } from './server-account.ts'

/** The one role of an embedded Postgres, and the database it owns. */
export const embeddedUser = 'regulars'

const unfinishedPrefix = 'postgres.new-'

/** The cluster of one data folder and how Postgres' programs are to be run on it. */
export type Cluster = {
  /** The cluster folder by its real path, for us. */
  readonly folder: string
  readonly logFile: string
  readonly account: ServerAccount | null
  readonly binaries: Binaries
  readonly password: string
  /** False for temporary clusters, which do not wait for the disk. */
  readonly isDurable: boolean
}

/**
 * What Postgres should call a folder that it is started in.
 *
 * Where its account cannot come in by path (a data folder under root's home), Linux lets a process
 * that stands inside call the place `/proc/self/cwd`, and Postgres never leaves its cluster folder.
 * Throws `CannotOpen` where neither works.
 */
export function nameForPostgres(folder: string, account: ServerAccount | null): string {
  if (account === null || mayEnter(folder, account)) return folder
  if (process.platform === 'linux') return '/proc/self/cwd'
  throw new CannotOpen(
    `Postgres refuses to run as root, and the account ${account.name} may not enter ` +
      `${folder}; name a folder it can enter with --data, or start as another user.`,
  )
}

/**
 * Creates the cluster under a temporary name and renames it, so a kill at any moment leaves either
 * no cluster or a whole one.
 *
 * Only the one role of ours can log in, with a random password in a 0600 file: other accounts of
 * the machine are kept out even where Postgres listens on loopback. Collation is Postgres' own
 * C.UTF-8, which no upgrade of a system library can change under an index.
 */
export async function createCluster(input: {
  dataFolder: string
  account: ServerAccount | null
  binaries: Binaries
  isDurable: boolean
}): Promise<void> {
  const { dataFolder, account, binaries, isDurable } = input
  await removeUnfinished(dataFolder)
  const unfinished = await mkdtemp(join(dataFolder, unfinishedPrefix))
  await giveTo(account, unfinished)

  const passwordForInitdb = join(dataFolder, 'password.new')
  const password = randomBytes(24).toString('hex')
  await writeWhole(partsOf(dataFolder).password, password)
  await writeFile(passwordForInitdb, password, { mode: 0o600 })
  await giveTo(account, passwordForInitdb)

  const { exitCode, output } = await runProgram(
    binaries.initdb,
    [
      `--pgdata=${nameForPostgres(unfinished, account)}`,
      `--username=${embeddedUser}`,
      '--pwfile=../password.new',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(isDurable ? [] : ['--no-sync']),
    ],
    { cwd: unfinished, account },
  )
  await rm(passwordForInitdb, { force: true })
  if (exitCode !== 0) {
    throw new CannotOpen(
      `Postgres could not create its database in ${dataFolder}: ${lastLineOf(output)}.`,
    )
  }
  await appendFile(join(unfinished, 'postgresql.conf'), "\ninclude = 'regulars.conf'\n")
  await renameDurably(unfinished, partsOf(dataFolder).cluster)
}

/** Never used again by name: an initdb that outlived its killed owner may still be writing there. */
async function removeUnfinished(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    if (!name.startsWith(unfinishedPrefix)) continue
    await rm(join(dataFolder, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The password of the cluster's role; throws `CannotOpen` when its file is gone. */
export async function readPassword(dataFolder: string): Promise<string> {
  const file = partsOf(dataFolder).password
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new CannotOpen(
      `The database password in ${file} cannot be read (${systemErrorCode(error)}); ` +
        'put the file back, or restore a backup into a new data folder.',
    )
  }
}

/** The last line of a program's output that says something, without its full stop. */
export function lastLineOf(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  return lines.findLast((line) => line !== '')?.replace(/\.$/, '') ?? 'it said nothing'
}
