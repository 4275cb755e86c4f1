import {
  type BusinessDate,
  dayMs,
  hourMs,
  type Instant,
  instant,
  minuteMs,
  plusDays,
  plusMs,
} from '@regulars/contract/values/instants'
import type { Within } from '../destination.ts'
import type { Call, Location, Reading, Repair, Stream } from '../source.ts'
import { asNumber, businessDateOf, startOfBusinessDate } from './business-days.ts'
import type { Moves, Position } from './position.ts'

export type Purpose = 'live' | 'repair' | 'backfill'

/** One reading of one stream of one location, from its first page to its last. */
export type Task = {
  purpose: Purpose
  /** What is read, for a person: `2026-11-20`, or a window. */
  what: string
  call: Call
  /** Of windows of modification time. */
  window: { from: Instant; before: Instant } | null
  businessDate: number | null
  /** What the reading shows in full, so that the rest of it can be marked deleted. */
  removes: { table: string; within: readonly Within[] } | null
  /** The ids it lists are looked for in the destination instead of being records. */
  ids: Extract<Repair, { by: 'ids' }> | null
  moves: Moves
}

/** What planning needs to know besides the stream and where it stands. */
export type Facts = {
  location: Location
  now: Instant
  /** No window reaches past it. */
  until: Instant
  /** Nothing changed before is asked for. */
  start: Instant
  /** Read whole lists again, however fresh they are. */
  full: boolean
  /** How the vendor's queries write an instant. */
  instantText(ms: number): string
}

/**
 * What there is to read, in the order it is read: what is new, then what may have been missed, then
 * the past, newest first. Nothing of it depends on what the readings return.
 */
export function* tasksOf(stream: Stream, position: Position, facts: Facts): Generator<Task> {
  const { reading } = stream
  switch (reading.kind) {
    case 'list':
      yield* wholeList(stream, position, facts, reading.everyHours)
      return
    case 'changed-list':
      yield* changedList(stream, reading, position, facts)
      return
    case 'modified':
      yield* modifiedWindows(stream, reading, position, facts)
      return
    case 'span':
      yield* spans(stream, reading, position, facts)
      return
    case 'days':
      yield* businessDays(stream, reading, position, facts)
      return
    case 'document':
      yield* oneDocument(stream, reading, position, facts)
      return
    case 'remembered':
      yield { ...plain(stream, {}), what: 'all' }
      return
    case 'feed':
      yield { ...plain(stream, {}), what: 'what is new' }
  }
}

function isDue(lastAt: string | undefined, everyHours: number, { now, full }: Facts): boolean {
  if (full || lastAt === undefined || everyHours === 0) return true
  const sinceMs = now - Date.parse(lastAt)
  // A clock that was put back does not put a reading off.
  return sinceMs < 0 || sinceMs >= everyHours * hourMs
}

function* wholeList(
  stream: Stream,
  { wholeAt }: Position,
  facts: Facts,
  everyHours: number,
): Generator<Task> {
  if (!isDue(wholeAt, everyHours, facts)) return
  const moves = { wholeAt: iso(facts.now), cursor: iso(facts.now) }
  const [table = ''] = stream.tables
  yield { ...plain(stream, {}), what: 'all', removes: { table, within: [] }, moves }
}

function* changedList(
  stream: Stream,
  reading: Extract<Reading, { kind: 'changed-list' }>,
  position: Position,
  facts: Facts,
): Generator<Task> {
  const { parameter, lookBackMinutes, wholeEveryHours } = reading
  const { cursor, wholeAt } = position
  if (cursor === undefined || isDue(wholeAt, wholeEveryHours, facts)) {
    yield* wholeList(stream, {} as Position, facts, 0)
    return
  }
  const from = plusMs(instant(Date.parse(cursor)), -lookBackMinutes * minuteMs)
  const query = { [parameter]: facts.instantText(from) }
  yield {
    ...plain(stream, query),
    what: `changed since ${iso(from)}`,
    moves: { cursor: iso(facts.now) },
  }
}

function* modifiedWindows(
  stream: Stream,
  reading: Extract<Reading, { kind: 'modified' }>,
  position: Position,
  facts: Facts,
): Generator<Task> {
  const settled = Math.min(facts.until, facts.now - reading.settleMinutes * minuteMs)
  const start = startOf(facts)
  const windowMs = reading.windowHours * hourMs
  const first = position.cursor === undefined
  if (position.cursor !== undefined) {
    let from = Date.parse(position.cursor) - reading.lookBackMinutes * minuteMs
    while (from < settled) {
      const before = Math.min(settled, from + windowMs)
      yield windowTask(stream, reading, facts, { from, before }, 'live', { cursor: iso(before) })
      from = before
    }
    for (const repair of reading.repairs) yield* repairs(stream, reading, repair, position, facts)
  }
  let before = position.floor === undefined ? settled : Date.parse(position.floor)
  const begun: Moves = first ? { cursor: iso(settled) } : {}
  if (first && before <= start) yield* nothingYet(stream, facts, begun, before)
  while (before > start) {
    const from = Math.max(start, before - windowMs)
    const moves = { ...begun, floor: iso(from) }
    yield inThePast(stream, windowTask(stream, reading, facts, { from, before }, 'live', moves))
    before = from
  }
}

// A location without a past still gets its cursor, by a window of a minute.
function* nothingYet(stream: Stream, facts: Facts, begun: Moves, before: number): Generator<Task> {
  if (stream.reading.kind !== 'modified') return
  const window = { from: before - minuteMs, before }
  const moves = { ...begun, floor: iso(before) }
  yield windowTask(stream, stream.reading, facts, window, 'live', moves)
}

function windowTask(
  stream: Stream,
  { parameters: [fromName, beforeName] }: { parameters: readonly [string, string] },
  facts: Facts,
  { from, before }: { from: number; before: number },
  purpose: Purpose,
  moves: Moves,
): Task {
  const query = { [fromName]: facts.instantText(from), [beforeName]: facts.instantText(before) }
  return {
    ...plain(stream, query),
    purpose,
    what: `${iso(from)} to ${iso(before)}`,
    window: { from: instant(from), before: instant(before) },
    moves,
  }
}

/** The same task over another window, for when the vendor refuses or overfills the wide one. */
export function withWindow(
  task: Task,
  { parameters: [fromName, beforeName] }: { parameters: readonly [string, string] },
  { from, before }: { from: Instant; before: Instant },
  instantText: Facts['instantText'],
): Task {
  const window = { [fromName]: instantText(from), [beforeName]: instantText(before) }
  return {
    ...task,
    what: `${iso(from)} to ${iso(before)}`,
    window: { from, before },
    call: { ...task.call, query: { ...task.call.query, ...window } },
  }
}

function* repairs(
  stream: Stream,
  reading: Extract<Reading, { kind: 'modified' }>,
  repair: Repair,
  { repairedAt = {} }: Position,
  facts: Facts,
): Generator<Task> {
  if (!isDue(repairedAt[repair.name], repair.everyHours, { ...facts, full: false })) return
  const done = { repaired: repair.name }
  if (repair.by === 'modified') {
    const before = Math.min(facts.until, facts.now)
    const from = Math.max(startOf(facts), before - repair.hoursBack * hourMs)
    const windowMs = reading.windowHours * hourMs
    for (let at = from; at < before; at += windowMs) {
      const end = Math.min(before, at + windowMs)
      const moves = end === before ? done : {}
      yield windowTask(stream, reading, facts, { from: at, before: end }, 'repair', moves)
    }
    return
  }
  const dates = datesBack(businessDateOf(instant(facts.until), facts.location), repair.daysBack)
  for (const [place, date] of dates.entries()) {
    const last = place === dates.length - 1
    const call = repair.by === 'ids' ? repair.path : stream.path
    yield {
      ...plain({ ...stream, path: call }, { [repair.parameter]: String(asNumber(date)) }),
      purpose: 'repair',
      what: `${date} (${repair.name})`,
      businessDate: asNumber(date),
      ids: repair.by === 'ids' ? repair : null,
      moves: last ? done : {},
    }
  }
}

function datesBack(newest: BusinessDate, count: number): BusinessDate[] {
  return Array.from({ length: count }, (_, back) => plusDays(newest, -back))
}

function* spans(
  stream: Stream,
  reading: Extract<Reading, { kind: 'span' }>,
  position: Position,
  facts: Facts,
): Generator<Task> {
  const { daysBack, daysAhead, windowDays } = reading
  const today = Math.floor(facts.until / dayMs)
  // After a pause longer than the span, back to what the last sync had seen.
  const lastSeen = position.cursor === undefined ? today : Date.parse(position.cursor) / dayMs
  const firstDay = Math.floor(Math.min(today, lastSeen)) - daysBack
  const lastDay = today + daysAhead
  for (let day = firstDay; day < lastDay; day += windowDays) {
    const before = Math.min(lastDay, day + windowDays)
    const task = spanTask(stream, reading, facts, { day, before })
    yield before < lastDay ? task : { ...task, moves: { cursor: iso(facts.until) } }
  }
  const startDay = Math.floor(startOf(facts) / dayMs)
  let before = position.floor === undefined ? firstDay : Date.parse(position.floor) / dayMs
  while (before > startDay) {
    const day = Math.max(startDay, before - windowDays)
    const task = spanTask(stream, reading, facts, { day, before })
    yield inThePast(stream, { ...task, moves: { floor: iso(day * dayMs) } })
    before = day
  }
}

/** A window that is read longer than it is accounted for, so that no record lies across its end. */
function spanTask(
  stream: Stream,
  { parameters: [fromName, beforeName], overlapHours, column }: Extract<Reading, { kind: 'span' }>,
  facts: Facts,
  { day, before }: { day: number; before: number },
): Task {
  const from = iso(day * dayMs)
  const query = {
    [fromName]: facts.instantText(day * dayMs),
    [beforeName]: facts.instantText(before * dayMs + overlapHours * hourMs),
  }
  const [table = ''] = stream.tables
  return {
    ...plain(stream, query),
    what: `${from.slice(0, 10)} to ${iso(before * dayMs).slice(0, 10)}`,
    removes: { table, within: [{ column, from, before: iso(before * dayMs) }] },
    moves: {},
  }
}

function* businessDays(
  stream: Stream,
  { parameter, trailingDays }: Extract<Reading, { kind: 'days' }>,
  position: Position,
  facts: Facts,
): Generator<Task> {
  const open = businessDateOf(facts.until, facts.location)
  const oldest = businessDateOf(instant(startOf(facts)), facts.location)
  const floor = (position.floor ?? plusDays(open, 1)) as BusinessDate
  // Back over the days that may still change, counted from what the last sync saw.
  const lastSeen = (position.cursor ?? position.floor ?? open) as BusinessDate
  const reread = plusDays(earlier(open, lastSeen), -trailingDays)
  const until = later(reread, oldest)
  for (let date = open; date >= until; date = plusDays(date, -1)) {
    const moves: Moves = date < floor ? { floor: date } : {}
    yield dayTask(stream, parameter, date, date === until ? { ...moves, cursor: open } : moves)
  }
  for (let date = plusDays(earlier(floor, until), -1); date >= oldest; date = plusDays(date, -1)) {
    yield inThePast(stream, dayTask(stream, parameter, date, { floor: date }))
  }
}

function later(one: BusinessDate, other: BusinessDate): BusinessDate {
  return earlier(one, other) === one ? other : one
}

function earlier(one: BusinessDate, other: BusinessDate): BusinessDate {
  return one < other ? one : other
}

function dayTask(stream: Stream, parameter: string, date: BusinessDate, moves: Moves): Task {
  const [table = ''] = stream.tables
  const businessDate = asNumber(date)
  return {
    ...plain(stream, { [parameter]: String(businessDate) }),
    what: date,
    businessDate,
    removes: { table, within: [{ column: 'business_date', equals: businessDate }] },
    moves,
  }
}

function* oneDocument(
  stream: Stream,
  { everyHours }: Extract<Reading, { kind: 'document' }>,
  position: Position,
  facts: Facts,
): Generator<Task> {
  const isDueAnyway = isDue(position.wholeAt, everyHours, facts)
  const moves: Moves = isDueAnyway ? { wholeAt: iso(facts.now) } : {}
  const [table = ''] = stream.tables
  yield {
    ...plain(stream, {}),
    what: isDueAnyway ? 'all' : 'all, if it changed',
    removes: { table, within: [] },
    moves,
  }
}

function inThePast({ backfillLimits = [] }: Stream, task: Task): Task {
  const limits = [...task.call.limits, ...backfillLimits]
  return { ...task, purpose: 'backfill', call: { ...task.call, limits } }
}

function plain(stream: Stream, query: Record<string, string>): Task {
  const call = {
    path: stream.path,
    query: { ...stream.query, ...query },
    headers: stream.headers ?? {},
    limits: stream.limits,
  }
  return {
    purpose: 'live',
    what: '',
    call,
    window: null,
    businessDate: null,
    removes: null,
    ids: null,
    moves: {},
  }
}

/** The later of what was asked for and where the location's own history begins. */
function startOf({ start, location }: Facts): number {
  const { firstBusinessDate } = location
  if (firstBusinessDate === null) return start
  return Math.max(start, startOfBusinessDate(firstBusinessDate as BusinessDate, location))
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
