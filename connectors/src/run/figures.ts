/** What one stream did in one run. Times are in milliseconds. */
export type StreamFigures = {
  calls: number
  retries: number
  /** Replies by status, and faults by what they were. */
  outcomes: Record<string, number>
  bytes: number
  records: number
  quarantined: number
  p50Ms: number
  p95Ms: number
  /** The whole process, while the stream was being read. */
  peakMemoryBytes: number
}

/** Counts of a run, per stream. */
export type Figures = {
  call(stream: string, told: { outcome: string; tookMs: number; bytes: number }): void
  retry(stream: string): void
  records(stream: string, count: number): void
  quarantined(stream: string): void
  /** Per stream. */
  calls(): Record<string, number>
  all(): Record<string, StreamFigures>
}

/** Enough for steady percentiles; which calls are kept is chance once there are more. */
const sampleMax = 2_000

type Counted = Omit<StreamFigures, 'p50Ms' | 'p95Ms'> & { sample: number[] }

export function openFigures(): Figures {
  const streams = new Map<string, Counted>()
  const of = (stream: string): Counted => {
    let counted = streams.get(stream)
    if (counted === undefined) {
      counted = { ...nothing, outcomes: {}, sample: [] }
      streams.set(stream, counted)
    }
    return counted
  }
  return {
    call(stream, { outcome, tookMs, bytes }) {
      const counted = of(stream)
      counted.calls += 1
      counted.bytes += bytes
      counted.outcomes[outcome] = (counted.outcomes[outcome] ?? 0) + 1
      counted.peakMemoryBytes = Math.max(counted.peakMemoryBytes, memoryBytes())
      keep(counted.sample, counted.calls, tookMs)
    },
    retry(stream) {
      of(stream).retries += 1
    },
    records(stream, count) {
      of(stream).records += count
    },
    quarantined(stream) {
      of(stream).quarantined += 1
    },
    calls: () => Object.fromEntries([...streams].map(([name, { calls }]) => [name, calls])),
    all: () =>
      Object.fromEntries(
        [...streams].map(([name, { sample, ...counted }]) => {
          const sorted = sample.toSorted((one, other) => one - other)
          return [name, { ...counted, p50Ms: at(sorted, 0.5), p95Ms: at(sorted, 0.95) }]
        }),
      ),
  }
}

const nothing = { calls: 0, retries: 0, bytes: 0, records: 0, quarantined: 0, peakMemoryBytes: 0 }

function keep(sample: number[], seen: number, value: number): void {
  if (sample.length < sampleMax) {
    sample.push(value)
    return
  }
  const place = Math.floor(Math.random() * seen)
  if (place < sampleMax) sample[place] = value
}

function at(sorted: readonly number[], share: number): number {
  const value = sorted[Math.ceil(sorted.length * share) - 1] ?? 0
  return Math.round(value * 10) / 10
}

// Asking the system costs more than a call is worth, so it is asked twice a second.
const askEveryMs = 500
let askedAt = Number.NEGATIVE_INFINITY
let asked = 0

function memoryBytes(): number {
  const now = performance.now()
  if (now - askedAt >= askEveryMs) {
    askedAt = now
    asked = process.memoryUsage.rss()
  }
  return asked
}
