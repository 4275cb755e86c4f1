import { dateNumber, toastTime } from '../world/instants.ts'
import type { CheckState, PaymentState } from '../world/order-state.ts'
import { businessDay } from '../world/restaurants.ts'
import { dollars, dollarsOrNull } from './numbers.ts'
import type { Parent } from './parent.ts'

/** A payment as orders hold it and as `GET /orders/v2/payments/{guid}` sends it. */
export function paymentPayload(
  parent: Parent,
  check: CheckState,
  payment: PaymentState,
): Record<string, unknown> {
  const { restaurant, to, order } = parent
  return {
    guid: payment.guid,
    entityType: 'OrderPayment',
    externalId: null,
    orderGuid: order.guid,
    checkGuid: check.guid,
    type: payment.type,
    paymentStatus: payment.status,
    paidDate: toastTime(payment.paidAt),
    paidBusinessDate: dateNumber(businessDay(restaurant, payment.paidAt)),
    amount: dollars(payment.amountCents),
    tipAmount: dollars(payment.tipCents),
    amountTendered: dollars(payment.tenderedCents),
    cardEntryMode: payment.entryMode,
    cardType: payment.cardType,
    first6Digits: payment.first6,
    last4Digits: payment.last4,
    cardPaymentId: null,
    networkTransactionIdentifier: null,
    tenderTransactionGuid: null,
    originalProcessingFee: dollarsOrNull(payment.feeCents),
    mcaRepaymentAmount: dollarsOrNull(payment.repaymentCents),
    server: to.employee(payment.server),
    cashDrawer: to.xrefOrNull('cashDrawers', payment.drawer),
    houseAccount: null,
    otherPayment: to.xrefOrNull('alternatePaymentTypes', payment.other),
    refundStatus: payment.refund === null ? 'NONE' : payment.refund.full ? 'FULL' : 'PARTIAL',
    refund: refundOf(parent, payment),
    voidInfo: voidOf(parent, payment),
    createdDevice: { id: order.device },
    lastModifiedDevice: { id: null },
    isProcessedOffline: payment.offline,
  }
}

function refundOf(
  { restaurant }: Parent,
  { refund }: PaymentState,
): Record<string, unknown> | null {
  if (refund === null) return null
  return {
    refundAmount: dollars(refund.cents),
    tipRefundAmount: dollars(refund.tipCents),
    refundDate: toastTime(refund.at),
    refundBusinessDate: dateNumber(businessDay(restaurant, refund.at)),
    refundTransaction: { guid: refund.transaction, entityType: 'RefundTransaction' },
  }
}

function voidOf(
  { restaurant, to }: Parent,
  { voided }: PaymentState,
): Record<string, unknown> | null {
  if (voided === null) return null
  return {
    voidUser: to.employee(voided.user),
    voidApprover: to.employeeOrNull(voided.approver),
    voidDate: toastTime(voided.at),
    voidBusinessDate: dateNumber(businessDay(restaurant, voided.at)),
    voidReason: to.xrefOrNull('voidReasons', voided.reason),
  }
}
