import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CannotOpen } from './cannot-open.ts'

/** Who has the data folder open. `databaseUrl` holds the password, so the file is 0600. */
export type Holder = {
  readonly pid: number
  readonly startedAt: string
  readonly databaseUrl: string | null
}

/** A held data folder. The kernel lets go of it when this process ends, however it ends. */
export type FolderLock = {
  /** Tells other processes, such as `regulars verify`, how to reach the running database. */
  readonly publish: (databaseUrl: string) => void
  readonly release: () => void
}

const sqliteBusy = 5

/**
 * Takes the data folder for this process; throws `CannotOpen` naming the holder when it is taken.
 *
 * A pid written in a file is not a lock: two starters can both judge it stale, pids are reused
 * (always, in containers), and a process in another container cannot be seen. Node has no flock,
 * but its SQLite takes a real kernel lock on every platform, so an exclusive transaction that is
 * never ended is our lock. `regulars.pid` beside it is only for telling people who holds it.
 */
export function lockFolder(folder: string): FolderLock {
  const lockFile = join(folder, 'regulars.lock')
  const holderFile = join(folder, 'regulars.pid')
  const lock = new DatabaseSync(lockFile)
  try {
    lock.exec('pragma journal_mode = off; begin exclusive')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    const holder = readHolder(folder)
    throw new CannotOpen(
      `The data folder ${folder} is already open in ${
        holder === null ? 'another process' : `process ${holder.pid} (since ${holder.startedAt})`
      }; stop that one first, or choose another folder with --data.`,
    )
  }
  const startedAt = new Date().toISOString()
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

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

function readHolder(folder: string): Holder | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'regulars.pid'), 'utf8')) as Holder
  } catch {
    return null
  }
}
