import type { Destination } from '@regulars/connectors/destination'
import type { SyncEvent } from '@regulars/connectors/events'
import { readPunchhConfiguration } from '@regulars/connectors/punchh-configuration'
import { punchhSource } from '@regulars/connectors/punchh-streams'
import {
  planPunchh,
  type SyncPunchhOptions,
  syncPunchh,
  type TriedPunchh,
  tryPunchh,
} from '@regulars/connectors/sync-punchh'
import { CannotStart } from '@regulars/server/cannot-start'
import type { Command } from 'commander'
import { nothingYet, orRefused, printPlan } from './planning.ts'
import { runRounds } from './rounds.ts'
import { startedBy } from './started-by.ts'
import {
  addSyncOptions,
  configurationOf,
  knownStreams,
  named,
  readConfigurationFile,
  type SyncCommandOptions,
} from './sync-options.ts'

/** `regulars sync punchh`. */
export function addSyncPunchh(sync: Command): void {
  const punchh = sync
    .command('punchh')
    .description('Carry Punchh settings, and all of a Regulars server, into DuckDB or Postgres.')
  addSyncOptions(punchh)
  punchh.action(runSyncPunchh)
}

/** `regulars sync check punchh`. */
export function addCheckPunchh(check: Command): void {
  check
    .command('punchh')
    .description('Read a configuration and try every key.')
    .requiredOption('--config <file>', 'The configuration, as JSON.', named)
    .action(checkPunchh)
}

async function runSyncPunchh(options: SyncCommandOptions): Promise<void> {
  const shared = await sharedOptions(options)
  if (options.dryRun === true) {
    const plan = (destination: Destination) => planPunchh({ ...shared, destination })
    return await printPlan(options, 'punchh', plan)
  }
  await runRounds('punchh', options, ({ destination, signal, onEvent }) =>
    syncPunchh({ ...shared, destination, signal, onEvent }),
  )
}

const streamNames = punchhSource(() => undefined).streams.map(({ name }) => name)

type Shared = Omit<SyncPunchhOptions, 'destination'>

async function sharedOptions({
  config,
  streams,
  full,
}: Pick<SyncCommandOptions, 'config' | 'streams' | 'full'>): Promise<Shared> {
  const content = await readConfigurationFile(config)
  const configuration = configurationOf(config, readPunchhConfiguration(content, process.env))
  return {
    configuration,
    streams: knownStreams(streams, streamNames),
    full: full === true,
    startedBy: startedBy(),
    signal: new AbortController().signal,
    onEvent: () => {},
  }
}

async function checkPunchh(options: { config: string }): Promise<void> {
  const shared = await sharedOptions(options)
  const onEvent = (event: SyncEvent) => {
    if (event.event === 'retry') console.error(`${event.said}; trying again`)
  }
  const tried = await orRefused(tryPunchh({ ...shared, onEvent, destination: nothingYet }))
  const taken = tried.letIn.map(({ label, member }) => `  ${label}  ${member}`)
  if (tried.problems.length > 0) throw new CannotStart(problemsText(tried, taken))
  const head = 'The configuration is sound, and Punchh takes every key:'
  process.stdout.write(`${[head, ...taken].join('\n')}\n`)
}

function problemsText({ problems, untried }: TriedPunchh, taken: readonly string[]): string {
  return [
    'The configuration can be read, but not every key could be used:',
    ...problems.map((problem) => `  ${problem}`),
    ...(untried === 0 ? [] : [`${untried} further stores were not tried.`]),
    ...(taken.length === 0 ? [] : ['Punchh takes:', ...taken]),
    'Mend them before you try again: ten refused keys within ten minutes block this address for an hour.',
  ].join('\n')
}
