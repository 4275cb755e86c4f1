import type { SyncEvent } from '@regulars/connectors/events'
import { MultiBar, type SingleBar } from 'cli-progress'
import { count } from '../figures.ts'

/** One bar for each stream, over all locations. */
export type Bars = {
  tell(event: SyncEvent): void
  log(line: string): void
  stop(): void
}

type Counted = { bar: SingleBar; done: number; total: number; records: number; beganAt: number }

/** Streams of few readings are over before a bar says anything. */
const readingsForABar = 4

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
    const known = streams.get(stream)
    if (known !== undefined) {
      known.total += tasks
      known.bar.setTotal(known.total)
      return
    }
    if (tasks < readingsForABar) return
    const payload = { stream: stream.padEnd(18), records: '0', left: '' }
    const bar = bars.create(tasks, 0, payload)
    streams.set(stream, { bar, done: 0, total: tasks, records: 0, beganAt: performance.now() })
  }

  return {
    tell(event) {
      if (event.event === 'planned') planned(event.stream, event.tasks)
      if (event.event !== 'read') return
      const counted = streams.get(event.stream)
      if (counted === undefined) return
      counted.done += 1
      counted.records += event.records
      counted.bar.update(counted.done, { records: count(counted.records), left: leftOf(counted) })
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
