import { type FileHandle, open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnType, Value } from '../table.ts'
import type { Connection, Merged, Reading, Staging } from './connection.ts'
import { filling, quoted, sameKey } from './sql.ts'
import type { Column, StoredTable } from './stored-table.ts'
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
 * DuckDB behind the sentences of sql.ts, its tables in `place`. Rows come to it as a file of lines of
 * values, `stageFile`, which is overwritten each time.
 */
export function duckdbConnection(
  duckdb: DuckDBConnection,
  { place, stageFile }: { place: string; stageFile: string },
): Connection {
  const on: Connection = {
    ...duckdbReading(duckdb, place),
    types,
    keepsKeys: false,
    run: async (sentence, values) => {
      const result = await duckdb.run(sentence, values === undefined ? undefined : [...values])
      return result.rowsChanged
    },
    stage: (staging) => stage(on, staging, stageFile),
    merge: (table, rows, writtenAt) => merge(on, { table, rows, writtenAt }, stageFile),
  }
  return on
}

/**
 * A schema's name for sentences, with the database's before it: a schema may be called as its file.
 */
export async function placeOf(duckdb: DuckDBConnection, schema: string): Promise<string> {
  const found = await duckdb.runAndReadAll('select current_database() as name')
  const [database] = found.getRowObjectsJS()
  return `${quoted(String(database?.name))}.${quoted(schema)}`
}

/** The part of it that changes nothing. */
export function duckdbReading(duckdb: DuckDBConnection, place: string): Reading {
  return {
    name: (table) => `${place}.${quoted(table.name)}`,
    read: async (sentence, values) => {
      const bound = values === undefined ? undefined : [...values]
      return (await duckdb.runAndReadAll(sentence, bound)).getRowObjectsJS()
    },
  }
}

async function stage(on: Connection, staging: Staging, stageFile: string): Promise<string> {
  const name = `regulars_staged_${staging.use}`
  const longestLineBytes = await writeLines(stageFile, staging)
  const lines = linesAsRows(staging.columns, stageFile, longestLineBytes)
  await on.run(`create or replace temp table ${name} as ${lines}`)
  return name
}

/** The lines of a file as rows of these columns. */
function linesAsRows(columns: readonly Column[], file: string, longestLineBytes: number): string {
  const casts = columns.map(
    (column, index) => `${castFromText(column.type, member(index))} as ${quoted(column.name)}`,
  )
  const members = columns.map((_, index) => `${member(index)}: 'VARCHAR'`)
  const lineBytesMax = Math.max(lineBytesMin, longestLineBytes)
  return `
    select ${casts.join(', ')}
      from read_csv(${textLiteral(file)}, auto_detect = false, header = false, delim = ',',
                    quote = '"', escape = '"', new_line = '\\n', nullstr = '${absent}',
                    allow_quoted_nulls = false, compression = 'none', parallel = false,
                    columns = {${members.join(', ')}}, max_line_size = ${lineBytesMax},
                    buffer_size = ${lineBytesMax * linesPerBuffer})`
}

/** No text stands without quotes, so that this is none. */
const absent = 'N'

type Lines = Pick<Staging, 'table' | 'columns' | 'rows'>

/** Names that no column's own can be taken for. */
function member(index: number): string {
  return `c${index}`
}

/** The default takes 32 MB for a buffer, whatever is read. */
const lineBytesMin = 128 * 1024
const linesPerBuffer = 8

/** Files are written in pieces of about this size. */
const pieceCharacters = 1024 * 1024

/** Every value as text: the casts above are exact. The longest line's bytes, or more than that. */
async function writeLines(path: string, staging: Lines): Promise<number> {
  const file = await open(path, 'w')
  try {
    return await writePieces(file, lines(staging))
  } finally {
    await file.close()
  }
}

function* lines({ table, columns, rows }: Lines): Iterable<string> {
  for (const row of rows) {
    const fields = columns.map((column, index) => {
      const text = valueText(table, column, row[index])
      if (text === null) return absent
      return freeText.has(column.type) ? `"${text.replaceAll('"', '""')}"` : text
    })
    yield `${fields.join(',')}\n`
  }
}

// Not by `write`, which on a full disk writes less than it is given and does not say so.
async function writePieces(file: FileHandle, lines: Iterable<string>): Promise<number> {
  let piece = ''
  let longest = 0
  for (const line of lines) {
    if (line.length > longest) longest = line.length
    piece += line
    if (piece.length < pieceCharacters) continue
    await file.appendFile(piece)
    piece = ''
  }
  await file.appendFile(piece)
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

/** Where a row stands among those of its merge. */
const place: Column = { name: '_place', type: 'integer' }

/**
 * Deletes what is replaced and appends. An update in place would make DuckDB write the whole of
 * every row group again that a row of it changed; rows are found by one scan of the key columns,
 * since an index would have to live in memory.
 *
 * Rows go from the file into the table: staged whole they would be held twice until the commit, in
 * blocks of 256 KB a column. What is staged is what they are found by.
 */
async function merge(
  on: Connection,
  {
    table,
    rows,
    writtenAt,
  }: { table: StoredTable; rows: Iterable<readonly Value[]>; writtenAt: string },
  stageFile: string,
): Promise<Merged> {
  const held = 'regulars_staged_merge'
  const columns = [place, ...table.staged]
  const longest = await writeLines(stageFile, { table: table.name, columns, rows: placed(rows) })
  const incoming = `(${linesAsRows(columns, stageFile, longest)}) as incoming`
  const found = ['_place', ...table.key.map(({ name }) => name), '_root_id', '_version']
  await on.run(`create or replace temp table ${held} as
                select ${found.map(quoted).join(', ')} from ${incoming}`)
  const filled = filling(table, 'incoming', writtenAt)
  const insert = `insert into ${on.name(table)} (${filled.columns})
                  select ${filled.values} from ${incoming}`
  const joined = `${on.name(table)} as stored
      join ${held} as held on ${sameKey(table.key, { left: 'stored', right: 'held' })}`
  // Mostly there are none, and a statement costs as much as some hundred rows.
  const hits = await on.read(`select 1 from ${joined} limit 1`)
  if (hits.length === 0) return { rows: await on.run(insert), held }
  await on.run(`
    create or replace temp table regulars_hits as
    select stored.rowid as stored_at, held._place,
           coalesce(stored._version > held._version, false) as is_newer
      from ${joined}`)
  await on.run(`delete from ${on.name(table)}
                 where rowid in (select stored_at from regulars_hits where not is_newer)`)
  const written = await on.run(`
    ${insert} where incoming._place not in (select _place from regulars_hits where is_newer)`)
  return { rows: written, held }
}

function* placed(rows: Iterable<readonly Value[]>): Iterable<readonly Value[]> {
  let at = 0
  for (const row of rows) yield [at++, ...row]
}

function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
