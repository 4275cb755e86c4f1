import type { Instant } from '@regulars/contract/values/instants'
import type { AppOptions } from '../app.ts'
import { outboxRoutes } from '../routes/outbox.ts'
import type { Counter } from '../server.ts'
import { findClockOffset } from '../store/counter.ts'
import { clockRoutes, openClock } from './clock.ts'
import { openFaults } from './faults.ts'

/**
 * The practice mode: a clock that can be turned, and faults that can be ordered. Nothing else imports
 * it but start-up, and that only in this mode.
 */
export type Sandbox = Required<Pick<AppOptions, 'moreRoutes' | 'around'>> & {
  /** The time of the counter in this mode. */
  now: () => Instant
  /** Takes the clock up where it stood. Once, on the opened counter, before it listens. */
  begin(counter: Pick<Counter, 'app' | 'deps'>): Promise<void>
}

/** `base` is the clock behind the one that is turned. */
export function openSandbox(base: () => Instant): Sandbox {
  const clock = openClock(base)
  const faults = openFaults()
  return {
    now: clock.now,
    moreRoutes: [...clockRoutes(clock), ...faults.routes, ...outboxRoutes],
    around: faults.around,
    async begin({ app, deps }) {
      clock.setAhead(await findClockOffset(deps.db))
      faults.cutFrom(app)
    },
  }
}
