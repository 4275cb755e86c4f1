import type { SyncEvent } from '@regulars/connectors/events'
import { MultiBar, type SingleBar } from 'cli-progress'
import { count } from '../figures.ts'
import { budgetText } from './progress-text.ts'

/** One bar for each stream, over all locations, and a line of what is used of the allowed requests. */
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
}

/** Streams of few readings, over all locations, are over before a bar says anything. */
const readingsForABar = 4
const widestStream = 23

export function openBars(): Bars {
  const bars = new MultiBar(
    {
      format: '{stream} {bar} {value}/{total}  {records} records',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: false,
      barsize: 30,
    },
    undefined,
  )
  const streams = new Map<string, Counted>()
  let budget: SingleBar | null = null
  let isDrawn = false
  let isStopped = false

  function planned(stream: string, tasks: number): void {
    const counted = streams.get(stream) ?? { bar: null, done: 0, total: 0, records: 0 }
    streams.set(stream, counted)
    counted.total += tasks
    counted.bar?.setTotal(counted.total)
    if (counted.bar !== null || counted.total < readingsForABar) return
    const payload = { stream: stream.padEnd(widestStream), records: '0' }
    counted.bar = bars.create(counted.total, counted.done, payload)
    isDrawn = true
  }

  function read(stream: string, records: number): void {
    const counted = streams.get(stream)
    if (counted === undefined) return
    counted.done += 1
    counted.records += records
    counted.bar?.update(counted.done, { records: count(counted.records) })
  }

  /** Stands under the bars, which are all there once the streams are known. */
  function progressed(progress: Extract<SyncEvent, { event: 'progress' }>): void {
    if (progress.streams.total === 0) return
    const payload = { text: budgetText(progress) }
    if (budget === null) budget = bars.create(1, 0, payload, { format: '{text}' })
    else budget.update(0, payload)
    isDrawn = true
  }

  return {
    tell(event) {
      if (event.event === 'planned') planned(event.stream, event.tasks)
      if (event.event === 'read') read(event.stream, event.records)
      if (event.event === 'progress') progressed(event)
    },
    log(line) {
      // Bars print what is logged when they are drawn, and without one nothing ever is.
      if (isDrawn && !isStopped) bars.log(`${line}\n`)
      else console.error(line)
    },
    stop() {
      // Stopping twice would put the cursor back over what was printed since.
      if (isStopped || !isDrawn) return
      isStopped = true
      // What was logged since the last drawing is printed by another one; stopping prints bars only.
      bars.update()
      bars.stop()
    },
  }
}
