import { type Instant, instant, minuteMs, plusMs } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import type { Account, Checkin, CheckinState, Moves, Unit } from './account.ts'
import { approve, credit } from './approve.ts'
import { checkinOf, closeDraft, type Draft, openDraft, putCheckin } from './draft.ts'
import { earnedPoints } from './earned-points.ts'
import { expiresAtFor } from './expiry.ts'
import { dropPendingLot, lotsOfCheckin, type Occasion, receive, receivePending } from './lots.ts'
import { nextDaily } from './next-moment.ts'
import type { Program } from './program.ts'
import { tierHeld, tierOf } from './tiers.ts'
import { whyNotCounted } from './visit-limit.ts'

/** What a receipt says, as far as earning needs it. `eligibleCents` is what of it earns. */
export type EarningReceipt = { receiptAt: Instant; eligibleCents: Cents; subtotalCents: Cents }

/** When points count: as the program says, now, or not before `approveCheckin`. */
export type Hold = 'program' | 'at_once' | 'until_committed'

/** A check-in was asked for something that its state does not allow. */
export type WrongState = { kind: 'wrong_state'; state: CheckinState }

/**
 * Credits a receipt to the guest, whose account is settled. One that does not count becomes a
 * check-in all the same, with no points, no visit and the reason in `notCounted`. Pending points are
 * approved by `settle` when they fall due; a receipt whose moment has passed earns at once.
 *
 * Duplicates are the caller's to find.
 */
export function earn(
  account: Account,
  program: Program,
  facts: EarningReceipt & {
    checkinId: number
    externalUid: string | null
    locationId: number
    now: Instant
    hold: Hold
  },
): Moves & { checkin: Checkin } {
  const { checkinId, externalUid, locationId, now, hold } = facts
  const draft = openDraft({ ...account, lastActivityAt: now })
  const tierId = tierHeld(account, program)?.tierId ?? null
  const dueAt = hold === 'program' ? approvalDueAt(program, facts.receiptAt) : null
  const approvesAt = dueAt !== null && dueAt > now ? dueAt : null
  const checkin: Checkin = {
    checkinId,
    externalUid,
    locationId,
    state: 'pending',
    approvesAt,
    approvedAt: null,
    tierId,
    ...assess(program, { ...facts, tierId, others: account.checkins }),
  }
  const occasion: Occasion = { cause: { kind: 'checkin', id: checkinId }, at: now }
  if (approvesAt !== null || hold === 'until_committed') {
    putCheckin(draft, checkin)
    bringInPending(draft, program, { checkin, ...occasion })
  } else {
    bringIn(draft, program, { checkin, ...occasion })
    credit(draft, program, checkin, now)
  }
  return { ...closeDraft(draft), checkin: checkinOf(draft.account, checkinId) }
}

/** Approves a pending check-in ahead of its time, or one that waits for just this. */
export function approveCheckin(
  account: Account,
  program: Program,
  { checkinId, now }: { checkinId: number; now: Instant },
): ({ kind: 'approved' } & Moves & { checkin: Checkin }) | WrongState {
  const checkin = checkinOf(account, checkinId)
  if (checkin.state !== 'pending') return { kind: 'wrong_state', state: checkin.state }
  const draft = openDraft({ ...account, lastActivityAt: now })
  approve(draft, program, checkin, now)
  return { kind: 'approved', ...closeDraft(draft), checkin: checkinOf(draft.account, checkinId) }
}

/**
 * Replaces a pending check-in's receipt by the whole of a new one and earns anew, with the tier held
 * at first. It goes on waiting, from the new receipt's time if it waits for time.
 */
export function amendCheckin(
  account: Account,
  program: Program,
  facts: EarningReceipt & { checkinId: number; now: Instant },
): ({ kind: 'amended' } & Moves & { checkin: Checkin }) | WrongState {
  const { checkinId, now } = facts
  const before = checkinOf(account, checkinId)
  if (before.state !== 'pending') return { kind: 'wrong_state', state: before.state }
  const draft = openDraft({ ...account, lastActivityAt: now })
  const others = account.checkins.filter((checkin) => checkin !== before)
  const dueAt = before.approvesAt && (approvalDueAt(program, facts.receiptAt) ?? now)
  const checkin: Checkin = {
    ...before,
    approvesAt: dueAt,
    ...assess(program, { ...facts, tierId: before.tierId, others }),
  }
  putCheckin(draft, checkin)
  if (checkin.points !== before.points || checkin.visits !== before.visits) {
    const occasion: Occasion = { cause: { kind: 'correction', id: checkinId }, at: now }
    for (const lot of lotsOfCheckin(account, checkinId)) {
      if (lot.state === 'pending') dropPendingLot(draft, lot, occasion)
    }
    bringInPending(draft, program, { checkin, ...occasion })
  }
  if (dueAt !== null && dueAt <= now) approve(draft, program, checkin, now)
  return { kind: 'amended', ...closeDraft(draft), checkin: checkinOf(draft.account, checkinId) }
}

/** The delay after the receipt's time, or the end of its day when that comes first. */
function approvalDueAt(program: Program, receiptAt: Instant): Instant | null {
  if (program.pending === null) return null
  const { delayMinutes, endOfDay } = program.pending
  const delayed = plusMs(receiptAt, delayMinutes * minuteMs)
  const dayEnds = nextDaily(receiptAt, { time: endOfDay, zone: program.zone })
  return instant(Math.min(delayed, dayEnds))
}

function assess(
  program: Program,
  facts: EarningReceipt & { tierId: number | null; others: readonly Checkin[] },
): Pick<Checkin, 'receiptAt' | 'eligibleCents' | 'points' | 'visits' | 'notCounted'> {
  const { receiptAt, eligibleCents, subtotalCents, tierId, others } = facts
  const notCounted = whyNotCounted(program, { checkins: others, receiptAt, subtotalCents })
  if (notCounted !== null) {
    return { receiptAt, eligibleCents, points: points(0), visits: 0, notCounted }
  }
  const earned = earnedPoints(program, { tier: tierOf(program, tierId), eligibleCents })
  return { receiptAt, eligibleCents, points: earned, visits: 1, notCounted: null }
}

type Arrival = Occasion & { checkin: Checkin }

function bringIn(draft: Draft, program: Program, { checkin, cause, at }: Arrival): void {
  const source = { kind: 'checkin', id: checkin.checkinId } as const
  for (const { unit, amount } of earnings(program, checkin)) {
    const expiresAt = expiresAtFor(program, unit, at)
    receive(draft, { unit, amount, from: 'earned', expiresAt, source, cause, at })
  }
}

function bringInPending(draft: Draft, program: Program, { checkin, cause, at }: Arrival): void {
  const source = { kind: 'checkin', id: checkin.checkinId } as const
  for (const { unit, amount } of earnings(program, checkin)) {
    receivePending(draft, { unit, amount, from: 'earned', expiresAt: null, source, cause, at })
  }
}

/** What a check-in brings into lots; visits only where they can be spent. */
function earnings(program: Program, checkin: Checkin): { unit: Unit; amount: number }[] {
  const { points: amount, visits } = checkin
  const all: { unit: Unit; amount: number }[] =
    program.programType === 'visits'
      ? [{ unit: 'visits', amount: visits }]
      : [{ unit: 'points', amount }]
  return all.filter((earning) => earning.amount > 0)
}
