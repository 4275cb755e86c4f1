import { failedLoginsMax, failedLoginsMinutes, refusedKeyHours } from './client.ts'
import { isMembers } from './coerce.ts'

/**
 * The keys that were refused and when that was, by their fingerprints. Kept between syncs: Punchh
 * counts failed logins by the address, whichever process they come from.
 */
export type RefusedKeys = {
  refused(fingerprint: string): void
  /** Milliseconds since 1970; null for a key that may be shown. */
  refusedAt(fingerprint: string): number | null
  /** How long no key may be shown, since too many were refused lately; 0 when one may be. */
  waitMs(): number
  saved(): SavedRefusals
  /** Takes what `saved` gave, or anything else for nothing. */
  restore(saved: unknown): void
}

/** Instants by fingerprint, and the instants of every refusal that still counts. */
type SavedRefusals = { refused: Record<string, string>; refusals: readonly string[] }

const countedMs = failedLoginsMinutes * 60_000
const rememberedMs = refusedKeyHours * 3_600_000

export function openRefusedKeys(nowMs: () => number = Date.now): RefusedKeys {
  const keys = new Map<string, number>()
  let refusals: number[] = []

  function counted(): number[] {
    refusals = refusals.filter((at) => at > nowMs() - countedMs)
    return refusals
  }

  return {
    refused(fingerprint) {
      keys.set(fingerprint, nowMs())
      refusals.push(nowMs())
    },
    refusedAt(fingerprint) {
      const at = keys.get(fingerprint)
      return at === undefined || at <= nowMs() - rememberedMs ? null : at
    },
    waitMs() {
      // When this one no longer counts, one more may be refused.
      const oldest = counted().at(-failedLoginsMax)
      return oldest === undefined ? 0 : oldest + countedMs - nowMs()
    },
    saved() {
      const remembered = [...keys].filter(([, at]) => at > nowMs() - rememberedMs)
      return {
        refused: Object.fromEntries(remembered.map(([key, at]) => [key, textOf(at)])),
        refusals: counted().map(textOf),
      }
    },
    restore(saved) {
      const { refused, refusals: earlier } = isMembers(saved) ? saved : {}
      for (const [key, at] of Object.entries(isMembers(refused) ? refused : {})) {
        keys.set(key, instantOf(at))
      }
      refusals = Array.isArray(earlier) ? earlier.map(instantOf).sort((a, b) => a - b) : []
    },
  }

  /** The clock may have been put back since: nothing was refused later than now. */
  function instantOf(text: unknown): number {
    const at = Date.parse(String(text))
    return Number.isNaN(at) ? 0 : Math.min(at, nowMs())
  }
}

function textOf(at: number): string {
  return new Date(at).toISOString()
}
