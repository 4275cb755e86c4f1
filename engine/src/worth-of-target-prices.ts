import type { Atom } from './check.ts'
import { byPrice, type Pick, pickOf, usablePicks } from './picks.ts'
import { chosenPicks, type FunctionRun, nothing, type Part, type Worth } from './worth.ts'
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
  const pools = run.filters.map((filter) => ({
    left: [...sorted(usablePicks(run, filter.selector, 'target'), filter.processingMethod)],
    quantity: filter.quantity ?? 1,
  }))
  const most = Math.min(run.unitsMax ?? Number.POSITIVE_INFINITY, run.check.atoms.length)
  const taken = new Set<Atom>()
  const bundles: Pick[][] = []
  while (pools.length > 0 && bundles.length < most) {
    const bundle: Pick[] = []
    for (const pool of pools) {
      const picks = takeFree(pool.left, taken, pool.quantity)
      if (picks === null) return bundles
      bundle.push(...picks)
    }
    bundles.push(bundle)
  }
  return bundles
}

/** Takes the next picks whose units are free off the front of `left`; null when there are too few. */
function takeFree(left: Pick[], taken: Set<Atom>, quantity: number): Pick[] | null {
  const picks: Pick[] = []
  while (picks.length < quantity) {
    const next = left.shift()
    if (next === undefined) return null
    if (next.atoms.some((atom) => taken.has(atom))) continue
    for (const atom of next.atoms) taken.add(atom)
    picks.push(next)
  }
  return picks
}

function partsAbove(picks: readonly Pick[], targetCents: number): Worth {
  const parts: Part[] = picks.map((pick) => ({
    pick,
    cents: Math.max(0, pick.cents - targetCents),
    volume: null,
  }))
  const value = parts.reduce((sum, { cents }) => sum + (cents as number), 0)
  return { ...nothing(picks), value, parts }
}

/** Without a target price there is nothing to come down to. */
function targetCents({ criterion }: FunctionRun): number {
  return criterion.targetPriceCents ?? Number.MAX_SAFE_INTEGER
}

function centsOf(pick: Pick): number {
  return pick.cents
}
