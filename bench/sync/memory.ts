import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { figure, line, megabytes } from './printing.ts'
import { startStandInProcess, syncOnce } from './processes.ts'

const restaurants = 10
const days = 60
/** About what the stand-in's orders come to; the rows that were written are printed. */
const rowsPerOrder = 27.5

/** The most the whole process holds in a first sync of so many rows. */
export async function memory({ folder, rows }: { folder: string; rows: number[] }): Promise<void> {
  console.log(`\nPeak memory of a first sync of ${restaurants} restaurants, no latency, no limits`)
  line(['rows', 's', 'processor s', 'rows/s', 'peak', 'of the first'])
  let firstBytes: number | null = null
  for (const wanted of rows) {
    const done = await measure(join(folder, `memory-${wanted}.duckdb`), wanted)
    firstBytes ??= done.peakBytes
    line([
      figure(done.rows),
      done.seconds.toFixed(1),
      done.processorSeconds.toFixed(1),
      figure(done.rows / done.seconds),
      megabytes(done.peakBytes),
      (done.peakBytes / firstBytes).toFixed(2),
    ])
    console.log(`  into ${done.destination}`)
  }
}

async function measure(target: string, wanted: number) {
  const standIn = await startStandInProcess({
    restaurants,
    days,
    ordersPerDay: Math.max(1, Math.round(wanted / rowsPerOrder / restaurants / days)),
    membershipMoves: false,
    limits: 'off',
  })
  try {
    const done = await syncOnce({ standIn, target, streams: null, until: null, longSlice: null })
    if (done.outcome !== 'complete') throw new Error(`the sync was ${done.outcome}`)
    return done
  } finally {
    await standIn.stop()
    await rm(target, { force: true })
  }
}
