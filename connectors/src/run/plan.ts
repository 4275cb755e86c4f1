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
import type { Hole, Moves, Position, Range } from './position.ts'

export type Purpose = 'live' | 'repair' | 'backfill'

/** What was modified from one moment until another, and the names a query gives the two. */
export type Window = { parameters: readonly [string, string]; from: Instant; before: Instant }

/** One reading of one stream of one location, from its first page to its last. */
export type Task = {
  purpose: Purpose
  /** What is read, for a person: `2026-11-20`, or a window. */
  what: string
  call: Call
  window: Window | null
  businessDate: number | null
  /** The part of the stream's own time it is of: one that may be left out while others are read. */
  range: Range | null
  /** The repair it is part of, by its name. */
  repair: string | null
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

/** A daily sync that begins a little earlier than yesterday's finds due what is due daily. */
const dueFrom = 0.95

function isDue(lastAt: string | undefined, everyHours: number, { now, full }: Facts): boolean {
  if (full || lastAt === undefined || everyHours === 0) return true
  const sinceMs = now - Date.parse(lastAt)
  // A reading that lies ahead was timed by another clock: the vendor's, before its first reply of
  // this run, or one that was set back since.
  return sinceMs < 0 || sinceMs >= everyHours * hourMs * dueFrom
}

function* wholeList(
  stream: Stream,
  { wholeAt }: Position,
  facts: Facts,
  everyHours: number,
): Generator<Task> {
  if (isDue(wholeAt, everyHours, facts)) yield everything(stream, facts)
}

function everything(stream: Stream, { now }: Facts): Task {
  const moves = { wholeAt: iso(now), cursor: iso(now) }
  const [table = ''] = stream.tables
  return { ...plain(stream, {}), what: 'all', removes: { table, within: [] }, moves }
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
    yield everything(stream, facts)
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
  const start = startOf(facts, reading.daysBeforeFirst)
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
  for (const { from, before } of holesToFill(position, facts)) {
    const window = { from: Date.parse(from), before: Date.parse(before) }
    if (window.before > settled) continue
    yield windowTask(stream, reading, facts, window, 'repair', {})
  }
  const floor = position.floor === undefined ? settled : Date.parse(position.floor)
  let before = Math.min(floor, settled)
  // What is read for the first time needs no second look until it is due.
  const repaired = reading.repairs.map(({ name }) => name)
  const begun: Moves = first ? { cursor: iso(settled), repaired } : {}
  if (first && before <= start) yield* nothingYet(stream, facts, begun, before)
  while (before > start) {
    const from = Math.max(start, before - windowMs)
    // A sync up to an earlier moment reads what is before it, and leaves the rest where it stands.
    const moves = floor <= settled ? { ...begun, floor: iso(from) } : {}
    const task = windowTask(stream, reading, facts, { from, before }, 'live', moves)
    // Of a stream that was never read the newest window does not wait: it is what is new.
    yield first && before === settled ? task : inThePast(stream, task)
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
    window: { parameters: [fromName, beforeName], from: instant(from), before: instant(before) },
    range: { from: iso(from), before: iso(before) },
    moves,
  }
}

/** The same task over another window, for when the vendor refuses or overfills the wide one. */
export function withWindow(task: Task, window: Window, instantText: Facts['instantText']): Task {
  const { parameters, from, before } = window
  const [fromName, beforeName] = parameters
  const asked = { [fromName]: instantText(from), [beforeName]: instantText(before) }
  return {
    ...task,
    what: `${iso(from)} to ${iso(before)}`,
    window,
    call: { ...task.call, query: { ...task.call.query, ...asked } },
  }
}

function* repairs(
  stream: Stream,
  reading: Extract<Reading, { kind: 'modified' }>,
  repair: Repair,
  { repairedAt = {}, cursor = '' }: Position,
  facts: Facts,
): Generator<Task> {
  const lastAt = repairedAt[repair.name]
  if (!isDue(lastAt, repair.everyHours, { ...facts, full: false })) return
  const since = { lastAt: Date.parse(lastAt ?? cursor), seenAt: Date.parse(cursor) }
  // A sync up to an earlier moment would leave out what the next one takes for repaired.
  if (facts.until < since.seenAt) return
  const tasks =
    repair.by === 'modified'
      ? repairWindows(stream, reading, repair, since, facts)
      : repairDates(stream, repair, since, facts)
  const last = tasks.pop()
  const { name } = repair
  for (const task of tasks) yield { ...task, repair: name }
  if (last !== undefined) yield { ...last, repair: name, moves: { repaired: [name] } }
}

/** When a repair was last done, and up to when this sync had seen everything before it began. */
type Since = { lastAt: number; seenAt: number }

/**
 * The trailing hours, and those that had not trailed behind for long enough when the last repair
 * was done. What lies between is read by this sync for the first time.
 */
function repairWindows(
  stream: Stream,
  reading: Extract<Reading, { kind: 'modified' }>,
  { hoursBack, everyHours }: Extract<Repair, { by: 'modified' }>,
  { lastAt, seenAt }: Since,
  facts: Facts,
): Task[] {
  const start = startOf(facts, reading.daysBeforeFirst)
  const before = Math.min(facts.until, facts.now)
  const trailing = Math.max(start, before - hoursBack * hourMs)
  const unsettled = Math.max(start, lastAt - (hoursBack - everyHours) * hourMs)
  const spans = [
    { from: trailing, before },
    { from: unsettled, before: Math.min(seenAt, trailing) },
  ]
  const windowMs = reading.windowHours * hourMs
  return spans.flatMap((span) =>
    cut(span, windowMs).map((window) => windowTask(stream, reading, facts, window, 'repair', {})),
  )
}

function cut(span: { from: number; before: number }, windowMs: number) {
  const count = Math.max(0, Math.ceil((span.before - span.from) / windowMs))
  return Array.from({ length: count }, (_, place) => {
    const from = span.from + place * windowMs
    return { from, before: Math.min(span.before, from + windowMs) }
  })
}

/** The same by business dates, newest first. */
function repairDates(
  stream: Stream,
  repair: Exclude<Repair, { by: 'modified' }>,
  { lastAt, seenAt }: Since,
  facts: Facts,
): Task[] {
  const { location, until } = facts
  const dateOf = (at: number) => businessDateOf(instant(at), location)
  const oldest = dateOf(startOf(facts))
  const daysSettled = repair.daysBack - 1 - Math.ceil(repair.everyHours / 24)
  const trailing = later(oldest, plusDays(dateOf(until), 1 - repair.daysBack))
  const unsettled = later(oldest, plusDays(dateOf(lastAt), -daysSettled))
  const dates = [
    ...datesDown(dateOf(until), trailing),
    ...datesDown(earlier(dateOf(seenAt), plusDays(trailing, -1)), unsettled),
  ]
  const path = repair.by === 'ids' ? repair.path : stream.path
  return dates.map((date) => ({
    ...plain({ ...stream, path }, { [repair.parameter]: String(asNumber(date)) }),
    purpose: 'repair' as const,
    what: `${date} (${repair.name})`,
    businessDate: asNumber(date),
    ids: repair.by === 'ids' ? repair : null,
  }))
}

function datesDown(newest: BusinessDate, oldest: BusinessDate): BusinessDate[] {
  const dates: BusinessDate[] = []
  for (let date = newest; date >= oldest; date = plusDays(date, -1)) dates.push(date)
  return dates
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
  for (const { from, before } of holesToFill(position, facts)) {
    const [day, until] = [Date.parse(from) / dayMs, Date.parse(before) / dayMs]
    // Those of the days above are asked for anyway.
    if (until > firstDay) continue
    yield { ...spanTask(stream, reading, facts, { day, before: until }), purpose: 'repair' }
  }
  const startDay = Math.floor(startOf(facts) / dayMs)
  const floor = position.floor === undefined ? firstDay : Date.parse(position.floor) / dayMs
  let before = Math.min(floor, firstDay)
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
    range: { from, before: iso(before * dayMs) },
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
  // Back over the days that may still change, counted from what the last sync saw.
  const lastSeen = (position.cursor ?? open) as BusinessDate
  const until = later(plusDays(earlier(open, lastSeen), -trailingDays), oldest)
  const floor = earlier((position.floor ?? until) as BusinessDate, until)
  for (const date of datesDown(open, until)) {
    const moves = date === until ? { cursor: open, floor } : {}
    yield dayTask(stream, parameter, date, moves)
  }
  for (const { from } of holesToFill(position, facts)) {
    if (from >= until) continue
    const task = dayTask(stream, parameter, from as BusinessDate, {})
    yield { ...task, purpose: 'repair' }
  }
  for (const date of datesDown(plusDays(floor, -1), oldest)) {
    yield inThePast(stream, dayTask(stream, parameter, date, { floor: date }))
  }
}

const holeWaitHoursMax = 24

/** The holes whose turn it is: in the next sync, then after an hour, two hours, and so on to a day. */
function holesToFill({ holes = [] }: Position, facts: Facts): readonly Hole[] {
  return holes.filter(({ tries, at }) => {
    if (tries <= 1) return true
    return isDue(at, Math.min(holeWaitHoursMax, 2 ** (tries - 2)), facts)
  })
}

function later(one: BusinessDate, other: BusinessDate): BusinessDate {
  return one < other ? other : one
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
    range: { from: date, before: plusDays(date, 1) },
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
    range: null,
    repair: null,
    removes: null,
    ids: null,
    moves: {},
  }
}

/** The later of what was asked for and where the location's own history begins. */
function startOf({ start, location }: Facts, daysBeforeFirst = 0): number {
  const { firstBusinessDate } = location
  if (firstBusinessDate === null) return start
  const begun = startOfBusinessDate(firstBusinessDate as BusinessDate, location)
  return Math.max(start, begun - daysBeforeFirst * dayMs)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
