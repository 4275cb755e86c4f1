import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Report } from '@regulars/connectors/sync'
import { expect, test } from 'vitest'
import { openMetricsFile } from '../src/sync/metrics-file.ts'
import { temporaryFolder } from './running.ts'

const ofStream = {
  calls: 3,
  retries: 1,
  outcomes: {},
  bytes: 9,
  records: 7,
  quarantined: 2,
  p50Ms: 4,
  p95Ms: 5,
  peakMemoryBytes: 6,
}

function reportOf(figures: Report['figures']): Report {
  const written = { rows: 5, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 }
  const quarantined = { seen: 0, open: 4 }
  const ended = { outcome: 'complete', problems: [], postponed: 0, seconds: 2 } as const
  return { ...ended, quarantined, written, figures }
}

test('a stream without calls does not show those of the round before', async () => {
  const path = temporaryFolder()
  const metrics = await openMetricsFile(path, 'toast')
  const streamsShown = () => {
    const lines = readFileSync(path, 'utf8').matchAll(/^regulars_sync_calls\{stream="(\w+)".* 3$/gm)
    return [...lines].map(([, stream]) => stream)
  }
  await metrics.write(reportOf({ orders: ofStream, job: ofStream }))
  expect(streamsShown()).toEqual(['orders', 'job'])
  await metrics.write(reportOf({ job: ofStream }))
  expect(streamsShown()).toEqual(['job'])
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('regulars_sync_rows{source="toast"} 5\n')
  expect(text).toContain('regulars_sync_quarantined_open{source="toast"} 4\n')
})

test.each([
  {
    what: 'a folder that is not there',
    name: 'missing/figures.prom',
    said: /\(ENOENT\); make its/,
  },
  { what: 'a folder in its place', name: '', said: / is a folder; name a file with --metrics\.$/ },
])('$what is refused before anything is read, and leaves nothing', async ({ name, said }) => {
  const folder = temporaryFolder()
  mkdirSync(folder)
  await expect(openMetricsFile(join(folder, name), 'toast')).rejects.toThrow(said)
  expect(existsSync(`${join(folder, name)}.new`)).toBe(false)
})

test('a folder that is gone later is a sentence, and no end of a sync', async () => {
  const path = join(temporaryFolder(), 'figures.prom')
  mkdirSync(dirname(path))
  const metrics = await openMetricsFile(path, 'toast')
  expect(existsSync(`${path}.new`)).toBe(false)
  rmSync(dirname(path), { recursive: true })
  expect(await metrics.write(reportOf({}))).toBe(
    `${path} could not be written (ENOENT); it holds the figures of an earlier round.`,
  )
})
