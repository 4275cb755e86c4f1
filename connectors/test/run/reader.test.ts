import { setImmediate } from 'node:timers/promises'
import { dayMs, hourMs, instant, minuteMs } from '@regulars/contract/values/instants'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Unit } from '../../src/destination.ts'
import { Unstorable } from '../../src/mapping/unstorable.ts'
import { ReadingFailed } from '../../src/outcome.ts'
import { openFigures } from '../../src/run/figures.ts'
import type { Http, Reply } from '../../src/run/http.ts'
import { openLimiter } from '../../src/run/limiter.ts'
import type { Task } from '../../src/run/plan.ts'
import {
  fetchBody,
  fetchIfThere,
  type Read,
  type ReaderDeps,
  readTask,
} from '../../src/run/reader.ts'
import { openRooms, openSlots } from '../../src/run/slots.ts'
import type { Session } from '../../src/session.ts'
import type { Call, Reading, Stream } from '../../src/source.ts'
import { toastVerdict } from '../../src/toast/verdicts.ts'

type Answer = { status?: number; headers?: Record<string, string>; body?: unknown }
type Vendor = (query: Record<string, string>, count: number, signal: AbortSignal) => Promise<Answer>

const begin = Date.UTC(2026, 10, 20, 12)
const slotCount = 2

/** A reader's surroundings, and a vendor that is a function of a call's query and its number. */
function around(vendor: Vendor, given: Partial<ReaderDeps> = {}) {
  const asked: Record<string, string>[] = []
  const clock = { ms: begin }
  const room = { calls: openSlots(slotCount), replies: openSlots(slotCount) }
  const stop = new AbortController()
  const renewed: string[] = []
  let logins = 1
  const http: Http = {
    async send(url, { signal, arriving }): Promise<Reply> {
      const query = Object.fromEntries(url.searchParams)
      asked.push(query)
      const {
        status = 200,
        headers = {},
        body = '',
      } = await vendor(query, asked.length, signal ?? stop.signal)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      await arriving?.(headers)
      return { status, headers, body: Buffer.from(text), tookMs: 1 }
    },
    close: async () => {},
  }
  const session: Session = {
    async address({ path, query }) {
      const url = new URL(`https://vendor.example${path}`)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return { url, headers: { authorization: `token-${logins}` } }
    },
    renew({ authorization = '' }) {
      renewed.push(authorization)
      logins += 1
    },
    verdict: toastVerdict,
    told: () => null,
  }
  const retries: string[] = []
  const deps: ReaderDeps = {
    http,
    session,
    limiter: openLimiter({ every: [], named: {} }),
    rooms: { plain: room, pages: room, checks: openRooms().checks },
    figures: openFigures(),
    budget: { attemptsMax: 4, firstWaitMs: 1, waitMsMax: 2 },
    signal: stop.signal,
    now: () => instant(clock.ms),
    onRetry: (said) => retries.push(said),
    onUnknown: () => {},
    ...given,
  }
  return { deps, asked, clock, stop, retries, renewed }
}

/** Takes every slot there is: a reading that kept one would leave this waiting. */
async function expectSlotsFree({ rooms: { plain } }: ReaderDeps): Promise<void> {
  for (const slots of [plain.calls, plain.replies]) {
    const taken = Promise.all(Array.from({ length: slotCount }, () => slots.take()))
    for (const release of await taken) release()
  }
}

type Item = { guid: string; createdDate: string; modifiedDate: string }

function unitOf(record: unknown): Unit {
  const { guid } = record as Item
  if (guid === 'odd') throw new Unstorable('item.price: an object')
  if (guid === 'bug') throw new TypeError('a bug of ours')
  return {
    table: 'item',
    location: 'harbor',
    id: guid,
    version: '',
    hash: '',
    deletedAt: null,
    rows: new Map(),
  }
}

const modified: Reading = {
  kind: 'modified',
  parameters: ['startDate', 'endDate'],
  settleMinutes: 2,
  lookBackMinutes: 15,
  windowHours: 24,
  repairs: [],
}

function streamOf(given: Partial<Stream> = {}): Stream {
  return {
    name: 'item',
    tables: ['item'],
    path: '/items',
    limits: [],
    paging: 'whole',
    reading: { kind: 'list', everyHours: 0 },
    recordsOf(body) {
      if (Array.isArray(body)) return body
      throw new ReadingFailed('set-aside', '/items: the reply is no list')
    },
    unitsOf: (record) => [unitOf(record)],
    ...given,
  }
}

const iso = (ms: number) => new Date(ms).toISOString()

function taskOf(
  query: Record<string, string> = {},
  window: { from: number; before: number } | null = null,
): Task {
  const call: Call = { path: '/items', query, headers: {}, limits: [] }
  return {
    purpose: 'live',
    what: '',
    call,
    window:
      window === null
        ? null
        : {
            parameters: ['startDate', 'endDate'],
            from: instant(window.from),
            before: instant(window.before),
          },
    businessDate: null,
    range: null,
    repair: null,
    removes: null,
    ids: null,
    moves: {},
  }
}

function windowTask(from: number, before: number): Task {
  return taskOf({ startDate: iso(from), endDate: iso(before) }, { from, before })
}

/** What a reading brings, walk by walk, and how it ends. */
async function readingOf(task: Task, stream: Stream, { deps }: { deps: ReaderDeps }) {
  const walks: string[][] = []
  const quarantined: object[] = []
  const take = (read: Read) => {
    walks.at(-1)?.push(...read.units.map(({ id }) => id))
    quarantined.push(...read.quarantined)
  }
  const ended = await readTask(task, stream, {
    deps,
    location: 'harbor',
    instantText: iso,
    sink: {
      begin() {
        walks.push([])
      },
      bring: async (read) => take(read),
    },
  }).then(
    ({ read, release }) => {
      take(read)
      release()
      return 'read'
    },
    (error: unknown) =>
      error instanceof ReadingFailed ? `${error.verdict}: ${error.message}` : error,
  )
  await expectSlotsFree(deps)
  return { walks, quarantined, ended }
}

const next = { link: '<https://vendor.example/items?page=2>; rel="next"' }
const items = (...guids: string[]) => guids.map((guid) => ({ guid }))

describe('pages', () => {
  test('of a whole list are one', async () => {
    const world = around(async () => ({ headers: next, body: items('a', 'b') }))
    expect(await readingOf(taskOf({ lastModified: 'then' }), streamOf(), world)).toEqual({
      walks: [['a', 'b']],
      quarantined: [],
      ended: 'read',
    })
    expect(world.asked).toEqual([{ lastModified: 'then' }])
  })

  test('by number go on while there is a next, and end at an empty one', async () => {
    const pages = [items('a'), items('b'), []]
    const world = around(async ({ page }) => ({ headers: next, body: pages[Number(page) - 1] }))
    const read = await readingOf(
      taskOf({ businessDate: '1' }),
      streamOf({ paging: 'numbered' }),
      world,
    )
    expect(read).toEqual({ walks: [['a', 'b']], quarantined: [], ended: 'read' })
    expect(world.asked).toEqual(
      ['1', '2', '3'].map((page) => ({ businessDate: '1', pageSize: '100', page })),
    )
  })

  test('by number end when none is named', async () => {
    const headers = { link: '<https://vendor.example/items?page=1>; rel="first"' }
    const world = around(async () => ({ headers, body: items('a') }))
    await readingOf(taskOf(), streamOf({ paging: 'numbered' }), world)
    expect(world.asked).toHaveLength(1)
  })

  test('by token are asked for with it and with what the first was asked for', async () => {
    const world = around(async ({ pageToken }) =>
      pageToken === undefined
        ? { headers: { 'toast-next-page-token': 't2' }, body: items('a') }
        : { headers: { 'toast-next-page-token': '' }, body: items('b') },
    )
    const stream = streamOf({ paging: 'token' })
    expect(await readingOf(taskOf({ lastModified: 'then' }), stream, world)).toMatchObject({
      walks: [['a', 'b']],
    })
    expect(world.asked).toEqual([
      { lastModified: 'then' },
      { lastModified: 'then', pageToken: 't2' },
    ])
  })

  test('by cursor go on after it while there are more', async () => {
    const world = around(async ({ after }) =>
      after === undefined
        ? { body: { list: items('a'), more: true, next: 'c1' } }
        : { body: { list: items('b'), more: false, next: 'c2' } },
    )
    const recordsOf = (body: unknown) => (body as { list: unknown[] }).list
    const stream = streamOf({ paging: 'cursor', recordsOf })
    expect(await readingOf(taskOf(), stream, world)).toMatchObject({ walks: [['a', 'b']] })
    expect(world.asked).toEqual([{}, { after: 'c1' }])
  })

  test('are walked anew when something was published in their midst', async () => {
    const world = around(async ({ pageToken }, count) => {
      if (count === 2) return { status: 409, body: { message: 'published' } }
      if (pageToken === undefined) {
        return { headers: { 'toast-next-page-token': `t${count}` }, body: items('a') }
      }
      return { body: items('b') }
    })
    expect(await readingOf(taskOf(), streamOf({ paging: 'token' }), world)).toMatchObject({
      walks: [['a'], ['a', 'b']],
      ended: 'read',
    })
    expect(world.asked).toEqual([{}, { pageToken: 't1' }, {}, { pageToken: 't3' }])
    expect(world.retries).toEqual(['/items: 409 published'])
  })

  test('that are published again and again are set aside', async () => {
    const world = around(async () => ({ status: 409 }))
    expect(await readingOf(taskOf(), streamOf({ paging: 'token' }), world)).toMatchObject({
      walks: [[], [], [], [], []],
      ended: 'set-aside: /items: 409',
    })
  })
})

/** A set of items under change: pages of two, by when they were modified. */
function liveSet(given: readonly { modifiedAt: number; createdAt: number }[]) {
  const all = given.map((item, place) => ({ ...item, guid: String(place) }))
  const pageOf = ({ startDate = '', endDate = '', page }: Record<string, string>): Answer => {
    const [from, before] = [Date.parse(startDate), Date.parse(endDate)]
    const selected = all
      .filter(({ modifiedAt }) => modifiedAt >= from && modifiedAt < before)
      .sort((one, other) => one.modifiedAt - other.modifiedAt)
    const first = (Number(page) - 1) * 2
    const body = selected.slice(first, first + 2).map(({ guid, createdAt, modifiedAt }) => ({
      guid,
      createdDate: iso(createdAt),
      modifiedDate: iso(modifiedAt),
    }))
    return { headers: selected.length > first + 2 ? next : {}, body }
  }
  return { all, pageOf }
}

describe('pages of a window under change', () => {
  const stream = streamOf({ paging: 'numbered', reading: modified })
  const before = begin - 2 * minuteMs
  const from = before - dayMs

  test('are read again when a record left between two of them, as another was then skipped', async () => {
    const set = liveSet(
      [1, 2, 3, 4].map((hour) => ({ modifiedAt: from + hour * hourMs, createdAt: from })),
    )
    const world = around(async (query, count) => {
      world.clock.ms += 500
      const answer = set.pageOf(query)
      // The first record is edited once it has been read.
      if (count === 1) set.all[0]!.modifiedAt = world.clock.ms
      return answer
    })
    expect(await readingOf(windowTask(from, before), stream, world)).toMatchObject({
      walks: [
        ['0', '1', '3'],
        ['1', '2', '3'],
      ],
      ended: 'read',
    })
  })

  test('are read once when nothing left, and nothing is asked when there is one page', async () => {
    const set = liveSet(
      [1, 2, 3].map((hour) => ({ modifiedAt: from + hour * hourMs, createdAt: from })),
    )
    const world = around(async (query) => set.pageOf(query))
    expect(await readingOf(windowTask(from, before), stream, world)).toMatchObject({
      walks: [['0', '1', '2']],
    })
    expect(world.asked).toHaveLength(3)
    set.all.pop()
    const again = around(async (query) => set.pageOf(query))
    await readingOf(windowTask(from, before), stream, again)
    expect(again.asked).toHaveLength(1)
  })

  test('show every record that stays, whatever else leaves and when', async () => {
    const item = fc.record({
      modifiedAt: fc.integer({ min: from, max: before - 1 }),
      createdAt: fc.constant(from - hourMs),
    })
    const edits = fc.array(fc.record({ call: fc.integer({ min: 1, max: 30 }), item: fc.nat(20) }), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { minLength: 1, maxLength: 9 }),
        edits,
        async (given, edits) => {
          const set = liveSet(given)
          const world = around(async (query, count) => {
            world.clock.ms += 700
            const answer = set.pageOf(query)
            for (const edit of edits.filter(({ call }) => call === count)) {
              const edited = set.all[edit.item % set.all.length]!
              edited.modifiedAt = world.clock.ms
            }
            return answer
          })
          const { walks, ended } = await readingOf(windowTask(from, before), stream, world)
          expect(ended).toBe('read')
          const brought = new Set(walks.flat())
          const stayed = set.all.filter(({ modifiedAt }) => modifiedAt < before)
          expect(stayed.filter(({ guid }) => !brought.has(guid))).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('are not read again for what others modify', async () => {
    const set = liveSet(
      [1, 2, 3, 4].map((hour) => ({ modifiedAt: from + hour * hourMs, createdAt: from })),
    )
    set.all.push({ guid: 'busy', createdAt: from, modifiedAt: before })
    const world = around(async (query) => {
      world.clock.ms += 500
      set.all.at(-1)!.modifiedAt = world.clock.ms
      return set.pageOf(query)
    })
    expect(await readingOf(windowTask(from, before), stream, world)).toMatchObject({
      walks: [['0', '1', '2', '3']],
      ended: 'read',
    })
  })

  test('that never hold still are read in narrower windows', async () => {
    const many = 60
    const set = liveSet(
      Array.from({ length: many }, (_, place) => ({
        modifiedAt: from + place * minuteMs * 20,
        createdAt: from - hourMs,
      })),
    )
    const world = around(async (query, count) => {
      world.clock.ms += 500
      const answer = set.pageOf(query)
      // Until little is left, what a page shows first is edited at once.
      const [first] = answer.body as { guid: string }[]
      const isFirstPage = query.page === '1' && Date.parse(query.startDate ?? '') < before
      if (isFirstPage && first !== undefined && count < 200) {
        set.all[Number(first.guid)]!.modifiedAt = world.clock.ms
      }
      return answer
    })
    const { walks, ended } = await readingOf(windowTask(from, before), stream, world)
    expect(ended).toBe('read')
    const brought = new Set(walks.flat())
    const stayed = set.all.filter(({ modifiedAt }) => modifiedAt < before)
    expect(stayed.length).toBeGreaterThan(10)
    expect(stayed.filter(({ guid }) => !brought.has(guid))).toEqual([])
  })
})

describe('a window that is refused', () => {
  const stream = streamOf({ reading: modified })
  const from = begin - dayMs

  test('is read in halves that leave no gap', async () => {
    const read: { from: number; before: number }[] = []
    const world = around(async ({ startDate = '', endDate = '' }) => {
      const window = { from: Date.parse(startDate), before: Date.parse(endDate) }
      if (window.before - window.from > 5 * hourMs) return { status: 400 }
      read.push(window)
      return { body: items(startDate) }
    })
    const { ended } = await readingOf(windowTask(from, begin), stream, world)
    expect(ended).toBe('read')
    expect(read).toHaveLength(8)
    expect(read.map(({ from }) => from)).toEqual([
      from,
      ...read.map(({ before }) => before).slice(0, -1),
    ])
    expect(read.at(-1)?.before).toBe(begin)
  })

  test('at every width is given up after few calls, with what the vendor said', async () => {
    const body = { message: 'Input startDate must be before endDate', requestId: 'r-1' }
    const world = around(async () => ({ status: 400, body }))
    const { ended } = await readingOf(windowTask(from, begin), stream, world)
    expect(ended).toBe('narrow: /items: 400 Input startDate must be before endDate (request r-1)')
    expect(world.asked.length).toBeLessThanOrEqual(19)
  })

  test('is not cut when it is no window of modification', async () => {
    const world = around(async () => ({ status: 400 }))
    expect(await readingOf(taskOf(), streamOf(), world)).toMatchObject({
      ended: 'narrow: /items: 400',
    })
    expect(world.asked).toHaveLength(1)
  })
})

describe('a reply', () => {
  const good = items('a')
  const cases: { name: string; answers: Answer[]; ended: string; walks: string[][] }[] = [
    {
      name: 'that is empty is asked for again',
      answers: [{ body: '' }, { body: good }],
      ended: 'read',
      walks: [['a']],
    },
    {
      name: 'that was cut short is asked for again',
      answers: [{ body: '[{"guid":"a"},{"gu' }, { body: good }],
      ended: 'read',
      walks: [['a']],
    },
    {
      name: 'that is always cut short is set aside',
      answers: Array(4).fill({ body: '[{"guid":"a"},{"gu' }),
      ended: 'set-aside: /items: 200 with a body that is no JSON, 4 times in a row',
      walks: [[]],
    },
    {
      name: 'that has no content holds nothing',
      answers: [{ status: 204 }],
      ended: 'read',
      walks: [[]],
    },
    {
      name: 'that is null is no empty list',
      answers: [{ body: 'null' }],
      ended: 'set-aside: /items: the reply is no list',
      walks: [[]],
    },
    {
      name: 'that says the list is not there is no empty list',
      answers: [{ status: 404, body: { message: 'Not found' } }],
      ended: 'absent: /items: 404 Not found',
      walks: [[]],
    },
    {
      name: 'that is a fault is asked for again',
      answers: [{ status: 503 }, { status: 500, body: '<html>' }, { body: good }],
      ended: 'read',
      walks: [['a']],
    },
    {
      name: 'that refuses the location blocks the stream',
      answers: [{ status: 403, body: { message: 'No access' } }],
      ended: 'blocked: /items: 403 No access',
      walks: [[]],
    },
    {
      name: 'that says the restaurant was deleted ends the location',
      answers: [{ status: 404, body: { message: 'Restaurant(a-b) has been deleted' } }],
      ended: 'location-gone: /items: 404 Restaurant(a-b) has been deleted',
      walks: [[]],
    },
    {
      name: 'that refuses the token is asked for with another',
      answers: [{ status: 401 }, { body: good }],
      ended: 'read',
      walks: [['a']],
    },
    {
      name: 'that refuses two tokens stops everything',
      answers: [{ status: 401 }, { status: 401 }],
      ended: 'stop: /items: 401',
      walks: [[]],
    },
  ]
  for (const { name, answers, ended, walks } of cases) {
    test(name, async () => {
      const world = around(async (_, count) => answers[count - 1] ?? { status: 599 })
      expect(await readingOf(taskOf(), streamOf(), world)).toMatchObject({ ended, walks })
      expect(world.asked).toHaveLength(answers.length)
    })
  }

  test('to a token that is no longer good names which', async () => {
    const world = around(async (_, count) => (count === 1 ? { status: 401 } : { body: good }))
    await readingOf(taskOf(), streamOf(), world)
    expect(world.renewed).toEqual(['token-1'])
  })

  test('that says a document is not there holds nothing', async () => {
    const reading: Reading = { kind: 'document', probePath: '/probe', member: 'm', everyHours: 1 }
    const stream = streamOf({ reading, mayBeAbsent: true })
    const world = around(async () => ({ status: 404 }))
    expect(await readingOf(taskOf(), stream, world)).toMatchObject({
      ended: 'read',
      walks: [[]],
    })
  })

  test('that asks for a wait is obeyed by the whole location, and not for ever', async () => {
    const paused: number[] = []
    const limiter = openLimiter({ every: [], named: {} })
    const noting = { ...limiter, pauseUntil: (ms: number) => paused.push(ms) }
    const budget = { attemptsMax: 1, firstWaitMs: 1, waitMsMax: 1 }
    for (const seconds of ['7', '86400000']) {
      const headers = { 'retry-after': seconds }
      const world = around(async () => ({ status: 429, headers }), { limiter: noting, budget })
      await readingOf(taskOf(), streamOf(), world)
    }
    const [short = 0, long = 0] = paused.map((ms) => ms - Date.now())
    expect(short).toBeGreaterThan(5_000)
    expect(short).toBeLessThanOrEqual(7_000)
    expect(long).toBeLessThanOrEqual(16 * minuteMs)
  })
})

describe('one call', () => {
  const call: Call = { path: '/items', query: {}, headers: {}, limits: [] }
  const cases: { name: string; answer: Answer; body: unknown; ifThere: unknown }[] = [
    { name: 'with a body', answer: { body: { a: 1 } }, body: { a: 1 }, ifThere: { a: 1 } },
    { name: 'without a body', answer: { status: 204 }, body: null, ifThere: null },
    {
      name: 'for what is not there',
      answer: { status: 404 },
      body: 'absent: /items: 404',
      ifThere: null,
    },
    {
      name: 'that is refused',
      answer: { status: 403 },
      body: 'blocked: /items: 403',
      ifThere: 'blocked: /items: 403',
    },
  ]
  for (const { name, answer, body, ifThere } of cases) {
    test(`${name} comes to ${JSON.stringify(body)}, or ${JSON.stringify(ifThere)} where it need not be`, async () => {
      const { deps } = around(async () => answer)
      const said = (error: ReadingFailed) => `${error.verdict}: ${error.message}`
      expect(await fetchBody(deps, 'item', 'harbor', call).catch(said)).toEqual(body)
      expect(await fetchIfThere(deps, 'item', 'harbor', call).catch(said)).toEqual(ifThere)
      await expectSlotsFree(deps)
    })
  }
})

describe('a fault on the way', () => {
  test('is tried again, told and counted, without what was asked', async () => {
    const world = around(async (_, count) => {
      if (count === 1) throw Object.assign(new Error('socket'), { code: 'ECONNRESET' })
      if (count === 2) throw new Error('no answer in time')
      return { body: items('a') }
    })
    expect(await readingOf(taskOf({ secret: 's3cret' }), streamOf(), world)).toMatchObject({
      ended: 'read',
    })
    expect(world.retries).toEqual(['/items: ECONNRESET', '/items: no answer in time'])
    expect(world.deps.figures.all().item).toMatchObject({
      calls: 3,
      retries: 2,
      records: 1,
      outcomes: { ECONNRESET: 1, 'no answer in time': 1, '200': 1 },
    })
  })

  test('at every try sets the reading aside', async () => {
    const world = around(async () => {
      throw Object.assign(new Error('socket'), { code: 'ECONNREFUSED' })
    })
    expect(await readingOf(taskOf(), streamOf(), world)).toMatchObject({
      ended: 'set-aside: /items: ECONNREFUSED, 4 times in a row',
    })
  })

  test('while logging in is tried again, and refused credentials are not', async () => {
    const world = around(async () => ({ body: items('a') }))
    const { session } = world.deps
    const address = (() => {
      let tried = 0
      return (...given: Parameters<Session['address']>) => {
        tried += 1
        return tried === 1 ? Promise.reject(new Error('ECONNRESET')) : session.address(...given)
      }
    })()
    const deps = { ...world.deps, session: { ...session, address } }
    expect(await readingOf(taskOf(), streamOf(), { deps })).toMatchObject({ ended: 'read' })
    expect(world.retries).toEqual(['log in: ECONNRESET'])
    const refusing = {
      ...session,
      address: () => Promise.reject(new ReadingFailed('stop', 'the login was refused')),
    }
    const refused = { deps: { ...world.deps, session: refusing } }
    expect(await readingOf(taskOf(), streamOf(), refused)).toMatchObject({
      ended: 'stop: the login was refused',
    })
  })
})

describe('a reading that is told to stop', () => {
  const reason = new Error('told to stop')

  test('ends while the vendor does not answer', async () => {
    const world = around((_, __, signal) => {
      setTimeout(() => world.stop.abort(reason), 1)
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    })
    expect(await readingOf(taskOf(), streamOf(), world)).toMatchObject({ ended: reason })
  })

  test('ends while it waits for its limit', async () => {
    const limiter = openLimiter({ every: [], named: {} })
    limiter.pauseUntil(Date.now() + 60_000)
    const world = around(async () => ({ body: [] }), { limiter })
    setTimeout(() => world.stop.abort(reason), 1)
    expect(await readingOf(taskOf(), streamOf(), world)).toMatchObject({ ended: reason })
    expect(world.asked).toEqual([])
  })

  test('ends while it waits between two tries', async () => {
    const budget = { attemptsMax: 4, firstWaitMs: 60_000, waitMsMax: 60_000 }
    const world = around(
      async () => {
        setTimeout(() => world.stop.abort(reason), 1)
        return { status: 503 }
      },
      { budget },
    )
    expect(await readingOf(taskOf(), streamOf(), world)).toMatchObject({ ended: reason })
  })

  test('sends nothing when it gets its slot after that', async () => {
    const world = around(async () => ({ body: [] }))
    const { calls } = world.deps.rooms.plain
    const held = await Promise.all([calls.take(), calls.take()])
    const reading = readingOf(taskOf(), streamOf(), world)
    world.stop.abort(reason)
    for (const release of held) release()
    expect(await reading).toMatchObject({ ended: reason })
    expect(world.asked).toEqual([])
  })
})

describe('a record that cannot become rows', () => {
  test('is set aside whole, and the others are read', async () => {
    const odd = { guid: 'odd', price: { cents: 5 } }
    const world = around(async () => ({ body: [{ guid: 'a' }, odd, { guid: 'b' }] }))
    expect(await readingOf(taskOf(), streamOf(), world)).toEqual({
      walks: [['a', 'b']],
      quarantined: [
        {
          location: 'harbor',
          stream: 'item',
          table: 'item',
          id: 'odd',
          reason: 'item.price: an object',
          payload: JSON.stringify(odd),
        },
      ],
      ended: 'read',
    })
    expect(world.deps.figures.all().item).toMatchObject({ records: 3, quarantined: 1 })
  })

  const unnamed = [null, 7, 'text', {}, { guid: null }, { guid: { a: 1 } }]
  test.each(unnamed)('has no id where it names none: %j', async (record) => {
    const world = around(async () => ({ body: [record] }))
    const unitsOf = () => {
      throw new Unstorable('no item')
    }
    const { quarantined } = await readingOf(taskOf(), streamOf({ unitsOf }), world)
    expect(quarantined).toMatchObject([{ id: null, payload: JSON.stringify(record) }])
  })

  test('because of a bug of ours ends the reading', async () => {
    const world = around(async () => ({ body: items('bug') }))
    const { ended } = await readingOf(taskOf(), streamOf(), world)
    expect(ended).toEqual(new TypeError('a bug of ours'))
  })
})

test('the last page is not brought but given back, and keeps its slot until it is taken in', async () => {
  const world = around(async ({ page }) =>
    page === '1' ? { headers: next, body: items('a') } : { body: items('b') },
  )
  const { deps } = world
  const brought: string[] = []
  const sink = {
    begin() {},
    bring: async ({ units }: Read) => void brought.push(...units.map(({ id }) => id)),
  }
  const { read, release } = await readTask(taskOf(), streamOf({ paging: 'numbered' }), {
    deps,
    location: 'harbor',
    sink,
    instantText: iso,
  })
  expect(brought).toEqual(['a'])
  expect(read.units.map(({ id }) => id)).toEqual(['b'])
  const { replies } = deps.rooms.plain
  const [, last] = [await replies.take(), replies.take()]
  const early = Symbol('nobody gave a slot back')
  expect(await Promise.race([last, setImmediate(early)])).toBe(early)
  release()
  expect(await last).toBeTypeOf('function')
})

test('many walks at once get through room for one page and one check, which is never exceeded', async () => {
  const room = () => ({ calls: openSlots(2), replies: openSlots(1) })
  const rooms = { plain: room(), pages: room(), checks: room() }
  const { deps } = around(
    async ({ page = '', startDate = '' }) => {
      if (Date.parse(startDate) > begin - minuteMs) return { body: [] }
      return page === '3'
        ? { body: items(`${startDate} 3`) }
        : { headers: next, body: items(`${startDate} ${page}`) }
    },
    { rooms },
  )
  let held = 0
  let heldMost = 0
  const brought: string[] = []
  const take = async ({ units }: Read) => {
    held += 1
    heldMost = Math.max(heldMost, held)
    await setImmediate()
    brought.push(...units.map(({ id }) => id))
    held -= 1
  }
  const stream = streamOf({ paging: 'numbered', reading: modified })
  const walks = Array.from({ length: 12 }, async (_, place) => {
    const task = windowTask(begin - (place + 2) * hourMs, begin - (place + 1) * hourMs)
    const sink = { begin() {}, bring: take }
    const last = await readTask(task, stream, { deps, location: 'r', sink, instantText: iso })
    await take(last.read)
    last.release()
  })
  await Promise.all(walks)
  expect(brought).toHaveLength(36)
  expect(heldMost).toBe(1)
})

test('a reading whose rows are not taken gives its slot back', async () => {
  const { deps } = around(async () => ({ headers: next, body: items('a') }))
  const sink = { begin() {}, bring: () => Promise.reject(new Error('the disk is full')) }
  const reading = readTask(taskOf(), streamOf({ paging: 'numbered' }), {
    deps,
    location: 'r',
    sink,
    instantText: iso,
  })
  await expect(reading).rejects.toThrow('the disk is full')
  await expectSlotsFree(deps)
})
