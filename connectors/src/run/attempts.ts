import { ReadingFailed, type Verdict } from '../outcome.ts'
import { pause } from './limiter.ts'

/** How often and how long one call is tried again. */
export type RetryBudget = { attemptsMax: number; firstWaitMs: number; waitMsMax: number }

export const usualBudget: RetryBudget = { attemptsMax: 8, firstWaitMs: 500, waitMsMax: 30_000 }

/** A wait the vendor names is kept to, up to this: its longest slice. */
export const namedWaitMsMax = 16 * 60_000

/** What one attempt came to. */
export type Attempt<Result> =
  | { verdict: { do: 'use' }; result: Result }
  | { verdict: Exclude<Verdict, { do: 'use' }>; said: string }

/**
 * Tries until there is a result, waiting longer each time, with jitter. Throws `ReadingFailed` with
 * what was said last when the budget is spent or trying again cannot help.
 */
export async function withAttempts<Result>(
  attempt: () => Promise<Attempt<Result>>,
  {
    budget,
    signal,
    onRetry,
    logIn,
  }: {
    budget: RetryBudget
    signal: AbortSignal
    onRetry(said: string, waitMs: number): void
    logIn(): void
  },
): Promise<Result> {
  let loggedIn = false
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt()
    if (!('said' in outcome)) return outcome.result
    const { verdict, said } = outcome
    if (verdict.do === 'log-in') {
      if (loggedIn) throw new ReadingFailed('stop', said)
      loggedIn = true
      logIn()
      continue
    }
    if (verdict.do !== 'again') throw new ReadingFailed(verdict.do, said)
    if (tried >= budget.attemptsMax) {
      throw new ReadingFailed('set-aside', `${said}, ${tried} times in a row`)
    }
    const waitMs = waitFor(tried, verdict.waitMs, budget)
    onRetry(said, waitMs)
    await pause(waitMs, signal)
  }
}

/** Half of the growing wait is certain, half is chance, so that many callers do not come at once. */
export function waitFor(tried: number, namedMs: number | null, budget: RetryBudget): number {
  const grown = Math.min(budget.waitMsMax, budget.firstWaitMs * 2 ** (tried - 1))
  const jittered = grown / 2 + (Math.random() * grown) / 2
  return namedMs === null ? jittered : Math.min(namedWaitMsMax, namedMs) + Math.random() * 50
}
