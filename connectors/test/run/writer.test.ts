import { describe, expect, test } from 'vitest'
import type { Batch, Destination, Unit, Written } from '../../src/destination.ts'
import { openWriter, type Part } from '../../src/run/writer.ts'

const nothingWritten: Written = {
  rows: 0,
  removed: 0,
  unitsWritten: 0,
  unitsUnchanged: 0,
  unitsOlder: 0,
}

/** A destination that only writes, each time when `letGo` is called. */
function slowDestination() {
  const batches: Batch[] = []
  const held: { go(): void; fail(error: Error): void }[] = []
  const destination = {
    write(batch: Batch) {
      batches.push(batch)
      return new Promise<Written>((resolve, reject) => {
        held.push({
          go: () => resolve({ ...nothingWritten, unitsWritten: batch.units.length }),
          fail: reject,
        })
      })
    },
  } as Partial<Destination> as Destination
  return {
    destination,
    batches,
    async next() {
      while (held.length === 0) await turn()
      return held.shift()!
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1)
  })
}

/** A part of so many rows, whose state says which it is. */
function part(name: string, rows = 1): Part {
  const unit: Unit = {
    table: 'job',
    location: 'harbor',
    id: name,
    version: '2026-11-20T12:00:00.000Z',
    hash: name,
    deletedAt: null,
    rows: new Map([['job', Array.from({ length: rows }, () => ({ id: name }))]]),
  }
  return { units: [unit], state: { location: 'harbor', stream: name, state: name } }
}

function namesIn(batch: Batch | undefined): string[] {
  return (batch?.units ?? []).map(({ id }) => id)
}

const tooMany = 40_000

async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  promise.then(
    () => {
      done = true
    },
    () => {
      done = true
    },
  )
  await turn()
  return done
}

describe('a writer', () => {
  test('writes small parts together, and their states, in the order they came', async () => {
    const { destination, batches, next } = slowDestination()
    const told: Written[] = []
    const writer = openWriter(destination, (written) => told.push(written))
    await writer.bring(part('a'))
    await writer.bring(part('b'))
    await writer.bring({ state: { location: 'harbor', stream: 'a', state: 'later' } })
    await writer.bring({ state: { location: 'cove', stream: 'a', state: 'elsewhere' } })
    const settled = writer.settled()
    const write = await next()
    write.go()
    await settled
    expect(batches.map(namesIn)).toEqual([['a', 'b']])
    expect(batches[0]!.states).toEqual([
      { location: 'harbor', stream: 'a', state: 'a' },
      { location: 'harbor', stream: 'b', state: 'b' },
      { location: 'harbor', stream: 'a', state: 'later' },
      { location: 'cove', stream: 'a', state: 'elsewhere' },
    ])
    expect(told).toEqual([{ ...nothingWritten, unitsWritten: 2 }])
  })

  test('passes everything of a part on', async () => {
    const { destination, batches, next } = slowDestination()
    const writer = openWriter(destination, () => {})
    const removal = { table: 'job', location: 'harbor', within: [], keep: ['a'], readAt: 'then' }
    const quarantined = {
      location: 'harbor',
      stream: 'job',
      table: 'job',
      id: null,
      reason: 'why',
      payload: '{}',
    }
    await writer.bring({ removals: [removal], quarantined: [quarantined] })
    const write = await next()
    write.go()
    await writer.settled()
    expect(batches).toEqual([
      { units: [], removals: [removal], states: [], quarantined: [quarantined] },
    ])
  })

  test('holds back whoever brings more while much waits, until something is written', async () => {
    const { destination, batches, next } = slowDestination()
    const writer = openWriter(destination, () => {})
    // What is being written waits no more.
    await writer.bring(part('first', tooMany))
    const write = await next()
    const second = writer.bring(part('second', tooMany))
    expect(await isDone(second)).toBe(false)
    const third = writer.bring(part('third'))
    expect(await isDone(third)).toBe(false)
    write.go()
    await Promise.all([second, third])
    expect(await isDone(writer.settled())).toBe(false)
    const again = await next()
    again.go()
    const last = await next()
    last.go()
    await writer.settled()
    expect(batches.map(namesIn)).toEqual([['first'], ['second'], ['third']])
  })

  test('holds nobody back for little', async () => {
    const { destination, next } = slowDestination()
    const writer = openWriter(destination, () => {})
    for (let count = 0; count < 100; count += 1) await writer.bring(part(String(count)))
    const write = await next()
    write.go()
    await writer.settled()
  })

  test('that fails lets go of everybody, with the reason, and takes nothing more', async () => {
    const { destination, batches, next } = slowDestination()
    const writer = openWriter(destination, () => {})
    await writer.bring(part('a', tooMany))
    const held = [writer.bring(part('b', tooMany)), writer.bring(part('c'))]
    const caught = held.map((one) => one.catch((error: Error) => error.message))
    const settled = writer.settled().catch((error: Error) => error.message)
    const write = await next()
    write.fail(new Error('the disk is full'))
    expect(await Promise.all([...caught, settled])).toEqual(Array(3).fill('the disk is full'))
    await expect(writer.bring(part('d'))).rejects.toThrow('the disk is full')
    await expect(writer.settled()).rejects.toThrow('the disk is full')
    expect(batches.map(namesIn)).toEqual([['a']])
  })

  test('that has nothing to write is settled', async () => {
    const writer = openWriter(slowDestination().destination, () => {})
    await expect(writer.settled()).resolves.toBeUndefined()
  })

  test('loses nothing that is brought while it comes to its end', async () => {
    // Brought after every number of microtasks from the last write's end on.
    for (let ticks = 0; ticks < 12; ticks += 1) {
      const { destination, batches, next } = slowDestination()
      const writer = openWriter(destination, () => {})
      const first = writer.bring(part('first', tooMany))
      const write = await next()
      write.go()
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
      const second = writer.bring(part('second', tooMany))
      const last = await next()
      last.go()
      await Promise.all([first, second, writer.settled()])
      expect(batches.map(namesIn)).toEqual([['first'], ['second']])
    }
  })
})
