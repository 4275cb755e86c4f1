import { employeeGuid, rosterCount } from './employees.ts'
import type { Facts } from './facts.ts'
import { minuteMs } from './instants.ts'
import { below, between, chance, pick, type Random, randomOf } from './random.ts'
import { businessDay, type Restaurant } from './restaurants.ts'
import { instantOf } from './zones.ts'

export type CashEntry = {
  guid: string
  type: string
  cents: number
  reason: string | null
  at: number
  drawer: number | null
  payoutReason: number | null
  noSaleReason: number | null
  undoes: string | null
  employee1: string
  employee2: string | null
  creator: string | null
}

export type CashDeposit = {
  guid: string
  cents: number
  at: number
  employee: string
  creator: string | null
  undoes: string | null
}

/** An entry is undone, and a deposit made, at most so many days after its business day. */
const cashLateDaysMax = 4

/** The entries of a business day made by an instant, those that undo earlier ones among them. */
export function cashEntriesOf(
  facts: Facts,
  restaurant: Restaurant,
  { day, now }: { day: number; now: number },
): CashEntry[] {
  if (day < restaurant.firstDay) return []
  const made = entriesMade(facts, restaurant, day)
  for (let late = 0; late <= cashLateDaysMax; late++) {
    if (day - late < restaurant.firstDay) break
    for (const undo of undosOf(facts, restaurant, day - late)) {
      if (businessDay(restaurant, undo.at) === day) made.push(undo)
    }
  }
  return made.filter(({ at }) => at <= now)
}

/** The deposits for a business day made by an instant: from the next morning on. */
export function cashDepositsOf(
  facts: Facts,
  restaurant: Restaurant,
  { day, now }: { day: number; now: number },
): CashDeposit[] {
  if (day < restaurant.firstDay) return []
  const random = randomOf(facts.seed, restaurant.index, day, 0, 72)
  const guid = (part: number) => facts.guids.of('cashDeposit', restaurant.index, day, 0, part)
  const employee = employeeGuid(facts, restaurant.index, below(random, rosterCount))
  // Weekends wait for the bank.
  const waited = chance(random, 0.2) ? between(random, 2, 3) : 1
  const at =
    instantOf(restaurant.zone, day + waited, 9 * 60 + below(random, 90)) + below(random, 60_000)
  const first: CashDeposit = {
    guid: guid(0),
    cents: between(random, 20_000, 180_000),
    at,
    employee,
    creator: chance(random, 0.7) ? employee : null,
    undoes: null,
  }
  const made = [first]
  if (chance(random, 0.05)) {
    const again = { ...first, guid: guid(1), at: at + 12 * minuteMs, undoes: first.guid }
    made.push(again, { ...first, guid: guid(2), at: at + 15 * minuteMs, cents: first.cents + 1000 })
  }
  return made.filter((deposit) => deposit.at <= now)
}

type Draft = Pick<CashEntry, 'type' | 'cents'> & Partial<CashEntry> & { minutes: number }

function entriesMade(facts: Facts, restaurant: Restaurant, day: number): CashEntry[] {
  const random = randomOf(facts.seed, restaurant.index, day, 0, 71)
  const drafts = draftsOf(random, restaurant)
  return drafts.map((draft, part) => {
    const at = instantOf(restaurant.zone, day, draft.minutes) + below(random, 60_000)
    return entry(facts, restaurant, { random, day, part, at, draft })
  })
}

/** A day at the drawer; the last ones are made when UTC has already turned to the next date. */
function draftsOf(random: Random, { openMinutes }: Restaurant): Draft[] {
  const evening = Math.max(openMinutes + 5 * 60, 22 * 60 + 10)
  const drafts: Draft[] = [
    { type: 'CASH_IN', cents: 20_000, minutes: openMinutes },
    { type: 'NO_SALE', cents: 0, minutes: openMinutes + 95, noSaleReason: below(random, 2) },
    { type: 'TIP_OUT', cents: -between(random, 2_000, 18_000), minutes: evening },
    { type: 'CASH_COLLECTED', cents: between(random, 1_000, 30_000), minutes: evening + 20 },
    { type: 'CASH_OUT', cents: -between(random, 1_000, 9_000), minutes: evening + 40 },
    pick<Draft>(random, [
      { type: 'CLOSE_OUT_EXACT', cents: 0, minutes: evening + 70 },
      { type: 'CLOSE_OUT_OVERAGE', cents: between(random, 1, 900), minutes: evening + 70 },
      { type: 'CLOSE_OUT_SHORTAGE', cents: -between(random, 1, 900), minutes: evening + 70 },
    ]),
  ]
  if (!chance(random, 0.5)) return drafts
  const payout = {
    type: 'PAY_OUT',
    cents: -between(random, 500, 6_000),
    minutes: openMinutes + 180,
  }
  return [
    ...drafts,
    { ...payout, payoutReason: below(random, 3), reason: 'Limes & ice — épicerie' },
  ]
}

/** A payout may be undone on the same day or a later one: always a new entry. */
function undosOf(facts: Facts, restaurant: Restaurant, day: number): CashEntry[] {
  const random = randomOf(facts.seed, restaurant.index, day, 0, 73)
  const payout = entriesMade(facts, restaurant, day).find(({ type }) => type === 'PAY_OUT')
  if (payout === undefined || !chance(random, 0.3)) return []
  const later = between(random, 0, cashLateDaysMax - 1)
  const at = instantOf(restaurant.zone, day + later, 20 * 60) + below(random, 60_000)
  const draft = {
    type: 'UNDO_PAY_OUT',
    cents: -payout.cents,
    minutes: 0,
    reason: 'Undo Pay Out',
    undoes: payout.guid,
    payoutReason: payout.payoutReason,
  }
  return [entry(facts, restaurant, { random, day, part: 20, at, draft })]
}

function entry(
  facts: Facts,
  restaurant: Restaurant,
  made: { random: Random; day: number; part: number; at: number; draft: Draft },
): CashEntry {
  const { random, day, part, at, draft } = made
  const someone = () => employeeGuid(facts, restaurant.index, below(random, rosterCount))
  const employee1 = someone()
  return {
    guid: facts.guids.of('cashEntry', restaurant.index, day, 0, part),
    type: draft.type,
    cents: draft.cents,
    reason: draft.reason ?? null,
    at,
    drawer: chance(random, 0.9) ? below(random, 2) : null,
    payoutReason: draft.payoutReason ?? null,
    noSaleReason: draft.noSaleReason ?? null,
    undoes: draft.undoes ?? null,
    employee1,
    employee2: chance(random, 0.3) ? someone() : null,
    creator: chance(random, 0.6) ? employee1 : null,
  }
}
