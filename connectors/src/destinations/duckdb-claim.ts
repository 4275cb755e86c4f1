import { access, constants, open, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBInstance } from '@duckdb/node-api'
import { DestinationRefused } from '../destination.ts'

/** The right to have a file open in this process. */
export type Claim = {
  open(work: () => Promise<DuckDBInstance>): Promise<DuckDBInstance>
  release(): void
}

// DuckDB's lock keeps other processes out and lets the same one open a file twice.
const claimed = new Set<string>()

/** Throws `DestinationRefused` where the path cannot be or become a database of ours. */
export async function claimFile(path: string): Promise<Claim> {
  const file = await realpath(path).catch(() => path)
  if (claimed.has(file)) throw inUse(path, 'this process')
  claimed.add(file)
  const release = () => void claimed.delete(file)
  try {
    await requireDatabase(path)
  } catch (error) {
    release()
    throw error
  }
  return {
    open: (work) => work().catch((error) => Promise.reject(refusalOf(path, error))),
    release,
  }
}

async function requireDatabase(path: string): Promise<void> {
  const folder = dirname(path)
  const inFolder = await stat(folder).catch(() => null)
  if (inFolder === null || !inFolder.isDirectory()) {
    throw new DestinationRefused(
      `${folder} is not a folder, so ${path} cannot be made; make it, or name another file.`,
    )
  }
  const standing = await stat(path).catch(() => null)
  if (standing === null) return requireWritable(folder)
  if (!standing.isFile()) {
    throw new DestinationRefused(`${path} is not a file; name a file for DuckDB to keep.`)
  }
  await requireWritable(path)
  if (!(await isDuckdb(path))) {
    throw new DestinationRefused(
      `${path} is a file of another kind, not a DuckDB database; name another file.`,
    )
  }
}

async function requireWritable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK)
  } catch {
    throw new DestinationRefused(
      `${path} cannot be written by this user; change its permissions, or name another file.`,
    )
  }
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

function refusalOf(path: string, error: unknown): DestinationRefused {
  const said = error instanceof Error ? error.message : String(error)
  const holder = /Conflicting lock is held in .*?\(PID (\d+)\)/.exec(said)
  if (holder !== null) return inUse(path, `process ${holder[1]}`)
  if (said.includes('Could not set lock')) return inUse(path, 'another process')
  const [firstLine] = said.split('\n')
  return new DestinationRefused(
    `DuckDB cannot open ${path} (${firstLine}); mend that, or name another file.`,
  )
}

function inUse(path: string, holder: string): DestinationRefused {
  return new DestinationRefused(
    `${path} is open in ${holder}; wait until that has ended, or name another file.`,
  )
}
