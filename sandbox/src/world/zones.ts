import { dayMs, hourMs, minuteMs } from './instants.ts'

/** Milliseconds that the zone's wall clock is ahead of UTC at an instant. */
export function offsetMs(zone: string, instant: number): number {
  const changes = changesOf(zone, new Date(instant).getUTCFullYear())
  let offset = changes.first
  for (const change of changes.later) {
    if (change.at > instant) break
    offset = change.offset
  }
  return offset
}

/**
 * The instant at which the zone's clocks show a day and the minutes after its midnight. Minutes may
 * reach into the next days. A time the clocks skip is an hour later, one they show twice the first.
 */
export function instantOf(zone: string, day: number, minutes: number): number {
  const wall = day * dayMs + minutes * minuteMs
  const before = offsetMs(zone, wall - dayMs)
  const after = offsetMs(zone, wall + dayMs)
  if (before === after || offsetMs(zone, wall - before) === before) return wall - before
  return offsetMs(zone, wall - after) === after ? wall - after : wall - before
}

type Changes = {
  /** At the beginning of the UTC year. */
  first: number
  later: { at: number; offset: number }[]
}

/** A few zones and as many years as the world is old. */
const known = new Map<string, Changes>()

function changesOf(zone: string, year: number): Changes {
  const key = `${zone} ${year}`
  const found = known.get(key)
  if (found !== undefined) return found
  const changes = searched(zone, year)
  known.set(key, changes)
  return changes
}

function searched(zone: string, year: number): Changes {
  const from = Date.UTC(year, 0, 1)
  const until = Date.UTC(year + 1, 0, 1)
  const first = asked(zone, from)
  const later: Changes['later'] = []
  let offset = first
  for (let instant = from; instant < until; instant += 7 * dayMs) {
    const end = Math.min(instant + 7 * dayMs, until)
    const next = asked(zone, end)
    if (next === offset) continue
    later.push({ at: changeBetween(zone, instant, end), offset: next })
    offset = next
  }
  return { first, later }
}

/** The first full quarter of an hour with the new offset. */
function changeBetween(zone: string, from: number, until: number): number {
  const before = asked(zone, from)
  let low = from
  let high = until
  while (high - low > hourMs / 4) {
    const middle = Math.floor((low + high) / 2 / (hourMs / 4)) * (hourMs / 4)
    if (asked(zone, middle) === before) low = middle
    else high = middle
  }
  return high
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function asked(zone: string, instant: number): number {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    clocks.set(zone, clock)
  }
  const parts = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, value]))
  const wall = Date.UTC(
    Number(parts.get('year')),
    Number(parts.get('month')) - 1,
    Number(parts.get('day')),
    Number(parts.get('hour')),
    Number(parts.get('minute')),
  )
  return wall - Math.floor(instant / minuteMs) * minuteMs
}
