import { execFile } from 'node:child_process'
import { readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cluster } from './cluster.ts'
import { readPid, stopPostmaster } from './postmaster.ts'

/**
 * Deals with what an owner that was killed left behind; call it only with the folder's lock held,
 * because then whatever runs on the cluster belongs to nobody.
 *
 * A Postgres still running is stopped in order; it keeps every committed row. A pid file whose
 * process is gone, or is by now some other program's, is removed.
 */
export async function clearLeftover(
  cluster: Cluster,
  onLog: (line: string) => void,
): Promise<void> {
  const pid = await readPid(cluster)
  if (pid === null) return
  if (await isPostmasterOf(cluster, pid)) {
    onLog(`Stopping the Postgres (process ${pid}) that an earlier run left on ${cluster.folder}.`)
    await stopPostmaster(cluster)
  }
  await rm(join(cluster.folder, 'postmaster.pid'), { force: true })
}

/**
 * Whether the process is a Postgres on this cluster, and not one that got a dead one's number.
 *
 * Postgres stays in its cluster folder, which Linux shows. Elsewhere its command line names the
 * folder. Windows shows neither without elevation, so there any postgres.exe counts.
 */
async function isPostmasterOf(cluster: Cluster, pid: number): Promise<boolean> {
  switch (process.platform) {
    case 'linux':
      return (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === cluster.folder
    case 'win32':
      return (await outputOf('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']))
        .toLowerCase()
        .includes('postgres.exe')
    default:
      return (await outputOf('ps', ['-o', 'args=', '-p', `${pid}`])).includes(cluster.folder)
  }
}

const execFileAsync = promisify(execFile)

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  return (await execFileAsync(program, args).catch(() => ({ stdout: '' }))).stdout
}
