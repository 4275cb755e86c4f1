import { type Instant, instant } from '@regulars/contract/values/instants'
import type { Destination, Missing, Written } from '../destination.ts'
import { ReadingFailed } from '../outcome.ts'
import type { Session } from '../session.ts'
import type { Location, Source, Stream, Unknowns } from '../source.ts'
import { type RetryBudget, withAttempts } from './attempts.ts'
import { eventOf, type Level, type Outcome, type SyncEvent, type Telling } from './events.ts'
import { type Figures, openFigures, type StreamFigures } from './figures.ts'
import type { Http } from './http.ts'
import { type Limiter, openLimiter } from './limiter.ts'
import { type Facts, type Purpose, tasksOf } from './plan.ts'
import { atTheBeginning, type Position, positionFrom } from './position.ts'
import { openProgress, type Progress, tellRegularly } from './progress.ts'
import { openRooms, openSlots, type Rooms } from './slots.ts'
import { type StreamDeps, type StreamOutcome, syncStream } from './stream-sync.ts'
import { openWriter, type Part, type Writer } from './writer.ts'

export type SyncOptions = {
  source: Source
  session: Session
  http: Http
  destination: Destination
  budget: RetryBudget
  /** The moment the data is read as of; waits and backoff go by the machine's own clock. */
  now(): Instant
  until: Instant | null
  start: Instant
  full: boolean
  /** Null for all. */
  streams: ReadonlySet<string> | null
  /** Asked once, when the run has begun. */
  locations(): Promise<readonly Location[] | Discovery>
  /** A reason to leave the past of a location for later. */
  postponed(facts: Facts): string | null
  /** Asked when everything was read: what is gone though no single reading shows it. */
  missing(): readonly Missing[]
  signal: AbortSignal
  onEvent(event: SyncEvent): void
  run: { id: string; startedBy: string; configuration: string }
}

/** How locations are found when the configuration does not list them. */
export type Discovery = {
  /** The vendor's own list: one unit a location. */
  list: Stream
  /** What has to be known of each before the rest can be read. */
  details: Stream
  /** Reads what the run needs from the details' record; null when it is not what was expected. */
  locationFrom(id: string, details: unknown): Location | null
  /** Null for all that the list holds. */
  only: ReadonlySet<string> | null
}

export type Problem = { location: string | null; stream: string; verdict: string; message: string }

export type Report = {
  outcome: Outcome
  problems: readonly Problem[]
  postponed: number
  written: Written
  figures: Record<string, StreamFigures>
  seconds: number
}

/**
 * Reads everything there is to read, once, and says how it went. Throws what is a fault of ours or
 * of the destination, after everything that was read by then is written or refused.
 */
export async function sync(options: SyncOptions): Promise<Report> {
  const startedAt = performance.now()
  const run = await openRun(options)
  const telling = tellRegularly((level) => tellProgress(run, level))
  const ended = async (outcome: Outcome): Promise<Report> => {
    telling.stop()
    const { problems, postponed, written, figures } = run
    const seconds = (performance.now() - startedAt) / 1_000
    await options.destination.recordRun(run.record(new Date(options.now()).toISOString(), outcome))
    run.tell({ event: 'ended', run: options.run.id, outcome, rows: written.rows, seconds })
    return { outcome, problems, postponed, written, figures: figures.all(), seconds }
  }
  try {
    await options.destination.recordRun(run.record(null, 'running'))
    return await ended(await readAll(run))
  } catch (error) {
    // A destination that failed takes no record either; the fault is what has to be told.
    await ended('failed').catch(() => {})
    throw error
  }
}

function tellProgress({ progress, written, figures, limiters, tell }: Run, level: Level): void {
  tell(progress.told({ rows: written.rows, calls: figures.calls(), limiters }), level)
}

/** What one stream of one location would ask for. */
export type PlannedStream = {
  location: Location
  stream: string
  calls: Readonly<Record<Purpose, number>>
  /** How long the calls take at the allowed rate. */
  seconds: number
}

/** What a sync would read, without writing anything: only the locations are asked for. */
export async function planSync(options: SyncOptions): Promise<PlannedStream[]> {
  const run = await openRun({ ...options, destination: unwritten(options.destination) })
  try {
    const locations = await locationsOf(run)
    return locations.flatMap((location) =>
      wantedStreams(run, location).map((stream) => plannedStream(run, stream, location)),
    )
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    throw new ReadingFailed('stop', error.message)
  }
}

function unwritten(destination: Destination): Destination {
  return {
    ...destination,
    write: () =>
      Promise.resolve({ rows: 0, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 }),
    recordRun: () => Promise.resolve(),
  }
}

function plannedStream(run: Run, stream: Stream, location: Location): PlannedStream {
  const calls = { live: 0, repair: 0, backfill: 0 }
  const perLimit = new Map<string, number>()
  const position = positionOf(run, stream, location)
  for (const { purpose, call } of tasksOf(stream, position, factsOf(run, location))) {
    calls[purpose] += 1
    for (const name of call.limits) perLimit.set(name, (perLimit.get(name) ?? 0) + 1)
  }
  const { every, named } = run.options.source.limits
  const total = calls.live + calls.repair + calls.backfill
  const waits = [...perLimit].flatMap(([name, count]) =>
    (named[name] ?? []).map((limit) => (count * limit.seconds) / limit.calls),
  )
  const seconds = Math.max(...every.map((limit) => (total * limit.seconds) / limit.calls), ...waits)
  return { location, stream: stream.name, calls, seconds }
}

function wantedStreams(
  { options: { source, streams } }: Run,
  location: Location,
): readonly Stream[] {
  return source.streams.filter(
    ({ name, isOf }) => (streams === null || streams.has(name)) && (isOf?.(location) ?? true),
  )
}

function positionOf(run: Run, stream: Stream, location: Location): Position {
  return run.positions.get(keyOf(location.id, stream.name)) ?? atTheBeginning
}

/** What the parts of one run share. */
type Run = {
  options: SyncOptions
  positions: Map<string, Position>
  known: Map<string, Location>
  writer: Writer
  written: Written
  figures: Figures
  progress: Progress
  problems: Problem[]
  postponed: number
  rooms: Rooms
  limiters: Map<string, Limiter>
  onUnknown: Unknowns
  /** Locations that may no longer be called in this run. */
  gone: Set<string>
  /** Ends every reading under way; its reason is what the run ends with. */
  stop: AbortController
  tell(telling: Telling, level?: Level): void
  record(endedAt: string | null, outcome: string): Parameters<Destination['recordRun']>[0]
}

/**
 * Where the run keeps what it knows of a location between syncs, beside the streams' positions. No
 * source names a stream so; Punchh has a `location`.
 */
const locationStream = '_location'
/** Where a session's own state is kept, such as an encrypted token. */
const sessionStream = '_session'

async function openRun(options: SyncOptions): Promise<Run> {
  const { destination, onEvent, now } = options
  const written = { rows: 0, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 }
  // Told by our own clock: what a person reads beside other lines, whatever the vendor's says.
  const tell: Run['tell'] = (telling, level) => onEvent(eventOf(telling, Date.now(), level))
  const startedAt = new Date(now()).toISOString()
  const run: Run = {
    options,
    positions: new Map(),
    known: new Map(),
    writer: openWriter(destination, (one) => {
      for (const name of Object.keys(written) as (keyof Written)[]) written[name] += one[name]
      tell({ event: 'written', written: one })
    }),
    written,
    figures: openFigures(),
    progress: openProgress(options.source.limits),
    problems: [],
    postponed: 0,
    rooms: openRooms(),
    limiters: new Map(),
    onUnknown: oncePerMember(tell),
    gone: new Set(),
    stop: new AbortController(),
    tell,
    record: (endedAt, outcome) => {
      const { id, startedBy, configuration } = options.run
      const figures = JSON.stringify({
        written,
        streams: run.figures.all(),
        problems: run.problems,
      })
      return { id, startedAt, endedAt, outcome, startedBy, configuration, figures }
    },
  }
  await restore(run)
  tell({
    event: 'started',
    run: options.run.id,
    source: options.source.name,
    destination: destination.described,
  })
  return run
}

async function restore(run: Run): Promise<void> {
  for (const { location, stream, state } of await run.options.destination.states()) {
    if (stream === locationStream) run.known.set(location, JSON.parse(state) as Location)
    else if (stream === sessionStream) run.options.session.restore?.(state)
    else run.positions.set(keyOf(location, stream), positionFrom(state))
  }
}

function keyOf(location: string, stream: string): string {
  return `${location} ${stream}`
}

async function readAll(run: Run): Promise<Outcome> {
  const { signal } = run.options
  const stopped = () => run.stop.abort(new Stopped('stopped', 'told to stop'))
  signal.addEventListener('abort', stopped, { once: true })
  if (signal.aborted) stopped()
  try {
    const locations = await locationsOf(run)
    await saveSession(run)
    await readLocations(run, locations)
    await markMissing(run, run.options.missing())
  } catch (error) {
    if (!run.stop.signal.aborted) run.stop.abort(error)
    const { reason } = run.stop.signal
    await run.writer.settled()
    if (!(reason instanceof Stopped)) throw reason
    return reason.outcome
  } finally {
    signal.removeEventListener('abort', stopped)
  }
  await saveSession(run)
  await run.writer.settled()
  return run.problems.length > 0 || run.postponed > 0 ? 'partial' : 'complete'
}

/** Why a run ended before it was through, when that is no fault. */
class Stopped extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome, message: string) {
    super(message)
    this.outcome = outcome
  }
}

async function saveSession({ options: { session }, writer }: Run): Promise<void> {
  const state = session.saved?.() ?? null
  if (state !== null) {
    await writer.bring({ state: { location: '', stream: sessionStream, state } })
  }
}

async function locationsOf(run: Run): Promise<readonly Location[]> {
  const locations = await askLocations(run)
  if (!('list' in locations)) return locations
  const list = await readList(run, locations)
  const ids = list?.ids ?? [...run.known.keys()]
  const asked = ids.filter((id) => locations.only === null || locations.only.has(id))
  const details = await readAllDetails(run, locations, asked)
  const absent = list === null ? [] : absentAmong(details)
  if (list !== null) await writeList(run, locations, { list, details, absent })
  if (asked.length === 0) throw noLocation(run, list)
  const present = details.filter((one) => !absent.includes(one))
  for (const one of present) if (isAbsent(one)) noteProblem(run, one)
  return present.flatMap(({ id, found }) => found ?? run.known.get(id) ?? [])
}

/** A list that could not be had is a problem already. */
function noLocation(run: Run, list: List | null): Stopped {
  const message = 'there is no location to read'
  if (list !== null) noteAtLocations(run, 'set-aside', message)
  return new Stopped('failed', message)
}

function noteAtLocations({ problems, tell }: Run, verdict: string, message: string): void {
  const problem = { location: null, stream: 'locations', verdict, message }
  problems.push(problem)
  tell({ event: 'problem', ...problem })
}

/** Asking may log in: refused credentials end the run, a vendor that does not answer is asked again. */
async function askLocations(run: Run): Promise<readonly Location[] | Discovery> {
  const { options, stop, tell } = run
  try {
    return await withAttempts(
      async () => {
        try {
          return { verdict: { do: 'use' } as const, result: await options.locations() }
        } catch (error) {
          if (error instanceof ReadingFailed || stop.signal.aborted) throw error
          const said = error instanceof Error ? error.message : String(error)
          return { verdict: { do: 'again', waitMs: null } as const, said }
        }
      },
      {
        budget: options.budget,
        signal: stop.signal,
        onRetry: (said, waitMs) => tell({ event: 'retry', location: null, said, waitMs }),
        logIn: () => {},
      },
    )
  } catch (error) {
    if (!(error instanceof ReadingFailed)) throw error
    const { verdict, message } = error
    noteAtLocations(run, verdict, message)
    throw new Stopped(verdict === 'stop' ? 'refused' : 'failed', message)
  }
}

const account: Location = {
  id: '',
  label: '',
  timeZone: 'UTC',
  closeoutHour: 0,
  firstBusinessDate: null,
}

/** What the vendor lists; it is written when it is known which of it is there. */
type List = { ids: readonly string[]; parts: readonly Part[] }

/**
 * Null when the list cannot be had. A list of none is not believed: everything that is stored would
 * be marked as gone.
 */
async function readList(run: Run, { list }: Discovery): Promise<List | null> {
  const ids: string[] = []
  const parts: Part[] = []
  const noting: Stream = {
    ...list,
    unitsOf(record, context, onUnknown) {
      const units = list.unitsOf(record, context, onUnknown)
      for (const { id, deletedAt } of units) if (deletedAt === null) ids.push(id)
      return units
    },
  }
  const holding: Writer = {
    ...run.writer,
    async bring(part) {
      parts.push(part)
    },
  }
  const outcome = await tryStream(run, noting, account, { writer: holding })
  if (outcome.kind !== 'failed' && ids.length > 0) return { ids, parts }
  for (const part of parts) await run.writer.bring(part)
  if (outcome.kind === 'failed') note(run, noting, account, outcome)
  return null
}

/** What is gone keeps its rows and is marked; it is not called again. */
async function writeList(
  run: Run,
  discovery: Discovery,
  {
    list,
    details,
    absent,
  }: { list: List; details: readonly Details[]; absent: readonly Details[] },
): Promise<void> {
  const without = new Set(absent.map(({ id }) => id))
  const asked = new Set(details.map(({ id }) => id))
  // Written and then marked, it would come back for a moment in every sync.
  const isWritten = (id: string) =>
    asked.has(id) ? !without.has(id) : !wasAbsent(run, discovery, id)
  for (const part of list.parts) {
    await run.writer.bring({ ...part, units: part.units?.filter(({ id }) => isWritten(id)) ?? [] })
  }
  const present = new Set(list.ids.filter((id) => !without.has(id)))
  const gone = [...new Set([...run.known.keys(), ...without])].filter((id) => !present.has(id))
  const tables = [...discovery.list.tables, ...discovery.details.tables]
  await markMissing(
    run,
    gone.flatMap((location) => tables.map((table) => ({ table, location, within: [], keep: [] }))),
  )
  run.tell({ event: 'locations', count: present.size, gone })
}

/** As of now: rows that were read later stay. */
async function markMissing(run: Run, missing: readonly Missing[]): Promise<void> {
  const readAt = new Date(run.options.now()).toISOString()
  await run.writer.bring({ removals: missing.map((one) => ({ ...one, readAt })) })
}

/** What was found when the details of one location were asked for. */
type Details = { id: string; stream: Stream; found: Location | null; outcome: StreamOutcome }

async function readAllDetails(
  run: Run,
  discovery: Discovery,
  ids: readonly string[],
): Promise<readonly Details[]> {
  const details: Details[] = []
  await allOver(
    run,
    ids.map(async (id) => {
      details.push(await readDetails(run, discovery, id))
    }),
  )
  return details
}

/** Details that are absent are no problem yet: that depends on the others'. */
async function readDetails(
  run: Run,
  { details, locationFrom }: Discovery,
  id: string,
): Promise<Details> {
  let found: Location | null = null
  const stream: Stream = {
    ...details,
    path: details.path.replace('{location}', encodeURIComponent(id)),
    unitsOf(record, context, onUnknown) {
      found = locationFrom(id, record)
      return details.unitsOf(record, context, onUnknown)
    },
  }
  const location = { ...account, id }
  const outcome = await tryStream(run, stream, location, {
    tell: (telling) => {
      if (telling.event !== 'problem') run.tell(telling)
    },
  })
  const read = { id, stream, found, outcome }
  if (found === null) {
    if (!isAbsent(read)) noteProblem(run, read)
    return read
  }
  const state = JSON.stringify(found)
  await run.writer.bring({ state: { location: id, stream: locationStream, state } })
  return read
}

/** Whether the vendor says that there is no such location, or no longer. */
function isAbsent({ outcome }: Details): boolean {
  return outcome.kind === 'failed' && saysAbsent.has(outcome.verdict)
}

/** The same by the last sync that asked. */
function wasAbsent(run: Run, { details }: Discovery, id: string): boolean {
  const { lastError } = positionOf(run, details, { ...account, id })
  return lastError !== undefined && saysAbsent.has(lastError.verdict)
}

const saysAbsent: ReadonlySet<string> = new Set(['absent', 'location-gone'])

/**
 * Those that are listed and yet not there, such as archived ones. Where the details of none came,
 * that is not believed: everything that is stored would be marked as gone.
 */
function absentAmong(details: readonly Details[]): readonly Details[] {
  return details.some(({ found }) => found !== null) ? details.filter(isAbsent) : []
}

/** Without its zone no day of a location is known: it is not read, or as it was known before. */
function noteProblem(run: Run, { id, stream, outcome }: Details): void {
  const unreadable = {
    kind: 'failed',
    verdict: 'set-aside',
    message: `${stream.path}: there is no time zone that we know in the reply`,
  } as const
  const failure = outcome.kind === 'failed' ? outcome : unreadable
  const { verdict, message } = failure
  run.tell({ event: 'problem', location: id, stream: stream.name, verdict, message })
  note(run, stream, { ...account, id }, failure)
}

async function readLocations(run: Run, locations: readonly Location[]): Promise<void> {
  for (const location of locations) {
    for (const { name } of wantedStreams(run, location)) run.progress.expect(location.id, name)
  }
  const slots = openSlots(run.options.source.atOnce.locations)
  await allOver(
    run,
    locations.map(async (location) => {
      const release = await slots.take()
      await readLocation(run, location).finally(release)
    }),
  )
}

/**
 * Waits until all are over, also when one fails: nobody is still reading when the destination is
 * closed. The first failure tells the others to stop.
 */
async function allOver(run: Run, readings: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(
    readings.map((reading) =>
      reading.catch((error: unknown) => {
        if (!run.stop.signal.aborted) run.stop.abort(error)
        throw error
      }),
    ),
  )
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** All streams side by side, as many as the vendor is to see at a time. */
async function readLocation(run: Run, location: Location): Promise<void> {
  const slots = openSlots(run.options.source.atOnce.streams)
  await allOver(
    run,
    wantedStreams(run, location).map(async (stream) => {
      const release = await slots.take()
      try {
        if (!run.gone.has(location.id)) await readStream(run, stream, location)
      } finally {
        run.progress.of(location.id, stream.name).end()
        release()
      }
    }),
  )
}

async function readStream(run: Run, stream: Stream, location: Location): Promise<void> {
  const outcome = await tryStream(run, stream, location)
  if (outcome.kind === 'postponed') run.postponed += 1
  if (outcome.kind === 'failed') note(run, stream, location, outcome)
}

/** `instead` takes the place of what a stream is usually given. */
function tryStream(
  run: Run,
  stream: Stream,
  location: Location,
  instead: Partial<StreamDeps> = {},
): Promise<StreamOutcome> {
  const position = positionOf(run, stream, location)
  const progress = run.progress.of(location.id, stream.name)
  const deps = { ...depsOf(run, location), progress, ...instead }
  return syncStream(stream, position, factsOf(run, location), deps)
}

function note(
  run: Run,
  stream: Stream,
  location: Location,
  { verdict, message }: Extract<StreamOutcome, { kind: 'failed' }>,
): void {
  const id = location.id === '' ? null : location.id
  run.problems.push({ location: id, stream: stream.name, verdict, message })
  if (verdict === 'location-gone') run.gone.add(location.id)
  if (verdict === 'stop') {
    run.stop.abort(new Stopped('refused', message))
    throw new ReadingFailed('stop', message)
  }
}

function factsOf({ options }: Run, location: Location): Facts {
  const { now, until, start, full, source } = options
  const at = now()
  const end = until === null ? at : instant(Math.min(at, until))
  return { location, now: at, until: end, start, full, instantText: source.instantText }
}

function depsOf(run: Run, location: Location): Omit<StreamDeps, 'progress'> {
  const { http, session, budget, now, destination, source, postponed } = run.options
  let limiter = run.limiters.get(location.id)
  if (limiter === undefined) {
    limiter = openLimiter(source.limits)
    run.limiters.set(location.id, limiter)
  }
  return {
    http,
    session,
    limiter,
    rooms: run.rooms,
    figures: run.figures,
    budget,
    signal: run.stop.signal,
    now,
    writer: run.writer,
    destination,
    postponed,
    tell: run.tell,
    onRetry: (said, waitMs) => {
      run.tell({ event: 'retry', location: location.id || null, said, waitMs })
    },
    onUnknown: run.onUnknown,
  }
}

/** A member nobody declared is kept, and somebody should know: once a run. */
function oncePerMember(tell: Run['tell']): Unknowns {
  const told = new Set<string>()
  return (table, member) => {
    const key = `${table}.${member}`
    if (told.has(key)) return
    told.add(key)
    tell({ event: 'unknown-member', table, member })
  }
}
