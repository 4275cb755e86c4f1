import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import type { Guest } from '../store/guest-state.ts'
import { findByIdentifier } from '../store/identifiers.ts'
import { changeGuest, type Facts } from './change-guest.ts'
import { contactRefusal } from './contact-refusal.ts'
import { createGuest, identifiersOf, isTooYoung, type NewGuest } from './create-guest.ts'
import { deviceRefusal } from './device-refusal.ts'
import { normaliseIdentifier } from './identify-guest.ts'

export type SignUp = Omit<NewGuest, 'email' | 'passwordHash' | 'externalId'> & {
  email: string
  password: string
  /** Null where the surface does not ask for it. */
  passwordConfirmation: string | null
  deviceId: string | null
}

/** Ours: `docs/reference/authentication.md`, "One device, several guests". */
const guestsPerDeviceMax = 5

const passwordLengthMin = 8

/**
 * Makes a guest with a password, or completes the one a till made from the same phone number and
 * nothing else: that guest keeps its id and all it earned.
 *
 * Refused, in this order: invalid_parameter (contact data), password_too_short,
 * password_confirmation, guest_banned_code (the device), device_already_shared, busy, too_young,
 * guest_banned_code, identifier_taken (`name` is its kind), try_again.
 */
export async function signUp(deps: Deps, request: SignUp): Promise<Facts | Refusal> {
  const refusal = formRefusal(request) ?? (await deviceRefusal(deps, request, guestsPerDeviceMax))
  if (refusal !== null) return refusal
  if (deps.passwords.busy()) return refuse('busy')

  const { password, passwordConfirmation, deviceId, ...wanted } = request
  const guest = { ...wanted, passwordHash: await deps.passwords.hash(password) }
  const phoneHolder = await findHolder(deps, guest.businessId, { phone: guest.phone })
  return phoneHolder === null ? createGuest(deps, guest) : completeGuest(deps, phoneHolder, guest)
}

function formRefusal(request: SignUp): Refusal | null {
  const { password, passwordConfirmation } = request
  const refusal = contactRefusal(request)
  if (refusal !== null) return refusal
  if ([...password].length < passwordLengthMin) {
    return refuse('password_too_short', { length: passwordLengthMin })
  }
  if (passwordConfirmation !== null && passwordConfirmation !== password) {
    return refuse('password_confirmation')
  }
  return null
}

async function findHolder(
  deps: Deps,
  businessId: number,
  { phone }: { phone: string | null },
): Promise<number | null> {
  if (phone === null) return null
  const value = normaliseIdentifier('phone', phone)
  return findByIdentifier(deps.db, { businessId, kind: 'phone', value })
}

async function completeGuest(
  deps: Deps,
  guestId: number,
  wanted: NewGuest,
): Promise<Facts | Refusal> {
  const { businessId } = wanted
  const added = identifiersOf(wanted, guestId).filter(
    ({ kind }) => kind === 'email' || kind === 'card_number',
  )
  const completed = await changeGuest(deps, { businessId, guestId }, {}, (facts) => {
    const { state, catalog, now } = facts
    const { minimumAge } = catalog.counter.signUp
    if (isTooYoung(wanted.profile.birthday, { minimumAge, now })) {
      return refuse('too_young', { years: minimumAge })
    }
    if (!isWithoutAccount(state.guest)) return refuse('identifier_taken', { name: 'phone' })
    if (state.guest.status !== 'active') return refuse('guest_banned_code')
    const after = { ...state, guest: completedGuest(state.guest, wanted) }
    return {
      kind: 'changed',
      result: { kind: 'completed', facts: { ...facts, state: after } } as const,
      change: { after, entries: [], identifiers: { add: added, remove: [] } },
    }
  })
  return completed.kind === 'completed' ? completed.facts : completed
}

// Someone who proved that the number is theirs has an account, if no password; so has who carries a
// card: a number that anybody can know does not give it away.
function isWithoutAccount({ email, passwordHash, profile }: Guest): boolean {
  const { phoneVerified, cardNumber } = profile
  return (
    email === null && passwordHash === null && phoneVerified !== true && cardNumber === undefined
  )
}

function completedGuest(guest: Guest, wanted: NewGuest): Guest {
  return {
    ...guest,
    email: wanted.email === null ? null : normaliseIdentifier('email', wanted.email),
    firstName: wanted.firstName ?? guest.firstName,
    lastName: wanted.lastName ?? guest.lastName,
    passwordHash: wanted.passwordHash,
    profile: {
      ...guest.profile,
      ...wanted.profile,
      ...(wanted.cardNumber === null ? {} : { cardNumber: wanted.cardNumber }),
    },
  }
}
