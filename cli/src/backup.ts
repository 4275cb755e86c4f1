import { stat } from 'node:fs/promises'
import { backUp } from '@regulars/server/backup'
import { CannotStart } from '@regulars/server/cannot-start'
import { openStanding } from '@regulars/server/open-postgres'
import type { Command } from 'commander'
import colours from 'picocolors'
import { addDatabaseOptions, type DatabaseOptions, placeFrom } from './database-options.ts'
import { count, size } from './figures.ts'

/** `regulars backup FILE`: everything in the database as of one moment, in one file. */
export function addBackup(regulars: Command): void {
  const backup = regulars
    .command('backup')
    .argument('<file>', 'where to write it; an earlier file stays until the new one is whole')
    .description('Write everything in a database into one file; servers may go on working.')
  addDatabaseOptions(backup)
  backup.action(runBackup)
}

async function runBackup(file: string, options: DatabaseOptions): Promise<void> {
  const postgres = await openStanding(placeFrom(options), {
    needsSchema: false,
    onProgress: (line) => console.error(line),
  })
  try {
    const made = await backUp({
      databaseUrl: postgres.databaseUrl,
      file,
      createdAt: new Date(),
    })
    if (made.kind === 'refused') throw new CannotStart(made.message)
    const { size: bytes } = await stat(file)
    const { guests = 0, ledger_entries: entries = 0 } = made.rowCounts
    process.stdout.write(
      `${colours.green('✓')} ${file}: ${count(guests)} guests, ${count(entries)} entries, ` +
        `schema ${made.schemaVersion}, ${size(bytes)}.\n` +
        '  The secret key is not in it: keep REGULARS_SECRET_KEY, or the file secret-key of the ' +
        'data\n  folder, in another place. Guests’ contact data is: keep it closed.\n',
    )
  } finally {
    await postgres.close()
  }
}
