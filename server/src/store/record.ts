import type { RefusalCode } from '@regulars/contract/refusals'
import type { Instant } from '@regulars/contract/values/instants'
import { rowsOf } from './change-rows.ts'
import { ConstraintError, type Db, DeadlockError } from './db.ts'
import { type GuestChange, identifierKinds, type Recorded } from './guest-state.ts'
import { recordStatement } from './record-statement.ts'

/** What a constraint's "no" means to the action whose statement it stopped. */
const refusalOfConstraint: Readonly<Record<string, RefusalCode>> = {
  guest_identifiers_once: 'identifier_taken',
  codes_key: 'code_busy',
  checkins_receipt_once: 'receipt_used',
}

/**
 * These constraints stop the second of two requests that reach for one thing; the second gathers
 * again and decides on what is left: a code whose last use is gone fails its own item only.
 */
const conflictConstraints = new Set([
  'codes_within_limit',
  'commits_once',
  'checkins_external_uid_once',
  'baskets_one_active',
  'baskets_ref_once',
  'guests_key',
  'guests_external_id_once',
])

/**
 * Writes each change if its guest's version is still the gathered one, all rows of a change or none,
 * in one statement for the whole group. No two changes of a group are of one guest.
 *
 * Answers in the order of the changes. Throws for the group as a whole when the group has more than
 * one member; nothing of it is then written, unless it throws ConnectionLostError.
 */
export async function recordChanges(
  db: Db,
  changes: readonly GuestChange[],
  now: Instant,
): Promise<Recorded[]> {
  const rows = rowsOf(changes, now)
  try {
    const held = await db.query(recordStatement, rows)
    const heldIds = new Set(held.map((row) => row.guest_id))
    return changes.map(({ after }) =>
      heldIds.has(after.guest.guestId) ? { kind: 'recorded' } : { kind: 'conflict' },
    )
  } catch (error) {
    if (changes.length > 1) throw error
    return [understood(error)]
  }
}

function understood(error: unknown): Recorded {
  if (error instanceof DeadlockError) return { kind: 'conflict' }
  if (!(error instanceof ConstraintError)) throw error
  if (conflictConstraints.has(error.constraint)) return { kind: 'conflict' }
  const { constraint, values } = error
  const code = refusalOfConstraint[constraint]
  if (code === undefined) throw error
  const identifier = identifierKinds.find(
    (kind) => code === 'identifier_taken' && kind === values[1],
  )
  return { kind: 'taken', code, constraint, identifier: identifier ?? null }
}
