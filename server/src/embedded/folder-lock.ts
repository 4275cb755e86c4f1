import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { CannotOpen } from './cannot-open.ts'
import { partsOf } from './data-folder.ts'

/** Who has a data folder open. `databaseUrl`, which holds the password, is null until it runs. */
export type Holder = {
  readonly pid: number
  readonly startedAt: string
  readonly databaseUrl: string | null
}

/** A held data folder. The kernel lets go of it when this process ends, however it ends. */
export type FolderLock = {
  /** Tells `findHolder` in other processes how to reach the running database. */
  readonly publish: (databaseUrl: string) => void
  readonly release: () => void
}

const sqliteBusy = 5

/**
 * Takes the data folder for this process; throws `CannotOpen` naming the holder when it is taken.
 *
 * A pid written in a file is not a lock: two starters can both judge it stale, pids are reused
 * (always, in containers), and a process in another container cannot be seen. Node has no flock,
 * but its SQLite takes a kernel lock on every platform, so an exclusive transaction that is never
 * ended is our lock. `regulars.pid` beside it only says who holds it; reading the lock file itself
 * from the holding process would, on POSIX, let go of it.
 */
export function lockFolder(dataFolder: string): FolderLock {
  const lock = takeLock(dataFolder)
  if (lock === null) throw new CannotOpen(takenSentence(dataFolder))
  const startedAt = new Date().toISOString()
  const { holder: holderFile } = partsOf(dataFolder)
  const write = (databaseUrl: string | null) => {
    const holder: Holder = { pid: process.pid, startedAt, databaseUrl }
    writeFileSync(holderFile, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
    chmodSync(holderFile, 0o600)
  }
  write(null)
  return {
    publish: write,
    release: () => {
      rmSync(holderFile, { force: true })
      lock.close()
    },
  }
}

/** The process that has the data folder open at this moment; null when none has. */
export function findHolder(dataFolder: string): Holder | null {
  if (!existsSync(partsOf(dataFolder).lock)) return null
  const lock = takeLock(dataFolder)
  if (lock === null) return readHolder(dataFolder)
  lock.close()
  return null
}

function takeLock(dataFolder: string): DatabaseSync | null {
  const file = partsOf(dataFolder).lock
  let lock: DatabaseSync | null = null
  try {
    lock = new DatabaseSync(file)
    lock.exec('pragma busy_timeout = 200; pragma journal_mode = memory; begin exclusive')
    chmodSync(file, 0o600) // or any account that reaches the folder could hold it
    return lock
  } catch (error) {
    lock?.close()
    if (!(error instanceof Error)) throw error
    if ('errcode' in error && error.errcode === sqliteBusy) return null
    throw new CannotOpen(
      `The data folder ${dataFolder} cannot be locked (${error.message}: ${file}); start as the ` +
        'account that owns it, and keep it on a disk that can lock files.',
    )
  }
}

function takenSentence(dataFolder: string): string {
  const holder = readHolder(dataFolder)
  const who =
    holder === null ? 'another process' : `process ${holder.pid}, since ${holder.startedAt}`
  return (
    `The data folder ${dataFolder} is already open (${who}); ` +
    'stop that one first, or name another folder with --data.'
  )
}

function readHolder(dataFolder: string): Holder | null {
  try {
    return JSON.parse(readFileSync(partsOf(dataFolder).holder, 'utf8')) as Holder
  } catch {
    return null // not written yet, or being written
  }
}
