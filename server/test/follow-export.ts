import { exportOperations } from '@regulars/contract/wire/exports'
import type { HarborCounter } from './harbor-counter.ts'

/** A row of an export as it came. */
export type Exported = Readonly<Record<string, unknown>>

/** What tells the rows of a stream apart. */
const idColumns: Readonly<Record<string, readonly string[]>> = {
  businesses: ['business_id'],
  locations: ['location_id'],
  guests: ['guest_id'],
  checkins: ['checkin_id'],
  receipts: ['receipt_id'],
  redemptions: ['redemption_ref'],
  'ledger-entries': ['guest_id', 'seq'],
}

export const streamNames = Object.keys(idColumns)

/** A reader that keeps what it was given and where it is, as a warehouse does. */
export function openFollower(
  counter: Pick<HarborCounter, 'call'>,
  stream: string,
  { limit = 100 }: { limit?: number } = {},
) {
  const operation = exportOperations.find(({ path }) => path === `/regulars/export/${stream}`)
  if (operation === undefined) throw new Error(`there is no export of ${stream}`)
  const rows = new Map<string, Exported>()
  let next: string | undefined
  const idOf = (row: Exported) => (idColumns[stream] ?? []).map((column) => row[column]).join(' ')

  async function readPage(): Promise<{ rows: Exported[]; more: boolean }> {
    if (operation === undefined) throw new Error('never')
    const { status, body } = await counter.call(
      operation,
      next === undefined ? { limit } : { after: next, limit },
      { inQuery: true },
    )
    if (status !== 200) throw new Error(`${stream}: ${status} ${JSON.stringify(body)}`)
    for (const row of body.rows as Exported[]) rows.set(idOf(row), row)
    next = body.next
    return body
  }

  return {
    rows,
    readPage,
    next: () => next,
    /** Reads until nothing more is there at this moment; answers with the ids that came, in order. */
    async readToEnd(): Promise<string[]> {
      const seen: string[] = []
      for (;;) {
        const page = await readPage()
        seen.push(...page.rows.map(idOf))
        if (!page.more) return seen
      }
    },
  }
}

const settleMsMax = 20_000

/**
 * Waits until everything written so far can be exported: other test files write in transactions of
 * the same Postgres, and an export stays below the oldest that is open.
 */
export async function exportable({ rows }: Pick<HarborCounter, 'rows'>): Promise<void> {
  const [written] = await rows('select pg_current_xact_id()::text as number')
  const until = Date.now() + settleMsMax
  for (;;) {
    const [at] = await rows(
      'select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 as passed',
      [written?.number],
    )
    if (at?.passed === true) return
    if (Date.now() > until) throw new Error('a transaction of another test stays open')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
