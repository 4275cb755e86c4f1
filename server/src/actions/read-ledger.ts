import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { findLedgerPage, type LedgerPage } from '../store/ledger.ts'
import type { GuestId } from './change-guest.ts'
import { settleGuest } from './settle-guest.ts'

/**
 * Some of a guest's entries as of now: what has fallen due is recorded first.
 *
 * Refused: user_not_found, try_again.
 */
export async function readLedger(
  deps: Deps,
  { afterSeq, limit, ...id }: GuestId & { afterSeq: number; limit: number },
): Promise<({ kind: 'page' } & LedgerPage) | Refusal> {
  const settled = await settleGuest(deps, id)
  if (settled.kind === 'refused') return settled
  const page = await findLedgerPage(deps.db, id, { afterSeq, limit })
  return page === null ? refuse('user_not_found') : { kind: 'page', ...page }
}
