import type { EvaluationFacts, Receipt } from '@regulars/engine'
import type { Location } from '../store/callers.ts'
import type { Guest } from '../store/guest-state.ts'
import type { Facts } from './change-guest.ts'
import { resolveBasket, walletOf } from './resolve-basket.ts'

/** What the rules are given: the basket resolved, the wallet, the check, the business's settings. */
export function evaluationFacts(
  facts: Facts,
  {
    location,
    receipt,
  }: { location: Pick<Location, 'locationId' | 'name' | 'tags'>; receipt: Receipt },
): EvaluationFacts {
  const { state, catalog, now } = facts
  return {
    now,
    guestName: guestName(state.guest),
    location: { locationId: location.locationId, name: location.name, tags: location.tags },
    settings: catalog.redemptions,
    receipt,
    basket: resolveBasket(facts),
    wallet: walletOf(state, facts),
    baseRule: catalog.baseRule,
    cardValueCents: catalog.program.cardValueCents,
    fuel: catalog.fuel,
    leavePayableCents: catalog.leavePayableCents,
    explain: true,
  }
}

/** The guest as a till names them. */
function guestName({ firstName, lastName }: Guest): string {
  const name = [firstName, lastName].filter((part) => part !== null && part !== '').join(' ')
  return name === '' ? 'Guest' : name
}
