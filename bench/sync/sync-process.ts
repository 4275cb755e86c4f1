// One sync as a process of its own, so that its memory is its own: for bench/sync.ts.

import { readFileSync } from 'node:fs'
import { openDestination } from '@regulars/connectors/open-destination'
import { syncToast } from '@regulars/connectors/sync-toast'
import { type Instant, instant } from '@regulars/contract/values/instants'
import type { StandIn } from '@regulars/sandbox'
import type { StreamFigures } from '../../connectors/src/run/figures.ts'
import type { Limit } from '../../connectors/src/source.ts'
import { toastSource } from '../../connectors/src/toast/streams.ts'
import { configurationFor, stillSource } from '../../connectors/test/sync/sync-toast.ts'

export type SyncAsked = {
  standIn: Pick<StandIn, 'url' | 'credentials'>
  target: string
  /** Null for all. */
  streams: string[] | null
  /** Null for as long as the world has been. */
  until: string | null
  /** In the place of the published long slice; null for no limits at all. */
  longSlice: Limit | null
}

export type SyncDone = {
  outcome: string
  rows: number
  calls: number
  replyBytes: number
  seconds: number
  /** Of all its threads. */
  processorSeconds: number
  /** How long the destination was writing. */
  writingSeconds: number
  writes: number
  peakBytes: number
  destination: string
}

const memorySampleMs = 25

const [, , given = '{}'] = process.argv
const asked: SyncAsked = JSON.parse(given)
const stop = new AbortController()
// The bench was ended before its time.
process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  if (message === 'stop') stop.abort()
})
const done = await run()
process.send?.(done, () => process.exit())

async function run(): Promise<SyncDone> {
  let sampledBytes = 0
  const sampling = setInterval(() => {
    sampledBytes = Math.max(sampledBytes, process.memoryUsage.rss())
  }, memorySampleMs)
  const configuration = configurationFor(asked.standIn)
  const opened = await openDestination(asked.target, { source: 'toast' })
  const writing = { seconds: 0, writes: 0 }
  const before = process.cpuUsage()
  const report = await syncToast({
    configuration,
    source: sourceFor(configuration),
    destination: {
      ...opened,
      async write(batch) {
        const from = performance.now()
        const written = await opened.write(batch)
        writing.seconds += (performance.now() - from) / 1_000
        writing.writes += 1
        return written
      },
    },
    streams: asked.streams === null ? null : new Set(asked.streams),
    restaurants: null,
    until: untilOf(asked),
    full: false,
    pastUntil: null,
    startedBy: 'bench:sync',
    signal: stop.signal,
    onEvent: (event) => {
      if (event.event === 'problem') console.error(event)
    },
  })
  const { outcome, written, seconds } = report
  const { user, system } = process.cpuUsage(before)
  const figures = Object.values(report.figures)
  await opened.close()
  clearInterval(sampling)
  return {
    outcome,
    rows: written.rows,
    calls: sum(figures, ({ calls }) => calls),
    replyBytes: sum(figures, ({ bytes }) => bytes),
    seconds,
    processorSeconds: (user + system) / 1_000_000,
    writingSeconds: writing.seconds,
    writes: writing.writes,
    peakBytes: Math.max(sampledBytes, mostEverBytes()),
    destination: opened.described,
  }
}

function sourceFor(configuration: Parameters<typeof stillSource>[0]) {
  const source = stillSource(configuration)
  const { longSlice } = asked
  if (longSlice === null) return source
  const { every, named } = toastSource(configuration).limits
  const [perSecond] = every
  if (perSecond === undefined) throw new Error('every call has a limit by the second')
  return { ...source, limits: { every: [perSecond, longSlice], named } }
}

function untilOf({ until }: SyncAsked): Instant | null {
  return until === null ? null : instant(Date.parse(until))
}

function sum(figures: StreamFigures[], of: (one: StreamFigures) => number): number {
  return figures.reduce((total, one) => total + of(one), 0)
}

/** What Linux says was the most this process ever held; 0 elsewhere, where samples have to do. */
function mostEverBytes(): number {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1_024
  } catch {
    return 0
  }
}
