import { instant } from '@regulars/contract/values/instants'
import type { Logger } from 'pino'
import {
  type AppliedProgram,
  applyProgram,
  type ProgramPlan,
  planProgram,
} from './actions/apply-program.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { openPostgres } from './open-postgres.ts'
import { readPrograms } from './read-programs.ts'
import { requireKey } from './secret-key.ts'
import { openCounter } from './server.ts'
import { findClockOffset } from './store/counter.ts'

export type { AppliedProgram, PlannedEntry, ProgramPlan } from './actions/apply-program.ts'

/**
 * Applies one program file, or says what applying it would do, on the configured database: on that
 * of a running server when it has the folder open. Throws `CannotStart` or `CannotOpen`.
 */
export async function applyFile(options: {
  config: Config
  path: string
  isDryRun: boolean
  log: Logger
  onProgress(line: string): void
}): Promise<ProgramPlan | AppliedProgram> {
  const { config, path, isDryRun, log, onProgress } = options
  const [program] = await readPrograms([path])
  if (program === undefined) throw new CannotStart(`${path} holds no program.`)
  const postgres = await openPostgres({ config, migrates: !isDryRun, shares: true, onProgress })
  let aheadMs = 0
  try {
    const counter = openCounter({
      databaseUrl: postgres.databaseUrl,
      secretKey: postgres.secretKey,
      now: () => instant(Date.now() + aheadMs),
      log,
      connectionsMax: 2,
      namedStatements: config.preparedStatements,
    })
    try {
      await requireKey(counter.deps)
      // What guests of the file earned is dated by the clock that their counter goes by.
      aheadMs = await findClockOffset(counter.deps.db)
      const result = await (isDryRun ? planProgram : applyProgram)(counter.deps, program)
      if (result.kind === 'not_applicable') throw new CannotStart(result.sentence)
      return result
    } finally {
      await counter.close()
    }
  } finally {
    await postgres.close()
  }
}
