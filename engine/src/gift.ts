import type { Instant } from '@regulars/contract/values/instants'
import type { Account, Cause, Counters, Moves, Unit } from './account.ts'
import { convert } from './convert.ts'
import { closeDraft, count, openDraft } from './draft.ts'
import { expiresAtFor } from './expiry.ts'
import { receive } from './lots.ts'
import type { Program } from './program.ts'
import { tierHeld } from './tiers.ts'

/**
 * Gives a guest, whose account is settled, an amount above zero that can be spent at once. `expiresAt`
 * null leaves its expiry to the program. Gifted points convert like earned ones, by the tier of the
 * moment, but do not count toward a tier; a gift is no activity of the guest's.
 */
export function gift(
  account: Account,
  program: Program,
  facts: { unit: Unit; amount: number; expiresAt: Instant | null; cause: Cause; at: Instant },
): Moves {
  const { unit, amount, cause, at } = facts
  const draft = openDraft(account)
  const expiresAt = facts.expiresAt ?? expiresAtFor(program, unit, at)
  receive(draft, { unit, amount, from: 'gifted', expiresAt, source: cause, cause, at })
  const credits: Record<Unit, Partial<Counters>> = {
    points: { totalPointCredits: amount },
    visits: { totalVisits: amount },
    currency: { totalCurrencyCredits: amount },
    fuel: {},
  }
  count(draft, credits[unit])
  if (unit === 'points') convert(draft, program, { tier: tierHeld(account, program), cause, at })
  return closeDraft(draft)
}
