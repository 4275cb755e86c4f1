import type { SyncEvent } from '@regulars/connectors/events'
import { MultiBar, type SingleBar } from 'cli-progress'
import { count } from '../figures.ts'

/** One bar for each stream, over all locations. */
export type Bars = {
  tell(event: SyncEvent): void
  log(line: string): void
  stop(): void
}

type Counted = {
  bar: SingleBar | null
  done: number
  total: number
  records: number
  beganAt: number
}

/** Streams of few readings, over all locations, are over before a bar says anything. */
const readingsForABar = 4
const widestStream = 23

export function openBars(): Bars {
  const bars = new MultiBar(
    {
      format: '{stream} {bar} {value}/{total}  {records} records  {left}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: false,
      barsize: 30,
      etaBuffer: 50,
    },
    undefined,
  )
  const streams = new Map<string, Counted>()
  let isStopped = false

  function planned(stream: string, tasks: number): void {
    const counted = streams.get(stream) ?? {
      bar: null,
      done: 0,
      total: 0,
      records: 0,
      beganAt: performance.now(),
    }
    streams.set(stream, counted)
    counted.total += tasks
    counted.bar?.setTotal(counted.total)
    if (counted.bar !== null || counted.total < readingsForABar) return
    const payload = { stream: stream.padEnd(widestStream), records: '0', left: '' }
    counted.bar = bars.create(counted.total, counted.done, payload)
  }

  return {
    tell(event) {
      if (event.event === 'planned') planned(event.stream, event.tasks)
      if (event.event !== 'read') return
      const counted = streams.get(event.stream)
      if (counted === undefined) return
      counted.done += 1
      counted.records += event.records
      counted.bar?.update(counted.done, { records: count(counted.records), left: leftOf(counted) })
    },
    log(line) {
      bars.log(`${line}\n`)
    },
    stop() {
      // Stopping twice would put the cursor back over what was printed since.
      if (isStopped) return
      isStopped = true
      bars.stop()
    },
  }
}

/** Nothing is said of the time that is left before enough of it has passed to go by. */
const saidAfterReadings = 5

function leftOf({ done, total, beganAt }: Counted): string {
  if (done < saidAfterReadings) return ''
  if (done >= total) return 'done'
  const seconds = ((performance.now() - beganAt) / 1_000 / done) * (total - done)
  return seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`
}
