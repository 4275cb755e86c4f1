/** A place in a stream: after the row of this transaction and key. */
export type ExportPosition = {
  /** A transaction's number as text: it may be beyond 2^53. */
  changedIn: string
  /** What tells the rows of one transaction apart, in the order of the stream's index. */
  key: readonly (number | string)[]
}

/** What a stream's key holds: numbers from 0, or text. */
export type ExportKey = readonly ('number' | 'text')[]

/** Before every row. */
export function exportStart(key: ExportKey): ExportPosition {
  return { changedIn: '0', key: key.map((kind) => (kind === 'number' ? 0 : '')) }
}

/** The position as a reader keeps it. `history` names the database that the numbers are of. */
export function writeCursor(
  stream: string,
  { history, position }: { history: string; position: ExportPosition },
): string {
  const parts = [stream, history, position.changedIn, ...position.key]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** Reads what `writeCursor` wrote for this stream. Null for anything else. */
export function readCursor(
  stream: string,
  key: ExportKey,
  cursor: string,
): { history: string; position: ExportPosition } | null {
  const parts = partsOf(cursor)
  if (parts === null || parts.length !== key.length + 3) return null
  const [ofStream, history, changedIn, ...values] = parts
  if (ofStream !== stream || typeof history !== 'string') return null
  if (typeof changedIn !== 'string' || !/^\d{1,20}$/.test(changedIn)) return null
  if (BigInt(changedIn) > transactionMax) return null
  const isKey = values.every((value, place) =>
    key[place] === 'number' ? isWhole(value) : isStorable(value),
  )
  if (!isKey) return null
  return { history, position: { changedIn, key: values as (number | string)[] } }
}

const transactionMax = 2n ** 64n - 1n

function partsOf(cursor: string): readonly unknown[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parts) ? parts : null
  } catch {
    return null
  }
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

// A database takes neither NUL nor half a surrogate pair in text.
function isStorable(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed()
}
