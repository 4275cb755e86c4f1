import type { StreamState } from '@regulars/connectors/destination'
import { positionFrom } from '@regulars/connectors/position'
import type { Command } from 'commander'
import { count } from '../figures.ts'
import { named } from './sync-options.ts'
import { statesOf } from './target.ts'

type StatusOptions = { to: string; schema?: string; source: string; json?: true }

/** `regulars sync status`: where every stream of every location stands. */
export function addStatus(sync: Command): void {
  sync
    .command('status')
    .description('Show where every stream of every location stands.')
    .requiredOption('--to <target>', 'A DuckDB file, or the URL of a Postgres.', named)
    .option('--schema <name>', 'The schema that was written to.', named)
    .option('--source <name>', 'toast or punchh.', 'toast')
    .option('--json', 'Print a line of JSON for each.')
    .action(runStatus)
}

async function runStatus({ json, ...options }: StatusOptions): Promise<void> {
  const now = Date.now()
  const standing = (await statesOf(options, options.source))
    .filter(({ location, stream }) => location !== '' && !stream.startsWith('_'))
    .map((state) => standingOf(state, now))
  if (json === true) {
    for (const one of standing) process.stdout.write(`${JSON.stringify(one)}\n`)
    return
  }
  process.stdout.write(standingText(standing))
}

function standingOf({ location, stream, state }: StreamState, now: number) {
  const { rows, cursor, floor, lastSuccessAt, lastError } = positionFrom(state)
  const lagSeconds = lastSuccessAt === undefined ? null : secondsSince(lastSuccessAt, now)
  return { location, stream, cursor, floor, records: rows, lastSuccessAt, lagSeconds, lastError }
}

function standingText(standing: readonly ReturnType<typeof standingOf>[]): string {
  const widest = Math.max(5, ...standing.map(({ location }) => location.length))
  const lines = standing.map(
    ({ location, stream, cursor, floor, records, lagSeconds, lastError }) =>
      [
        location.padEnd(widest),
        stream.padEnd(24),
        (cursor ?? '').slice(0, 19).padEnd(19),
        (floor ?? '').slice(0, 10).padEnd(10),
        count(records).padStart(10),
        lagText(lagSeconds).padStart(8),
        lastError === undefined ? '' : `${lastError.verdict}: ${lastError.message}`,
      ]
        .join('  ')
        .trimEnd(),
  )
  const head = `${'where'.padEnd(widest)}  ${'stream'.padEnd(24)}  ${'delivered until'.padEnd(19)}  ${'back to'.padEnd(10)}  ${'records'.padStart(10)}  ${'lag'.padStart(8)}  last error`
  return `${[head, ...lines].join('\n')}\n`
}

/** The vendor's clock times a success and may be ahead of ours; a lag is never less than none. */
function secondsSince(at: string, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(at)) / 1_000))
}

function lagText(seconds: number | null): string {
  if (seconds === null) return 'never'
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}
