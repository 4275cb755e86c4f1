import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { CounterSettings } from '../catalog/counter-settings-from.ts'
import { hashSecret } from '../secrets.ts'
import type { Channel } from '../store/one-time-codes.ts'
import { isEmailAddress } from './email-address.ts'
import { normaliseIdentifier } from './identify-guest.ts'

/** How the guest asked to be reached. */
export type Contact = { email: string | null; phoneNumber: string | null; phoneExt: string | null }

/** Where a code goes, and the identifier that it proves. `recipient` is an address or `+12075550142`. */
export type Addressee = {
  kind: 'addressee'
  channel: Channel
  recipient: string
  identifier: { kind: 'email' | 'phone'; value: string }
}

/**
 * Picks the channel: the e-mail address when both are sent and both are open.
 *
 * Refused, in this order: otp_disabled, missing_parameter (the only channel that is open was not
 * sent), otp_channel_missing, invalid_parameter.
 */
export function addresseeOf(
  { email, phoneNumber, phoneExt }: Contact,
  settings: CounterSettings['advancedAuthentication'],
): Addressee | Refusal {
  if (!settings.enabled || (!settings.email && !settings.sms)) return refuse('otp_disabled')
  if (email !== null && settings.email) return byEmail(email)
  if (phoneNumber !== null && settings.sms) return bySms(phoneNumber, phoneExt)
  if (!settings.sms) return refuse('missing_parameter', { name: 'email' })
  if (!settings.email) return refuse('missing_parameter', { name: 'phone_number' })
  return refuse('otp_channel_missing')
}

function byEmail(sent: string): Addressee | Refusal {
  const value = normaliseIdentifier('email', sent)
  if (!isEmailAddress(value)) {
    return refuse('invalid_parameter', { name: 'email', problem: 'it must be an e-mail address' })
  }
  return {
    kind: 'addressee',
    channel: 'email',
    recipient: value,
    identifier: { kind: 'email', value },
  }
}

function bySms(phoneNumber: string, phoneExt: string | null): Addressee | Refusal {
  const isWhole = phoneNumber.startsWith('+')
  if (!isWhole && phoneExt === null) return refuse('missing_parameter', { name: 'phone_ext' })
  const recipient = `+${`${isWhole ? '' : phoneExt}${phoneNumber}`.replace(/\D/g, '')}`
  // E.164 has at most fifteen digits.
  if (!/^\+[1-9]\d{7,14}$/.test(recipient)) {
    const problem = 'it must be a phone number, with phone_ext such as +1 before it'
    return refuse('invalid_parameter', { name: 'phone_number', problem })
  }
  const value = normaliseIdentifier('phone', recipient)
  return { kind: 'addressee', channel: 'sms', recipient, identifier: { kind: 'phone', value } }
}

/** What is stored of a code, bound to the challenge that it was asked for with. */
export function hashCode(code: string, codeChallenge: string): Buffer {
  return hashSecret(`${codeChallenge} ${code}`)
}
