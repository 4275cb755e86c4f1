import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { BusinessDate, Instant } from '@regulars/contract/values/instants'
import { type Account, type Entry, gift, nextDueAt } from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { SignUpGift } from '../catalog/counter-settings-from.ts'
import type { Deps } from '../deps.ts'
import { firstEntryHash } from '../store/entry-chain.ts'
import type { GuestState, Identifier, Profile, Reward } from '../store/guest-state.ts'
import { type Facts, takenRefusal } from './change-guest.ts'
import { normaliseIdentifier } from './identify-guest.ts'
import { issueRewards, newReward } from './rewards.ts'

export type NewGuest = {
  businessId: number
  email: string | null
  phone: string | null
  cardNumber: string | null
  firstName: string | null
  lastName: string | null
  profile: Profile
  passwordHash: string | null
  externalId?: string
  /** False for a guest who did not sign up: nothing is given. */
  isSignUp?: boolean
}

/**
 * Makes a guest and gives what the program gives at sign-up, in one statement.
 *
 * Refused: too_young, identifier_taken (`name` is the identifier's kind).
 */
export async function createGuest(deps: Deps, wanted: NewGuest): Promise<Facts | Refusal> {
  await deps.ids.ready()
  const catalog = await deps.catalogs.newest(wanted.businessId)
  const now = deps.now()
  const minimumAge = catalog.counter.signUp.minimumAge
  if (isTooYoung(wanted.profile.birthday, { minimumAge, now })) {
    return refuse('too_young', { years: minimumAge })
  }
  const guestId = deps.ids.next()
  const empty = newGuestState(wanted, { guestId, now })
  const welcomed =
    wanted.isSignUp === false
      ? { state: empty, entries: [] }
      : welcome(deps, empty, { catalog, now })
  const identifiers = identifiersOf(wanted, guestId)
  const recorded = await deps.recorder.record({
    before: null,
    after: welcomed.state,
    entries: welcomed.entries,
    identifiers: { add: identifiers, remove: [] },
  })
  if (recorded.kind === 'taken') return takenRefusal(recorded)
  if (recorded.kind === 'conflict') return refuse('try_again')
  return {
    state: { ...welcomed.state, guest: { ...welcomed.state.guest, version: 1 } },
    catalog,
    now,
  }
}

/** What a new guest can be found by. */
export function identifiersOf(
  { email, phone, cardNumber }: Pick<NewGuest, 'email' | 'phone' | 'cardNumber'>,
  guestId: number,
): Identifier[] {
  return [
    ...identifier('email', email),
    ...identifier('phone', phone),
    ...identifier('card_number', cardNumber),
    { kind: 'user_as_qrcode', value: `P${guestId}` },
  ]
}

function identifier(kind: Identifier['kind'], value: string | null): Identifier[] {
  return value === null ? [] : [{ kind, value: normaliseIdentifier(kind, value) }]
}

/** Whether somebody born on `birthday` may not sign up yet. Without a birthday nobody is too young. */
export function isTooYoung(
  birthday: string | undefined,
  { minimumAge, now }: { minimumAge: number; now: Instant },
): boolean {
  if (birthday === undefined || minimumAge === 0) return false
  const today = new Date(now).toISOString().slice(0, 10) as BusinessDate
  const years = Number(today.slice(0, 4)) - Number(birthday.slice(0, 4))
  const hadBirthday = today.slice(5) >= birthday.slice(5)
  return (hadBirthday ? years : years - 1) < minimumAge
}

/** A guest with nothing yet, not stored. */
export function newGuestState(
  wanted: NewGuest,
  { guestId, now }: { guestId: number; now: Instant },
): GuestState {
  return {
    guest: {
      businessId: wanted.businessId,
      guestId,
      version: 0,
      externalId: wanted.externalId ?? null,
      status: 'active',
      email: wanted.email === null ? null : normaliseIdentifier('email', wanted.email),
      phone: wanted.phone === null ? null : normaliseIdentifier('phone', wanted.phone),
      firstName: wanted.firstName,
      lastName: wanted.lastName,
      profile: {
        ...wanted.profile,
        ...(wanted.cardNumber === null ? {} : { cardNumber: wanted.cardNumber }),
      },
      passwordHash: wanted.passwordHash,
      entrySeq: 0,
      entryHash: firstEntryHash,
      nextDueAt: null,
    },
    account: newAccount(now),
    rewards: [],
    subscriptions: [],
    basket: null,
    codes: [],
    commits: [],
    redemptions: [],
    checkinRecords: [],
    visits: [],
    claims: [],
    lastQuery: null,
    receipt: null,
  }
}

function newAccount(now: Instant): Account {
  return {
    lots: [],
    nextLotNo: 1,
    checkins: [],
    counters: {
      totalPointCredits: 0,
      totalPointDebits: 0,
      totalVisits: 0,
      initialVisits: 0,
      totalCurrencyCredits: 0,
      totalCurrencyDebits: 0,
      qualificationPoints: 0,
      redeemedCards: 0,
    },
    debt: { points: 0, visits: 0, currency: 0, fuel: 0 },
    tierId: null,
    tierSince: null,
    tierFloorId: null,
    qualifyingSince: now,
    lastActivityAt: now,
    joinedAt: now,
  }
}

/** Gives the sign-up gifts; the moment of the next due movement is set too. */
function welcome(
  deps: Deps,
  state: GuestState,
  { catalog, now }: { catalog: Catalog; now: Instant },
): { state: GuestState; entries: readonly Entry[] } {
  let account = state.account
  const rewards: Reward[] = []
  const entries: Entry[] = []
  for (const one of catalog.counter.signUp.gifts) {
    if (one.kind === 'reward') {
      const redeemable = catalog.redeemables.get(one.redeemableId)
      if (redeemable === undefined) continue
      const given = { at: now, zone: catalog.zone, forType: 'SignupCampaign', reason: null }
      rewards.push(newReward(deps, redeemable, given))
      continue
    }
    const moves = gift(account, catalog.program, {
      ...giftedAmount(one),
      expiresAt: null,
      cause: { kind: 'gift', id: deps.ids.next() },
      at: now,
    })
    account = moves.account
    entries.push(...moves.entries)
    rewards.push(...issueRewards(deps, moves.issues, catalog))
  }
  const guest = { ...state.guest, nextDueAt: nextDueAt(account, catalog.program) }
  return { state: { ...state, guest, account, rewards }, entries }
}

function giftedAmount(one: Exclude<SignUpGift, { kind: 'reward' }>) {
  switch (one.kind) {
    case 'points':
      return { unit: 'points', amount: one.points } as const
    case 'visits':
      return { unit: 'visits', amount: one.visits } as const
    case 'currency':
      return { unit: 'currency', amount: one.cents } as const
  }
}
