import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DestinationFailed, DestinationRefused } from '../src/destination.ts'
import { openDestination, storedStates } from '../src/destinations/open-destination.ts'
import { kinds, makePlace, newSchema, type Place } from './destination-under-test.ts'
import { batchOf, checks, orders } from './writing-process.ts'

const program = fileURLToPath(new URL('writing-process.ts', import.meta.url))

/** The sentence that opening is refused with; a destination that opens after all is closed. */
async function refusal(target: string, source = 'toast', schema?: string): Promise<string> {
  const options = schema === undefined ? { source } : { source, schema }
  const opened = await openDestination(target, options).catch((error: unknown) => error)
  if (opened instanceof DestinationRefused) return opened.message
  if (opened instanceof Error) throw opened
  await (opened as Awaited<ReturnType<typeof openDestination>>).close()
  throw new Error('it was opened')
}

const schemaRefused = /; name another schema, or none for the usual one\.$/

describe.each(kinds)('%s', (kind) => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace[kind]()
  })
  afterAll(() => place.remove())

  test('a second process is refused, and told who is writing', async () => {
    const child = spawn(process.execPath, [program, place.target], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const said = await refusal(place.target, 'toast', 'main')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(said).toMatch(new RegExp(`process ${child.pid}.*; wait until that has ended, or name`))
    await (await place.open()).close()
  })

  test.each([
    ['create table sync_state (a int)', 'no source, location, stream, state'],
    ['create table sync_run (id varchar)', 'no source'],
    ['create table quarantine (id varchar, reason varchar)', 'no source, location, stream, table_'],
  ])('%s is not taken for one of ours, and is left as it is', async (created, without) => {
    const [, name = ''] = /table (\w+)/.exec(created) ?? []
    const other = newSchema()
    await place.query([`create schema ${other}`, created.replace(name, `${other}.${name}`)])
    expect(await refusal(place.target, 'toast', other)).toMatch(
      new RegExp(
        `^Table ${name} .+ \\(it has ${without}.*\\); rename that table, or name another `,
      ),
    )
    const [tables] = await place.query([
      `select table_name as name from information_schema.tables where table_schema = '${other}'`,
    ])
    expect(tables).toEqual([{ name }])
  })

  test('the same process cannot open it twice, and can again once it is closed', async () => {
    const first = await place.open()
    await expect(place.open()).rejects.toThrow(DestinationRefused)
    await first.close()
    await (await place.open()).close()
  })
})

describe('DuckDB', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-refused-'))
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'text'), 'id,total\n1,2\n'.repeat(1000))
    writeFileSync(join(folder, 'empty'), '')
    writeFileSync(join(folder, 'cut'), Buffer.concat([Buffer.alloc(8), Buffer.from('DUCK')]))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    ['folder', 'is not a file; name a file for DuckDB to keep.'],
    ['text', 'is a file of another kind, not a DuckDB database; name another file.'],
    ['empty', 'is a file of another kind, not a DuckDB database; name another file.'],
    ['cut', 'mend that, or name another file.'],
    ['missing/a.duckdb', 'cannot be made; make it, or name another file.'],
    ['text/a.duckdb', 'cannot be made; make it, or name another file.'],
  ])('%s is refused', async (name, sentence) => {
    const said = await refusal(join(folder, name))
    expect(said).toContain(join(folder, name))
    expect(said).toContain(sentence)
  })

  test('a place nobody can write to is refused', async () => {
    expect(await refusal('/proc/warehouse.duckdb')).toMatch(/; .*name another file\.$/)
  })

  test.each(['', ' ', 'a\0b', 'pg_catalog', 'Information_Schema'])(
    'a schema called %j is refused',
    async (schema) => {
      const target = join(folder, 'schemas.duckdb')
      expect(await refusal(target, 'toast', schema)).toMatch(schemaRefused)
      await expect(storedStates(target, { schema })).rejects.toThrow(schemaRefused)
    },
  )

  test.each(['toast', 'Toast', 'temp', 'system', 'main', 'a.b', 'select', '"'])(
    'a schema called %j is written and read again in toast.duckdb',
    async (schema) => {
      const target = join(folder, 'toast.duckdb')
      for (const batch of [1, 2]) {
        const opened = await openDestination(target, { source: 'toast', schema })
        await opened.prepare([orders, checks])
        await opened.write(batchOf(batch))
        await opened.close()
      }
      expect(await storedStates(target, { schema })).toHaveLength(1)
    },
  )

  test.each(['main', 'temp', 'system'])('a file called %s.duckdb is written', async (name) => {
    const opened = await openDestination(join(folder, `${name}.duckdb`), { source: 'toast' })
    await opened.prepare([orders, checks])
    await opened.write(batchOf(1))
    await opened.close()
  })

  test('a refused file is left as it is', async () => {
    const path = join(folder, 'text')
    await refusal(path)
    const opened = await openDestination(join(folder, 'new.duckdb'), { source: 'toast' })
    await opened.close()
  })
})

describe('Postgres', () => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace.Postgres()
  })
  afterAll(() => place.remove())

  const withUrl = (change: (url: URL) => void): string => {
    const url = new URL(place.target)
    change(url)
    return url.href
  }

  test('an address that cannot be read is refused without repeating it', async () => {
    const said = await refusal('postgres://user:se/cret@host:port/x')
    expect(said).toContain('The address of the Postgres cannot be read; write postgres://')
    expect(said).not.toContain('cret')
  })

  test('a Postgres that is not there is refused', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    const said = await refusal(`postgres://u:secret@127.0.0.1:${port}/x`)
    expect(said).toMatch(
      /^Postgres at 127\.0\.0\.1:\d+\/x cannot be reached \(.*ECONNREFUSED.*\); start it, or mend/,
    )
    expect(said).not.toContain('secret')
  })

  test('a database that is not there is refused', async () => {
    expect(await refusal(withUrl((url) => (url.pathname = '/nowhere')))).toMatch(
      /\/nowhere has no such database; make it, or mend the URL\.$/,
    )
  })

  test.each(['', 'a\0b', 'pg_mine', 'information_schema', 'é'.repeat(32)])(
    'a schema called %j is refused',
    async (schema) => {
      expect(await refusal(place.target, 'toast', schema)).toMatch(schemaRefused)
    },
  )

  test('a schema of 63 bytes is written', async () => {
    const opened = await place.open('toast', `${'é'.repeat(31)}x`)
    await opened.close()
  })

  test('a user who is not there is refused', async () => {
    const said = await refusal(withUrl((url) => (url.username = 'nobody_at_all')))
    expect(said).toMatch(/refuses this user or password \(.*\); mend the URL\.$/)
  })

  test('a user who may not make tables is refused', async () => {
    await place.query([
      `create role reader_of_tests login password 'x'`,
      `create schema others`,
      `grant usage on schema others to reader_of_tests`,
    ])
    const target = withUrl((url) => {
      url.username = 'reader_of_tests'
      url.password = 'x'
    })
    try {
      expect(await refusal(target, 'toast', 'others')).toMatch(
        /does not let this user make tables in schema others .*; grant it create and usage/,
      )
      expect(await refusal(target, 'toast', 'not_there')).toMatch(/in schema not_there .*; grant/)
    } finally {
      await place.query([`drop owned by reader_of_tests`, `drop role reader_of_tests`])
    }
  })

  test('two sources write one schema at the same time', async () => {
    const first = await place.open('toast')
    const second = await place.open('punchh')
    await first.close()
    await second.close()
  })

  test('a connection that is lost fails the writes after it, and writes nothing', async () => {
    const destination = await place.open()
    await destination.prepare([orders, checks])
    await place.query([
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'regulars sync toast%' and datname = current_database()`,
    ])
    await expect(destination.write(batchOf(1))).rejects.toThrow(DestinationFailed)
    const other = await place.open()
    await expect(destination.write(batchOf(1))).rejects.toThrow(DestinationFailed)
    expect(await other.states()).toEqual([])
    await other.close()
    await destination.close()
  })

  test('a session that lost the lock to another does not write', async () => {
    const destination = await place.open()
    await destination.prepare([orders, checks])
    const client = new pg.Client(place.target)
    await client.connect()
    // What a pooler does that gives the session to somebody else in between.
    await client.query(`set application_name = 'another'`)
    await place.query([
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'regulars sync toast%' and datname = current_database()`,
    ])
    await client.query(
      `select pg_advisory_lock(hashtext('regulars sync'), hashtext('["main","toast"]'))`,
    )
    expect(await refusal(place.target, 'toast', 'main')).toContain('by another; wait until')
    await client.end()
    await destination.close()
  })
})
