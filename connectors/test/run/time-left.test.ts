import { describe, expect, test } from 'vitest'
import {
  longSlice,
  paceAfter,
  type Spent,
  type StreamAhead,
  secondsLeft,
} from '../../src/run/time-left.ts'

const limits = {
  every: [
    { calls: 20, seconds: 1 },
    { calls: 10_000, seconds: 900 },
  ],
  named: { history: [{ calls: 1, seconds: 5 }], menus: [{ calls: 1, seconds: 1 }] },
}

const over: StreamAhead = { done: 9, left: 0, leftUnder: {}, callsPerReading: 1, paceMs: 60_000 }

function ahead(change: Partial<StreamAhead>): StreamAhead {
  return { ...over, ...change }
}

const fresh: Spent = { calls: 0, renewsInMs: 900_000 }

describe('the time left', () => {
  const cases: {
    name: string
    streams: (StreamAhead | null)[]
    spent?: Spent | null
    others?: StreamAhead[]
    seconds: number | null
  }[] = [
    { name: 'is none when everything is over', streams: [over, over], seconds: 0 },
    { name: 'is unknown before every stream has begun', streams: [over, null], seconds: null },
    {
      name: 'is unknown while a stream has read too little of much',
      streams: [over, ahead({ done: 4, left: 6 })],
      seconds: null,
    },
    {
      name: 'is known from the fifth reading on',
      streams: [ahead({ done: 5, left: 6, paceMs: 2_000 })],
      seconds: 12,
    },
    {
      name: 'is known of a stream that has little to read',
      streams: [ahead({ done: 1, left: 5, paceMs: 2_000 })],
      seconds: 10,
    },
    {
      name: 'is that of the slowest stream, since they are read side by side',
      streams: [
        ahead({ done: 10, left: 10, paceMs: 800 }),
        ahead({ done: 10, left: 20, paceMs: 800 }),
        ahead({ done: 10, left: 5, paceMs: 800 }),
      ],
      seconds: 16,
    },
    {
      name: 'is that of the slowest location',
      streams: [ahead({ done: 10, left: 10, paceMs: 800 })],
      others: [ahead({ done: 10, left: 10, paceMs: 4_000 })],
      seconds: 40,
    },
    {
      name: 'is not shorter than a limit of its own allows, however quick the first readings were',
      streams: [
        ahead({
          done: 30,
          left: 365,
          leftUnder: { history: 365 },
          callsPerReading: 3,
          paceMs: 300,
        }),
      ],
      seconds: 365 * 3 * 5,
    },
    {
      name: 'goes by the slower of two limits',
      streams: [ahead({ done: 5, left: 20, leftUnder: { menus: 20, history: 10 }, paceMs: 0 })],
      seconds: 50,
    },
    {
      name: 'is not shorter than the calls of all streams together take',
      streams: [ahead({ left: 100, paceMs: 0 }), ahead({ left: 300, paceMs: 0 })],
      seconds: 20,
    },
    {
      name: 'takes in no slice when what is left of this one is enough',
      streams: [ahead({ left: 1_000, paceMs: 0 })],
      spent: { calls: 9_000, renewsInMs: 400_000 },
      seconds: 50,
    },
    {
      name: 'waits for the next slice for a single call more',
      streams: [ahead({ left: 1_001, paceMs: 0 })],
      spent: { calls: 9_000, renewsInMs: 400_000 },
      seconds: 400,
    },
    {
      name: 'takes in as many slices as the calls need',
      streams: [ahead({ left: 12_000, callsPerReading: 2, paceMs: 0 })],
      spent: { calls: 9_000, renewsInMs: 400_000 },
      seconds: 400 + 2 * 900,
    },
    {
      name: 'goes by the allowed rate before anything was called',
      streams: [ahead({ done: 5, left: 20_000, paceMs: 0 })],
      spent: null,
      seconds: 1_800,
    },
  ]
  for (const { name, streams, spent = fresh, others = [], seconds } of cases) {
    test(name, () => {
      const locations = [
        { spent, streams },
        { spent: fresh, streams: others },
      ]
      expect(secondsLeft(limits, locations)).toBe(seconds)
    })
  }

  test('without limits goes by the pace alone', () => {
    const streams = [ahead({ done: 10, left: 10, leftUnder: { history: 10 }, paceMs: 800 })]
    expect(secondsLeft({ every: [], named: {} }, [{ spent: null, streams }])).toBe(8)
  })
})

test('the long slice is the longest, and none is told of where calls are only paced', () => {
  expect(longSlice(limits)).toEqual({ calls: 10_000, seconds: 900 })
  expect(longSlice({ every: [{ calls: 5, seconds: 1 }], named: {} })).toBeNull()
  expect(longSlice({ every: [], named: {} })).toBeNull()
})

test('a pace is the mean of twenty readings, and then goes by the latest more than by the first', () => {
  const paceOf = (spans: readonly number[]) =>
    spans.reduce((paceMs, ms, index) => paceAfter(index + 1, { paceMs, ms }), 0)
  expect(paceOf([500])).toBe(500)
  expect(paceOf([100, 200, 600])).toBeCloseTo(300)
  const quick = Array<number>(30).fill(100)
  const slow = Array<number>(60).fill(1_000)
  expect(paceOf([...quick, ...slow])).toBeGreaterThan(950)
})
