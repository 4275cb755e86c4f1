import type { Judged, Verdict } from './outcome.ts'
import type { Call } from './source.ts'

/** What the run's HTTP client offers a session for its own calls. */
export type SendPlain = (
  url: URL,
  options: {
    method: 'GET' | 'POST'
    headers: Readonly<Record<string, string>>
    body?: string
  },
) => Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Buffer }>

/** Where a call goes and what it is sent with. */
export type Address = { url: URL; headers: Record<string, string> }

/** How a vendor is spoken to: where, as whom, and what its answers mean. No waiting, no repeating. */
export type Session = {
  /**
   * Where a call goes and what it is sent with; logs in first where that is needed. Throws
   * `ReadingFailed` when the credentials are refused, anything else when it may work later.
   */
  address(call: Call, location: string | null): Promise<Address>
  /** After a reply said that the credentials of `headers` are no longer good. */
  renew(headers: Readonly<Record<string, string>>): void
  /** What the session wants back the next time, as JSON; null for nothing. */
  saved?(): string | null
  restore?(saved: string): void
  /** `sent` is what `address` gave for the call. */
  verdict(reply: Judged, nowMs: number, sent: Address): Verdict
  /** What a refusal says, for a person; without it, its `message` and `requestId`. */
  reason?(reply: Judged, sent: Address): string
  /** What a reply says of the limit nearest to running out, or null. */
  told(headers: Readonly<Record<string, string>>): { remaining: number; resetsAtMs: number } | null
}
