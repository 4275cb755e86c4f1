import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDestination } from '@regulars/connectors/open-destination'
import { toastTables } from '../../connectors/src/toast/records.ts'
import { onDuckdb } from './on-duckdb.ts'
import { figure, line, megabytes } from './printing.ts'
import { startStandInProcess, syncOnce } from './processes.ts'
import { savePages } from './saved-pages.ts'
import { mergeTables, orderTables } from './yardstick-sql.ts'

const restaurants = 10
const days = 30
/** Before now in the stand-in's world, so that every sync asks for the same pages. */
const until = '2026-03-20T12:00:00Z'

/** A sync of orders from pages on disk, beside DuckDB reading and merging the same pages. */
export async function yardstick({
  folder,
  orders,
}: {
  folder: string
  orders: number
}): Promise<void> {
  const standIn = await startStandInProcess({
    restaurants,
    days,
    ordersPerDay: Math.max(1, Math.round(orders / days / restaurants)),
    membershipMoves: false,
    limits: 'off',
  })
  const pages = await savePages(standIn.url, folder)
  try {
    const sync = (name: string) =>
      syncOnce({
        standIn: { url: pages.url, credentials: standIn.credentials },
        target: join(folder, `${name}.duckdb`),
        streams: ['orders'],
        until,
        longSlice: null,
      })
    await sync('saving')
    const size = megabytes(await sizeOf(pages.ordersFolder))
    console.log(`\nOrders of ${restaurants} restaurants, ${size} of pages on disk, into DuckDB`)
    line(['', 'rows', 's', 'rows/s'])
    const merged = await mergeByHand(join(folder, 'merged.duckdb'), pages.ordersFolder)
    report('by hand', merged)
    const { seconds, writes, writingSeconds, peakBytes } = await sync('synced')
    const synced = { rows: await countRows(join(folder, 'synced.duckdb')), seconds }
    report('the sync', synced)
    const share = synced.rows / synced.seconds / (merged.rows / merged.seconds)
    console.log(`the sync does ${(100 * share).toFixed(0)} % of the yardstick (aim 60 %)`)
    const writing = writingSeconds.toFixed(1)
    console.log(`it wrote ${writes} times, ${writing} s in all; peak ${megabytes(peakBytes)}`)
  } finally {
    await pages.close()
    await standIn.stop()
  }
}

type Loaded = { rows: number; seconds: number }

function report(what: string, { rows, seconds }: Loaded): void {
  line([what, figure(rows), seconds.toFixed(1), figure(rows / seconds)])
}

/** The tables are made as for a sync; then the pages are merged, a statement a table. */
async function mergeByHand(target: string, ordersFolder: string): Promise<Loaded> {
  const made = await openDestination(target, { source: 'toast' })
  await made.prepare(toastTables)
  await made.close()
  const from = performance.now()
  await onDuckdb(target, async (run) => {
    for (const statement of mergeTables(ordersFolder)) await run(statement)
  })
  const seconds = (performance.now() - from) / 1_000
  return { rows: await countRows(target), seconds }
}

async function countRows(target: string): Promise<number> {
  const counts = orderTables.map((table) => `select count(*) as rows from "${table}"`)
  const sum = `select sum(rows)::integer as rows from (${counts.join(' union all ')})`
  return await onDuckdb(target, async (run) => Number((await run(sum))[0]?.rows))
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, name))
    if (found.isFile()) bytes += found.size
  }
  return bytes
}
