import { type Refusal, refuse } from '@regulars/contract/refusals'
import { isEmailAddress } from './email-address.ts'
import { normaliseIdentifier, normalisePhone } from './identify-guest.ts'

/** How a guest can be found later; null for what was not sent. */
export type Contact = { email: string | null; phone: string | null; cardNumber: string | null }

/** Says what about a new guest's contact data cannot be: `invalid_parameter`, or null. */
export function contactRefusal({ email, phone, cardNumber }: Contact): Refusal | null {
  if (email !== null && !isEmailAddress(email)) {
    return refuse('invalid_parameter', { name: 'email', problem: 'it must be an e-mail address' })
  }
  if (phone !== null && !/^\d{10}$/.test(normalisePhone(phone))) {
    return refuse('invalid_parameter', { name: 'phone', problem: 'it must have ten digits' })
  }
  if (cardNumber !== null && !/^\d{6,20}$/.test(normaliseIdentifier('card_number', cardNumber))) {
    const problem = 'it must have 6 to 20 digits'
    return refuse('invalid_parameter', { name: 'card_number', problem })
  }
  return null
}
