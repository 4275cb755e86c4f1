export type Limits = {
  perSecond: number
  perSlice: number
  sliceSeconds: number
  ordersBulkPerSecond: number
  menusPerSecond: number
}

/** What Toast publishes. */
export const publishedLimits: Limits = {
  perSecond: 20,
  perSlice: 10_000,
  sliceSeconds: 900,
  ordersBulkPerSecond: 5,
  menusPerSecond: 1,
}

/** The limit nearest to running out, or the one that ran out. */
export type Standing = {
  allowed: boolean
  by: 'GLOBAL' | 'API' | 'ENDPOINT'
  remaining: number
  /** Unix seconds at which the slice renews. */
  resetSeconds: number
  /** Rounded: 0 when the slice renews within half a second. */
  retryAfterSeconds: number
}

export type Asked = {
  /** The restaurant's guid, or the address it comes from. */
  subject: string
  api: string
  endpoint: 'ordersBulk' | 'menus' | null
}

/** Slices kept; older ones have run out long since. */
const slicesMax = 20_000

type Slice = { number: number; used: number }
type Bound = { by: Standing['by']; key: string; most: number; seconds: number }

/**
 * Counts calls in fixed slices of real time, aligned to the clock. A call that is over one limit
 * uses up none.
 */
export function limiter(limits: Limits, now: () => number): (asked: Asked) => Standing {
  const slices = new Map<string, Slice>()
  return (asked) => {
    const instant = now()
    const bounds = boundsOf(limits, asked).map((bound) => ({
      ...bound,
      ...sliceOf(slices, bound, instant),
    }))
    const over = bounds.find(({ slice, most }) => slice.used >= most)
    if (over === undefined) for (const { slice } of bounds) slice.used += 1
    const nearest = bounds.reduce((least, each) =>
      each.most - each.slice.used < least.most - least.slice.used ? each : least,
    )
    const told = over ?? nearest
    return {
      allowed: over === undefined,
      by: told.by,
      remaining: Math.max(0, told.most - told.slice.used),
      resetSeconds: Math.ceil(told.endsAt / 1000),
      retryAfterSeconds: Math.round((told.endsAt - instant) / 1000),
    }
  }
}

/** In the order of their priority: of several that ran out, the first is told. */
function boundsOf(limits: Limits, { subject, api, endpoint }: Asked): Bound[] {
  const { perSecond, perSlice, sliceSeconds } = limits
  const one = { seconds: 1, most: perSecond }
  const slice = { seconds: sliceSeconds, most: perSlice }
  const bounds: Bound[] = [
    { by: 'GLOBAL', key: `${subject} all 1`, ...one },
    { by: 'GLOBAL', key: `${subject} all`, ...slice },
    { by: 'API', key: `${subject} api ${api} 1`, ...one },
    { by: 'API', key: `${subject} api ${api}`, ...slice },
  ]
  if (endpoint === null) return bounds
  const most = endpoint === 'menus' ? limits.menusPerSecond : limits.ordersBulkPerSecond
  return [...bounds, { by: 'ENDPOINT', key: `${subject} endpoint ${endpoint}`, seconds: 1, most }]
}

function sliceOf(
  slices: Map<string, Slice>,
  { key, seconds }: Bound,
  instant: number,
): { slice: Slice; endsAt: number } {
  const number = Math.floor(instant / (seconds * 1000))
  const endsAt = (number + 1) * seconds * 1000
  let slice = slices.get(key)
  if (slice === undefined) {
    if (slices.size >= slicesMax) slices.clear()
    slice = { number, used: 0 }
    slices.set(key, slice)
  }
  if (slice.number !== number) {
    slice.number = number
    slice.used = 0
  }
  return { slice, endsAt }
}
