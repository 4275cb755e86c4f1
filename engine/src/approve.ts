import type { Instant } from '@regulars/contract/values/instants'
import type { Checkin } from './account.ts'
import { convert } from './convert.ts'
import { count, type Draft, putCheckin } from './draft.ts'
import { expiresAtFor } from './expiry.ts'
import { lotsOfCheckin, type Occasion, openLot } from './lots.ts'
import type { Program } from './program.ts'
import { moveTier, tierOf } from './tiers.ts'

/** A pending check-in's points and visits can be spent from now on. */
export function approve(draft: Draft, program: Program, checkin: Checkin, at: Instant): void {
  const occasion: Occasion = { cause: { kind: 'approval', id: checkin.checkinId }, at }
  for (const lot of lotsOfCheckin(draft.account, checkin.checkinId)) {
    if (lot.state !== 'pending') continue
    openLot(draft, lot, { ...occasion, expiresAt: expiresAtFor(program, lot.unit, at) })
  }
  credit(draft, program, checkin, at)
}

/**
 * What follows once points count: totals, then the tier they lift the guest to, then conversion by
 * the tier held when the check-in happened.
 */
export function credit(draft: Draft, program: Program, checkin: Checkin, at: Instant): void {
  putCheckin(draft, { ...checkin, state: 'approved', approvedAt: at })
  count(draft, {
    totalPointCredits: checkin.points,
    qualificationPoints: checkin.points,
    totalVisits: checkin.visits,
  })
  moveTier(draft, program, at)
  const cause = { kind: 'conversion', id: checkin.checkinId } as const
  convert(draft, program, { tier: tierOf(program, checkin.tierId), cause, at })
}
