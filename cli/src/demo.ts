import { fileURLToPath } from 'node:url'
import { problemText } from '@regulars/contract/program-file'
import { openProgramFile } from '@regulars/server/open-program-file'
import type { Command } from 'commander'
import { CannotPlay } from './demo/cannot-play.ts'
import { playSale, type Told } from './demo/sale.ts'
import { openTelling } from './demo/telling.ts'
import { openWire } from './demo/wire.ts'

const harborCoffee = fileURLToPath(
  new URL('../../examples/harbor-coffee/program.json', import.meta.url),
)

/** `regulars demo`: plays one sale on the wire and tells it; exits with 1 when it cannot. */
export function addDemo(regulars: Command): void {
  regulars
    .command('demo')
    .description('Play one whole sale on the wire against a running counter, and print each call.')
    .option('--url <url>', 'The counter.', 'http://127.0.0.1:8080')
    .option('--program <file>', 'The program file it runs, for its keys. (Harbor Coffee)')
    .option('--json', 'Print each call as a line of JSON.')
    .action(runDemo)
}

type DemoOptions = { url: string; program?: string; json?: true }

async function runDemo(options: DemoOptions): Promise<void> {
  try {
    await play(options)
  } catch (error) {
    if (!(error instanceof CannotPlay)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

async function play({ url, program: path = harborCoffee, json }: DemoOptions): Promise<void> {
  if (!URL.canParse(url)) throw new CannotPlay(`${url} is no address, as http://127.0.0.1:8080 is.`)
  const file = await openProgramFile(path)
  if (file.kind === 'refused') throw new CannotPlay(file.problems.map(problemText).join('\n'))
  const { program } = file
  const base = url.replace(/\/+$/, '')
  const wire = openWire(base, program)
  const write = (text: string) => process.stdout.write(text)
  const tell = json === true ? (told: Told) => write(jsonLine(told)) : openTelling(write)
  await playSale({ wire, program, url: base }, tell)
}

/** Only the calls, each with the entries it made and the balances after it. */
function jsonLine(told: Told): string {
  if (told.kind !== 'called') return ''
  const { scene, call, entries, ledger } = told
  return `${JSON.stringify({ scene, ...call, entries, balances: ledger.balances })}\n`
}
