import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { eraseStored } from '../store/erasure.ts'
import { auditEntry, guestSubject } from './audit-entry.ts'
import { type GuestId, pauseBeforeRetry, readGuest } from './change-guest.ts'

/** Attempts before a guest that others keep changing is given up with `try_again`. */
const attemptsMax = 12

/**
 * Erases everything by which a guest could be recognised or found, for good: address, number, names,
 * profile, password, identifiers, tokens, codes shown at tills, the replies that were stored for
 * repeats, what was to be sent. The basket is emptied and open claims are closed. Entries, check-ins
 * and commits stay, under a number that stands for nobody.
 *
 * Refused: user_not_found, also when it was erased before; try_again.
 */
export async function eraseGuest(deps: Deps, id: GuestId): Promise<{ kind: 'erased' } | Refusal> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const facts = await readGuest(deps, id)
    if (facts === null || facts.state.guest.status === 'deleted') return refuse('user_not_found')
    const { guest } = facts.state
    const { email, phone, profile } = guest
    const addresses = [email, profile.secondaryEmail].filter((one) => typeof one === 'string')
    const subject = guestSubject(id.guestId)
    const audit = auditEntry(deps, facts.now, { action: 'erase', subject, details: {} })
    const sentTo = { addresses, phone }
    if (await eraseStored(deps.db, { guest, sentTo, audit })) return { kind: 'erased' }
    await pauseBeforeRetry(attempt)
  }
  return refuse('try_again')
}
