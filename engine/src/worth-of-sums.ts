import { microsPerUnit } from '@regulars/contract/values/exact'
import { timesQualified } from './item-qualifiers.ts'
import { menuPicks, type Pick } from './picks.ts'
import { chosenPicks, type FunctionRun, filterQuantity, type Worth } from './worth.ts'

/** The prices of what the filters chose; with no include filter, less the till's own discounts. */
export function sumOfAmounts(run: FunctionRun): Worth {
  const picks = chosenPicks(run)
  const offsetCents = run.filters.length === 0 ? run.check.offsetCents : 0
  return { ...sumOf(picks), value: Math.max(0, sumCents(picks) - offsetCents) }
}

/** As many picks of each filter as the item qualifiers fit into the receipt. */
export function incrementalSum(run: FunctionRun): Worth {
  const most = run.unitsMax ?? Number.POSITIVE_INFINITY
  const eachTime = run.filters.reduce((sum, filter) => sum + incrementalQuantity(filter), 0)
  const fits = timesQualified(run.satisfied)
  const times = Number.isFinite(most)
    ? Math.min(fits, Math.ceil(most / Math.max(1, eachTime)))
    : fits
  const picks = chosenPicks(run, (filter) => times * incrementalQuantity(filter))
  return { ...sumOf(picks.slice(0, run.unitsMax ?? undefined)), times: Math.max(1, times) }
}

function incrementalQuantity(filter: FunctionRun['filters'][number]): number {
  return filterQuantity(filter) ?? 1
}

/** The units counted, read as whole currency: eight coffees are 8.00. */
export function sumOfQuantities(run: FunctionRun): Worth {
  const picks = chosenPicks(run)
  const quantity = picks.reduce((sum, pick) => sum + pick.quantity, 0)
  return {
    value: { numerator: BigInt(quantity) * 100n, denominator: BigInt(microsPerUnit) },
    parts: null,
    targets: picks,
    consumed: [],
    times: 1,
    countsUnits: true,
  }
}

/** An amount that no price decides, spread over what the filters chose. */
export function fixedAmount(run: FunctionRun, cents: number): Worth {
  return {
    value: cents,
    parts: null,
    targets: chosenPicks({ ...run, unitsLeft: null }),
    consumed: [],
    times: 1,
    countsUnits: false,
  }
}

/** An amount of the whole receipt, spread over the menu less what is excluded. */
export function receiptAmount(run: FunctionRun, cents: number): Worth {
  return {
    value: Math.max(0, cents),
    parts: null,
    targets: menuPicks(run),
    consumed: [],
    times: 1,
    countsUnits: false,
  }
}

/** What is left of the prices of all picks. */
export function sumCents(picks: readonly Pick[]): number {
  let sum = 0
  for (const pick of picks) sum += pick.cents
  return sum
}

/** All of each pick's price. */
export function sumOf(picks: readonly Pick[]): Worth {
  return {
    value: sumCents(picks),
    parts: picks.map((pick) => ({ pick, cents: pick.cents, volume: null })),
    targets: picks,
    consumed: [],
    times: 1,
    countsUnits: true,
  }
}
