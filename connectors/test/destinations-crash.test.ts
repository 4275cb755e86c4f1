import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds, makePlace, type Place, readTables, wholeTable } from './destination-under-test.ts'
import { checks, orders, ordersOf } from './writing-process.ts'

const program = fileURLToPath(new URL('writing-process.ts', import.meta.url))
const kills = Number(process.env.REGULARS_DESTINATION_KILLS ?? 6)

/** Starts the program and waits until it writes. */
async function startWriting(target: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, target], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the writing process ended: ${said}`)
  })
  await Promise.race([once(child.stdout, 'data'), exited])
  exited.catch(() => undefined)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** What is there after `batches` whole batches. */
function wholeBatches(batches: number) {
  const lastOf = new Map<number, { batch: number; checkCount: number; checksEver: number }>()
  for (let batch = 0; batch < batches; batch += 1) {
    for (const { id, checkCount } of ordersOf(batch)) {
      const ever = Math.max(checkCount, lastOf.get(id)?.checksEver ?? 0)
      lastOf.set(id, { batch, checkCount, checksEver: ever })
    }
  }
  return [...lastOf].map(([id, last]) => ({ id, ...last }))
}

describe.each(kinds)('%s', (kind) => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace[kind]()
  })
  afterAll(() => place.remove())

  test('rows and state agree wherever a process is killed', { timeout: 300_000 }, async () => {
    const delays = fc.sample(fc.integer({ min: 0, max: 250 }), kills)
    let reached = 0
    for (const delayMs of delays) {
      const child = await startWriting(place.target)
      await wait(delayMs)
      await kill(child)

      const destination = await place.open()
      const [state] = await destination.states()
      await destination.close()
      const batches = state === undefined ? 0 : JSON.parse(state.state).batch + 1
      const [storedOrders, storedChecks] = await readTables(place, [
        wholeTable(orders),
        wholeTable(checks),
      ])
      const expected = wholeBatches(batches)
      expect(storedOrders!.map(({ id, batch }) => [id, batch])).toEqual(
        expected.map(({ id, batch }) => [id, batch]),
      )
      expect(checksByOrder(storedChecks!)).toEqual(
        new Map(expected.map((each) => [String(each.id), [each.checkCount, each.checksEver]])),
      )
      expect(batches).toBeGreaterThanOrEqual(reached)
      reached = batches
    }
    expect(reached).toBeGreaterThan(0)
  })
})

/** Per order how many checks are there and not deleted, and how many in all. */
function checksByOrder(rows: readonly Record<string, unknown>[]): Map<unknown, number[]> {
  const counts = new Map<unknown, number[]>()
  for (const row of rows) {
    const [live = 0, all = 0] = counts.get(row._root_id) ?? []
    counts.set(row._root_id, [live + (row._deleted_at === null ? 1 : 0), all + 1])
  }
  return counts
}
