import { pipeline } from 'node:stream/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate, schemaVersions } from '../store/migrate.ts'
import {
  type BackupSummary,
  fileErrorCode,
  NotABackup,
  type SequenceLine,
  type TableLine,
  walkBackup,
} from './backup-file.ts'
import { copyTarget, findTables, settleTextForms } from './user-tables.ts'

/** `refused.message` is a sentence for the operator, and the database is as it was. */
export type RestoreResult =
  | ({ readonly kind: 'restored' } & BackupSummary)
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Fills an empty database from a backup, all or nothing, and brings it to this program's schema.
 *
 * The file is read twice: once to check it whole before anything is touched, once to load it. An
 * older backup is loaded into the schema it was made with and migrated from there. Refused: a file
 * that is no whole backup or of a newer program; a database that holds rows or a newer schema than
 * the file's.
 */
export async function restore(input: {
  databaseUrl: string
  file: string
}): Promise<RestoreResult> {
  const { databaseUrl, file } = input
  try {
    const expected = await checkBackup(file)
    const versions = await schemaVersions(databaseUrl)
    if (expected.schemaVersion > versions.program) {
      return refused(
        `The backup ${file} has schema ${expected.schemaVersion}, newer than this program's ` +
          `${versions.program}; restore it with the Regulars that made it or a later one.`,
      )
    }
    const taken = await withClient(databaseUrl, findRows)
    if (taken !== null) return refused(notEmpty(taken))
    if (versions.database > expected.schemaVersion) {
      return refused(
        `The database to restore into already has schema ${versions.database} and the backup ` +
          `${file} is of ${expected.schemaVersion}; restore into a new data folder or database.`,
      )
    }
    await migrate(databaseUrl, { toVersion: expected.schemaVersion })
    const takenSince = await withClient(databaseUrl, (client) => load(client, { file, expected }))
    if (takenSince !== null) return refused(notEmpty(takenSince))
    await migrate(databaseUrl)
    return { kind: 'restored', ...expected }
  } catch (error) {
    if (error instanceof NotABackup) return refused(`The file ${file} ${error.message}.`)
    const code = fileErrorCode(error)
    if (code !== null) return refused(`The file ${file} cannot be read (${code}).`)
    throw error
  }
}

/** Reads a whole backup file and checks its counts and checksum; throws `NotABackup`. */
export function checkBackup(file: string): Promise<BackupSummary> {
  return walkBackup(file, {
    header: async () => {},
    table: async (_line, rows) => {
      for await (const _block of rows) {
        // Counted and hashed as it goes by.
      }
    },
    sequence: async () => {},
  })
}

function refused(message: string): RestoreResult {
  return { kind: 'refused', message }
}

function notEmpty(table: string): string {
  return (
    `The database to restore into is not empty (${table} has rows); restore into a new data ` +
    'folder or a new database.'
  )
}

/** The first table that has a row; null when none has. */
async function findRows(client: pg.Client): Promise<string | null> {
  for (const { name } of await findTables(client)) {
    const { rowCount } = await client.query(`select from ${pg.escapeIdentifier(name)} limit 1`)
    if (rowCount !== 0) return name
  }
  return null
}

/**
 * Loads in one transaction, with every table locked against other writers. Returns a table that got
 * rows after we looked, in which case nothing is loaded; null when all is.
 */
async function load(
  client: pg.Client,
  { file, expected }: { file: string; expected: BackupSummary },
): Promise<string | null> {
  await settleTextForms(client)
  await client.query('begin')
  try {
    for (const { name } of await findTables(client)) {
      await client.query(`lock table ${pg.escapeIdentifier(name)} in exclusive mode`)
    }
    const taken = await findRows(client)
    if (taken !== null) return taken
    const loaded = await walkBackup(file, {
      header: async () => {},
      table: (line, rows) => loadTable(client, line, rows),
      sequence: (line) => setSequence(client, line),
    })
    if (!isDeepStrictEqual(loaded, expected)) throw new NotABackup('changed while it was read')
    await client.query('commit')
  } finally {
    await client.query('rollback') // undoes nothing after a commit
  }
  await client.query('analyze')
  return null
}

async function loadTable(
  client: pg.Client,
  line: TableLine,
  rows: AsyncIterable<Buffer>,
): Promise<void> {
  const target = copyTarget({ name: line.table, columns: line.columns })
  await pipeline(rows, client.query(copyFrom(`copy ${target} from stdin`)))
}

async function setSequence(client: pg.Client, line: SequenceLine): Promise<void> {
  await client.query('select setval($1::regclass, $2::bigint, $3)', [
    pg.escapeIdentifier(line.sequence),
    line.lastValue,
    line.isCalled,
  ])
}

async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
