import { type Refusal, refuse } from '@regulars/contract/refusals'
import { type Instant, instant, secondMs, toWireInstant } from '@regulars/contract/values/instants'
import { sandboxClock, sandboxTurnClock } from '@regulars/contract/wire/sandbox'
import type { Deps } from '../deps.ts'
import { ok, type Route, route } from '../routes/call.ts'
import { moveClock } from '../store/counter.ts'
import { sweepToEnd } from '../sweeper.ts'

/** A clock that can be turned forward; it goes on from there. */
export type TurnableClock = {
  now: () => Instant
  aheadMs(): number
  /** Sets how far it is ahead of the clock behind it; it never goes back. */
  setAhead(ms: number): void
}

export function openClock(base: () => Instant): TurnableClock {
  let aheadMs = 0
  return {
    now: () => instant(base() + aheadMs),
    aheadMs: () => aheadMs,
    setAhead(ms) {
      aheadMs = Math.max(aheadMs, ms)
    },
  }
}

// Beyond it, moments that come with requests are not read either.
const latest = instant(Date.UTC(2100, 0, 1))

export function clockRoutes(clock: TurnableClock): readonly Route[] {
  const reading = () => ({
    now: toWireInstant(clock.now()),
    ahead_seconds: Math.round(clock.aheadMs() / secondMs),
  })

  /** Stored first, so that a restart shows no earlier time than anybody was told. */
  async function turn(deps: Deps, byMs: number): Promise<void> {
    clock.setAhead(await moveClock(deps.db, byMs))
    await sweepToEnd(deps)
  }

  return [
    route(sandboxClock, async () => ok(reading())),

    route(sandboxTurnClock, async (deps, { request }) => {
      const byMs = turnMs(clock.now(), request.forward_seconds, request.to?.at)
      if (typeof byMs === 'object') return byMs
      await turn(deps, byMs)
      return ok(reading())
    }),
  ]
}

function turnMs(
  now: Instant,
  seconds: number | undefined,
  to: Instant | undefined,
): number | Refusal {
  if (seconds === undefined && to === undefined) {
    return refuse('missing_parameter', { name: 'forward_seconds' })
  }
  const byMs = seconds === undefined ? (to ?? now) - now : seconds * secondMs
  if (byMs < 0) return refuse('clock_backwards', { now: toWireInstant(now) })
  if (now + byMs >= latest) {
    return refuse('invalid_parameter', { name: 'forward_seconds', problem: 'it must end by 2099' })
  }
  return byMs
}
