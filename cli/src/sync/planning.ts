import type { Destination } from '@regulars/connectors/destination'
import { ReadingFailed } from '@regulars/connectors/outcome'
import { CannotStart } from '@regulars/server/cannot-start'

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
