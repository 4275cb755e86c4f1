import { openPostgres } from '@regulars/server/open-postgres'
import type { Command } from 'commander'
import { addConfigOptions, configFrom } from './config-options.ts'

/** `regulars migrate`: brings a database's schema up to what this version needs. */
export function addMigrate(regulars: Command): void {
  const migrate = regulars
    .command('migrate')
    .description('Bring the schema of a database up to what this version needs.')
  addConfigOptions(migrate, ['data'])
  migrate.action(async (options) => {
    const postgres = await openPostgres({
      config: configFrom(options),
      migrates: true,
      shares: true,
      onProgress: (line) => console.error(line),
    })
    await postgres.close()
    console.log('The schema is what this version needs.')
  })
}
