import { expect, test } from 'vitest'
import { type Limiter, openLimiter } from '../../src/run/limiter.ts'
import type { Task } from '../../src/run/plan.ts'
import { openProgress } from '../../src/run/progress.ts'

const limits = {
  every: [{ calls: 100, seconds: 900 }],
  named: { history: [{ calls: 1, seconds: 5 }] },
}

function task(...names: string[]): Task {
  return {
    purpose: 'live',
    what: 'a page',
    call: { path: '/', query: {}, headers: {}, limits: names },
    window: null,
    businessDate: null,
    range: null,
    repair: null,
    removes: null,
    ids: null,
    moves: {},
  }
}

/** Of these locations, each after so many calls. */
function limitersOf(calls: Record<string, number>): Map<string, Limiter> {
  return new Map(
    Object.entries(calls).map(([location, count]) => {
      const limiter = openLimiter(limits, () => 0)
      for (let sent = 0; sent < count; sent += 1) limiter.spend([])(null)
      return [location, limiter]
    }),
  )
}

test('a run tells what is read, what is asked of what is allowed, and how long it still takes', () => {
  let at = 0
  const progress = openProgress(limits, () => at)
  const limiters = limitersOf({ '': 1, north: 12, south: 0 })
  const told = (orders: number) =>
    progress.told({ rows: 70, calls: { restaurant: 1, orders }, limiters })
  const common = {
    event: 'progress',
    rows: 70,
    // The account's own call counts towards no restaurant's slice, and south was not called.
    slice: { used: 12, allowed: 100, seconds: 900 },
  }
  expect(told(0)).toMatchObject({ streams: { done: 0, total: 0 }, secondsLeft: null })

  for (const location of ['north', 'south']) progress.expect(location, 'orders')
  const north = progress.of('north', 'orders')
  const past = task('history')
  expect(north.begin([...Array(5).fill(task()), ...Array(7).fill(past)])).toBe(12)
  for (let settled = 0; settled < 5; settled += 1) {
    north.start()
    north.settle(task())
  }
  expect(told(10)).toEqual({
    ...common,
    streams: { done: 0, total: 2 },
    requests: 11,
    secondsLeft: null,
  })

  at = 1_000
  progress.of('south', 'orders').end()
  // Seven readings of the past, two calls each, five seconds apart.
  expect(told(10)).toEqual({
    ...common,
    streams: { done: 1, total: 2 },
    requests: 11,
    secondsLeft: 70,
  })
  north.start()
  north.settle(past)
  expect(told(12)).toMatchObject({ secondsLeft: 60 })
  north.end()
  expect(told(12)).toMatchObject({ streams: { done: 2, total: 2 }, secondsLeft: 0 })
})

test('a reading that is under way for long makes the time left longer', () => {
  let at = 0
  const progress = openProgress({ every: [], named: {} }, () => at)
  progress.expect('north', 'job')
  const jobs = progress.of('north', 'job')
  const secondsLeft = () => progress.told({ rows: 0, calls: {}, limiters: new Map() }).secondsLeft
  jobs.begin([task(), task()])
  jobs.start()
  at = 3_000
  expect(secondsLeft()).toBe(6)
  jobs.settle(task())
  at = 4_000
  expect(secondsLeft()).toBe(3)
  at = 13_000
  expect(secondsLeft()).toBe(7)
})

test('of a stream that was not expected nothing is told', () => {
  const progress = openProgress({ every: [], named: {} })
  const list = progress.of('', 'restaurant')
  expect(list.begin([task()])).toBe(1)
  list.start()
  list.settle(task())
  list.end()
  expect(progress.told({ rows: 0, calls: {}, limiters: new Map() })).toEqual({
    event: 'progress',
    streams: { done: 0, total: 0 },
    rows: 0,
    requests: 0,
    slice: null,
    secondsLeft: null,
  })
})
