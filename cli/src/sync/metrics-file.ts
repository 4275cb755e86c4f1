import { rename, writeFile } from 'node:fs/promises'
import type { Report } from '@regulars/connectors/sync'
import { Gauge, Registry } from 'prom-client'

/** A file of figures for Prometheus' textfile collector, written whole after every round. */
export function openMetricsFile(
  path: string,
  source: string,
): { write(report: Report): Promise<void> } {
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
  const times = gauge('response_milliseconds', 'Response times of the last round.', [
    'stream',
    'quantile',
  ])
  const memory = gauge('peak_memory_bytes', 'Peak memory while a stream was read.', perStream)
  return {
    async write(report) {
      outcome.set(report.outcome === 'complete' ? 1 : 0)
      ended.set(Math.floor(Date.now() / 1_000))
      took.set(report.seconds)
      rows.set(report.written.rows)
      problems.set(report.problems.length)
      for (const [stream, figures] of Object.entries(report.figures)) {
        calls.set({ stream }, figures.calls)
        retries.set({ stream }, figures.retries)
        records.set({ stream }, figures.records)
        setAside.set({ stream }, figures.quarantined)
        times.set({ stream, quantile: '0.5' }, figures.p50Ms)
        times.set({ stream, quantile: '0.95' }, figures.p95Ms)
        memory.set({ stream }, figures.peakMemoryBytes)
      }
      // Whoever reads meanwhile reads the old file or the new one, never half of one.
      const unfinished = `${path}.new`
      await writeFile(unfinished, await registry.metrics())
      await rename(unfinished, path)
    },
  }
}
