import { readFileSync, statSync } from 'node:fs'
import { chmod, chown, lchown, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'

/** The operating system account Postgres runs as when we are root. */
export type ServerAccount = { readonly name: string; readonly uid: number; readonly gid: number }

/**
 * The account to run Postgres as, or null to run it as ourselves, which is every case but root's:
 * Postgres refuses to run as root.
 *
 * The owner of an existing cluster is kept, whoever that is. Otherwise `postgres`, else `nobody`:
 * initdb looks its own uid up in /etc/passwd, so an account must have a line there.
 */
export function chooseServerAccount(clusterFolder: string): ServerAccount | null {
  if (process.getuid?.() !== 0) return null
  const owner = statSync(clusterFolder, { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) {
    return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid }
  }
  const accounts = readAccounts()
  const account =
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === 'nobody')
  if (account !== undefined) return account
  throw new CannotOpen(
    'Postgres refuses to run as root, and /etc/passwd has neither a postgres nor a nobody ' +
      'account to run it as; create one (useradd --system postgres) or start as another user.',
  )
}

function readAccounts(): ServerAccount[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => Number.isInteger(uid) && uid > 0 && Number.isInteger(gid))
}

/**
 * Whether the mode bits let the account pass through this folder and every folder above it.
 *
 * Access lists are not read: where they grant more than the bits, the answer is a needless false,
 * which costs a copy of the binaries and nothing else.
 */
export function mayEnter(folder: string, account: ServerAccount): boolean {
  if (!allows(folder, account, 0o1)) return false
  const parent = dirname(folder)
  return parent === folder || mayEnter(parent, account)
}

/** Whether the mode bits let the account read this one file or folder; its parents are not asked. */
export function mayRead(path: string, account: ServerAccount): boolean {
  return allows(path, account, 0o4)
}

/**
 * Adds the one mode bit the account needs to pass through this folder of ours, whose list of files
 * stays hidden from it. Folders above are not ours to change.
 */
export async function letThrough(folder: string, account: ServerAccount): Promise<void> {
  if (!allows(folder, account, 0o1)) await chmod(folder, (statSync(folder).mode & 0o777) | 0o001)
}

function allows(path: string, account: ServerAccount, bit: number): boolean {
  const { mode, uid, gid } = statSync(path)
  if (uid === account.uid) return (mode & (bit << 6)) !== 0
  if (gid === account.gid) return (mode & (bit << 3)) !== 0
  return (mode & bit) !== 0
}

/** Makes the account the owner of one file or folder; what we make is our own account's already. */
export async function giveTo(account: ServerAccount | null, path: string): Promise<void> {
  if (account === null) return
  await chown(path, account.uid, account.gid).catch((error: unknown) => {
    throw new CannotOpen(
      `We are root but may not give ${path} to the account ${account.name} ` +
        `(${systemErrorCode(error)}); start as another user, or allow changing owners.`,
    )
  })
}

/** Gives a whole folder to the account: a cluster that root copied belongs to root. */
export async function giveAllTo(account: ServerAccount, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await giveAllTo(account, path)
    else await lchown(path, account.uid, account.gid)
  }
  await giveTo(account, folder)
}
