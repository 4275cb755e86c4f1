import { createHash } from 'node:crypto'
import type { Instant } from '@regulars/contract/values/instants'
import type { Entry } from '@regulars/engine'
import type { Row } from './db.ts'
import type { Guest } from './guest-state.ts'
import { isoOrNull as iso } from './iso.ts'

/** Entries as rows, and the place and hash of the last. */
export type Chain = { seq: number; hash: string; rows: Row[] }

/** Numbers the entries on from the guest's newest and links each to the one before by its hash. */
export function chained(guest: Guest, entries: readonly Entry[], now: Instant): Chain {
  let hash = guest.entryHash
  let seq = guest.entrySeq
  const rows = entries.map((entry) => {
    seq += 1
    hash = entryHash({
      businessId: guest.businessId,
      guestId: guest.guestId,
      seq,
      entry,
      earlier: hash,
    })
    return {
      seq,
      unit: entry.unit,
      from_account: entry.from,
      to_account: entry.to,
      amount: entry.amount,
      lot_no: entry.lotNo,
      cause_kind: entry.cause.kind,
      cause_id: entry.cause.id,
      due_at: iso(entry.at),
      recorded_at: iso(now),
      hash,
    }
  })
  return { seq, hash, rows }
}

/**
 * The hash of one entry: SHA-256 over the one before it and the entry's own members in this order.
 * It holds no contact data, so a guest can be erased and the chain still stands.
 */
export function entryHash(link: {
  businessId: number
  guestId: number
  seq: number
  entry: Entry
  earlier: string
}): string {
  const { entry } = link
  const members = [
    link.earlier,
    link.businessId,
    link.guestId,
    link.seq,
    entry.unit,
    entry.from,
    entry.to,
    entry.amount,
    entry.lotNo,
    entry.cause.kind,
    entry.cause.id,
    entry.at,
  ]
  return createHash('sha256').update(JSON.stringify(members)).digest('hex')
}

export const firstEntryHash = '0'.repeat(64)
