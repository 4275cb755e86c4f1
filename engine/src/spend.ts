import type { Instant } from '@regulars/contract/values/instants'
import type { Account, Cause, Consumption, Counters, Moves, Unit } from './account.ts'
import { closeDraft, count, type Draft, openDraft } from './draft.ts'
import { available, type Occasion, putBack, takeOut } from './lots.ts'

/** More was asked of a settled account than it can spend. */
export type Insufficient = { kind: 'insufficient'; unit: Unit; available: number }

/**
 * Takes an amount above zero from the lots that expire soonest. Visits are spent one card, that is
 * the program's `visitsPerCard`, at a time.
 */
export function spend(
  account: Account,
  { unit, amount, cause, at }: { unit: Unit; amount: number; cause: Cause; at: Instant },
): ({ kind: 'spent' } & Moves & { consumed: readonly Consumption[] }) | Insufficient {
  const spendable = available(account, unit)
  if (spendable < amount) return { kind: 'insufficient', unit, available: spendable }
  const draft = openDraft({ ...account, lastActivityAt: at })
  const consumed = takeOut(draft, { unit, amount, to: 'redeemed', cause, at })
  countSpent(draft, { unit, amount, cards: 1 })
  return { kind: 'spent', ...closeDraft(draft), consumed }
}

/**
 * Puts back all that one spending took, into the same lots with the expiry they had. What a lot past
 * its end gets back runs out at once and is named in `expired`; a debt made since is paid first. Under
 * inactivity a void is activity, so what comes back has its full time again.
 */
export function restore(
  account: Account,
  { consumed, cause, at }: Occasion & { consumed: readonly Consumption[] },
): Moves & { expired: readonly Consumption[] } {
  const draft = openDraft(account)
  const expired = putBack(draft, { consumed, from: 'redeemed', cause, at })
  for (const unit of new Set(consumed.map((part) => part.unit))) {
    const parts = consumed.filter((part) => part.unit === unit)
    const amount = parts.reduce((sum, part) => sum + part.amount, 0)
    countSpent(draft, { unit, amount: -amount, cards: -1 })
  }
  return { ...closeDraft(draft), expired }
}

function countSpent(
  draft: Draft,
  { unit, amount, cards }: { unit: Unit; amount: number; cards: 1 | -1 },
): void {
  const changes: Record<Unit, Partial<Counters>> = {
    points: { totalPointDebits: amount },
    visits: { redeemedCards: cards },
    currency: { totalCurrencyDebits: amount },
    fuel: {},
  }
  count(draft, changes[unit])
}
