import { type FileHandle, open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnType, Value } from '../table.ts'
import type { Connection, Staging } from './connection.ts'
import { filling, quoted, sameKey } from './sql.ts'
import type { StoredTable } from './stored-table.ts'
import { freeText, valueText } from './value-text.ts'

const types: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  money: 'DECIMAL(18,4)',
  number: 'DECIMAL(28,12)',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  date: 'DATE',
  json: 'JSON',
}

/**
 * DuckDB behind the sentences of sql.ts. Rows are staged as a file of JSON lines, `stageFile`, which
 * is overwritten each time.
 */
export function duckdbConnection(
  duckdb: DuckDBConnection,
  { schema, stageFile }: { schema: string; stageFile: string },
): Connection {
  const on: Connection = {
    types,
    keepsKeys: false,
    name: (table) => `${quoted(schema)}.${quoted(table.name)}`,
    run: async (sentence, values) => {
      const result = await duckdb.run(sentence, values === undefined ? undefined : [...values])
      return result.rowsChanged
    },
    read: async (sentence, values) => {
      const bound = values === undefined ? undefined : [...values]
      return (await duckdb.runAndReadAll(sentence, bound)).getRowObjectsJS()
    },
    stage: (staging) => stage(on, staging, stageFile),
    merge: (table, staged, writtenAt) => merge(on, table, staged, writtenAt),
  }
  return on
}

async function stage(on: Connection, staging: Staging, stageFile: string): Promise<string> {
  const name = `regulars_staged_${staging.use}`
  const longestLineBytes = await writeLines(stageFile, staging)
  const casts = staging.columns.map(
    (column, index) => `${castFromText(column.type, member(index))} as ${quoted(column.name)}`,
  )
  const members = staging.columns.map((_, index) => `${member(index)}: 'VARCHAR'`)
  await on.run(`
    create or replace temp table ${name} as
    select ${casts.join(', ')}
      from read_json(${textLiteral(stageFile)}, format = 'newline_delimited', records = true,
                     compression = 'uncompressed', columns = {${members.join(', ')}},
                     maximum_object_size = ${Math.max(objectBytesMin, longestLineBytes * 2)})`)
  return name
}

/** Short names for what every line repeats. */
function member(index: number): string {
  return `c${index}`
}

/** Its buffers, one a thread, are twice this, and lines are short: the default would be 32 MB each. */
const objectBytesMin = 1024 * 1024

/** Files are written in pieces of about this size. */
const pieceCharacters = 1024 * 1024

/** Every value as text: the casts above are exact and, measured, faster than those of `read_json`. */
async function writeLines(path: string, staging: Staging): Promise<number> {
  const file = await open(path, 'w')
  try {
    return await writePieces(file, jsonLines(staging))
  } finally {
    await file.close()
  }
}

function* jsonLines(staging: Staging): Iterable<string> {
  for (const row of staging.rows) yield jsonLine(staging, row)
}

function jsonLine({ table, columns }: Staging, row: readonly Value[]): string {
  let line = ''
  for (const [index, column] of columns.entries()) {
    const text = valueText(table, column, row[index])
    if (text === null) continue
    const json = freeText.has(column.type) ? JSON.stringify(text) : `"${text}"`
    line += `${line === '' ? '{' : ','}"${member(index)}":${json}`
  }
  return `${line === '' ? '{' : line}}\n`
}

async function writePieces(file: FileHandle, lines: Iterable<string>): Promise<number> {
  let piece = ''
  let longest = 0
  for (const line of lines) {
    if (line.length > longest) longest = line.length
    piece += line
    if (piece.length < pieceCharacters) continue
    await file.write(piece)
    piece = ''
  }
  await file.write(piece)
  return longest * utf8BytesPerCharacterMax
}

const utf8BytesPerCharacterMax = 3

function castFromText(type: ColumnType, text: string): string {
  if (type === 'text') return text
  // Reading 28 digits from text takes 7 µs a value, reading 18 takes 0.06 (DuckDB 1.5.6): the wide
  // way is for numbers of more than six digits before the point.
  if (type === 'number') {
    return `coalesce(try_cast(${text} as decimal(18,12))::decimal(28,12), ${text}::decimal(28,12))`
  }
  return `cast(${text} as ${types[type]})`
}

/**
 * Deletes what is replaced and appends. An update in place would make DuckDB write the whole of
 * every row group again that a row of it changed; rows are found by one scan of the key columns,
 * since an index would have to live in memory.
 */
async function merge(
  on: Connection,
  table: StoredTable,
  staged: string,
  writtenAt: string,
): Promise<number> {
  const target = on.name(table)
  const joined = `${target} as stored
      join ${staged} as incoming on ${sameKey(table.key, { left: 'stored', right: 'incoming' })}`
  const { columns, values } = filling(table, 'incoming', writtenAt)
  const insert = `insert into ${target} (${columns}) select ${values} from ${staged} as incoming`
  // Mostly there are none, and a statement costs as much as some hundred rows.
  const hits = await on.read(`select 1 from ${joined} limit 1`)
  if (hits.length === 0) return on.run(insert)
  await on.run(`
    create or replace temp table regulars_hits as
    select stored.rowid as stored_at, incoming.rowid as staged_at,
           coalesce(stored._version > incoming._version, false) as is_newer
      from ${joined}`)
  await on.run(`delete from ${target}
                 where rowid in (select stored_at from regulars_hits where not is_newer)`)
  return on.run(`${insert}
                 where incoming.rowid not in
                       (select staged_at from regulars_hits where is_newer)`)
}

function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
