import type { StandIn } from '@regulars/sandbox'
import { openDestination } from '../../src/destinations/open-destination.ts'
import type { SyncEvent } from '../../src/run/events.ts'
import type { Report } from '../../src/run/sync.ts'
import type { Source } from '../../src/source.ts'
import { type SyncToastOptions, syncToast } from '../../src/sync-toast.ts'
import { readToastConfiguration, type ToastConfiguration } from '../../src/toast/configuration.ts'
import { toastSource } from '../../src/toast/streams.ts'
import type { Warehouse } from './warehouse.ts'

/** What of a stand-in a sync needs to know. */
export type Reached = Pick<StandIn, 'url' | 'credentials'>

/** A stand-in's credentials as a configuration, from well before its history. */
export function configurationFor(standIn: Reached, more: object = {}): ToastConfiguration {
  const read = readToastConfiguration(
    {
      ...standIn.credentials,
      userAccessType: 'TOAST_MACHINE_CLIENT',
      domain: standIn.url,
      initialSyncStart: '2016-01-01T00:00:00Z',
      historySpacingSeconds: 0,
      ...more,
    },
    {},
  )
  if (read.kind === 'refused') throw new Error(read.problems.join('\n'))
  return read.configuration
}

/** The source for a world that stands still: without limits, and nothing is yet to settle. */
export function stillSource(configuration: ToastConfiguration): Source {
  const source = toastSource(configuration)
  const streams = source.streams.map((stream) =>
    stream.reading.kind === 'modified'
      ? { ...stream, reading: { ...stream.reading, settleMinutes: 0 } }
      : stream,
  )
  return { ...source, streams, limits: { every: [], named: {} } }
}

export type Synced = Report & { events: SyncEvent[] }

/** One sync of a stand-in into a warehouse, as `regulars sync toast` does it. */
export async function syncOnce(
  standIn: Reached,
  warehouse: Pick<Warehouse, 'target'>,
  options: Partial<SyncToastOptions> & { more?: object } = {},
): Promise<Synced> {
  const { more, ...given } = options
  const configuration = configurationFor(standIn, more)
  const destination = await openDestination(warehouse.target, { source: 'toast' })
  const events: SyncEvent[] = []
  try {
    const report = await syncToast({
      configuration,
      source: stillSource(configuration),
      destination,
      streams: null,
      restaurants: null,
      until: null,
      full: false,
      pastUntil: null,
      startedBy: 'a test',
      signal: new AbortController().signal,
      budget: { attemptsMax: 8, firstWaitMs: 5, waitMsMax: 50 },
      ...given,
      onEvent(event) {
        events.push(event)
        given.onEvent?.(event)
      },
    })
    return { ...report, events }
  } finally {
    await destination.close()
  }
}
