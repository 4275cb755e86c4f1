import { randomUUID } from 'node:crypto'
import { type Instant, instant, isZone } from '@regulars/contract/values/instants'
import type { Destination } from './destination.ts'
import { sourceWithPolicy, streamWith, withPolicy } from './field-policy.ts'
import { type RetryBudget, usualBudget } from './run/attempts.ts'
import type { SyncEvent } from './run/events.ts'
import { type Http, openHttp, type Timeouts, usualTimeouts } from './run/http.ts'
import type { Facts } from './run/plan.ts'
import {
  type Discovery,
  type Listed,
  type PlannedStream,
  planSync,
  type Report,
  type SyncOptions,
  sync,
} from './run/sync.ts'
import { withVendorClock } from './run/vendor-clock.ts'
import type { Location, Source } from './source.ts'
import type { BusyHours, ToastConfiguration } from './toast/configuration.ts'
import { toastTables } from './toast/records.ts'
import { openToastSession, type ToastSession } from './toast/session.ts'
import {
  groupRestaurants,
  restaurantDetails,
  restaurantList,
  toastSource,
} from './toast/streams.ts'

export type SyncToastOptions = {
  configuration: ToastConfiguration
  destination: Destination
  /** Names of streams; null for all. */
  streams: ReadonlySet<string> | null
  /** Ids of restaurants; null for all that are connected. */
  restaurants: ReadonlySet<string> | null
  until: Instant | null
  full: boolean
  /** After this moment of ours no more of the past is read; null for no such moment. */
  pastUntil: Instant | null
  startedBy: string
  signal: AbortSignal
  onEvent(event: SyncEvent): void
  /** Kept open over several syncs, so that they share one token; without it, one is opened. */
  client?: ToastClient
  budget?: RetryBudget
  timeouts?: Timeouts
  source?: Source
}

/** The connections and the token of one account. */
export type ToastClient = {
  http: Http
  session: ToastSession
  /** By Toast's clock. */
  now(): Instant
  close(): Promise<void>
}

export function openToastClient(
  configuration: ToastConfiguration,
  timeouts: Timeouts = usualTimeouts,
): ToastClient {
  const { http, now } = withVendorClock(openHttp(timeouts))
  const session = openToastSession(configuration, http.send, now)
  return { http, session, now, close: http.close }
}

/** One sync of Toast into a destination that was opened for `toast`; see `sync` for what it throws. */
export function syncToast(options: SyncToastOptions): Promise<Report> {
  return speaking(options, async (described) => {
    await options.destination.prepare(described.source.tables)
    return await sync(described)
  })
}

/** What a sync would ask Toast for, and how long that takes at the allowed rate. */
export function planToast(options: SyncToastOptions): Promise<PlannedStream[]> {
  return speaking(options, planSync)
}

/** Logs in and lists the restaurants: throws `ReadingFailed` when the credentials are refused. */
export async function tryToast(options: SyncToastOptions): Promise<readonly Location[]> {
  const planned = await planToast({ ...options, streams: new Set(['job']) })
  return planned.map(({ location }) => location)
}

async function speaking<Result>(
  options: SyncToastOptions,
  work: (options: SyncOptions) => Promise<Result>,
): Promise<Result> {
  const { configuration, startedBy } = options
  const { fields } = configuration
  const source = sourceWithPolicy(options.source ?? toastSource(configuration), fields)
  const client = options.client ?? openToastClient(configuration, options.timeouts)
  const { http, session, now } = client
  try {
    return await work({
      source,
      session,
      http,
      destination: options.destination,
      budget: options.budget ?? usualBudget,
      now,
      until: options.until,
      start: instant(configuration.initialSyncStart),
      full: options.full,
      streams: options.streams,
      locations: () => discovery(options, session.managementGroup),
      postponed: (facts) => reasonToWait(facts, options),
      missing: () => [],
      signal: options.signal,
      onEvent: options.onEvent,
      run: { id: randomUUID(), startedBy, configuration: describe(configuration) },
    })
  } finally {
    if (options.client === undefined) await client.close()
  }
}

/** A partner lists its restaurants; the account of a group is asked for its group's. */
async function discovery(
  { configuration, restaurants }: SyncToastOptions,
  managementGroup: () => Promise<string | null>,
): Promise<Discovery> {
  const group = await managementGroup()
  const [asked] = restaurants ?? []
  const apply = withPolicy(configuration.fields, toastTables)
  const list = group === null ? restaurantList : groupRestaurants(group, asked ?? null)
  return {
    list: streamWith(apply, list),
    listedIn,
    details: streamWith(apply, restaurantDetails),
    locationFrom,
    only: restaurants,
  }
}

/** A partner's list says `restaurantGuid`, a group's says `guid`. */
function listedIn(record: unknown): Listed | null {
  const { guid, restaurantGuid = guid, deleted } = Object(record)
  const isNamed = typeof restaurantGuid === 'string' && restaurantGuid !== ''
  return isNamed ? { id: restaurantGuid, isThere: deleted !== true } : null
}

function locationFrom(id: string, details: unknown): Location | null {
  const { general } = (details ?? {}) as { general?: Record<string, unknown> }
  const { name, timeZone, closeoutHour, firstBusinessDate } = general ?? {}
  if (typeof timeZone !== 'string' || !isZone(timeZone)) return null
  const hour = Number(closeoutHour ?? usualCloseoutHour)
  const first = /^(\d{4})(\d{2})(\d{2})$/.exec(String(firstBusinessDate ?? ''))
  return {
    id,
    label: typeof name === 'string' ? name : id,
    timeZone,
    closeoutHour: Number.isInteger(hour) && hour >= 0 && hour <= 12 ? hour : usualCloseoutHour,
    firstBusinessDate: first === null ? null : `${first[1]}-${first[2]}-${first[3]}`,
  }
}

/** What Toast sets when nobody asks for another hour. */
const usualCloseoutHour = 4

function reasonToWait(
  { location, now }: Facts,
  { configuration, pastUntil }: SyncToastOptions,
): string | null {
  if (pastUntil !== null && Date.now() >= pastUntil) return 'the next round is due'
  const isBusy = isWithin(configuration.busyHours, minutesOfDay(now, location.timeZone))
  return isBusy ? 'the restaurant is in its busy hours' : null
}

function isWithin(hours: readonly BusyHours[], minute: number): boolean {
  return hours.some(({ from, before }) =>
    from <= before ? minute >= from && minute < before : minute >= from || minute < before,
  )
}

function minutesOfDay(at: Instant, timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * 60 + minute
}

/** The configuration as the run's record keeps it: nothing that opens a door. */
function describe({
  userAccessType,
  baseUrl,
  initialSyncStart,
  fields,
  historySpacingSeconds,
  busyHours,
}: ToastConfiguration): string {
  return JSON.stringify({
    userAccessType,
    domain: baseUrl.href,
    initialSyncStart: new Date(initialSyncStart).toISOString(),
    fields: Object.fromEntries(fields),
    historySpacingSeconds,
    busyHours,
  })
}
