import { openLog } from '@regulars/server/log'
import { type RunningCounter, startCounter } from '@regulars/server/start-counter'
import type { Command } from 'commander'
import { addConfigOptions, configFrom } from './config-options.ts'
import { startLine, startText } from './start-text.ts'

type UpOptions = {
  program: string[]
  sandbox?: true
  forceMode?: true
  migrate: boolean
  json?: true
}

/** `regulars up`: starts the counter and keeps it running until it is told to stop. */
export function addUp(regulars: Command): void {
  const up = regulars.command('up').description('Start the counter.')
  addConfigOptions(up, ['port', 'host', 'data', 'trustProxy'])
  up.option('--program <file>', 'Apply a program file first; repeat it for several.', collect, [])
    .option('--sandbox', 'Practice mode: the clock can be turned and faults ordered.')
    .option('--force-mode', 'Open a database that was made in the other mode, and change it.')
    .option('--no-migrate', 'Refuse a database whose schema is another one.')
    .option('--json', 'When ready, print one line of JSON; everything else goes to stderr.')
    .action(runUp)
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value]
}

async function runUp(options: UpOptions): Promise<void> {
  const startedAt = performance.now()
  // From the first moment on, so that a signal while starting also stops what was started.
  const told = toldToStop()
  const config = configFrom(options)
  const log = openLog(config.logLevel, process.stderr)
  const counter = await startCounter({
    config,
    mode: options.sandbox === true ? 'sandbox' : 'live',
    forcesMode: options.forceMode === true,
    migrates: options.migrate,
    programFiles: options.program,
    log,
    onProgress: (line) => console.error(line),
  })
  for (const warning of counter.warnings) console.error(warning)
  announce(counter, { json: options.json === true, startedAt })
  await told
  await counter.stop()
}

function announce(
  counter: RunningCounter,
  { json, startedAt }: { json: boolean; startedAt: number },
): void {
  const seconds = (performance.now() - startedAt) / 1_000
  process.stdout.write(json ? startLine(counter) : startText(counter, seconds))
}

/** Resolves at the first SIGTERM, ctrl-c or closed terminal. A second one ends the process at once. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.once(signal, () => resolve())
    }
  })
}
