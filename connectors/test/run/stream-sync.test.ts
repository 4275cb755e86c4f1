import { setTimeout as sleep } from 'node:timers/promises'
import { dayMs, instant } from '@regulars/contract/values/instants'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Unit } from '../../src/destination.ts'
import { Unstorable } from '../../src/mapping/unstorable.ts'
import { openFigures } from '../../src/run/figures.ts'
import { openLimiter } from '../../src/run/limiter.ts'
import { atTheBeginning } from '../../src/run/position.ts'
import { openProgress } from '../../src/run/progress.ts'
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
    return [unitOf(guid)]
  },
}

function unitOf(id: string): Unit {
  const unit = { table: 'job', location: 'harbor', id, version: '', hash: '' }
  return { ...unit, deletedAt: null, rows: new Map() }
}

/** Windows of a day and pages of one record; a record names the window and the page. */
const orders: Stream = {
  ...jobs,
  name: 'orders',
  tables: ['orders'],
  path: '/orders',
  paging: 'numbered',
  reading: {
    kind: 'modified',
    parameters: ['from', 'before'],
    settleMinutes: 0,
    lookBackMinutes: 0,
    windowHours: 24,
    repairs: [],
  },
  unitsOf: (record) => [unitOf(Object(record).guid)],
}

type Answer = { status?: number; headers?: Record<string, string>; body: unknown }

/** One sync of a stream, with a vendor that is a function of a call's query. */
async function synced(stream: Stream, vendor: (query: URLSearchParams) => Promise<Answer>) {
  const parts: Part[] = []
  const deps: StreamDeps = {
    http: {
      async send(url) {
        const { status = 200, headers = {}, body } = await vendor(url.searchParams)
        return { status, headers, body: Buffer.from(JSON.stringify(body)), tookMs: 1 }
      },
      close: async () => {},
    },
    session: {
      address: async ({ path, query }) => {
        const url = new URL(`https://vendor.example${path}?${new URLSearchParams(query)}`)
        return { url, headers: {} }
      },
      renew() {},
      verdict: toastVerdict,
      told: () => null,
    },
    limiter: openLimiter({ every: [], named: {} }),
    slots: openSlots(8),
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
    progress: openProgress({ every: [], named: {} }).of('harbor', 'job'),
    postponed: () => null,
  }
  const start = instant(now - 4 * dayMs)
  const facts = { location, now, until: now, start, full: false, instantText: iso }
  const outcome = await syncStream(stream, atTheBeginning, facts, deps)
  return { outcome, parts }
}

const iso = (ms: number) => new Date(ms).toISOString()

/** What one sync of the list brings when the vendor answers so. */
async function broughtFor(status: number, body: unknown) {
  const { outcome, parts } = await synced(jobs, async () => ({ status, body }))
  return { outcome, removals: parts.flatMap(({ removals = [] }) => removals) }
}

const readAt = iso(now)

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

describe('the position of a stream whose readings overtake each other', () => {
  const days = [1, 2, 3, 4]

  /** Pages of a window's day back from now, each after its time; a day that fails ends in 403. */
  function vendor(of: (day: number) => { pages: number; waitMs: number; fails: boolean }) {
    return async (query: URLSearchParams): Promise<Answer> => {
      const day = (now - Date.parse(query.get('from') ?? '')) / dayMs
      // What has changed under the feet of a walk: nothing.
      if (day < 1) return { body: [] }
      const page = Number(query.get('page'))
      const { pages, waitMs, fails } = of(day)
      await sleep(waitMs)
      if (fails && page === pages) return { status: 403, body: {} }
      const headers = page < pages ? { link: '<x>; rel="next"' } : {}
      return { headers, body: [{ guid: `${day}-${page}` }] }
    }
  }

  /** Every state that was written, with the records that had come with it or before. */
  function statesOf(parts: readonly Part[]) {
    const seen = new Set<string>()
    return parts.flatMap(({ units = [], state }) => {
      for (const { id } of units) seen.add(id)
      if (state === undefined) return []
      const { floor, rows } = JSON.parse(state.state)
      return [
        {
          daysBack: floor === undefined ? 0 : (now - Date.parse(floor)) / dayMs,
          rows,
          seen: new Set(seen),
          hasRows: units.length > 0,
        },
      ]
    })
  }

  test('covers only what is there, and moves with the rows that complete it', async () => {
    const oneDay = fc.record({
      pages: fc.integer({ min: 1, max: 3 }),
      waitMs: fc.integer({ min: 0, max: 3 }),
      fails: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.tuple(oneDay, oneDay, oneDay, oneDay), async (given) => {
        const of = (day: number) => given[day - 1]!
        const { outcome, parts } = await synced(orders, vendor(of))
        const firstFailed = days.find((day) => of(day).fails) ?? days.length + 1
        expect(outcome.kind).toBe(firstFailed > days.length ? 'complete' : 'failed')
        const states = statesOf(parts)
        const before = { daysBack: 0 }
        for (const { daysBack, rows, seen, hasRows } of states) {
          const covered = days.slice(0, daysBack)
          const ids = covered.flatMap((day) =>
            Array.from({ length: of(day).pages }, (_, place) => `${day}-${place + 1}`),
          )
          expect(ids.filter((id) => !seen.has(id))).toEqual([])
          expect(rows).toBe(ids.length)
          if (daysBack > before.daysBack) expect(hasRows).toBe(true)
          expect(daysBack).toBeGreaterThanOrEqual(before.daysBack)
          before.daysBack = daysBack
        }
        expect(states.at(-1)?.daysBack).toBe(firstFailed - 1)
        // Nothing that was read is thrown away, whatever the readings before it came to.
        const { seen } = states.at(-1)!
        for (const day of days.filter((day) => !of(day).fails && day <= firstFailed)) {
          expect(seen).toContain(`${day}-${of(day).pages}`)
        }
      }),
      { numRuns: 40 },
    )
  })
})
