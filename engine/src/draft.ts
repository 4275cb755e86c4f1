import { assert } from '@regulars/contract/values/assert'
import type { Account, Checkin, Counters, Entry, Lot, Moves, RewardIssue } from './account.ts'

/**
 * Moves in the making. Opened by one rule, closed by the same rule, never handed out; the account
 * given stays as it was, and so do the lots and check-ins nobody put.
 */
export type Draft = { account: Account; entries: Entry[]; issues: RewardIssue[] }

export function openDraft(account: Account): Draft {
  return { account, entries: [], issues: [] }
}

export function closeDraft({ account, entries, issues }: Draft): Moves {
  return { account, entries, issues }
}

/** Adds one entry; an amount of zero is no movement and adds none. */
export function post(draft: Draft, entry: Entry): void {
  assert(Number.isSafeInteger(entry.amount) && entry.amount >= 0, 'an entry moves a whole amount', {
    entry,
  })
  if (entry.amount > 0) draft.entries.push(entry)
}

export function putLot(draft: Draft, lot: Lot): void {
  assert(
    lot.remaining >= 0 && lot.remaining + lot.expired <= lot.amount,
    'a lot holds its amount',
    {
      lot,
    },
  )
  const lots = draft.account.lots.map((other) => (other.lotNo === lot.lotNo ? lot : other))
  draft.account = { ...draft.account, lots }
}

/** Adds a lot under the next number. */
export function addLot(draft: Draft, fields: Omit<Lot, 'lotNo'>): Lot {
  assert(fields.amount > 0, 'a lot holds something', { fields })
  const lot = { lotNo: draft.account.nextLotNo, ...fields }
  const { account } = draft
  draft.account = { ...account, lots: [...account.lots, lot], nextLotNo: account.nextLotNo + 1 }
  return lot
}

/** Throws when the account was gathered without it. */
export function lotOf(account: Account, lotNo: number): Lot {
  const lot = account.lots.find((other) => other.lotNo === lotNo)
  assert(lot !== undefined, 'the account was gathered without a lot it needs', { lotNo })
  return lot
}

/** Throws when the account was gathered without it. */
export function checkinOf(account: Account, checkinId: number): Checkin {
  const checkin = account.checkins.find((other) => other.checkinId === checkinId)
  assert(checkin !== undefined, 'the account was gathered without the check-in', { checkinId })
  return checkin
}

/** Replaces the check-in of that id, or adds it. */
export function putCheckin(draft: Draft, checkin: Checkin): void {
  const { checkins } = draft.account
  const known = checkins.some((other) => other.checkinId === checkin.checkinId)
  draft.account = {
    ...draft.account,
    checkins: known
      ? checkins.map((other) => (other.checkinId === checkin.checkinId ? checkin : other))
      : [...checkins, checkin],
  }
}

export function count(draft: Draft, changes: Partial<Counters>): void {
  const counters = { ...draft.account.counters }
  for (const [name, change] of Object.entries(changes) as [keyof Counters, number][]) {
    counters[name] += change
  }
  draft.account = { ...draft.account, counters }
}
