import { secondMs } from '@regulars/contract/values/instants'
import { settleRipeClaims } from './actions/claim-receipt.ts'
import { settleGuest } from './actions/settle-guest.ts'
import type { Deps } from './deps.ts'
import { type DueGuest, findDueGuests } from './store/due.ts'

/** Something that time causes: does all of it that is due by now, or until `signal` says stop. */
type Chore = (deps: Deps, signal: AbortSignal) => Promise<void>

/** In the order they are done. */
const chores: readonly Chore[] = [settleDueGuests, settleRipeClaims]

/** Does what time causes, at most a minute late, while the counter is open. */
export type Sweeper = {
  /** How late the newest finished round was when it began; 0 when nothing waited. */
  lagMs(): number
  /** Resolves when the round under way has stopped. */
  stop(): Promise<void>
}

const everyMs = 20 * secondMs
const pageSize = 200
const atOnce = 8

export function startSweeper(deps: Deps): Sweeper {
  const stopping = new AbortController()
  let lagMs = 0
  let timer: NodeJS.Timeout | undefined
  let round = sweepOn()

  async function sweepOn(): Promise<void> {
    try {
      lagMs = await lagOf(deps)
      await sweepUntil(deps, stopping.signal)
    } catch (error) {
      // The database may be away for a while; the next round does what this one left.
      deps.log.error({ err: error }, 'a round of the sweeper failed')
    }
    if (stopping.signal.aborted) return
    timer = setTimeout(() => {
      round = sweepOn()
    }, everyMs)
  }

  return {
    lagMs: () => lagMs,
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await round
    },
  }
}

/** Does everything that is due by now. */
export function sweepToEnd(deps: Deps): Promise<void> {
  return sweepUntil(deps, new AbortController().signal)
}

async function sweepUntil(deps: Deps, signal: AbortSignal): Promise<void> {
  for (const chore of chores) {
    if (!signal.aborted) await chore(deps, signal)
  }
}

async function lagOf(deps: Deps): Promise<number> {
  const now = deps.now()
  const [first] = await findDueGuests(deps.db, { now, after: null, limit: 1 })
  return first === undefined ? 0 : now - first.dueAt
}

async function settleDueGuests(deps: Deps, signal: AbortSignal): Promise<void> {
  const now = deps.now()
  let after: DueGuest | null = null
  while (!signal.aborted) {
    const page: DueGuest[] = await findDueGuests(deps.db, { now, after, limit: pageSize })
    await settleAll(deps, page)
    after = page.at(-1) ?? null
    if (page.length < pageSize) return
  }
}

async function settleAll(deps: Deps, page: readonly DueGuest[]): Promise<void> {
  const waiting = [...page]
  const settleSome = async () => {
    for (let guest = waiting.shift(); guest !== undefined; guest = waiting.shift()) {
      await settleOne(deps, guest)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, settleSome))
}

async function settleOne(deps: Deps, { businessId, guestId }: DueGuest): Promise<void> {
  try {
    const result = await settleGuest(deps, { businessId, guestId })
    if (result.kind !== 'refused') return
    deps.log.warn(
      { businessId, guestId, code: result.code },
      'a due guest waits for the next round',
    )
  } catch (error) {
    // One guest's fault must not keep the others waiting.
    deps.log.error({ err: error, businessId, guestId }, 'a due guest could not be settled')
  }
}
