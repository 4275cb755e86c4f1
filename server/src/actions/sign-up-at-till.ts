import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import type { Facts } from './change-guest.ts'
import { type Contact, contactRefusal } from './contact-refusal.ts'
import { createGuest, type NewGuest } from './create-guest.ts'

/**
 * Makes a guest whom a till knows by a phone, an address or a card.
 *
 * Refused, in this order: missing_parameter (none of the three), invalid_parameter, feature_disabled
 * (a phone alone is not enough for this program), too_young, identifier_taken.
 */
export async function signUpAtTill(
  deps: Deps,
  wanted: Contact & Pick<NewGuest, 'businessId' | 'firstName' | 'lastName' | 'profile'>,
): Promise<Facts | Refusal> {
  const { email, phone, cardNumber } = wanted
  if (email === null && phone === null && cardNumber === null) {
    return refuse('missing_parameter', { name: 'phone' })
  }
  const refusal = contactRefusal(wanted)
  if (refusal !== null) return refusal
  const { signUp } = (await deps.catalogs.newest(wanted.businessId)).counter
  const byPhoneAlone = email === null && cardNumber === null
  if (byPhoneAlone && !signUp.byPhoneAlone) return refuse('feature_disabled')
  return createGuest(deps, { ...wanted, passwordHash: null })
}
