import { assert } from '@regulars/contract/values/assert'
import type { Instant } from '@regulars/contract/values/instants'
import type { Consumption, Lot, UnusedReward } from './account.ts'
import { count, type Draft, post, putLot } from './draft.ts'
import { expiresAtFor } from './expiry.ts'
import { available, type Occasion, putBack, receive, takeOut } from './lots.ts'
import type { Conversion, Program, Tier } from './program.ts'

/**
 * Turns every whole threshold of points above the reserved ones into currency or rewards, by the
 * tier held when the points were earned. Does nothing in a program without conversion.
 */
export function convert(
  draft: Draft,
  program: Program,
  { tier, cause, at }: Occasion & { tier: Tier | null },
): void {
  const conversion = conversionOf(program, tier)
  if (conversion === null) return
  const { thresholdPoints, into } = conversion
  const unbanked = available(draft.account, 'points')
  const batches = Math.floor((unbanked - program.reservedPoints) / thresholdPoints)
  if (batches <= 0) return

  const amount = batches * thresholdPoints
  const consumed = takeOut(draft, { unit: 'points', amount, to: 'converted', cause, at })
  if (into.kind === 'reward') {
    for (const batch of inBatches(consumed, thresholdPoints)) {
      draft.issues.push({ redeemableId: into.redeemableId, consumed: batch, at, cause })
    }
    return
  }
  const cents = batches * into.cents
  receive(draft, {
    unit: 'currency',
    amount: cents,
    from: 'converted',
    expiresAt: expiresAtFor(program, 'currency', at),
    source: cause,
    convertedFrom: { pointsPerBatch: thresholdPoints, centsPerBatch: into.cents, consumed },
    cause,
    at,
  })
  count(draft, { totalCurrencyCredits: cents })
}

function conversionOf(program: Program, tier: Tier | null): Conversion | null {
  if (program.programType !== 'points') return null
  const conversion = tier?.conversion ?? program.conversion
  switch (program.conversionType) {
    case 'currency':
      return conversion?.into.kind === 'currency' ? conversion : null
    case 'rewards':
      return conversion?.into.kind === 'reward' ? conversion : null
    case 'staged':
    case 'none':
      return null
  }
}

/**
 * Turns conversions back into points, the latest first and none older than `since`, until
 * `neededPoints` came back or nothing is left to turn back: whole batches of unspent currency, and
 * unused rewards. Gives the ids of the rewards that are thereby withdrawn.
 */
export function undoConversions(
  draft: Draft,
  {
    neededPoints,
    since,
    unusedRewards,
    cause,
    at,
  }: Occasion & {
    neededPoints: number
    since: Instant | null
    unusedRewards: readonly UnusedReward[]
  },
): number[] {
  let missing = neededPoints
  for (const lot of convertedLots(draft)) {
    if (missing <= 0 || (since !== null && lot.earnedAt < since)) break
    missing -= undoCurrency(draft, lot, { neededPoints: missing, cause, at })
  }
  const withdrawn: number[] = []
  for (const reward of [...unusedRewards].sort((a, b) => b.rewardId - a.rewardId)) {
    if (missing <= 0 || (since !== null && reward.at < since)) break
    putBack(draft, { consumed: reward.consumed, from: 'converted', cause, at })
    missing -= sumOf(reward.consumed)
    withdrawn.push(reward.rewardId)
  }
  return withdrawn
}

function convertedLots(draft: Draft): Lot[] {
  return draft.account.lots
    .filter((lot) => lot.convertedFrom !== null && lot.state === 'open')
    .sort((a, b) => b.lotNo - a.lotNo)
}

/** Gives the points that came back. */
function undoCurrency(
  draft: Draft,
  lot: Lot,
  { neededPoints, cause, at }: Occasion & { neededPoints: number },
): number {
  const { convertedFrom } = lot
  assert(convertedFrom !== null, 'only converted currency turns back', { lot })
  const { pointsPerBatch, centsPerBatch, consumed } = convertedFrom
  const unspent = Math.floor(lot.remaining / centsPerBatch)
  const batches = Math.min(Math.ceil(neededPoints / pointsPerBatch), unspent)
  if (batches === 0) return 0

  const amount = batches * centsPerBatch
  const [kept, returned] = splitAt(consumed, sumOf(consumed) - batches * pointsPerBatch)
  const remaining = lot.remaining - amount
  putLot(draft, {
    ...lot,
    remaining,
    state: kept.length === 0 ? 'reversed' : 'open',
    convertedFrom: { ...convertedFrom, consumed: kept },
  })
  post(draft, {
    unit: 'currency',
    from: 'guest',
    to: 'converted',
    amount,
    lotNo: lot.lotNo,
    cause,
    at,
  })
  count(draft, { totalCurrencyCredits: -amount })
  putBack(draft, { consumed: returned, from: 'converted', cause, at })
  return batches * pointsPerBatch
}

function inBatches(consumed: readonly Consumption[], size: number): Consumption[][] {
  const batches: Consumption[][] = []
  let rest: Consumption[] = [...consumed]
  while (rest.length > 0) {
    const [batch, after] = splitAt(rest, size)
    batches.push(batch)
    rest = after
  }
  return batches
}

/** Cuts a list of consumptions after so many units; the one at the cut is divided. */
function splitAt(consumed: readonly Consumption[], amount: number): [Consumption[], Consumption[]] {
  const before: Consumption[] = []
  const after: Consumption[] = []
  let room = amount
  for (const part of consumed) {
    const first = Math.min(room, part.amount)
    if (first > 0) before.push({ ...part, amount: first })
    if (part.amount > first) after.push({ ...part, amount: part.amount - first })
    room -= first
  }
  return [before, after]
}

function sumOf(consumed: readonly Consumption[]): number {
  return consumed.reduce((sum, part) => sum + part.amount, 0)
}
