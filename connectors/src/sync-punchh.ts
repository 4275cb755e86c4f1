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
import { eventOf, type SyncEvent } from './run/events.ts'
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

/** A key that Punchh took: where it stands in the configuration, and of which business it is. */
export type TriedKey = { label: string; member: string }

/** What came of the keys that were shown, one after another; `untried` is how many were not. */
export type TriedPunchh = {
  letIn: readonly TriedKey[]
  /** Sentences, each beginning with the member it is about. */
  problems: readonly string[]
  untried: number
}

/** Somebody waits for a check: a server that does not answer is not asked for a minute. */
const checkBudget: RetryBudget = { attemptsMax: 3, firstWaitMs: 500, waitMsMax: 2_000 }
const checkTimeouts: Timeouts = { ...usualTimeouts, connectMs: 5_000, headersMs: 15_000 }

/**
 * Shows every key once. It ends early before so many are refused that the address is blocked, and
 * when what a store is answered with says nothing of its key, as every other would be.
 */
export function tryPunchh(options: SyncPunchhOptions): Promise<TriedPunchh> {
  const hurried = { budget: checkBudget, timeouts: checkTimeouts, ...options }
  return speaking(hurried, async (_, { ask }) => {
    const { businesses } = options.configuration
    const places = placesOf({
      businesses: businesses.map((business) => ({ ...business, label: business.label ?? '' })),
    })
    const letIn: (TriedKey & { place: Place })[] = []
    const problems: string[] = []
    for (const [at, place] of places.entries()) {
      const outcome = await tryKey(place, ask)
      if ('label' in outcome) {
        // An admin key says nothing of its business's name; its stores come before it.
        const own = letIn.find((other) => other.place.businessKey === place.businessKey)
        letIn.push({ ...outcome, label: outcome.label || (own?.label ?? ''), place })
      } else problems.push(outcome.problem)
      if ('isLast' in outcome && outcome.isLast) {
        return { letIn: letIn.map(keyOf), problems, untried: places.length - at - 1 }
      }
    }
    return { letIn: letIn.map(keyOf), problems: [...problems, ...namedTwice(letIn)], untried: 0 }
  })
}

function keyOf({ label, member }: TriedKey): TriedKey {
  return { label, member }
}

async function tryKey(
  place: Place,
  ask: Asking['ask'],
): Promise<TriedKey | { problem: string; isLast: boolean }> {
  const { label, member, adminKey } = place
  const isStore = adminKey === null
  try {
    if (!isStore) await ask(`${paths.exports}/businesses`, place)
    return { member, label: isStore ? await nameFor(place, ask) : label }
  } catch (error) {
    if (!(error instanceof ReadingFailed)) throw error
    const { message } = about(place, error)
    const isRefused = error.verdict === 'blocked' || error.verdict === 'location-gone'
    const isOfServer = isStore && error.verdict === 'set-aside' && !message.includes('base_url')
    return {
      problem: isOfServer ? `${message}; check base_url` : message,
      isLast: error.verdict === 'stop' || (isStore && !isRefused),
    }
  }
}

/** The business's label, or else what the settings call it. */
async function nameFor(place: Place, ask: Asking['ask']): Promise<string> {
  const name = await businessNameAt(place, ask)
  return place.label === '' ? name : place.label
}

function namedTwice(letIn: readonly (TriedKey & { place: Place })[]): string[] {
  return [...Map.groupBy(letIn, ({ label }) => label)].flatMap(([label, own]) => {
    const businesses = new Set(own.map(({ place }) => place.businessKey ?? place.adminKey))
    return label === '' || businesses.size < 2 ? [] : [twoNamed(label)]
  })
}

function twoNamed(label: string): string {
  return `Two businesses are named ${label}; give each a label of its own (business) in the configuration.`
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
    onRetry: (said, waitMs) => {
      options.onEvent(eventOf({ event: 'retry', location: null, said, waitMs }, Date.now()))
    },
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
      throw new ReadingFailed('stop', twoNamed(label))
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
      return await businessNameAt(place, ask)
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

/** What the settings of a store call its business. */
async function businessNameAt(place: Place, ask: Asking['ask']): Promise<string> {
  const path = paths.locationConfiguration
  const { business_name: name, location_id } = await ask(path, place)
  if (location_id === undefined) {
    throw new ReadingFailed('set-aside', `${path}: the reply holds no settings`)
  }
  if (typeof name === 'string' && name !== '') return name
  if (place.label !== '') return place.label
  const said = 'the settings name no business; give it a label (business) in the configuration'
  throw new ReadingFailed('stop', said)
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
