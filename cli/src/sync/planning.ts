import type { Destination } from '@regulars/connectors/destination'
import { ReadingFailed } from '@regulars/connectors/outcome'
import type { PlannedStream } from '@regulars/connectors/sync'
import { CannotStart } from '@regulars/server/cannot-start'
import { planText } from './plan-text.ts'
import { isNewFile, openTarget } from './rounds.ts'
import type { SyncCommandOptions } from './sync-options.ts'

/** A destination that holds nothing and takes nothing, for a plan of a first sync. */
export const nothingYet: Destination = {
  described: 'nothing',
  prepare: () => Promise.resolve(),
  write: () => Promise.reject(new Error('a plan writes nothing')),
  states: () => Promise.resolve([]),
  idsWhere: () => Promise.resolve([]),
  recordRun: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

/** What the vendor refused becomes a sentence for the operator. */
export async function orRefused<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ReadingFailed) throw new CannotStart(error.message)
    throw error
  }
}

/** Prints what a sync would read; a first sync is planned without making its file. */
export async function printPlan(
  options: SyncCommandOptions,
  source: string,
  plan: (destination: Destination) => Promise<PlannedStream[]>,
): Promise<void> {
  const destination = isNewFile(options.to) ? nothingYet : await openTarget(options, source)
  try {
    const planned = await orRefused(plan(destination))
    process.stdout.write(options.json === true ? `${JSON.stringify(planned)}\n` : planText(planned))
  } finally {
    await destination.close()
  }
}
