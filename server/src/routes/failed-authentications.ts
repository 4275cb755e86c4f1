import type { Surface } from '@regulars/contract/wire/operation'
import { RateLimiterMemory } from 'rate-limiter-flexible'

/**
 * Ten failed authentications of one address in ten minutes block it for an hour on online ordering,
 * mobile and administration, as published. Tills of one store share an address, so theirs are
 * counted and slowed, never blocked.
 */
export type FailedAuthentications = {
  /** When the address may call the surface again; null when it may now. */
  blockedUntil(surface: Surface, address: string): Promise<Date | null>
  /** Counts a failure. Resolves when it may be answered: tills that keep failing wait longer. */
  failed(surface: Surface, address: string): Promise<void>
}

const failuresMax = 10
const countedSeconds = 10 * 60
const blockedSeconds = 60 * 60
const slowerMsEach = 20
const slowestMs = 2_000

export function countFailedAuthentications(): FailedAuthentications {
  const blocking = new RateLimiterMemory({
    points: failuresMax - 1,
    duration: countedSeconds,
    blockDuration: blockedSeconds,
  })
  const slowing = new RateLimiterMemory({ points: 1_000_000, duration: countedSeconds })
  return {
    async blockedUntil(surface, address) {
      if (surface === 'pos') return null
      const counted = await blocking.get(address)
      if (counted === null || counted.consumedPoints < failuresMax) return null
      return new Date(Date.now() + counted.msBeforeNext)
    },
    async failed(surface, address) {
      if (surface !== 'pos') {
        // A rejection is the limiter's way to say that the address is blocked now.
        await blocking.consume(address).catch(() => {})
        return
      }
      const { consumedPoints } = await slowing.consume(address)
      const waitMs = Math.max(0, consumedPoints - failuresMax) * slowerMsEach
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, slowestMs)))
    },
  }
}
