import { randomUUID } from 'node:crypto'
import { instant } from '@regulars/contract/values/instants'
import type { Destination } from './destination.ts'
import { type FieldPolicy, withPolicy } from './field-policy.ts'
import { ReadingFailed } from './outcome.ts'
import { headersFor, paths } from './punchh/client.ts'
import type { PunchhBusiness, PunchhConfiguration } from './punchh/configuration.ts'
import { locationOf, type Place, placesOf } from './punchh/places.ts'
import { openPunchhSession } from './punchh/session.ts'
import { punchhSource } from './punchh/streams.ts'
import { type RetryBudget, usualBudget } from './run/attempts.ts'
import type { SyncEvent } from './run/events.ts'
import { type Http, openHttp, type Timeouts, usualTimeouts } from './run/http.ts'
import { type PlannedStream, planSync, type Report, type SyncOptions, sync } from './run/sync.ts'
import { withVendorClock } from './run/vendor-clock.ts'
import type { Location, Source } from './source.ts'

export type SyncPunchhOptions = {
  configuration: PunchhConfiguration
  fields: FieldPolicy
  destination: Destination
  /** Names of streams; null for all. */
  streams: ReadonlySet<string> | null
  startedBy: string
  signal: AbortSignal
  onEvent(event: SyncEvent): void
  budget?: RetryBudget
  timeouts?: Timeouts
}

/** One sync of Punchh into a destination that was opened for `punchh`; see `sync` for what it throws. */
export function syncPunchh(options: SyncPunchhOptions): Promise<Report> {
  return speaking(options, async (described) => {
    await options.destination.prepare(described.source.tables)
    return await sync(described)
  })
}

export function planPunchh(options: SyncPunchhOptions): Promise<PlannedStream[]> {
  return speaking(options, planSync)
}

/** Reads a store's settings of each business; throws `ReadingFailed` when its keys are refused. */
export function tryPunchh(options: SyncPunchhOptions): Promise<readonly Location[]> {
  return speaking(options, async ({ http, locations }) => {
    for (const business of options.configuration.businesses) {
      if (business.locations.length > 0) {
        const { baseUrl } = options.configuration
        await nameOf(business, { baseUrl, http, signal: options.signal })
      }
    }
    const found = await locations()
    return 'list' in found ? [] : found
  })
}

async function speaking<Result>(
  options: SyncPunchhOptions,
  work: (options: SyncOptions) => Promise<Result>,
): Promise<Result> {
  const { configuration, fields, startedBy } = options
  const places = new Map<string, Place>()
  const placeOf = (location: string) => places.get(location)
  const { http, now } = withVendorClock(openHttp(options.timeouts ?? usualTimeouts))
  try {
    return await work({
      source: withFields(punchhSource(placeOf), fields),
      session: openPunchhSession(configuration.baseUrl, placeOf),
      http,
      destination: options.destination,
      budget: options.budget ?? usualBudget,
      now,
      until: null,
      start: instant(0),
      full: false,
      streams: options.streams,
      locations: () => locationsOf(options, { http, places }),
      postponed: () => null,
      signal: options.signal,
      onEvent: options.onEvent,
      run: { id: randomUUID(), startedBy, configuration: describe(configuration) },
    })
  } finally {
    await http.close()
  }
}

function withFields(source: Source, fields: FieldPolicy): Source {
  const apply = withPolicy(fields, source.tables)
  const streams = source.streams.map((stream) => {
    const { recall, unitsOf } = stream
    return {
      ...stream,
      unitsOf: (...given: Parameters<typeof unitsOf>) => unitsOf(...given).map(apply),
      ...(recall === undefined
        ? {}
        : {
            recall: (...given: Parameters<typeof recall>) => {
              const recalled = recall(...given)
              return { ...recalled, units: recalled.units.map(apply) }
            },
          }),
    }
  })
  return { ...source, streams }
}

/** Businesses without a label are named as their first store's settings name them. */
async function locationsOf(
  { configuration, signal }: SyncPunchhOptions,
  { http, places }: { http: Http; places: Map<string, Place> },
): Promise<Location[]> {
  const { baseUrl } = configuration
  const businesses: PunchhBusiness[] = []
  for (const business of configuration.businesses) {
    const label = business.label ?? (await nameOf(business, { baseUrl, http, signal }))
    if (businesses.some((other) => other.label === label)) {
      throw new ReadingFailed(
        'stop',
        `Two businesses are named ${label}; give each a label of its own (business) in the configuration.`,
      )
    }
    businesses.push({ ...business, label })
  }
  places.clear()
  for (const place of placesOf({ ...configuration, businesses })) places.set(place.id, place)
  return [...places.values()].map(locationOf)
}

async function nameOf(
  { locations: [first], businessKey }: PunchhBusiness,
  { baseUrl, http, signal }: { baseUrl: string; http: Http; signal: AbortSignal },
): Promise<string> {
  const place = {
    id: '',
    label: '',
    member: first?.member ?? '',
    locationKey: first?.locationKey ?? null,
    businessKey,
    adminKey: null,
    hasProgram: false,
  }
  const path = paths.locationConfiguration
  const reply = await http.send(new URL(baseUrl + path), {
    method: 'GET',
    headers: headersFor(path, place),
    signal,
  })
  if (reply.status === 401 || reply.status === 403) {
    throw new ReadingFailed(
      'stop',
      `Punchh refused the keys at ${place.member} (${reply.status}); check location_key and business_key.`,
    )
  }
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`)
  const { business_name: name } = Object(JSON.parse(reply.body.toString('utf8')))
  if (typeof name === 'string' && name !== '') return name
  throw new ReadingFailed(
    'stop',
    `The settings of ${place.member} name no business; give it a label.`,
  )
}

function describe({ baseUrl, businesses }: PunchhConfiguration): string {
  return JSON.stringify({
    base_url: baseUrl,
    businesses: businesses.map(({ label, locations, adminKey }) => ({
      business: label,
      locations: locations.length,
      exports: adminKey !== null,
    })),
  })
}
