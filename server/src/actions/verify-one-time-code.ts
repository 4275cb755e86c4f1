import { type Refusal, refuse } from '@regulars/contract/refusals'
import { unreachable } from '@regulars/contract/values/assert'
import type { Deps } from '../deps.ts'
import type { Profile } from '../store/guest-state.ts'
import { findByIdentifier } from '../store/identifiers.ts'
import { tryCode } from '../store/one-time-codes.ts'
import { changeGuest, type Facts } from './change-guest.ts'
import { createGuest } from './create-guest.ts'
import { bannedDeviceRefusal, type Device } from './device-refusal.ts'
import { type Addressee, addresseeOf, type Contact, hashCode } from './one-time-code.ts'
import { challengeOf, isCodeVerifier } from './pkce.ts'
import { type Consents, consentRefusal } from './send-one-time-code.ts'

export type CodeTrial = Contact &
  Device & {
    code: string
    codeVerifier: string
    consents: Consents
  }

export type Verified = { kind: 'verified'; facts: Facts }

/**
 * Finds the guest who holds the code that was sent and the verifier it was asked for with; an
 * address or number that nobody has becomes a guest. A code works once. What is wrong, or with
 * whom, the answer does not say.
 *
 * Refused, in this order: what `addresseeOf` refuses, the consents, invalid_parameter (the verifier
 * is none), guest_banned_code (the device), otp_attempts, otp_invalid, guest_banned_code, try_again.
 */
export async function verifyOneTimeCode(
  deps: Deps,
  request: CodeTrial,
): Promise<Verified | Refusal> {
  const { businessId, code, codeVerifier } = request
  const catalog = await deps.catalogs.newest(businessId)
  const settings = catalog.counter.advancedAuthentication
  const addressee = addresseeOf(request, settings)
  if (addressee.kind === 'refused') return addressee
  const refusal = consentRefusal(request.consents)
  if (refusal !== null) return refusal
  if (!isCodeVerifier(codeVerifier)) {
    const problem = 'it must be 43 to 128 letters, digits and -._~'
    return refuse('invalid_parameter', { name: 'code_verifier', problem })
  }

  const banned = await bannedDeviceRefusal(deps, request)
  if (banned !== null) return banned

  const codeChallenge = challengeOf(codeVerifier)
  const tried = await tryCode(deps.db, {
    businessId,
    channel: addressee.channel,
    recipient: addressee.recipient,
    codeChallenge,
    codeHash: hashCode(code, codeChallenge),
    attemptsMax: settings.attemptsMax,
    now: deps.now(),
  })
  switch (tried) {
    case 'right':
      return guestBehind(deps, businessId, addressee)
    case 'too_many':
      return refuse('otp_attempts')
    case 'wrong':
      return refuse('otp_invalid')
    default:
      return unreachable(tried)
  }
}

async function guestBehind(
  deps: Deps,
  businessId: number,
  addressee: Addressee,
): Promise<Verified | Refusal> {
  const { identifier } = addressee
  const proven = provenBy(addressee)
  const known = await findByIdentifier(deps.db, { businessId, ...identifier })
  if (known !== null) return markProven(deps, { businessId, guestId: known }, proven)
  const made = await createGuest(deps, {
    businessId,
    email: identifier.kind === 'email' ? identifier.value : null,
    phone: identifier.kind === 'phone' ? identifier.value : null,
    cardNumber: null,
    firstName: null,
    lastName: null,
    profile: proven,
    passwordHash: null,
  })
  if (!('kind' in made)) return { kind: 'verified', facts: made }
  if (made.code !== 'identifier_taken') return made
  // Somebody signed up with it in this very moment.
  const other = await findByIdentifier(deps.db, { businessId, ...identifier })
  return other === null
    ? refuse('try_again')
    : markProven(deps, { businessId, guestId: other }, proven)
}

function provenBy({ channel }: Addressee): Profile {
  const consents = { privacyPolicy: true, termsAndConditions: true }
  return channel === 'email'
    ? { ...consents, emailVerified: true }
    : { ...consents, phoneVerified: true }
}

function markProven(
  deps: Deps,
  id: { businessId: number; guestId: number },
  proven: Profile,
): Promise<Verified | Refusal> {
  return changeGuest(deps, id, {}, (facts) => {
    const { guest } = facts.state
    if (guest.status === 'deleted') return refuse('otp_invalid')
    if (guest.status !== 'active') return refuse('guest_banned_code')
    const state = { ...facts.state, guest: { ...guest, profile: { ...guest.profile, ...proven } } }
    return {
      kind: 'changed',
      result: { kind: 'verified', facts: { ...facts, state } },
      change: { after: state, entries: [] },
    }
  })
}
