import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Destination, DestinationRefused } from '@regulars/connectors/destination'
import type { Outcome, SyncEvent } from '@regulars/connectors/events'
import { openDestination } from '@regulars/connectors/open-destination'
import type { Report } from '@regulars/connectors/sync'
import { type Instant, instant } from '@regulars/contract/values/instants'
import { CannotStart } from '@regulars/server/cannot-start'
import { openMetricsFile } from './metrics-file.ts'
import type { SyncCommandOptions } from './sync-options.ts'
import { openTelling } from './telling.ts'

/** What one round of a sync is handed. */
export type Round = {
  destination: Destination
  /** When a round that keeps running leaves the past for the next; null for never. */
  pastUntil: Instant | null
  signal: AbortSignal
  onEvent(event: SyncEvent): void
}

/** What a shell is told of each outcome. */
const exitCodes: Readonly<Record<Outcome, number>> = {
  complete: 0,
  failed: 1,
  refused: 2,
  partial: 3,
  stopped: 3,
}

/** Runs a sync once, or again and again, and leaves its exit code. */
export async function runRounds(
  source: string,
  options: SyncCommandOptions,
  oneRound: (round: Round) => Promise<Report>,
): Promise<void> {
  const stop = toldToStop()
  const destination = await openTarget(options, source)
  const telling = openTelling(options)
  const metrics = options.metrics === undefined ? null : openMetricsFile(options.metrics, source)
  const onEvent = (event: SyncEvent) => telling.tell(event)
  try {
    for (;;) {
      const startedAt = Date.now()
      const pastUntil = options.every === undefined ? null : instant(startedAt + options.every)
      const report = await oneRound({ destination, pastUntil, signal: stop, onEvent })
      telling.report(report, options.to)
      await metrics?.write(report)
      process.exitCode = exitCodes[report.outcome]
      if (options.every === undefined || stop.aborted || report.outcome === 'refused') return
      await sleep(Math.max(0, startedAt + options.every - Date.now()), null, {
        signal: stop,
      }).catch(() => {})
      if (stop.aborted) return
    }
  } finally {
    telling.close()
    await destination.close()
  }
}

/** Opens what `--to` names; throws `CannotStart` when it cannot be. */
export async function openTarget(
  { to, schema }: Pick<SyncCommandOptions, 'to' | 'schema'>,
  source: string,
): Promise<Destination> {
  try {
    return await openDestination(to, schema === undefined ? { source } : { source, schema })
  } catch (error) {
    if (error instanceof DestinationRefused) throw new CannotStart(error.message)
    throw error
  }
}

/** Opens what an earlier sync wrote to; throws `CannotStart` when it is not there. */
export async function openWritten(
  target: Pick<SyncCommandOptions, 'to' | 'schema'>,
  source: string,
): Promise<Destination> {
  if (isNewFile(target.to)) {
    throw new CannotStart(`There is no file ${target.to}; name what was synced into with --to.`)
  }
  return await openTarget(target, source)
}

/** Whether `--to` names a DuckDB file that is not there yet. */
export function isNewFile(to: string): boolean {
  return !/^postgres(ql)?:/i.test(to) && !existsSync(to)
}

/** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
function toldToStop(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort())
  }
  return controller.signal
}
