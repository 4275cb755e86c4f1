import { isMembers } from './coerce.ts'
import { fingerprint } from './places.ts'

/**
 * What businesses and stores were called in earlier syncs into the same destination. A business's
 * label is in the key of every row: asked anew each time, it would double one whose name changes.
 */
export type Names = {
  /** Null for a business that no sync has read yet. */
  labelOf(businessKey: string | null): string | null
  call(businessKey: string | null, label: string): void
  /** The store's own name, by its place; null while its settings were never read. */
  storeAt(place: string): string | null
  callStore(place: string, name: string): void
  saved(): SavedNames
  /** Takes what `saved` gave, or anything else for nothing. */
  restore(saved: unknown): void
}

/** Labels by the fingerprint of the business's key, stores by their places. */
type SavedNames = { labels: Record<string, string>; stores: Record<string, string> }

export function openNames(): Names {
  const labels = new Map<string, string>()
  const stores = new Map<string, string>()
  return {
    labelOf: (businessKey) =>
      businessKey === null ? null : (labels.get(fingerprint(businessKey)) ?? null),
    call(businessKey, label) {
      if (businessKey !== null) labels.set(fingerprint(businessKey), label)
    },
    storeAt: (place) => stores.get(place) ?? null,
    callStore(place, name) {
      stores.set(place, name)
    },
    saved: () => ({ labels: Object.fromEntries(labels), stores: Object.fromEntries(stores) }),
    restore(saved) {
      const earlier = isMembers(saved) ? saved : {}
      for (const [key, label] of textsIn(earlier.labels)) labels.set(key, label)
      for (const [place, name] of textsIn(earlier.stores)) stores.set(place, name)
    },
  }
}

function textsIn(value: unknown): [string, string][] {
  return Object.entries(isMembers(value) ? value : {}).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as [string, string]] : [],
  )
}
