import { rename, rm, stat, writeFile } from 'node:fs/promises'
import type { Report } from '@regulars/connectors/sync'
import { CannotStart } from '@regulars/server/cannot-start'
import { Gauge, Registry } from 'prom-client'

/** The figures of the last round, for Prometheus. */
export type MetricsFile = {
  /** Resolves with a sentence when it could not be written: a sync does not end for that. */
  write(report: Report): Promise<string | null>
}

/**
 * A file for Prometheus' textfile collector, written whole after every round. Throws `CannotStart`
 * where none can be written.
 */
export async function openMetricsFile(path: string, source: string): Promise<MetricsFile> {
  await requireWritable(path)
  const figures = openFigures(source)
  return {
    async write(report) {
      try {
        await replace(path, await figures.textOf(report))
        return null
      } catch (error) {
        return `${path} could not be written (${codeOf(error)}); it holds the figures of an earlier round.`
      }
    },
  }
}

async function requireWritable(path: string): Promise<void> {
  const standing = await stat(path).catch(() => null)
  if (standing?.isDirectory()) {
    throw new CannotStart(`${path} is a folder; name a file with --metrics.`)
  }
  try {
    await writeFile(unfinished(path), '')
    await rm(unfinished(path))
  } catch (error) {
    throw new CannotStart(
      `${path} cannot be written (${codeOf(error)}); make its folder or change its permissions, or ` +
        'name another file with --metrics.',
    )
  }
}

/** Whoever reads meanwhile reads the old file or the new one, never half of one. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(unfinished(path), text)
  await rename(unfinished(path), path)
}

function unfinished(path: string): string {
  return `${path}.new`
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

/** What a round did, as Prometheus reads it. */
function openFigures(source: string): { textOf(report: Report): Promise<string> } {
  const registry = new Registry()
  registry.setDefaultLabels({ source })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `regulars_sync_${name}`, help, labelNames, registers: [registry] })
  const outcome = gauge(
    'complete',
    'Whether the last round delivered all there was (1) or not (0).',
  )
  const ended = gauge('ended_seconds', 'When the last round ended, in seconds since 1970.')
  const took = gauge('duration_seconds', 'How long the last round took.')
  const rows = gauge('rows', 'Rows the last round wrote.')
  const problems = gauge('problems', 'Streams of locations that the last round could not finish.')
  const perStream = ['stream']
  const calls = gauge('calls', 'Calls of the last round.', perStream)
  const retries = gauge('retries', 'Calls of the last round that were tried again.', perStream)
  const records = gauge('records', 'Records the last round read.', perStream)
  const setAside = gauge('quarantined', 'Records the last round set aside.', perStream)
  const open = gauge('quarantined_open', 'Records set aside that were not stored since.')
  const times = gauge('response_milliseconds', 'Response times of the last round.', [
    'stream',
    'quantile',
  ])
  const memory = gauge('peak_memory_bytes', 'Peak memory while a stream was read.', perStream)
  return {
    textOf(report) {
      // A stream that had no call this time is not to show those of an earlier round.
      registry.resetMetrics()
      outcome.set(report.outcome === 'complete' ? 1 : 0)
      ended.set(Math.floor(Date.now() / 1_000))
      took.set(report.seconds)
      rows.set(report.written.rows)
      problems.set(report.problems.length)
      open.set(report.quarantined.open)
      for (const [stream, figures] of Object.entries(report.figures)) {
        calls.set({ stream }, figures.calls)
        retries.set({ stream }, figures.retries)
        records.set({ stream }, figures.records)
        setAside.set({ stream }, figures.quarantined)
        times.set({ stream, quantile: '0.5' }, figures.p50Ms)
        times.set({ stream, quantile: '0.95' }, figures.p95Ms)
        memory.set({ stream }, figures.peakMemoryBytes)
      }
      return registry.metrics()
    },
  }
}
