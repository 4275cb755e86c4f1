import type { SalesDay } from '../truth/sales-truth.ts'
import type { TruthRow } from '../truth/truth-row.ts'
import type { RequestCounts } from './requests-seen.ts'

/** What can be done to a stand-in besides asking it what one asks Toast. */
export type StandInControl = {
  /** Milliseconds since 1970 at which the world stands. */
  now(): number
  advance(ms: number): void
  /** Throws for what is no list of restaurants. */
  archive(restaurants: unknown): void
  /** Throws for what is no fault. */
  orderFault(fault: unknown): void
  clearFaults(): void
  requests(): RequestCounts
  clearRequests(): void
  truth(): AsyncIterable<TruthRow>
  salesByDay(): AsyncIterable<SalesDay>
}
