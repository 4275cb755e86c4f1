import type { Atom } from './check.ts'
import { byPrice, type Pick, usablePicks } from './picks.ts'
import type { FunctionRun, Worth } from './worth.ts'
import { sumOf } from './worth-of-sums.ts'

/**
 * The cheapest picks are free, each paid for by one other pick, the dearest first; as many pairs as
 * can be paid for. More free picks never leave more to pay with, so the most is found by halving.
 */
export function freeCheapest(run: FunctionRun): Worth {
  const targets = byPrice(poolOf(run, run.filters, 'target'), centsOf, 'min_price')
  const payers = byPrice(poolOf(run, run.filters, 'qualifier'), centsOf, 'max_price')
  const payingBeside = (pairs: number) => {
    const free = atomsOf(targets.slice(0, pairs))
    return payers.filter(({ atoms }) => !atoms.some((atom) => free.has(atom)))
  }
  let paid = 0
  let tooMany = Math.min(pairsMax(run), targets.length) + 1
  while (tooMany - paid > 1) {
    const pairs = Math.floor((paid + tooMany) / 2)
    if (payingBeside(pairs).length >= pairs) paid = pairs
    else tooMany = pairs
  }
  const consumed = [...atomsOf(payingBeside(paid).slice(0, paid))]
  return { ...sumOf(targets.slice(0, paid)), consumed }
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
  let next = 0
  for (const payer of payers) {
    if (free.length >= pairsMax(run)) break
    if (payer.atoms.some((atom) => used.has(atom))) continue
    const own = new Set(payer.atoms)
    while (givable[next]?.atoms.some((atom) => used.has(atom))) next += 1
    const gift = firstFree(givable, next, [used, own])
    if (gift === undefined || gift.cents > payer.cents) continue
    free.push(gift)
    consumed.push(...payer.atoms)
    for (const atom of [...payer.atoms, ...gift.atoms]) used.add(atom)
  }
  return { ...sumOf(free), consumed }
}

/** The first pick from `next` on of which no unit is in use. */
function firstFree(
  picks: readonly Pick[],
  next: number,
  inUse: readonly ReadonlySet<Atom>[],
): Pick | undefined {
  for (let place = next; place < picks.length; place += 1) {
    const pick = picks[place]
    if (!pick?.atoms.some((atom) => inUse.some((set) => set.has(atom)))) return pick
  }
  return undefined
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
