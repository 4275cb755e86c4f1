import type { Facts } from './facts.ts'
import { dayMs, hourMs, minuteMs } from './instants.ts'
import { below, between, chance, type Random, randomOf } from './random.ts'
import { closeoutAt, type Restaurant } from './restaurants.ts'
import { instantOf } from './zones.ts'

/** What can happen to an order; each step moves its `modifiedDate`. */
export type StepKind =
  | 'open'
  | 'addLines'
  | 'send'
  | 'removeLine'
  | 'voidLine'
  | 'discount'
  | 'undiscount'
  | 'loyalty'
  | 'loyaltyApplied'
  | 'loyaltyPendingVoid'
  | 'loyaltyVoided'
  | 'gratuity'
  | 'ungratuity'
  | 'splitCheck'
  | 'merge'
  | 'moveLine'
  | 'moveCheck'
  | 'dispatch'
  | 'deliver'
  | 'pay'
  | 'voidPayment'
  | 'payAgain'
  | 'tip'
  | 'voidOrder'
  | 'close'
  | 'capture'
  | 'settle'
  | 'refund'

export type Step = {
  at: number
  kind: StepKind
  /** The order of the slot it happens to; steps between two orders change both. */
  order: 0 | 1
  both: boolean
}

export type LifeKind =
  | 'dineIn'
  | 'takeOut'
  | 'delivery'
  | 'curbside'
  | 'scheduled'
  | 'giftCard'
  | 'merged'
  | 'lineMoved'
  | 'checkMoved'
  | 'waste'

/** One slot of a business day: one order, or two whose checks or lines move between them. */
export type Timeline = {
  kind: LifeKind
  testMode: boolean
  orders: 1 | 2
  /** Of the first order; sets the business date. */
  openedAt: number
  /** In time; of equal instants the earlier in the list happens first. */
  steps: Step[]
}

/** How far an order's steps lie from its business day: bounds of every search for changes. */
export const stepBounds = { daysBefore: 7, daysAfter: 12 } as const

const kindsByShare: readonly (readonly [LifeKind, number])[] = [
  ['dineIn', 0.52],
  ['takeOut', 0.7],
  ['delivery', 0.81],
  ['curbside', 0.85],
  ['scheduled', 0.9],
  ['giftCard', 0.92],
  ['merged', 0.945],
  ['lineMoved', 0.97],
  ['checkMoved', 1],
]

/** Slots of a business day: the orders asked for, and the day's one order of waste. */
export function slotCount({ ordersPerDay }: Facts): number {
  return ordersPerDay + 1
}

/** When everything happens to the orders of a slot; the same for the same world, day and slot. */
export function timelineOf(
  facts: Facts,
  restaurant: Restaurant,
  { day, slot }: { day: number; slot: number },
): Timeline {
  const random = randomOf(facts.seed, restaurant.index, day, slot, 1)
  const kind = slot === facts.ordersPerDay ? 'waste' : kindOf(random())
  const openedAt = openedOf(random, restaurant, { day, kind })
  const testMode = kind !== 'waste' && chance(random, 0.01)
  const orders = kind === 'merged' || kind === 'lineMoved' || kind === 'checkMoved' ? 2 : 1
  const write = writerOf(random, { openedAt, closeoutAt: closeoutAt(restaurant, day) })
  lives[kind](write)
  // The sort is stable, and a life writes its steps in the order they happen.
  const steps = write.steps.sort((one, other) => one.at - other.at)
  return { kind, testMode, orders, openedAt, steps }
}

function kindOf(share: number): LifeKind {
  return kindsByShare.find(([, until]) => share < until)?.[0] ?? 'dineIn'
}

function openedOf(
  random: Random,
  { zone, openMinutes, lastOrderMinutes }: Restaurant,
  { day, kind }: { day: number; kind: LifeKind },
): number {
  if (kind === 'waste') return instantOf(zone, day, lastOrderMinutes) + below(random, 60_000)
  // Two draws make a hump in the middle of the evening.
  const share = (random() + random()) / 2
  const minutes = Math.floor(openMinutes + share * (lastOrderMinutes - openMinutes))
  return instantOf(zone, day, minutes) + below(random, 60_000)
}

type Writer = {
  random: Random
  openedAt: number
  closeoutAt: number
  steps: Step[]
  /** Minutes after the opening, with milliseconds of its own. */
  step(kind: StepKind, minutes: number, order?: 0 | 1): void
  at(kind: StepKind, instant: number, order?: 0 | 1): void
}

const betweenTwo: ReadonlySet<StepKind> = new Set(['merge', 'moveLine', 'moveCheck'])

function writerOf(random: Random, times: { openedAt: number; closeoutAt: number }): Writer {
  const steps: Step[] = []
  const at: Writer['at'] = (kind, instant, order = 0) => {
    steps.push({ at: Math.floor(instant), kind, order, both: betweenTwo.has(kind) })
  }
  return {
    random,
    ...times,
    steps,
    at,
    step: (kind, minutes, order = 0) => {
      at(kind, times.openedAt + minutes * minuteMs + below(random, 50_000), order)
    },
  }
}

const lives: Record<LifeKind, (write: Writer) => void> = {
  dineIn: (write) => {
    table(write)
    paidAtTable(write, 0)
  },
  takeOut: (write) => {
    counter(write)
    paidAtTable(write, 0)
  },
  delivery: (write) => {
    online(write, 0)
    write.step('dispatch', 25)
    if (chance(write.random, 0.9)) write.step('deliver', 45)
    afterwards(write, 0)
  },
  curbside: (write) => {
    online(write, 0)
    write.step('deliver', 20)
    afterwards(write, 0)
  },
  scheduled: (write) => {
    const aheadMs = between(write.random, 1, 5) * dayMs + below(write.random, 5 * hourMs)
    online(write, -aheadMs / minuteMs)
    write.step('send', -15)
    write.step('deliver', 5)
    afterwards(write, 0)
  },
  giftCard: (write) => {
    write.at('open', write.openedAt)
    write.step('pay', 2)
    afterwards(write, 0)
  },
  merged: (write) => {
    table(write)
    write.step('open', 3, 1)
    write.step('send', 13, 1)
    write.step('merge', 17)
    paidAtTable(write, 0)
  },
  lineMoved: (write) => {
    table(write)
    write.step('open', 3, 1)
    write.step('send', 13, 1)
    write.step('moveLine', 17, 1)
    paidAtTable(write, 0)
    paidAtTable(write, 1)
  },
  checkMoved: (write) => {
    table(write)
    write.step('open', 3, 1)
    write.step('send', 13, 1)
    write.step('splitCheck', 15)
    write.step('moveCheck', 18)
    paidAtTable(write, 0)
    paidAtTable(write, 1)
  },
  waste: (write) => {
    write.at('open', write.openedAt)
    write.step('discount', 1)
    write.at('close', write.closeoutAt + between(write.random, 5, 900) * 1000)
  },
}

/** A table is served: lines come and go, are sent, discounted and voided. */
function table(write: Writer): void {
  const { random } = write
  write.at('open', write.openedAt)
  if (chance(random, 0.5)) write.step('addLines', between(random, 4, 7))
  if (chance(random, 0.08)) write.step('removeLine', between(random, 8, 11))
  write.step('send', 12)
  if (chance(random, 0.1)) write.step('splitCheck', 14)
  if (chance(random, 0.06)) write.step('voidLine', 16)
  reductions(write, 20)
  if (chance(random, 0.08)) {
    write.step('gratuity', 22)
    if (chance(random, 0.2)) write.step('ungratuity', 28)
  }
}

function counter(write: Writer): void {
  write.at('open', write.openedAt)
  write.step('send', 1)
  reductions(write, 2)
}

function reductions(write: Writer, from: number): void {
  const { random } = write
  if (chance(random, 0.3)) {
    write.step('discount', from)
    if (chance(random, 0.1)) write.step('undiscount', from + 6)
  }
  if (!chance(random, 0.1)) return
  write.step('loyalty', from + 1)
  if (chance(random, 0.8)) write.step('loyaltyApplied', from + 4)
  if (!chance(random, 0.25)) return
  write.step('loyaltyPendingVoid', from + 7)
  if (chance(random, 0.6)) write.step('loyaltyVoided', from + 9)
}

/** Paid when ordered, minutes after the opening of its business. */
function online(write: Writer, minutes: number): void {
  write.step('open', minutes)
  write.step('pay', minutes + 1)
  if (minutes >= 0) write.step('send', 3)
}

/** Rarely voided as a whole, rarely never paid. */
function paidAtTable(write: Writer, order: 0 | 1): void {
  const { random } = write
  const fate = random()
  const minutes = between(random, 34, 80)
  if (fate < 0.02) {
    write.step('voidOrder', minutes, order)
    write.at('close', write.closeoutAt + between(random, 5, 900) * 1000, order)
    return
  }
  // Never paid: it stays open, and the closeout leaves it alone.
  if (fate < 0.025) return
  write.step('pay', minutes, order)
  if (fate < 0.045) {
    write.step('voidPayment', minutes + 2, order)
    write.step('payAgain', minutes + 4, order)
  }
  if (chance(random, 0.5)) write.step('tip', minutes + 6, order)
  afterwards(write, order)
}

/** The closeout batch, the capture of cards, and what comes days later. */
function afterwards(write: Writer, order: 0 | 1): void {
  const { random } = write
  const closedAt = write.closeoutAt + between(random, 5, 900) * 1000
  write.at('close', closedAt, order)
  const capturedAt = closedAt + between(random, 20, 540) * minuteMs
  write.at('capture', capturedAt, order)
  if (chance(random, 0.08)) {
    write.at('settle', capturedAt + between(random, 20, 70) * hourMs, order)
  }
  if (chance(random, 0.03)) {
    write.at('refund', capturedAt + between(random, 2, 9 * 24) * hourMs, order)
  }
}
