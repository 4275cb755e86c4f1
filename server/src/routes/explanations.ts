import { refuse } from '@regulars/contract/refusals'
import { adminExplanations } from '@regulars/contract/wire/explanations'
import { findExplanations } from '../store/explanations.ts'
import { ok, type Route, route } from './call.ts'

export const explanationRoutes: readonly Route[] = [
  route(adminExplanations, async (deps, { caller, params }) => {
    const redemptionRef = params.redemption_ref
    const found = await findExplanations(deps.db, caller.businessId, redemptionRef)
    if (found === null) return refuse('explanation_not_found', { redemptionRef })
    return ok({ redemption_ref: redemptionRef, ...found })
  }),
]
