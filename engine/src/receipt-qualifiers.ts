import { scaledFromText } from '@regulars/contract/values/exact'
import type { Clause, ReceiptAttribute, Switches } from './catalog.ts'
import { type Check, openingTotals } from './check.ts'
import { compileClause, type Subject } from './clause.ts'
import { readableValue, receiptAttributeKinds, receiptSubject } from './receipt-subjects.ts'
import { firstOfEachAttribute } from './selector-matches.ts'
import { inCurrency, inUnits, step, type Trace } from './trace.ts'

/**
 * Whether a receipt meets every clause; the nearest miss of the first it does not, null when it
 * meets all. Amounts are what earlier discounts of this batch left, unless the switch says original.
 */
export function receiptMiss(
  check: Check,
  clauses: readonly Clause<ReceiptAttribute>[],
  { thresholdBasis }: Switches,
  trace: Trace,
): string | null {
  const amounts = thresholdBasis === 'running' ? check : openingTotals(check.receipt)
  for (const clause of firstOfEachAttribute(clauses)) {
    const subject = receiptSubject(check.receipt, clause.attribute, amounts)
    const value = readableValue(clause.attribute, clause.value)
    const holds = compileClause(
      receiptAttributeKinds[clause.attribute],
      clause.operator,
      value,
    )(subject)
    trace?.push(
      step(
        'receipt_qualifier',
        `${describe(clause)}: the receipt has ${readable(clause.attribute, subject)}, ${holds ? 'met' : 'not met'}`,
        { ...clause, found: readable(clause.attribute, subject), holds },
      ),
    )
    if (!holds) return miss(clause, subject)
  }
  return null
}

const plainNames: Partial<Record<ReceiptAttribute, string>> = {
  subtotal_amount: 'subtotal',
  total_amount: 'total',
}

function miss(clause: Clause<ReceiptAttribute>, subject: Subject): string {
  const name = plainNames[clause.attribute]
  const found = readable(clause.attribute, subject)
  if (name !== undefined && (clause.operator === '>=' || clause.operator === '>')) {
    return `${name} ${found} of ${clause.operator === '>' ? 'more than ' : ''}${amountText(clause.value)}`
  }
  return `needs ${describe(clause)}; the receipt has ${found}`
}

function amountText(value: string): string {
  const micros = scaledFromText(value, 6)
  return micros === null ? value : inCurrency(micros / 10_000)
}

function describe({ attribute, operator, value }: Clause<ReceiptAttribute>): string {
  return `${attribute} ${operator} ${value}`
}

function readable(attribute: ReceiptAttribute, subject: Subject): string {
  if (subject === null) return 'none'
  if (typeof subject === 'string') return subject
  return attribute in plainNames ? inCurrency(subject / 10_000) : inUnits(subject)
}
