import type { Limit, Source } from '../source.ts'

/** How much of a location's long slice is spent, and when calls are free again. */
export type Spent = { calls: number; renewsInMs: number }

/** What one stream of one location has read, and what it has before it. */
export type StreamAhead = {
  done: number
  left: number
  /** Of the readings that are left, how many fall under each named limit. */
  leftUnder: Readonly<Record<string, number>>
  callsPerReading: number
  /** How long one reading after the other takes of late. */
  paceMs: number
}

export type LocationAhead = {
  /** Null before the first call. */
  spent: Spent | null
  /** A stream that has not begun, of which nothing is known, is null. */
  streams: readonly (StreamAhead | null)[]
}

/** A pace is known from so many readings on; fewer that are left are soon over whatever it is. */
const readingsToKnow = 5

/**
 * How long a run still takes. Locations and their streams are read side by side, so the longest
 * decides: a stream's readings at its own pace so far, its calls under its own limits, or the calls
 * of a location within the limits they share. Null while there is too little to go by.
 */
export function secondsLeft(
  limits: Source['limits'],
  locations: readonly LocationAhead[],
): number | null {
  let longest = 0
  for (const { spent, streams } of locations) {
    let calls = 0
    for (const stream of streams) {
      if (stream === null || !isKnown(stream)) return null
      longest = Math.max(longest, atOwnPace(stream), withinNamed(limits.named, stream))
      calls += stream.left * stream.callsPerReading
    }
    longest = Math.max(longest, withinShared(limits.every, Math.ceil(calls), spent))
  }
  return Math.ceil(longest)
}

/** A shorter slice is a pace, not something to be used up. */
const sliceSecondsMin = 60

/** The limit whose slices are told of; null where there is none. */
export function longSlice({ every }: Source['limits']): Limit | null {
  const longest = longestOf(every)
  return longest === undefined || longest.seconds < sliceSecondsMin ? null : longest
}

function longestOf(every: readonly Limit[]): Limit | undefined {
  return every.toSorted((one, other) => other.seconds - one.seconds)[0]
}

function isKnown({ done, left }: StreamAhead): boolean {
  return done >= readingsToKnow || left <= readingsToKnow
}

function atOwnPace({ left, paceMs }: StreamAhead): number {
  return (left * paceMs) / 1_000
}

/** So many readings are what a pace goes by: those of the past take longer than the first. */
const readingsOfLate = 20

/** The pace once `done` readings are over, the last of which took `ms` after the one before. */
export function paceAfter(done: number, { paceMs, ms }: { paceMs: number; ms: number }): number {
  return paceMs + (ms - paceMs) / Math.min(done, readingsOfLate)
}

function withinNamed(
  named: Source['limits']['named'],
  { leftUnder, callsPerReading }: StreamAhead,
): number {
  const waits = Object.entries(leftUnder).flatMap(([name, readings]) =>
    (named[name] ?? []).map((limit) => (readings * callsPerReading * limit.seconds) / limit.calls),
  )
  return Math.max(0, ...waits)
}

function withinShared(every: readonly Limit[], calls: number, spent: Spent | null): number {
  const long = longestOf(every)
  const waits = every.map((limit) =>
    limit === long && spent !== null
      ? withinSlices(limit, calls, spent)
      : (calls * limit.seconds) / limit.calls,
  )
  return Math.max(0, ...waits)
}

/** What is left of this slice costs no wait; for the rest slices have to renew. */
function withinSlices(limit: Limit, calls: number, spent: Spent): number {
  const beyond = calls - Math.max(0, limit.calls - spent.calls)
  if (beyond <= 0) return 0
  return spent.renewsInMs / 1_000 + Math.floor((beyond - 1) / limit.calls) * limit.seconds
}
