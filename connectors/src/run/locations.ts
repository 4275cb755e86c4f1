import type { Quarantined } from '../destination.ts'
import { ReadingFailed } from '../outcome.ts'
import type { Location, Stream } from '../source.ts'
import { withAttempts } from './attempts.ts'
import {
  allOver,
  type Discovery,
  type Gone,
  type Known,
  type Listed,
  locationStream,
  markMissing,
  note,
  type Problem,
  positionOf,
  type Run,
  Stopped,
  saveSession,
  tryStream,
} from './run.ts'
import type { StreamOutcome } from './stream-sync.ts'
import type { Part, Writer } from './writer.ts'

/** The locations to be read, and how they were found unless the configuration lists them. */
export type Found = { locations: readonly Location[]; discovery: Discovery | null }

/** Finds them; throws `Stopped` when there is none that could be read. */
export async function findLocations(run: Run): Promise<Found> {
  const asked = await askLocations(run)
  // Asking may have logged in, which counts though this run may be killed.
  await saveSession(run)
  if (!('list' in asked)) return { locations: asked, discovery: null }
  return { locations: await discovered(run, asked), discovery: asked }
}

/** Once all is read: what the vendor said of a location in place of its records. */
export async function markToldGone(run: Run, discovery: Discovery): Promise<void> {
  const gone = [...run.gone]
  for (const id of gone) await rememberGone(run, id, 'calls')
  await markRows(run, discovery, gone)
}

async function discovered(run: Run, discovery: Discovery): Promise<readonly Location[]> {
  const list = await readList(run, discovery)
  const details = await readAllDetails(run, discovery, idsToAsk(run, discovery, list))
  const gone = list === null ? [] : goneAmong(run, details)
  if (list !== null) await writeList(run, discovery, { list, details, gone })
  await writeDetails(run, { details, gone })
  noteUnlisted(run, discovery, list)
  const there = details.filter((one) => !gone.includes(one))
  for (const one of there) if (isAbsent(one)) noteProblem(run, one)
  const known = knownToBeThere(run)
  const locations = there.flatMap(({ id, found }) => found ?? known.get(id) ?? [])
  if (locations.length === 0) throw noLocation(run)
  return locations
}

/** Where no list says which there are, those that were named are asked all the same. */
function idsToAsk(run: Run, { only }: Discovery, list: List | null): readonly string[] {
  if (list === null) return [...(only ?? knownToBeThere(run).keys())]
  if (only === null) return list.ids
  return list.isWhole ? list.ids.filter((id) => only.has(id)) : [...only]
}

/** Those that were read before and have not gone since. */
function knownToBeThere({ known }: Run): ReadonlyMap<string, Location> {
  return new Map([...known].filter(([, { gone }]) => gone === undefined))
}

const namedMax = 10

/** Somebody named what is not there: it is told, and of none that is there which there are. */
function noteUnlisted(run: Run, { only }: Discovery, list: List | null): void {
  if (only === null || list === null || !list.isWhole) return
  const unlisted = [...only].filter((id) => !list.ids.includes(id))
  for (const id of unlisted) {
    noteAtLocations(run, { location: id, verdict: 'absent', message: `${id} is not listed` })
  }
  if (unlisted.length < only.size || list.ids.length === 0) return
  const more = list.ids.length - namedMax
  const named = list.ids.slice(0, namedMax).join(', ') + (more > 0 ? ` and ${more} more` : '')
  const message = `none of ${unlisted.slice(0, namedMax).join(', ')} is listed; listed are ${named}`
  noteAtLocations(run, { location: null, verdict: 'absent', message })
}

/** For the reason that was told last, if one was. */
function noLocation(run: Run): Stopped {
  const message = 'there is no location to read'
  const last = run.problems.at(-1)
  if (last !== undefined) return new Stopped('failed', `${message}: ${last.message}`)
  noteAtLocations(run, { location: null, verdict: 'set-aside', message })
  return new Stopped('failed', message)
}

function noteAtLocations(
  { problems, tell }: Run,
  told: Pick<Problem, 'location' | 'verdict' | 'message'>,
): void {
  const problem = { ...told, stream: 'locations' }
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
    noteAtLocations(run, { location: null, verdict, message })
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
 * every record named its location: one that did not may be any of those that seem to be missing,
 * which then count as listed.
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
  const writer = holding(run, (part) => {
    parts.push({ ...part, quarantined: part.quarantined?.map(ofItself) ?? [] })
  })
  const outcome = await tryStream(run, noting, account, { writer })
  if (outcome.kind !== 'failed' && listed.length > 0) return { ...idsIn(run, listed), parts }
  for (const part of parts) await run.writer.bring(part)
  if (outcome.kind === 'failed') note(run, noting, account, outcome)
  else noteEmpty(run)
  return null
}

function noteEmpty(run: Run): void {
  const { size } = knownToBeThere(run)
  const message =
    size === 0
      ? 'no location is listed'
      : `no location is listed, and ${size} are known from before; that is not believed`
  noteAtLocations(run, { location: null, verdict: 'set-aside', message })
}

function idsIn(run: Run, listed: readonly (Listed | null)[]): Omit<List, 'parts'> {
  const there = listed.flatMap((one) => (one?.isThere ? [one.id] : []))
  if (!listed.includes(null)) return { ids: [...new Set(there)], isWhole: true }
  const named = new Set(listed.map((one) => one?.id))
  const others = [...knownToBeThere(run).keys()].filter((id) => !named.has(id))
  return { ids: [...new Set([...there, ...others])], isWhole: false }
}

/** Each record of the list is its own location, as its row is that resolves it. */
function ofItself(record: Quarantined): Quarantined {
  return { ...record, location: record.id ?? record.location }
}

/** What is read is written once more is known. */
function holding(run: Run, hold: (part: Part) => void): Writer {
  return { ...run.writer, bring: async (part) => hold(part) }
}

/** What is gone keeps its rows and is marked; it is not called again. */
async function writeList(
  run: Run,
  discovery: Discovery,
  { list, details, gone }: { list: List; details: readonly Details[]; gone: readonly Details[] },
): Promise<void> {
  const stored = await storedAsThere(run, discovery)
  const without = new Set(gone.map(({ id }) => id))
  const asked = new Set(details.map(({ id }) => id))
  const isThere = (id: string) => (asked.has(id) ? !without.has(id) : !wasGone(run, discovery, id))
  // Written and then marked, it would come back for a moment in every sync.
  for (const part of list.parts) {
    await run.writer.bring({ ...part, units: part.units?.filter(({ id }) => isThere(id)) ?? [] })
  }
  const present = new Set(list.ids.filter(isThere))
  const missing = list.isWhole ? [...run.known.keys(), ...stored] : []
  const unlisted = new Set(missing.filter((id) => !list.ids.includes(id)))
  for (const id of unlisted) await rememberGone(run, id, 'list')
  const all = [...new Set([...missing, ...without])].filter((id) => !present.has(id))
  await markRows(run, discovery, all)
  run.tell({ event: 'locations', count: present.size, gone: all })
}

/** Also what was listed and never read has a row. */
async function storedAsThere({ options }: Run, { list }: Discovery): Promise<readonly string[]> {
  const stored = list.tables.map((table) => options.destination.locationsIn(table))
  return (await Promise.all(stored)).flat()
}

async function markRows(
  run: Run,
  { list, details }: Discovery,
  gone: readonly string[],
): Promise<void> {
  const tables = [...list.tables, ...details.tables]
  await markMissing(
    run,
    gone.flatMap((location) => tables.map((table) => ({ table, location, within: [], keep: [] }))),
  )
}

/** What was found when the details of one location were asked for. */
type Details = {
  id: string
  stream: Stream
  found: Location | null
  outcome: StreamOutcome
  parts: readonly Part[]
}

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
  const parts: Part[] = []
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
    writer: holding(run, (part) => parts.push(part)),
    tell: (telling) => {
      if (telling.event !== 'problem') run.tell(telling)
    },
  })
  const read = { id, stream, found, outcome, parts }
  if (found === null && !isAbsent(read)) noteProblem(run, read)
  return read
}

async function writeDetails(
  run: Run,
  { details, gone }: { details: readonly Details[]; gone: readonly Details[] },
): Promise<void> {
  for (const { id, found, parts } of details.filter((one) => !gone.includes(one))) {
    for (const part of parts) await run.writer.bring(part)
    if (found !== null) await saveLocation(run, { ...found, id })
  }
  for (const one of gone) {
    for (const part of one.parts) await run.writer.bring({ ...part, units: [] })
    if (isAbsent(one)) await rememberGone(run, one.id, 'details')
  }
}

async function saveLocation(run: Run, known: Known): Promise<void> {
  run.known.set(known.id, known)
  const state = JSON.stringify(known)
  await run.writer.bring({ state: { location: known.id, stream: locationStream, state } })
}

async function rememberGone(run: Run, id: string, by: Gone['by']): Promise<void> {
  const known = run.known.get(id)
  if (known === undefined || (known.gone?.by === by && by !== 'calls')) return
  await saveLocation(run, { ...known, gone: { at: new Date(run.options.now()).toISOString(), by } })
}

/** Whether the vendor says that there is no such location, or no longer. */
function isAbsent({ outcome }: Details): boolean {
  return outcome.kind === 'failed' && saysAbsent.has(outcome.verdict)
}

/** By the last sync that asked, though it may be listed. */
function wasGone(run: Run, { details }: Discovery, id: string): boolean {
  const { lastError } = positionOf(run, details, { ...account, id })
  const gone = run.known.get(id)?.gone
  const isListedAgain = gone === undefined || gone.by === 'list'
  return !isListedAgain || (lastError !== undefined && saysAbsent.has(lastError.verdict))
}

const saysAbsent: ReadonlySet<string> = new Set(['absent', 'location-gone'])

/**
 * Those that are listed and yet not there, such as archived ones. Where the details of none came,
 * that is not believed: everything that is stored would be marked as gone.
 */
function goneAmong(run: Run, details: readonly Details[]): readonly Details[] {
  const someCame = details.some(({ found }) => found !== null)
  return details.filter((one) => {
    const gone = run.known.get(one.id)?.gone
    return isAbsent(one) ? someCame || gone !== undefined : isStillGone(run, gone)
  })
}

/** Its details may be there all the while its calls are told that it is gone. */
const triedAgainAfterMs = 24 * 60 * 60_000

function isStillGone({ options }: Run, gone: Gone | undefined): boolean {
  return gone?.by === 'calls' && options.now() < Date.parse(gone.at) + triedAgainAfterMs
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
