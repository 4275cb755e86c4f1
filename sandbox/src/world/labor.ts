import { deletedJob, employeeGuid, jobGuid, mainJob, managerJob, rosterCount } from './employees.ts'
import type { Facts } from './facts.ts'
import { dayMs, hourMs, minuteMs } from './instants.ts'
import { at, below, between, chance, type Random, randomOf } from './random.ts'
import { businessDay, closeoutAt, type Restaurant } from './restaurants.ts'
import { instantOf } from './zones.ts'

export type Shift = {
  guid: string
  number: number
  employee: number
  employeeGuid: string
  job: number
  jobGuid: string
  inAt: number
  outAt: number
  createdAt: number
  modifiedAt: number
  deletedAt: number | null
  /** A deleted shift that the list no longer shows. */
  vanished: boolean
  config: { guid: string; minutes: number } | null
}

export type Break = {
  guid: string | null
  type: number
  paid: boolean
  inAt: number | null
  outAt: number | null
  missed: boolean
  waived: boolean | null
}

export type TimeEntry = {
  guid: string
  number: number
  employeeGuid: string
  jobGuid: string | null
  /** Null without clock-in enforcement. */
  shiftGuid: string | null
  /** The bare guid instead of an object, as Toast's guide shows it. */
  bareShift: boolean
  inAt: number
  outAt: number | null
  autoClockedOut: boolean
  businessDay: number
  createdAt: number
  modifiedAt: number
  deletedAt: number | null
  regularHours: number
  overtimeHours: number
  wageCents: number | null
  cashSalesCents: number
  cardSalesCents: number
  declaredTipsCents: number
  cardTipsCents: number
  cashGratuityCents: number
  cardGratuityCents: number
  withheldCents: number
  breaks: Break[]
}

/** Shifts are planned so many days ahead and worked on at most so many days later. */
export const laborBounds = { daysAhead: 14, daysAfter: 5 } as const

const starts = [9, 10, 11, 15, 16, 17, 18] as const

/** The shifts of a business day that exist at an instant, deleted ones with `deletedAt`. */
export function shiftsOf(
  facts: Facts,
  restaurant: Restaurant,
  { day, now }: { day: number; now: number },
): Shift[] {
  if (day < restaurant.firstDay) return []
  return starts
    .map((_, number) => shiftOf(facts, restaurant, { day, number, now }))
    .filter(({ createdAt }) => createdAt <= now)
}

function shiftOf(
  facts: Facts,
  restaurant: Restaurant,
  { day, number, now }: { day: number; number: number; now: number },
): Shift {
  const random = randomOf(facts.seed, restaurant.index, day, number, 61)
  const { guids } = facts
  const employee = (day * 3 + number) % rosterCount
  // The night shift crosses midnight, and where business ends at midnight its business day too.
  const hours = number === starts.length - 1 ? 8 : between(random, 5, 9)
  const edit = chance(random, 0.25) ? between(random, 15, 60) : 0
  const editedAt = dayNoon(restaurant, day - 3)
  const removed = chance(random, 0.08)
  const vanished = chance(random, 0.5)
  const deletedAt = dayNoon(restaurant, day - 1)
  const edited = edit > 0 && editedAt <= now
  const deleted = removed && deletedAt <= now
  const createdAt = dayNoon(restaurant, day - laborBounds.daysAhead)
  const job = number === 2 && startsBefore(facts, day) ? deletedJob : mainJob(employee)
  const inAt = instantOf(restaurant.zone, day, at(starts, number) * 60 + (edited ? edit : 0))
  return {
    guid: guids.of('shift', restaurant.index, day, number, 0),
    number,
    employee,
    employeeGuid: employeeGuid(facts, restaurant.index, employee),
    job,
    jobGuid: jobGuid(facts, restaurant.index, job),
    inAt,
    outAt: inAt + hours * hourMs,
    createdAt,
    modifiedAt: deleted ? deletedAt : edited ? editedAt : createdAt,
    deletedAt: deleted ? deletedAt : null,
    vanished: deleted && vanished,
    config: chance(random, 0.5)
      ? { guid: guids.of('scheduleConfig', restaurant.index, 0, 0, 0), minutes: 15 }
      : null,
  }
}

function dayNoon({ zone }: Restaurant, day: number): number {
  return instantOf(zone, day, 12 * 60)
}

/** The job that is deleted later was only worked in before the world began. */
function startsBefore({ startAt }: Facts, day: number): boolean {
  return (day + 2) * dayMs < startAt
}

/**
 * The time entries of a day's shifts that exist at an instant, archived ones too. Where business
 * ends at noon, those of the morning belong to the business day before.
 */
export function timeEntriesOf(
  facts: Facts,
  restaurant: Restaurant,
  { day, now }: { day: number; now: number },
): TimeEntry[] {
  // A shift deleted later was never worked: look at the plan as it stood when the day was over.
  const planned = shiftsOf(facts, restaurant, { day, now: dayNoon(restaurant, day + 2) })
  return planned.flatMap((shift) => {
    if (shift.deletedAt !== null) return []
    const entry = entryOf(facts, restaurant, { shift, day, now })
    return entry === null ? [] : [entry]
  })
}

type Worked = {
  inAt: number
  outAt: number
  auto: boolean
  editedAt: number | null
  deletedAt: number | null
  random: Random
}

function entryOf(
  facts: Facts,
  restaurant: Restaurant,
  { shift, day, now }: { shift: Shift; day: number; now: number },
): TimeEntry | null {
  const random = randomOf(facts.seed, restaurant.index, day, shift.number, 62)
  const worked = workedOf(random, restaurant, shift)
  if (worked.inAt > now || businessDay(restaurant, worked.inAt) < restaurant.firstDay) return null
  const out = worked.outAt <= now ? worked.outAt : null
  const breaks = breaksOf(facts, restaurant, { shift, day, worked, now })
  const edited = worked.editedAt !== null && worked.editedAt <= now
  const deleted = worked.deletedAt !== null && worked.deletedAt <= now
  const moves = [
    worked.inAt,
    ...breaks.flatMap(({ inAt, outAt }) => [inAt ?? 0, outAt ?? 0]),
    out ?? 0,
    edited ? (worked.editedAt ?? 0) : 0,
    deleted ? (worked.deletedAt ?? 0) : 0,
  ]
  return {
    guid: facts.guids.of('timeEntry', restaurant.index, day, shift.number, 0),
    number: shift.number,
    employeeGuid: shift.employeeGuid,
    jobGuid: shift.jobGuid,
    shiftGuid: chance(random, 0.8) ? shift.guid : null,
    bareShift: restaurant.index % 2 === 1,
    inAt: worked.inAt,
    outAt: out,
    autoClockedOut: out !== null && worked.auto,
    businessDay: businessDay(restaurant, worked.inAt),
    createdAt: worked.inAt,
    modifiedAt: Math.max(...moves),
    deletedAt: deleted ? worked.deletedAt : null,
    ...hoursOf(worked, breaks, out),
    ...moneyOf(random, { shift, out, edited }),
    breaks,
  }
}

function workedOf(random: Random, restaurant: Restaurant, shift: Shift): Worked {
  const inAt = shift.inAt + between(random, -5 * 60, 10 * 60) * 1000 + below(random, 1000)
  const closeout = closeoutAt(restaurant, businessDay(restaurant, inAt))
  const forgotten = chance(random, 0.06)
  const wanted = shift.outAt + between(random, -10 * 60, 25 * 60) * 1000 + below(random, 1000)
  const auto = forgotten || wanted >= closeout
  const outAt = auto ? closeout : wanted
  return {
    inAt,
    outAt,
    auto,
    editedAt: chance(random, 0.08) ? outAt + between(random, 10, 60) * hourMs : null,
    deletedAt: chance(random, 0.04) ? outAt + between(random, 61, 80) * hourMs : null,
    random,
  }
}

/** A meal after three hours, now and then a paid rest, now and then a meal that was missed. */
function breaksOf(
  { guids }: Facts,
  restaurant: Restaurant,
  { shift, day, worked, now }: { shift: Shift; day: number; worked: Worked; now: number },
): Break[] {
  const { random, inAt, outAt } = worked
  const guid = (part: number) =>
    chance(random, 0.7) ? guids.of('break', restaurant.index, day, shift.number, part) : null
  const planned: Break[] = [
    {
      ...blankBreak,
      guid: guid(1),
      inAt: inAt + 3 * hourMs,
      outAt: inAt + 3 * hourMs + 30 * minuteMs,
    },
  ]
  if (chance(random, 0.4)) {
    const restAt = inAt + 90 * minuteMs
    const rest = { guid: guid(2), type: 1, paid: true, inAt: restAt, outAt: restAt + 10 * minuteMs }
    planned.push({ ...blankBreak, ...rest })
  }
  const missed = chance(random, 0.25)
    ? { ...blankBreak, guid: guid(3), missed: true, waived: chance(random, 0.5) }
    : null
  const taken = planned
    .filter((each) => (each.inAt ?? 0) <= now && (each.outAt ?? 0) < outAt)
    .map((each) => ((each.outAt ?? 0) <= now ? each : { ...each, outAt: null }))
  // Whether a break was missed is known when the work is over.
  return missed === null || outAt > now ? taken : [...taken, missed]
}

const blankBreak: Break = {
  guid: null,
  type: 0,
  paid: false,
  inAt: null,
  outAt: null,
  missed: false,
  waived: null,
}

/** Ten decimals: Toast sends long fractions. */
function hoursOf({ inAt }: Worked, breaks: readonly Break[], out: number | null) {
  if (out === null) return { regularHours: 0, overtimeHours: 0 }
  const unpaidMs = breaks
    .filter(({ paid, missed }) => !paid && !missed)
    .reduce((total, each) => total + ((each.outAt ?? out) - (each.inAt ?? out)), 0)
  const hours = Math.max(0, out - inAt - unpaidMs) / hourMs
  const overtime = Math.max(0, hours - 8)
  return { regularHours: rounded(hours - overtime), overtimeHours: rounded(overtime) }
}

function rounded(hours: number): number {
  return Math.round(hours * 1e10) / 1e10
}

/** Nothing is sold or tipped before the clock-out; an edit corrects the tips that were declared. */
function moneyOf(
  random: Random,
  { shift, out, edited }: { shift: Shift; out: number | null; edited: boolean },
) {
  const drawn = Array.from({ length: 7 }, () => below(random, 20_000))
  const [cash = 0, card = 0, declared = 0, tips = 0, gratuity = 0, withheld = 0, wage = 0] = drawn
  const done = out === null ? 0 : 1
  return {
    wageCents: shift.job === managerJob ? null : 1100 + (wage % 1200),
    cashSalesCents: cash * done,
    cardSalesCents: card * 3 * done,
    declaredTipsCents: ((declared >> 2) + (edited ? 125 : 0)) * done,
    cardTipsCents: (tips >> 1) * done,
    cashGratuityCents: (gratuity >> 4) * done,
    cardGratuityCents: (gratuity >> 3) * done,
    withheldCents: (withheld >> 6) * done,
  }
}
