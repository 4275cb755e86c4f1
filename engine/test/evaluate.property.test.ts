import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  autoSelect,
  type BasketItem,
  type Evaluation,
  type EvaluationFacts,
  evaluate,
  evaluateAlone,
} from '../src/engine.ts'
import { deepFreeze } from './deep-freeze.ts'
import { anyGiven, criterionNote, propertyRuns, singleRule } from './generated-baskets.ts'
import { type CriterionNote, factsFrom, type Given, outcomeOf } from './notation.ts'

/** fast-check prints the seed and the path of a failure; both go into `fc.assert` to repeat it. */
function holds(name: string, given: fc.Arbitrary<Given>, check: (given: Given) => void, runs = 1) {
  test(
    name,
    () => fc.assert(fc.property(given, check), { numRuns: Math.ceil(propertyRuns * runs) }),
    600_000,
  )
}

describe('whatever is in a basket', () => {
  holds('money is neither made nor lost, and every limit is kept', anyGiven, (given) => {
    const facts = deepFreeze({ ...factsFrom(given), explain: true })
    const evaluation = evaluate(facts)
    sharesAddUp(facts, evaluation)
    noLineGoesBelowZero(facts, evaluation)
    limitsAreKept(facts, evaluation)
    typesPayNoMoreThanTheyHold(facts, evaluation)
    walletPaysWhatWasGranted(facts, evaluation)
    unitsAreSharedOnlyWhenAllowed(facts, evaluation)
  })

  holds('only what is in the basket and on the receipt decides', anyGiven, (given) => {
    const facts = factsFrom(given)
    const expected = outcomeOf(evaluate(facts), facts)
    const again = factsFrom(given)
    expect(outcomeOf(evaluate(again), again)).toEqual(expected)
    const turned = { ...facts, basket: facts.basket.toReversed() }
    expect(outcomeOf(evaluate(turned), turned)).toEqual(expected)
    const shuffled = { ...facts, receipt: withLines(facts, facts.receipt.lines.toReversed()) }
    expect(outcomeOf(evaluate(shuffled), shuffled)).toEqual(expected)
    const explained = { ...facts, explain: true }
    expect(outcomeOf(evaluate(explained), explained)).toEqual(expected)
    if (!readsTotal(given)) {
      const taxed = factsFrom({
        ...given,
        lines: [...given.lines, '90.0 | tax | 9 | 1 | 1.23 | T', '91.0 | cash | 9 | 1 | 9 | P'],
      })
      expect(outcomeOf(evaluate(taxed), taxed)).toEqual(expected)
    }
  })

  holds('a failed item changes nothing, and a limit only cuts off', anyGiven, (given) => {
    const facts = factsFrom(given)
    const { success, failures } = evaluate(facts)
    const succeeding = facts.basket.filter((item) =>
      success.some((granted) => granted.item === item),
    )
    const without = evaluate({ ...facts, basket: succeeding })
    expect(without.failures).toEqual([])
    expect(without.success).toEqual(success)
    expect([...success, ...failures].map(idOf).sort()).toEqual(
      facts.basket.map((item) => item.basketItemId),
    )
    for (const most of [1, 2]) {
      const settings = { ...facts.settings, maxRedemptionsInTransaction: most }
      const unlimited = { ...facts.settings, maxRedemptionsInTransaction: 100 }
      const all = evaluate({ ...facts, settings: unlimited })
      expect(evaluate({ ...facts, settings }).success).toEqual(all.success.slice(0, most))
    }
  })

  holds('a line of equal units counts as that many lines', anyGiven, (given) => {
    const facts = factsFrom(given)
    const split = { ...facts, receipt: withLines(facts, facts.receipt.lines.flatMap(unitsOf)) }
    expect(amountsOf(evaluate(split))).toEqual(amountsOf(evaluate(facts)))

    function unitsOf(line: EvaluationFacts['receipt']['lines'][number]) {
      const units = line.quantity / 1_000_000
      const [base, modifier] = (line.serial ?? '').split('.')
      const isPlain = line.type === 'M' && modifier === '0' && line.amountCents % units === 0
      const hasModifiers = facts.receipt.lines.some(
        ({ serial }) => serial?.startsWith(`${base}.`) && serial !== line.serial,
      )
      if (!isPlain || !Number.isInteger(units) || units < 2 || hasModifiers) return [line]
      return Array.from({ length: units }, (_, unit) => ({
        ...line,
        quantity: 1_000_000 as typeof line.quantity,
        amountCents: (line.amountCents / units) as typeof line.amountCents,
        serial: `${Number(base) + unit}.0`,
      }))
    }
  })

  holds(
    'a selection made for the guest never fails, and the best is at least as good',
    anyGiven,
    (given) => {
      const facts = factsFrom(given)
      const { selected, alone } = evaluateAlone({ ...facts, basket: [] }, facts.basket)
      expect(selected.success).toEqual([])
      alone.forEach((outcome, place) => {
        const item = facts.basket[place] as BasketItem
        const batch = evaluate({ ...facts, basket: [item] })
        expect(outcome.kind === 'granted').toBe(batch.success.length === 1)
      })
      const totals = (['date_of_expiry', 'best_value'] as const).map((way) => {
        const switches = { ...facts.settings.switches, autoSelect: way }
        const chosen = autoSelect(
          { ...facts, basket: [], settings: { ...facts.settings, switches } },
          facts.basket,
        )
        expect(evaluate({ ...facts, basket: chosen.add }).failures).toEqual([])
        return chosen.evaluation.totalDiscountCents
      })
      expect(totals[1]).toBeGreaterThanOrEqual(totals[0] ?? 0)
    },
    0.2,
  )
})

describe('whatever one rule says', () => {
  const anyRule = fc.tuple(anyGiven, criterionNote).map(([given, note]) => singleRule(given, note))
  const noteOf = ({ criteria }: Given) => criteria?.only as CriterionNote
  const totalWith = (given: Given, note: CriterionNote) =>
    evaluate(factsFrom(singleRule(given, note))).totalDiscountCents

  holds('a higher percentage never takes off less', anyRule, (given) => {
    const { cap: _, ...note } = noteOf(given)
    const amounts = ['10', '50', '100', '150'].map((percentage) =>
      totalWith(given, { ...note, percentage }),
    )
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b))
  })

  holds('the most of any filter is at least the least', anyRule, (given) => {
    const note = { ...noteOf(given), combine: 'Any' }
    expect(totalWith(given, { ...note, keep: 'Max' })).toBeGreaterThanOrEqual(
      totalWith(given, { ...note, keep: 'Min' }),
    )
  })

  holds('bundles one by one give at least what pooled bundles give', anyRule, (given) => {
    const { items: _, combine: __, rounding: ___, percentage, ...rest } = noteOf(given)
    // Above 100 % a pooled amount also falls on bundles that cost less than the target.
    const share = percentage === '150' ? '100' : (percentage ?? '100')
    const note = { ...rest, percentage: share, filters: ['burgers', 'sides'], target: '3.50' }
    expect(
      totalWith(given, { ...note, function: 'bundle_price_target_advanced' }),
    ).toBeGreaterThanOrEqual(totalWith(given, { ...note, function: 'bundle_price_target' }))
  })

  holds('excluding more never raises a sum', anyRule, (given) => {
    const { cap, percentage } = noteOf(given)
    const note = {
      function: 'sum_amounts' as const,
      ...(cap === undefined ? {} : { cap }),
      ...(percentage === undefined ? {} : { percentage }),
    }
    const all = totalWith(given, { ...note, filters: ['everything', 'meals'] })
    const fewer = totalWith(given, { ...note, filters: ['everything', 'meals', 'sides exclude'] })
    expect(fewer).toBeLessThanOrEqual(all)
  })

  holds('a line is never both there and not there', anyRule, (given) => {
    const note = { function: 'receipt_subtotal' as const }
    const [isThere, isNot] = ['line_item_exists', 'line_item_does_not_exist'].map((expression) =>
      totalWith(given, { ...note, items: [`burgers ${expression}`] }),
    )
    expect(Math.min(isThere ?? 0, isNot ?? 0)).toBe(0)
  })

  holds(
    'a target price is never undercut, and one item only when the rule says once',
    anyRule,
    (given) => {
      const { rounding: _, percentage: __, items: ___, ...rest } = noteOf(given)
      const note = { ...rest, target: '3.50', filters: ['everything'] }
      for (const name of [
        'hit_target_price',
        'hit_target_price_max_price_once',
        'hit_target_price_min_price_once',
      ] as const) {
        const facts = factsFrom(singleRule(given, { ...note, function: name }))
        const [granted] = evaluate(facts).success
        for (const { line, cents, quantity } of granted?.shares ?? []) {
          const source = facts.receipt.lines[line]
          const units = Math.max(1, quantity / 1_000_000)
          const isUnit = source?.quantity === 1_000_000
          if (isUnit) expect(source.amountCents - cents).toBeGreaterThanOrEqual(350)
          if (name !== 'hit_target_price' && isUnit) expect(units).toBe(1)
        }
        if (name !== 'hit_target_price') expect(granted?.shares.length ?? 1).toBe(1)
      }
    },
  )

  holds('a rollback stops at its floor and its units', anyRule, (given) => {
    const facts = factsFrom(
      singleRule(given, {
        function: 'rate_rollback',
        filters: ['everything'],
        unitDiscount: '4',
        floor: '2',
        units: '2',
      }),
    )
    const [granted] = evaluate(facts).success
    let units = 0
    for (const { line, cents, quantity } of granted?.shares ?? []) {
      const source = facts.receipt.lines[line]
      units += quantity
      if (source?.quantity === 1_000_000) {
        expect(source.amountCents - cents).toBeGreaterThanOrEqual(Math.min(200, source.amountCents))
      }
    }
    expect(units).toBeLessThanOrEqual(2_000_000)
  })
})

function sharesAddUp({ receipt }: EvaluationFacts, { success, totalDiscountCents }: Evaluation) {
  let total = 0
  for (const { discountCents, shares } of success) {
    expect(discountCents).toBeGreaterThan(0)
    expect(Number.isSafeInteger(discountCents)).toBe(true)
    expect(shares.reduce((sum, { cents }) => sum + cents, 0)).toBe(discountCents)
    expect(new Set(shares.map(({ line }) => line)).size).toBe(shares.length)
    for (const { line, cents, quantity } of shares) {
      expect(cents).toBeGreaterThan(0)
      expect(quantity).toBeGreaterThan(0)
      expect(quantity).toBeLessThanOrEqual(receipt.lines[line]?.quantity ?? 0)
    }
    total += discountCents
  }
  expect(totalDiscountCents).toBe(total)
}

function noLineGoesBelowZero({ receipt }: EvaluationFacts, { success }: Evaluation) {
  const byLine = receipt.lines.map(() => 0)
  for (const { line, cents } of success.flatMap(({ shares }) => shares)) {
    byLine[line] = (byLine[line] ?? 0) + cents
  }
  let menuCents = 0
  receipt.lines.forEach(({ type, amountCents }, line) => {
    const cents = byLine[line] ?? 0
    expect(cents).toBeLessThanOrEqual(Math.max(0, amountCents))
    if (type === 'M' || type === 'X') menuCents += cents
    else if (type !== 'S') expect(cents).toBe(0)
  })
  expect(menuCents).toBeLessThanOrEqual(Math.max(0, receipt.subtotalCents))
}

function limitsAreKept({ settings }: EvaluationFacts, { success }: Evaluation) {
  const classes = success.map(({ item }) => item.discount?.acquisition)
  expect(success.length).toBeLessThanOrEqual(settings.maxRedemptionsInTransaction)
  for (const { code, multiplicationFactor } of settings.processingPriorityByAcquisitionType) {
    const most = multiplicationFactor ?? Number.POSITIVE_INFINITY
    expect(classes.filter((one) => one === code).length).toBeLessThanOrEqual(most)
  }
  for (const [a, b] of settings.excludeInteroperabilityBetween) {
    const isPair =
      a === b
        ? classes.filter((one) => one === a).length > 1
        : classes.includes(a) && classes.includes(b)
    expect(isPair).toBe(false)
  }
}

function typesPayNoMoreThanTheyHold(facts: EvaluationFacts, { success }: Evaluation) {
  for (const { item, discountCents } of success) {
    const source = item.discount?.source
    if (source?.kind === 'card_completion') {
      expect(discountCents).toBeLessThanOrEqual(facts.cardValueCents)
    }
    if (source?.kind === 'discount_amount') {
      expect(discountCents).toBeLessThanOrEqual(source.askedCents)
      expect(facts.receipt.subtotalCents - discountCents).toBeGreaterThanOrEqual(
        facts.leavePayableCents,
      )
    }
    if (source !== undefined && 'rule' in source && source.rule.kind === 'criterion') {
      const { amountCapCents } = source.rule.criterion
      expect(discountCents).toBeLessThanOrEqual(amountCapCents ?? discountCents)
    }
  }
}

function walletPaysWhatWasGranted(
  { wallet }: EvaluationFacts,
  { success, walletAfter }: Evaluation,
) {
  const debits = success.flatMap((granted) => granted.debits)
  const sum = (amounts: number[]) => amounts.reduce((total, one) => total + one, 0)
  expect(walletAfter).toEqual({
    points: wallet.points - sum(debits.map((d) => (d.kind === 'points' ? d.points : 0))),
    currencyCents:
      wallet.currencyCents - sum(debits.map((d) => (d.kind === 'currency' ? d.cents : 0))),
    cards: wallet.cards - debits.filter(({ kind }) => kind === 'card').length,
    fuelRate: wallet.fuelRate - sum(debits.map((d) => (d.kind === 'fuel' ? d.rate : 0))),
  })
  for (const left of Object.values(walletAfter)) expect(left).toBeGreaterThanOrEqual(0)
}

/** Looks at lines of one unit, where a line's share is its unit's. */
function unitsAreSharedOnlyWhenAllowed(facts: EvaluationFacts, { success }: Evaluation) {
  const { settings, receipt } = facts
  const single = success.filter(({ item }) => item.discountType !== 'discount_amount')
  receipt.lines.forEach(({ quantity }, line) => {
    if (quantity !== 1_000_000) return
    const on = single.filter(({ shares }) => shares.some((share) => share.line === line))
    if (!settings.allowMultipleRedemptionOnItem) expect(on.length).toBeLessThanOrEqual(1)
    if (on.length > 1) expect(on.every((granted) => flagOf(granted, 'stackDiscounting'))).toBe(true)
    const using = single.filter(({ item, trace }) => {
      if (item.discountType === 'subscription') return false
      return trace.some(
        ({ step, facts: told }) => step === 'consumed' && (told.lines as number[]).includes(line),
      )
    })
    if (using.length < 2) return
    expect(settings.allowQualifyingItemsReused).toBe(true)
    expect(using.every((granted) => flagOf(granted, 'reuseQualifyingItems'))).toBe(true)
  })
}

/** A subscription's benefits each have a flag of their own: which of them applied is not looked at. */
function flagOf(
  { item }: Evaluation['success'][number],
  flag: 'stackDiscounting' | 'reuseQualifyingItems',
): boolean {
  const source = item.discount?.source
  if (source === undefined || !('rule' in source) || source.rule.kind === 'flat') return true
  return source.rule.criterion[flag] ?? true
}

function readsTotal({ criteria = {} }: Given): boolean {
  return Object.values(criteria).some((note) => note.function === 'receipt_total_amount')
}

function withLines({ receipt }: EvaluationFacts, lines: EvaluationFacts['receipt']['lines']) {
  return { ...receipt, lines }
}

function amountsOf({ success, failures }: Evaluation) {
  return [
    success.map(({ item, discountCents }) => [item.basketItemId, discountCents]),
    failures.map(({ item, code }) => [item.basketItemId, code]),
  ]
}

function idOf({ item }: { item: BasketItem }): number {
  return item.basketItemId
}
