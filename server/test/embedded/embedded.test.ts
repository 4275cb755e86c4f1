import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { type Embedded, findHolder, openEmbedded } from '../../src/embedded/embedded.ts'
import { copyDataFolder } from './copy-data-folder.ts'
import { startOwner } from './owner-process.ts'

let scratch = ''
let sound = '' // stopped and never opened again: others start from copies of it
let opened: Embedded[] = []

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'embedded-test-'))
  await chmod(scratch, 0o755)
  sound = join(scratch, 'sound')
  await (await openEmbedded({ dataFolder: sound })).stop()
})
afterEach(async () => {
  await Promise.all(opened.map(({ stop }) => stop()))
  opened = []
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

const isRoot = process.getuid?.() === 0
const isLinux = process.platform === 'linux'
const longWait = { timeout: 10_000, interval: 20 }

test('rows, the password and the address outlive a stop and a start', async () => {
  const folder = copyOfSound('kept')
  const first = await open(folder)
  await query(first.databaseUrl, 'create table kept as select 7 as value')
  await first.stop()

  const second = await open(folder)
  expect(await query(second.databaseUrl, 'select value from kept')).toEqual([{ value: 7 }])
  expect(second.connection).toEqual(first.connection)
})

test('commits wait for the disk, and text is UTF-8 in an order no system library decides', async () => {
  const { databaseUrl } = await open(join(scratch, 'kept'))
  const [settings] = await query(
    databaseUrl,
    `select current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as synchronous_commit,
            current_setting('full_page_writes') as full_page_writes,
            current_setting('ssl') as ssl,
            current_setting('data_checksums') as data_checksums,
            pg_encoding_to_char(encoding) as encoding,
            datlocprovider as provider, datlocale as locale
       from pg_database where datname = current_database()`,
  )
  expect(settings).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    ssl: 'off',
    data_checksums: 'on',
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
  })
})

test('a folder whose path is too long for a socket is served on loopback, by password', async () => {
  const folder = copyOfSound('a-long-name-'.repeat(9))
  const { connection, databaseUrl } = await open(folder)
  expect(connection.host).toBe('127.0.0.1')
  expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  const stranger = new pg.Client({ ...connection, password: 'guess' })
  await expect(stranger.connect()).rejects.toThrow(/password authentication failed/)
})

test('a second process is refused while the first lives, and told who holds the folder', async () => {
  const folder = join(scratch, 'kept')
  const first = await open(folder)
  expect(findHolder(folder)).toEqual({
    pid: process.pid,
    startedAt: expect.stringMatching(/^\d{4}-/),
    databaseUrl: first.databaseUrl,
  })

  const second = startOwner(folder)
  expect(await second.report).toEqual({
    kind: 'refused',
    message: expect.stringContaining(`already open (process ${process.pid}, since `),
  })
  await expect(openEmbedded({ dataFolder: folder })).rejects.toThrow(/already open/)
  await second.end()

  expect(await query(first.databaseUrl, 'select value from kept')).toEqual([{ value: 7 }])
  await first.stop()
  expect(findHolder(folder)).toBeNull()
})

test('of several processes that start at once on a new folder, exactly one gets it', async () => {
  const folder = join(scratch, 'raced')
  const owners = [startOwner(folder), startOwner(folder), startOwner(folder)]
  const reports = await Promise.all(owners.map(({ report }) => report))
  await Promise.all(owners.map(({ end }) => end()))
  expect(reports.map(({ kind }) => kind).sort()).toEqual(['open', 'refused', 'refused'])
})

test.runIf(isLinux)(
  'the Postgres of a killed process is taken over with every committed row',
  async () => {
    const folder = copyOfSound('taken-over')
    const owner = startOwner(folder)
    const { databaseUrl } = await openReport(owner.report)
    await query(databaseUrl, 'create table kept (value bigint)')
    const leftPid = postmasterPid(folder)
    for (const pid of childrenOf(owner.pid)) process.kill(pid, 'SIGKILL') // its watchdog
    await query(databaseUrl, 'insert into kept values (41)')
    await owner.kill()
    await query(databaseUrl, 'insert into kept values (42)')

    const lines: string[] = []
    const next = await open(folder, (line) => lines.push(line))
    expect(lines).toEqual([
      `Stopping the Postgres (process ${leftPid}) that an earlier run left on ${folder}/postgres.`,
    ])
    expect(await query(next.databaseUrl, 'select value from kept order by value')).toEqual([
      { value: '41' },
      { value: '42' },
    ])
    await vi.waitFor(() => expect(isAlive(leftPid)).toBe(false), longWait)
  },
)

test.runIf(isLinux)('a Postgres killed with its owner comes back with every row', async () => {
  const folder = join(scratch, 'taken-over')
  const owner = startOwner(folder)
  const { databaseUrl } = await openReport(owner.report)
  await query(databaseUrl, 'insert into kept values (43)')
  process.kill(postmasterPid(folder), 'SIGKILL')
  await owner.kill()

  const next = await open(folder)
  expect(await query(next.databaseUrl, 'select max(value) from kept')).toEqual([{ max: '43' }])
})

test('a Postgres that was killed under us does not keep us from stopping', async () => {
  const folder = copyOfSound('killed-under-us')
  const first = await open(folder)
  process.kill(postmasterPid(folder), 'SIGKILL')
  await first.stop()
  expect(findHolder(folder)).toBeNull()
  const next = await open(folder)
  expect(await query(next.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('the watchdog stops the Postgres of a killed process, and removes a temporary one', async () => {
  const owners = [startOwner(copyOfSound('watched')), startOwner('memory')]
  const [lasting, temporary] = await Promise.all(owners.map(({ report }) => openReport(report)))
  const pids = [lasting!.folder, temporary!.folder].map(postmasterPid)
  await Promise.all(owners.map(({ kill }) => kill()))
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), longWait)
  await vi.waitFor(() => expect(existsSync(temporary!.folder)).toBe(false), longWait)
  expect(existsSync(lasting!.folder)).toBe(true)
})

test('a pid file naming a process that is by now another program confuses nobody', async () => {
  const folder = join(scratch, 'kept')
  const bystander = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    ...(isRoot ? ownerOf(join(folder, 'postgres')) : {}),
    cwd: '/',
  })
  onTestFinished(async () => {
    bystander.kill()
    await once(bystander, 'exit')
  })
  await once(bystander, 'spawn')
  const pidFile = join(folder, 'postgres', 'postmaster.pid')
  await writeFile(pidFile, `${bystander.pid}\n${folder}/postgres\n1700000000\n5432\n`)

  const { databaseUrl } = await open(folder)
  expect(await query(databaseUrl, 'select value from kept')).toEqual([{ value: 7 }])
  expect(isAlive(bystander.pid ?? 0)).toBe(true)
})

test('a process killed while it creates the database leaves nothing half made', async () => {
  const folder = join(scratch, 'half-made')
  const owner = startOwner(folder)
  owner.report.catch(() => {})
  await vi.waitFor(() => expect(unfinishedIn(folder)).toHaveLength(1), longWait)
  await owner.kill()
  expect(existsSync(join(folder, 'postgres'))).toBe(false)

  const { databaseUrl } = await open(folder)
  expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(unfinishedIn(folder)).toEqual([])
})

test.runIf(isRoot)('Postgres runs as an ordinary account when we are root', async () => {
  const folder = join(scratch, 'kept')
  await open(folder)
  expect(statSync(`/proc/${postmasterPid(folder)}`).uid).toBeGreaterThan(0)
})

test.runIf(isRoot && isLinux)(
  "a data folder where that account cannot come in, such as one in root's home, works",
  async () => {
    const home = join(scratch, 'home-of-root')
    await mkdir(home, { mode: 0o700 })
    copyOfSound('home-of-root/data')
    const { databaseUrl, stop } = await open(join(home, 'data'))
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    await stop()
    expect(statSync(home).mode & 0o777).toBe(0o700)
    const again = await open(join(home, 'data'))
    expect(await query(again.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  },
)

function copyOfSound(name: string): string {
  return copyDataFolder({ from: sound, to: join(scratch, name) })
}

async function open(folder: string, onLog: (line: string) => void = () => {}): Promise<Embedded> {
  const embedded = await openEmbedded({ dataFolder: folder, onLog })
  opened.push(embedded)
  return embedded
}

async function openReport(report: ReturnType<typeof startOwner>['report']) {
  const found = await report
  if (found.kind === 'refused') throw new Error(found.message)
  return found
}

async function query(databaseUrl: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

function postmasterPid(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8'), 10)
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return children.split(' ').map(Number)
}

function ownerOf(path: string): { uid: number; gid: number } {
  const { uid, gid } = statSync(path)
  return { uid, gid }
}

function unfinishedIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => name.startsWith('postgres.new'))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
