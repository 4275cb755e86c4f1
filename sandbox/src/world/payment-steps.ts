import { chargeOf, otherPayments, voidReasons } from './catalogue.ts'
import { type Life, nextGuid, priceOrder, type TakeStep } from './life.ts'
import { voidLine } from './line-steps.ts'
import { addCharge } from './open-order.ts'
import type { CheckState, LineState, OrderState, PaymentState } from './order-state.ts'
import type { StepKind } from './order-timeline.ts'
import { dueCents, isPaymentCharge } from './price-check.ts'
import { below, between, chance, pick, type Random } from './random.ts'

type PaymentStep =
  | 'pay'
  | 'voidPayment'
  | 'payAgain'
  | 'tip'
  | 'voidOrder'
  | 'close'
  | 'capture'
  | 'settle'
  | 'refund'

/** How an order is paid, closed, and what comes days later. */
export const paymentSteps = {
  pay: (life, order, { at }) => payChecks(life, order, at),
  payAgain: (life, order, { at }) => payChecks(life, order, at),
  voidPayment: (life, order, { at }) => {
    order.paidAt = null
    for (const check of order.checks) voidPayments(life, check, at)
  },
  tip: (life, order) => {
    for (const payment of livePayments(order)) addTip(life, payment)
  },
  voidOrder: (life, order, { at }) => {
    const reason = chance(life.random, 0.7) ? below(life.random, voidReasons.length) : null
    order.voidedAt = at
    for (const check of order.checks) {
      check.voidedAt = at
      for (const line of check.lines) voidLine(line, at, reason)
    }
  },
  close: (_life, order, { at }) => {
    order.closedAt = at
    for (const check of order.checks) check.closedAt ??= at
    for (const payment of livePayments(order)) {
      if (payment.status === 'AUTHORIZED') payment.status = 'CAPTURE_IN_PROGRESS'
    }
  },
  capture: (life, order) => {
    for (const payment of livePayments(order)) {
      if (payment.type === 'CREDIT') capture(life, payment)
    }
  },
  settle: (_life, order) => {
    for (const payment of livePayments(order)) {
      if (payment.status === 'CAPTURED')
        payment.repaymentCents = Math.round(payment.amountCents * 0.1)
    }
  },
  refund: (life, order, { at }) => {
    const check = order.checks.find(({ payments }) => payments.some(isRefundable))
    const payment = check?.payments.find(isRefundable)
    if (check === undefined || payment === undefined) return
    refund(life, { check, payment, at })
  },
} satisfies Record<PaymentStep & StepKind, TakeStep>

function livePayments(order: OrderState): PaymentState[] {
  return order.checks.flatMap(({ payments }) => payments.filter(({ voided }) => voided === null))
}

function payChecks(life: Life, order: OrderState, paidAt: number): void {
  for (const check of order.checks) payCheck(life, order, { check, paidAt })
  order.paidAt = paidAt
}

function payCheck(
  life: Life,
  order: OrderState,
  { check, paidAt }: { check: CheckState; paidAt: number },
): void {
  const { random } = life
  const type = typeOf(random, order)
  const first = payment(life, order, { type, paidAt })
  if (type === 'CREDIT' && chance(random, 0.15)) surcharge(life, order, { check, payment: first })
  if (type === 'CASH' && chance(random, 0.3)) roundCash(life, order, { check, payment: first })
  const due = dueCents(check)
  first.amountCents = due
  check.payments.push(first)
  if (due > 2000 && type !== 'CASH' && chance(random, 0.12)) {
    const second = payment(life, order, { type: 'CASH', paidAt: paidAt + 5_000 })
    second.amountCents = Math.floor(due / 3)
    first.amountCents = due - second.amountCents
    check.payments.push(second)
  }
  // Some tip as they pay, and a payment that is voided keeps its tip.
  if (chance(random, 0.2)) addTip(life, first)
  for (const each of check.payments) tender(each)
  check.paidAt = paidAt
}

function addTip({ random }: Life, payment: PaymentState): void {
  payment.tipCents = Math.round((payment.amountCents * between(random, 10, 25)) / 100)
}

/** A card that was read offline may turn out to be refused; its amount and tip stay written. */
function capture({ random }: Life, payment: PaymentState): void {
  if (payment.status === 'AUTHORIZED_AT_RISK' && chance(random, 0.4)) {
    payment.status = 'DENIED'
    return
  }
  payment.status = 'CAPTURED'
  payment.feeCents = Math.round((payment.amountCents + payment.tipCents) * 0.0249) + 15
}

function tender(payment: PaymentState): void {
  if (payment.voided !== null || payment.tenderedCents > 0) return
  payment.tenderedCents =
    payment.type === 'CASH' ? Math.ceil(payment.amountCents / 500) * 500 : payment.amountCents
}

function typeOf(random: Random, order: OrderState): PaymentState['type'] {
  if (order.source === 'Grubhub') return 'OTHER'
  const share = random()
  if (share < 0.66) return 'CREDIT'
  if (share < 0.92) return 'CASH'
  return share < 0.96 ? 'GIFTCARD' : share < 0.98 ? 'OTHER' : 'HOUSE_ACCOUNT'
}

const cards = [
  { type: 'VISA', first6: '411111' },
  { type: 'MASTERCARD', first6: '555555' },
  { type: 'AMEX', first6: '378282' },
  { type: 'DISCOVER', first6: '601111' },
] as const

function payment(
  life: Life,
  order: OrderState,
  { type, paidAt }: { type: PaymentState['type']; paidAt: number },
): PaymentState {
  const { random } = life
  const card = type === 'CREDIT' ? pick(random, cards) : null
  const online = order.checks[0]?.customer !== null
  const offline = chance(random, 0.3) ? chance(random, 0.1) : null
  return {
    guid: nextGuid(life, 'payment'),
    type,
    amountCents: 0,
    tipCents: 0,
    tenderedCents: 0,
    paidAt,
    status: card === null ? null : offline === true ? 'AUTHORIZED_AT_RISK' : 'AUTHORIZED',
    cardType: card?.type ?? null,
    first6: card?.first6 ?? null,
    last4: card === null ? null : String(below(random, 10_000)).padStart(4, '0'),
    entryMode:
      card === null ? null : online ? 'ONLINE' : pick(random, ['EMV_CHIP_SIGN', 'CONTACTLESS']),
    feeCents: null,
    repaymentCents: null,
    server: order.server,
    drawer: type === 'CASH' ? below(random, 2) : null,
    other: type === 'OTHER' ? below(random, otherPayments.length) : null,
    offline,
    refund: null,
    voided: null,
  }
}

type Paying = { check: CheckState; payment: PaymentState }

function surcharge(life: Life, order: OrderState, { check, payment }: Paying): void {
  chargeFor(life, order, {
    check,
    payment,
    charge: chargeOf.surcharge,
    cents: Math.round(dueCents(check) * 0.03),
  })
}

/** To the nearest five cents, up or down. */
function roundCash(life: Life, order: OrderState, { check, payment }: Paying): void {
  const due = dueCents(check)
  const cents = Math.round(due / 5) * 5 - due
  if (cents !== 0) chargeFor(life, order, { check, payment, charge: chargeOf.rounding, cents })
}

function chargeFor(
  life: Life,
  order: OrderState,
  { check, payment, charge, cents }: Paying & { charge: number; cents: number },
): void {
  addCharge(life, check, charge)
  const added = check.charges.at(-1)
  if (added === undefined) return
  added.fixedCents = cents
  added.paymentGuid = payment.guid
  priceOrder(life, order)
}

/** Voids what was paid; charges that came with the payment go with it. */
function voidPayments({ random }: Life, check: CheckState, at: number): void {
  for (const payment of check.payments) {
    if (payment.voided !== null) continue
    payment.voided = {
      at,
      user: payment.server,
      approver: chance(random, 0.6) ? 0 : null,
      reason: chance(random, 0.5) ? below(random, voidReasons.length) : null,
    }
    payment.status = 'VOIDED'
  }
  check.charges = check.charges.filter((charge) => !isPaymentCharge(charge))
  check.paidAt = null
}

function isRefundable({ type, status, refund }: PaymentState): boolean {
  return type === 'CREDIT' && status === 'CAPTURED' && refund === null
}

/** All of the payment, or one line of it with its tax. */
function refund(life: Life, { check, payment, at }: Paying & { at: number }): void {
  const transaction = nextGuid(life, 'refund')
  const line = check.lines.find(
    (each) => each.voidedAt === null && each.netCents > 0 && withTax(each) <= payment.amountCents,
  )
  const full = line === undefined || chance(life.random, 0.4)
  const refunded = full ? check.lines.filter(({ voidedAt }) => voidedAt === null) : [line]
  for (const each of refunded) {
    each.refund = { cents: each.netCents, taxUnits: each.taxUnits, transaction }
  }
  if (full) {
    for (const charge of check.charges) {
      charge.refund = { cents: charge.amountCents, taxUnits: charge.taxUnits, transaction }
    }
  }
  payment.refund = {
    cents: full ? payment.amountCents : withTax(line),
    tipCents: full ? payment.tipCents : 0,
    at,
    transaction,
    full,
  }
}

function withTax({ netCents, taxUnits }: LineState): number {
  return netCents + Math.round(taxUnits / 100_000)
}
