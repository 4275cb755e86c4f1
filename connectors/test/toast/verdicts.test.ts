import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/outcome.ts'
import { toastVerdict } from '../../src/toast/verdicts.ts'

const now = Date.UTC(2026, 10, 20, 12)

function verdictOf(status: number, headers: Record<string, string> = {}, text = ''): Verdict {
  return toastVerdict({ status, headers, text }, now)
}

const again: Verdict = { do: 'again', waitMs: null }

/** Every status of the published table, and what a client is to do about it. */
const verdicts: Record<number, Verdict> = {
  200: { do: 'use' },
  204: { do: 'use' },
  301: { do: 'set-aside' },
  400: { do: 'narrow' },
  401: { do: 'log-in' },
  403: { do: 'blocked' },
  404: { do: 'absent' },
  405: { do: 'set-aside' },
  408: again,
  409: { do: 'restart' },
  413: { do: 'set-aside' },
  415: { do: 'set-aside' },
  422: { do: 'set-aside' },
  429: { do: 'again', waitMs: 1_000 },
  499: again,
  500: again,
  502: again,
  503: again,
  504: again,
}

for (const [status, verdict] of Object.entries(verdicts)) {
  test(`${status} comes to ${verdict.do}`, () => {
    expect(verdictOf(Number(status))).toEqual(verdict)
  })
}

describe('a restaurant that is said to be deleted', () => {
  const text = JSON.stringify({ status: 404, message: 'Restaurant(b1c2-d3) has been deleted' })
  for (const status of [400, 403, 404, 410]) {
    test(`is called no more when a ${status} says so`, () => {
      expect(verdictOf(status, {}, text)).toEqual({ do: 'location-gone' })
    })
  }

  test('is not believed of a fault', () => {
    expect(verdictOf(500, {}, text)).toEqual(again)
  })
})

describe('a wait', () => {
  const reset = { 'x-toast-ratelimit-reset': String(now / 1_000 + 30) }
  const past = { 'x-toast-ratelimit-reset': String(now / 1_000 - 1) }
  const cases: [name: string, status: number, headers: Record<string, string>, waitMs: unknown][] =
    [
      ['as Retry-After says', 429, { 'retry-after': '7' }, 7_000],
      ['as Retry-After says, before the reset', 429, { ...reset, 'retry-after': '7' }, 7_000],
      ['until the reset', 429, reset, 30_000],
      [
        'until the reset, when Retry-After says none',
        429,
        { ...reset, 'retry-after': '0' },
        30_000,
      ],
      ['until the next slice, when nothing is left to wait for', 429, past, 1_000],
      ['until the next slice, when Retry-After says none', 429, { 'retry-after': '0' }, 1_000],
      ['until the next slice, when nothing is legible', 429, { 'retry-after': 'soon' }, 1_000],
      ['as a fault says', 503, { 'retry-after': '20' }, 20_000],
      ['that grows, when a fault says nothing', 503, reset, null],
    ]
  for (const [name, status, headers, waitMs] of cases) {
    test(`is ${name} (${status})`, () => {
      expect(verdictOf(status, headers)).toEqual({ do: 'again', waitMs })
    })
  }
})
