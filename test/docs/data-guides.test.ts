import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRegulars, standIn, temporaryFolder } from '../../cli/test/running.ts'
import { type FreshDatabase, freshDatabase } from '../../server/test/fresh-database.ts'
import { dataGuides } from './data-guides.ts'
import { allPages, type Block, blocksOf } from './pages.ts'
import { firstLine, isShell, type Printed, replyAfter, runBlocks } from './shell-pages.ts'

/** The stand-in of the guides, which the tests start on a free port. */
const startsStandIn = 'npx regulars sandbox toast '

/** Blocks that no test runs from the page, by their first line, with the reason. */
const notRun: Readonly<Record<string, string>> = {
  'npm ci && npx regulars sync demo': 'it is run below, with less to read',
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
    const world = await standIn(standInOptions())
    const data = temporaryFolder()
    const here = (text: string) =>
      text
        .replaceAll('http://127.0.0.1:4500', world.line.url)
        .replaceAll('postgres://loader:secret@127.0.0.1:5432/warehouse', warehouse.url)
        .replaceAll(/\btoast\.(json|duckdb|prom)\b/g, `${data}.$1`)
        // What npx runs, without the seconds it takes to find it.
        .replaceAll('npx regulars', 'node_modules/.bin/regulars')
    const commands = blocks
      .filter(isRun)
      .map((block) => ({ ...block, text: here(commandOf(block)) }))

    const printed = await runBlocks(commands, {})

    for (const { block, output } of printed) {
      const shown = replyAfter(blocks, block)
      if (shown !== null) {
        for (const line of here(shown.text).trimEnd().split('\n'))
          expect(output, `line ${block.line}: ${output}`).toContain(line)
      }
      if (block.language === 'sql') {
        expect(rowsOf(output), `line ${block.line}: ${output}`).not.toEqual([])
      }
    }
    const sales = printed.find(({ block }) => block.text.includes('as net_sales'))
    if (sales !== undefined) {
      expect(salesPerDay(sales)).toEqual(await truthPerDay(world.line.url))
    }
  },
  120_000,
)

test('the demo makes a file and draws what was sold per day', async () => {
  const file = `${temporaryFolder()}.duckdb`
  const args = ['sync', 'demo', '--to', file, '--days', '2', '--orders-per-day', '10']
  const { code, stdout, stderr } = await runRegulars(args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('✓ complete')
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d {2}█+ +\d+$/m)
})

/** The options with which the analyst's guide starts the stand-in. */
function standInOptions(): string[] {
  const [start] = guides.flatMap(({ blocks }) => blocks.filter(isStandIn))
  if (start === undefined) throw new Error('no guide starts the stand-in')
  return start.text.trim().slice(startsStandIn.length).split(' ')
}

function isStandIn(block: Block): boolean {
  return isShell(block) && block.text.startsWith(startsStandIn)
}

function isRun(block: Block): boolean {
  if (block.language === 'sql') return true
  return isShell(block) && !isStandIn(block) && !(firstLine(block) in notRun)
}

/** A query is asked the way the page shows: it goes to the page's own `sql`. */
function commandOf({ language, text }: Block): string {
  return language === 'sql' ? `sql <<'END'\n${text}END\n` : text
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

function centsOf(amount = ''): number {
  return Math.round(Number(amount) * 100)
}
