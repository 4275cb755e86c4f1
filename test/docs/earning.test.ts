import { readFileSync } from 'node:fs'
import { type Micros, microsFrom } from '@regulars/contract/values/exact'
import { type Cents, cents, centsFrom, toDecimalText } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import {
  balances,
  earn,
  earnedPoints,
  gift,
  type Program,
  spend,
  type Tier,
  voidCheckin,
} from '@regulars/engine'
import { expect, test } from 'vitest'
import { banking, gifted, newcomer, opening, program } from '../../engine/test/account-facts.ts'
import { tableUnder } from './pages.ts'

const page = readFileSync('docs/reference/earning.md', 'utf8')

test.each(tableUnder(page, '### Rounding'))(
  '$Eligible at rate $Rate times $Multiplier, $Rule $Stage, earns what the page says',
  (row) => {
    const rules = program({
      earningRate: exact(row.Rate),
      rounding: { rule: row.Rule, stage: row.Stage } as Program['rounding'],
    })
    const tier: Tier = {
      tierId: 1,
      name: 'the tier of the row',
      minimumPoints: 0,
      maximumPoints: null,
      earningMultiplier: exact(row.Multiplier),
      conversion: null,
    }
    const earned = earnedPoints(rules, { tier, eligibleCents: money(row.Eligible) })
    expect(String(earned)).toBe(row.Points)
  },
)

test.each(tableUnder(page, '## Conversion'))(
  '$Spendable points with $Reserved reserved convert as the page says',
  (row) => {
    const rules = program({
      ...banking(Number(row.Threshold), money(row.Value)),
      reservedPoints: points(Number(row.Reserved)),
    })
    const { account } = gift(newcomer(), rules, {
      unit: 'points',
      amount: Number(row.Spendable),
      expiresAt: null,
      cause: gifted,
      at: opening,
    })
    const held = balances(account, opening)
    expect(toDecimalText(cents(held.currency.available))).toBe(row.Converted)
    expect(String(held.points.available)).toBe(row.Left)
  },
)

test('a debt arises and is paid as the page says', () => {
  const rows: { Event: string; 'Spendable points': string; Owed: string }[] = []
  let account = newcomer()
  const note = (Event: string) => {
    const { available, debt } = balances(account, opening).points
    rows.push({ Event, 'Spendable points': String(available), Owed: String(debt) })
  }
  const checkIn = (checkinId: number, eligible: string) => {
    account = earn(account, program(), {
      checkinId,
      externalUid: null,
      locationId: 1,
      receiptAt: opening,
      eligibleCents: money(eligible),
      subtotalCents: money(eligible),
      now: opening,
      hold: 'program',
    }).account
  }
  checkIn(1, '46.00')
  note('a check-in earns 46')
  const spent = spend(account, {
    unit: 'points',
    amount: 40,
    cause: { kind: 'redemption', id: 2 },
    at: opening,
  })
  if (spent.kind === 'spent') account = spent.account
  note('40 are spent')
  account = voidCheckin(account, program(), {
    checkinId: 1,
    unusedRewards: [],
    at: opening,
  }).account
  note('the check-in is voided')
  checkIn(3, '60.00')
  note('the next check-in earns 60')
  expect(rows).toEqual(tableUnder(page, '## Debt'))
})

function exact(text: string | undefined): Micros {
  return required(microsFrom(text), text)
}

function money(text: string | undefined): Cents {
  return required(centsFrom(text), text)
}

function required<Value>(value: Value | null, text: string | undefined): Value {
  if (value === null) throw new Error(`the page has ${text} where a number should be`)
  return value
}
