import { randomUUID } from 'node:crypto'
import { instant } from '@regulars/contract/values/instants'
import type { Destination, StreamState } from './destination.ts'
import { sourceWithPolicy } from './field-policy.ts'
import { ReadingFailed } from './outcome.ts'
import { paths } from './punchh/client.ts'
import { isMembers, type Members } from './punchh/coerce.ts'
import { type PunchhBusiness, type PunchhConfiguration, secretsOf } from './punchh/configuration.ts'
import type { Names } from './punchh/names.ts'
import { locationOf, type Place, placesOf, storesMissing } from './punchh/places.ts'
import { openPunchhSession, type PunchhSession } from './punchh/session.ts'
import { punchhSource } from './punchh/streams.ts'
import { type RetryBudget, usualBudget } from './run/attempts.ts'
import type { SyncEvent } from './run/events.ts'
import { openFigures } from './run/figures.ts'
import { openHttp, type Timeouts, usualTimeouts } from './run/http.ts'
import { openLimiter } from './run/limiter.ts'
import { fetchBody, type ReaderDeps } from './run/reader.ts'
import { openRooms } from './run/slots.ts'
import { type PlannedStream, planSync, type Report, type SyncOptions, sync } from './run/sync.ts'
import { withVendorClock } from './run/vendor-clock.ts'
import type { Location } from './source.ts'

export type SyncPunchhOptions = {
  configuration: PunchhConfiguration
  destination: Destination
  /** Names of streams; null for all. */
  streams: ReadonlySet<string> | null
  /** Exports are read again from their start; what does not come again is marked deleted. */
  full?: boolean
  startedBy: string
  signal: AbortSignal
  onEvent(event: SyncEvent): void
  budget?: RetryBudget
  timeouts?: Timeouts
}

/** One sync of Punchh into a destination that was opened for `punchh`; see `sync` for what it throws. */
export function syncPunchh(options: SyncPunchhOptions): Promise<Report> {
  const { destination } = options
  return speaking(options, async (described, { named }) => {
    await destination.prepare(described.source.tables)
    const report = await sync(described)
    const states = named().map((one) => stateOf(one))
    await destination.write({ units: [], removals: [], quarantined: [], states })
    return report
  })
}

/** What is shown of a place beside where its streams stand; a store's name is known once it was read. */
function stateOf(location: Location): StreamState {
  return { location: location.id, stream: '_location', state: JSON.stringify(location) }
}

export function planPunchh(options: SyncPunchhOptions): Promise<PlannedStream[]> {
  return speaking(options, planSync)
}

/** What `tryPunchh` showed to Punchh: where it stands in the configuration, and of which business. */
export type TriedKey = { label: string; member: string }

/**
 * Shows the keys of a store of each business, and each admin key. Throws `ReadingFailed` with a
 * sentence for whatever else than being let in came of it.
 */
export function tryPunchh(options: SyncPunchhOptions): Promise<readonly TriedKey[]> {
  return speaking(options, async ({ locations }, { ask, placesFound }) => {
    await locations()
    const tried: TriedKey[] = []
    for (const place of placesFound()) {
      const { label, member, programStores, adminKey } = place
      const hasProgram = programStores.length > 0
      if (!hasProgram && adminKey === null) continue
      const path = hasProgram ? paths.locationConfiguration : `${paths.exports}/businesses`
      await ask(path, place).catch((error: unknown) => {
        throw error instanceof ReadingFailed ? about(place, error) : error
      })
      tried.push({ label, member })
    }
    return tried
  })
}

/** The column of a store's name: one that is not to be kept is not kept elsewhere either. */
const storeName = 'location_configuration.location_name'

/** What a connection offers beside the run. */
type Asking = {
  /** One reply's object, with repeats; throws `ReadingFailed`. */
  ask(path: string, place: Place): Promise<Members>
  placesFound(): Iterable<Place>
  /** Places as the run knows them, by what their stores are called now. */
  named(): Location[]
}

async function speaking<Result>(
  options: SyncPunchhOptions,
  work: (options: SyncOptions, asking: Asking) => Promise<Result>,
): Promise<Result> {
  const { configuration, startedBy, signal, full = false } = options
  const places = new Map<string, Place>()
  const placeOf = (location: string) => places.get(location)
  const storesRead = new Map<string, string>()
  const { http, now } = withVendorClock(openHttp(options.timeouts ?? usualTimeouts))
  const secrets = secretsOf(configuration)
  const session = openPunchhSession(configuration.baseUrl, { placeOf, secrets })
  const keepsNames = (configuration.fields.get(storeName) ?? 'keep') === 'keep'
  const source = punchhSource(placeOf, (location, { id, name }) => {
    storesRead.set(location, id)
    if (name !== null && keepsNames) session.names.callStore(location, name)
  })
  const named = () =>
    [...places.values()].map((place) => locationOf(place, session.names.storeAt(place.id)))
  const budget = options.budget ?? usualBudget
  const ask = openAsking(session, {
    http,
    limiter: openLimiter(source.limits),
    rooms: openRooms(),
    figures: openFigures(),
    budget,
    signal,
    now,
    onRetry() {},
    onUnknown() {},
  })
  try {
    return await work(
      {
        source: sourceWithPolicy(source, configuration.fields),
        session,
        http,
        destination: options.destination,
        budget,
        now,
        until: null,
        start: instant(0),
        full,
        streams: options.streams,
        async locations() {
          const businesses = await labelled(configuration, { ask, names: session.names })
          places.clear()
          for (const place of placesOf({ ...configuration, businesses })) {
            places.set(place.id, place)
          }
          return named()
        },
        postponed: () => null,
        missing: () => storesMissing(places.values(), storesRead),
        signal,
        onEvent: options.onEvent,
        run: { id: randomUUID(), startedBy, configuration: describe(configuration) },
      },
      { ask, named, placesFound: () => places.values() },
    )
  } finally {
    await http.close()
  }
}

/** Asks as a reader does, outside the run's own readings. */
function openAsking({ of }: PunchhSession, deps: Omit<ReaderDeps, 'session'>): Asking['ask'] {
  return async (path, place) => {
    const call = { path, query: {}, headers: {}, limits: [] }
    const read = await fetchBody({ ...deps, session: of(place) }, path, place.id, call)
    if (isMembers(read) && Object.keys(read).length > 0) return read
    throw new ReadingFailed('set-aside', `${path}: the reply holds no object`)
  }
}

/**
 * Businesses without a label keep the one they had in the last sync. In the first one they are named
 * as the settings of their first store name them.
 */
async function labelled(
  { businesses }: PunchhConfiguration,
  { ask, names }: { ask: Asking['ask']; names: Names },
): Promise<PunchhBusiness[]> {
  const named: PunchhBusiness[] = []
  for (const business of businesses) {
    const label =
      business.label ?? names.labelOf(business.businessKey) ?? (await nameOf(business, ask))
    if (named.some((other) => other.label === label)) {
      throw new ReadingFailed(
        'stop',
        `Two businesses are named ${label}; give each a label of its own (business) in the configuration.`,
      )
    }
    named.push({ ...business, label })
  }
  for (const { businessKey, label } of named) if (label !== null) names.call(businessKey, label)
  return named
}

/** Asks its stores one after another until one is let in; the session counts those that are not. */
async function nameOf(business: PunchhBusiness, ask: Asking['ask']): Promise<string> {
  const refused: string[] = []
  for (const place of placesOf({ businesses: [{ ...business, label: '' }] })) {
    if (place.locationKey === null) continue
    try {
      const { business_name: name, location_id } = await ask(paths.locationConfiguration, place)
      if (typeof name === 'string' && name !== '') return name
      if (location_id === undefined) {
        const path = paths.locationConfiguration
        throw new ReadingFailed('set-aside', `${path}: the reply holds no settings`)
      }
      const said = 'the settings name no business; give it a label (business) in the configuration'
      throw new ReadingFailed('stop', said)
    } catch (error) {
      if (!(error instanceof ReadingFailed)) throw error
      if (error.verdict !== 'blocked') throw about(place, error)
      refused.push(`${place.member} (${error.message})`)
    }
  }
  throw new ReadingFailed(
    'stop',
    `Punchh refused the keys of ${refused.join(', ')}; check location_key and business_key.`,
  )
}

/** The same failure with the member of the configuration that it is about. */
function about({ label, member }: Place, { verdict, message }: ReadingFailed): ReadingFailed {
  const whose = label === '' ? member : `${member} of ${label}`
  return new ReadingFailed(verdict, `${whose}: ${message}`)
}

function describe({ baseUrl, businesses, fields }: PunchhConfiguration): string {
  return JSON.stringify({
    base_url: baseUrl,
    businesses: businesses.map(({ label, locations, adminKey }) => ({
      business: label,
      locations: locations.length,
      exports: adminKey !== null,
    })),
    fields: Object.fromEntries(fields),
  })
}
