import { type Instant, instant } from '@regulars/contract/values/instants'
import type { Http, Reply } from './http.ts'

/**
 * The vendor's clock, learned from the `Date` of its replies: what was modified until when is said
 * by that clock, and ours may be off. It tells whole seconds only, so what is learned would jump
 * back and forth; once it has spoken, our reading of it never goes back.
 */
export type VendorClock = { now(): Instant; http: Http }

export function withVendorClock(http: Http): VendorClock {
  let aheadMs: number | null = null
  let toldMs = 0
  const learn = ({ date }: Reply['headers']) => {
    const saidMs = Date.parse(date ?? '')
    if (!Number.isNaN(saidMs)) aheadMs = saidMs - Date.now()
  }
  return {
    now() {
      if (aheadMs === null) return instant(Date.now())
      toldMs = Math.max(toldMs, Date.now() + aheadMs)
      return instant(toldMs)
    },
    http: {
      ...http,
      async send(url, options) {
        const reply = await http.send(url, options)
        learn(reply.headers)
        return reply
      },
    },
  }
}
