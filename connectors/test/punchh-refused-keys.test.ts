import { expect, test } from 'vitest'
import { openRefusedKeys } from '../src/punchh/refused-keys.ts'

const minute = 60_000
const hour = 60 * minute

/** Refusals at these minutes, each of another key. */
function refusedAt(...minutes: number[]) {
  let now = 0
  const keys = openRefusedKeys(() => now)
  for (const [at, one] of minutes.entries()) {
    now = one * minute
    keys.refused(`key-${at}`)
  }
  return { keys, turn: (ms: number) => (now = ms) }
}

test.each([
  { name: 'five at once', minutes: [0, 0, 0, 0, 0], at: 0, waitMinutes: 0 },
  { name: 'six at once', minutes: [0, 0, 0, 0, 0, 0], at: 0, waitMinutes: 10 },
  { name: 'six at once, nine minutes later', minutes: [0, 0, 0, 0, 0, 0], at: 9, waitMinutes: 1 },
  { name: 'six at once, ten minutes later', minutes: [0, 0, 0, 0, 0, 0], at: 10, waitMinutes: 0 },
  { name: 'six over the minutes', minutes: [0, 2, 4, 6, 8, 9], at: 9, waitMinutes: 1 },
  { name: 'nine', minutes: [0, 0, 0, 1, 2, 2, 2, 2, 2], at: 2, waitMinutes: 9 },
])('after $name no key is shown for $waitMinutes minutes', ({ minutes, at, waitMinutes }) => {
  const { keys, turn } = refusedAt(...minutes)
  turn(at * minute)
  expect(keys.waitMs()).toBe(waitMinutes * minute)
})

test('what is kept counts in the next process, and is forgotten in time', () => {
  const { keys } = refusedAt(0, 0, 0, 0, 0, 0)
  let now = 9 * minute
  const next = openRefusedKeys(() => now)
  next.restore(JSON.parse(JSON.stringify(keys.saved())))
  expect({ waitMs: next.waitMs(), at: next.refusedAt('key-0') }).toEqual({ waitMs: minute, at: 0 })
  now = 4 * hour - 1
  expect({ waitMs: next.waitMs(), at: next.refusedAt('key-0') }).toEqual({ waitMs: 0, at: 0 })
  now = 4 * hour
  expect(next.refusedAt('key-0')).toBeNull()
  expect(next.saved()).toEqual({ refused: {}, refusals: [] })
})

test('a clock that was put back holds nothing up for longer', () => {
  const { keys } = refusedAt(...Array(6).fill(1_000_000))
  const next = openRefusedKeys(() => 0)
  next.restore(keys.saved())
  expect({ waitMs: next.waitMs(), at: next.refusedAt('key-0') }).toEqual({
    waitMs: 10 * minute,
    at: 0,
  })
})

test.each([
  null,
  'text',
  [],
  { refused: [], refusals: 'x' },
  { rows: 0 },
  { refused: { k: 'soon' } },
])('what is no record of refusals, such as %j, is none', (saved) => {
  const keys = openRefusedKeys(() => 10 * hour)
  keys.restore(saved)
  expect({ waitMs: keys.waitMs(), at: keys.refusedAt('k') }).toEqual({ waitMs: 0, at: null })
})
