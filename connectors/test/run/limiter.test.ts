import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openLimiter, pause } from '../../src/run/limiter.ts'
import type { Limit } from '../../src/source.ts'

const short: Limit = { calls: 20, seconds: 1 }
const long: Limit = { calls: 240, seconds: 20 }

/** What a simulated vendor counts: slices of one length, begun at a phase of its own. */
type Slices = { limit: Limit; phaseMs: number; used: Map<number, number> }

function slicesOf(limit: Limit, phaseMs: number): Slices {
  return { limit, phaseMs, used: new Map() }
}

function sliceAt({ limit, phaseMs }: Slices, at: number): number {
  return Math.floor((at - phaseMs) / (limit.seconds * 1_000))
}

function count(slices: Slices, at: number): number {
  const slice = sliceAt(slices, at)
  const used = (slices.used.get(slice) ?? 0) + 1
  slices.used.set(slice, used)
  return slices.limit.calls - used
}

function endOf(slices: Slices, at: number): number {
  return (sliceAt(slices, at) + 1) * slices.limit.seconds * 1_000 + slices.phaseMs
}

type Told = { remaining: number; resetsAtMs: number }

/** What the vendor's headers say of several limits: the one with the fewest calls left. */
function nearest(told: readonly Told[]): Told {
  return told.reduce((one, other) => (other.remaining < one.remaining ? other : one))
}

type World = {
  every: readonly Slices[]
  named?: Slices
  names: readonly string[]
  /** How long a call takes to be counted, and its reply to come back. */
  latencies: readonly (readonly [there: number, back: number])[]
  tells: 'nothing' | 'nearest' | 'long'
  forMs: number
}

/**
 * Calls as often as the limiter lets it, on a clock of its own; answers with how many calls the
 * vendor counted.
 */
function simulate({ every, named, names, latencies, tells, forMs }: World): number {
  let at = 1_000_000
  const until = at + forMs
  const limiter = openLimiter(
    {
      every: every.map(({ limit }) => limit),
      named: named === undefined ? {} : { named: [named.limit] },
    },
    () => at,
  )
  const events: { at: number; happens(): void }[] = []
  let sent = 0
  let counted = 0
  const send = () => {
    const answered = limiter.spend(names)
    const [there = 0, back = 0] = latencies[sent % latencies.length] ?? []
    sent += 1
    const arrivesAt = at + there
    events.push({
      at: arrivesAt,
      happens() {
        counted += 1
        const binding = named === undefined || names.length === 0 ? every : [...every, named]
        const told = binding.map((slices) => ({
          remaining: count(slices, at),
          // Unix seconds, rounded up.
          resetsAtMs: Math.ceil(endOf(slices, at) / 1_000) * 1_000,
        }))
        const last = told[every.length - 1] ?? null
        const says = { nothing: null, nearest: nearest(told), long: last }[tells]
        events.push({ at: at + back, happens: () => answered(says) })
      },
    })
  }
  while (at < until) {
    events.sort((one, other) => one.at - other.at)
    while (events[0] !== undefined && events[0].at <= at) {
      events.shift()?.happens()
      events.sort((one, other) => one.at - other.at)
    }
    const waitMs = limiter.waitMs(names)
    if (waitMs === 0) send()
    else at += Math.max(1, Math.min(waitMs, (events[0]?.at ?? until) - at))
  }
  return counted
}

function mostUsed({ used }: Slices): number {
  return Math.max(0, ...used.values())
}

const latency = fc.tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 700 }))
const latencies = fc.array(latency, { minLength: 1, maxLength: 40 })
const phase = fc.integer({ min: 0, max: 19_999 })

describe('a vendor with fixed slices', () => {
  test('never sees more calls than it allows, whenever its slices begin and however late calls come', () => {
    fc.assert(
      fc.property(
        fc.tuple(phase, phase, phase),
        latencies,
        fc.constantFrom('nothing', 'nearest', 'long'),
        fc.constantFrom([], ['named']),
        ([shortPhase, longPhase, namedPhase], latencies, tells, names) => {
          // The vendor says when the long slice ends in whole seconds.
          const longSlices = slicesOf(long, longPhase - (longPhase % 1_000))
          const every = [slicesOf(short, shortPhase), longSlices]
          const named = slicesOf({ calls: 5, seconds: 1 }, namedPhase)
          simulate({ every, named, names, latencies, tells, forMs: 45_000 })
          expect(mostUsed(every[0]!)).toBeLessThanOrEqual(20)
          expect(mostUsed(longSlices)).toBeLessThanOrEqual(240)
          expect(mostUsed(named)).toBeLessThanOrEqual(names.length === 0 ? 0 : 5)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('sees its long slice used to 95 % and more when it says what is left and until when', () => {
    fc.assert(
      fc.property(
        phase,
        fc.constantFrom('nearest', 'long'),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 150 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (longPhase, tells, latencies) => {
          const minute = slicesOf({ calls: 667, seconds: 60 }, longPhase - (longPhase % 1_000))
          const every = [slicesOf(short, 0), minute]
          simulate({ every, names: [], latencies, tells, forMs: 200_000 })
          const used = [...minute.used].sort(([one], [other]) => one - other)
          // The first slice had begun before, the last one goes on.
          for (const [, calls] of used.slice(1, -1)) {
            expect(calls).toBeGreaterThanOrEqual(667 * 0.95)
            expect(calls).toBeLessThanOrEqual(667)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('sees its long slice used in full by windows of ours when it says nothing', () => {
    const longSlices = slicesOf(long, 7_000)
    const counted = simulate({
      every: [slicesOf(short, 300), longSlices],
      names: [],
      latencies: [[10, 10]],
      tells: 'nothing',
      forMs: 60_000,
    })
    expect(counted).toBeGreaterThanOrEqual(3 * 240 * 0.95)
  })

  test('whose slice another program has used up is not called before it renews', () => {
    let at = 0
    const limiter = openLimiter({ every: [short, long], named: {} }, () => at)
    limiter.spend([])({ remaining: 0, resetsAtMs: 15_000 })
    expect(limiter.waitMs([])).toBe(15_000)
    at = 14_999
    expect(limiter.waitMs([])).toBe(1)
    at = 15_000
    expect(limiter.waitMs([])).toBe(0)
  })

  test('is believed about the call counted last, in whatever order the replies come', () => {
    const limiter = openLimiter({ every: [short, long], named: {} }, () => 0)
    const [one, other] = [limiter.spend([]), limiter.spend([])]
    other({ remaining: 0, resetsAtMs: 15_000 })
    one({ remaining: 1, resetsAtMs: 15_000 })
    expect(limiter.waitMs([])).toBe(15_000)
  })

  test('is not called more for replies that say nothing of the long slice', () => {
    const limiter = openLimiter({ every: [short, long], named: {} }, () => 0)
    limiter.spend([])({ remaining: 2, resetsAtMs: 15_000 })
    limiter.spend([])(null)
    limiter.spend([])({ remaining: 7, resetsAtMs: 900 })
    expect(limiter.waitMs([])).toBe(15_000)
  })
})

describe('a limiter', () => {
  test('counts a call without an answer until it has one', () => {
    let at = 0
    const limiter = openLimiter({ every: [{ calls: 1, seconds: 1 }], named: {} }, () => at)
    const answered = limiter.spend([])
    at = 5_000
    const lookAgainMs = limiter.waitMs([])
    expect(lookAgainMs).toBeGreaterThan(0)
    expect(lookAgainMs).toBeLessThan(1_000)
    answered(null)
    expect(limiter.waitMs([])).toBe(1_000)
  })

  test('holds a call by the limits it is named under, and by those of every call', () => {
    const limiter = openLimiter(
      { every: [{ calls: 2, seconds: 1 }], named: { menus: [{ calls: 1, seconds: 3 }], free: [] } },
      () => 0,
    )
    limiter.spend(['menus'])(null)
    expect(limiter.waitMs(['menus'])).toBe(3_000)
    expect(limiter.waitMs(['menus', 'free'])).toBe(3_000)
    expect(limiter.waitMs(['free'])).toBe(0)
    limiter.spend([])(null)
    expect(limiter.waitMs([])).toBe(1_000)
  })

  test('that was told to wait sends nothing before, and the longest wait counts', () => {
    let at = 0
    const limiter = openLimiter({ every: [short], named: {} }, () => at)
    limiter.pauseUntil(4_000)
    limiter.pauseUntil(2_000)
    expect(limiter.waitMs([])).toBe(4_000)
    at = 4_000
    expect(limiter.waitMs([])).toBe(0)
  })

  test('without limits never waits', () => {
    const limiter = openLimiter({ every: [], named: {} }, () => 0)
    limiter.spend([])({ remaining: 0, resetsAtMs: 60_000 })
    expect(limiter.waitMs(['unheard of'])).toBe(0)
  })
})

describe('what is spent of the long slice', () => {
  test('is counted by us, from a call on until a slice after its reply', () => {
    let at = 0
    const limiter = openLimiter({ every: [long, short], named: {} }, () => at)
    expect(limiter.spent()).toBeNull()
    const [one, other] = [limiter.spend([]), limiter.spend([])]
    expect(limiter.spent()).toEqual({ calls: 2, renewsInMs: 20_000 })
    at = 1_000
    one(null)
    at = 3_000
    other(null)
    expect(limiter.spent()).toEqual({ calls: 2, renewsInMs: 18_000 })
    at = 21_000
    expect(limiter.spent()).toEqual({ calls: 1, renewsInMs: 2_000 })
    at = 23_000
    expect(limiter.spent()).toEqual({ calls: 0, renewsInMs: 20_000 })
  })

  test('is what the vendor says once it has, calls of other programs and under way included', () => {
    let at = 0
    const limiter = openLimiter({ every: [short, long], named: {} }, () => at)
    limiter.spend([])({ remaining: 100, resetsAtMs: 15_000 })
    expect(limiter.spent()).toEqual({ calls: 140, renewsInMs: 15_000 })
    limiter.spend([])
    expect(limiter.spent()).toEqual({ calls: 141, renewsInMs: 15_000 })
    at = 15_000
    expect(limiter.spent()).toEqual({ calls: 1, renewsInMs: 20_000 })
  })

  test('is not known without limits', () => {
    const limiter = openLimiter({ every: [], named: {} }, () => 0)
    limiter.spend([])(null)
    expect(limiter.spent()).toBeNull()
  })
})

describe('a pause', () => {
  test('ends by itself', async () => {
    await expect(pause(1, new AbortController().signal)).resolves.toBeUndefined()
  })

  test('ends with the reason of a signal that comes first, or had come', async () => {
    const stop = new AbortController()
    const paused = pause(60_000, stop.signal)
    stop.abort(new Error('told to stop'))
    await expect(paused).rejects.toThrow('told to stop')
    await expect(pause(60_000, stop.signal)).rejects.toThrow('told to stop')
  })
})
