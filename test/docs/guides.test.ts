import { expect, test } from 'vitest'
import { harborCoffee, temporaryFolder, up } from '../../cli/test/running.ts'
import { dataGuides } from './data-guides.ts'
import { allPages, type Block, blocksOf } from './pages.ts'
import { firstLine, isShell, replyAfter, runBlocks } from './shell-pages.ts'

/** Blocks that no test runs from the page, by their first line, with the reason. */
const notRun: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'the counter of these tests is started the same way, on a free port',
  'npm ci && npm run check && npm test': 'this is a part of it',
  'npm ci && npx regulars sync demo': 'cli/test/sync.test.ts runs it, with less to read',
  'npx regulars demo': 'it plays against port 8080; the command has tests of its own',
  'npx regulars up --port 8080 --data ./regulars-data --program my-brand/program.json':
    'it never ends; cli/test/up.test.ts starts counters',
}

const guides = allPages()
  .filter(({ path }) => path === 'README.md' || path.startsWith('docs/guides/'))
  .filter(({ path }) => !dataGuides.includes(path))
  .map((page) => ({ ...page, blocks: blocksOf(page) }))

test('every reason not to run a block is for a block that is there', () => {
  const firstLines = guides.flatMap(({ blocks }) => blocks.filter(isShell).map(firstLine))
  expect(Object.keys(notRun).filter((line) => !firstLines.includes(line))).toEqual([])
})

const run = guides.filter(({ blocks }) => blocks.some(isRun))

test.each(run)(
  'the commands of $path do what the page says',
  async ({ blocks }) => {
    const data = temporaryFolder()
    const counter = await up(['--data', data, '--sandbox', '--program', harborCoffee])
    const here = (text: string) =>
      text
        .replaceAll('http://127.0.0.1:8080', counter.line.url)
        .replaceAll('../my-brand', `${data}-brand`)
        .replaceAll(/\bpunchh\.(json|duckdb)\b/g, `${data}.$1`)
        .replaceAll('harbor.backup', `${data}.backup`)
        .replaceAll('./restored', `${data}-restored`)
        // What npx runs, without the seconds it takes to find it.
        .replaceAll('npx regulars', 'node_modules/.bin/regulars')
    const commands = blocks.filter(isRun).map((block) => ({ ...block, text: here(block.text) }))

    const printed = await runBlocks(commands, { REGULARS_DATA: data })

    for (const { block, output } of printed) {
      const shown = replyAfter(blocks, block)
      if (shown === null) continue
      const where = `line ${block.line}: ${output}`
      if (shown.language === 'json') {
        expect(JSON.parse(output), where).toMatchObject(JSON.parse(here(shown.text)))
      } else {
        for (const line of here(shown.text).trimEnd().split('\n'))
          expect(output, where).toContain(line)
      }
    }
  },
  120_000,
)

function isRun(block: Block): boolean {
  return isShell(block) && !(firstLine(block) in notRun)
}
