import type { Destination } from '@regulars/connectors/destination'
import { ReadingFailed } from '@regulars/connectors/outcome'
import type { PlannedStream } from '@regulars/connectors/sync'
import { CannotStart } from '@regulars/server/cannot-start'
import { planText } from './plan-text.ts'
import type { SyncCommandOptions } from './sync-options.ts'
import { statesIfAny } from './target.ts'

/** A destination that holds nothing and takes nothing. */
export const nothingYet: Destination = {
  described: 'nothing',
  prepare: () => Promise.resolve(),
  write: () => Promise.reject(new Error('a plan writes nothing')),
  states: () => Promise.resolve([]),
  idsWhere: () => Promise.resolve([]),
  locationsIn: () => Promise.resolve([]),
  quarantinedOpen: () => Promise.resolve(0),
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

/** Prints what a sync would read; the destination is left as it is, also where it is not there yet. */
export async function printPlan(
  options: SyncCommandOptions,
  source: string,
  plan: (destination: Destination) => Promise<PlannedStream[]>,
): Promise<void> {
  const states = await statesIfAny(options, source)
  const planned = await orRefused(plan({ ...nothingYet, states: () => Promise.resolve(states) }))
  process.stdout.write(options.json === true ? `${JSON.stringify(planned)}\n` : planText(planned))
}
