import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { backUp } from '../../src/maintenance/backup.ts'
import { checkBackup, restore } from '../../src/maintenance/restore.ts'
import { type FreshDatabase, freshDatabase } from '../fresh-database.ts'

const createdAt = new Date('2026-11-20T12:00:00Z')

let scratch = ''
let source: FreshDatabase
let sound = ''

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'backup-test-'))
  source = await freshDatabase()
  await run(source.url, business)
  sound = join(scratch, 'sound')
  await makeBackup(source.url, sound)
})
afterAll(async () => {
  await source.drop()
  await rm(scratch, { recursive: true, force: true })
})

const business = `
  insert into businesses (business_id, external_id, name, business_key_hash, client_id,
                          client_secret_sealed, admin_key_hash, definition, created_at)
  values (1, 'harbor', E'Harbor\\\\Coffee \\t"☕" \\n\\\\.', '\\x00ff5c0a', 'c', '\\x', '\\x01',
          '{"name": "Caf\\u00e9\\\\n", "n": 1e3, "deep": [null, {"a\\tb": "\\\\"}]}',
          '2026-03-08 02:30:00.123456-05');
  insert into locations (business_id, location_id, external_id, store_number, location_key_hash,
                         definition)
  values (1, 2, 'pier', '007', '\\x02', '{}');
  select nextval('wire_ids'), nextval('wire_ids')`

// One row per column type and awkward value; \\. alone on a line would end COPY's data.
const awkward = `
  create table awkward (
    id bigint generated always as identity primary key,
    parent_id bigint references awkward,
    words text, document jsonb, bytes bytea, at timestamptz, day date, duration interval,
    amount numeric, ratio float8, flag boolean, list text[],
    "Odd ""name""" text,
    doubled bigint generated always as (id * 2) stored
  );
  create sequence "Odd sequence" start 9007199254740993`

const awkwardRows = `
  insert into awkward (parent_id, words, document, bytes, at, day, duration, amount, ratio, flag,
                       list, "Odd ""name""")
  values
    (null, null, null, null, null, null, null, null, null, null, null, null),
    (1, '', '{}', '', '-infinity', '0001-01-01 BC', '-1 mon 3 days', 'NaN', 'NaN', false, '{}', ''),
    (1, E'\\\\.', 'null', '\\x5c2e0a', 'infinity', '9999-12-31', '1.5 s', 1e40, 1e-300, true,
     array['\\.', null, 'NULL', '{"', E'a\\nb'], '\\N'),
    (2, E'\\\\N\\t\\r\\n\\b\\f\\v\\\\\\\\', '"\\\\."', '\\xff', '2026-11-01 01:30:00.000001-05',
     'infinity', '0', -0.10, 0.1, null, array['é', '☕', '𝄞'], E'\\u200b'),
    (4, repeat('x', 2000000) || E'\\n\\\\.\\n', jsonb_build_object('long', repeat('é', 500000)),
     decode(repeat('0a5c2e0a', 100000), 'hex'), '1900-01-01', null, null, 0, 0, true, null, null);
  insert into awkward (parent_id, words) select 5, 'row ' || n from generate_series(1, 20000) n;
  select nextval('"Odd sequence"')`

test('a restored database is the same to the byte, in every type and table', async () => {
  const from = await emptyDatabase()
  await run(from.url, `${business}; ${awkward}; ${awkwardRows}`)
  const file = join(scratch, 'first')
  const made = await makeBackup(from.url, file)
  expect(made.rowCounts).toMatchObject({ businesses: 1, locations: 1, guests: 0, awkward: 20_005 })

  const to = await emptyDatabase()
  await run(to.url, awkward)
  expect(await restore({ databaseUrl: to.url, file })).toEqual({
    ...made,
    kind: 'restored',
  })

  const again = join(scratch, 'again')
  await makeBackup(to.url, again)
  expect(gunzipSync(await readFile(again)).equals(gunzipSync(await readFile(file)))).toBe(true)
  expect(await run(to.url, `select nextval('wire_ids'), nextval('"Odd sequence"') as odd`)).toEqual(
    [{ nextval: '1040000', odd: '9007199254740994' }],
  )
  expect(await run(to.url, 'select doubled from awkward where id = 7')).toEqual([{ doubled: '14' }])
})

test('any text, document and bytes come back as they were', async () => {
  const from = await emptyDatabase()
  const table = 'create table kept (id int primary key, words text, document jsonb, bytes bytea)'
  await run(from.url, table)
  const words = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''))
  const rows = fc.sample(fc.tuple(words, words, fc.uint8Array()), { numRuns: 500, seed: 20261120 })
  await withClient(from.url, async (client) => {
    for (const [id, [text, inDocument, bytes]] of rows.entries()) {
      const values = [id, text, JSON.stringify({ [inDocument]: inDocument }), Buffer.from(bytes)]
      await client.query('insert into kept values ($1, $2, $3, $4)', values)
    }
  })
  const file = join(scratch, 'any')
  await makeBackup(from.url, file)
  const to = await emptyDatabase()
  await run(to.url, table)
  await restore({ databaseUrl: to.url, file })

  const all = 'select * from kept order by id'
  expect(await run(to.url, all)).toEqual(await run(from.url, all))
})

test('a backup is of one moment, though others write meanwhile', async () => {
  const from = await emptyDatabase()
  await run(from.url, 'create table a (n bigint); create table b (n bigint)')
  let isDone = false
  const writing = withClient(from.url, async (client) => {
    for (let n = 1; !isDone; n += 1) {
      await client.query(`begin; insert into a values (${n}); insert into b values (${n}); commit`)
    }
  })
  for (let round = 1; round <= 5; round += 1) {
    const { rowCounts } = await makeBackup(from.url, join(scratch, 'moment'))
    expect(rowCounts.a).toBe(rowCounts.b)
  }
  isDone = true
  await writing
})

test('the file is readable by its owner alone, and a failed backup keeps the earlier one', async () => {
  const file = join(scratch, 'kept')
  await makeBackup(source.url, file)
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
  const before = await readFile(file)

  const hindered = await emptyDatabase()
  await withClient(hindered.url, async (client) => {
    await client.query('begin; lock table guests in access exclusive mode')
    const impatient = `${hindered.url}&options=-c%20lock_timeout%3D100`
    await expect(backUp({ databaseUrl: impatient, file, createdAt })).rejects.toThrow(/timeout/)
  })
  expect(await readFile(file)).toEqual(before)
  expect((await readdir(scratch)).filter((name) => name.endsWith('.new'))).toEqual([])
})

type Case = {
  readonly name: string
  readonly spoil: (packed: Buffer) => Buffer
  /** Completes "The file FILE ". */
  readonly complaint: string
}

const cases: Case[] = [
  {
    name: 'empty',
    spoil: () => Buffer.alloc(0),
    complaint: 'is cut short, damaged, or of another kind.',
  },
  {
    name: 'not packed',
    spoil: (packed) => gunzipSync(packed),
    complaint: 'is cut short, damaged, or of another kind.',
  },
  {
    name: 'cut short by one byte',
    spoil: (packed) => packed.subarray(0, -1),
    complaint: 'is cut short, damaged, or of another kind.',
  },
  {
    name: 'half there',
    spoil: (packed) => packed.subarray(0, packed.length / 2),
    complaint: 'is cut short, damaged, or of another kind.',
  },
  {
    name: 'without its last line',
    spoil: edited((text) => text.replace(/[^\n]*\n$/, '')),
    complaint: 'is cut short.',
  },
  {
    name: 'cut short among the rows',
    spoil: edited((text) => text.slice(0, text.indexOf('harbor'))),
    complaint: 'is cut short.',
  },
  {
    name: 'changed in one letter',
    spoil: edited((text) => text.replace('harbor', 'harbour')),
    complaint: 'is damaged: its checksum differs.',
  },
  {
    name: 'without one row',
    spoil: edited((text) => text.replace(/\n[^\n]*pier[^\n]*/, '')),
    complaint: 'is damaged: locations has 0 rows where 1 were written.',
  },
  {
    name: 'longer than it was',
    spoil: edited((text) => `${text}{}\n`),
    complaint: 'is damaged: it goes on after its end.',
  },
  {
    name: 'some other packed text',
    spoil: () => gzipSync('hello\n'),
    complaint: 'is damaged or of another kind.',
  },
  {
    name: 'some other packed JSON',
    spoil: () => gzipSync('{"hello":1}\n'),
    complaint: 'is not a backup made by Regulars.',
  },
  {
    name: 'of a newer format',
    spoil: edited((text) => text.replace('"formatVersion":1', '"formatVersion":2')),
    complaint: 'was made by a newer Regulars; restore it with that version.',
  },
]

for (const { name, spoil, complaint } of cases) {
  test(`a file that is ${name} is refused, and the database stays empty`, async () => {
    const file = join(scratch, name.replaceAll(' ', '-'))
    await writeFile(file, spoil(await readFile(sound)))
    const to = await emptyDatabase()
    expect(await restore({ databaseUrl: to.url, file })).toEqual({
      kind: 'refused',
      message: `The file ${file} ${complaint}`,
    })
    expect(await run(to.url, 'select count(*)::int from businesses')).toEqual([{ count: 0 }])
  })
}

test('a database that holds rows is refused and keeps them', async () => {
  const to = await emptyDatabase()
  await run(to.url, "insert into counter (mode) values ('live')")
  expect(await restore({ databaseUrl: to.url, file: sound })).toEqual({
    kind: 'refused',
    message:
      'The database to restore into is not empty (counter has rows); restore into a new data ' +
      'folder or a new database.',
  })
  expect(await run(to.url, 'select mode from counter')).toEqual([{ mode: 'live' }])
})

test('a backup of a newer schema is refused', async () => {
  const file = join(scratch, 'newer-schema')
  const newer = edited((text) =>
    sealedAgain(text.replace(/"schemaVersion":\d+/, '"schemaVersion":99')),
  )
  await writeFile(file, newer(await readFile(sound)))
  const to = await emptyDatabase()
  expect(await restore({ databaseUrl: to.url, file })).toEqual({
    kind: 'refused',
    message: expect.stringContaining('has schema 99, newer than this program'),
  })
})

test('a database without a schema gets the one of the backup, and then the newest', async () => {
  const to = await emptyDatabase()
  await run(to.url, 'drop schema public cascade; create schema public')
  expect(await restore({ databaseUrl: to.url, file: sound })).toMatchObject({ kind: 'restored' })
  expect(await run(to.url, 'select external_id from locations')).toEqual([{ external_id: 'pier' }])
})

test('checking a sound file tells what it holds', async () => {
  expect(await checkBackup(sound)).toMatchObject({
    createdAt: '2026-11-20T12:00:00.000Z',
    rowCounts: { businesses: 1, locations: 1, guests: 0 },
  })
})

test('files that cannot be reached are refused, not thrown', async () => {
  const file = join(scratch, 'no-such-folder', 'file')
  const to = await emptyDatabase()
  expect(await restore({ databaseUrl: to.url, file })).toEqual({
    kind: 'refused',
    message: `The file ${file} cannot be read (ENOENT).`,
  })
  expect(await backUp({ databaseUrl: source.url, file, createdAt })).toEqual({
    kind: 'refused',
    message: `The file ${file} cannot be written (ENOENT).`,
  })
})

async function makeBackup(databaseUrl: string, file: string) {
  const result = await backUp({ databaseUrl, file, createdAt })
  if (result.kind === 'refused') throw new Error(result.message)
  return result
}

function edited(edit: (text: string) => string): (packed: Buffer) => Buffer {
  return (packed) => gzipSync(edit(gunzipSync(packed).toString('utf8')))
}

/** The text with the checksum that belongs to it. */
function sealedAgain(text: string): string {
  const body = text.replace(/[^\n]*\n$/, '')
  return `${body}{"sha256":"${createHash('sha256').update(body).digest('hex')}"}\n`
}

async function emptyDatabase(): Promise<FreshDatabase> {
  const database = await freshDatabase()
  onTestFinished(database.drop)
  return database
}

/** Runs statements separated by semicolons; returns the rows of the last. */
async function run(databaseUrl: string, text: string): Promise<unknown[]> {
  return withClient(databaseUrl, async (client) => {
    const results: unknown = await client.query(text)
    const last = Array.isArray(results) ? results.at(-1) : results
    return (last as pg.QueryResult).rows
  })
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
