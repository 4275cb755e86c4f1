import { type Refusal, refuse } from '@regulars/contract/refusals'
import { type Instant, minuteMs, plusMs } from '@regulars/contract/values/instants'
import type { Catalog } from '../catalog/catalog.ts'
import type { Location } from '../store/callers.ts'
import type { Basket } from '../store/guest-state.ts'
import type { Decision, Facts } from './change-guest.ts'

/** Whether baskets are to be had here at all: the business's switch, then the location's. */
export function featureRefusal(catalog: Catalog, location: Location | null): Refusal | null {
  if (!catalog.counter.multipleRedemptionsEnabled) return refuse('feature_disabled')
  if (location !== null && !location.redeems) return refuse('feature_disabled')
  return null
}

/** A banned, deactivated or deleted guest neither earns nor redeems. */
export function standingRefusal(
  { state }: Facts,
  code: 'guest_banned_basket' | 'guest_banned' | 'guest_banned_code',
): Refusal | null {
  if (state.guest.status === 'deleted') return refuse('user_not_found')
  return state.guest.status === 'active' ? null : refuse(code)
}

/**
 * Whether what was decided is the reply to an earlier call, which nothing that happened since takes
 * back: a caller who lost it must hear it. An erased guest's replies are erased too.
 */
export function isStoredReply<Result>(
  earlier: Decision<Result> | null,
  { state }: Facts,
): earlier is Extract<Decision<Result>, { kind: 'unchanged' }> {
  return earlier?.kind === 'unchanged' && state.guest.status !== 'deleted'
}

/** Only the holder of the lock reads or changes the basket. */
export function lockRefusal({ state, catalog }: Facts, externalUid: string | null): Refusal | null {
  const lock = state.basket?.lock ?? null
  if (!catalog.counter.locking.enabled || lock === null) return null
  return lock.owner === externalUid ? null : refuse('basket_locked')
}

/**
 * The lock as a call with this uid leaves it: taken or held on, its time starting anew. Without
 * locking, or without a uid, as it was.
 */
export function lockFor(
  lock: Basket['lock'],
  { externalUid, catalog, now }: { externalUid: string | null; catalog: Catalog; now: Instant },
): Basket['lock'] {
  const { locking } = catalog.counter
  if (!locking.enabled || externalUid === null) return lock
  const since = lock?.owner === externalUid ? lock.since : now
  return { owner: externalUid, since, until: lockUntil(catalog, now) }
}

/** Null when locks do not lapse by themselves. */
export function lockUntil(catalog: Catalog, now: Instant): Instant | null {
  const { autoUnlockMinutes } = catalog.counter.locking
  return autoUnlockMinutes === null ? null : plusMs(now, autoUnlockMinutes * minuteMs)
}
