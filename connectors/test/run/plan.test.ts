import {
  type BusinessDate,
  dayMs,
  hourMs,
  type Instant,
  instant,
  minuteMs,
  plusDays,
} from '@regulars/contract/values/instants'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { businessDateOf, startOfBusinessDate } from '../../src/run/business-days.ts'
import { type Facts, type Task, tasksOf, type Window, withWindow } from '../../src/run/plan.ts'
import { atTheBeginning, moved, type Position } from '../../src/run/position.ts'
import type { Location, Stream } from '../../src/source.ts'
import { toastSource } from '../../src/toast/streams.ts'

const { streams } = toastSource({ historySpacingSeconds: 5 })

function streamOf(name: string): Stream {
  return streams.find((stream) => stream.name === name)!
}

const harbor: Location = {
  id: 'harbor',
  label: 'Harbor',
  timeZone: 'America/New_York',
  closeoutHour: 4,
  firstBusinessDate: null,
}

const at = (text: string) => instant(Date.parse(text))

function factsAt(now: Instant, given: Partial<Facts> = {}): Facts {
  return {
    location: harbor,
    now,
    until: now,
    start: at('2026-09-01T00:00:00Z'),
    full: false,
    instantText: (ms) => new Date(ms).toISOString(),
    ...given,
  }
}

/** What a test compares of a task. */
function brief({ purpose, what, moves }: Task) {
  return { purpose, what, moves }
}

function planned(stream: string, position: Position, facts: Facts): Task[] {
  return [...tasksOf(streamOf(stream), position, facts)]
}

function done(position: Position, tasks: readonly Task[], now: Instant): Position {
  return tasks.reduce((before, { moves }) => moved(before, moves, iso(now)), position)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

const noon = at('2026-11-20T12:00:00Z')

describe('a list', () => {
  test('is read whole, and what it no longer shows is removed', () => {
    expect(planned('job', atTheBeginning, factsAt(noon))).toEqual([
      {
        purpose: 'live',
        what: 'all',
        call: { path: '/labor/v1/jobs', query: {}, headers: {}, limits: [] },
        window: null,
        businessDate: null,
        range: null,
        repair: null,
        removes: { table: 'job', within: [] },
        ids: null,
        moves: { wholeAt: iso(noon), cursor: iso(noon) },
      },
    ])
  })

  const cases = [
    { name: 'two hours before its time', agoMs: 22 * hourMs, full: false, tasks: 0 },
    {
      name: 'when a daily sync begins a little early',
      agoMs: dayMs - minuteMs,
      full: false,
      tasks: 1,
    },
    { name: 'on time', agoMs: dayMs, full: false, tasks: 1 },
    { name: 'before its time when asked for in full', agoMs: 1, full: true, tasks: 1 },
    { name: 'when the last reading was timed by a clock ahead', agoMs: -1, full: false, tasks: 1 },
  ]
  for (const { name, agoMs, full, tasks } of cases) {
    test(`that is due daily is read ${tasks} times ${name}`, () => {
      const position = { rows: 0, wholeAt: iso(noon - agoMs) }
      expect(planned('tip_withholding', position, factsAt(noon, { full }))).toHaveLength(tasks)
    })
  }
})

test('a list of every sync is read again by a clock that is behind, and what it lists stays', () => {
  const position = { rows: 0, wholeAt: iso(noon + dayMs), cursor: iso(noon + dayMs) }
  expect(planned('job', position, factsAt(noon))).toMatchObject([{ what: 'all' }])
})

describe('a list with changes', () => {
  test('is read whole at first', () => {
    const [task] = planned('discounts', atTheBeginning, factsAt(noon))
    expect(task).toMatchObject({ what: 'all', call: { query: {} }, removes: { within: [] } })
  })

  test('is asked for changes, from a quarter of an hour before the last ones, and removes nothing', () => {
    const position = { rows: 0, cursor: iso(noon - hourMs), wholeAt: iso(noon - hourMs) }
    expect(planned('discounts', position, factsAt(noon))).toEqual([
      {
        purpose: 'live',
        what: 'changed since 2026-11-20T10:45:00.000Z',
        call: {
          path: '/config/v2/discounts',
          query: { lastModified: '2026-11-20T10:45:00.000Z' },
          headers: {},
          limits: [],
        },
        window: null,
        businessDate: null,
        range: null,
        repair: null,
        removes: null,
        ids: null,
        moves: { cursor: iso(noon) },
      },
    ])
  })

  test('is read whole again after a day, or when asked for in full', () => {
    const stale = { rows: 0, cursor: iso(noon - hourMs), wholeAt: iso(noon - dayMs) }
    const fresh = { rows: 0, cursor: iso(noon - hourMs), wholeAt: iso(noon - hourMs) }
    expect(planned('discounts', stale, factsAt(noon)).map(({ what }) => what)).toEqual(['all'])
    const asked = planned('discounts', fresh, factsAt(noon, { full: true }))
    expect(asked.map(({ what }) => what)).toEqual(['all'])
  })
})

describe('a document', () => {
  test('is looked for every time, and read whatever its mark says once a day', () => {
    const changed = planned('published_menus', { rows: 0, wholeAt: iso(noon - 1) }, factsAt(noon))
    expect(changed.map(brief)).toEqual([{ purpose: 'live', what: 'all, if it changed', moves: {} }])
    const whole = planned('published_menus', { rows: 0, wholeAt: iso(noon - dayMs) }, factsAt(noon))
    expect(whole.map(brief)).toEqual([
      { purpose: 'live', what: 'all', moves: { wholeAt: iso(noon) } },
    ])
  })
})

const repairNames = ['modified', 'business-dates', 'refunded', 'voided']

describe('orders', () => {
  const start = at('2026-11-18T06:00:00Z')

  test('are read newest first at first, the past under its limits, and have seen their repairs', () => {
    const begun = { cursor: '2026-11-20T11:58:00.000Z', repaired: repairNames }
    const tasks = planned('orders', atTheBeginning, factsAt(noon, { start }))
    expect(tasks.map(brief)).toEqual([
      {
        purpose: 'live',
        what: '2026-11-19T11:58:00.000Z to 2026-11-20T11:58:00.000Z',
        moves: { ...begun, floor: '2026-11-19T11:58:00.000Z' },
      },
      {
        purpose: 'backfill',
        what: '2026-11-18T11:58:00.000Z to 2026-11-19T11:58:00.000Z',
        moves: { ...begun, floor: '2026-11-18T11:58:00.000Z' },
      },
      {
        purpose: 'backfill',
        what: '2026-11-18T06:00:00.000Z to 2026-11-18T11:58:00.000Z',
        moves: { ...begun, floor: '2026-11-18T06:00:00.000Z' },
      },
    ])
    expect(tasks.map(({ call }) => call.limits)).toEqual([
      ['ordersBulk'],
      ['ordersBulk', 'history'],
      ['ordersBulk', 'history'],
    ])
    expect(done(atTheBeginning, tasks.slice(0, 1), noon)).toEqual({
      rows: 0,
      cursor: '2026-11-20T11:58:00.000Z',
      floor: '2026-11-19T11:58:00.000Z',
      repairedAt: Object.fromEntries(repairNames.map((name) => [name, iso(noon)])),
    })
  })

  test('that changed are read first, then what was missed, then the past', () => {
    const position: Position = {
      rows: 0,
      cursor: '2026-11-20T10:58:00.000Z',
      floor: '2026-11-19T00:00:00.000Z',
      repairedAt: { refunded: iso(noon), voided: iso(noon), modified: iso(noon - dayMs) },
    }
    const tasks = planned('orders', position, factsAt(noon, { start }))
    expect(tasks.map(({ purpose, what }) => `${purpose} ${what}`)).toEqual([
      'live 2026-11-20T10:43:00.000Z to 2026-11-20T11:58:00.000Z',
      'repair 2026-11-18T12:00:00.000Z to 2026-11-19T12:00:00.000Z',
      'repair 2026-11-19T12:00:00.000Z to 2026-11-20T12:00:00.000Z',
      'repair 2026-11-20 (business-dates)',
      'repair 2026-11-19 (business-dates)',
      'repair 2026-11-18 (business-dates)',
      'repair 2026-11-17 (business-dates)',
      'backfill 2026-11-18T06:00:00.000Z to 2026-11-19T00:00:00.000Z',
    ])
  })

  const dueCases = [
    { name: 'two hours before a day is over', agoMs: 22 * hourMs, repairs: 0 },
    { name: 'when a day is over', agoMs: dayMs, repairs: 2 + 7 + 7 + 7 },
  ]
  for (const { name, agoMs, repairs } of dueCases) {
    test(`are looked through again ${name}: ${repairs} times`, () => {
      const repairedAt = Object.fromEntries(repairNames.map((one) => [one, iso(noon - agoMs)]))
      const position = { rows: 0, cursor: iso(noon - hourMs), floor: iso(0), repairedAt }
      const tasks = planned('orders', position, factsAt(noon, { full: true }))
      expect(tasks.filter(({ purpose }) => purpose === 'repair')).toHaveLength(repairs)
    })
  }

  test('are repaired once the last reading of the repair is done, and not before', () => {
    const position = { rows: 0, cursor: iso(noon - dayMs), floor: iso(0) }
    const tasks = planned('orders', position, factsAt(noon))
    const named = tasks.flatMap(({ moves }, place) => (moves.repaired ? [{ place, moves }] : []))
    expect(named.map(({ moves }) => moves)).toEqual(
      repairNames.map((name) => ({ repaired: [name] })),
    )
    const [first] = named
    expect(done(position, tasks.slice(0, first!.place), noon).repairedAt).toBeUndefined()
  })

  test('named by their payments are asked for by refund and void date, seven days back', () => {
    const repairedAt = { modified: iso(noon), 'business-dates': iso(noon), voided: iso(noon) }
    const position = { rows: 0, cursor: iso(noon), floor: iso(0), repairedAt }
    const tasks = planned('orders', position, factsAt(noon)).filter(({ ids }) => ids !== null)
    expect(tasks.map(({ call }) => [call.path, call.query])).toEqual(
      ['20', '19', '18', '17', '16', '15', '14'].map((day) => [
        '/orders/v2/payments',
        { refundBusinessDate: `202611${day}` },
      ]),
    )
  })

  test('after a pause are repaired where they had not settled, and not where they are new', () => {
    const before = noon - 20 * dayMs
    const repairedAt = Object.fromEntries(repairNames.map((name) => [name, iso(before)]))
    const position = { rows: 0, cursor: iso(before), floor: iso(0), repairedAt }
    const tasks = planned('orders', position, factsAt(noon))
    expect(tasks[0]!.what).toBe('2026-10-31T11:45:00.000Z to 2026-11-01T11:45:00.000Z')
    const repairs = tasks.filter(({ purpose }) => purpose === 'repair').map(({ what }) => what)
    expect(repairs.slice(0, 3)).toEqual([
      '2026-11-18T12:00:00.000Z to 2026-11-19T12:00:00.000Z',
      '2026-11-19T12:00:00.000Z to 2026-11-20T12:00:00.000Z',
      '2026-10-30T12:00:00.000Z to 2026-10-31T12:00:00.000Z',
    ])
    const dates = repairs.filter((what) => what.endsWith('(refunded)'))
    expect(dates.map((what) => what.slice(5, 10))).toEqual(
      ['11-20', '11-19', '11-18', '11-17', '11-16', '11-15', '11-14'].concat([
        '10-31',
        '10-30',
        '10-29',
        '10-28',
        '10-27',
        '10-26',
      ]),
    )
  })

  test('placed for a later day are looked for from two weeks before the first business date', () => {
    const location = { ...harbor, firstBusinessDate: '2026-11-20' }
    const windows = planned(
      'orders',
      atTheBeginning,
      factsAt(noon, { location, start: at('2026-01-01T00:00:00Z') }),
    )
    expect(windows.at(-1)?.window?.from).toBe(
      startOfBusinessDate('2026-11-20' as BusinessDate, location) - 14 * dayMs,
    )
  })

  test('of a location that begins today are read once, and the position begins', () => {
    const location = { ...harbor, firstBusinessDate: '2026-12-31' }
    const tasks = planned('orders', atTheBeginning, factsAt(noon, { location }))
    expect(tasks.map(brief)).toEqual([
      {
        purpose: 'live',
        what: '2026-11-20T11:57:00.000Z to 2026-11-20T11:58:00.000Z',
        moves: {
          cursor: '2026-11-20T11:58:00.000Z',
          floor: '2026-11-20T11:58:00.000Z',
          repaired: repairNames,
        },
      },
    ])
  })

  test('up to a moment that had been passed are read up to it, and the position stays', () => {
    const position = { rows: 0, cursor: iso(noon), floor: iso(noon - hourMs) }
    const until = at('2026-11-18T12:00:00Z')
    expect(planned('orders', position, factsAt(noon, { start, until })).map(brief)).toEqual([
      {
        purpose: 'backfill',
        what: '2026-11-18T06:00:00.000Z to 2026-11-18T12:00:00.000Z',
        moves: {},
      },
    ])
  })

  test('are asked for over another window when theirs is cut', () => {
    const [task] = planned('orders', atTheBeginning, factsAt(noon, { start }))
    const window: Window = {
      parameters: ['startDate', 'endDate'],
      from: at('2026-11-20T00:00:00Z'),
      before: at('2026-11-20T01:00:00Z'),
    }
    expect(withWindow(task!, window, iso)).toEqual({
      ...task,
      what: '2026-11-20T00:00:00.000Z to 2026-11-20T01:00:00.000Z',
      window,
      call: {
        ...task!.call,
        query: { startDate: '2026-11-20T00:00:00.000Z', endDate: '2026-11-20T01:00:00.000Z' },
      },
    })
  })
})

describe('cash', () => {
  const start = at('2026-11-08T12:00:00Z')

  test('is read by business date, the open one first, and its past after the days that may change', () => {
    const tasks = planned('cash_entry', atTheBeginning, factsAt(noon, { start }))
    expect(tasks.map(({ purpose, what }) => `${purpose} ${what}`)).toEqual([
      ...[20, 19, 18, 17, 16, 15, 14, 13].map((day) => `live 2026-11-${day}`),
      ...['12', '11', '10', '09', '08'].map((day) => `backfill 2026-11-${day}`),
    ])
    expect(tasks.slice(6, 9).map(({ moves }) => moves)).toEqual([
      {},
      { cursor: '2026-11-20', floor: '2026-11-13' },
      { floor: '2026-11-12' },
    ])
    expect(tasks[0]).toMatchObject({
      call: { query: { businessDate: '20261120' } },
      businessDate: 20261120,
      removes: { table: 'cash_entry', within: [{ column: 'business_date', equals: 20261120 }] },
    })
  })

  const openCases = [
    { now: '2026-11-20T08:59:59.999Z', open: '2026-11-19' },
    { now: '2026-11-20T09:00:00.000Z', open: '2026-11-20' },
  ]
  for (const { now, open } of openCases) {
    test(`of ${open} is what is open in New York at ${now}`, () => {
      const [first] = planned('cash_entry', atTheBeginning, factsAt(at(now)))
      expect(first!.what).toBe(open)
    })
  }

  test('loses no day when a sync up to an earlier date is cut short', () => {
    const now = at('2026-11-20T12:00:00Z')
    const position = { rows: 0, cursor: '2026-11-20', floor: '2026-11-13' }
    const earlier = factsAt(now, { until: at('2026-10-20T12:00:00Z') })
    const tasks = planned('cash_entry', position, earlier)
    expect(done(position, tasks.slice(0, 3), now)).toEqual(position)
  })
})

describe('shifts', () => {
  test('are read in windows that overlap by a day and are at most thirty days wide', () => {
    const start = at('2026-10-01T00:00:00Z')
    const tasks = planned('shift', atTheBeginning, factsAt(noon, { start }))
    expect(tasks.map(({ purpose, what }) => `${purpose} ${what}`)).toEqual([
      'live 2026-10-16 to 2026-11-14',
      'live 2026-11-14 to 2026-12-13',
      'live 2026-12-13 to 2027-01-11',
      'live 2027-01-11 to 2027-01-19',
      'backfill 2026-10-01 to 2026-10-16',
    ])
    expect(tasks[0]!.call.query).toEqual({
      startDate: '2026-10-16T00:00:00.000Z',
      endDate: '2026-11-15T00:00:00.000Z',
    })
    expect(tasks[0]!.removes).toEqual({
      table: 'shift',
      within: [
        { column: 'in_date', from: '2026-10-16T00:00:00.000Z', before: '2026-11-14T00:00:00.000Z' },
      ],
    })
    expect(tasks.map(({ moves }) => moves)).toEqual([
      {},
      {},
      {},
      { cursor: iso(noon) },
      { floor: '2026-10-01T00:00:00.000Z' },
    ])
  })
})

/**
 * One sync: how long after the last, whether it is told to read up to an earlier moment, whether
 * the past waits, and how far it gets.
 */
type Round = { afterMs: number; untilAgoMs: number | null; isBusy: boolean; share: number }

const rounds = fc.array(
  fc.record({
    afterMs: fc.oneof(
      fc.integer({ min: minuteMs, max: 3 * hourMs }),
      fc.integer({ min: 12 * hourMs, max: 9 * dayMs }),
      fc.integer({ min: 36 * dayMs, max: 80 * dayMs }),
    ),
    untilAgoMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 * dayMs }) },
    ),
    isBusy: fc.boolean(),
    share: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  }),
  { minLength: 1, maxLength: 8 },
)

const locations = fc.record({
  id: fc.constant('any'),
  label: fc.constant('Any'),
  // The last changes its clocks by half an hour.
  timeZone: fc.constantFrom(
    'America/Los_Angeles',
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
  ),
  closeoutHour: fc.constantFrom(0, 4, 12),
  firstBusinessDate: fc.constantFrom(null, '2026-02-20', '2026-10-20'),
})

/** Around both changes of the clock in each zone. */
const beginnings = fc
  .constantFrom('2026-03-01', '2026-04-01', '2026-10-20', '2026-11-03')
  .chain((day) => fc.integer({ min: 0, max: 12 * dayMs }).map((ms) => at(day) + ms))

type ReadTask = { task: Task; facts: Facts }

/** Every reading of the syncs, each killed where its share ends; then two that get to their end. */
function lived(
  stream: Stream,
  { location, begin, rounds }: { location: Location; begin: number; rounds: readonly Round[] },
): { reads: ReadTask[]; lastWhole: Facts; end: Facts } {
  const start = at('2026-02-01T00:00:00Z')
  const reads: ReadTask[] = []
  let position = atTheBeginning
  let now = begin
  const sync = ({ afterMs, untilAgoMs, isBusy, share }: Round): Facts => {
    now += afterMs
    const until = instant(untilAgoMs === null ? now : Math.max(start, now - untilAgoMs))
    const facts = factsAt(instant(now), { location, start, until })
    const tasks = [...tasksOf(stream, position, facts)].filter(
      ({ purpose }) => !isBusy || purpose !== 'backfill',
    )
    const reached = tasks.slice(0, Math.ceil(tasks.length * share))
    for (const task of reached) reads.push({ task, facts })
    position = done(position, reached, facts.now)
    return facts
  }
  for (const round of rounds) sync(round)
  const whole = { untilAgoMs: null, isBusy: false, share: 1 }
  const lastWhole = sync({ ...whole, afterMs: 9 * dayMs })
  return { reads, lastWhole, end: sync({ ...whole, afterMs: 8 * dayMs }) }
}

function startOf({ start, location }: Facts): number {
  const { firstBusinessDate } = location
  if (firstBusinessDate === null) return start
  return Math.max(start, startOfBusinessDate(firstBusinessDate as BusinessDate, location))
}

/** Where `spans` leave a gap between two moments; null when they leave none. */
function gapIn(spans: readonly { from: number; before: number }[], from: number, to: number) {
  let reached = from
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    if (reached >= to) break
    if (span.from > reached) return { from: iso(reached), before: iso(span.from) }
    reached = Math.max(reached, span.before)
  }
  return reached >= to ? null : { from: iso(reached), before: iso(to) }
}

describe('a first sync that leaves the past for later', () => {
  test.each(streams.map(({ name }) => name))('reads what is newest of %s', (name) => {
    fc.assert(
      fc.property(locations, beginnings, (location, begin) => {
        const facts = factsAt(instant(begin), { location, start: at('2026-02-01T00:00:00Z') })
        fc.pre(startOf(facts) <= begin)
        const live = planned(name, atTheBeginning, facts).filter(
          ({ purpose }) => purpose === 'live',
        )
        expect(live).not.toEqual([])
        const { cursor, wholeAt } = done(atTheBeginning, live, facts.now)
        expect(cursor ?? wholeAt).toBeDefined()
      }),
      { numRuns: 20 },
    )
  })

  const cases = [
    {
      stream: 'orders',
      newest: '2026-11-19T11:58:00.000Z to 2026-11-20T11:58:00.000Z',
      left: '2026-11-18T11:58:00.000Z to 2026-11-19T11:58:00.000Z',
    },
    {
      stream: 'time_entry',
      newest: '2026-10-21T11:58:00.000Z to 2026-11-20T11:58:00.000Z',
      left: '2026-09-21T11:58:00.000Z to 2026-10-21T11:58:00.000Z',
    },
  ]
  for (const { stream, newest, left } of cases) {
    test(`reads the newest window of ${stream}, and the next one goes on below it`, () => {
      const [first] = planned(stream, atTheBeginning, factsAt(noon))
      expect(first).toMatchObject({ purpose: 'live', what: newest })
      const position = done(atTheBeginning, [first!], noon)
      const [past] = planned(stream, position, factsAt(noon)).filter(
        ({ purpose }) => purpose === 'backfill',
      )
      expect(past!.what).toBe(left)
    })
  }
})

describe('whenever syncs are killed or find a restaurant busy, and however long they pause', () => {
  const given = { numRuns: 60 }

  for (const [name, unsettledMs] of [
    ['orders', dayMs],
    ['time_entry', 2 * minuteMs],
  ] as const) {
    test(`every instant of modification of ${name} is read after it settled`, () => {
      fc.assert(
        fc.property(locations, beginnings, rounds, (location, begin, rounds) => {
          const { reads, end } = lived(streamOf(name), { location, begin, rounds })
          const agedBy = (ms: number) =>
            reads.flatMap(({ task: { window }, facts: { now } }) =>
              window === null ? [] : [{ ...window, before: Math.min(window.before, now - ms) }],
            )
          const from = startOf(end)
          expect(gapIn(agedBy(2 * minuteMs), from, end.now - 2 * minuteMs)).toBeNull()
          // Late arrivals have a day, where windows are read again daily.
          expect(gapIn(agedBy(unsettledMs), from, end.now - unsettledMs)).toBeNull()
        }),
        given,
      )
    })
  }

  test('every business date of cash is read, and again when it is more than a week old', () => {
    fc.assert(
      fc.property(locations, beginnings, rounds, (location, begin, rounds) => {
        const { reads, lastWhole, end } = lived(streamOf('cash_entry'), { location, begin, rounds })
        const opens = reads.map(({ task, facts }) => ({
          date: task.what,
          open: businessDateOf(facts.until, location),
        }))
        opens.sort((one, other) => one.open.localeCompare(other.open))
        const lastOpen = new Map(opens.map(({ date, open }) => [date, open]))
        const newest = businessDateOf(end.now, location)
        const settled = plusDays(businessDateOf(lastWhole.now, location), -8)
        let date = businessDateOf(instant(startOf(end)), location)
        for (; date <= newest; date = plusDays(date, 1)) {
          const openWhenRead = lastOpen.get(date) ?? 'never'
          expect(openWhenRead).not.toBe('never')
          expect(openWhenRead >= (date <= settled ? plusDays(date, 8) : date)).toBe(true)
        }
      }),
      given,
    )
  })

  test('every day of shifts is read, and again when it is more than five weeks old', () => {
    fc.assert(
      fc.property(locations, beginnings, rounds, (location, begin, rounds) => {
        const { reads, lastWhole, end } = lived(streamOf('shift'), { location, begin, rounds })
        const spans = reads.flatMap(({ task: { removes }, facts }) => {
          const [within] = removes?.within ?? []
          if (within === undefined || !('from' in within)) return []
          const [from, before] = [Date.parse(within.from), Date.parse(within.before)]
          return [{ from, before, until: facts.until }]
        })
        expect(gapIn(spans, startOf(end), end.now + 59 * dayMs)).toBeNull()
        const aged = spans.map((span) => ({
          ...span,
          before: Math.min(span.before, span.until - 35 * dayMs),
        }))
        expect(gapIn(aged, startOf(end), lastWhole.now - 36 * dayMs)).toBeNull()
      }),
      given,
    )
  })

  test('no window is wider than allowed or reaches past the moment asked for, and the past is newest first', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('orders', 'time_entry', 'cash_entry', 'shift'),
        locations,
        beginnings,
        rounds,
        (name, location, begin, rounds) => {
          const { reads } = lived(streamOf(name), { location, begin, rounds })
          let before: ReadTask | null = null
          for (const read of reads) {
            const { task, facts } = read
            const { startDate, endDate, modifiedStartDate = startDate } = task.call.query
            const { modifiedEndDate = endDate } = task.call.query
            if (modifiedStartDate !== undefined && modifiedEndDate !== undefined) {
              const widthMs = Date.parse(modifiedEndDate) - Date.parse(modifiedStartDate)
              expect(widthMs).toBeGreaterThan(0)
              expect(widthMs).toBeLessThanOrEqual(30 * dayMs)
            }
            if (task.window !== null) expect(task.window.before).toBeLessThanOrEqual(facts.until)
            if (task.businessDate !== null) {
              const open = Number(businessDateOf(facts.until, location).replaceAll('-', ''))
              expect(task.businessDate).toBeLessThanOrEqual(open)
            }
            const isSameSync = before?.facts === facts
            if (isSameSync && before?.task.purpose === 'backfill') {
              expect(task.purpose).toBe('backfill')
              expect(task.what < before.task.what).toBe(true)
            }
            before = read
          }
        },
      ),
      given,
    )
  })
})

test('hourly syncs over both changes of the clock read every business date once it is over', () => {
  const changes = [
    { timeZone: 'America/New_York', days: ['2026-03-07', '2026-10-31'] },
    { timeZone: 'America/Los_Angeles', days: ['2026-03-07', '2026-10-31'] },
    { timeZone: 'Europe/London', days: ['2026-03-28', '2026-10-24'] },
    { timeZone: 'Australia/Lord_Howe', days: ['2026-04-04', '2026-10-03'] },
  ]
  for (const { timeZone, days } of changes) {
    for (const closeoutHour of [0, 4, 12]) {
      const location = { ...harbor, timeZone, closeoutHour }
      for (const day of days) {
        const start = at(`${day}T00:00:00Z`)
        let position = atTheBeginning
        const readAt = new Map<string, number>()
        for (let now = start; now < start + 4 * dayMs; now = instant(now + hourMs)) {
          const facts = factsAt(now, { location, start })
          const tasks = [...tasksOf(streamOf('cash_entry'), position, facts)]
          for (const { what } of tasks) readAt.set(what, now)
          position = done(position, tasks, now)
        }
        for (
          let moment = start;
          moment < start + 2 * dayMs;
          moment = instant(moment + hourMs / 2)
        ) {
          const date = businessDateOf(moment, location)
          const end = startOfBusinessDate(plusDays(date, 1), location)
          expect(readAt.get(date)).toBeGreaterThanOrEqual(end)
        }
      }
    }
  }
})
