import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'
import type { Basket } from '../store/guest-state.ts'
import { featureRefusal, lockRefusal } from './basket-gates.ts'
import { changeGuest, type Facts, type GuestId } from './change-guest.ts'
import { basketChange, keptItems } from './select.ts'

/**
 * The guest's active basket. Items that went bad are shown once, with their message, and dropped.
 *
 * Refused, in this order: feature_disabled, no_active_basket, basket_locked.
 */
export async function activeBasket(
  deps: Deps,
  request: GuestId & { location: Location | null; externalUid: string | null },
): Promise<{ kind: 'basket'; basket: Basket; facts: Facts } | Refusal> {
  return changeGuest(deps, request, {}, (facts) => {
    const { basket } = facts.state
    const gate = featureRefusal(facts.catalog, request.location)
    if (gate !== null) return gate
    if (basket === null) return refuse('no_active_basket')
    const locked = lockRefusal(facts, request.externalUid)
    if (locked !== null) return locked

    const result = { kind: 'basket', basket, facts } as const
    const kept = keptItems(facts)
    if (kept.length === basket.items.length) return { kind: 'unchanged', result }
    const change = basketChange(facts.state, { ...basket, items: kept })
    return { kind: 'changed', result, change }
  })
}

/**
 * Releases the lock that the caller's uid holds; what is selected stays.
 *
 * Refused, in this order: feature_disabled, invalid_business_configuration (locking is off),
 * no_active_basket, no_valid_basket (held under another uid, or not held).
 */
export async function unlockBasket(
  deps: Deps,
  request: GuestId & { location: Location | null; externalUid: string },
): Promise<{ kind: 'unlocked' } | Refusal> {
  return changeGuest(deps, request, {}, (facts) => {
    const { basket } = facts.state
    const gate = featureRefusal(facts.catalog, request.location)
    if (gate !== null) return gate
    if (!facts.catalog.counter.locking.enabled) return refuse('invalid_business_configuration')
    if (basket === null) return refuse('no_active_basket')
    if (basket.lock?.owner !== request.externalUid) return refuse('no_valid_basket')
    return {
      kind: 'changed',
      result: { kind: 'unlocked' },
      change: { after: { ...facts.state, basket: { ...basket, lock: null } }, entries: [] },
    }
  })
}
