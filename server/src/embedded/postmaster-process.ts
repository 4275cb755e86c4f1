import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemErrorCode } from './cannot-open.ts'
import { type Cluster, nameForPostgres } from './cluster.ts'

/** The number in postmaster.pid; null when Postgres was stopped in order or never started. */
export async function readPid(cluster: Cluster): Promise<number | null> {
  const content = await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(content, 10)
  return Number.isInteger(pid) && pid > 0 ? pid : null
}

/**
 * Whether the process is a Postgres at work on this cluster: neither one that got a dead one's
 * number, nor a dead one that its parent has not collected.
 *
 * Postgres stays in its cluster folder, which Linux shows, though not to root in a container; for it
 * and elsewhere the command line names the folder. Windows shows neither without elevation, so there
 * any postgres.exe counts.
 */
export async function isPostmasterOf(cluster: Cluster, pid: number): Promise<boolean> {
  const name = nameForPostgres(cluster.folder, cluster.account)
  switch (process.platform) {
    case 'linux': {
      const place = await readlink(`/proc/${pid}/cwd`).catch(systemErrorCode)
      if (place !== 'EACCES') return place === cluster.folder
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return commandLine.split('\0').includes(name)
    }
    case 'win32':
      return (await outputOf('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']))
        .toLowerCase()
        .includes('postgres.exe')
    default:
      return (await outputOf('ps', ['-o', 'args=', '-p', `${pid}`])).includes(name)
  }
}

/** Whether some process has this number, be it another account's or dead and not yet collected. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

const execFileAsync = promisify(execFile)

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  return (await execFileAsync(program, args).catch(() => ({ stdout: '' }))).stdout
}
