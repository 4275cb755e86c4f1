import { type Refusal, refuse } from '@regulars/contract/refusals'
import { assert, unreachable } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import { type Entry, nextDueAt, settle } from '@regulars/engine'
import type { Catalog } from '../catalog/catalog.ts'
import type { Deps } from '../deps.ts'
import { gatherGuest, type Wanted } from '../store/gather.ts'
import type { GuestChange, GuestState, Recorded } from '../store/guest-state.ts'
import { issueRewards } from './rewards.ts'

export type GuestId = { businessId: number; guestId: number }

/** What an action decides on: the guest as of now, the catalog, the moment. */
export type Facts = { state: GuestState; catalog: Catalog; now: Instant }

/** What an action decided. `change` holds what becomes of the guest and the entries that say so. */
export type Decision<Result> =
  | Refusal
  | { kind: 'unchanged'; result: Result }
  /** What `decide` wrote beside the guest met somebody else's change: gather again. */
  | { kind: 'overtaken' }
  | { kind: 'changed'; result: Result; change: Omit<GuestChange, 'before'> }

/** What something does to a guest, as a part of a change. */
export type Effect = Required<Pick<GuestChange, 'after' | 'entries' | 'codeUses'>>

/** Attempts before a guest that others keep changing is given up with `try_again`. */
const attemptsMax = 12

/**
 * Gathers a guest, lets `decide` look at it as of now, and records what it decided in one statement.
 * When another action was quicker, gathers again and decides anew.
 *
 * Refused: `user_not_found`, `try_again`, whatever `decide` refuses, and the refusal of a shared
 * constraint that somebody else's request reached first.
 */
export async function changeGuest<Result>(
  deps: Deps,
  id: GuestId,
  wanted: Wanted,
  decide: (facts: Facts) => Decision<Result> | Promise<Decision<Result>>,
): Promise<Result | Refusal> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    await deps.ids.ready()

    // Gather.
    const gathered = await gatherFacts(deps, id, wanted)
    if (gathered === null) return refuse('user_not_found')
    const { before, facts, entries } = gathered

    // Decide.
    const decision = await decide(facts)
    if (decision.kind === 'refused') return decision
    if (decision.kind === 'unchanged') return decision.result
    if (decision.kind === 'overtaken') {
      await pauseBeforeRetry(attempt)
      continue
    }

    // Record.
    const change = complete(decision.change, { before, earlier: entries, catalog: facts.catalog })
    const recorded = await deps.recorder.record(change)
    switch (recorded.kind) {
      case 'recorded':
        return decision.result
      case 'taken':
        return takenRefusal(recorded)
      case 'conflict':
        await pauseBeforeRetry(attempt)
        break
      default:
        unreachable(recorded)
    }
  }
  return refuse('try_again')
}

/** Reads a guest as of now without changing anything. Null when there is none. */
export async function readGuest(
  deps: Deps,
  id: GuestId,
  wanted: Wanted = {},
): Promise<Facts | null> {
  await deps.ids.ready()
  return (await gatherFacts(deps, id, wanted))?.facts ?? null
}

/** What somebody else's request took first; `name` is the kind of identifier, if that was it. */
export function takenRefusal({ code, identifier }: Extract<Recorded, { kind: 'taken' }>): Refusal {
  return refuse(code, { name: identifier ?? 'email' })
}

type Gathered = { before: GuestState; facts: Facts; entries: readonly Entry[] }

/**
 * A reward that a due conversion issues is written before anybody is told of it: its id must be the
 * one that is found when it is asked for.
 */
async function gatherFacts(deps: Deps, id: GuestId, wanted: Wanted): Promise<Gathered | null> {
  for (let attempt = 1; ; attempt += 1) {
    const gathered = await gatherOnce(deps, id, wanted)
    if (gathered === null || gathered.issued === 0 || attempt === attemptsMax) return gathered
    const { before, facts, entries } = gathered
    const { state: after, catalog } = facts
    const settled = complete({ after, entries }, { before, earlier: [], catalog })
    const recorded = await deps.recorder.record(settled)
    if (recorded.kind !== 'recorded') await pauseBeforeRetry(attempt)
  }
}

async function gatherOnce(
  deps: Deps,
  id: GuestId,
  wanted: Wanted,
): Promise<(Gathered & { issued: number }) | null> {
  const gathered = await gatherGuest(deps.db, id, wanted)
  if (gathered === null) return null
  const catalog = await deps.catalogs.at(id.businessId, gathered.catalogVersion)
  const now = deps.now()
  const settled = settleState(deps, gathered.state, { catalog, now })
  return {
    before: gathered.state,
    facts: { state: settled.state, catalog, now },
    entries: settled.entries,
    issued: settled.issued,
  }
}

/** The guest as time has made it by now: due movements done, rewards and subscriptions run out. */
export function settleState(
  deps: Deps,
  state: GuestState,
  { catalog, now }: { catalog: Catalog; now: Instant },
): { state: GuestState; entries: readonly Entry[]; issued: number } {
  const moves = settle(state.account, catalog.program, now)
  const issued = issueRewards(deps, moves.issues, catalog)
  const rewards = state.rewards.map((reward) =>
    reward.status === 'unredeemed' && reward.endsAt !== null && reward.endsAt < now
      ? { ...reward, status: 'expired' as const, updatedAt: reward.endsAt }
      : reward,
  )
  const subscriptions = state.subscriptions.map((subscription) =>
    (subscription.status === 'active' || subscription.status === 'soft_cancelled') &&
    subscription.endsAt < now
      ? { ...subscription, status: 'expired' as const }
      : subscription,
  )
  const lockUntil = state.basket?.lock?.until ?? null
  const basket =
    state.basket !== null && lockUntil !== null && lockUntil <= now
      ? { ...state.basket, lock: null }
      : state.basket
  return {
    state: {
      ...state,
      account: moves.account,
      rewards: [...rewards, ...issued],
      subscriptions,
      basket,
    },
    entries: moves.entries,
    issued: issued.length,
  }
}

function complete(
  decided: Omit<GuestChange, 'before'>,
  { before, earlier, catalog }: { before: GuestState; earlier: readonly Entry[]; catalog: Catalog },
): GuestChange {
  const dueAt = nextDueAt(decided.after.account, catalog.program)
  const guest = { ...decided.after.guest, nextDueAt: dueAt }
  assert(guest.version === before.guest.version, 'a decision keeps the version it was made on')
  return {
    ...decided,
    before,
    after: { ...decided.after, guest },
    entries: [...earlier, ...decided.entries],
  }
}

/** Short and uneven, so that twenty tills on one guest do not meet again and again. */
export function pauseBeforeRetry(attempt: number): Promise<void> {
  const ms = Math.random() * Math.min(2 ** attempt, 50)
  return new Promise((resolve) => setTimeout(resolve, ms))
}
