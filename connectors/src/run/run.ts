import { type Instant, instant } from '@regulars/contract/values/instants'
import {
  type Destination,
  DestinationRefused,
  type Missing,
  type StreamState,
  type Written,
} from '../destination.ts'
import { ReadingFailed } from '../outcome.ts'
import type { Session } from '../session.ts'
import type { Location, Source, Stream, Unknowns } from '../source.ts'
import type { RetryBudget } from './attempts.ts'
import { eventOf, type Level, type Outcome, type SyncEvent, type Telling } from './events.ts'
import { type Figures, openFigures } from './figures.ts'
import type { Http } from './http.ts'
import { type Limiter, openLimiter } from './limiter.ts'
import type { Facts } from './plan.ts'
import { atTheBeginning, type Position } from './position.ts'
import { readPosition } from './position-check.ts'
import { openProgress, type Progress } from './progress.ts'
import { openRooms, type Rooms } from './slots.ts'
import { type StreamDeps, type StreamOutcome, syncStream } from './stream-sync.ts'
import { openWriter, type Writer } from './writer.ts'

/** What a run is told, and what it speaks to. */
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
  /** What a record of the list says, also one that cannot become rows; null when it names none. */
  listedIn(record: unknown): Listed | null
  /** What has to be known of each before the rest can be read. */
  details: Stream
  /** Reads what the run needs from the details' record; null when it is not what was expected. */
  locationFrom(id: string, details: unknown): Location | null
  /** Null for all that the list holds. */
  only: ReadonlySet<string> | null
}

/** A location as it is listed, which it may be as one that is gone. */
export type Listed = { id: string; isThere: boolean }

/** What is kept of a location between syncs. */
export type Known = Location & { gone?: Gone }

/**
 * Since when a location is gone, and what said so: the list that no longer holds it, its details
 * that are absent, or the answer to calls for its records.
 */
export type Gone = { at: string; by: 'list' | 'details' | 'calls' }

/** What could not be read, and what was decided about it; `location` is null for the account. */
export type Problem = { location: string | null; stream: string; verdict: string; message: string }

/** What the parts of one run share. */
export type Run = {
  options: SyncOptions
  positions: Map<string, Position>
  known: Map<string, Known>
  writer: Writer
  written: Written
  figures: Figures
  progress: Progress
  problems: Problem[]
  postponed: number
  /** Records that could not become rows. */
  quarantined: number
  rooms: Rooms
  limiters: Map<string, Limiter>
  onUnknown: Unknowns
  /** Whether anything came of a reading of a location's streams. */
  hasRead: boolean
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
export const locationStream = '_location'
/** Where a session's own state is kept, such as when it logged in. */
const sessionStream = '_session'

/** Opens a run where the last one left its destination. */
export async function openRun(options: SyncOptions): Promise<Run> {
  const { destination, onEvent } = options
  const written = { rows: 0, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 }
  // Told and recorded by our own clock: what a person reads beside other lines, whatever the
  // vendor's says.
  const tell: Run['tell'] = (telling, level) => {
    if (telling.event === 'quarantined') run.quarantined += 1
    onEvent(eventOf(telling, Date.now(), level))
  }
  const startedAt = new Date().toISOString()
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
    quarantined: 0,
    hasRead: false,
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
        quarantined: run.quarantined,
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
    if (stream === locationStream) run.known.set(location, JSON.parse(state) as Known)
    else if (stream === sessionStream) run.options.session.restore?.(state)
    else run.positions.set(keyOf(location, stream), soundPosition(run, { location, stream, state }))
  }
}

/** Throws `DestinationRefused` for what somebody has changed by hand into what is no position. */
function soundPosition(
  { options: { source } }: Run,
  { location, stream, state }: StreamState,
): Position {
  const kind = source.streams.find(({ name }) => name === stream)?.reading.kind ?? null
  const read = readPosition(state, kind)
  if (read.kind === 'read') return read.position
  throw new DestinationRefused(
    `The stored state of ${stream} of ${location} is not sound (${read.problems.join(' ')}); set it ` +
      'with regulars sync state set, where {} begins anew.',
  )
}

/** Brings what the session wants back the next time, if anything. */
export async function saveSession({ options: { session }, writer }: Run): Promise<void> {
  const state = session.saved?.() ?? null
  if (state !== null) {
    await writer.bring({ state: { location: '', stream: sessionStream, state } })
  }
}

function keyOf(location: string, stream: string): string {
  return `${location} ${stream}`
}

/** Where a stream of a location stood when the run began. */
export function positionOf(run: Run, stream: Stream, location: Location): Position {
  return run.positions.get(keyOf(location.id, stream.name)) ?? atTheBeginning
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

/** Why a run ended before it was through, when that is no fault. */
export class Stopped extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome, message: string) {
    super(message)
    this.outcome = outcome
  }
}

/** `instead` takes the place of what a stream is usually given. */
export function tryStream(
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

/** What a plan of a location's readings is made from, as of now. */
export function factsOf({ options }: Run, location: Location): Facts {
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

/** Keeps a failure as a problem; one that is to stop everything is thrown. */
export function note(
  run: Run,
  stream: Stream,
  location: Location,
  { verdict, message }: Extract<StreamOutcome, { kind: 'failed' }>,
): void {
  const id = location.id === '' ? null : location.id
  // Calls that were under way beside it are told the same.
  if (verdict === 'location-gone' && run.gone.has(location.id)) return
  run.problems.push({ location: id, stream: stream.name, verdict, message })
  if (verdict === 'location-gone') run.gone.add(location.id)
  if (verdict === 'stop') {
    run.stop.abort(new Stopped('refused', message))
    throw new ReadingFailed('stop', message)
  }
}

/** As of now: rows that were read later stay. */
export async function markMissing(run: Run, missing: readonly Missing[]): Promise<void> {
  const readAt = new Date(run.options.now()).toISOString()
  await run.writer.bring({ removals: missing.map((one) => ({ ...one, readAt })) })
}

/**
 * Waits until all are over, also when one fails: nobody is still reading when the destination is
 * closed. The first failure tells the others to stop.
 */
export async function allOver(run: Run, readings: readonly Promise<void>[]): Promise<void> {
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
