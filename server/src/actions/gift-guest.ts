import { type Refusal, refuse } from '@regulars/contract/refusals'
import {
  type BusinessDate,
  endOfDay,
  type Instant,
  instant,
} from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import { expiresAtFor, gift, type Unit } from '@regulars/engine'
import type { Deps } from '../deps.ts'
import type { GuestChange } from '../store/guest-state.ts'
import { auditEntry, guestSubject } from './audit-entry.ts'
import { changeGuest, type Facts, type GuestId } from './change-guest.ts'
import { issueRewards, newReward } from './rewards.ts'

/** A gift as an admin asks for it; null is not asked for. */
export type SupportGift = GuestId & {
  /** Points, or visits where visits count. */
  count: number | null
  currencyCents: Cents | null
  /** Off each unit of fuel. */
  fuelCents: Cents | null
  redeemableId: number | null
  /** The last day it can be used; the program's own end counts when it is earlier. */
  endDate: BusinessDate | null
  reason: string
  /** A store it is booked to; told to the audit log only. */
  locationId: number | null
  /** The gift counts as activity, from which inactivity is counted. */
  resetsActivity: boolean
}

/**
 * Gives a guest exactly one thing.
 *
 * Refused, in this order: one_entity (nothing is asked for), single_entity, invalid_parameter (an
 * amount that is not above zero or beyond `amountMax`, an end that has passed), user_not_found, invalid_redeemable_id,
 * feature_disabled (a redeemable that staff may not gift).
 */
export async function giftGuest(
  deps: Deps,
  request: SupportGift,
): Promise<{ kind: 'given' } | Refusal> {
  const asked = entitiesOf(request)
  const [entity] = asked
  if (entity === undefined) return refuse('one_entity')
  if (asked.length > 1) return refuse('single_entity')
  if (entity.value <= 0) {
    return refuse('invalid_parameter', { name: entity.name, problem: 'it must be above zero' })
  }
  if (entity.name !== 'redeemable_id' && entity.value > amountMax) {
    const problem = `it must be at most ${entity.name === 'gift_count' ? amountMax : amountMax / 100}`
    return refuse('invalid_parameter', { name: entity.name, problem })
  }
  return changeGuest(deps, request, {}, (facts) => {
    const { state, catalog, now } = facts
    if (state.guest.status === 'deleted') return refuse('user_not_found')
    const endsAt = request.endDate === null ? null : endOfDay(request.endDate, catalog.zone)
    if (endsAt !== null && endsAt < now) {
      return refuse('invalid_parameter', { name: 'end_date', problem: 'it must not have passed' })
    }
    const active = request.resetsActivity ? withActivity(facts) : facts
    const given =
      entity.name === 'redeemable_id'
        ? reward(deps, active, { redeemableId: entity.value, reason: request.reason, endsAt })
        : amount(deps, active, { ...amountOf(entity, facts), endsAt })
    if ('kind' in given) return given
    const details = {
      [loggedAs[entity.name]]: entity.value,
      reason: request.reason,
      end_date: request.endDate,
      location_id: request.locationId,
    }
    const subject = guestSubject(request.guestId)
    return {
      kind: 'changed',
      result: { kind: 'given' },
      change: { ...given, audit: [auditEntry(deps, now, { action: 'gift', subject, details })] },
    }
  })
}

/** In points, visits or cents: what any sum of gifts and all they convert to is exact far below. */
const amountMax = 1_000_000_000

/** Under their names on the wire; amounts of money in cents. */
type Entity = {
  name: 'gift_count' | 'reward_amount' | 'fuel_amount' | 'redeemable_id'
  value: number
}

const loggedAs = {
  gift_count: 'count',
  reward_amount: 'currency_cents',
  fuel_amount: 'fuel_cents',
  redeemable_id: 'redeemable_id',
} as const satisfies Record<Entity['name'], string>

function entitiesOf(request: SupportGift): Entity[] {
  const entities: { name: Entity['name']; value: number | null }[] = [
    { name: 'gift_count', value: request.count },
    { name: 'reward_amount', value: request.currencyCents },
    { name: 'fuel_amount', value: request.fuelCents },
    { name: 'redeemable_id', value: request.redeemableId },
  ]
  return entities.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]))
}

function amountOf({ name, value }: Entity, { catalog }: Facts): { unit: Unit; amount: number } {
  if (name === 'reward_amount') return { unit: 'currency', amount: value }
  if (name === 'fuel_amount') return { unit: 'fuel', amount: value * microsPerCent }
  const unit = catalog.program.programType === 'visits' ? 'visits' : 'points'
  return { unit, amount: value }
}

const microsPerCent = 10_000

function withActivity(facts: Facts): Facts {
  const account = { ...facts.state.account, lastActivityAt: facts.now }
  return { ...facts, state: { ...facts.state, account } }
}

type Given = Pick<GuestChange, 'after' | 'entries'>

function amount(
  deps: Deps,
  { state, catalog, now }: Facts,
  { unit, amount, endsAt }: { unit: Unit; amount: number; endsAt: Instant | null },
): Given {
  const moves = gift(state.account, catalog.program, {
    unit,
    amount,
    expiresAt: earliest(endsAt, expiresAtFor(catalog.program, unit, now)),
    cause: { kind: 'gift', id: deps.ids.next() },
    at: now,
  })
  const issued = issueRewards(deps, moves.issues, catalog)
  return {
    after: { ...state, account: moves.account, rewards: [...state.rewards, ...issued] },
    entries: moves.entries,
  }
}

function reward(
  deps: Deps,
  { state, catalog, now }: Facts,
  given: { redeemableId: number; reason: string; endsAt: Instant | null },
): Given | Refusal {
  const redeemable = catalog.redeemables.get(given.redeemableId)
  if (redeemable === undefined) return refuse('invalid_redeemable_id')
  if (!redeemable.giftable) return refuse('feature_disabled')
  const issued = newReward(deps, redeemable, {
    at: now,
    zone: catalog.zone,
    forType: 'Admin',
    reason: given.reason,
    ownEndsAt: given.endsAt,
  })
  return { after: { ...state, rewards: [...state.rewards, issued] }, entries: [] }
}

function earliest(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || other === null ? (one ?? other) : instant(Math.min(one, other))
}
