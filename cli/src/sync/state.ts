import type { StreamState } from '@regulars/connectors/destination'
import { positionProblems } from '@regulars/connectors/position-check'
import type { Reading } from '@regulars/connectors/source'
import { CannotStart } from '@regulars/server/cannot-start'
import type { Command } from 'commander'
import { readJson } from './read-json.ts'
import { type SourceName, sourceOption, sources } from './sources.ts'
import { named } from './sync-options.ts'
import { openWritten, statesOf } from './target.ts'

type StateOptions = {
  to: string
  schema?: string
  source: SourceName
  location: string
  stream: string
}

/** `regulars sync state get|set`: for whoever has to repair by hand. */
export function addState(sync: Command): void {
  const state = sync.command('state').description('Read or write where one stream stands.')
  const both = (name: string, description: string) =>
    state
      .command(name)
      .description(description)
      .requiredOption('--to <target>', 'A DuckDB file, or the URL of a Postgres.', named)
      .option('--schema <name>', 'The schema that was written to.', named)
      .addOption(sourceOption('Whose stream.').default('toast'))
      .requiredOption('--location <id>', 'The restaurant or the business.')
      .requiredOption('--stream <name>', 'The stream.')
  both('get', 'Print it as JSON.').action(getState)
  both('set', 'Replace it; {} begins anew.').argument('<json>', 'A JSON object.').action(setState)
}

async function getState(options: StateOptions): Promise<void> {
  const ofLocation = statesAt(await statesOf(options, options.source), options.location)
  const found = ofLocation.find(({ stream }) => stream === options.stream)
  if (found === undefined) {
    throw new CannotStart(
      `Nothing is stored of ${options.stream} of ${options.location}; ` +
        `there is ${shortList(ofLocation.map(({ stream }) => stream))}.`,
    )
  }
  process.stdout.write(`${found.state}\n`)
}

async function setState(json: string, options: StateOptions): Promise<void> {
  const { source, location, stream } = options
  const parsed = parsedObject(json)
  const ofLocation = statesAt(await statesOf(options, source), location)
  const problems = positionProblems(parsed, readingOf(options, ofLocation))
  if (problems.length > 0) {
    throw new CannotStart(['The state is not sound:', ...problems].join('\n  '))
  }
  const destination = await openWritten(options, source)
  try {
    const state = JSON.stringify({ rows: 0, ...parsed })
    await destination.write({
      units: [],
      removals: [],
      quarantined: [],
      states: [{ location, stream, state }],
    })
  } finally {
    await destination.close()
  }
}

/** Throws `CannotStart` for a location of which nothing is stored. */
function statesAt(states: readonly StreamState[], location: string): readonly StreamState[] {
  const found = states.filter((one) => one.location === location)
  if (found.length > 0) return found
  const locations = new Set(states.map((one) => one.location).filter((id) => id !== ''))
  throw new CannotStart(
    `Nothing is stored of a location ${location}; there is ${shortList([...locations])}.`,
  )
}

/**
 * How a stream is read; null for one that is not read over time, such as the list of restaurants.
 * Throws `CannotStart` for a stream that there is not, and for what the run keeps for itself.
 */
function readingOf(
  { source, stream }: StateOptions,
  ofLocation: readonly StreamState[],
): Reading['kind'] | null {
  const { streams } = sources[source]
  const known = streams.find(({ name }) => name === stream)
  if (known !== undefined) return known.reading.kind
  const isKept = ofLocation.some((one) => one.stream === stream) && !stream.startsWith('_')
  if (isKept) return null
  throw new CannotStart(
    `There is no stream ${stream} of ${source}; there is ${shortList(streams.map(({ name }) => name))}.`,
  )
}

const shownMax = 10

function shortList(names: readonly string[]): string {
  const left = names.length - shownMax
  return `${names.slice(0, shownMax).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

function parsedObject(json: string): object {
  const read = readJson(json)
  const content = read.kind === 'read' ? read.content : null
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content
  throw new CannotStart(
    'The state must be a JSON object, such as {"cursor":"2026-11-01T00:00:00.000Z"}.',
  )
}
