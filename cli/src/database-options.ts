import { CannotStart } from '@regulars/server/cannot-start'
import { type Config, readSettings } from '@regulars/server/config'
import type { Place } from '@regulars/server/open-postgres'
import type { Command } from 'commander'
import { addConfigOptions } from './config-options.ts'

/** What the options below come to. */
export type DatabaseOptions = { data?: string; databaseUrl?: string }

/** Adds the options that say which database a command works on. */
export function addDatabaseOptions(command: Command): void {
  addConfigOptions(command, ['data'])
  command.option('--database-url <url>', 'A Postgres in the place of the folder. (DATABASE_URL)')
}

/**
 * Where the database is: what the options name, else the environment. A folder that was named wins
 * over DATABASE_URL. Throws with every problem.
 */
export function placeFrom(options: DatabaseOptions): Place & Pick<Config, 'secretKey'> {
  const { data, databaseUrl } = options
  const read = readSettings(['data', 'databaseUrl', 'secretKey'], process.env, {
    ...(data === undefined ? {} : { data }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  if (read.kind === 'refused') throw new CannotStart(read.problems.join('\n'))
  const namesFolder = data !== undefined && databaseUrl === undefined
  return namesFolder ? { ...read.config, databaseUrl: null } : read.config
}
