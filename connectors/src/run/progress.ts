import type { Source } from '../source.ts'
import type { Level, Telling } from './events.ts'
import type { Limiter } from './limiter.ts'
import type { Task } from './plan.ts'
import { longSlice, paceAfter, type StreamAhead, secondsLeft } from './time-left.ts'

/** Counts the readings of one stream of one location. */
export type StreamProgress = {
  /** How many readings there are. */
  begin(tasks: Iterable<Task>): number
  start(): void
  settle(task: Task): void
  /** Also where readings are left that this run does not get to. */
  end(): void
}

/** Counts what a run has read and has before it. */
export type Progress = {
  expect(location: string, stream: string): void
  /** Of a stream that was not expected nothing is told. */
  of(location: string, stream: string): StreamProgress
  told(facts: Facts): Extract<Telling, { event: 'progress' }>
}

type Facts = {
  rows: number
  /** Per stream. */
  calls: Readonly<Record<string, number>>
  /** Per location. */
  limiters: ReadonlyMap<string, Limiter>
}

type Counted = {
  stream: string
  isOver: boolean
  /** When it began, or its last reading was over. */
  readAt: number | null
  paceMs: number
  started: number
  done: number
  left: number
  leftUnder: Record<string, number>
}

export function openProgress(
  limits: Source['limits'],
  now: () => number = () => performance.now(),
): Progress {
  const locations = new Map<string, Counted[]>()

  function callsPerReading(calls: Facts['calls']): (stream: string) => number {
    const started = new Map<string, number>()
    for (const one of [...locations.values()].flat()) {
      started.set(one.stream, (started.get(one.stream) ?? 0) + one.started)
    }
    return (stream) => Math.max(1, (calls[stream] ?? 0) / Math.max(1, started.get(stream) ?? 0))
  }

  function timeLeft({ calls, limiters }: Facts): number | null {
    const perReading = callsPerReading(calls)
    const aheadOf = (counted: Counted): StreamAhead | null => {
      const { stream, isOver, done, left, leftUnder } = counted
      if (counted.readAt === null && !isOver) return null
      const paceMs = paceAt(counted, now())
      return { done, left, leftUnder, callsPerReading: perReading(stream), paceMs }
    }
    const ahead = [...locations].map(([location, streams]) => ({
      spent: limiters.get(location)?.spent() ?? null,
      streams: streams.map(aheadOf),
    }))
    return ahead.length === 0 ? null : secondsLeft(limits, ahead)
  }

  function sliceUsed({ limiters }: Facts) {
    const slice = longSlice(limits)
    if (slice === null) return null
    const called = [...locations.keys()].flatMap((id) => limiters.get(id)?.spent() ?? [])
    const used = called.reduce((sum, spent) => sum + spent.calls, 0)
    return { used, allowed: called.length * slice.calls, seconds: slice.seconds }
  }

  return {
    expect(location, stream) {
      const streams = locations.get(location) ?? []
      locations.set(location, streams)
      streams.push(notBegun(stream))
    },
    of(location, stream) {
      const expected = locations.get(location)?.find((one) => one.stream === stream)
      return counting(expected ?? notBegun(stream), now)
    },
    told(facts) {
      const all = [...locations.values()].flat()
      return {
        event: 'progress',
        streams: { done: all.filter(({ isOver }) => isOver).length, total: all.length },
        rows: facts.rows,
        requests: Object.values(facts.calls).reduce((sum, calls) => sum + calls, 0),
        slice: sliceUsed(facts),
        secondsLeft: timeLeft(facts),
      }
    },
  }
}

function notBegun(stream: string): Counted {
  const counts = { started: 0, done: 0, left: 0, leftUnder: {} }
  return { stream, isOver: false, readAt: null, paceMs: 0, ...counts }
}

/** A reading that is under way for longer than the others took counts already. */
function paceAt({ readAt, paceMs, done }: Counted, at: number): number {
  const ms = at - (readAt ?? at)
  return Math.max(paceMs, paceAfter(done + 1, { paceMs, ms }))
}

function counting(counted: Counted, now: () => number): StreamProgress {
  const { leftUnder } = counted
  const add = ({ call }: Task, readings: 1 | -1) => {
    counted.left += readings
    for (const name of call.limits) leftUnder[name] = (leftUnder[name] ?? 0) + readings
  }
  return {
    begin(tasks) {
      counted.readAt = now()
      for (const task of tasks) add(task, 1)
      return counted.left
    },
    start() {
      counted.started += 1
    },
    settle(task) {
      const at = now()
      const { paceMs, readAt } = counted
      counted.done += 1
      counted.paceMs = paceAfter(counted.done, { paceMs, ms: at - (readAt ?? at) })
      counted.readAt = at
      add(task, -1)
    },
    end() {
      Object.assign(counted, { isOver: true, left: 0, leftUnder: {} })
    },
  }
}

const tellMs = 2_000
/** Lines that are kept need not come as often as what is drawn over. */
const tellAsInfoMs = 60_000

/** Tells every two seconds, and once more when it is stopped. */
export function tellRegularly(tell: (level: Level) => void): { stop(): void } {
  let infoAt = performance.now() + tellAsInfoMs
  const timer = setInterval(() => {
    const isDue = performance.now() >= infoAt
    if (isDue) infoAt += tellAsInfoMs
    tell(isDue ? 'info' : 'fine')
  }, tellMs)
  return {
    stop() {
      clearInterval(timer)
      tell('fine')
    },
  }
}
