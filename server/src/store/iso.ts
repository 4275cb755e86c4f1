import type { Instant } from '@regulars/contract/values/instants'

/** A moment as statements bind it. */
export function isoOrNull(at: Instant | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString()
}
