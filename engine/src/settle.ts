import { unreachable } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import type { Account, Checkin, Lot, Moves, Unit } from './account.ts'
import { approve } from './approve.ts'
import { closeDraft, type Draft, openDraft } from './draft.ts'
import { nextToExpire } from './expiry.ts'
import { expireLot } from './lots.ts'
import type { Program } from './program.ts'
import { nextTierReviewAt, reviewTier } from './tiers.ts'

/**
 * Does everything that time alone has caused up to `now`, in the order it fell due: value runs out,
 * pending check-ins are approved, tiers are judged anew. Every entry is dated when it fell due, so
 * settling late, often or in steps gives the same. Every other rule expects a settled account.
 */
export function settle(account: Account, program: Program, now: Instant): Moves {
  const draft = openDraft(account)
  let due = nextDue(account, program)
  while (due !== null && due.at <= now) {
    perform(draft, program, due)
    due = nextDue(draft.account, program)
  }
  return closeDraft(draft)
}

/** When `settle` will next have something to do; null when time changes nothing. */
export function nextDueAt(account: Account, program: Program): Instant | null {
  return nextDue(account, program)?.at ?? null
}

type Due =
  | { kind: 'tier_review'; at: Instant }
  | { kind: 'expiry'; at: Instant; lot: Lot }
  | { kind: 'approval'; at: Instant; checkin: Checkin }

const units: readonly Unit[] = ['points', 'visits', 'currency', 'fuel']

/**
 * Of several things due at one moment the first listed here is done first: a new tier period counts
 * what is approved at its first moment, and what has run out can no longer be converted.
 */
function nextDue(account: Account, program: Program): Due | null {
  const dues = [
    nextTierReview(account, program),
    ...units.map((unit) => nextExpiry(account, program, unit)),
    nextApproval(account),
  ]
  let first: Due | null = null
  for (const due of dues) {
    if (due !== null && (first === null || due.at < first.at)) first = due
  }
  return first
}

function nextTierReview(account: Account, program: Program): Due | null {
  const at = nextTierReviewAt(account, program)
  return at && { kind: 'tier_review', at }
}

function nextExpiry(account: Account, program: Program, unit: Unit): Due | null {
  const next = nextToExpire(account, program, unit)
  return next && { kind: 'expiry', ...next }
}

function nextApproval(account: Account): Due | null {
  let first: Due | null = null
  for (const checkin of account.checkins) {
    const { state, approvesAt: at } = checkin
    if (state !== 'pending' || at === null) continue
    if (first === null || at < first.at) first = { kind: 'approval', at, checkin }
  }
  return first
}

function perform(draft: Draft, program: Program, due: Due): void {
  switch (due.kind) {
    case 'tier_review':
      reviewTier(draft, program, due.at)
      break
    case 'expiry':
      expireLot(draft, due.lot, { cause: { kind: 'expiry', id: due.lot.lotNo }, at: due.at })
      break
    case 'approval':
      approve(draft, program, due.checkin, due.at)
      break
    default:
      unreachable(due)
  }
}
