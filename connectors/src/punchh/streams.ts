import type { Unit } from '../destination.ts'
import { Unstorable } from '../mapping/unstorable.ts'
import { ReadingFailed } from '../outcome.ts'
import type { Recalled, RecordContext, Source, Stream, Unknowns } from '../source.ts'
import { exportPageRows, locationsAtOnce, paths } from './client.ts'
import { isMembers, type Members } from './coerce.ts'
import { type ExportStream, exportedUnits, exportStreams } from './exported.ts'
import type { ProgramHistory } from './history.ts'
import type { Place } from './places.ts'
import { locationConfigurationUnits, programUnits } from './records.ts'
import { punchhTables } from './tables.ts'
import type { Reading } from './unit.ts'

/** Published for no rate; this one is ours, and no store notices it. */
const callsPerSecond = 10

/** A store by its `location_id`. */
type Store = { id: string; name: string | null }

/**
 * The settings of every store, the program of every business, and what a Regulars server exports.
 * `onStore` hears of each store whose settings were read.
 */
export function punchhSource(
  placeOf: (location: string) => Place | undefined,
  onStore: (location: string, store: Store) => void = () => {},
): Source {
  const label = ({ location }: RecordContext) => placeOf(location)?.label ?? location
  const configuration: Stream = {
    ...remembered('location_configuration', paths.locationConfiguration),
    isOf: ({ id }) => placeOf(id)?.locationKey != null,
    recall: (record, context, { onUnknown }) => {
      const at = { business: label(context), fetchedAt: context.fetchedAt }
      const settings = membersOf(record, configuration)
      const read = locationConfigurationUnits(settings, at)
      const { location_name: name } = settings
      const named = typeof name === 'string' && name !== '' ? name : null
      for (const { id } of read.units) onStore(context.location, { id, name: named })
      return recalled(read, { stream: configuration, mark: '', onUnknown })
    },
  }
  const program: Stream = {
    ...remembered('program_meta', paths.program),
    isOf: ({ id }) => (placeOf(id)?.programStores.length ?? 0) > 0,
    recall: (record, context, { mark, onUnknown }) => {
      const at = { business: label(context), fetchedAt: context.fetchedAt }
      const before = mark === null ? null : (JSON.parse(mark) as ProgramHistory)
      const read = programUnits(membersOf(record, program), at, before)
      return recalled(read, { stream: program, mark: JSON.stringify(read.history), onUnknown })
    },
  }
  return {
    name: 'punchh',
    tables: punchhTables,
    // One after the other, and few stores at a time: wrong keys are noticed before they add up.
    atOnce: { streams: 1, locations: locationsAtOnce },
    streams: [configuration, program, ...exportNames.map((name) => exported(name, placeOf, label))],
    instantText: (ms) => new Date(ms).toISOString(),
    limits: { every: [{ calls: callsPerSecond, seconds: 1 }], named: {} },
  }
}

const exportNames = Object.keys(exportStreams) as ExportStream[]

function remembered(name: string, path: string): Stream {
  return {
    name,
    tables: [name],
    path,
    limits: [],
    paging: 'whole',
    reading: { kind: 'remembered' },
    recordsOf: (body) => [body],
    unitsOf: () => [],
  }
}

/** An empty reply is no settings. */
function membersOf(record: unknown, { path }: Stream): Members {
  if (isMembers(record) && Object.keys(record).length > 0) return record
  throw new ReadingFailed('set-aside', `${path}: the reply holds no object`)
}

/** A reply that comes to nothing, such as an error with status 200, changes nothing that is stored. */
function recalled(
  { units, setAside, notices }: Reading,
  { stream, mark, onUnknown }: { stream: Stream; mark: string; onUnknown: Unknowns },
): Recalled {
  const [first] = setAside
  if (units.length === 0 && first !== undefined) {
    throw new ReadingFailed('set-aside', `${stream.path}: ${first.reason}`)
  }
  for (const { table, member } of notices) onUnknown(table, member)
  const quarantined = setAside.map((one) => ({ ...one, stream: stream.name }))
  return { units: [...units], quarantined, mark }
}

function exported(
  name: ExportStream,
  placeOf: (location: string) => Place | undefined,
  label: (context: RecordContext) => string,
): Stream {
  const path = `${paths.exports}/${name}`
  return {
    name: exportStreams[name],
    tables: [exportStreams[name]],
    path,
    query: { limit: String(exportPageRows) },
    limits: [],
    paging: 'cursor',
    reading: { kind: 'feed' },
    isOf: ({ id }) => placeOf(id)?.adminKey != null,
    recordsOf(body) {
      const { rows } = Object(body)
      if (Array.isArray(rows)) return rows
      throw new ReadingFailed('set-aside', `${path}: the reply has no rows`)
    },
    unitsOf: (record, context, onUnknown) => {
      const at = { business: label(context), fetchedAt: context.fetchedAt }
      return onlyUnits(exportedUnits(name, [record], at), onUnknown)
    },
  }
}

function onlyUnits({ units, notices, setAside }: Reading, tell: Unknowns): Unit[] {
  for (const { table, member } of notices) tell(table, member)
  const [first] = setAside
  if (first !== undefined) throw new Unstorable(first.reason)
  return [...units]
}
