import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'
import type { Basket } from '../store/guest-state.ts'
import { featureRefusal, lockRefusal, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Facts, type GuestId } from './change-guest.ts'
import { basketChange, keptItems, withItems } from './select.ts'

/**
 * Takes items out of the basket; ids that are not in it are passed over while one is. A basket that
 * becomes empty is closed: the next read says there is none.
 *
 * Refused, in this order: guest_banned_basket, feature_disabled, no_active_basket, basket_locked,
 * items_not_found.
 */
export async function unselect(
  deps: Deps,
  request: GuestId & {
    location: Location | null
    externalUid: string | null
    itemIds: readonly number[]
  },
): Promise<{ kind: 'basket'; basket: Basket; facts: Facts } | Refusal> {
  return changeGuest(deps, request, {}, (facts) => {
    const { basket } = facts.state
    const gate =
      standingRefusal(facts, 'guest_banned_basket') ??
      featureRefusal(facts.catalog, request.location)
    if (gate !== null) return gate
    if (basket === null) return refuse('no_active_basket')
    const locked = lockRefusal(facts, request.externalUid)
    if (locked !== null) return locked
    const dropped = new Set(request.itemIds)
    if (!basket.items.some((item) => dropped.has(item.itemId))) return refuse('items_not_found')

    const shown = withItems(
      deps,
      facts,
      request,
      basket.items.filter((item) => !dropped.has(item.itemId)),
    )
    const items = keptItems(facts).filter((item) => !dropped.has(item.itemId))
    const change = basketChange(facts.state, { ...shown, items })
    return { kind: 'changed', result: { kind: 'basket', basket: shown, facts }, change }
  })
}
