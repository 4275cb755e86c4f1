import type { Instant } from '@regulars/contract/values/instants'
import { ConnectionLostError, type Db } from './db.ts'
import type { GuestChange, Recorded } from './guest-state.ts'
import { recordChanges } from './record.ts'

/** Writes changes one by one while few wait, and in groups of one statement when many do. */
export type Recorder = { record(change: GuestChange): Promise<Recorded> }

/**
 * So many writes under way go each alone; what comes on top waits and is grouped. Measured: with
 * this statement grouping pays from the third write on (docs/decisions/0004).
 */
const aloneMax = 2
const groupMax = 64
const groupsMax = 2

type Waiting = {
  change: GuestChange
  settle: (recorded: Recorded) => void
  fail: (error: unknown) => void
}

/** Told of every statement: how many changes it held, and how many of them met a conflict. */
export type RecorderWatch = (statement: { changes: number; conflicts: number }) => void

export function openRecorder(
  db: Db,
  now: () => Instant,
  watch: RecorderWatch = () => {},
): Recorder {
  const waiting: Waiting[] = []
  let alone = 0
  let groups = 0

  async function watched(changes: readonly GuestChange[]): Promise<Recorded[]> {
    const recorded = await recordChanges(db, changes, now())
    const conflicts = recorded.filter(({ kind }) => kind === 'conflict').length
    watch({ changes: changes.length, conflicts })
    return recorded
  }

  async function recordAlone(change: GuestChange): Promise<Recorded> {
    const [recorded = { kind: 'conflict' as const }] = await watched([change])
    return recorded
  }

  async function recordGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const recorded = await watched(group.map(({ change }) => change))
      for (const [index, { settle }] of group.entries()) {
        settle(recorded[index] ?? { kind: 'conflict' })
      }
    } catch (error) {
      if (error instanceof ConnectionLostError) {
        for (const { fail } of group) fail(error)
        return
      }
      // One member broke a rule that guests share, or cannot be written at all; nothing was. Each
      // stands alone, so only that one hears no.
      for (const { change, settle, fail } of group) {
        await recordAlone(change).then(settle, fail)
      }
    }
  }

  function startGroups(): void {
    while (waiting.length > 0 && groups < groupsMax) {
      groups += 1
      void recordGroup(takeGroup(waiting)).finally(() => {
        groups -= 1
        startGroups()
      })
    }
  }

  return {
    async record(change) {
      if (alone < aloneMax && waiting.length === 0) {
        alone += 1
        try {
          return await recordAlone(change)
        } finally {
          alone -= 1
        }
      }
      return new Promise((settle, fail) => {
        waiting.push({ change, settle, fail })
        startGroups()
      })
    },
  }
}

/** Takes the oldest waiting changes, at most one of each guest: two would count as one. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const group: Waiting[] = []
  const later: Waiting[] = []
  const guests = new Set<number>()
  for (const item of waiting.splice(0)) {
    const { guestId } = item.change.after.guest
    if (group.length < groupMax && !guests.has(guestId)) {
      guests.add(guestId)
      group.push(item)
    } else later.push(item)
  }
  waiting.push(...later)
  return group
}
