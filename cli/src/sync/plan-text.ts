import type { PlannedStream } from '@regulars/connectors/sync'
import { count, roughly } from '../figures.ts'

/** A plan for a person: calls per stream over all locations, and how long the slowest location takes. */
export function planText(planned: readonly PlannedStream[]): string {
  const streams = Map.groupBy(planned, ({ stream }) => stream)
  const lines = [...streams].map(([stream, parts]) => {
    const sum = (purpose: keyof PlannedStream['calls']) =>
      count(parts.reduce((total, { calls }) => total + calls[purpose], 0)).padStart(9)
    return `${stream.padEnd(24)}${sum('live')}${sum('repair')}${sum('backfill')}`
  })
  const locations = Map.groupBy(planned, ({ location }) => location.id)
  const calls = planned.reduce(
    (total, one) => total + one.calls.live + one.calls.repair + one.calls.backfill,
    0,
  )
  return [
    `${'stream'.padEnd(24)}${'live'.padStart(9)}${'repair'.padStart(9)}${'past'.padStart(9)}`,
    ...lines,
    '',
    `${count(calls)} calls or more (a reading of several pages takes one each) for ` +
      `${count(locations.size)} locations, side by side: ${roughly(slowest([...locations.values()]))} at the allowed rate.`,
    '',
  ].join('\n')
}

/** Streams of a location share its rate: its calls add up, and no stream is quicker than its own limit. */
function slowest(locations: readonly (readonly PlannedStream[])[]): number {
  return Math.max(
    0,
    ...locations.map((streams) => Math.max(...streams.map(({ seconds }) => seconds))),
  )
}
