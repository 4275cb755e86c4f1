import type { Instant } from '@regulars/contract/values/instants'
import type { Deps } from '../deps.ts'
import type { AuditEntry } from '../store/guest-state.ts'

/** What the holder of the admin key did, for the audit log. Details hold no contact data. */
export function auditEntry(
  deps: Pick<Deps, 'ids'>,
  at: Instant,
  did: Pick<AuditEntry, 'action' | 'subject' | 'details'>,
): AuditEntry {
  return { auditId: deps.ids.next(), at, actor: 'admin key', ...did }
}

/** How the audit log names a guest. */
export function guestSubject(guestId: number): string {
  return `guest ${guestId}`
}
