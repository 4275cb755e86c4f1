import { assert } from '@regulars/contract/values/assert'
import type { Atom } from './check.ts'
import type { Pick } from './picks.ts'
import { addExact, asRatio, type ExactCents, isAbove } from './ratio.ts'
import { shareCents } from './share-cents.ts'
import type { Part, Worth } from './worth.ts'

/** What one unit bears of a discount. */
export type AtomShare = {
  atom: Atom
  cents: number
  /** Millionths of a unit that were discounted. */
  volume: number
}

/** What is left to give, of menu lines and of service lines, each within what the receipt declared. */
export type Room = { menuCents: number; serviceCents: number }

type Weighted = { atom: Atom; weight: ExactCents; volume: number }

/**
 * Spreads a discount over its targets: by their parts of the value while those suffice, else by what
 * is left of their prices. Units of weight zero are not targets and do not appear.
 */
export function spread(discountCents: number, worth: Worth, room: Room): AtomShare[] {
  const weighted = weigh(discountCents, worth)
    .filter(({ weight }) => typeof weight !== 'number' || weight > 0)
    .sort((a, b) => a.atom.order - b.atom.order)
  const shares = shared(discountCents, weighted)
  let menuCents = 0
  for (const { atom, cents } of shares) if (!atom.isService) menuCents += cents
  const serviceCents = discountCents - menuCents
  if (menuCents <= room.menuCents && serviceCents <= room.serviceCents) return shares
  return sharedApart(discountCents, weighted, room)
}

/** Menu and service lines each have a room of their own: what one cannot bear goes to the other. */
function sharedApart(
  discountCents: number,
  weighted: readonly Weighted[],
  room: Room,
): AtomShare[] {
  const menu = weighted.filter(({ atom }) => !atom.isService)
  const service = weighted.filter(({ atom }) => atom.isService)
  const byPrice = (members: readonly Weighted[]) =>
    members.map((member) => ({ ...member, weight: member.atom.remainingCents }))
  const menuCents = Math.min(room.menuCents, discountCents)
  return [
    ...shared(menuCents, byPrice(menu)),
    ...shared(discountCents - menuCents, byPrice(service)),
  ].sort((a, b) => a.atom.order - b.atom.order)
}

function shared(discountCents: number, weighted: readonly Weighted[]): AtomShare[] {
  if (weighted.length === 0) return []
  const shares = shareCents(
    discountCents,
    weighted.map(({ weight }) => weight),
  )
  const shared = weighted.map(({ atom, volume }, place) => ({
    atom,
    volume,
    cents: shares[place] ?? 0,
  }))
  moveExcess(shared)
  return shared
}

/**
 * Rounding a fraction up can push a unit over its price by a cent; the cent goes to the first unit
 * that has room for it.
 */
function moveExcess(shares: AtomShare[]): void {
  for (const share of shares) {
    let excess = share.cents - share.atom.remainingCents
    for (const other of shares) {
      if (excess <= 0) break
      const moved = Math.min(excess, Math.max(0, other.atom.remainingCents - other.cents))
      other.cents += moved
      share.cents -= moved
      excess -= moved
    }
    assert(excess <= 0, 'a share never exceeds what is left of its unit', { share })
  }
}

function weigh(discountCents: number, { parts, targets }: Worth): Weighted[] {
  if (parts !== null && partsSuffice(discountCents, parts)) return parts.flatMap(weighPart)
  return targets.flatMap(({ atoms }) =>
    atoms.map((atom) => ({ atom, weight: atom.remainingCents, volume: atom.quantity })),
  )
}

/** A sum with a fraction of a cent suffices for the whole cent it was rounded up to. */
function partsSuffice(discountCents: number, parts: readonly Part[]): boolean {
  const sum = parts.reduce<ExactCents>((total, { cents }) => addExact(total, cents), 0)
  return isAbove(sum, discountCents - 1)
}

/** A composite's part is divided over base and modifiers by price. */
function weighPart({ pick, cents, volume }: Part): Weighted[] {
  return pick.atoms.map((atom) => ({
    atom,
    weight: partOf(cents, pick, atom),
    volume: volume === null || pick.atoms.length > 1 ? atom.quantity : volume,
  }))
}

function partOf(cents: ExactCents, pick: Pick, { remainingCents }: Atom): ExactCents {
  if (pick.atoms.length === 1) return cents
  if (cents === pick.cents) return remainingCents
  if (cents === 0) return 0
  const { numerator, denominator } = asRatio(cents)
  return {
    numerator: numerator * BigInt(remainingCents),
    denominator: denominator * BigInt(pick.cents),
  }
}
