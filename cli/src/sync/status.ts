import type { SourceState } from '@regulars/connectors/destination'
import type { Position } from '@regulars/connectors/position'
import { readPosition } from '@regulars/connectors/position-check'
import { CannotStart } from '@regulars/server/cannot-start'
import type { Command } from 'commander'
import { count } from '../figures.ts'
import { readJson } from './read-json.ts'
import { type SourceName, sourceOption } from './sources.ts'
import { named } from './sync-options.ts'
import { shown, statesOf } from './target.ts'

type StatusOptions = { to: string; schema?: string; source?: SourceName; json?: true }

/** `regulars sync status`: where every stream of every location stands. */
export function addStatus(sync: Command): void {
  sync
    .command('status')
    .description('Show where every stream of every location stands.')
    .requiredOption('--to <target>', 'A DuckDB file, or the URL of a Postgres.', named)
    .option('--schema <name>', 'The schema that was written to.', named)
    .addOption(sourceOption('Only of this one.'))
    .option('--json', 'Print a line of JSON for each.')
    .action(runStatus)
}

async function runStatus({ json, source, ...target }: StatusOptions): Promise<void> {
  const now = Date.now()
  const states = await statesOf(target, source ?? null)
  const labels = labelsIn(states)
  const standing = states
    .filter(({ location, stream }) => location !== '' && !stream.startsWith('_'))
    .map((state) => standingOf(state, labels, now))
  if (standing.length === 0) {
    throw new CannotStart(`No stream was read into ${shown(target.to)} yet; start a sync.`)
  }
  if (json === true) {
    for (const one of standing) process.stdout.write(`${JSON.stringify(one)}\n`)
    return
  }
  process.stdout.write(standingText(standing))
}

type Labels = ReadonlyMap<string, string>

/** By source and location. Under a stream of its own the run keeps what it knows of a location. */
function labelsIn(states: readonly SourceState[]): Labels {
  const known = states.filter(({ stream }) => stream === '_location')
  return new Map(
    known.flatMap((one) => {
      const read = readJson(one.state)
      const { label } = Object(read.kind === 'read' ? read.content : null) as { label?: unknown }
      return typeof label === 'string' ? [[whoseOf(one), label] as const] : []
    }),
  )
}

function whoseOf({ source, location }: Pick<SourceState, 'source' | 'location'>): string {
  return `${source} ${location}`
}

/** Where one stream stands, as a line of JSON; members that are undefined are left out. */
type Standing = {
  source: string
  location: string
  label: string | undefined
  stream: string
  cursor?: string | undefined
  floor?: string | undefined
  records?: number
  lastSuccessAt?: string | undefined
  lagSeconds?: number | null
  lastError?: Position['lastError'] | undefined
  /** What is wrong with a state that somebody changed by hand. */
  unsound?: readonly string[]
}

function standingOf(stored: SourceState, labels: Labels, now: number): Standing {
  const { source, location, stream } = stored
  const whose = { source, location, label: labels.get(whoseOf(stored)), stream }
  const read = readPosition(stored.state)
  if (read.kind === 'refused') return { ...whose, unsound: read.problems }
  const { rows, cursor, floor, lastSuccessAt, lastError } = read.position
  const lagSeconds = lastSuccessAt === undefined ? null : secondsSince(lastSuccessAt, now)
  return { ...whose, cursor, floor, records: rows, lastSuccessAt, lagSeconds, lastError }
}

type Column = { head: string; of(one: Standing): string; isNumber?: true; isShown?: boolean }

function standingText(standing: readonly Standing[]): string {
  const columns: Column[] = [
    {
      head: 'source',
      of: ({ source }) => source,
      isShown: new Set(standing.map(({ source }) => source)).size > 1,
    },
    { head: 'where', of: ({ location }) => location },
    {
      head: 'name',
      of: ({ label }) => label ?? '',
      isShown: standing.some(({ label }) => label !== undefined),
    },
    { head: 'stream', of: ({ stream }) => stream },
    { head: 'delivered until', of: ({ cursor }) => (cursor ?? '').slice(0, 19) },
    { head: 'back to', of: ({ floor }) => (floor ?? '').slice(0, 10) },
    { head: 'records', of: ({ records }) => recordsText(records), isNumber: true },
    { head: 'lag', of: ({ lagSeconds }) => lagText(lagSeconds), isNumber: true },
    { head: 'last error', of: errorText },
  ]
  const cells = columns
    .filter(({ isShown = true }) => isShown)
    .map((column) => aligned(column, standing))
  const lines = ['', ...standing].map((_, row) => cells.map((column) => column[row]).join('  '))
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** A column's cells with its head before them, all of one width. */
function aligned({ head, of, isNumber }: Column, standing: readonly Standing[]): string[] {
  const cells = [head, ...standing.map(of)]
  const widest = Math.max(...cells.map((cell) => cell.length))
  return cells.map((cell) => (isNumber ? cell.padStart(widest) : cell.padEnd(widest)))
}

function errorText({ lastError, unsound }: Standing): string {
  if (unsound !== undefined) return `the stored state is not sound: ${unsound.join(' ')}`
  return lastError === undefined ? '' : `${lastError.verdict}: ${lastError.message}`
}

function recordsText(records: number | undefined): string {
  return records === undefined ? '' : count(records)
}

/** The vendor's clock times a success and may be ahead of ours; a lag is never less than none. */
function secondsSince(at: string, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(at)) / 1_000))
}

function lagText(seconds: number | null | undefined): string {
  if (seconds === undefined) return ''
  if (seconds === null) return 'never'
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}
