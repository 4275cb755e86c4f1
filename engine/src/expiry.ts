import { unreachable } from '@regulars/contract/values/assert'
import {
  businessDateAt,
  endOfDay,
  type Instant,
  instant,
  plusDays,
  plusMs,
} from '@regulars/contract/values/instants'
import type { Account, Lot, Unit } from './account.ts'
import { nextYearly } from './next-moment.ts'
import type { Expiry, Program } from './program.ts'

/** The last moment of value that becomes spendable at `at`; null when the program sets no date. */
export function expiresAtFor(program: Program, unit: Unit, at: Instant): Instant | null {
  const expiry = expiryOf(program, unit)
  if (expiry === null) return null
  const { zone } = program
  switch (expiry.kind) {
    case 'rolling':
      return endOfDay(plusDays(businessDateAt(at, zone), expiry.days), zone)
    case 'fixed':
      return nextYearly(at, { monthDay: expiry.monthDay, time: '23:59:59', zone })
    case 'inactivity':
      return null
    default:
      return unreachable(expiry)
  }
}

/** The lot of one unit that runs out next, and the first moment it is gone. */
export function nextToExpire(
  account: Account,
  program: Program,
  unit: Unit,
): { lot: Lot; at: Instant } | null {
  const open = account.lots.filter(
    (lot) => lot.unit === unit && lot.state === 'open' && lot.remaining > 0,
  )
  const byDate = soonest(open, (lot) => lot.expiresAt)
  const idle = soonest(open, (lot) => activityOf(account, lot))
  const expiry = expiryOf(program, unit)
  if (idle !== null && expiry?.kind === 'inactivity') {
    const lastDay = plusDays(businessDateAt(idle.at, program.zone), expiry.days)
    const end = endOfDay(lastDay, program.zone)
    if (byDate === null || end < byDate.at) return { lot: idle.lot, at: plusMs(end, 1) }
  }
  return byDate && { lot: byDate.lot, at: plusMs(byDate.at, 1) }
}

/** A gift to a guest long away keeps its own full time, and does not lengthen that of older lots. */
function activityOf(account: Account, lot: Lot): Instant {
  return instant(Math.max(lot.earnedAt, account.lastActivityAt))
}

function soonest(
  lots: readonly Lot[],
  momentOf: (lot: Lot) => Instant | null,
): { lot: Lot; at: Instant } | null {
  let first: { lot: Lot; at: Instant } | null = null
  for (const lot of lots) {
    const at = momentOf(lot)
    if (at === null) continue
    const sooner =
      first === null || at < first.at || (at === first.at && lot.lotNo < first.lot.lotNo)
    if (sooner) first = { lot, at }
  }
  return first
}

function expiryOf(program: Program, unit: Unit): Expiry | null {
  return unit === 'fuel' ? null : program.expiry[unit]
}
