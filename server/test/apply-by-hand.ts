import type { GuestEntry, ProgramFile } from '@regulars/contract/program-file'
import {
  businessDateAt,
  dayMs,
  endOfDay,
  minuteMs,
  plusMs,
} from '@regulars/contract/values/instants'
import { centsFrom } from '@regulars/contract/values/money'
import { type Account, type Entry, gift, type Staged, tierFor, type Unit } from '@regulars/engine'
import { newGuestState } from '../src/actions/create-guest.ts'
import { normaliseIdentifier } from '../src/actions/identify-guest.ts'
import { newReward } from '../src/actions/rewards.ts'
import type { Catalog } from '../src/catalog/catalog.ts'
import { entriesOf, locationDocumentOf, settingsOf } from '../src/catalog/entries-of.ts'
import type { Deps } from '../src/deps.ts'
import { hashSecret } from '../src/secrets.ts'
import type {
  Code,
  GuestState,
  Identifier,
  Reward,
  Subscription,
} from '../src/store/guest-state.ts'

/** The wire numbers of what a program file defines, by the file's own keys. */
export type Applied = {
  businessId: number
  locationIds: ReadonlyMap<string, number>
  /** By kind and external id: `redeemable five-off`. */
  entryIds: ReadonlyMap<string, number>
  guests: ReadonlyMap<string, AppliedGuest>
}

export type AppliedGuest = {
  guestId: number
  rewardIds: ReadonlyMap<string, number>
  subscriptionIds: ReadonlyMap<string, number>
}

/** Writes a program file into an empty database. */
export async function applyByHand(deps: Deps, program: ProgramFile): Promise<Applied> {
  await deps.ids.ready()
  const businessId = deps.ids.next()
  await insertBusiness(deps, businessId, program)
  const locationIds = await insertLocations(deps, businessId, program)
  const entryIds = await insertEntries(deps, businessId, program)
  await insertCodes(deps, businessId, { program, entryIds })
  const catalog = await deps.catalogs.newest(businessId)
  const guests = new Map<string, AppliedGuest>()
  for (const entry of program.guests ?? []) {
    await deps.ids.ready()
    guests.set(
      entry.id,
      await insertGuest(deps, entry, { businessId, locationIds, entryIds, catalog }),
    )
  }
  return { businessId, locationIds, entryIds, guests }
}

async function insertBusiness(deps: Deps, businessId: number, program: ProgramFile) {
  const { business } = program
  await deps.db.query(
    {
      name: 'test_business',
      text: `
insert into businesses (business_id, external_id, name, business_key_hash, client_id,
                        client_secret_sealed, admin_key_hash, definition, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)`,
    },
    [
      businessId,
      business.id,
      business.name,
      hashSecret(business.business_key),
      business.client,
      deps.sealer.seal(business.client_secret),
      hashSecret(business.admin_key),
      JSON.stringify(settingsOf(program)),
      new Date(deps.now()).toISOString(),
    ],
  )
}

async function insertLocations(deps: Deps, businessId: number, { locations }: ProgramFile) {
  const ids = new Map<string, number>()
  for (const location of locations) {
    const id = location.location_id ?? deps.ids.next()
    ids.set(location.id, id)
    await deps.db.query(
      {
        name: 'test_location',
        text: `
insert into locations (business_id, location_id, external_id, store_number, location_key_hash,
                       definition)
values ($1, $2, $3, $4, $5, $6::jsonb)`,
      },
      [
        businessId,
        id,
        location.id,
        location.store_number,
        hashSecret(location.location_key),
        JSON.stringify(locationDocumentOf(location)),
      ],
    )
  }
  return ids
}

async function insertEntries(deps: Deps, businessId: number, program: ProgramFile) {
  const ids = new Map<string, number>()
  for (const { kind, externalId, document } of entriesOf(program)) {
    const id = deps.ids.next()
    ids.set(`${kind} ${externalId}`, id)
    await deps.db.query(
      {
        name: 'test_entry',
        text: `
insert into catalog_entries (business_id, kind, entry_id, external_id, definition)
values ($1, $2, $3, $4, $5::jsonb)`,
      },
      [businessId, kind, id, externalId, JSON.stringify(document)],
    )
  }
  return ids
}

async function insertCodes(
  deps: Deps,
  businessId: number,
  { program, entryIds }: { program: ProgramFile; entryIds: Applied['entryIds'] },
) {
  const { promo_codes = [], coupon_campaigns = [] } = program.codes ?? {}
  const codes = [
    ...promo_codes.map(({ id, code, uses }) => ({ from: `promo_code ${id}`, code, uses })),
    ...coupon_campaigns.flatMap(({ id, codes }) =>
      codes.map((code) => ({ from: `coupon_campaign ${id}`, code, uses: 1 })),
    ),
  ]
  for (const { from, code, uses } of codes) {
    await deps.db.query(
      {
        name: 'test_code',
        text: `
insert into codes (business_id, code, campaign_id, uses_max, created_at)
values ($1, $2, $3, $4, $5)`,
      },
      [businessId, code, entryIds.get(from), uses ?? null, new Date(deps.now()).toISOString()],
    )
  }
}

type References = Pick<Applied, 'businessId' | 'locationIds' | 'entryIds'> & { catalog: Catalog }

async function insertGuest(
  deps: Deps,
  entry: GuestEntry,
  references: References,
): Promise<AppliedGuest> {
  const { businessId, locationIds } = references
  const guestId = deps.ids.next()
  const joinedAt = plusMs(deps.now(), -(entry.joined_days_ago ?? 0) * dayMs)
  const favourite = locationIds.get(entry.favourite_location ?? '')
  const empty = newGuestState(
    {
      businessId,
      email: entry.email ?? null,
      phone: entry.phone ?? null,
      cardNumber: entry.card_number ?? null,
      firstName: entry.first_name,
      lastName: entry.last_name,
      profile: {
        ...(entry.birthday === undefined ? {} : { birthday: entry.birthday }),
        ...(entry.gender === undefined ? {} : { gender: entry.gender }),
        ...(favourite === undefined ? {} : { favouriteLocations: String(favourite) }),
      },
      passwordHash: null,
      externalId: entry.id,
    },
    { guestId, now: joinedAt },
  )
  const { program } = references.catalog
  const qualificationPoints = entry.qualification_points ?? 0
  const tierId = tierFor(program, qualificationPoints)?.tierId ?? null
  const start: Account = {
    ...empty.account,
    counters: { ...empty.account.counters, qualificationPoints },
    tierId,
    tierSince: tierId === null ? null : joinedAt,
    tierFloorId: tierId,
  }
  const { account, entries } = withLots(deps, start, { entry, catalog: references.catalog })
  const rewards = rewardsOf(deps, entry, references)
  const subscriptions = subscriptionsOf(deps, entry, references)
  const after: GuestState = {
    ...empty,
    guest: { ...empty.guest, status: entry.banned === true ? 'banned' : 'active' },
    account,
    rewards: [...rewards.values()],
    subscriptions: [...subscriptions.values()],
  }
  const newCodes = codesOf(deps, entry, { ...references, guestId, rewards })
  const identifiers: Identifier[] = [
    ...identifier('email', entry.email),
    ...identifier('phone', entry.phone),
    ...identifier('card_number', entry.card_number),
    { kind: 'user_as_qrcode', value: `P${guestId}` },
  ]
  const recorded = await deps.recorder.record({
    before: null,
    after,
    entries,
    newCodes,
    identifiers: { add: identifiers, remove: [] },
  })
  if (recorded.kind !== 'recorded') throw new Error(`${entry.id}: ${JSON.stringify(recorded)}`)
  return {
    guestId,
    rewardIds: new Map([...rewards].map(([id, reward]) => [id, reward.rewardId])),
    subscriptionIds: new Map([...subscriptions].map(([id, one]) => [id, one.subscriptionId])),
  }
}

function identifier(kind: Identifier['kind'], value: string | undefined): Identifier[] {
  return value === undefined ? [] : [{ kind, value: normaliseIdentifier(kind, value) }]
}

type LotEntry = NonNullable<GuestEntry['points']>[number]

function withLots(
  deps: Deps,
  account: Account,
  { entry, catalog }: { entry: GuestEntry; catalog: Catalog },
): { account: Account; entries: Entry[] } {
  const entries: Entry[] = []
  const lots: { unit: Unit; amount: number; lot: LotEntry }[] = [
    ...(entry.points ?? []).map((lot) => ({ unit: 'points', amount: lot.amount, lot }) as const),
    ...(entry.visits ?? []).map((lot) => ({ unit: 'visits', amount: lot.amount, lot }) as const),
    ...(entry.currency ?? []).map(
      (lot) => ({ unit: 'currency', amount: centsFrom(lot.amount) ?? 0, lot }) as const,
    ),
  ]
  for (const { unit, amount, lot } of lots) {
    const at = plusMs(deps.now(), -(lot.earned_days_ago ?? 0) * dayMs)
    const cause = { kind: 'gift', id: deps.ids.next() } as const
    const expiresAt = endsAtOf(deps, lot, catalog)
    const moves = gift(account, catalog.program, { unit, amount, expiresAt, cause, at })
    account = moves.account
    entries.push(...moves.entries)
  }
  return { account, entries }
}

function endsAtOf(
  deps: Deps,
  { expires_in_days: days }: { expires_in_days?: number },
  { zone }: Catalog,
) {
  return days === undefined
    ? null
    : endOfDay(businessDateAt(plusMs(deps.now(), days * dayMs), zone), zone)
}

function rewardsOf(
  deps: Deps,
  entry: GuestEntry,
  { catalog, entryIds }: References,
): Map<string, Reward> {
  return new Map(
    (entry.rewards ?? []).map((one) => {
      const redeemable = catalog.redeemables.get(entryIds.get(`redeemable ${one.redeemable}`) ?? 0)
      if (redeemable === undefined) throw new Error(`there is no ${one.redeemable}`)
      const reward = newReward(deps, redeemable, {
        at: deps.now(),
        zone: catalog.zone,
        forType: 'Gift',
        reason: one.gift_reason ?? null,
        externalId: one.id,
        ownEndsAt: endsAtOf(deps, one, catalog),
      })
      return [one.id, reward]
    }),
  )
}

function subscriptionsOf(
  deps: Deps,
  entry: GuestEntry,
  { catalog, entryIds }: References,
): Map<string, Subscription> {
  return new Map(
    (entry.subscriptions ?? []).map((one) => {
      const plan = catalog.plans.get(entryIds.get(`plan ${one.plan}`) ?? 0)
      if (plan === undefined) throw new Error(`there is no ${one.plan}`)
      const startsAt = plusMs(deps.now(), -(one.bought_days_ago ?? 0) * dayMs)
      const status = one.cancelled === undefined ? 'active' : `${one.cancelled}_cancelled`
      const subscription: Subscription = {
        subscriptionId: deps.ids.next(),
        externalId: one.id,
        planId: plan.planId,
        status: status as Subscription['status'],
        startsAt,
        endsAt: plusMs(startsAt, plan.durationDays * dayMs),
        cancelledAt: one.cancelled === undefined ? null : startsAt,
        uses: [],
      }
      return [one.id, subscription]
    }),
  )
}

function codesOf(
  deps: Deps,
  entry: GuestEntry,
  {
    guestId,
    rewards,
    catalog,
    entryIds,
  }: References & { guestId: number; rewards: Map<string, Reward> },
): Code[] {
  return (entry.staged_codes ?? []).map((one) => {
    const reward = rewards.get(one.reward ?? '')
    const redeemableId = reward?.redeemableId ?? entryIds.get(`redeemable ${one.redeemable}`)
    const costPoints = catalog.redeemables.get(redeemableId ?? 0)?.points ?? null
    const staged: Staged =
      reward !== undefined
        ? { kind: 'reward', rewardId: reward.rewardId }
        : costPoints === null
          ? { kind: 'nothing' }
          : { kind: 'points', costPoints }
    return {
      code: one.code,
      campaignId: null,
      guestId,
      redeemableId: redeemableId ?? null,
      staged,
      uses: 0,
      usesMax: 1,
      active: true,
      createdAt: deps.now(),
      startsAt: null,
      expiresAt: plusMs(deps.now(), catalog.counter.redemptionExpiryMinutes * minuteMs),
      usedAt: [],
    }
  })
}
