import { openDestination } from '../../src/destinations/open-destination.ts'
import { readPunchhConfiguration } from '../../src/punchh/configuration.ts'
import type { SyncEvent } from '../../src/run/events.ts'
import type { Report } from '../../src/run/sync.ts'
import { type SyncPunchhOptions, syncPunchh, tryPunchh } from '../../src/sync-punchh.ts'
import type { Warehouse } from './warehouse.ts'

export type SyncedPunchh = Report & { events: SyncEvent[] }

/** Waits of a few milliseconds, and no patience with a server that hangs. */
const hasty = {
  budget: { attemptsMax: 5, firstWaitMs: 2, waitMsMax: 10 },
  timeouts: { connectMs: 1_000, headersMs: 300, bodyMs: 300, wholeMs: 5_000 },
} as const

/** One sync as `regulars sync punchh` does it, with a configuration as it stands in a file. */
export async function syncPunchhOnce(
  file: object,
  warehouse: Pick<Warehouse, 'target'>,
  more: Partial<SyncPunchhOptions> = {},
): Promise<SyncedPunchh> {
  const destination = await openDestination(warehouse.target, { source: 'punchh' })
  const events: SyncEvent[] = []
  const options = optionsFor(file, { destination, onEvent: (event) => events.push(event) })
  try {
    const report = await syncPunchh({ ...options, ...more })
    return { ...report, events }
  } finally {
    await destination.close()
  }
}

/** What `regulars sync check punchh` tries; nothing is written. */
export function tryPunchhOnce(file: object): ReturnType<typeof tryPunchh> {
  const destination = new Proxy({} as SyncPunchhOptions['destination'], {
    get(_, name) {
      throw new Error(`a check touches no destination: ${String(name)}`)
    },
  })
  return tryPunchh(optionsFor(file, { destination, onEvent: () => {} }))
}

function optionsFor(
  file: object,
  more: Pick<SyncPunchhOptions, 'destination' | 'onEvent'>,
): SyncPunchhOptions {
  const read = readPunchhConfiguration(file, {})
  if (read.kind === 'refused') throw new Error(read.problems.join('\n'))
  return {
    configuration: read.configuration,
    streams: null,
    startedBy: 'a test',
    signal: new AbortController().signal,
    ...hasty,
    ...more,
  }
}
