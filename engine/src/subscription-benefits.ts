import { minuteMs } from '@regulars/contract/values/instants'
import { cents } from '@regulars/contract/values/money'
import { applyGrant, discountedVolume } from './apply-grant.ts'
import type { Batch } from './batch.ts'
import type { Benefit, Criterion } from './catalog.ts'
import type { Debit, DiscountSource, EvaluationFacts } from './evaluation.ts'
import { isInScope } from './first-refusal.ts'
import { type Grant, judgeRule } from './judge-rule.ts'
import type { Miss } from './price-rule.ts'
import { claimOf, criterionOf } from './rule-use.ts'
import type { AtomShare } from './spread.ts'
import { counted, inCurrency, step, type Trace } from './trace.ts'

type Subscription = Extract<DiscountSource, { kind: 'subscription' }>

/** The benefits that applied, merged into one. */
export type AppliedBenefits = {
  kind: 'applied'
  shares: readonly AtomShare[]
  debits: readonly Debit[]
}

/**
 * Applies a subscription's benefits by priority, each on what the earlier ones left of the receipt.
 * It succeeds when any benefit does; when none does, the first one's miss is the reason.
 */
export function applyBenefits(
  batch: Batch,
  subscription: Subscription,
  trace: Trace,
): AppliedBenefits | Miss {
  const shares: AtomShare[] = []
  const debits: Debit[] = []
  let firstMiss: Miss | null = null
  const byPriority = subscription.benefits.toSorted((a, b) => a.priority - b.priority)
  for (const benefit of byPriority) {
    const verdict = applyBenefit(batch, { subscription, benefit, trace })
    const outcome = verdict.kind === 'granted' ? inCurrency(verdict.cents) : verdict.nearestMiss
    trace?.push(step('benefit', `benefit ${benefit.benefitId}: ${outcome ?? 'does not apply'}`))
    if (verdict.kind === 'missed') {
      firstMiss ??= verdict
      continue
    }
    shares.push(...verdict.shares)
    debits.push(debitOf(subscription, benefit, verdict))
  }
  if (debits.length > 0) return { kind: 'applied', shares: mergedByAtom(shares), debits }
  return firstMiss ?? notQualified('the subscription has no benefit')
}

type BenefitUse = { subscription: Subscription; benefit: Benefit; trace: Trace }

function applyBenefit(batch: Batch, { subscription, benefit, trace }: BenefitUse): Grant | Miss {
  const { facts, check, memory } = batch
  const { settings } = facts
  const criterion = benefitCriterion(benefit)
  const refusal = benefitRefusal(facts, subscription, benefit)
  if (refusal !== null) return notQualified(refusal)
  if (!isInScope(criterion.effectiveLocations, facts.location)) {
    return notQualified('not at this location')
  }
  const claim = claimOf(settings, criterion, false)
  const verdict = judgeRule(
    { check, memory, settings, trace },
    {
      criterion,
      claim,
      limitCents: benefit.thresholdDiscountCents,
      leaveCents: 0,
      unitsLeft: unitsLeft(subscription, benefit),
      volumeMax: null,
    },
  )
  if (verdict.kind === 'granted') applyGrant(check, verdict, claim)
  return verdict
}

/** A plan's own unit discount goes before its criterion's. */
function benefitCriterion({ rule, unitDiscount }: Benefit): Criterion {
  const criterion = criterionOf(rule)
  return unitDiscount === null ? criterion : { ...criterion, unitDiscount }
}

/** Why a benefit cannot be used now; null when it can. */
function benefitRefusal(
  { now }: EvaluationFacts,
  subscription: Subscription,
  benefit: Benefit,
): string | null {
  const uses = usesOf(subscription, benefit)
  if (benefit.startsAt !== null && now < benefit.startsAt) return 'the benefit has not started'
  if (benefit.endsAt !== null && now > benefit.endsAt) return 'the benefit has ended'
  if (benefit.occurrences !== null && uses.length >= benefit.occurrences) {
    return `used ${uses.length} of ${counted(benefit.occurrences, 'time')}`
  }
  if (unitsLeft(subscription, benefit) === 0)
    return `used up: ${counted(benefit.thresholdUnits ?? 0, 'unit')}`
  const lastAt = Math.max(...uses.map(({ at }) => at))
  if (benefit.gapMs !== null && now < lastAt + benefit.gapMs) {
    return `can be used again in ${counted(Math.ceil((lastAt + benefit.gapMs - now) / minuteMs), 'minute')}`
  }
  return null
}

function usesOf({ uses }: Subscription, { benefitId }: Benefit) {
  return uses.filter((use) => use.benefitId === benefitId)
}

function unitsLeft(subscription: Subscription, benefit: Benefit): number | null {
  if (benefit.thresholdUnits === null) return null
  const used = usesOf(subscription, benefit).reduce((sum, { units }) => sum + units, 0)
  return Math.max(0, benefit.thresholdUnits - used)
}

/** A benefit on the whole receipt uses one unit; a part of a volume counts as a whole one. */
function debitOf({ subscriptionId }: Subscription, { benefitId }: Benefit, grant: Grant): Debit {
  const units = grant.countsUnits ? Math.ceil(discountedVolume(grant.shares) / 1_000_000) : 1
  return { kind: 'benefit', subscriptionId, benefitId, units, cents: cents(grant.cents) }
}

/** Two benefits may discount one unit: it bears their sum, and was discounted once. */
function mergedByAtom(shares: readonly AtomShare[]): AtomShare[] {
  const merged = new Map<AtomShare['atom'], AtomShare>()
  for (const share of shares) {
    const earlier = merged.get(share.atom)
    const cents = share.cents + (earlier?.cents ?? 0)
    const volume = Math.max(share.volume, earlier?.volume ?? 0)
    merged.set(share.atom, { atom: share.atom, cents, volume })
  }
  return [...merged.values()]
}

function notQualified(nearestMiss: string): Miss {
  return { kind: 'missed', code: 'not_qualified', nearestMiss }
}
