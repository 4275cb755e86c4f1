/** Paths counted apart; guids in paths count as one. */
const pathsMax = 2_000
const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** How often each path was answered with each status; 0 stands for replies that broke off. */
export type RequestCounts = Record<string, Record<string, number>>

export type RequestsSeen = {
  add(path: string, status: number): void
  counts(): RequestCounts
  clear(): void
}

export function requestsSeen(): RequestsSeen {
  const seen = new Map<string, Map<number, number>>()
  return {
    add: (path, status) => {
      const named = path.replace(guid, '{guid}')
      const key = seen.has(named) || seen.size < pathsMax ? named : 'others'
      const statuses = seen.get(key) ?? new Map<number, number>()
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      seen.set(key, statuses)
    },
    counts: () =>
      Object.fromEntries(
        [...seen].sort().map(([path, statuses]) => [path, Object.fromEntries(statuses)]),
      ),
    clear: () => seen.clear(),
  }
}
