import { setTimeout as sleep } from 'node:timers/promises'
import { dayMs, hourMs, instant } from '@regulars/contract/values/instants'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Unit } from '../../src/destination.ts'
import { Unstorable } from '../../src/mapping/unstorable.ts'
import type { Telling } from '../../src/run/events.ts'
import { openFigures } from '../../src/run/figures.ts'
import { openLimiter } from '../../src/run/limiter.ts'
import { atTheBeginning, type Position, positionFrom } from '../../src/run/position.ts'
import { openProgress } from '../../src/run/progress.ts'
import { openRooms } from '../../src/run/slots.ts'
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
async function synced(
  stream: Stream,
  vendor: (query: URLSearchParams, path: string) => Promise<Answer>,
  position: Position = atTheBeginning,
  { full = false, stored = [] }: { full?: boolean; stored?: string[] } = {},
) {
  const parts: Part[] = []
  const told: Telling[] = []
  const deps: StreamDeps = {
    http: {
      async send(url, { arriving }) {
        const { status = 200, headers = {}, body } = await vendor(url.searchParams, url.pathname)
        await arriving?.(headers)
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
    rooms: openRooms(),
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
    destination: { idsWhere: async () => stored },
    tell: (telling) => told.push(telling),
    progress: openProgress({ every: [], named: {} }).of('harbor', 'job'),
    postponed: () => null,
  }
  const start = instant(now - 4 * dayMs)
  const facts = { location, now, until: now, start, full, instantText: iso }
  const outcome = await syncStream(stream, position, facts, deps)
  const { state = '{}' } = parts.findLast(({ state }) => state !== undefined)?.state ?? {}
  const ids = parts.flatMap(({ units = [] }) => units.map(({ id }) => id))
  return { outcome, parts, told, ids, position: positionFrom(state), figures: deps.figures.all() }
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

/** Cash by business dates; a record names the date and the call. */
const entries: Stream = {
  ...jobs,
  name: 'entries',
  tables: ['entries'],
  path: '/entries',
  reading: { kind: 'days', parameter: 'date', trailingDays: 1 },
  unitsOf: (record) => [unitOf(Object(record).guid)],
}

describe('a part that cannot be read', () => {
  const poisoned = now - 2.5 * dayMs
  /** Nothing that holds one instant is answered; a record for each day besides. */
  const vendor = (status: number | null) => async (query: URLSearchParams) => {
    const [from, before] = ['from', 'before'].map((name) => Date.parse(query.get(name) ?? ''))
    if (status !== null && from! <= poisoned && poisoned < before!) return { status, body: {} }
    return { body: [{ guid: iso(from!) }] }
  }
  const healthy = vendor(null)

  test('is left out to the second where it is refused, and what is around it comes', async () => {
    const first = await synced(orders, vendor(400))
    expect(first.outcome).toMatchObject({ kind: 'failed', verdict: 'narrow' })
    expect(first.position).toMatchObject({
      cursor: iso(now),
      floor: iso(now - 4 * dayMs),
      lastSuccessAt: iso(now),
      lastError: { verdict: 'narrow' },
      holes: [{ tries: 1, at: iso(now), verdict: 'narrow' }],
    })
    const [hole] = first.position.holes!
    expect(Date.parse(hole!.from)).toBeLessThanOrEqual(poisoned)
    expect(Date.parse(hole!.before)).toBeGreaterThan(poisoned)
    expect(Date.parse(hole!.before) - Date.parse(hole!.from)).toBeLessThanOrEqual(1_000)
    // The day's other halves, quarters and so on, and the three other days.
    expect(first.ids.length).toBeGreaterThan(10)
  })

  test('is asked for again by the next sync, then after a while, and forgotten once it is read', async () => {
    const first = await synced(orders, vendor(400))
    const second = await synced(orders, vendor(400), first.position)
    expect(second.outcome.kind).toBe('failed')
    expect(second.position.holes).toMatchObject([{ tries: 2 }])
    const third = await synced(orders, healthy, second.position)
    expect(third.position.holes).toMatchObject([{ tries: 2 }])
    const [hole] = second.position.holes!
    const waited = { ...second.position, holes: [{ ...hole!, at: iso(now - hourMs) }] }
    const fourth = await synced(orders, healthy, waited)
    expect(fourth).toMatchObject({ outcome: { kind: 'complete' }, ids: [hole!.from] })
    expect(fourth.position).not.toHaveProperty('holes')
    expect(fourth.position).not.toHaveProperty('lastError')
  })

  test('by a fault is its whole window, passed over once another was read', async () => {
    const { outcome, position, ids } = await synced(orders, vendor(503))
    expect(outcome).toMatchObject({ kind: 'failed', verdict: 'set-aside' })
    expect(ids).toEqual([1, 2, 4].map((day) => iso(now - day * dayMs)))
    expect(position).toMatchObject({
      floor: iso(now - 4 * dayMs),
      holes: [{ from: iso(now - 3 * dayMs), before: iso(now - 2 * dayMs) }],
    })
  })

  test.each([400, 503])('of days is one date, when it answers %i', async (status) => {
    const asked: string[] = []
    const answer = async (query: URLSearchParams) => {
      const date = query.get('date') ?? ''
      asked.push(date)
      return date === '20261117' ? { status, body: {} } : { body: [{ guid: date }] }
    }
    const first = await synced(entries, answer)
    expect(first.outcome).toMatchObject({ kind: 'failed' })
    expect(first.ids).toEqual(['20261120', '20261119', '20261118', '20261116'])
    expect(first.position).toMatchObject({
      cursor: '2026-11-20',
      floor: '2026-11-16',
      holes: [{ from: '2026-11-17', before: '2026-11-18' }],
    })
    asked.length = 0
    await synced(entries, answer, first.position)
    expect(asked).toEqual(['20261120', '20261119', '20261117'])
  })

  test('of a vendor that has gone away is left where it was', async () => {
    let calls = 0
    const { outcome, position, ids } = await synced(
      { ...entries, reading: { kind: 'days', parameter: 'date', trailingDays: 0 } },
      async (query) => {
        calls += 1
        return calls > 2 ? { status: 503, body: {} } : { body: [{ guid: query.get('date') }] }
      },
    )
    expect(outcome).toMatchObject({ kind: 'failed', verdict: 'set-aside' })
    expect(ids).toEqual(['20261120', '20261119'])
    expect(position).toMatchObject({ cursor: '2026-11-20', floor: '2026-11-19' })
    expect(position).not.toHaveProperty('holes')
  })

  test('of a repair does not keep the past from being read', async () => {
    const repair = { name: 'refunds', everyHours: 24, parameter: 'date', daysBack: 3 }
    const stream: Stream = {
      ...orders,
      reading: {
        ...(orders.reading as Extract<Stream['reading'], { kind: 'modified' }>),
        repairs: [
          {
            ...repair,
            by: 'ids',
            path: '/payments',
            stored: { table: 'payment', column: 'date' },
            follow: [{ path: '/orders/{id}', member: null }],
          },
        ],
      },
    }
    const before = {
      rows: 0,
      cursor: iso(now - hourMs),
      floor: iso(now - 2 * dayMs),
      repairedAt: { refunds: iso(now - 2 * dayMs) },
    }
    let repairs = 0
    const { outcome, position } = await synced(
      stream,
      async (query, path) => {
        if (path !== '/payments') return await healthy(query)
        repairs += 1
        return { status: 403, body: {} }
      },
      before,
    )
    expect(outcome).toMatchObject({ kind: 'failed', verdict: 'blocked' })
    expect(position).toMatchObject({ cursor: iso(now), floor: iso(now - 4 * dayMs) })
    expect(position.repairedAt).toEqual(before.repairedAt)
    expect(repairs).toBeLessThanOrEqual(4)
  })
})

test('what a position covers, but for its holes, was read, whatever was answered to what', async () => {
  const status = fc.constantFrom(200, 200, 400, 403, 503)
  const round = fc.array(status, { minLength: 16, maxLength: 16 })
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
      const read: { from: number; before: number }[] = []
      let position = atTheBeginning
      for (const statuses of [...rounds, [], [], []]) {
        // Of each quarter of a day one instant is answered as it is drawn, the others are well.
        const answer = async (query: URLSearchParams) => {
          const [from = 0, before = 0] = ['from', 'before'].map((name) =>
            Date.parse(query.get(name) ?? ''),
          )
          const bad = statuses.find((status, place) => {
            const at = now - (place + 0.4) * 6 * hourMs
            return status !== 200 && from <= at && at < before
          })
          if (bad !== undefined) return { status: bad, body: {} }
          if (before > from) read.push({ from, before })
          return { body: [] }
        }
        const due = position.holes?.map((hole) => ({ ...hole, at: iso(now - 2 * dayMs) }))
        const given = due === undefined ? position : { ...position, holes: due }
        const ended = await synced(orders, answer, given)
        position = ended.position
        expect(ended.outcome.kind === 'complete').toBe(isAllRead(position))
        expect(unread(position, read)).toEqual([])
      }
      expect(isAllRead(position)).toBe(true)
    }),
    { numRuns: 60 },
  )

  function isAllRead({ floor, cursor, holes }: Position): boolean {
    return cursor === iso(now) && floor === iso(now - 4 * dayMs) && holes === undefined
  }

  function unread(position: Position, read: { from: number; before: number }[]): string[] {
    const { floor, cursor, holes = [] } = position
    if (floor === undefined || cursor === undefined) return []
    const left = holes.map(({ from, before }) => ({
      from: Date.parse(from),
      before: Date.parse(before),
    }))
    const known = [...read, ...left]
    const edges = known.flatMap(({ from, before }) => [from, before])
    const inside = [Date.parse(floor), Date.parse(cursor), ...edges]
      .filter((at) => at >= Date.parse(floor) && at <= Date.parse(cursor))
      .toSorted((one, other) => one - other)
    return inside
      .slice(1)
      .map((at, place) => (at + (inside[place] ?? at)) / 2)
      .filter((at) => !inside.includes(at))
      .filter((at) => !known.some(({ from, before }) => from <= at && at < before))
      .map(iso)
  }
})

describe('a document', () => {
  const menus: Stream = {
    ...jobs,
    name: 'menus',
    tables: ['menus'],
    path: '/menus',
    reading: { kind: 'document', probePath: '/metadata', member: 'lastUpdated', everyHours: 24 },
    recordsOf: (body) => [body],
    unitsOf: (record) => [unitOf(Object(record).lastUpdated)],
  }
  const [old, published] = ['2026-11-01T00:00:00.000+0000', '2026-11-20T11:59:00.000+0000']

  /** A vendor whose document is of an earlier moment than it announces. */
  const answering = (document: string) => async (_: URLSearchParams, path: string) => ({
    body: { lastUpdated: path === '/metadata' ? published : document },
  })

  test('that was announced before it was built is fetched again', async () => {
    const first = await synced(menus, answering(old))
    const second = await synced(menus, answering(old), first.position)
    const third = await synced(menus, answering(published), second.position)
    const fourth = await synced(menus, answering(published), third.position)
    expect([first, second, third, fourth].map(({ ids }) => ids)).toEqual([
      [old],
      [old],
      [published],
      [],
    ])
  })
})

test('what a list no longer shows is looked up by its ids, and what is not found then is removed', async () => {
  const stream: Stream = {
    ...jobs,
    reading: { kind: 'list', everyHours: 0, lookUp: { parameter: 'ids', atOnce: 2 } },
  }
  const asked: (string | null)[] = []
  const answer = async (query: URLSearchParams) => {
    const ids = query.get('ids')
    asked.push(ids)
    const found = ids === null ? ['a'] : ids.split(',').filter((id) => id !== 'c')
    return { body: found.map((guid) => ({ guid })) }
  }
  const stored = ['a', 'b', 'c', 'd']
  const { ids, parts, outcome } = await synced(stream, answer, { rows: 4 }, { stored })
  expect(outcome).toEqual({ kind: 'complete' })
  expect(asked).toEqual([null, 'b,c', 'd'])
  expect(ids).toEqual(['a', 'b', 'd'])
  expect(parts.flatMap(({ removals = [] }) => removals)).toMatchObject([{ keep: ['a', 'b', 'd'] }])
  const failing = await synced(
    stream,
    async (query) => (query.has('ids') ? { status: 503, body: {} } : { body: [{ guid: 'a' }] }),
    { rows: 4 },
    { stored },
  )
  expect(failing.outcome.kind).toBe('failed')
  expect(failing.parts.flatMap(({ removals = [] }) => removals)).toEqual([])
})

test('that a list has become empty is believed when it is said twice', async () => {
  const position = { rows: 7, wholeAt: iso(now - dayMs) }
  const flickering: unknown[][] = [[], [{ guid: 'a' }]]
  const once = await synced(jobs, async () => ({ body: flickering.shift() }), position)
  expect(once.parts.flatMap(({ removals = [] }) => removals)).toMatchObject([{ keep: ['a'] }])
  const twice = await synced(jobs, async () => ({ body: [] }), position)
  expect(twice.parts.flatMap(({ removals = [] }) => removals)).toMatchObject([{ keep: [] }])
})

test.each([
  { what: 'that stands somewhere', position: { rows: 2, mark: '7' } },
  { what: 'of which nothing is known', position: { rows: 0 } },
])(
  'a feed $what, when all of it is wanted, begins anew and marks what does not come',
  async (given) => {
    const feed: Stream = {
      ...jobs,
      reading: { kind: 'feed' },
      recordsOf: (body) => Object(body).records,
    }
    const asked: (string | null)[] = []
    const answer = async (query: URLSearchParams) => {
      asked.push(query.get('after'))
      return { body: { next: '9', more: false, records: [{ guid: 'a' }] } }
    }
    const { parts, position } = await synced(feed, answer, given.position, { full: true })
    expect(asked).toEqual([null])
    expect(parts.flatMap(({ removals = [] }) => removals)).toMatchObject([
      { table: 'job', within: [], keep: [], readAt },
    ])
    expect(position).toMatchObject({ mark: '9' })
    expect(position).not.toHaveProperty('againFrom')
  },
)

test('a feed tells every page, and counts its rows as they are written', async () => {
  const feed: Stream = {
    ...jobs,
    reading: { kind: 'feed' },
    recordsOf: (body) => Object(body).records,
  }
  const { told, parts } = await synced(feed, async (query) => {
    const page = Number(query.get('after') ?? 0) + 1
    return { body: { next: String(page), more: page < 3, records: [{ guid: String(page) }] } }
  })
  expect(told.flatMap((one) => (one.event === 'read' ? [one.records] : []))).toEqual([1, 1, 1])
  const rows = parts.flatMap(({ state }) =>
    state === undefined ? [] : [JSON.parse(state.state).rows],
  )
  expect(rows).toEqual([1, 2, 2, 3, 3])
})
