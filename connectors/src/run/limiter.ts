import type { Limit } from '../source.ts'

/** What a reply's headers say of the limit that is nearest to running out. */
export type Told = {
  remaining: number
  /** When that limit's slice renews. */
  resetsAtMs: number
}

/** Holds the calls of one location within its limits. */
export type Limiter = {
  /** How long until a call under the named limits, and those of every call, may be sent. */
  waitMs(names: readonly string[]): number
  /** A call is sent now. */
  spend(names: readonly string[]): void
  /** A reply came, or none will; `told` is what it said. */
  learn(told: Told | null): void
  /** Nothing is sent before this moment: the vendor said to wait. */
  pauseUntil(ms: number): void
  /** Calls sent in the present long slice, of those allowed. */
  used(): { calls: number; allowed: number }
}

/**
 * The vendor's slices begin at moments we do not know, and calls can arrive closer together than
 * they were sent. So no `seconds` of ours, wherever they begin, hold more than `calls`, and each
 * such window is this much longer than the slice.
 */
const marginMs = 40

/**
 * Limits of the vendor's fixed slices, kept as sliding windows until a reply says where the long
 * slice ends: then exactly what is left of it is spent.
 */
export function openLimiter(
  limits: { every: readonly Limit[]; named: Readonly<Record<string, readonly Limit[]>> },
  now: () => number = Date.now,
): Limiter {
  const every = limits.every.map(windowOf)
  const named = new Map(
    Object.entries(limits.named).map(([name, list]) => [name, list.map(windowOf)]),
  )
  const long = every.reduce<Window | null>(
    (widest, window) => (widest === null || window.ms > widest.ms ? window : widest),
    null,
  )
  let pausedUntil = 0
  let underWay = 0
  const binding = (names: readonly string[]): Window[] => [
    ...every,
    ...names.flatMap((name) => named.get(name) ?? []),
  ]

  return {
    waitMs(names) {
      const at = now()
      const waits = binding(names).map((window) => waitOf(window, at, underWay))
      return Math.max(pausedUntil - at, ...waits, 0)
    },
    spend(names) {
      const at = now()
      underWay += 1
      for (const window of binding(names)) spend(window, at)
    },
    learn(told) {
      underWay = Math.max(0, underWay - 1)
      if (told === null || long === null) return
      const inMs = told.resetsAtMs - now()
      // A short slice is ours to keep; only the long one is worth learning where it ends.
      if (inMs > longFromMs && inMs <= long.ms + longFromMs) {
        long.told = { remaining: told.remaining, untilMs: told.resetsAtMs, sinceSent: 0 }
      }
    },
    pauseUntil(ms) {
      pausedUntil = Math.max(pausedUntil, ms)
    },
    used: () => ({ calls: long === null ? 0 : countSince(long, now()), allowed: long?.calls ?? 0 }),
  }
}

/** A slice that still lasts so long is the long one. */
const longFromMs = 2_000

type Window = {
  calls: number
  ms: number
  /** When the last `calls` calls were sent, oldest first, from `first` on. */
  sent: number[]
  first: number
  told: { remaining: number; untilMs: number; sinceSent: number } | null
}

function windowOf({ calls, seconds }: Limit): Window {
  return { calls, ms: seconds * 1_000, sent: [], first: 0, told: null }
}

/** How long until this window has room for one more call. */
function waitOf(window: Window, at: number, underWay: number): number {
  const { told } = window
  if (told !== null && at < told.untilMs) {
    // Replies under way may have been counted by the vendor before or after the one that told us.
    const left = told.remaining - Math.max(told.sinceSent, underWay)
    return left > 0 ? 0 : told.untilMs - at
  }
  forget(window, at)
  const count = window.sent.length - window.first
  if (count < window.calls) return 0
  const oldest = window.sent[window.first + count - window.calls] ?? at
  return oldest + window.ms + marginMs - at
}

function spend(window: Window, at: number): void {
  if (window.told !== null) {
    if (at < window.told.untilMs) window.told.sinceSent += 1
    else {
      window.told = null
      window.sent = []
      window.first = 0
    }
  }
  window.sent.push(at)
  // The array is cut when half of it is past, so that forgetting costs nothing most of the time.
  if (window.first > window.calls) {
    window.sent = window.sent.slice(window.first)
    window.first = 0
  }
}

function forget(window: Window, at: number): void {
  const past = at - window.ms - marginMs
  while (window.first < window.sent.length && (window.sent[window.first] ?? at) <= past) {
    window.first += 1
  }
}

function countSince(window: Window, at: number): number {
  forget(window, at)
  return window.sent.length - window.first
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
