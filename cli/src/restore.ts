import { CannotStart } from '@regulars/server/cannot-start'
import { openToFill, type StandingPostgres } from '@regulars/server/open-postgres'
import { restore } from '@regulars/server/restore'
import { type KeyStanding, tryKey } from '@regulars/server/secret-key'
import type { Command } from 'commander'
import colours from 'picocolors'
import { addDatabaseOptions, type DatabaseOptions, placeFrom } from './database-options.ts'
import { count } from './figures.ts'
import { verifiedText, verifyWithProgress } from './verify.ts'

/** `regulars restore FILE`: a backup into a new data folder or an empty database, verified. */
export function addRestore(regulars: Command): void {
  const command = regulars
    .command('restore')
    .argument('<file>', 'what regulars backup wrote')
    .description('Fill a new data folder, or an empty database, from a backup and verify it.')
  addDatabaseOptions(command)
  command.action(runRestore)
}

async function runRestore(file: string, options: DatabaseOptions): Promise<void> {
  const place = placeFrom(options)
  const postgres = await openToFill(place, { onProgress: (line) => console.error(line) })
  try {
    const { databaseUrl, described, keyFolder } = postgres
    const restored = await restore({ databaseUrl, file })
    if (restored.kind === 'refused') throw new CannotStart(restored.message)
    const { guests = 0 } = restored.rowCounts
    process.stdout.write(
      `${colours.green('✓')} Restored the backup of ${restored.createdAt} into ${described}: ` +
        `${count(guests)} guests.\n`,
    )
    const checked = await verifyWithProgress(databaseUrl)
    process.stdout.write(verifiedText(checked))
    if (checked.differences.length > 0) process.exitCode = 1
    const key = await tryKey(databaseUrl, { given: place.secretKey, keyFolder })
    process.stdout.write(keyTexts[key](postgres))
  } finally {
    await postgres.close()
  }
}

const wayOut = (keyFolder: string) =>
  `  Before it is started: set the REGULARS_SECRET_KEY that the backup's server had, or copy the\n` +
  `  file secret-key of its data folder into ${keyFolder}.\n`

const keyTexts: Record<KeyStanding, (postgres: StandingPostgres) => string> = {
  none_needed: () => '',
  fits: () => `${colours.green('✓')} The secret key opens its secrets.\n`,
  missing: ({ keyFolder }) =>
    `${colours.yellow('!')} A backup holds no secret key, and none is here.\n${wayOut(keyFolder)}`,
  another: ({ keyFolder }) =>
    `${colours.yellow('!')} The secret key here is not the one its secrets need.\n${wayOut(keyFolder)}`,
}
