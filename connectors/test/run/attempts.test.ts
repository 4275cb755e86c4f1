import { describe, expect, test, vi } from 'vitest'
import { ReadingFailed, type Verdict } from '../../src/outcome.ts'
import { type Attempt, waitFor, withAttempts } from '../../src/run/attempts.ts'

const budget = { attemptsMax: 4, firstWaitMs: 2, waitMsMax: 5 }

type Refused = Exclude<Verdict, { do: 'use' }>

const again: Refused = { do: 'again', waitMs: null }

/** What withAttempts comes to when its attempts come to these verdicts, one after another, then to a result. */
async function after(verdicts: readonly Refused[], signal = new AbortController().signal) {
  const retries: string[] = []
  let tried = 0
  let logins = 0
  const attempt = async (): Promise<Attempt<string>> => {
    const verdict = verdicts[tried]
    tried += 1
    return verdict === undefined
      ? { verdict: { do: 'use' }, result: 'rows' }
      : { verdict, said: `attempt ${tried}` }
  }
  const outcome = await withAttempts(attempt, {
    budget,
    signal,
    onRetry: (said) => retries.push(said),
    logIn: () => {
      logins += 1
    },
  }).catch((error: unknown) => error)
  const ended =
    outcome instanceof ReadingFailed ? `${outcome.verdict}: ${outcome.message}` : outcome
  return { ended, tried, logins, retries }
}

describe('a call', () => {
  const cases: { name: string; verdicts: Refused[]; comesTo: object }[] = [
    {
      name: 'that works is made once',
      verdicts: [],
      comesTo: { ended: 'rows', tried: 1, logins: 0, retries: [] },
    },
    {
      name: 'that may work later is made again',
      verdicts: [again, { do: 'again', waitMs: 0 }],
      comesTo: { ended: 'rows', tried: 3, logins: 0, retries: ['attempt 1', 'attempt 2'] },
    },
    {
      name: 'that never works is given up, with how often it was tried',
      verdicts: [again, again, again, again, again],
      comesTo: {
        ended: 'set-aside: attempt 4, 4 times in a row',
        tried: 4,
        logins: 0,
        retries: ['attempt 1', 'attempt 2', 'attempt 3'],
      },
    },
    {
      name: 'with dead credentials is made again with new ones',
      verdicts: [{ do: 'log-in' }],
      comesTo: { ended: 'rows', tried: 2, logins: 1, retries: [] },
    },
    {
      name: 'whose new credentials are dead as well stops everything',
      verdicts: [{ do: 'log-in' }, again, { do: 'log-in' }],
      comesTo: { ended: 'stop: attempt 3', tried: 3, logins: 1, retries: ['attempt 2'] },
    },
    ...(
      ['restart', 'narrow', 'set-aside', 'blocked', 'location-gone', 'absent', 'stop'] as const
    ).map((verdict) => ({
      name: `that cannot help is not made again: ${verdict}`,
      verdicts: [{ do: verdict }],
      comesTo: { ended: `${verdict}: attempt 1`, tried: 1, logins: 0, retries: [] },
    })),
  ]
  for (const { name, verdicts, comesTo } of cases) {
    test(name, async () => expect(await after(verdicts)).toEqual(comesTo))
  }

  test('that waits ends with the reason of whoever says to stop', async () => {
    const stop = new AbortController()
    stop.abort(new Error('told to stop'))
    expect(await after([again], stop.signal)).toMatchObject({
      ended: new Error('told to stop'),
      tried: 1,
    })
  })
})

describe('a wait', () => {
  const usual = { attemptsMax: 8, firstWaitMs: 500, waitMsMax: 30_000 }
  const cases = [
    { tried: 1, named: null, least: 250, most: 500 },
    { tried: 2, named: null, least: 500, most: 1_000 },
    { tried: 7, named: null, least: 15_000, most: 30_000 },
    { tried: 1, named: 4_000, least: 4_000, most: 4_050 },
    { tried: 5, named: 0, least: 0, most: 50 },
    { tried: 1, named: 86_400_000, least: 960_000, most: 960_050 },
    { tried: 1, named: Number.POSITIVE_INFINITY, least: 960_000, most: 960_050 },
  ]
  for (const { tried, named, least, most } of cases) {
    test(`after ${tried} tries, told ${named}, is from ${least} to ${most} ms`, () => {
      const random = vi.spyOn(Math, 'random')
      random.mockReturnValue(0)
      expect(waitFor(tried, named, usual)).toBe(least)
      random.mockReturnValue(1)
      expect(waitFor(tried, named, usual)).toBe(most)
      random.mockRestore()
    })
  }
})
