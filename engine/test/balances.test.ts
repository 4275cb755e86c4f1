import { expect, test } from 'vitest'
import { earn, figures, type Unit } from '../src/engine.ts'
import { holding, later, local, newcomer, program, visit } from './account-facts.ts'

const at = local('2026-02-10 12:00')
const nothing = {
  spendable: 0,
  unbankedPoints: 0,
  pendingPoints: 0,
  bankedCents: 0,
  nextCurrencyExpiry: null,
  fuelRate: 0,
  cards: 0,
  visitsOnCard: 0,
  redeemedCards: 0,
  redeemableVisits: 0,
  lifetimeVisits: 0,
  initialVisits: 0,
  debits: 0,
  credits: 0,
  pointDebits: 0,
  lifetimePoints: 0,
  currencyDebitCents: 0,
  qualificationPoints: 0,
}

test('a newcomer has nothing', () => {
  expect(figures(newcomer(), program(), at)).toEqual(nothing)
})

test('credits are what can be spent, what was, and what is pending', () => {
  const rules = program({ pending: { delayMinutes: 60, endOfDay: '23:59:59' } })
  const { counters } = newcomer()
  const account = holding([{ unit: 'points', amount: 40 }], {
    counters: { ...counters, totalPointCredits: 65, totalPointDebits: 25 },
  })
  const pending = earn(account, rules, visit(1, { spentCents: 700, at })).account
  expect(figures(pending, rules, at)).toEqual({
    ...nothing,
    spendable: 40,
    unbankedPoints: 40,
    pendingPoints: 7,
    debits: 25,
    credits: 72,
    pointDebits: 25,
    lifetimePoints: 65,
  })
})

test('a visits program counts in visits, the cards redeemed included', () => {
  const { counters } = newcomer()
  const account = holding([{ unit: 'visits', amount: 7 }], {
    counters: { ...counters, totalVisits: 17, initialVisits: 3, redeemedCards: 2 },
  })
  expect(figures(account, program({ programType: 'visits' }), at)).toEqual({
    ...nothing,
    spendable: 7,
    cards: 1,
    visitsOnCard: 2,
    redeemedCards: 2,
    redeemableVisits: 7,
    lifetimeVisits: 20,
    initialVisits: 3,
    debits: 10,
    credits: 17,
  })
})

test('currency that runs out at one moment is named as one', () => {
  const soon = local('2026-03-31 23:59:59')
  const lots = [
    { unit: 'currency' as Unit, amount: 100, expiresAt: soon },
    { unit: 'currency' as Unit, amount: 250, expiresAt: soon },
    { unit: 'currency' as Unit, amount: 900, expiresAt: later(soon, 1000) },
    { unit: 'currency' as Unit, amount: 50 },
  ]
  expect(figures(holding(lots), program(), at)).toEqual({
    ...nothing,
    bankedCents: 1300,
    nextCurrencyExpiry: { at: soon, cents: 350 },
  })
})
