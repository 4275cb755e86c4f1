import { CannotStart } from '@regulars/server/cannot-start'
import type { Command } from 'commander'
import { named } from './sync-options.ts'
import { openWritten, statesOf } from './target.ts'

type StateOptions = {
  to: string
  schema?: string
  source: string
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
      .option('--source <name>', 'toast or punchh.', 'toast')
      .requiredOption('--location <id>', 'The restaurant or the business.')
      .requiredOption('--stream <name>', 'The stream.')
  both('get', 'Print it as JSON.').action(getState)
  both('set', 'Replace it; {} begins anew.').argument('<json>', 'A JSON object.').action(setState)
}

async function getState(options: StateOptions): Promise<void> {
  const states = await statesOf(options, options.source)
  const found = states.find(
    ({ location, stream }) => location === options.location && stream === options.stream,
  )
  if (found === undefined) {
    throw new CannotStart(`Nothing is stored of ${options.stream} of ${options.location}.`)
  }
  process.stdout.write(`${found.state}\n`)
}

async function setState(json: string, options: StateOptions): Promise<void> {
  const parsed = parsedObject(json)
  const destination = await openWritten(options, options.source)
  try {
    const { location, stream } = options
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

function parsedObject(json: string): object {
  try {
    const parsed: unknown = JSON.parse(json)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch {
    // Said below, with everything else that is no object.
  }
  throw new CannotStart(
    'The state must be a JSON object, such as {"cursor":"2026-11-01T00:00:00.000Z"}.',
  )
}
