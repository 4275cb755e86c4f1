import type {
  Batch,
  Destination,
  Quarantined,
  Removal,
  StreamState,
  Unit,
  Written,
} from '../destination.ts'

/** What is written together or not at all. */
export type Part = {
  units?: readonly Unit[]
  removals?: readonly Removal[]
  state?: StreamState
  quarantined?: readonly Quarantined[]
}

/** Gathers what many readers bring into few large transactions, in the order it came. */
export type Writer = {
  /**
   * Resolves when there is room for more, not when the part is written: a part never becomes
   * visible before those that were brought earlier. Rejects when a write failed.
   */
  bring(part: Part): Promise<void>
  /** Resolves when all that was brought is written. */
  settled(): Promise<void>
}

/** Rows that wait for the next transaction before readers are held back. */
const rowsWaitingMax = 10_000
/** Rows of one transaction, give or take the last part. */
const rowsPerWrite = 10_000
/** How long a small batch waits for company. */
const lingerMs = 150

export function openWriter(
  destination: Destination,
  onWritten: (written: Written) => void,
): Writer {
  const waiting: { part: Part; rows: number }[] = []
  const held: (() => void)[] = []
  let rowsWaiting = 0
  let running: Promise<void> | null = null
  let failure: unknown = null

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      if (rowsWaiting < rowsPerWrite) await lingering()
      const taken = take()
      onWritten(await destination.write(batchOf(taken)))
      for (const release of held.splice(0)) release()
    }
  }

  async function start(): Promise<void> {
    try {
      await run()
    } catch (error) {
      failure = error
      for (const release of held.splice(0)) release()
    }
    running = failure === null && waiting.length > 0 ? start() : null
  }

  function take(): Part[] {
    const taken: Part[] = []
    let rows = 0
    while (waiting.length > 0 && rows < rowsPerWrite) {
      const next = waiting.shift()
      if (next === undefined) break
      taken.push(next.part)
      rows += next.rows
    }
    rowsWaiting -= rows
    return taken
  }

  return {
    async bring(part) {
      if (failure !== null) throw failure
      const rows = rowsOf(part)
      waiting.push({ part, rows })
      rowsWaiting += rows
      running ??= start()
      if (rowsWaiting >= rowsWaitingMax) {
        await new Promise<void>((release) => {
          held.push(release)
        })
        if (failure !== null) throw failure
      }
    },
    async settled() {
      while (running !== null) await running
      if (failure !== null) throw failure
    },
  }
}

function lingering(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, lingerMs)
  })
}

function batchOf(parts: readonly Part[]): Batch {
  return {
    units: parts.flatMap(({ units = [] }) => units),
    removals: parts.flatMap(({ removals = [] }) => removals),
    states: parts.flatMap(({ state }) => (state === undefined ? [] : [state])),
    quarantined: parts.flatMap(({ quarantined = [] }) => quarantined),
  }
}

function rowsOf({ units = [], quarantined = [] }: Part): number {
  let rows = quarantined.length + 1
  for (const unit of units) for (const list of unit.rows.values()) rows += list.length
  return rows
}
