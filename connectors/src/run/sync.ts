import type { Destination, Written } from '../destination.ts'
import { ReadingFailed } from '../outcome.ts'
import type { Location, Stream } from '../source.ts'
import type { Level, Outcome } from './events.ts'
import type { StreamFigures } from './figures.ts'
import { findLocations, markToldGone } from './locations.ts'
import { type Purpose, tasksOf } from './plan.ts'
import { tellRegularly } from './progress.ts'
import {
  allOver,
  factsOf,
  markMissing,
  note,
  openRun,
  type Problem,
  positionOf,
  type Run,
  Stopped,
  type SyncOptions,
  saveSession,
  tryStream,
} from './run.ts'
import { openSlots } from './slots.ts'
import type { StreamDeps } from './stream-sync.ts'

export type { Discovery, Listed, SyncOptions } from './run.ts'

export type Report = {
  outcome: Outcome
  problems: readonly Problem[]
  postponed: number
  /** Records that could not become rows: in this run, and of all runs those that are still open. */
  quarantined: { seen: number; open: number }
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
    const { destination } = options
    const seconds = (performance.now() - startedAt) / 1_000
    await destination.recordRun(run.record(new Date().toISOString(), outcome))
    const quarantined = {
      seen: run.quarantined,
      open: await destination.quarantinedOpen(),
    }
    run.tell({ event: 'ended', run: options.run.id, outcome, rows: written.rows, seconds })
    return { outcome, problems, postponed, quarantined, written, figures: figures.all(), seconds }
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
    const { locations } = await findLocations(run)
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
    locationsIn: () => Promise.resolve([]),
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

async function readAll(run: Run): Promise<Outcome> {
  const { signal } = run.options
  const stopped = () => run.stop.abort(new Stopped('stopped', 'told to stop'))
  signal.addEventListener('abort', stopped, { once: true })
  if (signal.aborted) stopped()
  try {
    const { locations, discovery } = await findLocations(run)
    await readLocations(run, locations)
    if (discovery !== null) await markToldGone(run, discovery)
    await markMissing(run, run.options.missing())
  } catch (error) {
    if (!run.stop.signal.aborted) run.stop.abort(error)
    const { reason } = run.stop.signal
    if (reason instanceof Stopped) await saveSession(run)
    await run.writer.settled()
    if (!(reason instanceof Stopped)) throw reason
    return reason.outcome
  } finally {
    signal.removeEventListener('abort', stopped)
  }
  await saveSession(run)
  await run.writer.settled()
  return outcomeOf(run)
}

/** Of a run that came to its end. */
function outcomeOf({ problems, postponed, quarantined, hasRead }: Run): Outcome {
  if (problems.length > 0 && !hasRead && postponed === 0) return 'failed'
  const isAllThere = problems.length === 0 && postponed === 0 && quarantined === 0
  return isAllThere ? 'complete' : 'partial'
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

/** What a reading that fails in the middle has brought by then was read all the same. */
function noticing(run: Run): Pick<StreamDeps, 'tell' | 'writer'> {
  return {
    tell(telling) {
      if (telling.event === 'read') run.hasRead = true
      run.tell(telling)
    },
    writer: {
      ...run.writer,
      bring(part) {
        if ((part.units?.length ?? 0) > 0) run.hasRead = true
        return run.writer.bring(part)
      },
    },
  }
}

async function readStream(run: Run, stream: Stream, location: Location): Promise<void> {
  const outcome = await tryStream(run, stream, location, noticing(run))
  if (outcome.kind === 'postponed') run.postponed += 1
  if (outcome.kind === 'failed') note(run, stream, location, outcome)
}
