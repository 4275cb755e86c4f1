import { expect, test } from 'vitest'
import { progressText } from '../src/sync/progress-text.ts'

const slice = { used: 1_234, allowed: 30_000, seconds: 900 }

const cases = [
  {
    name: 'says what is used of what is allowed',
    change: {},
    text: 'requests 1,234 of 30,000 allowed in 15 min, about 12 min left',
  },
  {
    name: 'says the count alone where nothing is limited',
    change: { slice: null },
    text: 'requests 1,000, about 12 min left',
  },
  {
    name: 'says the count alone before a location was called',
    change: { slice: { ...slice, used: 0, allowed: 0 }, secondsLeft: null },
    text: 'requests 1,000',
  },
  {
    name: 'says no time that is not known',
    change: { secondsLeft: null },
    text: 'requests 1,234 of 30,000 allowed in 15 min',
  },
  {
    name: 'says no time when nothing is left',
    change: { secondsLeft: 0 },
    text: 'requests 1,234 of 30,000 allowed in 15 min',
  },
]
for (const { name, change, text } of cases) {
  test(`progress ${name}`, () => {
    const progress = {
      at: '2026-11-20T12:00:00.000Z',
      level: 'info' as const,
      event: 'progress' as const,
      streams: { done: 5, total: 114 },
      rows: 98_765,
      requests: 1_000,
      slice,
      secondsLeft: 700,
      ...change,
    }
    expect(progressText(progress)).toBe(`5 of 114 streams done, 98,765 rows written, ${text}`)
  })
}
