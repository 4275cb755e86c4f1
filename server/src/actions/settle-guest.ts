import type { Refusal } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { changeGuest, type GuestId } from './change-guest.ts'

export type Settled = { kind: 'settled' } | { kind: 'nothing_due' }

/**
 * Records what time has caused for one guest by now; every other action does so on its way.
 *
 * `nothing_due` when another was quicker. Refused: user_not_found, try_again.
 */
export function settleGuest(deps: Deps, id: GuestId): Promise<Settled | Refusal> {
  return changeGuest<Settled>(deps, id, {}, ({ state, now }) => {
    const { nextDueAt } = state.guest
    if (nextDueAt === null || nextDueAt > now) {
      return { kind: 'unchanged', result: { kind: 'nothing_due' } }
    }
    // What fell due is in the state already: the frame settles a guest before it asks.
    return {
      kind: 'changed',
      result: { kind: 'settled' },
      change: { after: state, entries: [] },
    }
  })
}
