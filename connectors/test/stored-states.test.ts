import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as soon } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DestinationRefused, type SourceState } from '../src/destination.ts'
import { storedStates } from '../src/destinations/open-destination.ts'
import { kinds, makePlace, type Place } from './destination-under-test.ts'
import { batchOf, checks, orders } from './writing-process.ts'

const program = fileURLToPath(new URL('writing-process.ts', import.meta.url))

/** Starts a process that writes until it is killed. */
async function startWriting(target: string) {
  const child = spawn(process.execPath, [program, target], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function writeBatchTo(place: Place, source = 'toast'): Promise<void> {
  const destination = await place.open(source)
  await destination.prepare([orders, checks])
  await destination.write(batchOf(1))
  await destination.close()
}

const written: SourceState[] = [
  { source: 'toast', location: 'north', stream: 'orders', state: '{"batch":1}' },
]
const bytesOfSomeBatches = 500_000
const inMain = { schema: 'main' }

describe.each(kinds)('%s', (kind) => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace[kind]()
  })
  afterAll(() => place.remove())

  test('tells what was stored of each source', async () => {
    expect(await storedStates(place.target, inMain)).toBeNull()
    await writeBatchTo(place)
    expect(await storedStates(place.target, inMain)).toEqual(written)
    expect(await storedStates(place.target, { schema: 'other' })).toBeNull()
    await writeBatchTo(place, 'punchh')
    const [ofToast] = written
    expect(await storedStates(place.target, inMain)).toEqual([
      { ...ofToast, source: 'punchh' },
      ofToast,
    ])
  })
})

describe.each(kinds)('%s', (kind) => {
  test("holds nothing of ours where sync_state is somebody else's", async () => {
    const place = await makePlace[kind]()
    try {
      await place.query(['create schema others', 'create table others.sync_state (a int)'])
      expect(await storedStates(place.target, { schema: 'others' })).toBeNull()
    } finally {
      await place.remove()
    }
  })
})

describe('DuckDB', () => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace.DuckDB()
  })
  afterAll(() => place.remove())

  const filesThere = () => {
    const folder = dirname(place.target)
    const names = readdirSync(folder).filter((name) => !name.endsWith('.staging'))
    return new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`).toString('hex')]))
  }

  test('a file that is not there is not made', async () => {
    expect(await storedStates(place.target, inMain)).toBeNull()
    expect(existsSync(place.target)).toBe(false)
  })

  test('what a killed sync left in the log is read, and stays as it is', async () => {
    const writing = await startWriting(place.target)
    const log = `${place.target}.wal`
    while (!existsSync(log) || statSync(log).size < bytesOfSomeBatches) await soon(20)
    await writing.kill()
    const left = filesThere()

    const whole = await storedStates(place.target, inMain)
    expect(whole).toEqual([{ ...written[0], state: expect.stringMatching(/^\{"batch":\d+\}$/) }])
    expect(filesThere()).toEqual(left)

    // A power cut can leave part of a batch at the end of the log.
    truncateSync(log, Math.floor(statSync(log).size / 2))
    const [cut] = (await storedStates(place.target, inMain)) ?? []
    expect(batchIn(cut)).toBeLessThan(batchIn(whole?.[0]))
  })

  test('while another process has it open it is refused, with who that is and what to do', async () => {
    const writing = await startWriting(place.target)
    const reading = storedStates(place.target, inMain)
    await expect(reading).rejects.toThrow(DestinationRefused)
    await expect(reading).rejects.toThrow(
      `${place.target} is open in process ${writing.pid}; ` +
        'DuckDB lets nobody else read it meanwhile, so ask again when that has ended.',
    )
    await writing.kill()
  }, 20_000)

  test('it waits a moment for a process that has it open', async () => {
    const writing = await startWriting(place.target)
    const reading = storedStates(place.target, inMain)
    await soon(300)
    await writing.kill()
    expect(await reading).toHaveLength(1)
  })

  test('what this process is writing is refused', async () => {
    const destination = await place.open()
    await expect(storedStates(place.target, inMain)).rejects.toThrow(/is open in this process/)
    await destination.close()
  })

  test('a file of another kind is refused', async () => {
    const target = `${place.target}.txt`
    writeFileSync(target, 'id,total\n'.repeat(1_000))
    await expect(storedStates(target, inMain)).rejects.toThrow(/not a DuckDB database/)
  })
})

describe('Postgres', () => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace.Postgres()
  })
  afterAll(() => place.remove())

  test('a schema that is not there is not made', async () => {
    expect(await storedStates(place.target, inMain)).toBeNull()
    const [schemas] = await place.query([`select 1 from pg_namespace where nspname = 'main'`])
    expect(schemas).toEqual([])
  })

  test('it is read while a sync has it open', async () => {
    await writeBatchTo(place)
    const destination = await place.open()
    expect(await storedStates(place.target, inMain)).toEqual(written)
    await destination.close()
  })

  test('a user who may only read can, and one who may not is told what to grant', async () => {
    await place.query([`create role looker_of_tests login password 'x'`])
    const url = new URL(place.target)
    Object.assign(url, { username: 'looker_of_tests', password: 'x' })
    try {
      await expect(storedStates(url.href, inMain)).rejects.toThrow(
        /does not let this user read the table sync_state in schema main .*; grant it usage and select there, or name another schema\.$/,
      )
      await place.query([
        `grant usage on schema main to looker_of_tests`,
        `grant select on main.sync_state to looker_of_tests`,
      ])
      expect(await storedStates(url.href, inMain)).toEqual(written)
    } finally {
      await place.query([`drop owned by looker_of_tests`, `drop role looker_of_tests`])
    }
  })
})

function batchIn(state: SourceState | undefined): number {
  return JSON.parse(state?.state ?? '{}').batch
}
