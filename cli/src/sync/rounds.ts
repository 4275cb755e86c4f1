import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Destination,
  DestinationFailed,
  DestinationRefused,
} from '@regulars/connectors/destination'
import { eventOf, type Outcome, type SyncEvent, type Telling } from '@regulars/connectors/events'
import type { Report } from '@regulars/connectors/sync'
import { type Instant, instant } from '@regulars/contract/values/instants'
import { openMetricsFile } from './metrics-file.ts'
import type { SyncCommandOptions } from './sync-options.ts'
import { openTarget } from './target.ts'
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

/** A later round waits so long for whoever is looking into the destination. */
const openAgainMs = 5_000

/**
 * Runs a sync once, or again and again, and leaves its exit code. Between rounds the destination is
 * closed, so that others can read it, and the next one opens it anew. Throws `CannotStart` before
 * the first round, `DestinationRefused` in it; a later round that finds the destination so says it
 * and is left out. A round that the destination fails throws `DestinationFailed`, or says so where
 * others follow.
 */
export async function runRounds(
  source: string,
  options: SyncCommandOptions,
  oneRound: (round: Round) => Promise<Report>,
): Promise<void> {
  const stop = toldToStop()
  const telling = openTelling(options)
  const { metrics: path } = options
  const metrics = path === undefined ? null : await openMetricsFile(path, source)

  async function readInto(destination: Destination, startedAt: number): Promise<Outcome> {
    const pastUntil = options.every === undefined ? null : instant(startedAt + options.every)
    const round = { destination, pastUntil, signal: stop, onEvent: telling.tell }
    const report = await oneRound(round).finally(() => destination.close())
    telling.report(report, options.to)
    const unwritten = (await metrics?.write(report)) ?? null
    if (unwritten !== null) telling.warn(unwritten)
    return report.outcome
  }

  async function nextRound(startedAt: number, isFirst: boolean): Promise<Outcome> {
    try {
      const destination = await openTarget(options, source, isFirst ? 0 : openAgainMs)
      return await readInto(destination, startedAt)
    } catch (error) {
      const told = isFirst && error instanceof DestinationRefused ? null : failureOf(error)
      if (told === null || options.every === undefined) throw error
      telling.tell(eventOf(told, Date.now()))
      return 'failed'
    }
  }

  try {
    for (let isFirst = true; ; isFirst = false) {
      const startedAt = Date.now()
      const outcome = await nextRound(startedAt, isFirst)
      process.exitCode = exitCodes[outcome]
      if (options.every === undefined || stop.aborted || outcome === 'refused') return
      await waitUntil(startedAt + options.every, stop)
      if (stop.aborted) return
    }
  } finally {
    telling.close()
  }
}

/** How the end of a round that others follow is told; null for what ends them all. */
function failureOf(error: unknown): Telling | null {
  if (error instanceof DestinationRefused) return { event: 'skipped', message: error.message }
  if (!(error instanceof DestinationFailed)) return null
  const { message } = error
  return { event: 'problem', location: null, stream: 'destination', verdict: 'failed', message }
}

/** Node takes no longer wait than 24.8 days for one. */
const sleepMsMax = 86_400_000

async function waitUntil(ms: number, stop: AbortSignal): Promise<void> {
  while (!stop.aborted && Date.now() < ms) {
    const leftMs = Math.min(ms - Date.now(), sleepMsMax)
    await sleep(leftMs, null, { signal: stop }).catch(() => {})
  }
}

/** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
function toldToStop(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort())
  }
  return controller.signal
}
