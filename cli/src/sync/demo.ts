import { existsSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { openDestination } from '@regulars/connectors/open-destination'
import { salesByDay } from '@regulars/connectors/sales-by-day'
import { syncToast } from '@regulars/connectors/sync-toast'
import { readToastConfiguration } from '@regulars/connectors/toast-configuration'
import { startStandIn } from '@regulars/sandbox'
import { CannotStart } from '@regulars/server/cannot-start'
import type { Command } from 'commander'
import { count } from '../figures.ts'
import { startedBy } from './started-by.ts'
import { named } from './sync-options.ts'
import { isUrl } from './target.ts'
import { openTelling } from './telling.ts'

type DemoOptions = { to: string; days: string; ordersPerDay: string }

/** `regulars sync demo`: a whole sync from the stand-in into a new DuckDB file, and what was sold. */
export function addSyncDemo(sync: Command): void {
  sync
    .command('demo')
    .description(
      'Sync a made-up world into a new DuckDB file, with no account, and draw its sales.',
    )
    .option('--to <file>', 'The DuckDB file to make.', named, 'warehouse.duckdb')
    .option('--days <number>', 'Business days of history.', named, '30')
    .option('--orders-per-day <number>', 'Orders of each of the three restaurants.', named, '100')
    .action(runDemo)
}

async function runDemo({ to, days, ordersPerDay }: DemoOptions): Promise<void> {
  if (isUrl(to)) {
    throw new CannotStart('The demo makes a DuckDB file; name a new one with --to.')
  }
  if (existsSync(to)) {
    throw new CannotStart(`${to} is there already; remove it, or name a new file with --to.`)
  }
  const standIn = await startStandIn({
    now: new Date().toISOString(),
    days: Number(days),
    ordersPerDay: Number(ordersPerDay),
  }).catch((error: Error) => {
    throw new CannotStart(`The stand-in cannot start: ${error.message}.`)
  })
  try {
    await syncInto(to, standIn, Number(days))
  } finally {
    await standIn.close()
  }
  process.stdout.write(
    [
      '',
      'Net sales per business day, three restaurants together:',
      ...(await salesLines(to)),
      '',
      `Open ${to} with DuckDB: orders, orders_check, orders_check_selection, payment, time_entry, menu_item and more.`,
      '',
    ].join('\n'),
  )
}

async function syncInto(
  to: string,
  standIn: Awaited<ReturnType<typeof startStandIn>>,
  days: number,
): Promise<void> {
  const read = readToastConfiguration(
    {
      ...standIn.credentials,
      userAccessType: 'TOAST_MACHINE_CLIENT',
      domain: standIn.url,
      initialSyncStart: new Date(Date.parse(standIn.now()) - (days + 2) * 86_400_000).toISOString(),
      historySpacingSeconds: 0,
    },
    {},
  )
  if (read.kind === 'refused') throw new Error(read.problems.join('\n'))
  const destination = await openDestination(to, { source: 'toast' })
  const telling = openTelling({ logLevel: 'info' })
  try {
    const report = await syncToast({
      configuration: read.configuration,
      destination,
      streams: null,
      restaurants: null,
      until: null,
      full: false,
      pastUntil: null,
      startedBy: startedBy(),
      signal: new AbortController().signal,
      onEvent: telling.tell,
    })
    telling.report(report, to)
    if (report.outcome !== 'complete') process.exitCode = 1
  } finally {
    telling.close()
    await destination.close()
  }
}

const barWidth = 40

/** A bar for each business day. */
async function salesLines(file: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(
      `select cast(business_day as varchar) as day, cast(sum(net_sales) as double) as sales
         from (${salesByDay})
        -- Orders for the days to come are there already.
        where business_day <= current_date
        group by business_day order by business_day`,
    )
    const days = reader.getRowObjectsJson() as { day: string; sales: number }[]
    const most = Math.max(1, ...days.map(({ sales }) => sales))
    return days.map(({ day, sales }) => {
      const bar = '█'.repeat(Math.max(0, Math.round((sales / most) * barWidth)))
      return `${day}  ${bar.padEnd(barWidth)}  ${count(Math.round(sales)).padStart(9)}`
    })
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
