import type { PaymentState } from '../world/order-state.ts'
import { businessDay } from '../world/restaurants.ts'
import { rowOf, type TruthRow } from './truth-row.ts'
import { bothDates, instant, instantOrNull, money, moneyOrNull } from './values.ts'
import type { Where } from './where.ts'

/** A payment under the check it is on now. */
export function paymentTruth(
  { restaurant, config, employee }: Where,
  on: { order: string; check: string },
  payment: PaymentState,
): TruthRow {
  const { refund, voided } = payment
  const dayOf = (at: number | undefined) => (at === undefined ? null : businessDay(restaurant, at))
  return rowOf('payment', {
    restaurant_id: restaurant.guid,
    id: payment.guid,
    order_guid: on.order,
    check_guid: on.check,
    type: payment.type,
    payment_status: payment.status,
    paid_date: instant(payment.paidAt),
    ...bothDates('paid_business', dayOf(payment.paidAt)),
    amount: money(payment.amountCents),
    tip_amount: money(payment.tipCents),
    amount_tendered: money(payment.tenderedCents),
    original_processing_fee: moneyOrNull(payment.feeCents),
    mca_repayment_amount: moneyOrNull(payment.repaymentCents),
    card_type: payment.cardType,
    last_4_digits: payment.last4,
    cash_drawer_id: config('cashDrawers', payment.drawer),
    other_payment_id: config('alternatePaymentTypes', payment.other),
    refund_status: refund === null ? 'NONE' : refund.full ? 'FULL' : 'PARTIAL',
    refund_amount: moneyOrNull(refund?.cents ?? null),
    refund_tip_amount: moneyOrNull(refund?.tipCents ?? null),
    refund_date: instantOrNull(refund?.at ?? null),
    ...bothDates('refund_business', dayOf(refund?.at)),
    refund_transaction_id: refund?.transaction ?? null,
    void_info_date: instantOrNull(voided?.at ?? null),
    ...bothDates('void_info_business', dayOf(voided?.at)),
    void_info_user_guid: employee(voided?.user ?? null),
    void_info_approver_guid: employee(voided?.approver ?? null),
    void_info_reason_guid: config('voidReasons', voided?.reason ?? null),
  })
}
