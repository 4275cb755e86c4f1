import type { Limit } from '../source.ts'

/** What a reply's headers say of the limit that is nearest to running out. */
export type Told = {
  remaining: number
  /** When that limit's slice renews. */
  resetsAtMs: number
}

/** Holds the calls of one location within its limits. */
export type Limiter = {
  /** How long until a call under the named limits, and those of every call, may be sent; 0 for now. */
  waitMs(names: readonly string[]): number
  /**
   * A call is sent now. What is given back is called once, when its reply came (with what that
   * said) or none will come.
   */
  spend(names: readonly string[]): (told: Told | null) => void
  /** Nothing is sent before this moment: the vendor said to wait. */
  pauseUntil(ms: number): void
}

/** How long to look again when calls under way are all that stands in the way. */
const lookAgainMs = 10

/** A slice that still lasts so long is the long one. */
const longFromMs = 2_000

/**
 * The vendor's slices are fixed but begin at moments we do not know, and a call reaches it at some
 * moment between being sent and being answered. So a call counts from when it is sent until one
 * slice after its reply: no slice of the vendor's, wherever it begins, then holds more calls than
 * are allowed. Of the long slice the replies say where it ends and what is left: exactly that is
 * spent.
 */
export function openLimiter(
  limits: { every: readonly Limit[]; named: Readonly<Record<string, readonly Limit[]>> },
  now: () => number = Date.now,
): Limiter {
  const every = limits.every.map((limit) => new Window(limit))
  const named = new Map(
    Object.entries(limits.named).map(([name, list]) => [
      name,
      list.map((limit) => new Window(limit)),
    ]),
  )
  const long = every.toSorted((one, other) => other.ms - one.ms)[0]
  let pausedUntil = 0

  function binding(names: readonly string[]): Window[] {
    return [...every, ...names.flatMap((name) => named.get(name) ?? [])]
  }

  return {
    waitMs(names) {
      const at = now()
      return Math.max(pausedUntil - at, ...binding(names).map((window) => window.waitMs(at)), 0)
    },
    spend(names) {
      const windows = binding(names)
      for (const window of windows) window.send()
      return (told) => {
        const at = now()
        for (const window of windows) window.answered(at)
        if (told === null || long === undefined) return
        const inMs = told.resetsAtMs - at
        if (inMs > longFromMs && inMs <= long.ms + longFromMs) long.learn(told)
      }
    },
    pauseUntil(ms) {
      pausedUntil = Math.max(pausedUntil, ms)
    },
  }
}

/** One limit's calls that may still count. */
class Window {
  readonly ms: number
  readonly #calls: number
  /** Sent and not yet answered. */
  #underWay = 0
  /** When calls were answered, oldest first, from `#first` on. */
  #answered: number[] = []
  #first = 0
  #told: Told | null = null

  constructor({ calls, seconds }: Limit) {
    this.#calls = calls
    this.ms = seconds * 1_000
  }

  send(): void {
    this.#underWay += 1
  }

  answered(at: number): void {
    this.#underWay -= 1
    this.#answered.push(at)
  }

  learn(told: Told): void {
    this.#told = told
  }

  waitMs(at: number): number {
    if (this.#told !== null && at < this.#told.resetsAtMs) {
      // Replies that are under way may not have been counted when the vendor said what is left.
      if (this.#told.remaining > this.#underWay) return 0
      return this.#underWay > 0 ? lookAgainMs : this.#told.resetsAtMs - at
    }
    if (this.#told !== null) this.#renew()
    this.#forget(at)
    const counted = this.#answered.length - this.#first
    if (this.#underWay + counted < this.#calls) return 0
    const oldest = this.#answered[this.#first]
    return oldest === undefined ? lookAgainMs : Math.max(1, oldest + this.ms - at)
  }

  /** The slice the vendor told of is over. */
  #renew(): void {
    this.#told = null
    this.#answered = []
    this.#first = 0
  }

  #forget(at: number): void {
    while (
      this.#first < this.#answered.length &&
      (this.#answered[this.#first] ?? at) <= at - this.ms
    ) {
      this.#first += 1
    }
    // Cut when half of it is past, so that forgetting costs nothing most of the time.
    if (this.#first > this.#calls) {
      this.#answered = this.#answered.slice(this.#first)
      this.#first = 0
    }
  }
}

/** Waits, or rejects when `signal` is aborted first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
