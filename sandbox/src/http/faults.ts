import { type Random, randomOf } from '../world/random.ts'

export const faultKinds = [
  '400',
  '401',
  '403',
  '404',
  '408',
  '409',
  '429',
  '429-zero',
  '500',
  '502',
  '503',
  '504',
  'reset',
  'truncated',
  'hang',
  'slow',
  'not-json',
  'empty',
  'null-lists',
  'unknown-field',
  'unknown-enum',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** What is to go wrong, for which calls, and how often: by share of the calls or so many times. */
export type Fault = {
  kind: FaultKind
  /** From 0 to 1. */
  rate?: number
  times?: number
  /** Only calls whose path begins with it. */
  path?: string
  /** Only calls about the restaurant with this guid. */
  restaurant?: string
  /** Milliseconds that `slow` waits before it answers. */
  ms?: number
}

const faultMembers: readonly string[] = [
  'kind',
  'rate',
  'times',
  'path',
  'restaurant',
  'ms',
] satisfies (keyof Fault)[]

export type Faults = {
  /** Throws for an order that cannot be understood. */
  order(fault: unknown): void
  clear(): void
  /** The first fault ordered that strikes this call, or null. */
  strike(call: { path: string; restaurant: string | null }): Fault | null
}

export const faultBounds = { faultsMax: 100, slowMsDefault: 2_000, slowMsMax: 60_000 } as const

/** Faults strike by chance from a seed, so that a run of calls repeats itself. */
export function faultsOf(seed: number): Faults {
  let ordered: { fault: Fault; random: Random; left: number }[] = []
  let count = 0
  return {
    order: (given) => {
      const fault = readFault(given)
      if (ordered.length >= faultBounds.faultsMax) throw new Error('too many faults are ordered')
      count += 1
      ordered.push({
        fault,
        random: randomOf(seed, count, 81),
        left: fault.times ?? Number.POSITIVE_INFINITY,
      })
    },
    clear: () => {
      ordered = []
    },
    strike: (call) => {
      const struck = ordered.find(
        (each) => each.left > 0 && concerns(each.fault, call) && each.random() < rateOf(each.fault),
      )
      if (struck === undefined) return null
      struck.left -= 1
      return struck.fault
    },
  }
}

function rateOf({ rate }: Fault): number {
  return rate ?? 1
}

function concerns(
  { path, restaurant }: Fault,
  call: { path: string; restaurant: string | null },
): boolean {
  if (path !== undefined && !call.path.startsWith(path)) return false
  return restaurant === undefined || restaurant === call.restaurant
}

function readFault(given: unknown): Fault {
  if (typeof given !== 'object' || given === null) throw new Error('a fault is an object')
  const unknown = Object.keys(given).find((name) => !faultMembers.includes(name))
  if (unknown !== undefined) {
    throw new Error(`${unknown} is no member of a fault; it has ${faultMembers.join(', ')}`)
  }
  const { kind, rate, times, path, restaurant, ms } = given as Record<string, unknown>
  const known = faultKinds.find((each) => each === kind || each === String(kind))
  if (known === undefined) throw new Error(`kind must be one of ${faultKinds.join(', ')}`)
  return {
    kind: known,
    ...numbered('rate', rate, { least: 0, most: 1 }),
    ...numbered('times', times, { least: 1, most: 1_000_000 }),
    ...numbered('ms', ms, { least: 0, most: faultBounds.slowMsMax }),
    ...texted('path', path),
    ...texted('restaurant', restaurant),
  }
}

function numbered(
  name: string,
  value: unknown,
  { least, most }: { least: number; most: number },
): Record<string, number> {
  if (value === undefined) return {}
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new Error(`${name} must be a number from ${least} to ${most}`)
  }
  return { [name]: value }
}

function texted(name: string, value: unknown): Record<string, string> {
  if (value === undefined) return {}
  if (typeof value !== 'string') throw new Error(`${name} must be text`)
  return { [name]: value }
}
