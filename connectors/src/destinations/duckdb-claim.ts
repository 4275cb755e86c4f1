import { access, constants, open, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBInstance } from '@duckdb/node-api'
import { DestinationRefused } from '../destination.ts'
import type { Use } from './connection.ts'

/** The right to have a file open in this process. */
export type Claim = {
  /** Waits up to `waitMs` for another process to let go of the file. */
  open(work: () => Promise<DuckDBInstance>, waitMs: number): Promise<DuckDBInstance>
  release(): void
}

// DuckDB's lock keeps other processes out and lets the same one open a file twice.
const claimed = new Set<string>()

/**
 * Throws `DestinationRefused` where the path cannot be or become a database of ours, or, for
 * reading, is none.
 */
export async function claimFile(path: string, use: Use): Promise<Claim> {
  const file = await realpath(path).catch(() => path)
  if (claimed.has(file)) throw inUse(path, 'this process', use)
  claimed.add(file)
  const release = () => void claimed.delete(file)
  try {
    await requireDatabase(path, use)
  } catch (error) {
    release()
    throw error
  }
  return { open: (work, waitMs) => openWithin(waitMs, work, { path, use }), release }
}

const retryMs = 100

async function openWithin(
  waitMs: number,
  work: () => Promise<DuckDBInstance>,
  { path, use }: { path: string; use: Use },
): Promise<DuckDBInstance> {
  const giveUpAt = performance.now() + waitMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      const holder = holderIn(said)
      if (holder === null) throw cannotOpen(path, said)
      if (performance.now() >= giveUpAt) throw inUse(path, holder, use)
      await sleep(retryMs)
    }
  }
}

/** Who has the file open, by DuckDB's words; null when they are about something else. */
function holderIn(said: string): string | null {
  const holder = /Conflicting lock is held in .*?\(PID (\d+)\)/.exec(said)
  if (holder !== null) return `process ${holder[1]}`
  return said.includes('Could not set lock') ? 'another process' : null
}

function cannotOpen(path: string, said: string): DestinationRefused {
  const [firstLine] = said.split('\n')
  return new DestinationRefused(
    `DuckDB cannot open ${path} (${firstLine}); mend that, or name another file.`,
  )
}

function inUse(path: string, holder: string, use: Use): DestinationRefused {
  const next =
    use === 'writing'
      ? 'wait until that has ended, or name another file'
      : 'DuckDB lets nobody else read it meanwhile, so ask again when that has ended'
  return new DestinationRefused(`${path} is open in ${holder}; ${next}.`)
}

async function requireDatabase(path: string, use: Use): Promise<void> {
  const folder = dirname(path)
  const inFolder = await stat(folder).catch(() => null)
  if (inFolder === null || !inFolder.isDirectory()) {
    throw new DestinationRefused(
      `${folder} is not a folder, so ${path} cannot be made; make it, or name another file.`,
    )
  }
  const standing = await stat(path).catch(() => null)
  if (standing === null) return requireRights(folder, 'writing')
  if (!standing.isFile()) {
    throw new DestinationRefused(`${path} is not a file; name a file for DuckDB to keep.`)
  }
  await requireRights(path, use)
  if (!(await isDuckdb(path))) {
    throw new DestinationRefused(
      `${path} is a file of another kind, not a DuckDB database; name another file.`,
    )
  }
}

async function requireRights(path: string, use: Use): Promise<void> {
  const { R_OK, W_OK } = constants
  const isAllowed = await access(path, use === 'writing' ? R_OK | W_OK : R_OK).then(
    () => true,
    () => false,
  )
  if (isAllowed) return
  const done = use === 'writing' ? 'written' : 'read'
  throw new DestinationRefused(
    `${path} cannot be ${done} by this user; change its permissions, or name another file.`,
  )
}

/** Every DuckDB file says so after its checksum. */
async function isDuckdb(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 8)
    return bytesRead === 4 && buffer.toString('latin1') === 'DUCK'
  } finally {
    await file.close()
  }
}
