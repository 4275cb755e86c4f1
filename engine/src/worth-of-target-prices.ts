import type { Atom } from './check.ts'
import { byPrice, type Pick, pickOf, usablePicks } from './picks.ts'
import { chosenPicks, type FunctionRun, type Worth } from './worth.ts'
import { sumCents, sumOf } from './worth-of-sums.ts'

/** What each chosen pick costs above the target price. */
export function aboveTarget(run: FunctionRun): Worth {
  return partsAbove(chosenPicks(run), targetCents(run))
}

/** The same for the dearest chosen pick alone. */
export function aboveTargetDearest(run: FunctionRun): Worth {
  const picks = chosenPicks(run)
  return partsAbove(byPrice(picks, centsOf, 'max_price').slice(0, 1), targetCents(run))
}

/** The same for the cheapest chosen pick that costs more than the target. */
export function aboveTargetCheapest(run: FunctionRun): Worth {
  const target = targetCents(run)
  const dearer = chosenPicks(run).filter((pick) => pick.cents > target)
  return partsAbove(byPrice(dearer, centsOf, 'min_price').slice(0, 1), target)
}

/** Bundles formed as on the receipt, their prices pooled and compared with as many target prices. */
export function pooledBundles(run: FunctionRun): Worth {
  const bundles = bundlesOf(run, (picks) => picks)
  const members = bundles.flat()
  const value = Math.max(0, sumCents(members) - bundles.length * targetCents(run))
  return { ...sumOf(members), value }
}

/** Bundles formed in each filter's own order, each compared with the target price by itself. */
export function bundlesOneByOne(run: FunctionRun): Worth {
  const bundles = bundlesOf(run, (picks, method) => byPrice(picks, centsOf, method))
  const wholes = bundles.map((bundle) => pickOf(bundle.flatMap(({ atoms }) => atoms)))
  return partsAbove(wholes, targetCents(run))
}

/** Every bundle holds `quantity` picks of every filter; no unit serves two bundles or two filters. */
function bundlesOf(
  run: FunctionRun,
  sorted: (
    picks: readonly Pick[],
    method: FunctionRun['filters'][number]['processingMethod'],
  ) => readonly Pick[],
): Pick[][] {
  const pools = run.filters.map(
    (filter): Pool => ({
      picks: sorted(usablePicks(run, filter.selector, 'target'), filter.processingMethod),
      next: 0,
      quantity: filter.quantity ?? 1,
    }),
  )
  const most = Math.min(run.unitsMax ?? Number.POSITIVE_INFINITY, run.check.atoms.length)
  const taken = new Set<Atom>()
  const bundles: Pick[][] = []
  while (pools.length > 0 && bundles.length < most) {
    const bundle: Pick[] = []
    for (const pool of pools) {
      const taking = takeFree(pool, taken)
      if (taking === null) return bundles
      bundle.push(...taking)
    }
    bundles.push(bundle)
  }
  return bundles
}

/** One filter's picks in the order bundles take them. */
type Pool = { picks: readonly Pick[]; quantity: number; next: number }

/** Takes the next picks whose units are free; null when there are too few. */
function takeFree(pool: Pool, taken: Set<Atom>): Pick[] | null {
  const bundled: Pick[] = []
  while (bundled.length < pool.quantity) {
    const pick = pool.picks[pool.next]
    if (pick === undefined) return null
    pool.next += 1
    if (pick.atoms.some((atom) => taken.has(atom))) continue
    for (const atom of pick.atoms) taken.add(atom)
    bundled.push(pick)
  }
  return bundled
}

/** Picks at or under the target are not targets of the discount. */
function partsAbove(picks: readonly Pick[], targetCents: number): Worth {
  const dearer = picks.filter((pick) => pick.cents > targetCents)
  return {
    ...sumOf(dearer),
    value: sumCents(dearer) - dearer.length * targetCents,
    parts: dearer.map((pick) => ({ pick, cents: pick.cents - targetCents, volume: null })),
  }
}

/** Without a target price there is nothing to come down to. */
function targetCents({ criterion }: FunctionRun): number {
  return criterion.targetPriceCents ?? Number.MAX_SAFE_INTEGER
}

function centsOf(pick: Pick): number {
  return pick.cents
}
