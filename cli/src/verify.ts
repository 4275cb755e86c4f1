import { openStanding } from '@regulars/server/open-postgres'
import { differencesMax, type Verified, verifyDatabase } from '@regulars/server/verify'
import type { Command } from 'commander'
import colours from 'picocolors'
import { addDatabaseOptions, type DatabaseOptions, placeFrom } from './database-options.ts'
import { count } from './figures.ts'
import { showProgress } from './progress.ts'

/** `regulars verify`: exits with 0 when everything agrees, 1 when something differs, 2 when it cannot tell. */
export function addVerify(regulars: Command): void {
  const verify = regulars
    .command('verify')
    .description('Hold all that a database keeps to the entries of its ledger; changes nothing.')
  addDatabaseOptions(verify)
  verify.option('--json', 'Print one line of JSON.').action(runVerify)
}

async function runVerify(options: DatabaseOptions & { json?: true }): Promise<void> {
  const postgres = await openStanding(placeFrom(options), {
    needsSchema: true,
    onProgress: (line) => console.error(line),
  })
  try {
    const checked = await verifyWithProgress(postgres.databaseUrl)
    process.stdout.write(
      options.json === true ? `${JSON.stringify(checked)}\n` : verifiedText(checked),
    )
    if (checked.differences.length > 0) process.exitCode = 1
  } finally {
    await postgres.close()
  }
}

/** A verification and how long it took. */
export type TimedVerified = Verified & { seconds: number }

/** Verifies a database, and shows a person how far it is. */
export async function verifyWithProgress(databaseUrl: string): Promise<TimedVerified> {
  const startedAt = performance.now()
  const progress = showProgress()
  try {
    const verified = await verifyDatabase(databaseUrl, ({ guests, guestsTotal }) =>
      progress.show(`verifying: ${count(guests)} of ${count(guestsTotal)} guests`),
    )
    return { ...verified, seconds: (performance.now() - startedAt) / 1_000 }
  } finally {
    progress.clear()
  }
}

/** What a person reads of a verification. */
export function verifiedText({ guests, entries, differences, seconds }: TimedVerified): string {
  const rate = Math.round(guests / Math.max(seconds, 0.001))
  const checked =
    `${count(guests)} guests, ${count(entries)} entries, ` +
    `${seconds.toFixed(1)} s (${count(rate)} guests/s)`
  if (differences.length === 0) {
    return `${colours.green('✓')} Everything agrees with the ledger: ${checked}.\n`
  }
  const lines = differences.map(
    ({ businessId, guestId, what, expected, found }) =>
      `  ${whose(businessId, guestId)}  ${what}: ` +
      `expected ${colours.green(expected)}, found ${colours.red(found)}`,
  )
  const isCut = differences.length === differencesMax
  return [
    ...lines,
    '',
    `${colours.red('✗')} ${isCut ? 'The first ' : ''}${count(differences.length)} ` +
      `${differences.length === 1 ? 'difference' : 'differences'}: ${checked}.`,
    '',
  ].join('\n')
}

function whose(businessId: number, guestId: number | null): string {
  return guestId === null ? `business ${businessId}` : `guest ${guestId}`
}
