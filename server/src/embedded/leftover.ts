import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotOpen } from './cannot-open.ts'
import type { Cluster } from './cluster.ts'
import { socketPathOf, stopPostmaster } from './postmaster.ts'
import { isAlive, isPostmasterOf, readPid } from './postmaster-process.ts'

const unseenWaitMs = 200
const unseenChecksMax = 50

/**
 * Deals with what an owner that was killed left behind; call it only with the folder's lock held,
 * because then whatever runs on the cluster belongs to nobody.
 *
 * A Postgres still running is stopped in order; it keeps every committed row. The pid files of one
 * that is gone are left for Postgres to judge, unless their number is by now another program's, or
 * a dead process's that nobody collected, as happens in containers: it would refuse to start.
 */
export async function clearLeftover(
  cluster: Cluster,
  onLog: (line: string) => void,
): Promise<void> {
  const pid = await readPid(cluster)
  if (pid === null) return
  if (await isPostmasterOf(cluster, pid)) {
    onLog(`Stopping the Postgres (process ${pid}) that an earlier run left on ${cluster.folder}.`)
    return stopPostmaster(cluster)
  }
  await refuseUnseen(cluster)
  if (!isAlive(pid)) return
  await rm(join(cluster.folder, 'postmaster.pid'), { force: true })
  await rm(`${socketPathOf(cluster)}.lock`, { force: true })
}

/**
 * A Postgres in another container of this machine has a number that means nothing here, and a
 * second one beside it would ruin the cluster. Its socket answers all the same, so we wait for it to
 * be stopped by its watchdog, then refuse.
 */
async function refuseUnseen(cluster: Cluster): Promise<void> {
  for (let check = 1; check <= unseenChecksMax; check += 1) {
    if (!(await answers(socketPathOf(cluster)))) return
    await sleep(unseenWaitMs)
  }
  throw new CannotOpen(
    `A Postgres that this process cannot see, perhaps in another container, is running on ` +
      `${cluster.folder}; stop it, or name another folder with --data.`,
  )
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
