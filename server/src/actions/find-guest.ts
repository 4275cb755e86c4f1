import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../secrets.ts'
import { findGuestByToken } from '../store/access-tokens.ts'
import type { Location } from '../store/callers.ts'
import { standingRefusal } from './basket-gates.ts'
import { type Facts, type GuestId, readGuest } from './change-guest.ts'
import { createGuest } from './create-guest.ts'
import { type Identified, type Identity, identifyGuest } from './identify-guest.ts'

export type FoundGuest = { kind: 'found'; facts: Facts; shown: Omit<Identified, 'kind'> }

/**
 * The guest whom one identifier names, with all that is theirs. Banned guests are found: a till must
 * be able to tell them why nothing is given.
 *
 * Refused: as `identifyGuest`; user_not_found also for a guest who was deleted.
 */
export async function searchGuest(
  deps: Deps,
  location: Location,
  identity: Identity,
): Promise<FoundGuest | Refusal> {
  const identified = await identifyGuest(deps, location, identity)
  if (identified.kind === 'refused') return identified
  const facts = await existingGuest(deps, { ...location, guestId: identified.guestId })
  return facts.kind === 'refused' ? facts : { kind: 'found', facts: facts.facts, shown: identified }
}

/**
 * A guest by id, as of now.
 *
 * Refused: user_not_found, also for one who was deleted.
 */
export async function existingGuest(
  deps: Deps,
  { businessId, guestId }: GuestId,
): Promise<{ kind: 'existing'; facts: Facts } | Refusal> {
  const facts = await readGuest(deps, { businessId, guestId })
  if (facts === null || facts.state.guest.status === 'deleted') return refuse('user_not_found')
  return { kind: 'existing', facts }
}

export type Lookup = { field: keyof Identity | 'otp' | 'user_token' | 'none'; value: string }

/**
 * The guest of a sale under Redemptions 2.0. `none` with the value `anonymous` makes a new guest,
 * to whom nothing is given, for codes of people who are no members.
 *
 * Refused, in this order: invalid_single_scan_code, user_not_found, guest_banned.
 */
export async function findGuest(
  deps: Deps,
  location: Location,
  { field, value }: Lookup,
): Promise<FoundGuest | Refusal> {
  if (field === 'none') return anonymousGuest(deps, location, value)
  const found = await lookedUp(deps, location, { field, value })
  if (found.kind === 'refused') return found
  return standingRefusal(found.facts, 'guest_banned') ?? found
}

async function lookedUp(
  deps: Deps,
  location: Location,
  { field, value }: Lookup,
): Promise<FoundGuest | Refusal> {
  if (field === 'otp') return searchGuest(deps, location, { single_scan_code: value })
  if (field !== 'user_token') return searchGuest(deps, location, { [field]: value })
  const { businessId } = location
  const tokenHash = hashSecret(value)
  const token = await findGuestByToken(deps.db, { businessId, tokenHash, now: deps.now() })
  if (token === null || !token.live) return refuse('user_not_found')
  const { guestId } = token
  const guest = await existingGuest(deps, { businessId, guestId })
  if (guest.kind === 'refused') return guest
  const shown = { guestId, singleScanCode: null, payment: null }
  return { kind: 'found', facts: guest.facts, shown }
}

async function anonymousGuest(
  deps: Deps,
  { businessId }: Location,
  value: string,
): Promise<FoundGuest | Refusal> {
  if (value.toLowerCase() !== 'anonymous') return refuse('user_not_found')
  const made = await createGuest(deps, {
    businessId,
    email: null,
    phone: null,
    cardNumber: null,
    firstName: null,
    lastName: null,
    profile: { signupChannel: 'POS' },
    passwordHash: null,
    isSignUp: false,
  })
  if ('kind' in made) return made
  const { guestId } = made.state.guest
  const shown = { guestId, singleScanCode: null, payment: null }
  return { kind: 'found', facts: made, shown }
}
