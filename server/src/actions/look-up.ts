import { type Refusal, refuse } from '@regulars/contract/refusals'
import { evaluateAlone, type Receipt } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import { explanationOf } from '../replies/explanation.ts'
import { lookupReply } from '../replies/lookup-reply.ts'
import type { Location } from '../store/callers.ts'
import { recordQuery } from '../store/last-queries.ts'
import { featureRefusal, lockRefusal, lockUntil, standingRefusal } from './basket-gates.ts'
import { changeGuest, type Decision, type GuestId } from './change-guest.ts'
import { evaluationFacts } from './evaluation-facts.ts'
import { otherDiscounts } from './resolve-basket.ts'

export type LookUpRequest = GuestId & {
  location: Location
  receipt: Receipt
  externalUid: string | null
  language: string | null
}

export type LookUpResult =
  | { kind: 'looked_up'; reply: ReturnType<typeof lookupReply>; explanation: unknown }
  | Refusal

/**
 * Evaluates on a check what is in the basket, and beside it everything else the guest could put in,
 * each by itself. Consumes and reserves nothing; takes the lock of the basket where locking is on.
 *
 * Refused, in this order: guest_banned_basket, feature_disabled, missing_parameter (external_uid
 * while locking is on), basket_locked.
 */
export async function lookUp(deps: Deps, request: LookUpRequest): Promise<LookUpResult> {
  return changeGuest(deps, request, {}, async (facts): Promise<Decision<LookUpResult>> => {
    const { state, catalog, now } = facts
    const gate =
      standingRefusal(facts, 'guest_banned_basket') ?? featureRefusal(catalog, request.location)
    if (gate !== null) return gate
    if (catalog.counter.locking.enabled && request.externalUid === null) {
      return refuse('missing_parameter', { name: 'external_uid' })
    }
    const locked = lockRefusal(facts, request.externalUid)
    if (locked !== null) return locked

    const candidates = otherDiscounts(facts)
    const looked = evaluateAlone(evaluationFacts(facts, request), candidates)
    const reader = { catalog, language: request.language, codes: state.codes }
    const reply = lookupReply(looked, { receipt: request.receipt, reader })
    const explanation = explanationOf(looked.selected, null)

    const { basket } = state
    const owner = catalog.counter.locking.enabled ? request.externalUid : null
    if (basket !== null && owner !== null) {
      const held = await recordQuery(deps.db, state.guest, {
        redemptionRef: basket.redemptionRef,
        owner,
        changesHands: basket.lock?.owner !== owner,
        lockUntil: lockUntil(catalog, now),
        at: now,
        asked: null,
      })
      if (!held) return { kind: 'overtaken' }
    }
    return { kind: 'unchanged', result: { kind: 'looked_up', reply, explanation } }
  })
}
