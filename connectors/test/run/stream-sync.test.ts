import { instant } from '@regulars/contract/values/instants'
import { describe, expect, test } from 'vitest'
import { Unstorable } from '../../src/mapping/unstorable.ts'
import { openFigures } from '../../src/run/figures.ts'
import { openLimiter } from '../../src/run/limiter.ts'
import { atTheBeginning } from '../../src/run/position.ts'
import { openSlots } from '../../src/run/slots.ts'
import { type StreamDeps, syncStream } from '../../src/run/stream-sync.ts'
import type { Part } from '../../src/run/writer.ts'
import type { Location, Stream } from '../../src/source.ts'
import { toastVerdict } from '../../src/toast/verdicts.ts'

const now = instant(Date.UTC(2026, 10, 20, 12))

const location: Location = {
  id: 'harbor',
  label: 'Harbor',
  timeZone: 'America/New_York',
  closeoutHour: 4,
  firstBusinessDate: null,
}

const jobs: Stream = {
  name: 'job',
  tables: ['job'],
  path: '/jobs',
  limits: [],
  paging: 'whole',
  reading: { kind: 'list', everyHours: 0 },
  recordsOf: (body) => body as unknown[],
  unitsOf(record) {
    const { guid, odd } = Object(record)
    if (odd) throw new Unstorable('job.title: an object')
    const unit = { table: 'job', location: 'harbor', id: guid, version: '', hash: '' }
    return [{ ...unit, deletedAt: null, rows: new Map() }]
  },
}

/** What one sync of the list brings when the vendor answers so. */
async function broughtFor(status: number, body: unknown) {
  const parts: Part[] = []
  const deps: StreamDeps = {
    http: {
      send: async () => ({
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(body)),
        tookMs: 1,
      }),
      close: async () => {},
    },
    session: {
      address: async () => ({ url: new URL('https://vendor.example/jobs'), headers: {} }),
      renew() {},
      verdict: toastVerdict,
      told: () => null,
    },
    limiter: openLimiter({ every: [], named: {} }),
    slots: openSlots(1),
    pageSlots: openSlots(4),
    figures: openFigures(),
    budget: { attemptsMax: 1, firstWaitMs: 1, waitMsMax: 1 },
    signal: new AbortController().signal,
    now: () => now,
    onRetry() {},
    onUnknown() {},
    writer: {
      async bring(part) {
        parts.push(part)
      },
      settled: async () => {},
    },
    destination: { idsWhere: async () => [] },
    tell() {},
    postponed: () => null,
  }
  const facts = { location, now, until: now, start: instant(0), full: false }
  const outcome = await syncStream(jobs, atTheBeginning, { ...facts, instantText: String }, deps)
  return { outcome, removals: parts.flatMap(({ removals = [] }) => removals) }
}

const readAt = new Date(now).toISOString()

describe('a whole list', () => {
  const cases = [
    { name: 'removes what it does not show', body: [{ guid: 'a' }], keep: [['a']] },
    { name: 'removes everything when it is empty', body: [], keep: [[]] },
    {
      name: 'keeps the rows of what is set aside',
      body: [{ guid: 'a' }, { guid: 'b', odd: true }],
      keep: [['a', 'b']],
    },
    {
      name: 'removes nothing when what is set aside names no id',
      body: [{ guid: 'a' }, { odd: true }],
      keep: [],
    },
  ]
  for (const { name, body, keep } of cases) {
    test(name, async () => {
      expect(await broughtFor(200, body)).toEqual({
        outcome: { kind: 'complete' },
        removals: keep.map((keep) => ({
          table: 'job',
          location: 'harbor',
          within: [],
          keep,
          readAt,
        })),
      })
    })
  }

  for (const [status, verdict] of [
    [404, 'absent'],
    [403, 'blocked'],
    [503, 'set-aside'],
  ] as const) {
    test(`removes nothing when the reply is ${status}, and has failed`, async () => {
      expect(await broughtFor(status, [])).toMatchObject({
        outcome: { kind: 'failed', verdict },
        removals: [],
      })
    })
  }
})
