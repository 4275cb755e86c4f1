import type { Row } from '../table.ts'
import { isMembers, type Members } from './coerce.ts'
import type { PunchhTable } from './tables.ts'
import { type ReadAt, type Reading, ReadingBuilder } from './unit.ts'

/** A stream of a Regulars server's export, with the table of its rows. */
export const exportStreams = {
  businesses: 'business',
  locations: 'location',
  guests: 'guest',
  checkins: 'checkin',
  receipts: 'receipt',
  redemptions: 'redemption',
  'ledger-entries': 'ledger_entry',
} as const satisfies Readonly<Record<string, PunchhTable>>

export type ExportStream = keyof typeof exportStreams

/**
 * What a page of an export comes to: a unit for each row, in the page's order.
 *
 * An erased guest is a unit that is gone, and its row has no personal data any more: a destination
 * must write the row and not only mark it.
 */
export function exportedUnits(stream: ExportStream, rows: readonly unknown[], at: ReadAt): Reading {
  const builder = new ReadingBuilder(at)
  const table = exportStreams[stream]
  for (const payload of rows) {
    if (!isMembers(payload)) {
      builder.setAside(table, null, { reason: `${table} that is no object`, payload })
      continue
    }
    const { own, parts } = readers[table](builder, payload)
    const root = builder.row(table, own)
    const isGone = table === 'guest' && payload.status === 'deleted'
    builder.unit(table, { root, parts, payload, isGone })
  }
  return builder.reading()
}

type Exported = (typeof exportStreams)[ExportStream]
type Parts = Partial<Record<PunchhTable, readonly Row[]>>
/** Parts a row from the members that are rows of other tables. */
type Reader = (builder: ReadingBuilder, row: Members) => { own: Members; parts: Parts }

const alone: Reader = (_builder, own) => ({ own, parts: {} })

const readers: Record<Exported, Reader> = {
  business: alone,
  location: alone,
  checkin: alone,
  ledger_entry: alone,
  guest(builder, { balances, ...own }) {
    const { guest_id } = own
    const units = isMembers(balances) ? Object.entries(balances) : []
    return {
      own: isMembers(balances) ? own : withRest(own, { balances }),
      parts: {
        guest_balance: units.map(([unit, balance]) =>
          builder.row('guest_balance', { ...members(balance), guest_id, unit }),
        ),
      },
    }
  },
  receipt(builder, { lines, ...own }) {
    const { receipt_id } = own
    return {
      own: Array.isArray(lines) ? own : withRest(own, { lines }),
      parts: {
        receipt_line: listOf(lines).map((line, ordinal) =>
          builder.row('receipt_line', { ...members(line), receipt_id, ordinal }),
        ),
      },
    }
  },
  redemption(builder, { items, ...own }) {
    const { redemption_ref } = own
    const lines: Row[] = []
    const rows = listOf(items).flatMap((item) => {
      const { lines: shares, ...rest } = members(item)
      const row = builder.row('redemption_item', { ...rest, redemption_ref })
      const { redemption_id } = row
      if (redemption_id === null || redemption_id === undefined) {
        builder.setAside('redemption', null, {
          reason: 'redemption_item without redemption_id',
          payload: item,
        })
        return []
      }
      const numbered = listOf(shares).map((line, ordinal) =>
        builder.row('redemption_item_line', { ...members(line), redemption_id, ordinal }),
      )
      lines.push(...numbered)
      return [row]
    })
    return {
      own: Array.isArray(items) ? own : withRest(own, { items }),
      parts: { redemption_item: rows, redemption_item_line: lines },
    }
  },
}

// What should have been parts and is not stands beside the others, and so comes into _extra.
function withRest(own: Members, rest: Members): Members {
  const [value] = Object.values(rest)
  return value === undefined || value === null ? own : { ...own, ...rest }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The members of a part; one that is no object is kept as a member nobody knows. */
function members(part: unknown): Members {
  return isMembers(part) ? part : { value: part }
}
