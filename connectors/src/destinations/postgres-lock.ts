import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { DestinationFailed, DestinationRefused } from '../destination.ts'

/** What one process at a time may write: a source's rows in a schema. */
export type Held = { schema: string; source: string; where: string }

/** The session of a process that was killed ends a moment after it. */
const lockWaitMsMin = 2_000
const lockRetryMs = 100

/** Two halves of an advisory lock's number: ours, and which schema and source. */
const lockKeys = `hashtext('regulars sync'), hashtext($1)`

/**
 * Throws `DestinationRefused` when another session still holds the lock after `waitMs`; ours lasts
 * as the session.
 */
export async function holdLock(client: pg.Client, held: Held, waitMs: number): Promise<void> {
  const giveUpAt = performance.now() + Math.max(lockWaitMsMin, waitMs)
  while (!(await isTaken(client, 'pg_try_advisory_lock', held))) {
    if (performance.now() < giveUpAt) {
      await wait(lockRetryMs)
      continue
    }
    throw new DestinationRefused(
      `${held.where} is being written for ${held.source} in schema ${held.schema} by ` +
        `${await holderOf(client, held)}; wait until that has ended, or name another schema.`,
    )
  }
}

/**
 * Inside a transaction: makes sure of the lock until its end, also where the session that took it
 * is no longer this one. Throws `DestinationFailed` where another has it.
 */
export async function requireLock(client: pg.Client, held: Held): Promise<void> {
  if (await isTaken(client, 'pg_try_advisory_xact_lock', held)) return
  throw new DestinationFailed(
    `${held.where} has come to be written by ${await holderOf(client, held)}. Nothing is lost: what ` +
      'was written stands; start the same command again when that has ended.',
  )
}

async function isTaken(client: pg.Client, take: string, held: Held): Promise<boolean> {
  const result = await client.query<{ taken: boolean }>(`select ${take}(${lockKeys}) as taken`, [
    lockName(held),
  ])
  return result.rows[0]?.taken === true
}

async function holderOf(client: pg.Client, held: Held): Promise<string> {
  const result = await client.query<{ holder: string | null }>(
    `select coalesce(nullif(activity.application_name, ''), 'session ' || locks.pid) as holder
       from pg_locks as locks
       left join pg_stat_activity as activity on activity.pid = locks.pid
      where locks.locktype = 'advisory' and locks.granted and locks.objsubid = 2
        and locks.database = (select oid from pg_database where datname = current_database())
        and locks.classid::bigint = hashtext('regulars sync')::bigint & 4294967295
        and locks.objid::bigint = hashtext($1)::bigint & 4294967295`,
    [lockName(held)],
  )
  return result.rows[0]?.holder ?? 'another process'
}

function lockName({ schema, source }: Held): string {
  return JSON.stringify([schema, source])
}
