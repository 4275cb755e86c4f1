import type { Destination } from '@regulars/connectors/destination'
import { policyProblems, readFields } from '@regulars/connectors/field-policy'
import {
  openToastClient,
  planToast,
  type SyncToastOptions,
  syncToast,
  tryToast,
} from '@regulars/connectors/sync-toast'
import {
  readToastConfiguration,
  type ToastConfiguration,
} from '@regulars/connectors/toast-configuration'
import { toastSource } from '@regulars/connectors/toast-streams'
import type { Instant } from '@regulars/contract/values/instants'
import { CannotStart } from '@regulars/server/cannot-start'
import type { Command } from 'commander'
import { nothingYet, orRefused, printPlan } from './planning.ts'
import { runRounds } from './rounds.ts'
import { startedBy } from './started-by.ts'
import {
  addSyncOptions,
  at,
  configurationOf,
  knownStreams,
  named,
  names,
  readConfigurationFile,
  type SyncCommandOptions,
} from './sync-options.ts'

type ToastOptions = SyncCommandOptions & { restaurants?: ReadonlySet<string>; until?: Instant }

/** `regulars sync toast`. */
export function addSyncToast(sync: Command): void {
  const toast = sync.command('toast').description('Carry Toast into DuckDB or Postgres.')
  addSyncOptions(toast)
  toast
    .option('--restaurants <ids>', 'Only these restaurants, by comma.', names)
    .option('--until <instant>', 'Read nothing later than this, such as 2026-11-20T06:00:00Z.', at)
    .action(runSyncToast)
}

/** `regulars sync check toast`. */
export function addCheckToast(check: Command): void {
  check
    .command('toast')
    .description('Read a configuration, log in, and list the restaurants; writes nothing.')
    .requiredOption('--config <file>', 'The configuration, as JSON.', named)
    .option('--restaurants <ids>', 'For the account of a management group.', names)
    .action(checkToast)
}

async function runSyncToast(options: ToastOptions): Promise<void> {
  const configuration = await toastConfiguration(options.config)
  const shared = sharedOptions(configuration, options)
  if (options.dryRun === true) {
    const plan = (destination: Destination) => planToast({ ...shared, destination })
    return await printPlan(options, 'toast', plan)
  }
  const client = openToastClient(configuration)
  try {
    await runRounds('toast', options, (round) => syncToast({ ...shared, ...round, client }))
  } finally {
    await client.close()
  }
}

async function toastConfiguration(path: string): Promise<ToastConfiguration> {
  const content = await readConfigurationFile(path)
  const read = readToastConfiguration(content, process.env)
  const problems = [...(read.kind === 'refused' ? read.problems : []), ...columnProblems(content)]
  return configurationOf(path, problems.length === 0 ? read : { kind: 'refused', problems })
}

/** Of columns there are not, whatever else is wrong with a configuration. */
function columnProblems(content: unknown): string[] {
  const { fields } = Object(content) as { fields?: unknown }
  const policy = readFields(fields, () => {})
  return policyProblems(policy, toastSource({ historySpacingSeconds: 0 }).tables)
}

/** Throws `CannotStart` for a moment before which nothing is read at all. */
function requireLater(until: Instant | undefined, { initialSyncStart }: ToastConfiguration): void {
  if (until === undefined || until > initialSyncStart) return
  const start = new Date(initialSyncStart).toISOString()
  throw new CannotStart(
    `--until is not later than ${start}, where initialSyncStart lets reading begin; name a later one.`,
  )
}

function sharedOptions(
  configuration: ToastConfiguration,
  {
    streams,
    restaurants,
    until,
    full,
  }: Pick<ToastOptions, 'streams' | 'restaurants' | 'until' | 'full'>,
): Omit<SyncToastOptions, 'destination'> {
  requireLater(until, configuration)
  const known = toastSource(configuration).streams.map(({ name }) => name)
  return {
    configuration,
    streams: knownStreams(streams, known),
    restaurants: restaurants ?? null,
    until: until ?? null,
    full: full === true,
    pastUntil: null,
    startedBy: startedBy(),
    signal: new AbortController().signal,
    onEvent: () => {},
  }
}

async function checkToast({ config, restaurants }: ToastOptions): Promise<void> {
  const configuration = await toastConfiguration(config)
  const shared = sharedOptions(configuration, restaurants === undefined ? {} : { restaurants })
  const locations = await orRefused(tryToast({ ...shared, destination: nothingYet }))
  process.stdout.write(
    [
      `The configuration is sound and Toast takes the credentials; ${locations.length} restaurants:`,
      ...locations.map(({ id, label, timeZone, closeoutHour }) => {
        return `  ${id}  ${label}  ${timeZone}, closes out at ${closeoutHour}:00`
      }),
      '',
    ].join('\n'),
  )
}
