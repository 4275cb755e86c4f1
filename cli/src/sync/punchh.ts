import { userInfo } from 'node:os'
import type { Destination } from '@regulars/connectors/destination'
import { readPunchhConfiguration } from '@regulars/connectors/punchh-configuration'
import { punchhSource } from '@regulars/connectors/punchh-streams'
import {
  planPunchh,
  type SyncPunchhOptions,
  syncPunchh,
  tryPunchh,
} from '@regulars/connectors/sync-punchh'
import type { Command } from 'commander'
import { nothingYet, orRefused, printPlan } from './planning.ts'
import { runRounds } from './rounds.ts'
import {
  addSyncOptions,
  configurationOf,
  knownStreams,
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
    .description('Read a configuration and try the keys of a store of each business.')
    .requiredOption('--config <file>', 'The configuration, as JSON.')
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
    startedBy: userInfo().username,
    signal: new AbortController().signal,
    onEvent: () => {},
  }
}

async function checkPunchh(options: { config: string }): Promise<void> {
  const shared = await sharedOptions(options)
  const tried = await orRefused(tryPunchh({ ...shared, destination: nothingYet }))
  process.stdout.write(
    [
      'The configuration is sound, and Punchh takes the keys that were tried:',
      ...tried.map(({ label, member }) => `  ${label}  ${member}`),
      '',
    ].join('\n'),
  )
}
