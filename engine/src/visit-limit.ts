import { hourMs, type Instant } from '@regulars/contract/values/instants'
import type { Cents } from '@regulars/contract/values/money'
import type { Checkin, NotCounted } from './account.ts'
import type { Program } from './program.ts'

/**
 * Why a receipt earns nothing, or null when it counts. Receipts are compared by their own times, so
 * one scanned late is held to when it was printed. `checkins` are the guest's others.
 */
export function whyNotCounted(
  program: Program,
  {
    checkins,
    receiptAt,
    subtotalCents,
  }: { checkins: readonly Checkin[]; receiptAt: Instant; subtotalCents: Cents },
): NotCounted | null {
  if (subtotalCents < program.minimumVisitCents) return 'below_minimum'
  if (exceedsVisitLimit(program, { checkins, receiptAt })) return 'too_many_receipts'
  return null
}

/** Receipts exactly the limit's hours apart do not limit each other. */
function exceedsVisitLimit(
  { visitLimit }: Program,
  { checkins, receiptAt }: { checkins: readonly Checkin[]; receiptAt: Instant },
): boolean {
  if (visitLimit === null) return false
  const windowMs = visitLimit.hours * hourMs
  const times = checkins
    .filter((checkin) => checkin.state !== 'void' && checkin.visits > 0)
    .map((checkin) => checkin.receiptAt)
    .filter((at) => Math.abs(at - receiptAt) < windowMs)
  const inOrder = [...times, receiptAt].sort((a, b) => a - b)
  return inOrder.some((first, index) => {
    const last = inOrder[index + visitLimit.receipts]
    return last !== undefined && last - first < windowMs
  })
}
