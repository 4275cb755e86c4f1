import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type StandIn, startStandIn } from '@regulars/sandbox'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { callsOf, tablesOf } from './place.ts'
import { differences, salesDifferences } from './truth.ts'
import { duckdbFile, postgresDatabase, type Warehouse } from './warehouse.ts'

const syncing = fileURLToPath(new URL('syncing-process.ts', import.meta.url))
const regulars = fileURLToPath(new URL('../../../cli/bin/regulars.js', import.meta.url))

const kills = Number(process.env.REGULARS_SYNC_KILLS ?? 4)
const seeds = (process.env.REGULARS_SYNC_SEEDS ?? '1').split(',').map(Number)
const isSoak = process.env.REGULARS_SYNC_KILLS !== undefined
/** All streams where there is time for it. */
const streams = isSoak
  ? undefined
  : ['orders', 'cash_entry', 'shift', 'employee', 'discounts', 'published_menus']
/** After so long a process is mostly through. */
const killedWithinMs = isSoak ? 5_000 : 900

const entriesPath = '/cashmgmt/v1/entries'

describe.each(seeds)('a sync of the world of seed %i', (seed) => {
  test.each([
    { kind: 'a DuckDB file', open: () => Promise.resolve(duckdbFile()) },
    { kind: 'Postgres', open: postgresDatabase },
  ])(
    'that is killed again and again ends equal to the truth, in $kind',
    async ({ open }) => {
      const standIn = await startStandIn({
        seed,
        days: 5,
        ordersPerDay: 8,
        restaurants: 2,
        latencyMs: 10,
        limits: 'off',
      })
      onTestFinished(() => standIn.close())
      const warehouse = await open()
      const given = { target: warehouse.target, url: standIn.url, credentials: standIn.credentials }
      const delays = fc.sample(fc.integer({ min: 0, max: killedWithinMs }), {
        numRuns: kills,
        seed: fc.readConfigureGlobal().seed ?? seed,
      })
      for (const delayMs of delays) {
        const child = start([syncing, JSON.stringify({ ...given, streams })])
        await once(child.stdout, 'data')
        await wait(delayMs)
        const ended = await end(child, 'SIGKILL')
        // One that was through has nothing left to be killed in: the world moves on.
        if (ended === 0) standIn.advance({ hours: 5 })
      }
      // What left a list since it was last read whole is seen when it is asked for.
      const last = JSON.stringify({ ...given, streams, full: true })
      expect(await end(start([syncing, last]))).toBe(0)
      await expectTruth(warehouse, standIn)
    },
    600_000,
  )
})

test('SIGINT ends a sync with what was read saved and exit code 3; the next one goes on from there', async () => {
  // At twenty calls a second it takes four.
  const days = 40
  const standIn = await startStandIn({ restaurants: 1, days, ordersPerDay: 1, limits: 'off' })
  onTestFinished(() => standIn.close())
  const warehouse = duckdbFile()
  const config = configurationFile({
    ...standIn.credentials,
    userAccessType: 'TOAST_MACHINE_CLIENT',
    domain: standIn.url,
    initialSyncStart: '2016-01-01T00:00:00Z',
  })
  const words = ['sync', 'toast', '--config', config, '--to', warehouse.target, '--json']
  const only = ['--streams', 'cash_entry,cash_deposit']
  const first = start([regulars, ...words, ...only])
  // Lines of JSON tell that the restaurants are known; then calls are counted here.
  for await (const line of createInterface({ input: first.stdout })) {
    if (JSON.parse(line).event === 'locations') break
  }
  // More than the days that are read again each time, with as many under way at once.
  while (callsOf(standIn, entriesPath) < 24) await wait(5)
  expect(await end(first, 'SIGINT')).toBe(3)
  expect(await warehouse.read('select outcome from sync_run')).toEqual([{ outcome: 'stopped' }])
  const rows = await warehouse.read('select count(*) as rows from cash_entry')
  expect(Number(rows[0]?.rows)).toBeGreaterThan(0)
  const saved = callsFor(standIn, entriesPath)
  expect(await end(start([regulars, ...words, ...only]))).toBe(0)
  // The days that may still change, and those that were left: not all of them.
  const again = callsFor(standIn, entriesPath)
  expect(saved).toBeLessThan(days)
  expect(again).toBeLessThan(days)
  const tables = new Set(['cash_entry', 'cash_deposit'])
  expect(await differences(warehouse, standIn, { tables })).toEqual([])
}, 60_000)

async function expectTruth(warehouse: Warehouse, standIn: StandIn): Promise<void> {
  const only = streams === undefined ? {} : { tables: new Set(streams.flatMap(tablesOf)) }
  expect(await differences(warehouse, standIn, only)).toEqual([])
  expect(await salesDifferences(warehouse, standIn)).toEqual([])
}

type Child = ChildProcess & { stdout: NonNullable<ChildProcess['stdout']>; said: () => string }

function start(words: readonly string[]): Child {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return Object.assign(child, { said: () => said })
}

/** Its exit code; null when a signal ended it. Throws what it said when it failed by itself. */
async function end(child: Child, signal?: 'SIGKILL' | 'SIGINT'): Promise<number | null> {
  child.stdout.resume()
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null
  if (signal !== undefined) child.kill(signal)
  await exited
  if (child.exitCode === 1) throw new Error(child.said())
  return child.exitCode
}

/** How often a path was asked since this was last called. */
function callsFor(standIn: StandIn, path: string): number {
  const calls = callsOf(standIn, path)
  standIn.clearRequests()
  return calls
}

function configurationFile(content: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-configuration-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'configuration.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}
