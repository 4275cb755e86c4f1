import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { ColumnType, Value } from '../table.ts'
import type { Connection, Staging } from './connection.ts'
import { filling, list, quoted } from './sql.ts'
import type { StoredTable } from './stored-table.ts'
import { freeText, valueText } from './value-text.ts'

// As format_type() spells them.
const types: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'bigint',
  money: 'numeric(18,4)',
  number: 'numeric(28,12)',
  double: 'double precision',
  timestamp: 'timestamp with time zone',
  date: 'date',
  json: 'jsonb',
}

/** Postgres behind the sentences of sql.ts. Rows are staged by COPY. */
export function postgresConnection(client: pg.Client, { schema }: { schema: string }): Connection {
  const stagingNames = new Map<string, string>()
  const growth = new Map<string, Growth>()
  const on: Connection = {
    types,
    keepsKeys: true,
    name: (table) => `${quoted(schema)}.${quoted(table.name)}`,
    run: async (sentence, values = []) => {
      const result = await client.query(sentence, [...values])
      return result.rowCount ?? 0
    },
    read: async (sentence, values = []) => {
      const result = await client.query<Record<string, unknown>>(sentence, [...values])
      return result.rows
    },
    stage: async (staging) => {
      const name = await emptyStaging(client, stagingNames, staging)
      const copy = client.query(copyFrom(`copy ${name} (${list(staging.columns)}) from stdin`))
      await pipeline(Readable.from(pieces(staging)), copy)
      return name
    },
    merge: async (table, given, writtenAt) => {
      const staging = {
        use: 'merge',
        table: table.name,
        columns: table.staged,
        rows: given,
      } as const
      const held = await on.stage(staging)
      const rows = await merge(on, table, held, writtenAt)
      await analyzeGrown(on, { table, rows, growth })
      return { rows, held }
    },
  }
  return on
}

/**
 * A temporary table for this use and these columns, with nothing in it. It is made once a session:
 * making it for every batch would fill the catalogue with dead rows.
 */
async function emptyStaging(
  client: pg.Client,
  names: Map<string, string>,
  { use, columns }: Staging,
): Promise<string> {
  const lines = columns.map(({ name, type }) => `${quoted(name)} ${types[type]}`).join(', ')
  const name = names.get(use + lines) ?? `pg_temp.regulars_staged_${names.size + 1}`
  names.set(use + lines, name)
  await client.query(
    `create temp table if not exists ${name} (${lines}) on commit delete rows; delete from ${name}`,
  )
  return name
}

/** Text is sent in pieces of about this size. */
const pieceCharacters = 64 * 1024

function* pieces(staging: Staging): Iterable<Buffer> {
  let piece = ''
  for (const row of staging.rows) {
    piece += copyLine(staging, row)
    if (piece.length < pieceCharacters) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}

function copyLine(staging: Staging, row: readonly Value[]): string {
  let line = ''
  for (const [index, column] of staging.columns.entries()) {
    const text = valueText(staging.table, column, row[index])
    if (index > 0) line += '\t'
    if (text === null) line += '\\N'
    else line += freeText.has(column.type) ? escaped(text) : text
  }
  return `${line}\n`
}

const special = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

function escaped(text: string): string {
  if (!special.test(text)) return text
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
}

function merge(
  on: Connection,
  table: StoredTable,
  staged: string,
  writtenAt: string,
): Promise<number> {
  const { columns, values } = filling(table, 'incoming', writtenAt)
  const keyNames = new Set(table.key.map(({ name }) => name))
  const assignments = table.columns
    .filter(({ name }) => !keyNames.has(name))
    .map(({ name }) => `${quoted(name)} = excluded.${quoted(name)}`)
  return on.run(`
    insert into ${on.name(table)} as stored (${columns})
    select ${values} from ${staged} as incoming
        on conflict (${list(table.key)}) do update set ${assignments.join(', ')}
     where stored._version is null or stored._version <= excluded._version`)
}

/** How many rows this session wrote into a table, and at how many it is looked at next. */
type Growth = { rows: number; analyzeAt: number }

const analyzeRowsMin = 5_000

/**
 * Lets Postgres look at a table when what was written doubles. Of a table it has not looked at since
 * a backfill began it expects few roots with many parts each, and reads all of it for every batch.
 */
async function analyzeGrown(
  on: Connection,
  { table, rows, growth }: { table: StoredTable; rows: number; growth: Map<string, Growth> },
): Promise<void> {
  const grown = growth.get(table.name) ?? { rows: 0, analyzeAt: analyzeRowsMin }
  growth.set(table.name, grown)
  grown.rows += rows
  if (grown.rows < grown.analyzeAt) return
  await on.run(`analyze ${on.name(table)}`)
  grown.analyzeAt = grown.rows * 2
}
