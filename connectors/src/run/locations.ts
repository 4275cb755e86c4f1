import type { Quarantined } from '../destination.ts'
import { ReadingFailed } from '../outcome.ts'
import type { Location, Stream } from '../source.ts'
import { withAttempts } from './attempts.ts'
import {
  allOver,
  type Discovery,
  type Listed,
  locationStream,
  markMissing,
  note,
  positionOf,
  type Run,
  Stopped,
  tryStream,
} from './run.ts'
import type { StreamOutcome } from './stream-sync.ts'
import type { Part, Writer } from './writer.ts'

export async function locationsOf(run: Run): Promise<readonly Location[]> {
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

/**
 * What the vendor lists; it is written when it is known which of it is there. `isWhole` is whether
 * every record named its location: one that did not may be any of those that seem to be missing.
 */
type List = { ids: readonly string[]; isWhole: boolean; parts: readonly Part[] }

/**
 * Null when the list cannot be had. A list of none is not believed: everything that is stored would
 * be marked as gone.
 */
async function readList(run: Run, { list, listedIn }: Discovery): Promise<List | null> {
  const listed: (Listed | null)[] = []
  const parts: Part[] = []
  const noting: Stream = {
    ...list,
    unitsOf(record, context, onUnknown) {
      listed.push(listedIn(record))
      return list.unitsOf(record, context, onUnknown)
    },
  }
  const holding: Writer = {
    ...run.writer,
    async bring({ quarantined = [], ...part }) {
      parts.push({ ...part, quarantined: quarantined.map(ofItself) })
    },
  }
  const outcome = await tryStream(run, noting, account, { writer: holding })
  const there = listed.flatMap((one) => (one?.isThere ? [one.id] : []))
  if (outcome.kind !== 'failed' && there.length > 0) {
    return { ids: [...new Set(there)], isWhole: !listed.includes(null), parts }
  }
  for (const part of parts) await run.writer.bring(part)
  if (outcome.kind === 'failed') note(run, noting, account, outcome)
  return null
}

/** Each record of the list is its own location, as its row is that resolves it. */
function ofItself(record: Quarantined): Quarantined {
  return { ...record, location: record.id ?? record.location }
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
  const missing = list.isWhole ? [...run.known.keys()] : []
  const gone = [...new Set([...missing, ...without])].filter((id) => !present.has(id))
  const tables = [...discovery.list.tables, ...discovery.details.tables]
  await markMissing(
    run,
    gone.flatMap((location) => tables.map((table) => ({ table, location, within: [], keep: [] }))),
  )
  run.tell({ event: 'locations', count: present.size, gone })
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
