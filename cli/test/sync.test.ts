import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  duckdbFile,
  postgresDatabase,
  type Warehouse,
} from '../../connectors/test/sync/warehouse.ts'
import { type Ready, regulars, runRegulars, said, standIn, temporaryFolder } from './running.ts'

const secret = 'regulars-sandbox-secret'

let toast: Ready
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  toast = await standIn(['--no-limits', '--days', '2', '--orders-per-day', '5'], {
    whenOver: (stop) => stops.push(stop),
  })
})
afterAll(async () => {
  for (const stop of stops) await stop()
})

/** A configuration file for the stand-in, with what is changed; a member that is undefined is left out. */
function configurationFile(change: object = {}): string {
  const initialSyncStart = new Date(Date.now() - 4 * 86_400_000).toISOString()
  const { configuration } = toast.line
  const content = { ...configuration, initialSyncStart, historySpacingSeconds: 0, ...change }
  return fileWith(JSON.stringify(content))
}

function fileWith(text: string): string {
  const folder = temporaryFolder()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'configuration.json')
  writeFileSync(file, text)
  return file
}

/** Orders a fault, and takes it back when `work` is over. */
async function withFault<Result>(fault: object, work: () => Promise<Result>): Promise<Result> {
  const faults = `${toast.line.url}/__faults`
  const headers = { 'content-type': 'application/json' }
  await fetch(faults, { method: 'POST', headers, body: JSON.stringify(fault) })
  try {
    return await work()
  } finally {
    await fetch(faults, { method: 'DELETE' })
  }
}

const sync = (args: readonly string[]) => runRegulars(['sync', ...args])
const few = ['--streams', 'job,shift,dining_option']
const counted = (table: string) => `select count(*) as n from ${table}`

describe('regulars sync toast', () => {
  test('brings everything, then only what is new, and says so', async () => {
    const config = configurationFile()
    const warehouse = duckdbFile()
    const { target } = warehouse
    const first = await sync(['toast', '--config', config, '--to', target])
    expect(first).toMatchObject({ code: 0 })
    expect(first.stdout).toMatch(
      /^✓ complete: [\d,]+ rows written to \S+, 0 marked deleted, 0 records unchanged, in [\d.]+ s \([\d,]+ rows\/s\) with [\d,]+ requests\.\n$/,
    )
    expect(first.stderr).toMatch(/^\S+ toast into DuckDB file \S+ .*\n\S+ 3 locations\n$/)
    const orders = await warehouse.read(counted('orders'))
    expect(Number(orders[0]?.n)).toBeGreaterThan(20)

    const again = await sync(['toast', '--config', config, '--to', target, ...few])
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toMatch(/^✓ complete: 0 rows written to /)
  })

  test('tells a program what happens, in lines of JSON', async () => {
    const config = configurationFile()
    const { target } = duckdbFile()
    const metrics = join(target, '..', 'figures.prom')
    const args = ['toast', '--config', config, '--to', target, ...few]
    const { code, stdout, stderr } = await sync([
      ...args,
      '--json',
      '--log-level',
      'fine',
      '--metrics',
      metrics,
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    const events = lines.map((line) => JSON.parse(line))
    expect([...new Set(events.map(({ event }) => event))].sort()).toEqual(
      ['ended', 'locations', 'planned', 'progress', 'read', 'report', 'started', 'written'].sort(),
    )
    // Three streams of three restaurants.
    expect(events.findLast(({ event }) => event === 'progress')).toEqual({
      at: expect.any(String),
      level: 'fine',
      event: 'progress',
      streams: { done: 9, total: 9 },
      rows: events.at(-1).written.rows,
      requests: expect.any(Number),
      slice: { used: expect.any(Number), allowed: 30_000, seconds: 900 },
      secondsLeft: 0,
    })
    const times = events.slice(0, -1).map(({ at }) => at)
    expect(times).toEqual([...times].sort())
    expect(events.at(-1)).toMatchObject({ event: 'report', outcome: 'complete', problems: [] })
    expect(stdout).not.toContain(secret)

    const text = readFileSync(metrics, 'utf8')
    const sample = /^regulars_sync_\w+\{(\w+="[^"]*",?)+\} \d+(\.\d+)?$/
    const odd = text
      .split('\n')
      .filter((line) => !/^(# (HELP|TYPE) .*)?$/.test(line) && !sample.test(line))
    expect(odd).toEqual([])
    expect(text).toContain('regulars_sync_complete{source="toast"} 1\n')
    expect(text).toMatch(/^regulars_sync_calls\{stream="job",source="toast"\} 3$/m)
  })

  test('with --dry-run prints a plan, and makes no file', async () => {
    const { target } = duckdbFile()
    const { code, stdout } = await sync([
      'toast',
      '--config',
      configurationFile(),
      '--to',
      target,
      '--dry-run',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^stream +live +repair +past\norders +3 +0 +\d+\n/)
    expect(stdout).toMatch(
      /\n\d+ calls or more .+ for 3 locations, side by side: about \d+ s at the allowed rate\.\n$/,
    )
    expect(existsSync(target)).toBe(false)
  })

  test('writes to Postgres by its URL, and shows no password', async () => {
    const warehouse = await postgresDatabase()
    const { password } = new URL(warehouse.target)
    const to = ['--to', warehouse.target]
    const run = await sync(['toast', '--config', configurationFile(), ...to, ...few])
    expect(run).toMatchObject({ code: 0 })
    expect(password).not.toBe('')
    expect(run.stdout + run.stderr).not.toContain(password)
    expect(await warehouse.read(counted('job'))).toEqual([{ n: '18' }])
  })

  test('with a stream that is blocked delivers the rest, and ends with 3', async () => {
    const warehouse = duckdbFile()
    const args = ['toast', '--config', configurationFile(), '--to', warehouse.target, ...few]
    const { code, stdout } = await withFault({ kind: '403', path: '/labor/v1/shifts' }, () =>
      sync(args),
    )
    expect(code).toBe(3)
    expect(stdout).toMatch(/^✗ partial: /)
    expect(stdout.match(/^ {2}\S+ shift \(blocked\): \/labor\/v1\/shifts: 403 .+$/gm)).toHaveLength(
      3,
    )
    expect(stdout).toMatch(/\nStart the same command again to go on from here\.\n$/)
    expect(await warehouse.read(counted('job'))).toEqual([{ n: '18' }])

    const status = await sync(['status', '--to', warehouse.target])
    expect(status.stdout).toMatch(/ shift .+ never {2}blocked: .+403/)
  })

  test('at SIGINT saves what was read, ends with 3, and goes on from there', async () => {
    const warehouse = duckdbFile()
    const args = [
      'sync',
      'toast',
      '--config',
      configurationFile(),
      '--to',
      warehouse.target,
      ...few,
    ]
    const running = await withFault({ kind: 'hang', path: '/labor/v1/shifts' }, async () => {
      const started = regulars([...args, '--log-level', 'fine'])
      await said(
        started,
        'stderr',
        / dining_option live .*(\n.*)* dining_option live .*(\n.*)* dining_option live /,
      )
      started.process.kill('SIGINT')
      expect(await started.exited).toBe(3)
      return started
    })
    expect(running.stdout()).toMatch(
      /^✗ stopped: .+\nAll that was read is saved; start the same command again to go on from here\.\n$/,
    )
    expect(await warehouse.read(counted('dining_option'))).not.toEqual([{ n: '0' }])
    expect(await runRegulars(args)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ complete: /),
    })
    expect(await warehouse.read(counted('shift'))).not.toEqual([{ n: '0' }])
  })

  test('refuses a file that another process writes to', async () => {
    const { target } = duckdbFile()
    const args = ['sync', 'toast', '--config', configurationFile(), '--to', target, ...few]
    await withFault({ kind: 'hang', path: '/labor/v1/shifts' }, async () => {
      const started = regulars(args)
      await said(started, 'stderr', /locations/)
      const { code, stderr } = await runRegulars(args)
      expect(code).toBe(2)
      expect(stderr).toMatch(/^[^\n]+ is open in process \d+; [^\n]+\.\n$/)
      started.process.kill('SIGINT')
      expect(await started.exited).toBe(3)
    })
  })

  test('with --every runs round after round until it is told to stop', async () => {
    const { target } = duckdbFile()
    const running = everyRound('1s', target)
    await said(running, 'stdout', /✓ complete: .+\n✓ complete: 0 rows .+\n/)
    running.process.kill('SIGTERM')
    expect([0, 3]).toContain(await running.exited)
    expect(running.stdout()).not.toMatch(/failed|refused|partial/)
  })

  test('with --every waits weeks where that is said', async () => {
    const { target } = duckdbFile()
    const running = everyRound('600h', target)
    await said(running, 'stdout', /✓ complete: .+\n/)
    const rounds = running.stdout()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(running.stdout()).toBe(rounds)
    expect(running.stderr()).not.toMatch(/TimeoutOverflow/)
    running.process.kill('SIGINT')
    expect(await running.exited).toBe(0)
  })

  test('with --every leaves the file to others between rounds, and ends at once there', async () => {
    const warehouse = duckdbFile()
    const running = everyRound('1h', warehouse.target)
    await said(running, 'stdout', /✓ complete: .+\n/)
    expect(await warehouse.read(counted('job'))).toEqual([{ n: '18' }])
    const status = await sync(['status', '--to', warehouse.target])
    expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/ job /) })
    const toldAt = performance.now()
    running.process.kill('SIGINT')
    expect(await running.exited).toBe(0)
    expect(performance.now() - toldAt).toBeLessThan(3_000)
  })

  test('with --every leaves out a round whose file somebody else has open', async () => {
    const { target } = duckdbFile()
    const running = everyRound('1s', target)
    await said(running, 'stdout', /✓ complete: .+\n/)
    const other = await takenBetweenRounds(target)
    await said(running, 'stderr', /this round is left out/)
    const leftOut = /^\S+ ✗ this round is left out: \S+ is open in process \d+; .+\.$/m
    expect(running.stderr()).toMatch(leftOut)
    const rounds = running.stdout()
    other.closeSync()
    await said(running, 'stdout', new RegExp(`${literally(rounds)}✓ complete: 0 rows `))
    running.process.kill('SIGTERM')
    expect([0, 3]).toContain(await running.exited)
  }, 20_000)

  test('told to stop after a round that was left out ends with 1', async () => {
    const { target } = duckdbFile()
    const running = everyRound('1s', target)
    await said(running, 'stdout', /✓ complete: .+\n/)
    const other = await takenBetweenRounds(target)
    await said(running, 'stderr', /this round is left out/)
    running.process.kill('SIGTERM')
    expect(await running.exited).toBe(1)
    other.closeSync()
  }, 20_000)

  test('of a Postgres that breaks the connection says that nothing is lost, and ends with 1', async () => {
    const warehouse = await postgresDatabase()
    const args = [
      'sync',
      'toast',
      '--config',
      configurationFile(),
      '--to',
      warehouse.target,
      ...few,
    ]
    const running = await whileShiftsAreSlow(async () => {
      const started = regulars([...args, '--log-level', 'fine'])
      await said(started, 'stderr', / job live /)
      await breakConnections(warehouse)
      return started
    })
    expect(await running.exited).toBe(1)
    expect(running.stderr().split('\n').at(-2)).toMatch(lostConnection)
    expect(running.stderr()).not.toMatch(/\n\s+at /)
    expect(await runRegulars(args)).toMatchObject({ code: 0 })
    expect(await warehouse.read(counted('shift'))).not.toEqual([{ n: '0' }])
  }, 20_000)

  test('with --every goes on after a Postgres has broken the connection', async () => {
    const warehouse = await postgresDatabase()
    const running = everyRound('1s', warehouse.target, ['--log-level', 'fine'])
    await whileShiftsAreSlow(async () => {
      await said(running, 'stderr', / job live /)
      await breakConnections(warehouse)
      await said(running, 'stderr', /destination \(failed\)/)
    })
    const [told = ''] = /^.*destination \(failed\).*$/m.exec(running.stderr()) ?? []
    expect(told.replace(/^.*\(failed\): /, '')).toMatch(lostConnection)
    await said(running, 'stdout', /✓ complete: .+\n/)
    running.process.kill('SIGTERM')
    expect([0, 3]).toContain(await running.exited)
  }, 20_000)

  test('shows where a Postgres stands while a sync is under way', async () => {
    const { target } = await postgresDatabase()
    const to = ['--to', target]
    const args = ['toast', '--config', configurationFile(), ...to, ...few]
    await withFault({ kind: 'hang', path: '/labor/v1/shifts' }, async () => {
      const started = regulars(['sync', ...args, '--log-level', 'fine'])
      await said(started, 'stderr', / job live /)
      let status = await sync(['status', ...to])
      while (!status.stdout.includes(' job ')) status = await sync(['status', ...to])
      expect(status).toMatchObject({ code: 0, stderr: '' })
      const plan = await sync([...args, '--dry-run'])
      expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(/^stream +live/) })
      expect(await sync(args)).toMatchObject({ code: 2 })
      started.process.kill('SIGINT')
      expect(await started.exited).toBe(3)
    })
  }, 20_000)

  test('says so where a Postgres holds nothing, and makes nothing there', async () => {
    const warehouse = await postgresDatabase()
    const to = ['--to', warehouse.target, '--schema', 'toast']
    const { password } = new URL(warehouse.target)
    const status = await sync(['status', ...to])
    expect(status).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^Nothing was synced into schema toast of postgres\S+; name what was synced into with --to and --schema\.\n$/,
      ),
    })
    expect(status.stderr).not.toContain(password)
    await sync(['toast', '--config', configurationFile(), ...to, ...few, '--dry-run'])
    expect(
      await warehouse.read(`select nspname from pg_namespace where nspname = 'toast'`),
    ).toEqual([])
  })
})

/** Opens a file as soon as no round has it open. */
async function takenBetweenRounds(target: string): Promise<DuckDBInstance> {
  for (;;) {
    const taken = await DuckDBInstance.create(target).catch(() => null)
    if (taken !== null) return taken
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts rounds of a few streams. */
function everyRound(span: string, target: string, more: readonly string[] = []) {
  const args = ['--config', configurationFile(), '--to', target, ...few, '--every', span, ...more]
  return regulars(['sync', 'toast', ...args])
}

const lostConnection =
  /^Postgres at \S+, schema public broke the connection \(.+\)\. Nothing is lost: .+; start the same command again when it can be reached\.$/

function whileShiftsAreSlow<Result>(work: () => Promise<Result>): Promise<Result> {
  return withFault({ kind: 'slow', path: '/labor/v1/shifts', ms: 2_000 }, work)
}

async function breakConnections(warehouse: Warehouse): Promise<void> {
  await warehouse.read(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'regulars sync toast%' and datname = current_database()`,
  )
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

describe('what is wrong with a command', () => {
  const wrong: { what: string; args(): string[]; said: RegExp }[] = [
    {
      what: 'a configuration with many problems',
      args: () => [
        'toast',
        '--config',
        configurationFile({
          clientId: undefined,
          clientSecret: 5,
          domain: 'ftp://x',
          initialSyncStart: 'yesterday',
          key: secret,
          colour: 'red',
          fields: { 'job.zebra': 'drop' },
        }),
      ],
      said: /^\S+ is not sound:\n(?=[\s\S]* {2}colour: )(?=[\s\S]* {2}clientId: )(?=[\s\S]* {2}clientSecret: )(?=[\s\S]* {2}domain: )(?=[\s\S]* {2}initialSyncStart: )(?=[\s\S]* {2}key: )(?=[\s\S]* {2}fields\.job\.zebra: there is no such column)/,
    },
    {
      what: 'a file that is not there',
      args: () => ['toast', '--config', '/nowhere/configuration.json'],
      said: /^There is no file \/nowhere\/configuration\.json; name the configuration with --config\.\n$/,
    },
    {
      what: 'a file with a comma too many',
      args: () => ['toast', '--config', fileWith('{\n  "clientSecret": "sandbox-secret",\n}\n')],
      said: /^\S+ is no JSON at line 3, column 1; mend it, or name another with --config\.\n$/,
    },
    {
      what: 'names of which none is one',
      args: () => ['toast', '--config', configurationFile(), '--streams', ',,'],
      said: /'--streams <names>' .+ It must be names with commas between\.\n$/,
    },
    {
      what: 'a restaurant without a name',
      args: () => ['toast', '--config', configurationFile(), '--restaurants', ''],
      said: /'--restaurants <ids>' .+ It must be names with commas between\.\n$/,
    },
    {
      what: 'a schema without a name',
      args: () => ['toast', '--config', configurationFile(), '--schema', ''],
      said: /'--schema <name>' .+ It must not be empty\.\n$/,
    },
    {
      what: 'a day that there is not',
      args: () => ['toast', '--config', configurationFile(), '--until', '2026-02-30T00:00:00Z'],
      said: /'--until <instant>' .+ It must be an instant such as 2026-11-20T06:00:00Z\.\n$/,
    },
    {
      what: 'a moment before the first',
      args: () => ['toast', '--config', configurationFile(), '--until', '2016-01-01T00:00:00Z'],
      said: /^--until is not later than \S+Z, where initialSyncStart lets reading begin; .+\.\n$/,
    },
    {
      what: 'a secret that Toast does not know',
      args: () => ['toast', '--config', configurationFile({ clientSecret: 'wrong' })],
      said: /Toast refused the login \(401\); check clientId, clientSecret and userAccessType\./,
    },
    {
      what: 'a stream that there is not',
      args: () => ['toast', '--config', configurationFile(), '--streams', 'orders,zebra'],
      said: /^There is no stream zebra; the streams are orders, .+\.\n$/,
    },
    {
      what: 'a folder that is not there',
      args: () => ['toast', '--config', configurationFile(), '--to', '/nowhere/x.duckdb'],
      said: /^\/nowhere is not a folder, so .+\.\n$/,
    },
    {
      what: 'a file of figures in a folder that is not there',
      args: () => ['toast', '--config', configurationFile(), '--metrics', '/nowhere/x.prom'],
      said: /^\/nowhere\/x\.prom cannot be written \(ENOENT\); .+\.\n$/,
    },
    {
      what: 'a Punchh configuration with many problems',
      args: () => ['punchh', '--config', configurationFile({ location_key: 'a b', base_url: 'x' })],
      said: /^\S+ is not sound:\n(?=[\s\S]* {2}clientId: there is no such member)(?=[\s\S]* {2}location_key: )(?=[\s\S]* {2}base_url: )/,
    },
  ]
  test.each(wrong)('$what is said with 2, without a secret or a stack', async ({ args, said }) => {
    const given = args()
    const to = given.includes('--to') ? [] : ['--to', duckdbFile().target]
    const { code, stdout, stderr } = await sync([...given, ...to])
    expect(code).toBe(2)
    expect(stderr).toMatch(said)
    expect(stdout + stderr).not.toMatch(/\n\s+at |sandbox-secret/)
  })

  test.each([
    { what: 'a file that nothing was synced into', args: ['status', '--to', '/nowhere/x.duckdb'] },
    {
      what: 'state of a file that is not there',
      args: ['state', 'get', '--to', '/nowhere/x', '--location', 'a', '--stream', 'b'],
    },
  ])('$what is said with 2', async ({ args }) => {
    expect(await sync(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^There is no file .+; name what was synced into with --to\.\n$/,
      ),
    })
  })
})

describe('what stands in the destination', () => {
  test('as a table of another shape in Postgres is refused with 2', async () => {
    const warehouse = await postgresDatabase()
    await warehouse.read('create table orders (id text primary key, opened text)')
    const { code, stderr } = await syncInto(warehouse.target)
    expect(code).toBe(2)
    expect(stderr).toMatch(/Table orders in the destination has another key than \(.+\); .+\.\n$/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  test('as a column of another type in DuckDB is refused with 2', async () => {
    const { target } = duckdbFile()
    await onDuckdb(target, 'create table job (restaurant_id varchar, id varchar, title bigint)')
    const { code, stderr } = await syncInto(target)
    expect(code).toBe(2)
    expect(stderr).toMatch(/Column title of table job is BIGINT in the destination and .+\.\n$/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

/** A sync of a few streams. */
function syncInto(target: string, more: readonly string[] = []) {
  return sync(['toast', '--config', configurationFile(), '--to', target, ...few, ...more])
}

async function onDuckdb(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

describe('regulars sync check', () => {
  test('lists the restaurants of credentials that are taken', async () => {
    const { code, stdout } = await sync(['check', 'toast', '--config', configurationFile()])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^The configuration is sound and Toast takes the credentials; 3 restaurants:\n( {2}\S+ {2}.+, closes out at \d+:00\n){3}$/,
    )
  })

  test.each([
    {
      vendor: 'toast',
      change: { clientSecret: 'wrong' },
      code: 2,
      said: /^Toast refused the login /,
    },
    { vendor: 'toast', change: { clientId: '' }, code: 2, said: / {2}clientId: / },
  ])('of $vendor with $change says what is wrong', async ({ vendor, change, code, said }) => {
    const run = await sync(['check', vendor, '--config', configurationFile(change)])
    expect(run).toMatchObject({ code, stdout: '' })
    expect(run.stderr).toMatch(said)
    expect(run.stderr).not.toMatch(/\n\s+at /)
  })

  test('of Punchh ends in a sentence when the server is none', async () => {
    const folder = temporaryFolder()
    mkdirSync(folder, { recursive: true })
    const config = join(folder, 'punchh.json')
    const keys = { location_key: 'store-1', business_key: 'biz-1' }
    writeFileSync(config, JSON.stringify({ base_url: toast.line.url, ...keys }))
    const { code, stderr } = await sync(['check', 'punchh', '--config', config])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^ {2}location_key: \/api\/pos\/locations\/configuration: .*base_url/m)
    expect(stderr).not.toMatch(/store-1|biz-1/)
  })
})

test('regulars sync status and state show and set where a stream stands', async () => {
  const { target } = duckdbFile()
  await sync(['toast', '--config', configurationFile(), '--to', target, '--streams', 'job'])
  const status = await sync(['status', '--to', target, '--json'])
  const standing = status.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const jobs = standing.filter(({ stream }) => stream === 'job')
  expect(jobs).toHaveLength(3)
  expect(jobs[0]).toEqual({
    source: 'toast',
    label: expect.any(String),
    location: expect.any(String),
    stream: 'job',
    cursor: expect.any(String),
    records: 6,
    lastSuccessAt: expect.any(String),
    lagSeconds: expect.any(Number),
  })
  const text = await sync(['status', '--to', target])
  expect(text.stdout.split('\n')[0]).toMatch(
    /^where +name +stream +delivered until +back to +records +lag +last error$/,
  )

  const one = ['--to', target, '--location', jobs[0].location, '--stream', 'job']
  expect(await sync(['state', 'set', ...one, '{"cursor":"2026-01-01T00:00:00.000Z"}'])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
  const { stdout } = await sync(['state', 'get', ...one])
  expect(JSON.parse(stdout)).toEqual({ rows: 0, cursor: '2026-01-01T00:00:00.000Z' })
})

test('regulars sync state set takes only what is a state, of what there is', async () => {
  const { target } = duckdbFile()
  await sync(['toast', '--config', configurationFile(), '--to', target, '--streams', 'job'])
  const status = await sync(['status', '--to', target, '--json'])
  const { location } = JSON.parse(status.stdout.split('\n')[0] ?? '')
  const soundly = { location, stream: 'job', json: '{}' }
  const refused = [
    { change: { json: '[]' }, said: /^The state must be a JSON object, / },
    { change: { json: '{"cursor":5}' }, said: /^The state is not sound:\n {2}cursor: must be an / },
    { change: { json: '{"rows":"x","a":1}' }, said: /:\n {2}rows: must .+\n {2}a: there is no / },
    {
      change: { stream: 'jobs' },
      said: /^There is no stream jobs of toast; there is \w+, .+ more\./,
    },
    { change: { stream: '_location' }, said: /^There is no stream _location of toast; / },
    {
      change: { location: 'north' },
      said: /^Nothing is stored of a location north; there is \S+, /,
    },
  ]
  for (const { change, said } of refused) {
    const { location, stream, json } = { ...soundly, ...change }
    const args = ['--to', target, '--location', location, '--stream', stream, json]
    expect(await sync(['state', 'set', ...args])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(said),
    })
  }
  expect((await sync(['status', '--to', target, '--json'])).stdout.split('\n')).toHaveLength(
    status.stdout.split('\n').length,
  )
}, 30_000)

describe('regulars sync status of a file', () => {
  const stored = (rows: string) =>
    `create table sync_state (source varchar, location varchar, stream varchar, state varchar,
                              updated_at timestamptz);
     insert into sync_state values ${rows}`

  test('with two sources shows both, with the names that are known', async () => {
    const { target } = duckdbFile()
    await onDuckdb(
      target,
      stored(`('punchh', 'biz', 'guest', '{"rows":3}', now()),
              ('toast', 'r1', 'job', '{"rows":1200,"cursor":"2026-11-01T10:20:30.000Z"}', now()),
              ('toast', 'r1', '_location', '{"label":"North Pier"}', now())`),
    )
    const both = await sync(['status', '--to', target])
    expect(both).toEqual({
      code: 0,
      stderr: '',
      stdout: `source  where  name        stream  delivered until      back to  records    lag  last error
punchh  biz                guest                                       3  never
toast   r1     North Pier  job     2026-11-01T10:20:30             1,200  never
`,
    })
    const one = await sync(['status', '--to', target, '--source', 'punchh'])
    expect(one.stdout).toMatch(/^where +stream .+\nbiz +guest +3 +never\n$/)
  })

  test('with a state that was changed by hand says what is wrong with it', async () => {
    const { target } = duckdbFile()
    await onDuckdb(target, stored(`('toast', 'r1', 'job', '{"rows":"x"}', now())`))
    expect(await sync(['status', '--to', target])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /\nr1 +job +the stored state is not sound: rows: must be a whole number from 0\.\n$/,
      ),
    })
  })

  const empty = [
    {
      what: 'nothing of a source',
      rows: `('punchh', 'biz', 'guest', '{"rows":3}', now())`,
      args: ['--source', 'toast'],
      said: /^Nothing of toast was synced into \S+; name what was with --source: punchh\.\n$/,
    },
    {
      what: 'a source that there is not',
      rows: `('punchh', 'biz', 'guest', '{"rows":3}', now())`,
      args: ['--source', 'foo'],
      said: /'--source <name>' argument 'foo' is invalid\. Allowed choices are toast, punchh\.\n$/,
    },
    {
      what: 'no stream yet',
      rows: `('toast', '', '_session', 'sealed', now())`,
      args: [],
      said: /^No stream was read into \S+ yet; start a sync\.\n$/,
    },
  ]
  test.each(empty)('with $what is a sentence, with 2', async ({ rows, args, said }) => {
    const { target } = duckdbFile()
    await onDuckdb(target, stored(rows))
    const { code, stdout, stderr } = await sync(['status', '--to', target, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(said)
  })
})

test('regulars sync demo draws what was sold', async () => {
  const { target } = duckdbFile()
  const demo = ['demo', '--to', target, '--days', '2', '--orders-per-day', '3']
  const { code, stdout } = await sync(demo)
  expect(code).toBe(0)
  expect(stdout).toMatch(/\n\d{4}-\d\d-\d\d {2}█+ +\d[\d,]*\n/)
  expect(existsSync(target)).toBe(true)
  expect(await sync(demo)).toMatchObject({
    code: 2,
    stderr: `${target} is there already; remove it, or name a new file with --to.\n`,
  })
})

test.each([
  { to: '/nowhere/x.duckdb', said: /^\/nowhere is not a folder, so .+\.\n$/ },
  {
    to: 'postgres://127.0.0.1:1/x',
    said: /^The demo makes a DuckDB file; name a new one with --to\.\n$/,
  },
])('regulars sync demo into $to is refused with 2', async ({ to, said }) => {
  const { code, stderr } = await sync(['demo', '--to', to, '--days', '1'])
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(said) })
})
