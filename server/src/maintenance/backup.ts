import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { renameDurably } from '../embedded/data-folder.ts'
import {
  type BackupHeader,
  type BackupSummary,
  backupFormatVersion,
  countLines,
  endOfRows,
  fileErrorCode,
  jsonLine,
  sealed,
} from './backup-file.ts'
import {
  copyTarget,
  findSchemaVersion,
  findSequences,
  findTables,
  settleTextForms,
} from './user-tables.ts'

/** `refused.message` is a sentence for the operator. */
export type BackupResult =
  | ({ readonly kind: 'made' } & BackupSummary)
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Writes everything in the database, as of one moment, into one file. Servers may go on working.
 *
 * An earlier file of that name stays until the new one is whole and on the disk. The file holds
 * guests' contact data and is readable by our account alone. Secrets sealed in it need the same
 * REGULARS_SECRET_KEY, or the key file of the data folder, where it is restored.
 *
 * `createdAt` is UTC. Refused: a file that cannot be written. Throws when Postgres fails us. Either
 * way no half file is left.
 */
export async function backUp(input: {
  databaseUrl: string
  file: string
  createdAt: Date
}): Promise<BackupResult> {
  const { databaseUrl, file, createdAt } = input
  const unfinished = `${file}.${process.pid}.new`
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await settleTextForms(client)
    await client.query('begin isolation level repeatable read, read only')
    const header: BackupHeader = {
      backup: 'regulars',
      formatVersion: backupFormatVersion,
      schemaVersion: await findSchemaVersion(client),
      createdAt: createdAt.toISOString(),
    }
    const rowCounts: Record<string, number> = {}
    await pipeline(
      sealed(backupBytes(client, header, rowCounts)),
      createGzip(),
      createWriteStream(unfinished, { mode: 0o600, flush: true }),
    )
    await renameDurably(unfinished, file)
    const { schemaVersion } = header
    return { kind: 'made', schemaVersion, createdAt: header.createdAt, rowCounts }
  } catch (error) {
    await rm(unfinished, { force: true })
    const code = fileErrorCode(error)
    if (code === null) throw error
    return { kind: 'refused', message: `The file ${file} cannot be written (${code}).` }
  } finally {
    await client.end()
  }
}

/** Sequences come last: read outside the snapshot, they are then ahead of every row in it. */
async function* backupBytes(
  client: pg.Client,
  header: BackupHeader,
  rowCounts: Record<string, number>,
): AsyncGenerator<Buffer> {
  yield jsonLine(header)
  for (const table of await findTables(client)) {
    yield jsonLine({ table: table.name, columns: table.columns })
    let rows = 0
    for await (const chunk of client.query(copyTo(`copy ${copyTarget(table)} to stdout`))) {
      rows += countLines(chunk)
      yield chunk
    }
    rowCounts[table.name] = rows
    yield endOfRows
    yield jsonLine({ rows })
  }
  for (const sequence of await findSequences(client)) yield jsonLine(sequence)
}
