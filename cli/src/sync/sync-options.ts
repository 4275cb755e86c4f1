import { readFile } from 'node:fs/promises'
import { type Instant, parseLocalInstant } from '@regulars/contract/values/instants'
import { CannotStart } from '@regulars/server/cannot-start'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { readJson } from './read-json.ts'

/** What every `regulars sync <vendor>` takes. */
export type SyncCommandOptions = {
  config: string
  to: string
  schema?: string
  streams?: ReadonlySet<string>
  full?: true
  every?: number
  json?: true
  dryRun?: true
  logLevel: 'fine' | 'info' | 'warning' | 'severe'
  metrics?: string
}

/** Adds the options that say what is read and where it goes. */
export function addSyncOptions(command: Command): void {
  command
    .requiredOption('--config <file>', 'The configuration, as JSON.', named)
    .requiredOption('--to <target>', 'A DuckDB file, or the URL of a Postgres.', named)
    .option('--schema <name>', 'The schema to write to.', named)
    .option('--streams <names>', 'Only these streams, by comma.', names)
    .option('--full', 'Read whole lists again, however fresh they are.')
    .option('--every <span>', 'Keep running, one round every 15m, 1h, and so on.', span)
    .option('--json', 'Print what happens as lines of JSON.')
    .option('--dry-run', 'Print what would be read, and read nothing but the list of locations.')
    .option('--metrics <file>', 'Keep a file of figures for Prometheus.', named)
    .addOption(
      new Option('--log-level <level>', 'What is told.')
        .choices(['fine', 'info', 'warning', 'severe'])
        .default('info'),
    )
}

/** Parses what must be named. */
export function named(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.')
  return text
}

export function names(text: string): ReadonlySet<string> {
  const listed = text.split(',').map((name) => name.trim())
  if (listed.includes('')) throw new InvalidArgumentError('It must be names with commas between.')
  return new Set(listed)
}

/** Parses `--until`. */
export function at(text: string): Instant {
  const read = parseLocalInstant(text)
  if (read !== null) return read.at
  throw new InvalidArgumentError('It must be an instant such as 2026-11-20T06:00:00Z.')
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function span(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([smh])$/.exec(text) ?? []
  const ms = Number(count) * (unitsMs[unit] ?? 0)
  if (ms < 1_000) throw new InvalidArgumentError('It must be a span such as 30s, 15m or 1h.')
  return ms
}

/** Reads a configuration file; throws `CannotStart` with a sentence when it is no JSON. */
export async function readConfigurationFile(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CannotStart(
      code === 'ENOENT'
        ? `There is no file ${path}; name the configuration with --config.`
        : `${path} cannot be read (${code}); mend its permissions, or name another with --config.`,
    )
  }
  const read = readJson(text)
  if (read.kind === 'read') return read.content
  const { line, column } = read
  throw new CannotStart(
    `${path} is no JSON at line ${line}, column ${column}; mend it, or name another with --config.`,
  )
}

/** Throws `CannotStart` with every problem of a configuration. */
export function configurationOf<Configuration>(
  path: string,
  read:
    | { kind: 'read'; configuration: Configuration }
    | { kind: 'refused'; problems: readonly string[] },
): Configuration {
  if (read.kind === 'read') return read.configuration
  throw new CannotStart(
    [`${path} is not sound:`, ...read.problems.map((one) => `  ${one}`)].join('\n'),
  )
}

/** Throws `CannotStart` for a name that is no stream. */
export function knownStreams(
  asked: ReadonlySet<string> | undefined,
  known: readonly string[],
): ReadonlySet<string> | null {
  if (asked === undefined) return null
  const unknown = [...asked].filter((name) => !known.includes(name))
  if (unknown.length === 0) return asked
  throw new CannotStart(
    `There is no stream ${unknown.join(', ')}; the streams are ${known.join(', ')}.`,
  )
}
