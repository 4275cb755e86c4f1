/**
 * Where one stream of one location stands. Instants are ISO 8601 in UTC.
 *
 * It is kept as JSON in the destination, so members are only ever added.
 */
export type Position = {
  /** Everything changed before is delivered. */
  cursor?: string
  /** The history is delivered down to here; the date of a business day or an instant. */
  floor?: string
  /** When the whole list was last read. */
  wholeAt?: string
  /** When each repair was last done, by its name. */
  repairedAt?: Record<string, string>
  /** What the source said last: a document's mark, or where a feed goes on. */
  mark?: string
  /** What a feed or a remembered record was last read as of; the next reading is later. */
  readAt?: string
  /** When a feed was begun again; until its end is reached, what is older may be gone. */
  againFrom?: string
  /** Rows written so far. */
  rows: number
  lastSuccessAt?: string
  lastError?: { at: string; message: string; verdict: string }
}

/** What a finished task changes of a position. */
export type Moves = Pick<Position, 'cursor' | 'floor' | 'wholeAt' | 'mark'> & {
  /** The repairs that are done, by their names. */
  repaired?: readonly string[]
}

export const atTheBeginning: Position = { rows: 0 }

export function moved(position: Position, moves: Moves, at: string): Position {
  const { repaired = [], ...plain } = moves
  if (repaired.length === 0) return { ...position, ...plain }
  const done = Object.fromEntries(repaired.map((name) => [name, at]))
  return { ...position, ...plain, repairedAt: { ...position.repairedAt, ...done } }
}

export function positionFrom(text: string): Position {
  const read: unknown = JSON.parse(text)
  return { ...atTheBeginning, ...(read as Partial<Position>) }
}
