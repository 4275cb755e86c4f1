import type { Atom } from './check.ts'
import { byPrice, type Pick, usablePicks } from './picks.ts'
import { type FunctionRun, nothing, type Worth } from './worth.ts'
import { sumOf } from './worth-of-sums.ts'

/** The cheapest picks are free, each paid for by one other pick, the dearest first. */
export function freeCheapest(run: FunctionRun): Worth {
  const targets = byPrice(poolOf(run, run.filters, 'target'), centsOf, 'min_price')
  const payers = byPrice(poolOf(run, run.filters, 'qualifier'), centsOf, 'max_price')
  let best = nothing()
  for (let pairs = 1; pairs <= Math.min(pairsMax(run), targets.length); pairs += 1) {
    const free = targets.slice(0, pairs)
    const freeAtoms = atomsOf(free)
    const paying = payers.filter(({ atoms }) => !atoms.some((atom) => freeAtoms.has(atom)))
    if (paying.length < pairs) break
    best = { ...sumOf(free), consumed: [...atomsOf(paying.slice(0, pairs))] }
  }
  return best
}

/**
 * The first filter pays, the others give: for each payer, the dearest first, the cheapest pick of
 * equal or lesser price is free.
 */
export function freeOfEqualOrLess(run: FunctionRun): Worth {
  const payers = byPrice(poolOf(run, run.filters.slice(0, 1), 'qualifier'), centsOf, 'max_price')
  const givable = byPrice(poolOf(run, run.filters.slice(1), 'target'), centsOf, 'min_price')
  const used = new Set<Atom>()
  const free: Pick[] = []
  const consumed: Atom[] = []
  for (const payer of payers) {
    if (free.length >= pairsMax(run)) break
    if (payer.atoms.some((atom) => used.has(atom))) continue
    const own = new Set(payer.atoms)
    const gift = givable.find(
      ({ atoms, cents }) =>
        cents <= payer.cents && !atoms.some((atom) => used.has(atom) || own.has(atom)),
    )
    if (gift === undefined) continue
    free.push(gift)
    consumed.push(...payer.atoms)
    for (const atom of [...payer.atoms, ...gift.atoms]) used.add(atom)
  }
  return { ...sumOf(free), consumed }
}

function poolOf(
  run: FunctionRun,
  filters: FunctionRun['filters'],
  use: 'target' | 'qualifier',
): Pick[] {
  const taken = new Set<Atom>()
  const pool: Pick[] = []
  for (const { selector } of filters) {
    for (const pick of usablePicks(run, selector, use, taken)) {
      pool.push(pick)
      for (const atom of pick.atoms) taken.add(atom)
    }
  }
  return pool.sort((a, b) => firstOrder(a) - firstOrder(b))
}

function pairsMax({ unitsMax, switches }: FunctionRun): number {
  return unitsMax ?? (switches.bogofDefaultPairs === 1 ? 1 : Number.POSITIVE_INFINITY)
}

function atomsOf(picks: readonly Pick[]): Set<Atom> {
  return new Set(picks.flatMap(({ atoms }) => atoms))
}

function firstOrder({ atoms }: Pick): number {
  return atoms[0]?.order ?? 0
}

function centsOf(pick: Pick): number {
  return pick.cents
}
