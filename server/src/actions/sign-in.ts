import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { findByIdentifier } from '../store/identifiers.ts'
import { type Facts, readGuest } from './change-guest.ts'
import { bannedDeviceRefusal, type Device } from './device-refusal.ts'
import { normaliseIdentifier } from './identify-guest.ts'

/**
 * Finds the guest whom an e-mail address and a password name together. Takes as long for an address
 * that nobody has, and says the same.
 *
 * Refused, in this order: busy, guest_banned_code (the device), `wrong` (which the surface words),
 * guest_banned_code once the password is right.
 */
export async function signIn(
  deps: Deps,
  request: Device & { email: string; password: string },
  wrong: 'incorrect_information' | 'invalid_email_password',
): Promise<Facts | Refusal> {
  if (deps.passwords.busy()) return refuse('busy')
  const banned = await bannedDeviceRefusal(deps, request)
  if (banned !== null) return banned
  const facts = await findByEmail(deps, request)
  const guest = facts?.state.guest
  const right = await deps.passwords.matches(guest?.passwordHash ?? null, request.password)
  if (facts === null || guest === undefined || !right || guest.status === 'deleted') {
    return refuse(wrong)
  }
  return guest.status === 'active' ? facts : refuse('guest_banned_code')
}

async function findByEmail(
  deps: Deps,
  { businessId, email }: { businessId: number; email: string },
): Promise<Facts | null> {
  const value = normaliseIdentifier('email', email)
  const guestId = await findByIdentifier(deps.db, { businessId, kind: 'email', value })
  return guestId === null ? null : readGuest(deps, { businessId, guestId })
}
