import { isMembers } from './coerce.ts'
import { fingerprint } from './places.ts'

/**
 * What businesses were called in earlier syncs into the same destination. The label is in the key of
 * every row: asked anew each time, it would double a business whose name changes.
 */
export type Names = {
  /** Null for a business that no sync has read yet. */
  labelOf(businessKey: string | null): string | null
  call(businessKey: string | null, label: string): void
  saved(): SavedNames
  /** Takes what `saved` gave, or anything else for nothing. */
  restore(saved: unknown): void
}

/** Labels by the fingerprint of the business's key. */
type SavedNames = { labels: Record<string, string> }

export function openNames(): Names {
  const labels = new Map<string, string>()
  return {
    labelOf: (businessKey) =>
      businessKey === null ? null : (labels.get(fingerprint(businessKey)) ?? null),
    call(businessKey, label) {
      if (businessKey !== null) labels.set(fingerprint(businessKey), label)
    },
    saved: () => ({ labels: Object.fromEntries(labels) }),
    restore(saved) {
      for (const [key, label] of textsIn(isMembers(saved) ? saved.labels : null)) {
        labels.set(key, label)
      }
    },
  }
}

function textsIn(value: unknown): [string, string][] {
  return Object.entries(isMembers(value) ? value : {}).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as [string, string]] : [],
  )
}
