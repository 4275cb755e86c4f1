import type { Limit } from '../source.ts'
import type { Spent } from './time-left.ts'

/** What a reply's headers say of the limit that is nearest to running out. */
type Told = {
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
  /** Of the longest slice that binds every call; null before the first call, or without one. */
  spent(): Spent | null
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
      const sent = binding(names).map((window) => ({ window, endedBefore: window.send() }))
      return (told) => {
        const at = now()
        for (const { window, endedBefore } of sent) {
          const isOfIts = window === long && told !== null && isLong(told.resetsAtMs - at, long.ms)
          window.end(at, endedBefore, isOfIts ? told : null)
        }
      }
    },
    spent: () => long?.spent(now()) ?? null,
    pauseUntil(ms) {
      pausedUntil = Math.max(pausedUntil, ms)
    },
  }
}

function isLong(lastsMs: number, longMs: number): boolean {
  return lastsMs > longFromMs && lastsMs <= longMs + longFromMs
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
  #ended = 0
  /** At least so many are left of the present slice, once all that ended is counted. */
  #told: Told | null = null

  constructor({ calls, seconds }: Limit) {
    this.#calls = calls
    this.ms = seconds * 1_000
  }

  /** How many calls had ended by then, which `end` wants to know. */
  send(): number {
    this.#underWay += 1
    return this.#ended
  }

  /** A reply holds what was left when its call was counted: calls that ended since may come on top. */
  end(at: number, endedBefore: number, told: Told | null): void {
    const besides = this.#ended - endedBefore
    this.#underWay -= 1
    this.#ended += 1
    this.#answered.push(at)
    this.#told = leastLeft(
      this.#told === null ? null : { ...this.#told, remaining: this.#told.remaining - 1 },
      told === null ? null : { ...told, remaining: told.remaining - besides },
    )
  }

  waitMs(at: number): number {
    const told = this.#toldFor(at)
    if (told !== null) {
      // Replies that are under way may not have been counted when the vendor said what is left.
      if (told.remaining > this.#underWay) return 0
      return this.#underWay > 0 ? lookAgainMs : told.resetsAtMs - at
    }
    if (this.#counted() < this.#calls) return 0
    const oldest = this.#answered[this.#first]
    return oldest === undefined ? lookAgainMs : Math.max(1, oldest + this.ms - at)
  }

  spent(at: number): Spent | null {
    if (this.#ended + this.#underWay === 0) return null
    const told = this.#toldFor(at)
    if (told !== null) {
      const calls = Math.max(0, this.#calls - told.remaining) + this.#underWay
      return { calls: Math.min(this.#calls, calls), renewsInMs: told.resetsAtMs - at }
    }
    const oldest = this.#answered[this.#first] ?? at
    return { calls: this.#counted(), renewsInMs: oldest + this.ms - at }
  }

  /** What the vendor told of the present slice; null when our own count is all there is. */
  #toldFor(at: number): Told | null {
    if (this.#told !== null && at < this.#told.resetsAtMs) return this.#told
    if (this.#told !== null) this.#renew(this.#told.resetsAtMs)
    this.#forget(at - this.ms)
    return null
  }

  #counted(): number {
    return this.#underWay + this.#answered.length - this.#first
  }

  /** The slice the vendor told of is over, and what was answered by then was counted in it. */
  #renew(at: number): void {
    this.#told = null
    this.#forget(at - 1)
  }

  #forget(until: number): void {
    while ((this.#answered[this.#first] ?? Number.POSITIVE_INFINITY) <= until) this.#first += 1
    // Cut when half of it is past, so that forgetting costs nothing most of the time.
    if (this.#first > this.#calls) {
      this.#answered = this.#answered.slice(this.#first)
      this.#first = 0
    }
  }
}

/** Of two floors under what is left of one slice the higher; a later slice replaces an earlier. */
function leastLeft(known: Told | null, told: Told | null): Told | null {
  if (known === null || told === null) return known ?? told
  const apartMs = told.resetsAtMs - known.resetsAtMs
  if (Math.abs(apartMs) > longFromMs) return apartMs > 0 ? told : known
  return { ...known, remaining: Math.max(known.remaining, told.remaining) }
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
