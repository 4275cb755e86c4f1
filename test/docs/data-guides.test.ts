import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standIn, temporaryFolder } from '../../cli/test/running.ts'
import { type FreshDatabase, freshDatabase } from '../../server/test/fresh-database.ts'
import { dataGuides } from './data-guides.ts'
import { allPages, type Block, blocksOf } from './pages.ts'
import { firstLine, isShell, type Printed, replyAfter, runBlocks } from './shell-pages.ts'

/** The stand-in of the guides, which the tests start on a free port. */
const startsStandIn = 'npx regulars sandbox toast '

/** Blocks that no test runs from the page, by their first line, with the reason. */
const notRun: Readonly<Record<string, string>> = {
  'npm ci && npx regulars sync demo': 'cli/test/sync.test.ts runs it, with less to read',
}

const guides = allPages()
  .filter(({ path }) => dataGuides.includes(path))
  .map((page) => ({ ...page, blocks: blocksOf(page) }))

let warehouse: FreshDatabase
beforeAll(async () => {
  warehouse = await freshDatabase()
})
afterAll(() => warehouse.drop())

test('every reason not to run a block is for a block that is there', () => {
  const firstLines = guides.flatMap(({ blocks }) => blocks.filter(isShell).map(firstLine))
  expect(Object.keys(notRun).filter((line) => !firstLines.includes(line))).toEqual([])
})

const run = guides.filter(({ blocks }) => blocks.some(isRun))

test.each(run)(
  'the commands and queries of $path do what the page says',
  async ({ blocks }) => {
    const world = await standIn(standInOptions(blocks))
    const data = temporaryFolder()
    const here = (text: string) =>
      text
        .replaceAll('http://127.0.0.1:4500', world.line.url)
        .replaceAll('postgres://loader:secret@127.0.0.1:5432/warehouse', warehouse.url)
        .replaceAll(/\btoast\.(json|duckdb|prom)\b/g, `${data}.$1`)
        // What npx runs, without the seconds it takes to find it.
        .replaceAll('npx regulars', 'node_modules/.bin/regulars')
    const asksPostgres = !blocks.some(definesSql)
    const commands = blocks
      .filter((block) => isRun(block) && !(isQuery(block) && asksPostgres))
      .map((block) => ({ ...block, text: here(commandOf(block)) }))

    const printed = await runBlocks(commands, {})

    for (const { block, output } of printed) {
      const shown = replyAfter(blocks, block)
      if (shown !== null) {
        for (const line of here(shown.text).trimEnd().split('\n'))
          expect(output, `line ${block.line}: ${output}`).toContain(line)
      }
      if (isQuery(block)) {
        expect(rowsOf(output), `line ${block.line}: ${output}`).not.toEqual([])
      }
    }
    const sales = printed.find(({ block }) => block.text.includes('as net_sales'))
    if (sales !== undefined) {
      expect(salesPerDay(sales)).toEqual(await truthPerDay(world.line.url))
    }
    const tips = printed.find(({ block }) => block.text.includes('as tips_per_hour'))
    if (tips !== undefined) {
      expect(tipsPerDay(tips)).toEqual(await trueTipsPerDay(world.line.url))
    }
    if (asksPostgres) await askPostgres(blocks.filter(isQuery))
  },
  120_000,
)

/**
 * Night in all three restaurants: orders of the last two minutes are left for the next sync, so that
 * only then is the truth of the moment what was delivered.
 */
const atNight = ['--now', '2026-11-20T11:00:00Z']

/** As the page starts it; what only wants something to carry gets less. */
function standInOptions(blocks: readonly Block[]): string[] {
  const start = blocks.find(isStandIn)
  const less = ['--days', '1', '--orders-per-day', '5', '--no-limits']
  const own = start?.text.trim().slice(startsStandIn.length).split(' ')
  return [...(own ?? less), ...atNight]
}

function isStandIn(block: Block): boolean {
  return isShell(block) && block.text.startsWith(startsStandIn)
}

function isQuery({ language }: Block): boolean {
  return language === 'sql'
}

/** A page without a shell function for its queries means those for its Postgres. */
function definesSql(block: Block): boolean {
  return isShell(block) && block.text.startsWith('sql() {')
}

async function askPostgres(queries: readonly Block[]): Promise<void> {
  const client = new pg.Client(warehouse.url)
  await client.connect()
  try {
    for (const { text, line } of queries) {
      const { rows } = await client.query(text)
      const isOfState = text.includes('sync_state')
      expect(rows.length > 0, `line ${line}: ${JSON.stringify(rows)}`).toBe(isOfState)
    }
  } finally {
    await client.end()
  }
}

function isRun(block: Block): boolean {
  if (isQuery(block)) return true
  return isShell(block) && !isStandIn(block) && !(firstLine(block) in notRun)
}

/** A query is asked the way the page shows: it goes to the page's own `sql`. */
function commandOf(block: Block): string {
  return isQuery(block) ? `sql <<'END'\n${block.text}END\n` : block.text
}

/** The rows of a printed table, without its head and numbers. */
function rowsOf(output: string): string[][] {
  return [...output.matchAll(/^│ \d+ +│(.*)│$/gm)].map(([, cells = '']) =>
    cells.split('│').map((cell) => cell.trim().replaceAll("'", '')),
  )
}

function salesPerDay({ output }: Printed): Record<string, number> {
  return Object.fromEntries(
    rowsOf(output).map(([day = '', amount]) => [day.replaceAll('-', ''), centsOf(amount)]),
  )
}

/** What the stand-in says was sold, its restaurants together, in cents. */
async function truthPerDay(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/__truth/sales`)).text()
  const sales: Record<string, number> = {}
  for (const line of text.trim().split('\n')) {
    const { business_date: date, net_sales: amount } = JSON.parse(line)
    sales[date] = (sales[date] ?? 0) + centsOf(amount)
  }
  return sales
}

/** By restaurant and business day, in cents; days without any payment are left out. */
function tipsPerDay({ output }: Printed): Record<string, number> {
  return Object.fromEntries(
    rowsOf(output)
      .filter(([, , , tips]) => tips !== 'null')
      .map(([restaurant, day, , tips]) => [`${restaurant} ${day}`, centsOf(tips)]),
  )
}

/** What was left on payments that were neither voided nor denied. */
async function trueTipsPerDay(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/__truth`)).text()
  const rows = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const rowsIn = (wanted: string) => rows.flatMap(({ table, row }) => (table === wanted ? row : []))
  const names = new Map(rowsIn('restaurant').map(({ id, name }) => [id, name]))
  const tips: Record<string, number> = {}
  for (const payment of rowsIn('payment')) {
    if (payment.void_info_date !== null || payment.payment_status === 'DENIED') continue
    const key = `${names.get(payment.restaurant_id)} ${payment.paid_business_day}`
    tips[key] = (tips[key] ?? 0) + centsOf(payment.tip_amount)
  }
  return tips
}

function centsOf(amount = ''): number {
  return Math.round(Number(amount) * 100)
}
