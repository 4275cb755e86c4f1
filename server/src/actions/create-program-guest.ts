import type { GuestEntry } from '@regulars/contract/program-file'
import { assert, unreachable } from '@regulars/contract/values/assert'
import {
  type BusinessDate,
  businessDateAt,
  dayMs,
  endOfDay,
  type Instant,
  instant,
  minuteMs,
  plusDays,
  plusMs,
} from '@regulars/contract/values/instants'
import { points } from '@regulars/contract/values/points'
import {
  type Account,
  type Entry,
  gift,
  nextDueAt,
  type Staged,
  settle,
  tierFor,
  type Unit,
} from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import { centsOrNull, microsOrNull } from '../catalog/rules-from.ts'
import type { Deps } from '../deps.ts'
import { findLocationIds } from '../store/businesses.ts'
import type { Code, GuestState, Profile, Reward, Subscription } from '../store/guest-state.ts'
import { settleState } from './change-guest.ts'
import { identifiersOf, type NewGuest, newGuestState } from './create-guest.ts'
import { issueRewards, newReward } from './rewards.ts'

/**
 * Makes one guest of a program file with everything the guest owns, in one statement. What was
 * earned in the past is entered as it would have been then, up to today: what ran out has run out.
 * The gifts of signing up are not given.
 *
 * Null when the guest is there now, be it by another server; else a sentence saying why not.
 */
export async function createProgramGuest(
  deps: Deps,
  businessId: number,
  entry: GuestEntry,
): Promise<string | null> {
  await deps.ids.ready()
  const catalog = await deps.catalogs.newest(businessId)
  const now = deps.now()
  const guestId = deps.ids.next()
  const wanted = await newGuestOf(deps, businessId, entry)
  const opened = open(deps, newGuestState(wanted, { guestId, now }), { entry, catalog, now })
  const newCodes = stagedCodes(opened.state, { entry, catalog, now })
  const recorded = await deps.recorder.record({
    before: null,
    after: opened.state,
    entries: opened.entries,
    identifiers: { add: identifiersOf(wanted, guestId), remove: [] },
    newCodes,
  })
  switch (recorded.kind) {
    case 'recorded':
    // Another server applied the same file at the same moment and made this guest.
    case 'conflict':
      return null
    case 'taken': {
      const what = recorded.constraint === 'codes_key' ? 'code' : 'e-mail, phone or card number'
      return `The guest ${entry.id} was not made: a ${what} of theirs belongs to another guest.`
    }
    default:
      return unreachable(recorded)
  }
}

async function newGuestOf(deps: Deps, businessId: number, entry: GuestEntry): Promise<NewGuest> {
  const favourite = entry.favourite_location
  const locationIds = favourite === undefined ? null : await findLocationIds(deps.db, businessId)
  const locationId = locationIds?.get(favourite ?? '')
  const profile: Profile = {
    ...(entry.birthday === undefined ? {} : { birthday: entry.birthday }),
    ...(entry.gender === undefined ? {} : { gender: entry.gender }),
    ...(entry.zip_code === undefined ? {} : { zipCode: entry.zip_code }),
    ...(entry.preferred_locale === undefined ? {} : { preferredLocale: entry.preferred_locale }),
    ...(locationId === undefined ? {} : { favouriteLocations: String(locationId) }),
  }
  return {
    businessId,
    externalId: entry.id,
    email: entry.email ?? null,
    phone: entry.phone ?? null,
    cardNumber: entry.card_number ?? null,
    firstName: entry.first_name,
    lastName: entry.last_name,
    profile,
    passwordHash: entry.password === undefined ? null : await deps.passwords.hash(entry.password),
  }
}

/** What the parts of a guest are made with. */
type Making = { entry: GuestEntry; catalog: Catalog; now: Instant }

/** The new guest with what the file says it owns, as of now. */
function open(
  deps: Deps,
  state: GuestState,
  making: Making,
): { state: GuestState; entries: readonly Entry[] } {
  const { entry, catalog, now } = making
  const earned = openAccount(deps, state.account, making)
  const owning: GuestState = {
    ...state,
    account: earned.account,
    rewards: [...earned.rewards, ...(entry.rewards ?? []).map((one) => reward(deps, one, making))],
    subscriptions: (entry.subscriptions ?? []).map((one) => subscription(deps, one, making)),
  }
  const settled = settleState(deps, owning, { catalog, now })
  const account = atTier(settled.state.account, making)
  const guest = {
    ...state.guest,
    status: entry.banned === true ? ('banned' as const) : state.guest.status,
    nextDueAt: nextDueAt(account, catalog.program),
  }
  return {
    state: { ...settled.state, guest, account },
    entries: [...earned.entries, ...settled.entries],
  }
}

/** One lot of the file: so much of a unit, since when, until when (null: as the program says). */
type OpeningLot = { unit: Unit; amount: number; at: Instant; expiresAt: Instant | null }

/** Lots come in one after the other, each after what time did to the earlier ones. */
function openAccount(deps: Deps, fresh: Account, making: Making) {
  const { entry, catalog, now } = making
  const { program } = catalog
  const joinedAt = daysAgo(now, entry.joined_days_ago)
  let account: Account = {
    ...fresh,
    joinedAt,
    lastActivityAt: joinedAt,
    qualifyingSince: joinedAt,
  }
  const entries: Entry[] = []
  const rewards: Reward[] = []
  for (const { at, ...lot } of openingLots(making)) {
    const due = settle(account, program, at)
    const cause = { kind: 'gift', id: deps.ids.next() } as const
    const given = gift({ ...due.account, lastActivityAt: at }, program, { ...lot, cause, at })
    account = given.account
    entries.push(...due.entries, ...given.entries)
    rewards.push(...issueRewards(deps, [...due.issues, ...given.issues], catalog))
  }
  return { account, entries, rewards }
}

function openingLots({ entry, catalog, now }: Making): OpeningLot[] {
  const lots = (unit: Unit, list: readonly LotEntry[] | undefined) =>
    (list ?? []).map((lot): OpeningLot => {
      const amount = unit === 'currency' ? (centsOrNull(lot.amount) ?? 0) : lot.amount
      const expiresAt = endOf(lot, { zone: catalog.zone, now })
      const earnedAt = daysAgo(now, lot.earned_days_ago)
      return { unit, amount, at: earlier(earnedAt, expiresAt), expiresAt }
    })
  const fuelRate = microsOrNull(entry.fuel_rate) ?? 0
  return [
    ...lots('points', entry.points),
    ...lots('visits', entry.visits),
    ...lots('currency', entry.currency),
    ...(fuelRate > 0
      ? [{ unit: 'fuel' as const, amount: fuelRate, at: now, expiresAt: null }]
      : []),
  ].sort((one, other) => one.at - other.at)
}

type LotEntry = NonNullable<GuestEntry['points']>[number]

/** The tier that the file's qualification points give. They are a figure of today's. */
function atTier(account: Account, { entry, catalog }: Making): Account {
  const sum = (entry.points ?? []).reduce((total, lot) => total + lot.amount, 0)
  const qualificationPoints = entry.qualification_points ?? sum
  const tier = tierFor(catalog.program, qualificationPoints)
  return {
    ...account,
    counters: { ...account.counters, qualificationPoints },
    tierId: tier?.tierId ?? null,
    tierSince: tier === null ? null : account.qualifyingSince,
  }
}

function reward(
  deps: Deps,
  entry: NonNullable<GuestEntry['rewards']>[number],
  { catalog, now }: Making,
): Reward {
  const redeemable = byExternalId(catalog.redeemables.values(), entry.redeemable)
  const ownEndsAt = endOf(entry, { zone: catalog.zone, now })
  return newReward(deps, redeemable, {
    at: earlier(now, ownEndsAt),
    zone: catalog.zone,
    forType: 'Gift',
    reason: entry.gift_reason ?? null,
    externalId: entry.id,
    ownEndsAt,
  })
}

function subscription(
  deps: Deps,
  entry: NonNullable<GuestEntry['subscriptions']>[number],
  { catalog, now }: Making,
): Subscription {
  const plan = byExternalId(catalog.plans.values(), entry.plan)
  const startsAt = daysAgo(now, entry.bought_days_ago)
  const lastDay = plusDays(businessDateAt(startsAt, catalog.zone), plan.durationDays)
  const endsAt = endOf(entry, { zone: catalog.zone, now }) ?? endOfDay(lastDay, catalog.zone)
  return {
    subscriptionId: deps.ids.next(),
    externalId: entry.id,
    planId: plan.planId,
    status: statusOf[entry.cancelled ?? 'not'],
    startsAt: earlier(startsAt, endsAt),
    endsAt,
    cancelledAt: entry.cancelled === undefined ? null : earlier(now, endsAt),
    uses: [],
  }
}

const statusOf = { not: 'active', soft: 'soft_cancelled', hard: 'hard_cancelled' } as const

function stagedCodes(state: GuestState, making: Making): Code[] {
  const { entry, catalog, now } = making
  return (entry.staged_codes ?? []).map((code): Code => {
    const { staged, redeemableId, endsAt } = standsFor(code, state, catalog)
    const minutes =
      code.expires_in_minutes ??
      catalog.redeemables.get(redeemableId ?? 0)?.codeExpiryMinutes ??
      catalog.counter.redemptionExpiryMinutes
    return {
      code: code.code,
      campaignId: null,
      guestId: state.guest.guestId,
      redeemableId,
      staged,
      uses: 0,
      usesMax: 1,
      active: true,
      createdAt: now,
      startsAt: null,
      expiresAt: endsAt ?? plusMs(now, minutes * minuteMs),
      usedAt: [],
    }
  })
}

type StagedEntry = NonNullable<GuestEntry['staged_codes']>[number]

type StandsFor = {
  staged: Staged
  redeemableId: number | null
  /** When the code ends with its reward; null when it ends by its own rule. */
  endsAt: Instant | null
}

function standsFor(code: StagedEntry, state: GuestState, catalog: Catalog): StandsFor {
  const none = { redeemableId: null, endsAt: null }
  if (code.reward !== undefined) {
    const owned = state.rewards.find(({ externalId }) => externalId === code.reward)
    assert(owned !== undefined, 'a read program file knows its rewards', { code })
    const redeemable = catalog.redeemables.get(owned.redeemableId)
    return {
      staged: { kind: 'reward', rewardId: owned.rewardId },
      redeemableId: owned.redeemableId,
      endsAt: redeemable?.codeEndsWithReward === true ? owned.endsAt : null,
    }
  }
  if (code.redeemable !== undefined) {
    const redeemable = byExternalId(catalog.redeemables.values(), code.redeemable)
    const staged: Staged =
      redeemable.points === null
        ? { kind: 'nothing' }
        : { kind: 'points', costPoints: points(redeemable.points) }
    return { staged, redeemableId: redeemable.redeemableId, endsAt: null }
  }
  const banked = centsOrNull(code.currency)
  if (banked !== null) return { staged: { kind: 'currency', cents: banked }, ...none }
  return { staged: { kind: 'card' }, ...none }
}

function byExternalId<Entry extends { externalId: string }>(
  entries: Iterable<Entry>,
  externalId: string,
): Entry {
  const found = [...entries].find((entry) => entry.externalId === externalId)
  assert(found !== undefined, 'a read program file knows what it refers to', { externalId })
  return found
}

/** The last moment of what the file gives an end; null when it gives none. */
function endOf(
  entry: { expires_on?: string; expires_in_days?: number },
  { zone, now }: { zone: string; now: Instant },
): Instant | null {
  if (entry.expires_on !== undefined) return endOfDay(entry.expires_on as BusinessDate, zone)
  if (entry.expires_in_days === undefined) return null
  return endOfDay(plusDays(businessDateAt(now, zone), entry.expires_in_days), zone)
}

function daysAgo(now: Instant, days = 0): Instant {
  return plusMs(now, -days * dayMs)
}

// What the file says ended before it began is taken to have begun when it ended.
function earlier(at: Instant, end: Instant | null): Instant {
  return end === null ? at : instant(Math.min(at, end))
}
